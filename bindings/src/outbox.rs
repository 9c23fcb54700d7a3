//! What this device recorded and what became of each piece, so that "delivered" is never a guess.

use crate::attention::RejectionReason;
use crate::failure::FieldFailure;
use crate::field::{Field, each};
use crate::thread::ActKind;
use crate::value::{Uuid, instant};
use std::time::SystemTime;

/// What became of a recorded piece of work.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum OutboxState {
    /// It waits for the server.
    Pending,
    /// The server has made it durable.
    Accepted {
        /// When.
        received: SystemTime,
    },
    /// The server refused it; it needs attention.
    Rejected {
        /// Why.
        why: RejectionReason,
        /// When the answer came.
        at: SystemTime,
    },
    /// The server keeps it until a person of the desk has looked at it.
    InReview {
        /// What speaks against it.
        why: RejectionReason,
        /// When the answer came.
        at: SystemTime,
    },
    /// It was given up here.
    Discarded {
        /// Why.
        reason: String,
        /// When.
        at: SystemTime,
    },
}

/// One recorded piece of work.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OutboxEntry {
    /// Its number.
    pub id: i64,
    /// The case or patrol.
    pub document: Uuid,
    /// What was meant.
    pub kind: ActKind,
    /// When it was recorded, by the device's clock.
    pub recorded_at: SystemTime,
    /// What became of it.
    pub state: OutboxState,
}

impl From<sanben_field::OutboxState> for OutboxState {
    fn from(state: sanben_field::OutboxState) -> Self {
        use sanben_field::OutboxState as Core;
        match state {
            Core::Pending => Self::Pending,
            Core::Accepted { received, .. } => Self::Accepted { received: instant(received) },
            Core::Rejected { rejection, at } => Self::Rejected { why: rejection.into(), at: instant(at) },
            Core::InReview { why, at } => Self::InReview { why: why.into(), at: instant(at) },
            Core::Discarded { reason, at } => Self::Discarded { reason, at: instant(at) },
        }
    }
}

impl From<sanben_field::OutboxRow> for OutboxEntry {
    fn from(row: sanben_field::OutboxRow) -> Self {
        Self {
            id: row.id.0,
            document: row.document.0,
            kind: crate::attention::meant(&row.intent.body).0,
            recorded_at: instant(row.recorded),
            state: row.state.into(),
        }
    }
}

#[uniffi::export]
impl Field {
    /// The latest pieces of own work with what became of each.
    ///
    /// # Errors
    /// A failure of the store.
    #[uniffi::method(default(limit = 200))]
    pub fn outbox(&self, limit: i32) -> Result<Vec<OutboxEntry>, FieldFailure> {
        self.call(|field| Ok(each(field.outbox(usize::try_from(limit).unwrap_or(0))?)))
    }
}
