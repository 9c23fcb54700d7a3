//! Deadlines of a case, and what clocks can and cannot say about them.

use super::super::*;
use crate::fixture::*;
use crate::reference::TimeLimit;
use crate::time::{Stamp, Timestamp};

fn due(limit: TimeLimit, found: Timestamp) -> Timestamp {
    let park = park();
    due_at(limit, found, park.tenant.as_ref().unwrap(), &park.calendar)
}

#[test]
fn the_same_day_ends_when_the_tenant_says() {
    assert_eq!(due(TimeLimit::SameDay, march20(7, 4)), march20(18, 0));
    assert_eq!(due(TimeLimit::SameDay, march20(17, 59)), march20(18, 0));
    assert_eq!(due(TimeLimit::SameDay, march20(18, 0)), at(3, 21, 18, 0), "the day is over");
    assert_eq!(due(TimeLimit::SameDay, march20(23, 30)), at(3, 21, 18, 0), "a Saturday is a day too");
    assert_eq!(due(TimeLimit::Days(3), march20(7, 4)), at(3, 23, 18, 0));
    assert_eq!(due(TimeLimit::Days(0), march20(19, 0)), at(3, 21, 18, 0));
}

#[test]
fn working_limits_follow_the_calendar_of_2026() {
    // Friday 16:30 + 4 working hours: one on Friday, three on Monday.
    assert_eq!(due(TimeLimit::WorkingHours(4), march20(16, 30)), at(3, 23, 11, 30));
    // 14 February is a worked Saturday; then nine days off until Tuesday the 24th.
    assert_eq!(due(TimeLimit::WorkingHours(4), at(2, 14, 15, 0)), at(2, 24, 10, 0));
    assert_eq!(due(TimeLimit::WorkingDays(1), at(2, 13, 10, 0)), at(2, 14, 17, 30));
    assert_eq!(due(TimeLimit::WorkingDays(1), at(2, 14, 10, 0)), at(2, 24, 17, 30));
    // Qingming: Saturday to Monday off. May: a worked Saturday after five days off.
    assert_eq!(due(TimeLimit::WorkingDays(3), at(4, 2, 9, 0)), at(4, 8, 17, 30));
    assert_eq!(due(TimeLimit::WorkingDays(4), at(4, 30, 9, 0)), at(5, 9, 17, 30));
}

#[test]
fn the_last_instant_is_still_in_time() {
    let park = park();
    let state = Story::at(SOUTH_GATE).state(&park);
    assert_eq!(lateness(&state, march20(18, 0)), Lateness::NotDue);
    assert_eq!(lateness(&state, march20(18, 0).plus_ms(1)), Lateness::Late);
}

#[test]
fn an_extension_moves_the_due_instant_even_afterwards() {
    let park = park();
    let mut case = Story::at(SOUTH_GATE);
    case.tell(HEAD, at(3, 21, 9, 0), rectify());
    assert_eq!(lateness(&case.state(&park), at(3, 22, 0, 0)), Lateness::Late);
    // The head answers before the notice is published, and is heard.
    let granted = case.tell(COMMAND, at(3, 21, 10, 0), extend(at(3, 21, 12, 0)));
    let state = case.state(&park);
    assert_eq!(lateness(&state, at(3, 22, 0, 0)), Lateness::InTime);
    assert_eq!(state.terms[0].due, Some(Due { at: at(3, 21, 12, 0), basis: DueBasis::Granted(granted) }));
}

#[test]
fn of_two_concurrent_extensions_the_later_due_holds() {
    for (one, other) in [(21, 22), (22, 21)] {
        let mut case = Story::at(SOUTH_GATE);
        let until = |of_month| extend(at(3, of_month, 18, 0));
        case.apart(march20(9, 0), (COMMAND, until(one)), (COMMAND, until(other)));
        assert_eq!(case.state(&park()).due.unwrap().at, at(3, 22, 18, 0));
        // A later one that has seen both may shorten it again.
        case.tell(COMMAND, march20(10, 0), until(21));
        assert_eq!(case.state(&park()).due.unwrap().at, at(3, 21, 18, 0));
    }
}

#[test]
fn a_clock_that_cannot_be_trusted_makes_nobody_late() {
    let park = park();
    let never_synced = |wall| Stamp { wall, offset_ms: None, jumped: false };
    // The rectification was recorded by a clock two days ahead.
    let mut case = Story::at(SOUTH_GATE);
    let seen = case.heads();
    case.tell_seeing(HEAD, never_synced(at(3, 22, 9, 0)), rectify(), &seen);
    assert_eq!(lateness(&case.state(&park), at(3, 23, 0, 0)), Lateness::Doubtful);

    // The finding was recorded by a clock two days behind: its deadline is as doubtful.
    let mut case = Story::at(SOUTH_GATE);
    case.record.events.clear();
    let act = CaseAct::Report { source: Source::Subdistrict };
    case.tell_seeing(INSPECTOR, never_synced(at(3, 18, 7, 0)), act, &[]);
    assert_eq!(lateness(&case.state(&park), march20(9, 0)), Lateness::Doubtful);
    // A due instant that a person named does not depend on that clock.
    case.tell(COMMAND, march20(9, 0), extend(march20(12, 0)));
    assert_eq!(lateness(&case.state(&park), march20(12, 1)), Lateness::Late);
}

#[test]
fn nothing_is_late_that_need_not_be_done() {
    let park = park();
    let next_week = at(3, 27, 0, 0);
    let mut voided = Story::at(SOUTH_GATE);
    voided.tell(COMMAND, march20(9, 0), void());
    assert_eq!(lateness(&voided.state(&park), next_week), Lateness::NotDue);
    let mut clean = Story::at(SOUTH_GATE);
    clean.tell(INSPECTOR, march20(17, 0), passed());
    assert_eq!(lateness(&clean.state(&park), next_week), Lateness::InTime, "seen clean is put right");
    assert_eq!(finding_lateness(&clean.state(&park), 9, next_week), Lateness::NotDue);
}
