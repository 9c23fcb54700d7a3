//! By when a problem has to be put right, and whether it was.
//!
//! Lateness is judged by what can be believed: a doubtful clock, on either side, never makes anybody late.

use super::{CaseState, Due, DueBasis, Lateness, Status};
use crate::reference::{Tenant, TimeLimit, WorkingCalendar};
use crate::time::Timestamp;
use chrono::{Days, NaiveDate};

/// The last instant in time for a problem found at `found`.
///
/// The same day ends at the tenant's `day.ends_at`; what is found after that has until the next day's end.
/// Days of the plain calendar end at the same hour. Working time follows the calendar.
#[must_use]
pub fn due_at(limit: TimeLimit, found: Timestamp, tenant: &Tenant, calendar: &WorkingCalendar) -> Timestamp {
    let today = tenant.zone.day(found);
    let end_after = |days: u64| {
        let day = today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        tenant.zone.at(day, tenant.day.ends_at)
    };
    match limit {
        TimeLimit::SameDay | TimeLimit::Days(0) if found < end_after(0) => end_after(0),
        TimeLimit::SameDay | TimeLimit::Days(0) => end_after(1),
        TimeLimit::Days(days) => end_after(u64::from(days)),
        TimeLimit::WorkingHours(hours) => calendar.add_working_hours(found, hours),
        TimeLimit::WorkingDays(days) => calendar.end_of_working_days(found, days),
    }
}

/// Whether the case is late: its latest finding, by the due instant that holds now. A voided or merged case
/// has nothing to be put right.
#[must_use]
pub fn lateness(state: &CaseState, now: Timestamp) -> Lateness {
    lateness_at(state.status, state, now)
}

/// The same for a status seen together with other cases ([`super::Merges::status`]).
pub(crate) fn lateness_at(status: Status, state: &CaseState, now: Timestamp) -> Lateness {
    match state.terms.len().checked_sub(1) {
        Some(latest) if !matches!(status, Status::Voided | Status::Merged) => {
            finding_lateness(state, latest, now)
        }
        _ => Lateness::NotDue,
    }
}

/// Whether one finding (an index into [`CaseState::findings`]) was put right by its own due instant. What
/// kind of deadline it was says `state.terms[finding].due.basis` (`Limit(SameDay)` is the same-day rule).
///
/// It would be late, but is called doubtful, when the clock that recorded the rectification is doubtful,
/// when the limit was counted from a finding whose clock is, or while a dispute is open.
#[must_use]
pub fn finding_lateness(state: &CaseState, finding: usize, now: Timestamp) -> Lateness {
    let (Some(term), Some(found)) = (state.terms.get(finding), state.findings.get(finding)) else {
        return Lateness::NotDue;
    };
    let Some(Due { at: due, basis }) = term.due else { return Lateness::NotDue };
    let counted_from_doubt = matches!(basis, DueBasis::Limit(_)) && found.at.doubtful();
    match &term.done {
        Some(done) if done.at.at() <= due => Lateness::InTime,
        None if now <= due => Lateness::NotDue,
        Some(done) if done.at.doubtful() => Lateness::Doubtful,
        _ if counted_from_doubt || state.disputed() => Lateness::Doubtful,
        _ => Lateness::Late,
    }
}
