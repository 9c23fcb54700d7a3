//! What a day asks for: what is missing, who is reminded, what the brief says.

use crate::stage::*;
use sanben_domain::case::{CaseAct, Handler, Outcome};
use sanben_domain::id::{MatterId, PersonId};
use sanben_domain::matter::{Amount, Value};
use sanben_domain::reminder::Plan;
use sanben_field::{MatterQuery, NewMatter};
use sanben_tests::world::World;
use std::collections::BTreeMap;

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

/// 任务清单 (2): somebody sets a reminder of their own, of a case and of a matter; it comes once, and only there.
#[test]
fn a_reminder_of_ones_own_comes_once_and_stays_until_it_is_taken_back() {
    let mut world = world(44);
    let field = world.devices[INSPECTOR].field();
    let new =
        sanben_field::NewCase { description: "路灯不亮".into(), ..sanben_field::NewCase::default() };
    let case = field.record(new).unwrap().case;
    let now = field.now().unwrap();
    let hours = |n: i64| now.plus_ms(n * 60 * 60_000);
    field.remind_of(case, Some(hours(3))).unwrap();
    field.remind_of(case, Some(hours(1))).unwrap();
    let own = field.own_reminders().unwrap();
    assert_eq!(
        (own.len(), own[0].at, own[0].title.as_str()),
        (1, hours(1), "路灯不亮"),
        "the later word counts"
    );
    let unknown = sanben_domain::id::DocumentId::from_random([7; 16]);
    assert!(field.remind_of(unknown, Some(hours(2))).is_err());
    assert!(world.devices[GRID].field().own_reminders().unwrap().is_empty(), "nobody else hears of it");
    let other =
        sanben_field::NewCase { description: "井盖松动".into(), ..sanben_field::NewCase::default() };
    let other = field.record(other).unwrap().case;
    field.remind_of(case, Some(hours(-1))).unwrap();
    field.remind_of(other, Some(hours(1))).unwrap();
    let own: Vec<_> = field.own_reminders().unwrap().into_iter().map(|it| (it.document, it.at)).collect();
    assert_eq!(own, [(case, hours(-1)), (other, hours(1))], "its hour has come, and nobody took it back");
    field.remind_of(case, None).unwrap();
    field.remind_of(other, None).unwrap();
    assert!(field.own_reminders().unwrap().is_empty());
    sync(&mut world);
}

/// Two taps in a row, each in a thread of its own: neither reminder is lost to the other.
#[test]
fn reminders_that_are_set_at_once_are_all_kept() {
    let world = world(45);
    let field = world.devices[INSPECTOR].field();
    let new =
        || sanben_field::NewCase { description: "路灯不亮".into(), ..sanben_field::NewCase::default() };
    let mut cases: Vec<_> = (0..8).map(|_| field.record(new()).unwrap().case).collect();
    let at = field.now().unwrap().plus_ms(60_000);
    std::thread::scope(|scope| {
        for case in &cases {
            scope.spawn(move || field.remind_of(*case, Some(at)).unwrap());
        }
    });
    let mut kept: Vec<_> = field.own_reminders().unwrap().into_iter().map(|own| own.document).collect();
    kept.sort_unstable();
    cases.sort_unstable();
    assert_eq!(kept, cases);
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

/// 工作简报 (8): who is named belongs to the department that is named, and what is closed asks nobody for anything.
#[test]
fn a_brief_names_nobody_for_another_department_and_nothing_that_is_closed() {
    let mut world = world(49);
    let found = |point: &str| sanben_field::NewCase { point: Some(point.into()), ..Default::default() };
    let handed = world.devices[INSPECTOR].field().record(found("P011")).unwrap().case;
    let closed = world.devices[INSPECTOR].field().record(found("P011")).unwrap().case;
    sync(&mut world);
    sync(&mut world);
    let dispatch = |world: &World, person: Option<&str>| {
        let to = Handler { unit: "dept-chengguan".into(), person: person.map(PersonId::from) };
        world.devices[COMMAND].field().act(handed, CaseAct::Dispatch { to }, &[]).unwrap();
    };
    dispatch(&world, None);
    world.devices[HEAD].field().rectify(closed, "已清运", false, &[]).unwrap();
    sync(&mut world);
    sync(&mut world);
    world.devices[INSPECTOR].field().look_back(closed, Outcome::Passed, "已清理干净", &[]).unwrap();
    sync(&mut world);
    sync(&mut world);
    let today = world.devices[COMMAND].field().today().unwrap();
    let fill = |world: &World| world.devices[COMMAND].field().fill_work_brief(today, "创城工作简报").unwrap();
    let filled = fill(&world);
    assert_eq!(
        (filled.added, filled.left_out),
        (Vec::new(), vec![handed]),
        "the head is not of that department"
    );
    dispatch(&world, Some("U074"));
    let filled = fill(&world);
    assert_eq!((filled.added, filled.left_out.len()), (vec![handed], 0));
    let open = world.devices[COMMAND].field().matter(filled.matter).unwrap().state.unwrap().open;
    assert_eq!((open.len(), &open[0].person), (1, &Some("U074".into())));
}
