//! From events to what a case is now.

use super::{CaseRecord, CaseState};
use crate::reference::Reference;
use crate::time::Timestamp;

/// What a case is, folded from its events in causal order; with `as_of`, what it was at that instant (only
/// events recorded until then count). `None` when no report is among them.
#[must_use]
pub fn fold(record: &CaseRecord, reference: &Reference, as_of: Option<Timestamp>) -> Option<CaseState> {
    let _ = (record, reference, as_of);
    unimplemented!()
}
