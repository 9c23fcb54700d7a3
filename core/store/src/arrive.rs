//! Changes that arrive from the log.

use crate::error::StoreError;
use crate::store::Store;
use sanben_document::{ChangeHash, Document};
use sanben_domain::id::DocumentId;
use sanben_domain::time::Timestamp;

/// An arrived change that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its document.
    pub document: DocumentId,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its chunk; `None` for an echo of work that is not here.
    pub bytes: Option<Vec<u8>>,
    /// Why.
    pub reason: String,
    /// When the server had received it.
    pub received: Timestamp,
}

impl Store {
    /// A copy of a document; `None` when this replica does not hold it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn document(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        let _ = id;
        unimplemented!()
    }

    /// Arrived changes that could not be applied, oldest first. A later one may let them in after all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn quarantined(&self) -> Result<Vec<Quarantined>, StoreError> {
        unimplemented!()
    }
}
