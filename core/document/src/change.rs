//! Changes as the rest of the program sees them: opaque bytes with a hash, an actor and dependencies.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The hash of a change: SHA-256 over its chunk, as Automerge computes it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl fmt::Display for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChangeHash({self})")
    }
}

impl From<automerge::ChangeHash> for ChangeHash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

/// Who writes changes: random per installation and life of its database, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(#[serde(with = "serde_bytes")] pub [u8; 16]);

/// A change that this device just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalChange {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its chunk, uncompressed.
    pub bytes: Vec<u8>,
}

/// What a change says of itself before anything is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeHeader {
    /// Its hash.
    pub hash: ChangeHash,
    /// Who wrote it (raw actor id).
    pub actor: Vec<u8>,
    /// The actor's running number in this document, from 1.
    pub seq: u64,
    /// The changes it builds on.
    pub deps: Vec<ChangeHash>,
}

impl ChangeHeader {
    /// Reads the header out of a chunk that this replica has already accepted; `None` when it is none.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        parse(bytes).map(|change| Self::from_change(&change))
    }

    pub(crate) fn from_change(change: &automerge::Change) -> Self {
        Self {
            hash: change.hash().into(),
            actor: change.actor_id().to_bytes().to_vec(),
            seq: change.seq(),
            deps: change.deps().iter().copied().map(Into::into).collect(),
        }
    }
}

/// Parses one plain change chunk. Automerge's own deflated chunks are refused: 1 MB of them can inflate to
/// gigabytes (measured). Automerge may panic on hostile bytes; that is caught here and means "no".
pub(crate) fn parse(bytes: &[u8]) -> Option<automerge::Change> {
    const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
    const PLAIN_CHANGE: u8 = 1;
    // Magic (4), checksum (4), chunk type (1).
    if bytes.get(..4) != Some(&MAGIC) || bytes.get(8) != Some(&PLAIN_CHANGE) {
        return None;
    }
    let change = guarded(|| automerge::Change::from_bytes(bytes.to_vec()).ok())??;
    // The library takes a chunk whose checksum is wrong; its checksum is the beginning of its hash.
    let checked = bytes.get(4..8) == change.hash().0.get(..4);
    (checked && change.raw_bytes() == bytes).then_some(change)
}

/// Runs an entry point of automerge on bytes from outside; a panic inside becomes `None`.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok()
}
