//! Reading the unsent work out of a damaged file, without touching it.

use crate::error::StoreError;
use sanben_document::Intent;
use sanben_domain::time::Timestamp;
use std::path::Path;

/// Work that could still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// What was meant.
    pub intent: Intent,
    /// When it was recorded, by the device's clock.
    pub recorded: Timestamp,
    /// Whether the server had accepted it, as far as the file says.
    pub accepted: bool,
    /// The bytes of the change, where they could be read too.
    pub change: Option<Vec<u8>>,
}

/// Reads what can still be read of the outbox in a store's folder. Nothing there is changed.
///
/// # Errors
/// [`StoreError::Io`] when the file itself cannot be read.
pub fn salvage(dir: &Path) -> Result<Vec<Salvaged>, StoreError> {
    let _ = dir;
    unimplemented!()
}
