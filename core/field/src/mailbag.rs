//! Carried by hand: where there is no network, undelivered work leaves in a sealed file, and another device or a
//! person takes it along. It stays in the outbox here until the server itself says what became of it.

use crate::Field;
use crate::budget::{Halt, Line};
use crate::error::FieldError;
use crate::invalid::Invalid;
use crate::sync::SyncReport;
use sanben_store::Mailbag;
use sanben_sync::frame::unpack;
use sanben_sync::mailbag::{Carried, MAILBAG_PATH, MAX_FILE_BYTES, in_file, to_file};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// How the server says that it cannot open one.
const UNREADABLE: &str = "malformed";

/// A mailbag of which the server leaves some for later is offered again for so long, ms.
const OFFERED_FOR_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What was put into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// Changes in it: all that waited.
    pub changes: u64,
    /// Sealed parts of it. They stay together in the file and go to the server one by one.
    pub mailbags: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

impl Field {
    /// Writes all undelivered work into a new file that only the server can open. Photos are not in it: they follow
    /// with this device's own sync.
    ///
    /// # Errors
    /// [`FieldError::Invalid`] when nothing waits, [`FieldError::Write`] when the file cannot be made or is there.
    pub fn export_mailbag(&self, file: &Path) -> Result<Exported, FieldError> {
        let sealed = self.mailbags_of_outbox(&self.identity()?)?;
        if sealed.is_empty() {
            return Err(FieldError::Invalid(Invalid::NothingWaits));
        }
        let changes = sealed.iter().map(|(changes, _)| changes).sum();
        let mailbags: Vec<Vec<u8>> = sealed.into_iter().map(|(_, mailbag)| mailbag).collect();
        let bytes = to_file(&mailbags);
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FieldError::Other("the outbox is too large for a file: hand it over".to_owned()));
        }
        let mut out =
            std::fs::File::options().write(true).create_new(true).open(file).map_err(FieldError::Write)?;
        out.write_all(&bytes).and_then(|()| out.sync_all()).map_err(FieldError::Write)?;
        Ok(Exported { changes, mailbags: mailbags.len() as u64, bytes: bytes.len() as u64 })
    }

    /// Takes somebody's file along; it is handed in with the next sync. `false` when all of it was here before and waits.
    ///
    /// # Errors
    /// [`FieldError::Invalid`] for a file that holds no mailbags, [`FieldError::File`].
    pub fn take_mailbag(&self, file: &Path) -> Result<bool, FieldError> {
        self.identity()?;
        let limit = MAX_FILE_BYTES as u64 + 1;
        let mut bytes = Vec::new();
        let opened = std::fs::File::open(file).map_err(FieldError::File)?;
        opened.take(limit).read_to_end(&mut bytes).map_err(FieldError::File)?;
        let mailbags = in_file(&bytes).map_err(|_| FieldError::Invalid(Invalid::NotAMailbag))?;
        let (mut at, mut new) = (self.now()?, false);
        for mailbag in mailbags {
            new |= self.store.put_mailbag(Sha256::digest(mailbag).into(), mailbag, at)?;
            // They go to the server in the order in which they lie in the file: later ones build on earlier ones.
            at = at.plus_ms(1);
        }
        Ok(new)
    }

    /// The mailbags that this device took along, oldest first, and whether the server has them.
    ///
    /// # Errors
    /// A store error.
    pub fn mailbags(&self) -> Result<Vec<Mailbag>, FieldError> {
        Ok(self.store.mailbags()?)
    }

    /// Writes the mailbags that were set aside here, because the server could not open them or did not take all of them in,
    /// into a folder, each as a new file:
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
        let now = self.now()?;
        let mut due: Vec<Mailbag> =
            self.store.mailbags()?.into_iter().filter(|mailbag| mailbag.is_due(now)).collect();
        // What was left for later may be waiting for one of the others.
        due.sort_by_key(|mailbag| mailbag.received.is_some());
        for mailbag in due {
            let Some(bytes) = self.store.mailbag_bytes(mailbag.hash)? else { continue };
            // It goes as a whole or not at all.
            line.fits(bytes.len() as u64)?;
            match line.call("POST", MAILBAG_PATH, None, bytes) {
                Ok(answer) => {
                    let carried: Carried = unpack(&answer.body, 1024).map_err(|_| {
                        FieldError::Refused("an answer that is not of this protocol".to_owned())
                    })?;
                    if carried.hash == mailbag.hash {
                        self.note_receipt(&mailbag, &carried, line.report)?;
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

    /// The bytes stay until the server has all that is in them: of what it left for later it keeps nothing.
    fn note_receipt(
        &self,
        mailbag: &Mailbag,
        carried: &Carried,
        report: &mut SyncReport,
    ) -> Result<(), FieldError> {
        let first = mailbag.received.unwrap_or(carried.received);
        if carried.later == 0 {
            self.store.mailbag_received(mailbag.hash, carried.received)?;
            report.carried += 1;
        } else if carried.received.since(first) <= OFFERED_FOR_MS {
            self.store.mailbag_postponed(mailbag.hash, carried.received, self.now()?)?;
            report.carried_later += 1;
        } else {
            self.store.mailbag_refused(mailbag.hash, self.now()?)?;
            report.carried_refused += 1;
        }
        Ok(())
    }
}
