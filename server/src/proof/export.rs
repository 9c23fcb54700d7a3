//! Writes the log into a file that others can check.

use super::{FIRST_LINE, Record, sign};
use crate::log::{LogError, Snapshot};
use crate::tenant::Server;
use sanben_domain::id::Epoch;
use sanben_sync::chain::SignedHead;
use sanben_sync::wire::EntryBody;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::{self, Write};

/// The log is read in pages of about this many bytes.
const PAGE_BYTES: usize = 1024 * 1024;

/// Why the log was not written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The file cannot be written.
    #[error("cannot write the file: {0}; check its folder and the room on the disk")]
    File(#[from] io::Error),
}

/// Writes and hashes.
struct Writer<'a> {
    out: &'a mut dyn Write,
    hasher: Sha256,
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.out.write_all(bytes)
    }

    fn record(&mut self, record: &Record) -> io::Result<()> {
        let bytes = sanben_document::encode(record);
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.bytes(&length.to_be_bytes())?;
        self.bytes(&bytes)
    }
}

impl Server {
    /// Writes the whole log, as it is now, for a third party to check; the server may be at work. Returns how
    /// many entries were written.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn export_log(&self, out: &mut dyn Write) -> Result<u64, ExportError> {
        let view = self.log.read()?;
        let life = view.life()?;
        let mut writer = Writer { out, hasher: Sha256::new() };
        writer.bytes(FIRST_LINE)?;
        let (epoch, tenant) = (life.epoch, life.tenant);
        writer.record(&Record::Life { epoch, server: self.key(), tenant, made: self.now() })?;
        for device in view.devices()? {
            let (id, key, person) = (device.id, device.key, device.person);
            let (enrolled, revoked) = (device.enrolled, device.revoked);
            writer.record(&Record::Device { id, key, person, enrolled, revoked })?;
        }
        for row in view.trail()? {
            let (seq, link, bytes) = (row.seq, row.link, row.bytes.into());
            writer.record(&Record::Deed { seq, link, bytes })?;
        }
        let entries = self.write_scopes(&*view, epoch, &mut writer)?;
        let digest = writer.hasher.clone().finalize().into();
        writer.record(&Record::End { signature: sign(&self.secret, epoch, digest) })?;
        Ok(entries)
    }

    fn write_scopes(
        &self,
        view: &dyn Snapshot,
        epoch: Epoch,
        writer: &mut Writer<'_>,
    ) -> Result<u64, ExportError> {
        let (mut written, mut manifests, mut changes) = (0, HashSet::new(), HashSet::new());
        for (scope, head) in view.heads()? {
            writer.record(&Record::Scope { scope: scope.clone() })?;
            let mut after = 0;
            while after < head.seq {
                let page = view.entries(&scope, after, PAGE_BYTES)?;
                let gap = || LogError::Damaged(format!("entry {} of {scope} is missing", after + 1));
                after = page.last().ok_or_else(gap)?.entry.seq;
                for mut linked in page {
                    if let EntryBody::Change { document, hash, manifest, .. }
                    | EntryBody::Erased { document, hash, manifest } = linked.entry.body
                    {
                        if manifests.insert(manifest)
                            && let Some(batch) = view.manifest(manifest)?
                        {
                            let (bytes, signature) = (batch.manifest, batch.signature);
                            writer.record(&Record::Manifest { bytes, signature })?;
                        }
                        let erased = matches!(linked.entry.body, EntryBody::Erased { .. });
                        if !erased && !changes.insert(hash) {
                            linked.entry.body = EntryBody::Echo { document, hash, manifest };
                        }
                    }
                    writer.record(&Record::Entry { entry: linked.entry, link: linked.link })?;
                    written += 1;
                }
            }
            let head = SignedHead::sign(epoch, &scope, head.seq, head.link, &self.secret);
            writer.record(&Record::Head { head })?;
        }
        Ok(written)
    }
}
