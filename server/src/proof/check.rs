//! Reads such a file as somebody would who trusts nobody but the server's public key, and not the server's
//! word on who wrote what: each change has to be in a manifest that its device has signed.

use super::{FIRST_LINE, MAX_RECORD, Record, sealed};
use crate::audit::{Erased, erased};
use crate::trail;
use sanben_document::{ChangeHash, ChangeHeader};
use sanben_domain::id::{DeviceId, DocumentId, Epoch, PersonId, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::keys::PublicKey;
use sanben_sync::manifest::{Batch, Manifest, ManifestHash};
use sanben_sync::wire::{Entry, EntryBody};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, ErrorKind, Read};

/// What was read, and the first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Proof {
    /// The tenant.
    pub tenant: Option<TenantId>,
    /// The life of the log.
    pub epoch: Option<Epoch>,
    /// When the file was made, by the server's clock.
    pub made: Option<Timestamp>,
    /// The server's public key in hexadecimal, as the file has it.
    pub server: Option<String>,
    /// Devices.
    pub devices: u64,
    /// Scopes that were read to their signed head.
    pub scopes: u64,
    /// Entries that hold.
    pub entries: u64,
    /// Of these, accepted changes, each counted once.
    pub changes: u64,
    /// Documents that were erased: their hashes hold, their bytes are nowhere.
    pub erased: u64,
    /// Rows of the desk's trail.
    pub deeds: u64,
    /// Manifests that their devices have signed.
    pub manifests: u64,
    /// Nothing when all of it holds.
    pub mismatch: Option<Mismatch>,
}

/// The first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Mismatch {
    /// The file is not one of ours.
    #[error("this is no exported log: it does not begin as one")]
    Foreign,
    /// A record cannot be read, or the file ends before its end.
    #[error("the file is damaged or cut off after {entries} entries")]
    Damaged {
        /// How many entries were read before.
        entries: u64,
    },
    /// The key in the file is not the one that was given.
    #[error("the log is of another server: the key in the file is not the one that was given")]
    OtherServer,
    /// A device is listed twice.
    #[error("device {device} is listed twice")]
    Twice {
        /// The device.
        device: DeviceId,
    },
    /// A manifest is not signed by the device that it names.
    #[error("a manifest that is said to be from device {device} is not signed by it")]
    Forged {
        /// The device that it names.
        device: DeviceId,
    },
    /// A manifest is signed by its device, in the name of a person whose device that is not.
    #[error("device {device} signed in the name of a person whose device it is not")]
    AnotherPerson {
        /// The device.
        device: DeviceId,
    },
    /// A row of the desk's trail is missing, or is not what was written.
    #[error("the trail of the desk breaks at row {seq}")]
    Trail {
        /// The row.
        seq: u64,
    },
    /// An entry does not follow the one before.
    #[error("in {scope} entry {expected} is missing: {found} comes instead")]
    Gap {
        /// The scope.
        scope: Scope,
        /// The number that had to come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The chain does not continue: the entry, or one before it, is not what was accepted.
    #[error("in {scope} the chain breaks at entry {seq}: it is not what the server accepted there")]
    Chain {
        /// The scope.
        scope: Scope,
        /// The entry.
        seq: u64,
    },
    /// A change is not the one whose hash the entry names.
    #[error("in {scope} the content of entry {seq} was changed: it has another hash")]
    Content {
        /// The scope.
        scope: Scope,
        /// The entry.
        seq: u64,
    },
    /// No manifest of a device names the change of this entry.
    #[error("in {scope} nobody has signed entry {seq}: no manifest names its change")]
    Unsigned {
        /// The scope.
        scope: Scope,
        /// The entry.
        seq: u64,
    },
    /// An entry is said to be of an erased document, and the server's word for that does not follow.
    #[error(
        "in {scope} the content of entry {seq} is missing, and the server gave no word that it was erased"
    )]
    Withheld {
        /// The scope.
        scope: Scope,
        /// The entry.
        seq: u64,
    },
    /// The head is not signed by the server, or is not the end of what came before.
    #[error("the end of {scope} after entry {seq} is not what the server signed")]
    Head {
        /// The scope.
        scope: Scope,
        /// The last entry.
        seq: u64,
    },
    /// The signature over the whole file does not fit.
    #[error("the file as a whole is not what the server signed: something was taken out, put in or changed")]
    Whole,
}

/// Checks a file. With `key` it has to be from the server with this key; without, the caller compares
/// [`Proof::server`] with what the server's people say.
///
/// # Errors
/// When the file cannot be read; what does not hold is in [`Proof::mismatch`].
pub fn check(file: &mut dyn Read, key: Option<&PublicKey>) -> io::Result<Proof> {
    let mut checker = Checker { key: key.cloned(), ..Checker::default() };
    match checker.file(file) {
        Ok(()) => {}
        Err(Stop::Mismatch(mismatch)) => checker.proof.mismatch = Some(mismatch),
        Err(Stop::Io(error)) => return Err(error),
    }
    Ok(checker.proof)
}

enum Stop {
    Mismatch(Mismatch),
    Io(io::Error),
}

impl From<Mismatch> for Stop {
    fn from(mismatch: Mismatch) -> Self {
        Self::Mismatch(mismatch)
    }
}

#[derive(Default)]
struct Checker {
    key: Option<PublicKey>,
    proof: Proof,
    /// Keys of the devices, and whose they are.
    devices: HashMap<DeviceId, (PublicKey, PersonId)>,
    /// By manifest, what it names.
    named: HashMap<ManifestHash, HashSet<(DocumentId, ChangeHash)>>,
    /// Changes whose bytes were read.
    changes: HashSet<ChangeHash>,
    scopes: HashSet<Scope>,
    /// Documents without bytes in the scope that is being read, by the first such entry.
    missing: BTreeMap<DocumentId, u64>,
    erased: HashSet<DocumentId>,
    /// The chain after the last row of the trail.
    trail: Option<Link>,
    /// The scope that is being read, and how far.
    at: Option<(Scope, u64, Link)>,
}

impl Checker {
    fn file(&mut self, file: &mut dyn Read) -> Result<(), Stop> {
        let mut first = [0; FIRST_LINE.len()];
        if !fill(file, &mut first).map_err(Stop::Io)? || first != FIRST_LINE {
            return Err(Mismatch::Foreign.into());
        }
        let mut hasher = Sha256::new_with_prefix(FIRST_LINE);
        loop {
            let Some((bytes, record)) = self.next(file)? else {
                return Err(self.damaged().into());
            };
            if let Record::End { signature } = record {
                let (Some(key), Some(epoch), None) = (&self.key, self.proof.epoch, &self.at) else {
                    return Err(self.damaged().into());
                };
                // Only this record is not under the signature: it may have no second form.
                let same = bytes.get(4..)
                    == Some(
                        sanben_document::encode(&Record::End { signature: signature.clone() }).as_slice(),
                    );
                let whole = same && sealed(key, epoch, hasher.finalize().into(), &signature);
                let over = file.read(&mut [0]).map_err(Stop::Io)? == 0;
                return if whole && over { Ok(()) } else { Err(Mismatch::Whole.into()) };
            }
            hasher.update(bytes);
            self.take(record)?;
        }
    }

    /// The next record with its bytes; nothing when it cannot be one.
    fn next(&self, file: &mut dyn Read) -> Result<Option<(Vec<u8>, Record)>, Stop> {
        let mut length = [0; 4];
        if !fill(file, &mut length).map_err(Stop::Io)? {
            return Ok(None);
        }
        let long = u32::from_be_bytes(length);
        if usize::try_from(long).map_or(true, |long| long > MAX_RECORD) {
            return Ok(None);
        }
        let mut bytes = length.to_vec();
        // As much as is there: an announced length takes no memory.
        let read = file.take(u64::from(long)).read_to_end(&mut bytes).map_err(Stop::Io)?;
        let record = bytes.get(length.len()..).and_then(sanben_document::decode::<Record>);
        let whole = u32::try_from(read).is_ok_and(|read| read == long);
        Ok(record.filter(|_| whole).map(|record| (bytes, record)))
    }

    fn damaged(&self) -> Mismatch {
        Mismatch::Damaged { entries: self.proof.entries }
    }

    fn take(&mut self, record: Record) -> Result<(), Mismatch> {
        let begun = self.proof.epoch.is_some();
        match record {
            Record::Life { epoch, server, tenant, made } if !begun => {
                self.proof.server = Some(crate::hex::write(&server.0));
                (self.proof.epoch, self.proof.tenant, self.proof.made) = (Some(epoch), tenant, Some(made));
                if self.key.get_or_insert_with(|| server.clone()) == &server {
                    Ok(())
                } else {
                    Err(Mismatch::OtherServer)
                }
            }
            Record::Device { id, key, person, .. } if begun => {
                self.proof.devices += 1;
                self.devices.insert(id, (key, person)).map_or(Ok(()), |_| Err(Mismatch::Twice { device: id }))
            }
            Record::Deed { seq, link, bytes } if begun => self.deed(seq, link, &bytes),
            Record::Manifest { bytes, signature } if begun => {
                self.manifest(Batch { manifest: bytes, signature, changes: Vec::new() })
            }
            Record::Scope { scope } if self.at.is_none() => self.begin(scope),
            Record::Entry { entry, link } => self.entry(&entry, link),
            Record::Head { head } => self.head(&head),
            _ => Err(self.damaged()),
        }
    }

    fn deed(&mut self, seq: u64, link: Link, bytes: &[u8]) -> Result<(), Mismatch> {
        let key = self.key.as_ref().ok_or_else(|| self.damaged())?;
        let before = self.trail.unwrap_or_else(|| trail::genesis(key.fingerprint()));
        if seq != self.proof.deeds + 1 || trail::then(before, seq, bytes) != link {
            return Err(Mismatch::Trail { seq });
        }
        (self.proof.deeds, self.trail) = (seq, Some(link));
        Ok(())
    }

    fn manifest(&mut self, batch: Batch) -> Result<(), Mismatch> {
        let damaged = self.damaged();
        let manifest: Manifest = sanben_document::decode(&batch.manifest).ok_or(damaged)?;
        let Some((key, person)) = self.devices.get(&manifest.device) else {
            return Err(Mismatch::Forged { device: manifest.device });
        };
        if !batch.signed_by(key) {
            return Err(Mismatch::Forged { device: manifest.device });
        }
        if *person != manifest.person {
            return Err(Mismatch::AnotherPerson { device: manifest.device });
        }
        let named = manifest.items.iter().map(|item| (item.document, item.change)).collect();
        self.named.insert(batch.hash(), named);
        self.proof.manifests += 1;
        Ok(())
    }

    fn begin(&mut self, scope: Scope) -> Result<(), Mismatch> {
        let epoch = self.proof.epoch.ok_or_else(|| self.damaged())?;
        if !self.scopes.insert(scope.clone()) {
            return Err(Mismatch::Chain { scope, seq: 1 });
        }
        let genesis = Link::genesis(epoch, &scope);
        self.at = Some((scope, 0, genesis));
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, link: Link) -> Result<(), Mismatch> {
        let Some((scope, seq, before)) = self.at.take() else { return Err(self.damaged()) };
        if entry.seq != seq + 1 {
            return Err(Mismatch::Gap { scope, expected: seq + 1, found: entry.seq });
        }
        let seq = entry.seq;
        match self.key.as_ref().map_or(Erased::Wrong, |key| erased(&entry.body, key)) {
            Erased::Nothing => {}
            Erased::Bytes(document) => drop(self.missing.entry(document).or_insert(seq)),
            Erased::Word(document) => {
                self.missing.remove(&document);
                self.erased.insert(document);
                self.proof.erased = self.erased.len() as u64;
            }
            Erased::Wrong => return Err(Mismatch::Content { scope, seq }),
        }
        // What the content says first: it is the better answer when both are wrong.
        let (document, hash, manifest) = match &entry.body {
            EntryBody::Change { document, hash, manifest, bytes } => {
                if ChangeHeader::of(bytes).is_none_or(|header| header.hash != *hash) {
                    return Err(Mismatch::Content { scope, seq });
                }
                self.proof.changes += u64::from(self.changes.insert(*hash));
                (document, hash, manifest)
            }
            EntryBody::Echo { document, hash, manifest } => {
                if !self.changes.contains(hash) {
                    return Err(Mismatch::Content { scope, seq });
                }
                (document, hash, manifest)
            }
            EntryBody::Erased { document, hash, manifest } => (document, hash, manifest),
            EntryBody::Reference { .. } | EntryBody::Note { .. } => {
                return self.follow(scope, before, entry, link);
            }
        };
        let signed = self.named.get(manifest).is_some_and(|named| named.contains(&(*document, *hash)));
        if before.then(entry) == link && !signed {
            return Err(Mismatch::Unsigned { scope, seq });
        }
        self.follow(scope, before, entry, link)
    }

    fn follow(&mut self, scope: Scope, before: Link, entry: &Entry, link: Link) -> Result<(), Mismatch> {
        if before.then(entry) != link {
            return Err(Mismatch::Chain { scope, seq: entry.seq });
        }
        self.proof.entries += 1;
        self.at = Some((scope, entry.seq, link));
        Ok(())
    }

    fn head(&mut self, head: &SignedHead) -> Result<(), Mismatch> {
        let (Some((scope, seq, link)), Some(epoch)) = (self.at.take(), self.proof.epoch) else {
            return Err(self.damaged());
        };
        let ours = self.key.as_ref().is_some_and(|key| head.verify(epoch, &scope, key));
        if !ours || (head.seq, head.link) != (seq, link) {
            return Err(Mismatch::Head { scope, seq });
        }
        if let Some(seq) = std::mem::take(&mut self.missing).into_values().min() {
            return Err(Mismatch::Withheld { scope, seq });
        }
        self.proof.scopes += 1;
        Ok(())
    }
}

/// Fills the buffer; `false` when the file ends before.
fn fill(file: &mut dyn Read, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
