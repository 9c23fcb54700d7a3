//! Photos: files by hash, and a queue of their own after the metadata.

use crate::error::StoreError;
use crate::store::{Changed, Store};
use sanben_domain::id::PhotoHash;
use sanben_domain::place::Fix;
use sanben_domain::time::Timestamp;
use std::path::PathBuf;

/// What is known of a photo on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRow {
    /// SHA-256 of its bytes.
    pub hash: PhotoHash,
    /// Its media type, such as `image/jpeg`.
    pub mime: String,
    /// Width in pixels as displayed.
    pub width: u32,
    /// Height in pixels as displayed.
    pub height: u32,
    /// Size of the original in bytes.
    pub bytes_len: u64,
    /// When the camera says it was taken, in the caller's form.
    pub taken_at: Option<String>,
    /// Where the camera says it stood.
    pub place: Option<Fix>,
    /// A small JPEG, when one could be made.
    pub thumbnail: Option<Vec<u8>>,
    /// When the server confirmed this very hash; `None` until then.
    pub receipt: Option<Timestamp>,
}

/// A photo that has to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// Its hash.
    pub hash: PhotoHash,
    /// Its size in bytes.
    pub size: u64,
    /// How far it has been sent, as the server last said.
    pub offset: u64,
}

impl Store {
    /// Keeps a photo: the file first (written aside, synced, renamed), then the row. Doing it twice changes
    /// nothing; `row.receipt` is ignored.
    ///
    /// # Errors
    /// [`StoreError::WrongBytes`] when they do not fit the hash, [`StoreError::Full`], [`StoreError::Io`].
    pub fn put_photo(&self, row: &PhotoRow, bytes: &[u8]) -> Result<Changed, StoreError> {
        let _ = (row, bytes);
        unimplemented!()
    }

    /// A photo of this device.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo(&self, hash: PhotoHash) -> Result<Option<PhotoRow>, StoreError> {
        let _ = hash;
        unimplemented!()
    }

    /// Where the file of a photo lies, whether or not it is there.
    #[must_use]
    pub fn photo_path(&self, hash: PhotoHash) -> PathBuf {
        let _ = hash;
        unimplemented!()
    }

    /// Up to `len` bytes of a photo from `offset`; fewer at its end.
    ///
    /// # Errors
    /// [`StoreError::NoPhoto`], [`StoreError::Io`].
    pub fn photo_bytes(&self, hash: PhotoHash, offset: u64, len: usize) -> Result<Vec<u8>, StoreError> {
        let _ = (hash, offset, len);
        unimplemented!()
    }

    /// Photos to send: cited by own work that the server has accepted, without a receipt; oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn uploads(&self) -> Result<Vec<Upload>, StoreError> {
        unimplemented!()
    }

    /// Notes how far a photo has been sent.
    ///
    /// # Errors
    /// [`StoreError::NoPhoto`].
    pub fn set_upload_offset(&self, hash: PhotoHash, offset: u64) -> Result<Changed, StoreError> {
        let _ = (hash, offset);
        unimplemented!()
    }

    /// Notes the server's receipt for this very hash.
    ///
    /// # Errors
    /// [`StoreError::NoPhoto`].
    pub fn set_receipt(&self, hash: PhotoHash, at: Timestamp) -> Result<Changed, StoreError> {
        let _ = (hash, at);
        unimplemented!()
    }
}
