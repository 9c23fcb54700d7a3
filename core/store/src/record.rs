//! Recording: intents become changes, outbox rows, list rows and search words in one durable transaction.

use crate::error::StoreError;
use crate::store::{Changed, Store};
use sanben_document::{ChangeHash, Intent};
use sanben_domain::id::{DocumentId, DraftId};

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recorded {
    /// One change per intent, in order; an intent whose event was recorded before is left out.
    pub changes: Vec<(DocumentId, ChangeHash)>,
    /// What the write touched.
    pub changed: Changed,
}

impl Store {
    /// Records intents, all or none. A creating intent makes its document; the draft, if named, goes with
    /// it. Recording an intent a second time changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`] when an act names an unknown one, [`StoreError::Document`] when an intent
    /// does not fit, [`StoreError::Full`] and the others; nothing is recorded then.
    pub fn record(&self, intents: &[Intent], draft: Option<DraftId>) -> Result<Recorded, StoreError> {
        let _ = (intents, draft);
        unimplemented!()
    }
}
