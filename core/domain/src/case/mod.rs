//! A case: one problem from report to close.
//!
//! The flow follows China's digital city management (数字城管, CJ/T 315, GB/T 30428): report, confirm,
//! file, dispatch, handle, verify, close, with rework, on account, void and extension beside it. A case
//! is a record of registers and events ([`CaseRecord`]); everything else is folded from it.

mod act;
mod contradiction;
mod deadline;
mod fold;
mod merge;
mod progress;
mod record;
mod state;

pub use act::{CaseAct, Field, Handler, Outcome, Source, Step};
pub(crate) use deadline::lateness_at;
pub use deadline::{due_at, finding_lateness, lateness};
pub use fold::fold;
pub use merge::{Merges, Sighting, may_be_duplicate};
pub use record::{CaseRecord, PhotoRef, PhotoRole};
pub use state::{
    CaseState, Dispute, Due, DueBasis, Handling, Hop, Ignored, Lateness, LookedBack, Mark, Rectification,
    Status, Taken, Term,
};

#[cfg(test)]
mod tests;
