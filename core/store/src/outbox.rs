//! The outbox: what this device recorded, and what became of it. Rows are never removed before the server
//! has accepted them.

use crate::error::StoreError;
use crate::store::Store;
use sanben_document::{ChangeHash, Intent};
use sanben_domain::id::{DocumentId, PersonId};
use sanben_domain::time::Timestamp;
use sanben_sync::device::Pending;
use sanben_sync::wire::Rejection;

/// The number of an outbox row; rows keep it when they are made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId(pub i64);

/// What became of a recorded intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxState {
    /// It waits for the server.
    Pending,
    /// It is in the log for good.
    Accepted {
        /// Its number in its home scope.
        seq: u64,
        /// When the server made it durable.
        received: Timestamp,
    },
    /// The server refused it; it needs attention.
    Rejected {
        /// Why.
        rejection: Rejection,
        /// When the answer came.
        at: Timestamp,
    },
    /// A person gave it up.
    Discarded {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

/// One recorded intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number.
    pub id: OutboxId,
    /// The document.
    pub document: DocumentId,
    /// Who acted.
    pub person: PersonId,
    /// The change it became.
    pub hash: ChangeHash,
    /// What was meant.
    pub intent: Intent,
    /// When it was recorded, by the device's clock.
    pub recorded: Timestamp,
    /// What became of it.
    pub state: OutboxState,
}

/// How much there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Cases.
    pub cases: u64,
    /// Of those, open.
    pub open: u64,
    /// Of those, disputed.
    pub disputed: u64,
    /// Patrols.
    pub patrols: u64,
    /// Drafts.
    pub drafts: u64,
    /// Own changes that wait for the server.
    pub pending: u64,
    /// Own intents that need attention.
    pub rejected: u64,
    /// Own photos cited by recorded work.
    pub photos: u64,
    /// Of those, confirmed by the server.
    pub photos_delivered: u64,
    /// Arrived changes that could not be applied.
    pub quarantined: u64,
}

impl Store {
    /// What waits for the server, in the order it was recorded, up to about `max_bytes` (at least one).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pending(&self, max_bytes: usize) -> Result<Vec<Pending>, StoreError> {
        let _ = max_bytes;
        unimplemented!()
    }

    /// The latest rows, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn outbox(&self, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        let _ = limit;
        unimplemented!()
    }

    /// How much there is of everything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counts(&self) -> Result<Counts, StoreError> {
        unimplemented!()
    }
}
