//! Matters travel as everything does: recorded offline on real devices, judged by the real server, and seen by those
//! who may see them and by nobody else.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::id::{EventId, MatterId, PersonId, PhotoHash, UnitId};
use sanben_domain::matter::{Amount, Fields, Flaw, Value};
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_domain::reminder::Plan;
use sanben_domain::rights::Denied;
use sanben_field::{Correction, FieldError, Files, MatterQuery, NewMatter};
use sanben_sync::wire::Rejection;
use sanben_tests::world::{World, park};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Discipline staff, the command post, the head of P011, a clerk and a grid member of its community, an inspector.
const PEOPLE: [&str; 6] = ["U005", "U001", "U060", "U024", "U038", "U008"];
const DISCIPLINE: usize = 0;
const COMMAND: usize = 1;
const HEAD: usize = 2;
const CLERK: usize = 3;
const GRID: usize = 4;
const INSPECTOR: usize = 5;

fn world(seed: u64) -> World {
    let mut world = World::new(seed, &PEOPLE);
    sync(&mut world);
    world
}

fn sync(world: &mut World) {
    for device in 0..world.devices.len() {
        assert_eq!(world.sync(device).unwrap().rejected, 0, "device {device}");
    }
}

fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn choice(name: &str) -> Value {
    Value::Choice(name.to_owned())
}

fn day(world: &World, device: usize) -> Value {
    Value::Day(world.devices[device].field().today().unwrap())
}

fn new(feature: &str, given: &[(&str, Value)]) -> NewMatter {
    NewMatter { feature: feature.to_owned(), fields: fields(given), ..NewMatter::default() }
}

fn open(world: &World, device: usize, matter: NewMatter) -> MatterId {
    world.devices[device].field().open_matter(matter).unwrap()
}

fn act(world: &World, device: usize, id: MatterId, act: &str, given: &[(&str, Value)]) -> EventId {
    world.devices[device].field().act_on_matter(id, act, fields(given), &Files::new()).unwrap()
}

fn holds(world: &World, device: usize, id: MatterId) -> bool {
    world.devices[device].field().matter(id).is_ok()
}

fn step(world: &World, device: usize, id: MatterId) -> &'static str {
    world.devices[device].field().matter(id).unwrap().state.unwrap().step
}

fn notice(world: &World) -> MatterId {
    let tomorrow = world.devices[DISCIPLINE].field().today().unwrap().succ_opt().unwrap();
    let given = [
        ("what", text("南入口垃圾整改不到位")),
        ("unit", Value::Unit("park-02".into())),
        ("until", Value::Day(tomorrow)),
    ];
    open(world, DISCIPLINE, NewMatter { person: Some("U060".into()), ..new("notice", &given) })
}

#[test]
fn a_notice_is_read_by_the_named_person_before_it_is_published_and_by_nobody_else() {
    let mut world = world(31);
    let notice = notice(&world);
    sync(&mut world);
    for device in [COMMAND, CLERK, GRID, INSPECTOR] {
        assert!(!holds(&world, device, notice), "device {device} knows of it");
    }
    assert!(holds(&world, HEAD, notice));
    let early =
        world.devices[DISCIPLINE].field().act_on_matter(notice, "publish", Fields::new(), &Files::new());
    assert!(matches!(early, Err(FieldError::Denied(Denied::Step))), "{early:?}");
    act(&world, HEAD, notice, "answer", &[("words", text("17时已清运"))]);
    sync(&mut world);
    sync(&mut world);
    act(&world, DISCIPLINE, notice, "publish", &[]);
    sync(&mut world);
    sync(&mut world);
    for device in [COMMAND, CLERK, GRID, INSPECTOR] {
        assert_eq!(step(&world, device, notice), "published", "device {device}");
    }
}

#[test]
fn a_draw_and_an_interview_stay_with_the_discipline_staff() {
    let mut world = world(32);
    let case = world.devices[INSPECTOR]
        .field()
        .record(sanben_field::NewCase {
            point: Some("P011".into()),
            description: "垃圾".into(),
            ..Default::default()
        })
        .unwrap()
        .case;
    sync(&mut world);
    sync(&mut world);
    let sample = Value::Documents(vec![case]);
    let check = open(&world, DISCIPLINE, new("spot-check", &[("title", text("抽查")), ("sample", sample)]));
    act(
        &world,
        DISCIPLINE,
        check,
        "check",
        &[("case", Value::Document(case)), ("result", choice("not-put-right"))],
    );
    let time = Value::Time(chrono::NaiveTime::from_hms_opt(15, 0, 0).unwrap());
    let given = [
        ("reason", text("整改不到位")),
        ("where", text("会议室")),
        ("until", day(&world, DISCIPLINE)),
        ("time", time),
    ];
    let interview = NewMatter { person: Some("U060".into()), about: Some(check), ..new("interview", &given) };
    let interview = open(&world, DISCIPLINE, interview);
    sync(&mut world);
    for device in [COMMAND, HEAD, CLERK, GRID, INSPECTOR] {
        assert!(!holds(&world, device, check), "device {device} knows what was drawn");
        assert_eq!(holds(&world, device, interview), device == HEAD, "device {device}");
    }
}

#[test]
fn what_a_leader_assigns_on_the_spot_is_a_task_of_whoever_answers() {
    let mut world = world(33);
    let visit =
        NewMatter { point: Some("P011".into()), ..new("leader-visit", &[("where", text("柳林小区"))]) };
    let visit = open(&world, INSPECTOR, visit);
    let assigned = [
        ("what", text("扶正宣传牌")),
        ("person", Value::Person("U060".into())),
        ("until", day(&world, INSPECTOR)),
    ];
    act(&world, INSPECTOR, visit, "assign", &assigned);
    sync(&mut world);
    sync(&mut world);
    let query = MatterQuery { person: Some("U060".into()), open_only: true, ..MatterQuery::default() };
    let mine = world.devices[HEAD].field().matters(&query).unwrap().rows;
    assert_eq!(mine.len(), 1);
    assert_eq!(
        (mine[0].feature.as_str(), mine[0].title.as_str(), mine[0].about),
        ("task", "扶正宣传牌", Some(visit))
    );
    act(&world, HEAD, mine[0].id, "done", &[("words", text("已扶正"))]);
    sync(&mut world);
    sync(&mut world);
    let seen = world.devices[INSPECTOR].field().matter(visit).unwrap();
    let done = seen.figures.iter().find(|figure| figure.name == "tasks-done").unwrap();
    assert_eq!(done.amount, Amount::Share { part: 1, whole: 1 });
    let found = MatterQuery { text: Some("宣传牌".into()), ..MatterQuery::default() };
    assert!(
        world.devices[COMMAND].field().matters(&found).unwrap().rows.iter().any(|row| row.id == mine[0].id)
    );
}

#[test]
fn two_tablets_lend_the_last_pump_offline_and_both_loans_stand() {
    let mut world = world(34);
    let kiosk = open(&world, CLERK, new("kiosk", &[("title", text("志愿服务岗亭"))]));
    act(&world, CLERK, kiosk, "stock", &[("item", text("打气筒")), ("number", Value::Count(1))]);
    sync(&mut world);
    sync(&mut world);
    for device in [CLERK, GRID] {
        let given = [
            ("item", text("打气筒")),
            ("number", Value::Count(1)),
            ("to", text("3号楼")),
            ("until", day(&world, device)),
        ];
        open(&world, device, NewMatter { about: Some(kiosk), ..new("loan", &given) });
    }
    sync(&mut world);
    sync(&mut world);
    for device in [CLERK, GRID, COMMAND] {
        let seen = world.devices[device].field().matter(kiosk).unwrap();
        let stock = seen.figures.iter().find(|figure| figure.name == "in-stock").unwrap();
        assert_eq!((stock.label.as_str(), stock.amount), ("打气筒", Amount::Count(-1)));
        assert_eq!((seen.remarks, seen.belonging.len()), (vec!["short"], 2), "device {device}");
    }
}

#[test]
fn a_round_that_two_inspected_apart_is_disputed_everywhere_until_somebody_decides() {
    let mut world = world(35);
    let points: Vec<_> = world.devices[COMMAND].field().reference().unwrap().points.keys().cloned().collect();
    assert_eq!(points.len(), 136);
    let given = [
        ("title", text("测评点位回头看")),
        ("points", Value::Points(points)),
        ("until", day(&world, COMMAND)),
    ];
    let round = open(&world, COMMAND, new("look-back-round", &given));
    sync(&mut world);
    sync(&mut world);
    for (device, result) in [(INSPECTOR, "clean"), (DISCIPLINE, "found")] {
        act(
            &world,
            device,
            round,
            "visit",
            &[("point", Value::Point("P011".into())), ("result", choice(result))],
        );
    }
    sync(&mut world);
    sync(&mut world);
    let disputes = |world: &World, device: usize| {
        world.devices[device].field().matter(round).unwrap().state.unwrap().disputes
    };
    for device in [INSPECTOR, DISCIPLINE, COMMAND] {
        assert_eq!(disputes(&world, device).len(), 1, "device {device}");
    }
    let upheld = disputes(&world, COMMAND)[0][0];
    let refused = world.devices[INSPECTOR].field().decide_matter(round, upheld, "以照片为准");
    assert!(matches!(refused, Err(FieldError::Denied(Denied::Role))), "{refused:?}");
    world.devices[COMMAND].field().decide_matter(round, upheld, "以照片为准").unwrap();
    sync(&mut world);
    sync(&mut world);
    for device in [INSPECTOR, DISCIPLINE, COMMAND] {
        assert_eq!(disputes(&world, device), Vec::<Vec<EventId>>::new(), "device {device}");
    }
}

#[test]
fn what_does_not_fit_is_refused_before_it_is_recorded() {
    let world = world(36);
    let field = world.devices[CLERK].field();
    let flaw = |matter: NewMatter| match field.open_matter(matter) {
        Err(FieldError::Unfit(flawed)) => (flawed.field, flawed.why),
        other => panic!("{other:?}"),
    };
    assert_eq!(flaw(new("tally", &[])), ("counted".to_owned(), Flaw::Missing));
    assert_eq!(flaw(new("tally", &[("counted", choice("stars"))])), ("counted".to_owned(), Flaw::Bounds));
    let photos = Files::from([("title".to_owned(), vec!["x.jpg".into()])]);
    let odd = NewMatter { photos, ..new("tally", &[("counted", choice("spaces-marked"))]) };
    assert_eq!(flaw(odd), ("title".to_owned(), Flaw::Shape));
    assert!(matches!(
        field.open_matter(new("moon-walk", &[])),
        Err(FieldError::NotFound { what: "feature", .. })
    ));
    let given = [("title", text("行动")), ("until", day(&world, CLERK))];
    let denied = field.open_matter(new("special-action", &given));
    assert!(matches!(denied, Err(FieldError::Denied(_))), "{denied:?}");
    assert_eq!(field.outbox(10).unwrap(), []);
    assert_eq!(field.counts().unwrap().pending, 0);
}

#[test]
fn reports_and_summaries_that_are_missing_are_named() {
    let mut world = world(37);
    let today = world.devices[CLERK].field().today().unwrap();
    let report =
        [("words", text("破损路面已修补")), ("put-right", Value::Count(1)), ("left", Value::Count(0))];
    open(&world, HEAD, NewMatter { point: Some("P011".into()), ..new("daily-report", &report) });
    let summary = [("words", text("本周情况")), ("found", Value::Count(3)), ("put-right", Value::Count(3))];
    open(&world, CLERK, new("weekly-summary", &summary));
    sync(&mut world);
    sync(&mut world);
    let office = world.devices[COMMAND].field();
    let points = office.missing_matters("daily-report", today).unwrap();
    assert!(points.iter().all(|missing| missing.point != Some("P011".into())));
    let headed = office.points(None).unwrap().into_iter().filter(|view| view.head.is_some()).count();
    assert_eq!(points.len(), headed - 1);
    let communities = office.missing_matters("weekly-summary", today).unwrap();
    assert_eq!(communities.len(), 13, "14 communities, one of which has handed in");
    let figures: BTreeMap<_, _> = office
        .matter_figures(&MatterQuery { feature: Some("weekly-summary".into()), ..MatterQuery::default() })
        .unwrap()
        .into_iter()
        .map(|figure| (figure.name, figure.amount))
        .collect();
    assert_eq!(figures["found"], Amount::Count(3));
}

#[test]
fn a_device_names_what_is_not_there_and_what_cannot_have_happened() {
    let world = world(43);
    let (grid, clerk) = (world.devices[GRID].field(), world.devices[CLERK].field());
    let missing = grid
        .open_matter(NewMatter { point: Some("P999".into()), ..new("kiosk", &[("title", text("岗亭"))]) });
    assert!(
        matches!(&missing, Err(FieldError::NotFound { what: "point", id }) if id == "P999"),
        "{missing:?}"
    );
    let today = clerk.today().unwrap();
    let (yesterday, tomorrow) = (today.pred_opt().unwrap(), today.succ_opt().unwrap());
    let lent = [
        ("item", text("打气筒")),
        ("number", Value::Count(1)),
        ("to", text("3号楼")),
        ("until", Value::Day(tomorrow)),
    ];
    let nowhere = sanben_domain::id::DocumentId::from_random([9; 16]);
    let lost = grid.open_matter(NewMatter { about: Some(nowhere), ..new("loan", &lent) });
    assert!(matches!(lost, Err(FieldError::NotFound { what: "document", .. })), "{lost:?}");
    let case = sanben_field::NewCase { point: Some("P011".into()), ..Default::default() };
    let case = grid.record(case).unwrap().case;
    let of_case = grid.open_matter(NewMatter { about: Some(case), ..new("loan", &lent) });
    assert!(unfit(&of_case, "about", Flaw::Shape), "a case lends nothing: {of_case:?}");

    let tally = open(&world, CLERK, new("tally", &[("counted", choice("vendors-moved"))]));
    let counted = [("number", Value::Count(3)), ("source", text("清单")), ("day", Value::Day(tomorrow))];
    let ahead = clerk.act_on_matter(tally, "add", fields(&counted), &Files::new());
    assert!(unfit(&ahead, "day", Flaw::Future), "{ahead:?}");
    let report = NewMatter { day: Some(tomorrow), ..new("leader-visit", &[("where", text("南入口"))]) };
    let early = world.devices[INSPECTOR].field().open_matter(report);
    assert!(unfit(&early, "day", Flaw::Future), "{early:?}");
    let over = [("what", text("清运")), ("until", Value::Day(yesterday))];
    let over = clerk.open_matter(new("task", &over));
    assert!(unfit(&over, "until", Flaw::Past), "{over:?}");
}

fn unfit<T>(said: &Result<T, FieldError>, field: &str, why: Flaw) -> bool {
    matches!(said, Err(FieldError::Unfit(flawed)) if flawed.field == field && flawed.why == why)
}

fn clock(hour: u32) -> Value {
    Value::Time(chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
}

#[test]
fn what_a_volunteer_could_not_look_up_is_refused_corrected_and_sent_again() {
    let mut world = World::new(44, &["U170", "U038"]);
    sync(&mut world);
    let shift = [("post", text("南入口")), ("from", clock(6)), ("until", clock(18))];
    let shift = open(&world, 0, new("shift", &shift));
    let signed =
        act(&world, 0, shift, "sign-in", &[("who", Value::Person("U999".into())), ("time", clock(6))]);
    assert_eq!(world.sync(0).unwrap().rejected, 1, "a volunteer's tablet has no staff list");
    let volunteer = world.devices[0].field();
    let row = volunteer.needs_attention().unwrap().remove(0);
    let dangling = Rejection::Unfit { field: "who".to_owned(), why: Flaw::Dangling };
    assert_eq!(row.rejection, dangling);
    let day = Correction { day: Some(volunteer.today().unwrap()), ..Correction::default() };
    assert!(volunteer.correct(row.id, &day).is_err(), "a sign-in has no day of its own");
    let who = Correction { person: Some("U170".into()), ..Correction::default() };
    volunteer.correct(row.id, &who).unwrap();
    assert_eq!(world.sync(0).unwrap().rejected, 0);
    world.sync(1).unwrap();
    let seen = world.devices[1].field().matter(shift).unwrap().record;
    assert_eq!(seen.events[&signed].act.person("who"), Some(&"U170".into()), "the same event");
    assert_eq!(world.devices[0].field().needs_attention().unwrap(), []);
}

#[test]
fn the_day_lists_matters_in_the_order_in_which_they_come() {
    let mut world = world(45);
    let today = world.devices[GRID].field().today().unwrap();
    let shift = |from, until| [("post", text("南入口")), ("from", clock(from)), ("until", clock(until))];
    let evening = open(&world, GRID, new("shift", &shift(17, 20)));
    let morning = open(&world, GRID, new("shift", &shift(6, 12)));
    let tomorrow = NewMatter { day: today.succ_opt(), ..new("shift", &shift(6, 12)) };
    let tomorrow = open(&world, GRID, tomorrow);
    let task =
        [("what", text("清运")), ("unit", Value::Unit("park-02".into())), ("until", Value::Day(today))];
    let task = open(&world, INSPECTOR, new("task", &task));
    sync(&mut world);
    sync(&mut world);
    let listed: Vec<MatterId> =
        world.devices[GRID].field().matters_today().unwrap().iter().map(|view| view.record.id).collect();
    let place = |id| listed.iter().position(|held| *held == id);
    assert!(place(tomorrow).is_none(), "what is planned for another day");
    assert!(place(morning).unwrap() < place(evening).unwrap());
    assert!(place(task).is_some(), "it waits for the unit");
    let of_head: Vec<_> = world.devices[HEAD].field().matters_today().unwrap();
    assert!(of_head.iter().all(|view| view.record.id != evening), "whoever takes no part in it is not told");
}

#[test]
fn a_form_keeps_every_field_through_a_crash_and_is_submitted_once() {
    let mut world = world(41);
    let photo = sanben_tests::world::park().join("photos/south-entrance-rubbish-before.jpg");
    let draft = {
        let field = world.devices[GRID].field();
        let draft = field.draft_matter("small-work").unwrap();
        field.matter_draft_set(draft, "kind", Some(&choice("railings"))).unwrap();
        field.matter_draft_photo(draft, "before", &photo).unwrap();
        let unknown = field.matter_draft_set(draft, "colour", Some(&text("红")));
        assert!(matches!(unknown, Err(FieldError::Unfit(_))), "{unknown:?}");
        // Half a form is no matter, and is kept.
        let half = field.submit_matter_draft(draft);
        assert!(matches!(half, Err(FieldError::Unfit(_))), "{half:?}");
        assert!(field.drafts().unwrap().is_empty(), "it is no draft of a report");
        draft
    };
    world.devices[GRID].restart();
    let field = world.devices[GRID].field();
    let kept = field.matter_draft(draft).unwrap();
    assert_eq!(kept.fields.keys().collect::<Vec<_>>(), ["before", "kind"]);
    field.matter_draft_set(draft, "@point", Some(&Value::Point("P011".into()))).unwrap();
    field.matter_draft_set(draft, "what", Some(&text("更换破损护栏"))).unwrap();
    let work = field.submit_matter_draft(draft).unwrap();
    assert!(field.matter_drafts().unwrap().is_empty());
    assert!(field.submit_matter_draft(draft).is_err(), "once");
    let view = field.matter(work).unwrap();
    assert_eq!((view.record.point, view.record.photos.len()), (Some("P011".into()), 1));

    // An act is drafted alike, and what cannot be done yet keeps its draft.
    let done = world.devices[CLERK].field().draft_act(work, "done");
    assert!(done.is_err(), "the clerk does not have it yet");
    sync(&mut world);
    sync(&mut world);
    let field = world.devices[CLERK].field();
    let done = field.draft_act(work, "done").unwrap();
    field.matter_draft_set(done, "words", Some(&text("已更换"))).unwrap();
    assert!(field.submit_matter_draft(done).is_err(), "without a photo afterwards");
    field.matter_draft_photo(done, "after", &photo).unwrap();
    field.submit_matter_draft(done).unwrap();
    assert_eq!(step(&world, CLERK, work), "done");
    let thrown = world.devices[CLERK].field().draft_act(work, "comment").unwrap();
    world.devices[CLERK].field().matter_draft_discard(thrown).unwrap();
    assert!(world.devices[CLERK].field().matter_drafts().unwrap().is_empty());
    sync(&mut world);
}

/// 任务清单 (2): the head is reminded of a task on their own phone, and not at night.
#[test]
fn who_answers_is_reminded_without_a_network_and_never_in_quiet_hours() {
    let mut world = world(42);
    let until = day(&world, COMMAND);
    let given = [("what", text("补齐南入口垃圾桶盖")), ("until", until)];
    let task = NewMatter { point: Some("P011".into()), person: Some("U060".into()), ..new("task", &given) };
    let task = open(&world, COMMAND, task);
    sync(&mut world);
    sync(&mut world);
    let head = world.devices[HEAD].field();
    let reminders = head.reminders().unwrap();
    let of_task: Vec<_> = reminders.iter().filter(|it| it.due.document == task).collect();
    assert_eq!(of_task.len(), 1, "two hours before the day's end; a day before is gone: {reminders:?}");
    assert_eq!(of_task[0].due.at.since(of_task[0].at), 2 * 60 * 60_000);
    let zone = sanben_domain::time::Zone::CHINA;
    let hour = |at| zone.local(at).time();
    let (from, due) = (hour(of_task[0].at), hour(of_task[0].due.at));
    let plan = Plan { before: vec![120], quiet_from: from, quiet_until: due };
    head.set_reminder_plan(Some(&plan)).unwrap();
    let moved = head.reminders().unwrap();
    let moved = moved.iter().find(|it| it.due.document == task).unwrap();
    assert_eq!(of_task[0].at.since(moved.at), 60_000, "the minute before it is quiet");
    for other in [CLERK, GRID] {
        let other = world.devices[other].field().reminders().unwrap();
        assert!(!other.iter().any(|it| it.due.document == task), "{other:?}");
    }
}

/// 工作简报 (8): department, person and deadline of every problem, out of what was found.
#[test]
fn the_brief_is_filled_from_what_was_found_and_nobody_is_named_twice() {
    let mut world = world(43);
    let found = |point: &str| sanben_field::NewCase {
        point: Some(point.into()),
        standard: Some("S01".into()),
        description: "大片垃圾".into(),
        ..sanben_field::NewCase::default()
    };
    let first = world.devices[INSPECTOR].field().record(found("P011")).unwrap().case;
    sync(&mut world);
    sync(&mut world);
    let today = world.devices[COMMAND].field().today().unwrap();
    let fill = |world: &World| world.devices[COMMAND].field().fill_work_brief(today, "创城工作简报").unwrap();
    let filled = fill(&world);
    assert_eq!((filled.added.as_slice(), filled.left_out.len()), ([first].as_slice(), 0));
    let second = world.devices[INSPECTOR].field().record(found("P010")).unwrap().case;
    sync(&mut world);
    sync(&mut world);
    let again = fill(&world);
    assert_eq!((again.matter, again.added.as_slice()), (filled.matter, [second].as_slice()));
    let state = world.devices[COMMAND].field().matter(again.matter).unwrap().state.unwrap();
    assert_eq!(state.open.len(), 2);
    assert!(state.open.iter().all(|open| open.unit.is_some() && open.person.is_some() && open.due.is_some()));
    act(&world, COMMAND, again.matter, "issue", &[]);
    let next = fill(&world);
    assert_ne!(next.matter, again.matter, "what is issued is not changed");
}

/// A resident's words with a picture, recorded by the clerk of the community.
fn suggestion(world: &World) -> (MatterId, PathBuf, PhotoHash) {
    let picture = park().join("photos/fire-lane-blocked.jpg");
    let hash = PhotoHash(Sha256::digest(std::fs::read(&picture).unwrap()).into());
    let given = [("words", text(RESIDENTS_WORDS)), ("anonymous", Value::Yes(true))];
    let photos = BTreeMap::from([("photos".to_owned(), vec![picture.clone()])]);
    let point = Some("P011".into());
    let id = open(world, CLERK, NewMatter { point, photos, ..new("suggestion", &given) });
    (id, picture, hash)
}

const RESIDENTS_WORDS: &str = "消防通道被堵夜里出不去";

/// Where the picture still is on a device: its row, its small picture, its file.
fn pictured(world: &World, device: usize, hash: PhotoHash) -> (bool, bool, bool) {
    let store = world.devices[device].field().store();
    (
        store.photo(hash).unwrap().is_some(),
        store.thumbnail(hash).unwrap().is_some(),
        store.photo_path(hash).exists(),
    )
}

#[test]
fn a_suggestion_that_is_erased_leaves_no_word_and_no_picture() {
    let mut world = world(38);
    let (id, _, hash) = suggestion(&world);
    sync(&mut world);
    sync(&mut world);
    assert!(holds(&world, GRID, id));
    assert_eq!(pictured(&world, CLERK, hash), (true, true, true));
    world.devices[GRID]
        .field()
        .matters(&MatterQuery { text: Some("消防".to_owned()), ..MatterQuery::default() })
        .unwrap();
    assert!(world.devices[GRID].disk.holds(RESIDENTS_WORDS.as_bytes()));

    world.server().erase(id, false, "居民要求").unwrap();
    sync(&mut world);
    sync(&mut world);
    for device in [CLERK, GRID] {
        assert!(!holds(&world, device, id));
        assert_eq!(pictured(&world, device, hash), (false, false, false), "device {device}");
        world.devices[device].field().tidy(100).unwrap();
        for part in [RESIDENTS_WORDS, "里出不"] {
            assert!(!world.devices[device].disk.holds(part.as_bytes()), "device {device}: {part}");
        }
    }
}

#[test]
fn who_loses_a_scope_keeps_no_picture_of_its_matters() {
    let mut world = world(39);
    let (id, _, hash) = suggestion(&world);
    sync(&mut world);
    sync(&mut world);
    assert_eq!(pictured(&world, CLERK, hash), (true, true, true));
    let mut clerk = world.server().reference().unwrap().people[&PersonId::from("U024")].clone();
    clerk.unit = UnitId::from("park-09");
    let rows = vec![ReferenceRow::Person(clerk)];
    world.server().publish(ReferenceUpdate { rows, removed: Vec::new() }).unwrap();
    sync(&mut world);
    sync(&mut world);
    assert!(!holds(&world, CLERK, id));
    assert_eq!(pictured(&world, CLERK, hash), (false, false, false));
}
