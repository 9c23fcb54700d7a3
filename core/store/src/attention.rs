//! What the server refused: kept until a person has corrected, sent again or given it up.

use crate::error::StoreError;
use crate::outbox::OutboxId;
use crate::record::Recorded;
use crate::store::{Changed, Store};
use sanben_document::Intent;
use sanben_domain::id::DocumentId;
use sanben_domain::time::Timestamp;
use sanben_sync::wire::Rejection;

/// A refused intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    /// Its number.
    pub id: OutboxId,
    /// The document.
    pub document: DocumentId,
    /// What was meant.
    pub intent: Intent,
    /// Why it was refused.
    pub rejection: Rejection,
    /// When the answer came.
    pub at: Timestamp,
}

/// An intent that a person gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discarded {
    /// Its number.
    pub id: OutboxId,
    /// What was meant.
    pub intent: Intent,
    /// Why it was given up.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// What needs attention, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn needs_attention(&self) -> Result<Vec<Attention>, StoreError> {
        unimplemented!()
    }

    /// Gives a refused intent up. It is kept with the reason.
    ///
    /// # Errors
    /// [`StoreError::NoAttention`].
    pub fn discard(&self, id: OutboxId, reason: &str, at: Timestamp) -> Result<Changed, StoreError> {
        let _ = (id, reason, at);
        unimplemented!()
    }

    /// Runs a refused intent again, corrected if a correction is given (same document and event). Those
    /// that fell with a refused report go with it.
    ///
    /// # Errors
    /// [`StoreError::NoAttention`]; [`StoreError::Document`] when it still does not fit.
    pub fn resend(&self, id: OutboxId, corrected: Option<Intent>) -> Result<Recorded, StoreError> {
        let _ = (id, corrected);
        unimplemented!()
    }

    /// What was given up, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn discarded(&self) -> Result<Vec<Discarded>, StoreError> {
        unimplemented!()
    }
}
