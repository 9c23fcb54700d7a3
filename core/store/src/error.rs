//! Why the store could not do something, by what the caller would do about it.

use sanben_document::DocumentError;
use sanben_domain::id::{DocumentId, DraftId, PhotoHash};

/// Why the store could not do something. Nothing of the failed step was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A later version of the program wrote this store.
    #[error("the store is of version {found}, this program knows {known}: update the program")]
    Newer {
        /// The version found.
        found: u32,
        /// The version known here.
        known: u32,
    },
    /// The file is damaged. It is kept as it is; [`crate::salvage`] reads what can still be read.
    #[error("the store is damaged ({0}): keep the folder, export the unsent work, then start a new store")]
    Corrupt(String),
    /// The store is encrypted and was opened without its key.
    #[error("the store is encrypted: unlock it with its PIN")]
    Locked,
    /// The store is encrypted, and the file that holds its wrapped key is not there any more.
    #[error("what would open this store is gone: keep the folder, its unsent work is still in there")]
    KeyLost,
    /// This program was built without encryption.
    #[error("this build of the program keeps no encrypted stores: use one that was built with `encrypted`")]
    NotEncrypting,
    /// There is no room left.
    #[error("no room left on this device: free some space, nothing recorded so far is lost")]
    Full,
    /// Another program holds the store.
    #[error("another program has this store open: close it and try again")]
    Busy,
    /// The disk or the system refused.
    #[error("the disk refused: {0}")]
    Io(String),
    /// The document is not in this store.
    #[error("document {0} is not in this store")]
    NoDocument(DocumentId),
    /// The draft is not in this store (recorded or discarded already).
    #[error("draft {0} is not in this store: it was recorded or discarded")]
    NoDraft(DraftId),
    /// The photo is not in this store.
    #[error("photo {0} is not in this store")]
    NoPhoto(PhotoHash),
    /// There is no such row waiting for attention.
    #[error("nothing with this number needs attention: it was sent again or discarded")]
    NoAttention,
    /// The bytes are not those of the hash.
    #[error("photo bytes do not fit the hash {0}: take them over again")]
    WrongBytes(PhotoHash),
    /// The intent does not fit the document.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match &error {
            rusqlite::Error::SqliteFailure(failure, text) => {
                let text = || text.clone().unwrap_or_else(|| failure.to_string());
                match failure.code {
                    Code::DatabaseCorrupt | Code::NotADatabase => Self::Corrupt(text()),
                    Code::DiskFull => Self::Full,
                    Code::DatabaseBusy | Code::DatabaseLocked | Code::FileLockingProtocolFailed => Self::Busy,
                    // The log's index beside the database does not fit on the disk any more.
                    Code::SystemIoFailure if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => {
                        Self::Full
                    }
                    // The file ends before it should.
                    Code::SystemIoFailure
                        if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ =>
                    {
                        Self::Corrupt(text())
                    }
                    _ => Self::Io(text()),
                }
            }
            // Our own rows are read as they were written; another form means damage.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Corrupt("a stored value is unreadable".to_owned()),
            other => Self::Io(other.to_string()),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            // Without the path: folders carry people's names.
            kind => Self::Io(kind.to_string()),
        }
    }
}
