//! The folder's marker and lock: one small file beside the database, which the shells keep out of backups.
//!
//! Its lock keeps a second program out. Its content is also written into the database: where the two differ,
//! the database came back from a backup or was copied. That is only worth a notice: an actor lives no longer
//! than one opening ([`Actors`]), so a restored store can never write under an actor that was used before,
//! not even where the marker was copied along. (Measured: a restored backup that goes on with its old actor
//! never converges again, and no error says so.)

use crate::error::StoreError;
use sanben_document::Actor;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

const FILE: &str = "installation";

/// The open, locked marker. Dropping it lets go.
#[derive(Debug)]
pub(crate) struct Installation {
    file: File,
    /// What it held; empty when it is new.
    pub(crate) marker: String,
}

impl Installation {
    /// Locks the folder.
    pub(crate) fn lock(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut marker = String::new();
        // Whatever is no text is no marker of ours.
        if file.read_to_string(&mut marker).is_err() {
            marker = "unreadable".to_owned();
        }
        Ok(Self { file, marker })
    }

    /// Writes a new marker, durably.
    pub(crate) fn mark(&mut self, marker: &str) -> Result<(), StoreError> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(marker.as_bytes())?;
        self.file.sync_all()?;
        marker.clone_into(&mut self.marker);
        Ok(())
    }
}

/// Makes actors and markers from the randomness given at opening: never the same twice, never stored.
#[derive(Debug)]
pub(crate) struct Actors {
    seed: [u8; 32],
    made: u64,
    /// Who writes now.
    pub(crate) current: Actor,
}

impl Actors {
    pub(crate) fn new(random: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut seed = [0; 32];
        random(&mut seed);
        let mut actors = Self { seed, made: 0, current: Actor([0; 16]) };
        actors.rotate();
        actors
    }

    /// From here on another actor writes.
    pub(crate) fn rotate(&mut self) {
        self.current = Actor(self.next(b"actor"));
    }

    /// A new marker.
    pub(crate) fn marker(&mut self) -> String {
        self.next(b"marker").iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn next(&mut self, purpose: &[u8]) -> [u8; 16] {
        self.made += 1;
        let digest =
            Sha256::new().chain_update(self.seed).chain_update(purpose).chain_update(self.made.to_be_bytes());
        let mut out = [0; 16];
        for (to, from) in out.iter_mut().zip(digest.finalize()) {
            *to = from;
        }
        out
    }
}
