//! Publishing reference data: what differs from what holds now becomes entries of the log.

use crate::tenant::{Server, ServerError};
use sanben_domain::reference::{Reference, ReferenceUpdate};
use std::sync::Arc;

/// What a publication changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Published {
    /// Rows that were not there before.
    pub new: usize,
    /// Rows that replaced others.
    pub changed: usize,
    /// Rows that went.
    pub removed: usize,
    /// Rows that were the same already.
    pub same: usize,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The first publication must say which tenant this is.
    #[error("no tenant yet: the first import must bring the tenant's settings")]
    NoTenant,
    /// The directory belongs to another tenant.
    #[error("this server's directory belongs to another tenant; use a directory of its own")]
    OtherTenant,
    /// One row is larger than a message may be.
    #[error("a row of kind {0} is too large to be sent to devices")]
    TooLarge(String),
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl Server {
    /// Publishes the rows that differ from what holds now, and removes what the update says goes.
    ///
    /// # Errors
    /// [`PublishError`]; nothing was published then.
    pub fn publish(&self, update: ReferenceUpdate) -> Result<Published, PublishError> {
        let _ = update;
        unimplemented!()
    }

    /// Publishes what the office's files say. As [`Server::publish`], and rows to which nothing refers
    /// (assignments, days of the calendar, polygons) go when the files no longer have them, so that a
    /// corrected line replaces the wrong one.
    ///
    /// # Errors
    /// [`PublishError`]; nothing was published then.
    pub fn publish_files(&self, update: ReferenceUpdate) -> Result<Published, PublishError> {
        let _ = update;
        unimplemented!()
    }

    /// The reference data that holds now.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn reference(&self) -> Result<Arc<Reference>, ServerError> {
        unimplemented!()
    }
}
