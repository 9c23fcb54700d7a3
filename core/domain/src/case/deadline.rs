//! By when a problem has to be put right, and whether it was.

use super::{CaseState, Lateness};
use crate::reference::{Tenant, TimeLimit, WorkingCalendar};
use crate::time::Timestamp;

/// The last instant in time for a problem found at `found`.
#[must_use]
pub fn due_at(limit: TimeLimit, found: Timestamp, tenant: &Tenant, calendar: &WorkingCalendar) -> Timestamp {
    let _ = (limit, found, tenant, calendar);
    unimplemented!()
}

/// Whether the case is late: its latest finding, by the due instant that holds now.
#[must_use]
pub fn lateness(state: &CaseState, now: Timestamp) -> Lateness {
    match state.terms.len().checked_sub(1) {
        Some(latest) => finding_lateness(state, latest, now),
        None => Lateness::NotDue,
    }
}

/// Whether one finding (an index into [`CaseState::findings`]) was put right by its own due instant. What
/// kind of deadline it was says `state.terms[finding].due.basis` (`Limit(SameDay)` is the same-day rule).
#[must_use]
pub fn finding_lateness(state: &CaseState, finding: usize, now: Timestamp) -> Lateness {
    let _ = (state, finding, now);
    unimplemented!()
}
