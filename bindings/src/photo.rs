//! Photos: small ones from the store, whole ones from the server.

use crate::failure::FieldFailure;
use crate::field::Field;
use crate::value::{PhotoHash, Uuid};
use sanben_domain::id::DocumentId;

#[uniffi::export]
impl Field {
    /// The small picture of a photo, a JPEG of at most 320 pixels; `None` when this store has none.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn thumbnail(&self, photo: PhotoHash) -> Result<Option<Vec<u8>>, FieldFailure> {
        self.call(|field| Ok(field.thumbnail(photo)?))
    }

    /// The small picture of a photo that a case or patrol shows, fetched from the server where this store does
    /// not have it, and kept here afterwards.
    ///
    /// # Errors
    /// [`FieldFailure::Refused`] when the server has none yet or does not show it to this person,
    /// [`FieldFailure::Network`].
    pub fn fetch_thumbnail(&self, document: Uuid, photo: PhotoHash) -> Result<Vec<u8>, FieldFailure> {
        self.call(|field| Ok(field.fetch_thumbnail(DocumentId(document), photo, &self.server()?)?))
    }

    /// The whole photo, fetched from the server where this store does not have it, and kept here afterwards.
    ///
    /// # Errors
    /// [`FieldFailure::Refused`] when the server does not show it to this person, [`FieldFailure::Network`].
    pub fn photo(&self, photo: PhotoHash) -> Result<Vec<u8>, FieldFailure> {
        self.call(|field| Ok(field.fetch_photo(photo, &self.server()?)?))
    }
}
