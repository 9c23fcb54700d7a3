//! The audit: the whole log read again, as a third party would. Every chain must continue, every change must
//! have the hash it stands under, and every manifest must be signed by the device that it names.

use crate::log::{Linked, LogError, Snapshot};
use crate::tenant::{Server, ServerError};
use crate::trail;
use sanben_document::{ChangeHash, ChangeHeader};
use sanben_domain::id::DocumentId;
use sanben_domain::rights::Scope;
use sanben_sync::chain::Link;
use sanben_sync::keys::PublicKey;
use sanben_sync::manifest::{Manifest, ManifestHash};
use sanben_sync::note::Note;
use sanben_sync::wire::EntryBody;
use std::collections::BTreeMap;

/// The log is read in pages of about this many bytes.
const PAGE_BYTES: usize = 1024 * 1024;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Audit {
    /// Scopes read.
    pub scopes: u64,
    /// Entries read.
    pub entries: u64,
    /// Rows of the desk's trail that hold.
    pub deeds: u64,
    /// The first row of the trail that does not.
    pub trail: Option<u64>,
    /// What is not as it was written; empty when all is well.
    pub faults: Vec<Fault>,
}

impl Audit {
    /// Whether all of it is as it was written.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.trail.is_none()
    }
}

/// An entry that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// The scope.
    pub scope: Scope,
    /// The entry's number.
    pub seq: u64,
    /// What is wrong with it.
    pub what: Wrong,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// Its number does not follow the one before.
    Gap,
    /// The chain does not continue.
    Chain,
    /// The change does not have the hash it stands under.
    Bytes,
    /// Its manifest is missing, does not name the change, or is not signed by the device it names.
    Manifest,
    /// It is said to be erased, and no word of that follows in its scope; or the word is not the server's.
    Erasure,
}

impl Server {
    /// Reads the whole log again and checks it.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn audit(&self) -> Result<Audit, ServerError> {
        let view = self.log.read()?;
        let (mut audit, epoch) = (Audit::default(), view.life()?.epoch);
        let mut manifests = Manifests { view: &*view, read: BTreeMap::new() };
        for (scope, head) in view.heads()? {
            audit.scopes += 1;
            let (mut seq, mut link) = (0, Link::genesis(epoch, &scope));
            let mut missing: BTreeMap<DocumentId, u64> = BTreeMap::new();
            loop {
                let page = view.entries(&scope, seq, PAGE_BYTES)?;
                if page.is_empty() {
                    break;
                }
                for linked in page {
                    audit.entries += 1;
                    let fault = |what| Fault { scope: scope.clone(), seq: linked.entry.seq, what };
                    if linked.entry.seq != seq + 1 {
                        audit.faults.push(fault(Wrong::Gap));
                    } else if link.then(&linked.entry) != linked.link {
                        audit.faults.push(fault(Wrong::Chain));
                    }
                    audit.faults.extend(manifests.wrong(&linked)?.map(fault));
                    match erased(&linked.entry.body, &self.secret.public()) {
                        Erased::Nothing => {}
                        Erased::Bytes(document) => drop(missing.entry(document).or_insert(linked.entry.seq)),
                        Erased::Word(document) => drop(missing.remove(&document)),
                        Erased::Wrong => audit.faults.push(fault(Wrong::Erasure)),
                    }
                    (seq, link) = (linked.entry.seq, linked.link);
                }
            }
            let unsaid = missing.into_values();
            let unsaid = unsaid.map(|seq| Fault { scope: scope.clone(), seq, what: Wrong::Erasure });
            audit.faults.extend(unsaid);
            if (seq, link) != (head.seq, head.link) {
                audit.faults.push(Fault { scope, seq: head.seq, what: Wrong::Chain });
            }
        }
        (audit.deeds, audit.trail) = trail::check(&*view)?;
        Ok(audit)
    }
}

/// What an entry says of erased documents.
pub(crate) enum Erased {
    Nothing,
    /// A change of this one is without bytes.
    Bytes(DocumentId),
    /// The server's word that it was erased.
    Word(DocumentId),
    /// Not the server's word.
    Wrong,
}

/// Reads out of an entry what it says of erased documents.
pub(crate) fn erased(body: &EntryBody, server: &PublicKey) -> Erased {
    match body {
        EntryBody::Erased { document, .. } => Erased::Bytes(*document),
        EntryBody::Note { kind, body } => match Note::read(*kind, body) {
            Some(Note::Erase(erasure)) if erasure.verify(server) => Erased::Word(erasure.document),
            Some(Note::Erase(_)) | None => Erased::Wrong,
            Some(Note::DocOut { .. } | Note::Later { .. }) => Erased::Nothing,
        },
        EntryBody::Change { .. } | EntryBody::Echo { .. } | EntryBody::Reference { .. } => Erased::Nothing,
    }
}

/// Manifests as they were found, each checked once.
struct Manifests<'a> {
    view: &'a dyn Snapshot,
    read: BTreeMap<ManifestHash, Option<Manifest>>,
}

impl Manifests<'_> {
    fn wrong(&mut self, linked: &Linked) -> Result<Option<Wrong>, LogError> {
        let (hash, manifest, bytes) = match &linked.entry.body {
            EntryBody::Change { hash, manifest, bytes, .. } => (hash, manifest, bytes),
            // Without bytes it is still signed for.
            EntryBody::Erased { hash, manifest, .. } => {
                return Ok(if self.names(*manifest, *hash)? { None } else { Some(Wrong::Manifest) });
            }
            _ => return Ok(None),
        };
        if ChangeHeader::of(bytes).is_none_or(|header| header.hash != *hash) {
            return Ok(Some(Wrong::Bytes));
        }
        Ok(if self.names(*manifest, *hash)? { None } else { Some(Wrong::Manifest) })
    }

    fn names(&mut self, manifest: ManifestHash, change: ChangeHash) -> Result<bool, LogError> {
        if !self.read.contains_key(&manifest) {
            let signed = self.signed(manifest)?;
            self.read.insert(manifest, signed);
        }
        let held = self.read.get(&manifest).and_then(Option::as_ref);
        Ok(held.is_some_and(|manifest| manifest.items.iter().any(|item| item.change == change)))
    }

    /// The manifest, if it is what its hash says and its device signed it.
    fn signed(&self, hash: ManifestHash) -> Result<Option<Manifest>, LogError> {
        let Some(batch) = self.view.manifest(hash)? else { return Ok(None) };
        let Some(manifest) = sanben_document::decode::<Manifest>(&batch.manifest) else { return Ok(None) };
        let device = self.view.device(manifest.device)?;
        let genuine = batch.hash() == hash
            && device.is_some_and(|device| batch.signed_by(&device.key) && device.person == manifest.person);
        Ok(genuine.then_some(manifest))
    }
}
