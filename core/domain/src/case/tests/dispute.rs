//! Decisions that contradict, and how a person settles them.

use super::super::*;
use crate::fixture::*;
use crate::id::EventId;
use crate::reference::Reference;

/// A rectified case with two look-backs that do not know of each other: [passed, failed].
fn contradicting(mirrored: bool) -> (Story, Reference, [EventId; 2]) {
    let mut case = Story::told(1, SOUTH_GATE, "S01", march20(7, 4), mirrored);
    case.tell(HEAD, march20(9, 0), rectify());
    let events = case.apart(march20(17, 0), (INSPECTOR, passed()), (COLLEAGUE, failed()));
    (case, park(), events)
}

fn between(state: &CaseState) -> Vec<Vec<EventId>> {
    state.disputes.iter().map(|dispute| dispute.between.clone()).collect()
}

fn sorted<const N: usize>(mut events: [EventId; N]) -> Vec<EventId> {
    events.sort_unstable();
    events.to_vec()
}

#[test]
fn two_look_backs_that_contradict_wait_for_a_person() {
    for mirrored in [false, true] {
        let (case, park, events) = contradicting(mirrored);
        let state = case.state(&park);
        assert_eq!(between(&state), [sorted(events)]);
        assert_eq!(state.status, Status::Rectified, "neither took effect");
        assert!(state.look_backs.is_empty() && state.settled.is_none());
        assert_eq!(state.thread.len(), 4, "neither was lost");
    }
}

#[test]
fn the_upheld_look_back_takes_effect_and_the_other_falls() {
    for mirrored in [false, true] {
        let (mut upheld_pass, park, [pass, fail]) = contradicting(mirrored);
        let mut upheld_fail = upheld_pass.clone();
        upheld_pass.tell(DISCIPLINE, march20(18, 0), decide(pass, &[fail]));
        let state = upheld_pass.state(&park);
        assert_eq!((state.status, state.disputed()), (Status::Closed, false));
        let fallen = state.thread.iter().find(|taken| taken.event == fail).unwrap();
        assert_eq!(fallen.ignored, Some(Ignored::Overruled));
        assert_eq!(state.look_backs.len(), 1);

        upheld_fail.tell(DISCIPLINE, march20(18, 0), decide(fail, &[pass]));
        let state = upheld_fail.state(&park);
        assert_eq!((state.status, state.sent_back), (Status::Rework, 1));
    }
}

#[test]
fn a_later_look_back_settles_nothing() {
    for outcome in [Outcome::Passed, Outcome::Failed] {
        let (mut case, park, events) = contradicting(false);
        case.tell(INSPECTOR, march20(17, 30), look_back(outcome));
        let state = case.state(&park);
        assert_eq!(between(&state), [sorted(events)]);
        assert_ne!(state.status, Status::Closed);
    }
}

#[test]
fn a_decision_of_somebody_who_had_seen_only_one_side_is_not_heard() {
    let (mut case, park, [pass, fail]) = contradicting(false);
    let stamp = crate::time::Stamp::exact(march20(18, 0));
    let decision = case.tell_seeing(COMMAND, stamp, decide(pass, &[fail]), &[pass]);
    let state = case.state(&park);
    assert!(state.disputed());
    let taken = state.thread.iter().find(|taken| taken.event == decision).unwrap();
    assert_eq!(taken.ignored, Some(Ignored::DanglingReference));
}

#[test]
fn concurrent_decisions_that_differ_reopen_the_dispute_until_a_later_one() {
    let (mut case, park, [pass, fail]) = contradicting(false);
    let differ = ((COMMAND, decide(pass, &[fail])), (DISCIPLINE, decide(fail, &[pass])));
    case.apart(march20(18, 0), differ.0, differ.1);
    assert_eq!(between(&case.state(&park)), [sorted([pass, fail])]);
    case.tell(DISCIPLINE, march20(19, 0), decide(fail, &[pass]));
    let state = case.state(&park);
    assert_eq!((state.status, state.disputed()), (Status::Rework, false));

    let (mut case, park, [pass, fail]) = contradicting(false);
    let agree = ((COMMAND, decide(pass, &[fail])), (DISCIPLINE, decide(pass, &[fail])));
    case.apart(march20(18, 0), agree.0, agree.1);
    assert_eq!(case.state(&park).status, Status::Closed);
}

#[test]
fn an_opposite_look_back_that_arrives_after_the_decision_reopens_it() {
    let (mut case, park, [pass, fail]) = contradicting(false);
    let before = case.record.events.keys().copied().collect::<Vec<_>>();
    case.tell(COMMAND, march20(18, 0), decide(pass, &[fail]));
    let stamp = crate::time::Stamp::exact(march20(17, 10));
    let third = case.tell_seeing(OTHER_TEAM, stamp, failed(), &before[..2]);
    assert_eq!(between(&case.state(&park)), [sorted([pass, third])]);
    case.tell(COMMAND, march20(20, 0), decide(pass, &[third]));
    assert_eq!(case.state(&park).status, Status::Closed);
}

#[test]
fn the_same_decision_taken_twice_is_no_dispute() {
    let park = park();
    let again = || [passed(), failed(), void(), rework(), dispatch("dept-huanwei")];
    for act in again() {
        let mut case = Story::at(SOUTH_GATE);
        case.tell(HEAD, march20(9, 0), rectify());
        case.apart(march20(17, 0), (INSPECTOR, act.clone()), (COLLEAGUE, act));
        assert!(!case.state(&park).disputed());
    }
}

#[test]
fn one_dispute_can_be_about_three_decisions() {
    let mut case = Story::at(SOUTH_GATE);
    let seen = case.heads();
    let stamp = crate::time::Stamp::exact(march20(8, 0));
    let units = ["dept-huanwei", "dept-jijian", "park-01"];
    let [a, b, c] = units.map(|unit| case.tell_seeing(COMMAND, stamp, dispatch(unit), &seen));
    let park = park();
    assert_eq!(between(&case.state(&park)), [vec![a, b, c]]);
    assert_eq!(case.state(&park).handler.unwrap().person.unwrap().as_str(), HEAD, "as before");
    case.tell(COMMAND, march20(9, 0), decide(b, &[a, c]));
    let state = case.state(&park);
    assert_eq!((state.disputed(), state.handler.unwrap().unit.unwrap().as_str()), (false, "dept-jijian"));
}

#[test]
fn void_against_work_done() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    let [voided, rectified] = case.apart(march20(9, 0), (COMMAND, void()), (HEAD, rectify()));
    let state = case.state(&park);
    assert_eq!(between(&state), [sorted([voided, rectified])]);
    assert_eq!(lateness(&state, march20(23, 0)), Lateness::Doubtful, "nobody is late over a dispute");
    case.tell(COMMAND, march20(10, 0), decide(rectified, &[voided]));
    assert_eq!(case.state(&park).status, Status::Rectified);
}

#[test]
fn acts_out_of_place_contradict_nothing() {
    let mut case = Story::at(SOUTH_GATE);
    case.tell(COMMAND, march20(8, 0), void());
    case.apart(march20(17, 0), (INSPECTOR, passed()), (COLLEAGUE, failed()));
    let state = case.state(&park());
    assert_eq!((state.status, state.disputed()), (Status::Voided, false));
    let ignored = state.thread.iter().filter(|taken| taken.ignored == Some(Ignored::OutOfPlace));
    assert_eq!(ignored.count(), 2);
}

#[test]
fn a_dispute_opens_a_closed_case_to_doubt() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(9, 0), rectify());
    case.tell(INSPECTOR, march20(17, 0), passed());
    case.apart(at(3, 21, 9, 0), (INSPECTOR, passed()), (DISCIPLINE, failed()));
    let state = case.state(&park);
    assert_eq!((state.status, state.disputed(), state.settled), (Status::Verified, true, None));
}
