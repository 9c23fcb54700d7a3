//! The truth.

/// Why the log cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It was written by a later version.
    #[error("log.db was written by a later version of this program; update this one")]
    Newer,
    /// It is damaged.
    #[error("log.db is damaged ({0}); stop, keep the file, and restore a backup")]
    Damaged(String),
    /// It cannot be reached.
    #[error("log.db cannot be used: {0}")]
    Unusable(String),
}

/// How much there is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Scopes with entries.
    pub scopes: u64,
    /// Entries of all scopes.
    pub entries: u64,
    /// Accepted changes.
    pub changes: u64,
    /// Documents.
    pub documents: u64,
    /// Verdicts that were a rejection.
    pub rejected: u64,
    /// Devices that are enrolled and not taken out.
    pub devices: u64,
    /// Photos that arrived whole.
    pub photos: u64,
    /// Photos that are cited and did not arrive yet.
    pub photos_missing: u64,
}
