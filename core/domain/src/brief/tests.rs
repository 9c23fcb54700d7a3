use super::*;
use crate::case::CaseAct;
use crate::fixture::*;
use crate::ledger::merges_among;

fn brief(stories: &[&Story], now: Timestamp) -> WorkBrief {
    let park = park();
    let cases: Vec<_> = stories.iter().map(|story| story.folded(&park)).collect();
    WorkBrief::of(&park, day(3, 20), &cases, &merges_among(&cases), now).unwrap()
}

#[test]
fn the_evening_brief_names_department_person_and_deadline() {
    let mut clean = Story::found(1, SOUTH_GATE, "S01", march20(7, 0));
    clean.tell(HEAD, march20(9, 0), rectify());
    clean.tell(INSPECTOR, march20(17, 0), passed());
    let left = Story::found(2, MARKET, "S01", march20(7, 10));
    let also_left = Story::found(3, MARKET, "S01", march20(7, 40));
    let not_due = Story::found(4, MARKET, "S06", march20(7, 20));

    let evening = brief(&[&clean, &left, &also_left, &not_due], march20(20, 0));
    assert!(evening.closed);
    assert_eq!((evening.found, evening.put_right), (4, 1));
    let late = vec![left.id(), also_left.id()];
    let named = Named { department: Some("dept-huanwei".into()), person: Some(NEW_HEAD.into()), cases: late };
    assert_eq!(evening.overdue, [named]);
    let of_left = evening.items.iter().find(|item| item.case == left.id()).unwrap();
    assert_eq!(of_left.due, Some(march20(18, 0)));
    assert_eq!((of_left.status, of_left.lateness), (Status::Dispatched, Lateness::Late));
    let points: Vec<_> = evening.items.iter().map(|item| item.point.as_ref().unwrap().as_str()).collect();
    assert_eq!(points, [SOUTH_GATE, MARKET, MARKET, MARKET]);
}

#[test]
fn nobody_is_named_before_the_day_is_over() {
    // Left over from the day before: late, but the day's account is not closed.
    let old = Story::found(1, SOUTH_GATE, "S01", at(3, 19, 7, 0));
    let noon = brief(&[&old], march20(18, 0));
    assert_eq!((noon.closed, noon.overdue.len(), noon.found), (false, 0, 0));
    assert_eq!(noon.items[0].lateness, Lateness::Late);
    assert_eq!(brief(&[&old], march20(18, 1)).overdue.len(), 1);
}

#[test]
fn what_is_not_of_the_day_is_left_out() {
    let mut settled_before = Story::found(1, SOUTH_GATE, "S01", at(3, 19, 7, 0));
    settled_before.tell(INSPECTOR, at(3, 19, 17, 0), passed());
    let tomorrow = Story::found(2, SOUTH_GATE, "S01", at(3, 21, 7, 0));
    let mut voided = Story::found(3, SOUTH_GATE, "S01", march20(7, 0));
    voided.tell(COMMAND, march20(8, 0), void());
    let kept = Story::found(4, SOUTH_GATE, "S01", march20(7, 0));
    let mut duplicate = Story::found(5, SOUTH_GATE, "S01", march20(7, 5));
    duplicate.tell(INSPECTOR, march20(8, 0), CaseAct::MergeInto { kept: kept.id() });
    let evening = brief(&[&settled_before, &tomorrow, &voided, &kept, &duplicate], march20(20, 0));
    assert_eq!(evening.items.iter().map(|item| item.case).collect::<Vec<_>>(), [kept.id()]);
    assert_eq!(evening.found, 1);
}

#[test]
fn a_dispute_is_shown_and_names_nobody() {
    let mut disputed = Story::at(SOUTH_GATE);
    disputed.apart(march20(17, 0), (INSPECTOR, passed()), (COLLEAGUE, failed()));
    let evening = brief(&[&disputed], march20(20, 0));
    assert!(evening.items[0].disputed);
    assert_eq!(evening.items[0].lateness, Lateness::Doubtful);
    assert!(evening.overdue.is_empty());
}
