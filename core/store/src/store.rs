//! The store as a whole: opening, suspending, and what a write reports.

use crate::error::StoreError;
use sanben_domain::id::{CaseId, PatrolId, PhotoHash};
use std::collections::BTreeSet;
use std::path::Path;

/// How a store treats the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Every write survives a power cut (`synchronous=FULL`): what a person recorded. Without it the last
    /// writes may be missing after one: replicas that can be filled again, simulated fleets.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { durable: true }
    }
}

/// What a write touched, for observers: one batch per write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// Cases whose row changed, came or went.
    pub cases: BTreeSet<CaseId>,
    /// Patrols whose row changed, came or went.
    pub patrols: BTreeSet<PatrolId>,
    /// Photos whose delivery changed.
    pub photos: BTreeSet<PhotoHash>,
    /// Reference data changed.
    pub reference: bool,
    /// The outbox or what needs attention changed.
    pub outbox: bool,
    /// Drafts changed.
    pub drafts: bool,
}

/// The store of one replica. Shared between threads by reference; no lock is held while calling out.
#[derive(Debug)]
pub struct Store {}

impl Store {
    /// Opens the store in a folder, which is made when it is not there. `random` is asked once.
    ///
    /// The time does not grow with the data. A projection of another form is made again in batches by the
    /// first call that needs it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another program holds it, [`StoreError::Newer`], [`StoreError::Corrupt`],
    /// [`StoreError::Full`], [`StoreError::Io`].
    pub fn open(dir: &Path, options: Options, random: &mut dyn FnMut(&mut [u8])) -> Result<Self, StoreError> {
        let _ = (dir, options, random);
        unimplemented!()
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        unimplemented!()
    }

    /// Whether the folder was found to be a restored or copied one when it was opened: its outbox may have
    /// been sent by the original.
    #[must_use]
    pub fn restored(&self) -> bool {
        unimplemented!()
    }

    /// Waits for calls under way, checkpoints, closes every connection and lets go of the folder's lock
    /// (iOS kills an app that holds one while suspended). The next call opens again.
    ///
    /// # Errors
    /// [`StoreError`] when the checkpoint failed; the store is closed nevertheless.
    pub fn suspend(&self) -> Result<(), StoreError> {
        unimplemented!()
    }
}
