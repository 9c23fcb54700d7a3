use super::*;
use crate::case::Outcome;
use crate::fixture::*;
use crate::id::{DocumentId, PersonId};
use crate::ledger::Folded;
use crate::reference::Reference;
use crate::time::{Stamp, Timestamp};
use uuid::Uuid;

struct Walk(PatrolRecord);

impl Walk {
    fn of(number: u128, team: &str, round: Round) -> Self {
        let (id, home) = (DocumentId(Uuid::from_u128(number)), UnitId::from("park"));
        Self(PatrolRecord { id, home, team: team.into(), day: day(3, 20), round, events: BTreeMap::new() })
    }

    fn tell(&mut self, when: Timestamp, act: PatrolAct) -> EventId {
        let number = (self.0.id.0.as_u128() << 64) + self.0.events.len() as u128;
        let id = EventId(Uuid::from_u128(number));
        let seen = self.0.events.keys().next_back().copied().into_iter().collect();
        let event = Event { id, at: Stamp::exact(when), by: PersonId::from(INSPECTOR), seen, act };
        self.0.events.insert(id, event);
        id
    }

    fn visit(&mut self, when: Timestamp, point: &str, result: VisitResult) -> EventId {
        let (point, fix, photos) = (PointId::from(point), None, Vec::new());
        self.tell(when, PatrolAct::Visit { point, result, fix, photos })
    }

    fn state(&self) -> PatrolState {
        fold_patrol(&self.0, None).unwrap()
    }
}

fn morning(number: u128, team: &str) -> Walk {
    let mut walk = Walk::of(number, team, Round::Morning);
    walk.tell(march20(7, 0), PatrolAct::Start);
    walk
}

fn team(id: &str) -> Whose {
    Whose::Team(id.into())
}

#[test]
fn a_patrol_starts_visits_and_ends() {
    let mut walk = Walk::of(1, "T1", Round::Morning);
    walk.visit(march20(6, 58), MARKET, VisitResult::Clean);
    assert!(fold_patrol(&walk.0, None).is_none(), "it never started");
    let started = walk.tell(march20(7, 0), PatrolAct::Start);
    walk.tell(march20(7, 1), PatrolAct::Unknown);
    let finished = walk.tell(march20(8, 0), PatrolAct::Finish);
    walk.visit(march20(8, 5), SOUTH_GATE, VisitResult::Clean);
    walk.tell(march20(8, 6), PatrolAct::Finish);
    let state = walk.state();
    assert_eq!((state.started.event, state.finished.unwrap().event), (started, finished));
    assert_eq!(state.visits.len(), 2, "who was there was there");
    let at_half_past = fold_patrol(&walk.0, Some(march20(7, 30))).unwrap();
    assert_eq!((at_half_past.finished, at_half_past.visits.len()), (None, 1));
}

#[test]
fn the_morning_list_joins_what_several_people_walked() {
    let park = park();
    let found = Story::at(SOUTH_GATE).id();
    let mut one = morning(1, "T1");
    one.visit(march20(7, 4), SOUTH_GATE, VisitResult::Clean);
    one.visit(march20(7, 5), SOUTH_GATE, VisitResult::Found(vec![found]));
    one.visit(march20(7, 20), MARKET, VisitResult::NotAccessible("大门锁着".to_owned()));
    let mut other = morning(2, "T1");
    other.visit(march20(7, 30), MARKET, VisitResult::Clean);
    other.visit(march20(7, 40), SOUTH_GATE, VisitResult::Clean);
    let mut elsewhere = morning(3, "T2");
    elsewhere.visit(march20(7, 40), ORPHAN, VisitResult::Clean);
    let patrols = [&one, &other, &elsewhere].map(Walk::state);

    let list = morning_list(&park, &team("T1"), day(3, 20), &patrols, march20(9, 0));
    let rows: Vec<_> = list.iter().map(|task| (task.point.as_str(), task.result.clone())).collect();
    let expected = [
        (SOUTH_GATE, Some(VisitResult::Found(vec![found]))),
        (ORPHAN, None),
        (MARKET, Some(VisitResult::Clean)),
    ];
    assert_eq!(rows, expected);
    let count = coverage(&list);
    assert_eq!(count, Coverage { points: 3, visited: 2, clean: 1, found: 1, not_accessible: 0 });
    let mut backwards = patrols.clone();
    backwards.reverse();
    assert_eq!(morning_list(&park, &team("T1"), day(3, 20), &backwards, march20(9, 0)), list);
    let tomorrow = morning_list(&park, &team("T1"), day(3, 21), &patrols, march20(9, 0));
    assert!(tomorrow.iter().all(|task| !task.done()));
}

#[test]
fn a_head_has_a_list_of_their_own_points() {
    let list = |name: &str, when| {
        let tasks = morning_list(&park(), &Whose::Head(name.into()), day(3, 20), &[], when);
        tasks.into_iter().map(|task| task.point).collect::<Vec<_>>()
    };
    assert_eq!(list(HEAD, march20(7, 0)), [SOUTH_GATE.into()]);
    assert_eq!(list(OLD_HEAD, at(2, 1, 0, 0)), [MARKET.into()]);
    assert!(list(OLD_HEAD, march20(7, 0)).is_empty());
}

fn at_five(park: &Reference, cases: &[Folded], patrols: &[PatrolState]) -> Vec<(String, bool, usize)> {
    let list = look_back_list(park, &team("T1"), day(3, 20), cases, patrols, march20(17, 0));
    list.into_iter().map(|task| (task.point.to_string(), task.done(), task.cases.len())).collect()
}

fn row(point: &str, done: bool, cases: usize) -> (String, bool, usize) {
    (point.to_owned(), done, cases)
}

#[test]
fn at_five_everybody_goes_back_to_where_something_was_found() {
    let park = park();
    let mut today = Story::found(1, SOUTH_GATE, "S01", march20(7, 4));
    let mut waiting = Story::found(2, MARKET, "S06", at(3, 18, 7, 0));
    let still_open = Story::found(3, ORPHAN, "S21", at(3, 18, 7, 0));
    let other_team = Story::found(4, NORTH, "S01", march20(7, 4));
    let mut voided = Story::found(5, ORPHAN, "S01", march20(7, 4));
    voided.tell(COMMAND, march20(8, 0), void());
    waiting.tell(NEW_HEAD, at(3, 19, 9, 0), rectify());
    let fold = |stories: [&Story; 5]| stories.map(|story| story.folded(&park));

    let cases = fold([&today, &waiting, &still_open, &other_team, &voided]);
    assert_eq!(at_five(&park, &cases, &[]), [row(SOUTH_GATE, false, 1), row(MARKET, false, 1)]);

    // Looked back case by case: the list stays whole and says what is done.
    today.tell(HEAD, march20(9, 0), rectify());
    today.tell(INSPECTOR, march20(17, 0), passed());
    waiting.tell(INSPECTOR, march20(17, 10), failed());
    let cases = fold([&today, &waiting, &still_open, &other_team, &voided]);
    let done = look_back_list(&park, &team("T1"), day(3, 20), &cases, &[], march20(18, 0));
    let results: Vec<_> = done.iter().map(|task| task.result.clone().unwrap()).collect();
    assert_eq!(results, [VisitResult::Clean, VisitResult::Found(vec![waiting.id()])]);
    assert_eq!(coverage(&done).visited, 2);
}

#[test]
fn a_look_back_before_the_latest_finding_is_not_enough() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(8, 0), rectify());
    case.tell(INSPECTOR, march20(9, 0), look_back(Outcome::Passed));
    case.tell(INSPECTOR, march20(15, 0), found_again());
    assert_eq!(at_five(&park, &[case.folded(&park)], &[]), [row(SOUTH_GATE, false, 1)]);
}

#[test]
fn one_case_looked_at_does_not_make_a_point_with_three_clean() {
    let park = park();
    let mut seen = Story::found(1, SOUTH_GATE, "S01", march20(7, 4));
    let mut rectified = Story::found(2, SOUTH_GATE, "S06", march20(16, 54));
    let open = Story::found(3, SOUTH_GATE, "S21", march20(16, 56));
    seen.tell(HEAD, march20(8, 0), rectify());
    seen.tell(INSPECTOR, march20(16, 52), passed());
    // Looking back at a case is a visit of its point.
    let mut evening = Walk::of(1, "T1", Round::LookBack);
    evening.tell(march20(16, 52), PatrolAct::Start);
    evening.visit(march20(16, 52), SOUTH_GATE, VisitResult::Clean);
    let result = |stories: &[&Story]| {
        let cases: Vec<_> = stories.iter().map(|story| story.folded(&park)).collect();
        let patrols = [evening.state()];
        look_back_list(&park, &team("T1"), day(3, 20), &cases, &patrols, march20(17, 0)).remove(0).result
    };
    assert_eq!(result(&[&seen]), Some(VisitResult::Clean));
    assert_eq!(result(&[&seen, &open]), Some(VisitResult::Found(vec![open.id()])));
    rectified.tell(HEAD, march20(16, 58), rectify());
    assert_eq!(result(&[&seen, &rectified, &open]), None, "it waits for its look-back");
    rectified.tell(INSPECTOR, march20(17, 5), passed());
    assert_eq!(result(&[&seen, &rectified]), Some(VisitResult::Clean));
}

#[test]
fn visits_of_both_rounds_count() {
    let park = park();
    // A finding whose case has not arrived here is a place to go back to all the same.
    let mut walk = morning(1, "T1");
    walk.visit(march20(7, 4), MARKET, VisitResult::Found(Vec::new()));
    assert_eq!(at_five(&park, &[], &[walk.state()]), [row(MARKET, false, 0)]);
    let mut evening = Walk::of(2, "T1", Round::LookBack);
    evening.tell(march20(17, 0), PatrolAct::Start);
    evening.visit(march20(17, 5), MARKET, VisitResult::Clean);
    assert_eq!(at_five(&park, &[], &[walk.state(), evening.state()]), [row(MARKET, true, 0)]);
}
