use super::*;
use crate::case::CaseAct;
use crate::fixture::*;

#[test]
fn the_standards_of_a_point_and_what_is_open_against_them() {
    let park = park();
    let open = Story::found(1, MARKET, "S01", march20(7, 0));
    let mut closed = Story::found(2, MARKET, "S06", march20(7, 0));
    closed.tell(INSPECTOR, march20(17, 0), passed());
    let elsewhere = Story::found(3, SOUTH_GATE, "S01", march20(7, 0));
    let cases = [&open, &closed, &elsewhere].map(|story| story.folded(&park));

    let ledger = StandardLedger::of(&park, &MARKET.into(), &cases).unwrap();
    let rows: Vec<_> =
        ledger.standards.iter().map(|row| (row.standard.id.as_str(), row.open.as_slice())).collect();
    assert_eq!(rows, [("S01", &[open.id()][..]), ("S06", &[]), ("S15", &[])], "S21 is for lanes");
    assert!(StandardLedger::of(&park, &"P999".into(), &cases).is_none());
}

#[test]
fn what_is_and_was_wrong_at_a_point() {
    let park = park();
    let late = Story::found(1, SOUTH_GATE, "S01", at(3, 18, 7, 0));
    let fresh = Story::found(2, SOUTH_GATE, "S01", march20(7, 0));
    let mut again = Story::found(3, SOUTH_GATE, "S15", at(3, 10, 7, 0));
    again.tell(HEAD, at(3, 10, 8, 0), rectify());
    again.tell(INSPECTOR, at(3, 10, 17, 0), passed());
    again.tell(INSPECTOR, at(3, 11, 7, 0), found_again());
    again.tell(INSPECTOR, at(3, 11, 17, 0), passed());
    let mut duplicate = Story::found(4, SOUTH_GATE, "S01", march20(7, 30));
    duplicate.tell(INSPECTOR, march20(8, 0), CaseAct::MergeInto { kept: fresh.id() });
    let cases = [&fresh, &again, &duplicate, &late].map(|story| story.folded(&park));

    let ledger = ProblemLedger::of(&SOUTH_GATE.into(), &cases, march20(12, 0));
    let open: Vec<_> = ledger.open.iter().map(|row| (row.case, row.lateness)).collect();
    assert_eq!(open, [(late.id(), Lateness::Late), (fresh.id(), Lateness::NotDue)]);
    let past: Vec<_> = ledger.past.iter().map(|row| (row.case, row.status, row.times_found)).collect();
    assert_eq!(past, [(duplicate.id(), Status::Merged, 1), (again.id(), Status::Closed, 2)]);
    assert_eq!(ledger.open[0].answered_then, Some(HEAD.into()));
}

#[test]
fn who_answers_now_and_who_answered_then() {
    let park = park();
    let ledger = |when| ResponsibilityLedger::of(&park, &MARKET.into(), when);
    let head = |when| ledger(when).head.map(|head| (head.person, head.unit));
    assert_eq!(head(at(2, 28, 12, 0)), Some((OLD_HEAD.into(), Some("park-02".into()))));
    assert_eq!(head(march20(7, 0)), Some((NEW_HEAD.into(), Some("dept-huanwei".into()))));
    assert_eq!(head(Timestamp(0)), None);
    let history: Vec<_> = ledger(march20(7, 0)).history.into_iter().map(|entry| entry.person).collect();
    assert_eq!(history, [OLD_HEAD.into(), NEW_HEAD.into()]);
}

#[test]
fn contacts_stand_beside_the_head() {
    let mut park = park();
    let contact = Assignment {
        point: MARKET.into(),
        person: COMMAND.into(),
        duty: Duty::Contact,
        from: at(2, 1, 0, 0),
        until: Some(at(4, 1, 0, 0)),
    };
    park.assignments.get_mut(&MARKET.into()).unwrap().push(contact);
    let ledger = ResponsibilityLedger::of(&park, &MARKET.into(), march20(7, 0));
    assert_eq!(ledger.head.unwrap().person, NEW_HEAD.into());
    assert_eq!(ledger.contacts.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), [COMMAND]);
    assert!(ResponsibilityLedger::of(&park, &MARKET.into(), at(4, 1, 0, 0)).contacts.is_empty());
}

#[test]
fn what_nobody_answers_for() {
    let mut park = park();
    park.points.get_mut(&NORTH.into()).unwrap().team = Some("T9".into());
    let spots = blind_spots(&park, march20(7, 0));
    assert_eq!(spots.points, [ORPHAN.into()]);
    assert_eq!(spots.unwalked, [NORTH.into()], "no such team");
    assert_eq!(spots.without_clerk, ["park-01".into()]);
    assert!(spots.without_points.is_empty());
    park.points.remove(&NORTH.into());
    assert_eq!(blind_spots(&park, march20(7, 0)).without_points, ["park-01".into()]);
    let before_anybody = blind_spots(&park, Timestamp(0));
    assert_eq!(before_anybody.points.len(), 3);
}
