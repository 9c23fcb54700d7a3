//! Matters whose author's device asked nothing: signed past it, judged here, and refused with the reason.

use crate::device::*;
use sanben_document::{ChangeHash, IntentBody, MatterHeader, Refusal};
use sanben_domain::id::{DocumentId, EventId, PersonId, PointId, UnitId};
use sanben_domain::matter::{self, Always, Fields, Flaw, MatterAct, OPEN, Value};
use sanben_domain::rights::Denied;
use sanben_domain::time::{Stamp, Timestamp};
use sanben_sync::wire::{Rejection, Verdict};

/// Discipline staff; a head and a grid member of park-02.
const DISCIPLINE: &str = "U005";
const HEAD_02: &str = "U060";
const GRID_02: &str = "U038";

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn of_march(day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

/// Of 20 March, at no point and belonging to nothing.
fn header(feature: &str, home: &str, person: Option<&str>) -> MatterHeader {
    MatterHeader {
        feature: feature.to_owned(),
        home: UnitId::from(home),
        class: matter::feature::named(feature).unwrap().class,
        day: of_march(20),
        point: None,
        person: person.map(PersonId::from),
        about: None,
    }
}

impl Device {
    /// A matter of 20 March, opened without asking whether it fits.
    pub(crate) fn open(
        &mut self,
        feature: &str,
        home: &str,
        person: Option<&str>,
        given: &[(&str, Value)],
    ) -> (DocumentId, ChangeHash) {
        self.open_with(header(feature, home, person), given)
    }

    /// The same at a point.
    pub(crate) fn open_at(
        &mut self,
        feature: &str,
        home: &str,
        point: Option<&str>,
        person: Option<&str>,
        given: &[(&str, Value)],
    ) -> (DocumentId, ChangeHash) {
        let header = MatterHeader { point: point.map(PointId::from), ..header(feature, home, person) };
        self.open_with(header, given)
    }

    fn open_with(&mut self, header: MatterHeader, given: &[(&str, Value)]) -> (DocumentId, ChangeHash) {
        let act = MatterAct::new(OPEN, fields(given));
        let body = IntentBody::OpenMatter { header, act, photos: Default::default() };
        let intent = self.intent(DocumentId::from_random(bytes()), body);
        (intent.document, self.record(&intent))
    }

    pub(crate) fn does(
        &mut self,
        id: DocumentId,
        act: &str,
        given: &[(&str, Value)],
    ) -> (EventId, ChangeHash) {
        let act = MatterAct::new(act, fields(given));
        let intent = self.intent(id, IntentBody::Matter { act, photos: Default::default() });
        (intent.event, self.record(&intent))
    }

    fn notice(&mut self, desk: &Desk, until: u32) -> (DocumentId, ChangeHash) {
        let root = desk.server.reference().unwrap().tenant.as_ref().unwrap().id.to_string();
        let until = Value::Day(of_march(until));
        let given = [
            ("what", text("南入口垃圾整改不到位")),
            ("unit", Value::Unit("park-02".into())),
            ("until", until),
        ];
        self.open("notice", &root, Some(HEAD_02), &given)
    }
}

fn accepted(device: &Device, change: ChangeHash) {
    let verdict = &device.verdicts[&change];
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
}

/// What a device forges is refused for this reason, and nothing of it is in the log.
fn refused(desk: &Desk, device: &Device, why: &Rejection, forge: impl FnOnce(&mut Device) -> ChangeHash) {
    let (heads, counts) = (desk.synced(DISCIPLINE).standing.cursors, desk.server.counts().unwrap());
    // A copy: what was refused stays in no replica.
    let mut forger = device.clone();
    let forged = forge(&mut forger);
    forger.sync(&desk.server);
    assert_eq!(forger.verdicts[&forged], Verdict::Rejected(why.clone()));
    let after = desk.server.counts().unwrap();
    assert_eq!((after.changes, after.entries), (counts.changes, counts.entries), "{why:?}");
    assert_eq!(desk.synced(DISCIPLINE).standing.cursors, heads, "{why:?}");
}

#[test]
fn a_forged_notice_is_refused_with_its_reason() {
    let desk = Desk::park();
    let mut discipline = desk.synced(DISCIPLINE);
    let (notice, opened) = discipline.notice(&desk, 22);
    discipline.sync(&desk.server);
    accepted(&discipline, opened);
    let head = desk.synced(HEAD_02);
    assert!(head.documents.contains_key(&notice), "shared with whom it names");

    let denied = Rejection::NotAllowed;
    let unfit = |field: &str, why| Rejection::Unfit { field: field.to_owned(), why };
    refused(&desk, &head, &denied(Denied::Role), |head| head.does(notice, "publish-unanswered", &[]).1);
    refused(&desk, &discipline, &denied(Denied::Role), |own| {
        own.does(notice, "answer", &[("words", text("无"))]).1
    });
    refused(&desk, &discipline, &denied(Denied::Step), |own| own.does(notice, "publish", &[]).1);
    refused(&desk, &head, &unfit("colour", Flaw::Unknown), |head| {
        head.does(notice, "answer", &[("words", text("已整改")), ("colour", text("红"))]).1
    });
    refused(&desk, &head, &denied(Denied::Unknown), |head| head.does(notice, "burn", &[]).1);
    refused(&desk, &discipline, &Rejection::Form(Refusal::Forbidden), |own| own.does(notice, OPEN, &[]).1);
    // Too early, by an honest clock and by one that runs ahead.
    for ahead in [0, 9 * DAY_MS] {
        refused(&desk, &discipline, &denied(Denied::Step), |own| {
            own.now = own.now.plus_ms(ahead);
            own.does(notice, "publish-unanswered", &[]).1
        });
    }
    // Without having seen how it was opened.
    refused(&desk, &discipline, &Rejection::Form(Refusal::Forbidden), |own| {
        let act = MatterAct::new("publish-unanswered", Fields::new());
        let mut intent = own.intent(notice, IntentBody::Matter { act, photos: Default::default() });
        intent.seen.clear();
        own.record(&intent)
    });
}

#[test]
fn forged_street_work_is_refused_with_its_reason() {
    let desk = Desk::park();
    let (mut clerk, mut grid) = (desk.synced(CLERK_02), desk.synced(GRID_02));
    let counted = [("counted", Value::Choice("vendors-moved".to_owned()))];
    let (tally, opened) = clerk.open("tally", "park-02", None, &counted);
    clerk.sync(&desk.server);
    accepted(&clerk, opened);
    grid.sync(&desk.server);
    let number =
        [("number", Value::Count(12)), ("source", text("早市清单")), ("day", Value::Day(of_march(20)))];
    let (entry, added) = grid.does(tally, "add", &number);
    grid.sync(&desk.server);
    accepted(&grid, added);
    clerk.sync(&desk.server);

    refused(&desk, &clerk, &Rejection::NotAllowed(Denied::Role), |clerk| {
        clerk.does(tally, Always::STRIKE, &[("entry", Value::Event(entry)), ("reason", text("错"))]).1
    });
    let dangling = Rejection::Unfit { field: "entry".to_owned(), why: Flaw::Dangling };
    refused(&desk, &clerk, &dangling, |clerk| {
        let nothing = Value::Event(EventId::from_random(bytes()));
        clerk.does(tally, Always::STRIKE, &[("entry", nothing), ("reason", text("错"))]).1
    });
    let abroad = Rejection::OutOfScope;
    refused(&desk, &clerk, &abroad, |clerk| clerk.open("tally", "park-01", None, &counted).1);
    let command = desk.synced(COMMAND);
    let many = Rejection::Unfit { field: "points".to_owned(), why: Flaw::Bounds };
    refused(&desk, &command, &many, |command| {
        let points = (0..2_001).map(|number| format!("P{number:04}").as_str().into()).collect();
        let given = [("title", text("行动")), ("points", Value::Points(points))];
        command.open("programme", "park-02", None, &given).1
    });
}

#[test]
fn a_notice_gives_whom_it_names_a_day_at_least() {
    let desk = Desk::park();
    let discipline = desk.synced(DISCIPLINE);
    let short = Rejection::Unfit { field: "until".to_owned(), why: Flaw::Order };
    for until in [19, 20] {
        refused(&desk, &discipline, &short, |discipline| discipline.notice(&desk, until).1);
    }
}

#[test]
fn a_term_that_was_over_before_the_notice_arrived_has_not_run() {
    let desk = Desk::park();
    let mut discipline = desk.synced(DISCIPLINE);
    // Written on its day without a network; published when the term was over, and sent all at once.
    let (notice, opened) = discipline.notice(&desk, 21);
    desk.wait(3 * DAY_MS);
    let mut hasty = discipline.clone();
    hasty.now = desk.now();
    let published = hasty.does(notice, "publish-unanswered", &[]).1;
    hasty.sync(&desk.server);
    accepted(&hasty, opened);
    assert_eq!(hasty.verdicts[&published], Verdict::Rejected(Rejection::NotAllowed(Denied::Step)));
    let head = desk.synced(HEAD_02);
    assert!(head.documents.contains_key(&notice), "whom it names has it now");

    // From then on it runs, a day as it was to be.
    discipline.sync(&desk.server);
    let publish = |discipline: &mut Device, at: Timestamp| {
        discipline.now = at;
        let act = MatterAct::new("publish-unanswered", Fields::new());
        let mut intent = discipline.intent(notice, IntentBody::Matter { act, photos: Default::default() });
        intent.at = Stamp::exact(at);
        let change = discipline.record(&intent);
        discipline.sync(&desk.server);
        discipline.verdicts[&change].clone()
    };
    desk.wait(DAY_MS);
    let early = publish(&mut discipline.clone(), desk.now());
    assert_eq!(early, Verdict::Rejected(Rejection::NotAllowed(Denied::Step)));
    desk.wait(1);
    assert!(matches!(publish(&mut discipline, desk.now()), Verdict::Accepted { .. }));
}

/// A volunteer of park-02.
const VOLUNTEER_02: &str = "U170";

fn clock(hour: u32, minute: u32) -> Value {
    Value::Time(chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

fn shift() -> [(&'static str, Value); 3] {
    [("post", text("南入口")), ("from", clock(6, 0)), ("until", clock(18, 0))]
}

#[test]
fn a_made_up_person_point_or_unit_is_refused_by_its_field() {
    let desk = Desk::park();
    let mut grid = desk.synced(GRID_02);
    let dangling = |field: &str| Rejection::Unfit { field: field.to_owned(), why: Flaw::Dangling };
    refused(&desk, &grid, &dangling("point"), |grid| {
        grid.open_with(
            MatterHeader { point: Some("P999".into()), ..header("shift", "park-02", None) },
            &shift(),
        )
        .1
    });
    let (post, opened) = grid.open("shift", "park-02", None, &shift());
    grid.sync(&desk.server);
    accepted(&grid, opened);
    refused(&desk, &grid, &dangling("who"), |grid| {
        grid.does(post, "sign-in", &[("who", Value::Person("U999".into())), ("time", clock(6, 0))]).1
    });
    let known = [("who", Value::Person(VOLUNTEER_02.into())), ("time", clock(6, 0))];
    let (_, signed) = grid.does(post, "sign-in", &known);
    grid.sync(&desk.server);
    accepted(&grid, signed);

    let discipline = desk.synced(DISCIPLINE);
    let given = [("what", text("整改")), ("until", Value::Day(of_march(22)))];
    let elsewhere = [given.clone().to_vec(), vec![("unit", Value::Unit("park-99".into()))]].concat();
    refused(&desk, &discipline, &dangling("person"), |own| {
        own.open("task", "park-02", Some("U999"), &given).1
    });
    refused(&desk, &discipline, &dangling("unit"), |own| own.open("task", "park-02", None, &elsewhere).1);
}

#[test]
fn what_was_not_drawn_is_not_checked() {
    let desk = Desk::park();
    let mut grid = desk.synced(GRID_02);
    let (post, _) = grid.open("shift", "park-02", None, &shift());
    let (other, _) = grid.open("shift", "park-02", None, &shift());
    grid.sync(&desk.server);
    let mut discipline = desk.synced(DISCIPLINE);
    let sample = [("title", text("抽查")), ("sample", Value::Documents(vec![post]))];
    let root = desk.server.reference().unwrap().tenant.as_ref().unwrap().id.to_string();
    let (check, opened) = discipline.open("spot-check", &root, None, &sample);
    discipline.sync(&desk.server);
    accepted(&discipline, opened);
    let found = |case| [("case", Value::Document(case)), ("result", Value::Choice("put-right".to_owned()))];
    let outside = Rejection::Unfit { field: "case".to_owned(), why: Flaw::Outside };
    refused(&desk, &discipline, &outside, |own| own.does(check, "check", &found(other)).1);
    let (_, honest) = discipline.does(check, "check", &found(post));
    discipline.sync(&desk.server);
    accepted(&discipline, honest);
}

#[test]
fn a_loan_belongs_to_a_kiosk_that_is_in_the_log() {
    let desk = Desk::park();
    let mut grid = desk.synced(GRID_02);
    let lent = [
        ("item", text("打气筒")),
        ("number", Value::Count(1)),
        ("to", text("3号楼")),
        ("until", Value::Day(of_march(21))),
    ];
    let of = |about| MatterHeader { about: Some(about), ..header("loan", "park-02", None) };
    // Nobody can say that there is no such kiosk: it may be on its way. So it is not in the log, and not refused.
    let (counts, mut forger) = (desk.server.counts().unwrap(), grid.clone());
    let nothing = DocumentId::from_random(bytes());
    let (_, forged) = forger.open_with(of(nothing), &lent);
    forger.sync(&desk.server);
    assert_eq!(forger.verdicts[&forged], Verdict::Later);
    assert_eq!(desk.server.counts().unwrap().changes, counts.changes);

    let (post, _) = grid.open("shift", "park-02", None, &shift());
    let (kiosk, _) = grid.open("kiosk", "park-02", None, &[("title", text("南入口岗亭"))]);
    grid.sync(&desk.server);
    let shape = Rejection::Unfit { field: "about".to_owned(), why: Flaw::Shape };
    refused(&desk, &grid, &shape, |grid| grid.open_with(of(post), &lent).1);
    let (_, honest) = grid.open_with(of(kiosk), &lent);
    grid.sync(&desk.server);
    accepted(&grid, honest);
}

#[test]
fn nothing_has_happened_on_a_day_that_has_not_come_and_no_clock_loses_what_has() {
    let desk = Desk::park();
    let mut grid = desk.synced(GRID_02);
    let (tally, _) =
        grid.open("tally", "park-02", None, &[("counted", Value::Choice("vendors-moved".to_owned()))]);
    grid.sync(&desk.server);
    let future = |field: &str| Rejection::Unfit { field: field.to_owned(), why: Flaw::Future };
    let counted = |day| {
        [("number", Value::Count(12)), ("source", text("早市清单")), ("day", Value::Day(of_march(day)))]
    };
    refused(&desk, &grid, &future("day"), |grid| grid.does(tally, "add", &counted(21)).1);
    let tomorrow = MatterHeader { day: of_march(21), ..header("shift", "park-02", None) };
    let (post, planned) = grid.open_with(tomorrow, &shift());
    grid.sync(&desk.server);
    accepted(&grid, planned);
    let signed = [("who", Value::Person(VOLUNTEER_02.into())), ("time", clock(6, 0))];
    refused(&desk, &grid, &future("day"), |grid| grid.does(post, "sign-in", &signed).1);
    // A clock two days ahead, compared once or never: its author wrote down what they took for today, and no more.
    let mut lost = grid.clone();
    for offset_ms in [None, Some(0)] {
        let ahead = |lost: &Device, day| {
            let act = MatterAct::new("add", fields(&counted(day)));
            let mut intent = lost.intent(tally, IntentBody::Matter { act, photos: Default::default() });
            intent.at = Stamp { wall: desk.now().plus_ms(2 * DAY_MS), offset_ms, jumped: false };
            intent
        };
        let beyond = ahead(&lost, 23);
        refused(&desk, &lost, &future("day"), |lost| lost.record(&beyond));
        let honest = ahead(&lost, 22);
        let honest = lost.record(&honest);
        lost.sync(&desk.server);
        accepted(&lost, honest);
    }
    // A term is its author's business: one that ran out on the way is not refused.
    let past = [("what", text("整改")), ("until", Value::Day(of_march(19)))];
    // From the copy that spoke last: the server remembers where a device stood only so far back.
    let (_, task) = lost.open("task", "park-02", None, &past);
    lost.sync(&desk.server);
    accepted(&lost, task);
}
