//! One case after the other, from report to close.

use super::super::*;
use crate::fixture::*;
use crate::id::{DocumentId, PersonId, PointId, UnitId};
use crate::time::Timestamp;
use uuid::Uuid;

fn ignored(state: &CaseState) -> Vec<Ignored> {
    state.thread.iter().filter_map(|taken| taken.ignored).collect()
}

#[test]
fn without_the_staff_list_no_other_unit_is_named() {
    let mut unlisted = park();
    unlisted.people.clear();
    let case = Story::at(SOUTH_GATE);
    let (there, here) = (case.state(&park()).handler.unwrap(), case.state(&unlisted).handler.unwrap());
    assert_eq!(here.person, there.person);
    assert_eq!((there.unit, here.unit), (Some(UnitId::from("park-02")), None), "not the point's compound");
}

#[test]
fn the_day_of_the_newspaper_page() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    let reported = case.state(&park);
    assert_eq!(reported.status, Status::Dispatched, "filing and dispatch need no person here");
    let handler = Handler { unit: UnitId::from("park-02"), person: Some(PersonId::from(HEAD)) };
    assert_eq!(reported.handler, Some(handler.into()));
    assert_eq!(reported.community, Some(UnitId::from("park-02")));
    assert_eq!(reported.due.unwrap().at, march20(18, 0));

    case.tell(HEAD, march20(7, 9), acknowledge());
    assert_eq!(case.state(&park).status, Status::Acknowledged);
    let rectified = case.tell(HEAD, march20(9, 30), rectify());
    assert_eq!(case.state(&park).status, Status::Rectified);
    assert_eq!(lateness(&case.state(&park), march20(23, 0)), Lateness::InTime);
    let looked = case.tell(INSPECTOR, march20(17, 0), passed());

    let state = case.state(&park);
    assert_eq!(state.status, Status::Closed);
    assert_eq!(state.settled.unwrap().event, looked);
    assert_eq!(state.rectified.unwrap().mark.event, rectified);
    assert_eq!(state.terms[0].done.as_ref().unwrap().event, rectified);
    assert_eq!(state.sent_back, 0);
    let thread: Vec<_> = state.thread.iter().map(|taken| taken.status).collect();
    let steps = [Status::Dispatched, Status::Acknowledged, Status::Rectified, Status::Closed];
    assert_eq!(thread, steps);
}

#[test]
fn nothing_is_a_case_before_it_is_reported() {
    let mut case = Story::at(SOUTH_GATE);
    assert!(fold(&case.record, &park(), Some(march20(7, 3))).is_none());
    assert!(fold(&case.record, &park(), Some(march20(7, 4))).is_some());
    case.record.events.clear();
    assert!(fold(&case.record, &park(), None).is_none());
}

#[test]
fn a_past_day_is_shown_as_it_was() {
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(9, 30), rectify());
    // A clock that runs ahead hides its own event, but not that the next one came after the rectification.
    case.tell(CLERK, at(3, 25, 0, 0), comment());
    case.tell(INSPECTOR, march20(17, 0), failed());
    let then = |instant| fold(&case.record, &park(), Some(instant)).unwrap();
    assert_eq!(then(march20(12, 0)).status, Status::Rectified);
    let evening = then(march20(20, 0));
    assert_eq!((evening.status, evening.thread.len()), (Status::Rework, 3));
    assert_eq!(then(Timestamp(i64::MAX)), case.state(&park()));
}

#[test]
fn every_step_by_hand_waits_for_the_one_before() {
    let park = park_with(full_workflow());
    let mut case = Story::at(SOUTH_GATE);
    let mut expect = |by, hour, act, status| {
        case.tell(by, march20(hour, 0), act);
        let state = case.state(&park);
        assert_eq!(state.status, status, "after {:?}", state.thread.last());
        state.thread.last().unwrap().ignored
    };
    let out_of_place = Some(Ignored::OutOfPlace);
    assert_eq!(expect(COMMAND, 8, CaseAct::File, Status::Reported), out_of_place);
    assert_eq!(expect(COMMAND, 8, CaseAct::Confirm, Status::Confirmed), None);
    assert_eq!(expect(COMMAND, 8, dispatch("dept-huanwei"), Status::Confirmed), out_of_place);
    assert_eq!(expect(COMMAND, 8, CaseAct::File, Status::Filed), None);
    assert_eq!(expect(COMMAND, 9, dispatch("dept-huanwei"), Status::Dispatched), None);
    assert_eq!(expect(COMMAND, 9, CaseAct::Confirm, Status::Dispatched), out_of_place);
    assert_eq!(expect(NEW_HEAD, 10, rectify(), Status::Rectified), None);
    assert_eq!(expect(COMMAND, 10, CaseAct::Close, Status::Rectified), out_of_place);
    assert_eq!(expect(INSPECTOR, 17, passed(), Status::Verified), None);
    assert_eq!(expect(COMMAND, 18, CaseAct::Close, Status::Closed), None);
    assert_eq!(case.state(&park).handler.unwrap().unit, Some(UnitId::from("dept-huanwei")));
}

#[test]
fn a_street_without_look_backs_closes_when_it_is_put_right() {
    let steps = vec![Step::Report, Step::Dispatch, Step::Handle];
    let park = park_with(crate::reference::Workflow { steps, automatic: vec![Step::Dispatch] });
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(9, 0), rectify());
    assert_eq!(case.state(&park).status, Status::Closed);
}

#[test]
fn what_was_done_on_the_ground_counts_before_the_office_has_caught_up() {
    let park = park_with(full_workflow());
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(7, 10), acknowledge());
    assert_eq!(case.state(&park).status, Status::Reported);
    case.tell(HEAD, march20(7, 30), rectify());
    assert_eq!(case.state(&park).status, Status::Rectified);
}

#[test]
fn a_blind_spot_waits_for_somebody_to_be_named() {
    let park = park();
    let mut case = Story::at(ORPHAN);
    assert_eq!((case.state(&park).status, case.state(&park).handler), (Status::Filed, None));
    let mut dispatched = case.clone();
    dispatched.tell(COMMAND, march20(8, 0), dispatch("dept-huanwei"));
    assert_eq!(dispatched.state(&park).status, Status::Dispatched);
    // Recorded at the wrong point; completing the register sends it to the right head.
    case.record.point = Some(PointId::from(SOUTH_GATE));
    case.tell(INSPECTOR, march20(7, 6), CaseAct::Amend { fields: vec![Field::Point] });
    let amended = case.state(&park);
    assert_eq!(amended.status, Status::Dispatched);
    assert_eq!(amended.answered_then, Some(PersonId::from(HEAD)));
}

#[test]
fn a_case_without_point_and_standard_has_to_be_put_right_the_same_day() {
    let mut case = Story::at(SOUTH_GATE);
    (case.record.point, case.record.standard) = (None, None);
    let state = case.state(&park());
    assert_eq!(state.community, Some(UnitId::from("park-02")), "that of its home");
    assert_eq!(state.answered_then, None);
    assert_eq!(state.due.unwrap().at, march20(18, 0));
    assert_eq!(case.state(&crate::reference::Reference::default()).due, None, "nothing is known yet");
}

#[test]
fn who_answered_when_it_was_found_stays_named() {
    let case = |when| Story::found(1, MARKET, "S01", when).state(&park());
    assert_eq!(case(at(2, 28, 23, 59)).answered_then, Some(PersonId::from(OLD_HEAD)));
    assert_eq!(case(at(3, 1, 0, 0)).answered_then, Some(PersonId::from(NEW_HEAD)));
}

#[test]
fn a_failed_look_back_sends_it_back() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    let first = case.tell(HEAD, march20(9, 0), rectify());
    case.tell(INSPECTOR, march20(16, 0), failed());
    let back = case.state(&park);
    assert_eq!((back.status, back.sent_back), (Status::Rework, 1));
    assert!(back.rectified.is_none() && back.terms[0].done.is_none());
    assert_eq!(back.first_rectified[0].as_ref().unwrap().mark.event, first);
    let second = case.tell(HEAD, march20(17, 0), rectify());
    case.tell(COMMAND, march20(17, 10), rework());
    let third = case.tell(HEAD, march20(17, 40), rectify());
    let state = case.state(&park);
    assert_eq!((state.status, state.sent_back), (Status::Rectified, 2));
    assert_eq!(state.rectified.unwrap().mark.event, third);
    assert_ne!(second, third);
}

#[test]
fn a_spot_check_reopens_what_was_closed_on_a_false_claim() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(9, 0), rectify());
    case.tell(INSPECTOR, march20(17, 0), passed());
    case.tell(DISCIPLINE, at(3, 23, 9, 0), failed());
    let state = case.state(&park);
    assert_eq!((state.status, state.settled), (Status::Rework, None));
}

#[test]
fn found_again_is_a_new_finding_with_a_new_term_for_who_answers_now() {
    let park = park();
    let mut case = Story::found(1, MARKET, "S01", at(2, 27, 8, 0));
    case.tell(OLD_HEAD, at(2, 27, 9, 0), rectify());
    case.tell(INSPECTOR, at(2, 27, 17, 0), passed());
    case.tell(INSPECTOR, at(3, 2, 7, 0), found_again());
    let state = case.state(&park);
    assert_eq!(state.status, Status::Dispatched);
    assert_eq!((state.findings.len(), state.terms.len(), state.first_rectified.len()), (2, 2, 2));
    assert_eq!(state.due.unwrap().at, at(3, 2, 18, 0));
    assert_eq!(state.handler.clone().unwrap().person, Some(PersonId::from(NEW_HEAD)));
    assert_eq!(state.answered_then, Some(PersonId::from(OLD_HEAD)));
    assert_eq!(finding_lateness(&state, 0, at(3, 5, 0, 0)), Lateness::InTime);
    assert_eq!(lateness(&state, at(3, 5, 0, 0)), Lateness::Late);
    // While it is open, finding it again is no new finding.
    case.tell(COLLEAGUE, at(3, 2, 8, 0), found_again());
    assert_eq!(case.state(&park).findings.len(), 2);
    assert_eq!(ignored(&case.state(&park)), [Ignored::OutOfPlace]);
}

#[test]
fn an_offline_act_answers_only_for_the_finding_its_author_saw() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(9, 0), rectify());
    case.tell(INSPECTOR, march20(17, 0), passed());
    let closed = case.heads();
    case.tell(INSPECTOR, at(3, 23, 7, 0), found_again());
    // A tablet that was away reports, days later, that it was fine at 17:30.
    let late = crate::time::Stamp::exact(march20(17, 30));
    case.tell_seeing(COLLEAGUE, late, passed(), &closed);
    assert_eq!(case.state(&park).status, Status::Dispatched);
}

#[test]
fn on_account_and_escalation() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(8, 0), CaseAct::Answer { words: "可以".to_owned() });
    let reason = "需要母婴室".to_owned();
    case.tell(HEAD, march20(8, 10), CaseAct::Escalate { to: UnitId::from("park"), reason });
    case.tell(COMMAND, march20(9, 0), CaseAct::Answer { words: "同意，本周办".to_owned() });
    let account = case.tell(COMMAND, march20(9, 5), on_account(at(3, 27, 18, 0)));
    let state = case.state(&park);
    assert_eq!(state.status, Status::OnAccount);
    assert_eq!(state.due, Some(Due { at: at(3, 27, 18, 0), basis: DueBasis::Granted(account) }));
    let hops: Vec<_> = state.hops.iter().map(|hop| hop.to.clone()).collect();
    assert_eq!(hops, [Some(UnitId::from("park")), None]);
    assert_eq!(ignored(&state), [Ignored::OutOfPlace], "the answer before any question");
    // A look-back meanwhile finds it as was accepted.
    case.tell(INSPECTOR, march20(17, 0), failed());
    assert_eq!((case.state(&park).status, case.state(&park).sent_back), (Status::OnAccount, 0));
    case.tell(HEAD, at(3, 26, 10, 0), rectify());
    case.tell(INSPECTOR, at(3, 26, 17, 0), passed());
    let state = case.state(&park);
    assert_eq!((state.status, lateness(&state, at(4, 1, 0, 0))), (Status::Closed, Lateness::InTime));
}

#[test]
fn a_merge_can_be_undone_and_loses_nothing_meanwhile() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    let itself = case.id();
    case.tell(INSPECTOR, march20(7, 30), CaseAct::MergeInto { kept: itself });
    let kept = DocumentId(Uuid::from_u128(7));
    let merge = case.tell(INSPECTOR, march20(7, 31), CaseAct::MergeInto { kept });
    case.tell(HEAD, march20(9, 0), rectify());
    let merged = case.state(&park);
    assert_eq!((merged.status, merged.unmerged), (Status::Merged, Status::Rectified));
    assert_eq!(merged.merged, Some((kept, merge)));
    assert_eq!(ignored(&merged), [Ignored::DanglingReference]);
    let undo = |merge| CaseAct::Unmerge { merge, reason: "不是同一处".to_owned() };
    case.tell(INSPECTOR, march20(9, 5), undo(case.heads()[0]));
    assert_eq!(case.state(&park).status, Status::Merged, "that was not the merge");
    case.tell(INSPECTOR, march20(9, 6), undo(merge));
    assert_eq!(case.state(&park).status, Status::Rectified);
}

#[test]
fn a_later_kind_of_act_stays_in_the_thread() {
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, march20(8, 0), CaseAct::Unknown);
    let state = case.state(&park());
    assert_eq!((state.status, ignored(&state)), (Status::Dispatched, vec![Ignored::UnknownKind]));
}
