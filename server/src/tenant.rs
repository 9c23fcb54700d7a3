//! The server of one directory: its key, its log, its clock, and the way of a call through it.

use crate::call::{Call, Reply};
use crate::log::LogError;
use sanben_domain::id::{Epoch, TenantId};
use sanben_domain::time::Timestamp;
use sanben_sync::keys::PublicKey;
use std::path::Path;
use std::sync::Arc;

/// The server's clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// A source of randomness: fills the bytes.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Why a server could not be opened or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The directory or a file in it cannot be used.
    #[error("cannot use {what} in the server's directory: {source}; check that it exists and may be written")]
    Directory {
        /// Which file.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The key file is not a key.
    #[error("server.key is damaged; restore it from a backup: a new key would lock every device out")]
    Key,
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// The server of one tenant.
pub struct Server;

impl Server {
    /// Opens the server in a directory, which is created when missing: its key in `server.key` (readable by
    /// its owner alone), its log in `log.db`, photos in `photos/`.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn open(dir: &Path, clock: Clock, random: Random) -> Result<Self, ServerError> {
        let _ = (dir, clock, random);
        unimplemented!()
    }

    /// Answers a call: never panics, and what it accepted is durable when it returns.
    #[must_use]
    pub fn handle(&self, call: &Call) -> Reply {
        let _ = call;
        unimplemented!()
    }

    /// The server's public key.
    #[must_use]
    pub fn key(&self) -> PublicKey {
        unimplemented!()
    }

    /// The life of the log.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        unimplemented!()
    }

    /// The tenant; `None` until reference data was published.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn tenant(&self) -> Result<Option<TenantId>, ServerError> {
        unimplemented!()
    }
}
