//! Drafts: every field is durable as soon as it is set, and a draft goes in the same transaction in which
//! its case is recorded.

use crate::error::StoreError;
use crate::store::{Changed, Store};
use sanben_domain::case::{PhotoRole, Source};
use sanben_domain::id::{DraftId, PersonId, PhotoHash, PointId, StandardId};
use sanben_domain::place::Fix;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A report that is not recorded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id; it becomes the id of the case.
    pub id: DraftId,
    /// When it was begun, by the device's clock.
    pub at: Timestamp,
    /// Who began it.
    pub person: PersonId,
    /// The point.
    pub point: Option<PointId>,
    /// The standard it breaks.
    pub standard: Option<StandardId>,
    /// The words.
    pub description: String,
    /// The fix at the tap.
    pub fix: Option<Fix>,
    /// Who found it.
    pub source: Option<Source>,
    /// Photos, in the order they were added.
    pub photos: Vec<(PhotoHash, PhotoRole)>,
}

/// A field of a draft with its new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftField {
    /// The point.
    Point(Option<PointId>),
    /// The standard.
    Standard(Option<StandardId>),
    /// The words.
    Description(String),
    /// The fix.
    Fix(Option<Fix>),
    /// Who found it.
    Source(Option<Source>),
}

impl Store {
    /// Begins a draft. Beginning it twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft_create(&self, id: DraftId, person: &PersonId, at: Timestamp) -> Result<Changed, StoreError> {
        let _ = (id, person, at);
        unimplemented!()
    }

    /// Sets one field, durably.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`] when there is none.
    pub fn draft_set(&self, id: DraftId, field: &DraftField) -> Result<Changed, StoreError> {
        let _ = (id, field);
        unimplemented!()
    }

    /// Adds a photo that [`Store::put_photo`] has kept.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`], [`StoreError::NoPhoto`].
    pub fn draft_add_photo(
        &self,
        id: DraftId,
        hash: PhotoHash,
        role: PhotoRole,
    ) -> Result<Changed, StoreError> {
        let _ = (id, hash, role);
        unimplemented!()
    }

    /// Takes a photo out again; its bytes stay.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`].
    pub fn draft_remove_photo(&self, id: DraftId, hash: PhotoHash) -> Result<Changed, StoreError> {
        let _ = (id, hash);
        unimplemented!()
    }

    /// A draft.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        let _ = id;
        unimplemented!()
    }

    /// All drafts, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        unimplemented!()
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`].
    pub fn draft_discard(&self, id: DraftId) -> Result<Changed, StoreError> {
        let _ = id;
        unimplemented!()
    }
}
