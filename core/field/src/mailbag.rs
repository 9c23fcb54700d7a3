//! Carried by hand: where there is no network, undelivered work leaves in a sealed file, and another device or a
//! person takes it along. It stays in the outbox here until the server itself says what became of it.

use crate::Field;
use crate::budget::{Halt, Line};
use crate::error::FieldError;
use crate::invalid::Invalid;
use sanben_store::Mailbag;
use sanben_sync::device::request;
use sanben_sync::frame::unpack;
use sanben_sync::mailbag::{Carried, MAILBAG_PATH, MAX_MAILBAG_BYTES, look, seal};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// How the server says that it cannot open one.
const UNREADABLE: &str = "malformed";

/// What was put into a mailbag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Changes in it.
    pub changes: u64,
    /// Changes that found no room and wait for the next one.
    pub left: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Changes and intents of a mailbag together, before packing, bytes.
const ROOM: usize = MAX_MAILBAG_BYTES / 4;

impl Field {
    /// Writes undelivered work into a new file that only the server can open. Photos are not in it: they follow
    /// with this device's own sync.
    ///
    /// # Errors
    /// [`FieldError::Invalid`] when nothing waits, [`FieldError::Write`] when the file cannot be made or is there.
    pub fn export_mailbag(&self, file: &Path) -> Result<Exported, FieldError> {
        let identity = self.identity()?;
        let standing = self.store.standing()?;
        let pending = self.store.pending(ROOM)?;
        if pending.is_empty() {
            return Err(FieldError::Invalid(Invalid::NothingWaits));
        }
        let batches = request(&identity, &standing, &pending, 0, self.platform.clock.wall()).batches;
        let mut random = [0; 32];
        self.platform.random.fill(&mut random);
        let sealed = seal(&batches, &identity.server, random)
            .map_err(|_| FieldError::Other("the outbox cannot be sealed".to_owned()))?;
        let mut out =
            std::fs::File::options().write(true).create_new(true).open(file).map_err(FieldError::Write)?;
        out.write_all(&sealed).and_then(|()| out.sync_all()).map_err(FieldError::Write)?;
        let all = self.store.pending(usize::MAX)?.len();
        let changes = pending.len();
        Ok(Exported {
            changes: changes as u64,
            left: (all - changes.min(all)) as u64,
            bytes: sealed.len() as u64,
        })
    }

    /// Takes somebody's mailbag along; it is handed in with the next sync. `false` when it was here before.
    ///
    /// # Errors
    /// [`FieldError::Invalid`] for a file that is no mailbag, [`FieldError::File`].
    pub fn take_mailbag(&self, file: &Path) -> Result<bool, FieldError> {
        self.identity()?;
        let limit = MAX_MAILBAG_BYTES as u64 + 1;
        let mut bytes = Vec::new();
        let opened = std::fs::File::open(file).map_err(FieldError::File)?;
        opened.take(limit).read_to_end(&mut bytes).map_err(FieldError::File)?;
        look(&bytes).map_err(|_| FieldError::Invalid(Invalid::NotAMailbag))?;
        Ok(self.store.put_mailbag(Sha256::digest(&bytes).into(), &bytes, self.now()?)?)
    }

    /// The mailbags that this device took along, oldest first, and whether the server has them.
    ///
    /// # Errors
    /// A store error.
    pub fn mailbags(&self) -> Result<Vec<Mailbag>, FieldError> {
        Ok(self.store.mailbags()?)
    }

    /// Writes the mailbags that the server could not open, and that were set aside here, into a folder, each as a new file:
    /// for whoever finds out why. They stay here until their room is needed.
    ///
    /// # Errors
    /// [`FieldError::Write`] when a file cannot be made or is there.
    pub fn export_set_aside(&self, folder: &Path) -> Result<Vec<PathBuf>, FieldError> {
        let mut files = Vec::new();
        for mailbag in self.store.mailbags()?.into_iter().filter(|held| held.refused.is_some()) {
            let Some(bytes) = self.store.mailbag_bytes(mailbag.hash)? else { continue };
            std::fs::create_dir_all(folder).map_err(FieldError::Write)?;
            let name = crate::hex::write(&mailbag.hash[..8]);
            let file = folder.join(format!("set-aside-{name}.sanben"));
            let mut out = std::fs::File::options()
                .write(true)
                .create_new(true)
                .open(&file)
                .map_err(FieldError::Write)?;
            out.write_all(&bytes).and_then(|()| out.sync_all()).map_err(FieldError::Write)?;
            files.push(file);
        }
        Ok(files)
    }

    pub(crate) fn hand_in_mailbags(&self, line: &mut Line<'_, '_>) -> Result<(), Halt> {
        for mailbag in self.store.mailbags()?.into_iter().filter(Mailbag::waits) {
            let Some(bytes) = self.store.mailbag_bytes(mailbag.hash)? else { continue };
            // The server has it as a whole or not at all.
            line.fits(bytes.len() as u64)?;
            match line.call("POST", MAILBAG_PATH, None, bytes) {
                Ok(answer) => {
                    let carried: Carried = unpack(&answer.body, 1024).map_err(|_| {
                        FieldError::Refused("an answer that is not of this protocol".to_owned())
                    })?;
                    if carried.hash == mailbag.hash {
                        self.store.mailbag_received(mailbag.hash, carried.received)?;
                        line.report.carried += 1;
                    }
                }
                Err(halt) if halt.is_final() => return Err(halt),
                // One that the server cannot open must not hold up the others, nor this device's photos: it is set aside.
                Err(halt) => {
                    line.report.carried_refused += 1;
                    if matches!(&halt, Halt::Failed(FieldError::Refused(why)) if why == UNREADABLE) {
                        self.store.mailbag_refused(mailbag.hash, self.now()?)?;
                    }
                }
            }
            line.told()?;
        }
        Ok(())
    }
}
