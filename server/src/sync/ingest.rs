//! A device's work: whose it is, what became of it before, and the judgement of what is new.

use crate::log::{Citation, Device, LogError, NewChange, Transaction};
use sanben_document::{Admitted, ChangeHash, ChangeHeader, Document, Record, Refusal};
use sanben_domain::id::{DeviceId, DocumentId};
use sanben_domain::reference::Reference;
use sanben_domain::rights;
use sanben_domain::time::Timestamp;
use sanben_sync::judge::{Author, judge};
use sanben_sync::manifest::{Batch, Manifest, ManifestHash, ManifestItem};
use sanben_sync::wire::{Rejection, Verdict};
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What became of a request's work.
#[derive(Debug, Default)]
pub(super) struct Ingested {
    pub(super) verdicts: Vec<(ChangeHash, Verdict)>,
    /// Changes in the log whose bytes came in this request.
    pub(super) sent: BTreeSet<ChangeHash>,
    /// How many changes are new in the log.
    pub(super) accepted: usize,
}

/// Judges batches in order and appends what may enter.
pub(super) fn ingest(
    tx: &mut dyn Transaction,
    reference: &Reference,
    batches: &[Batch],
    now: Timestamp,
) -> Result<Ingested, LogError> {
    let mut bench = Bench { tx, reference, now, documents: HashMap::new(), later: BTreeSet::new() };
    let mut ingested = Ingested::default();
    for batch in batches {
        bench.batch(batch, &mut ingested)?;
    }
    Ok(ingested)
}

struct Bench<'a> {
    tx: &'a mut dyn Transaction,
    reference: &'a Reference,
    now: Timestamp,
    /// Documents with everything accepted so far, in this request too.
    documents: HashMap<DocumentId, Option<Document>>,
    /// Changes of this request that could not be judged.
    later: BTreeSet<ChangeHash>,
}

/// A batch whose signature was verified.
struct Signed<'a> {
    hash: ManifestHash,
    device: DeviceId,
    /// Who acted, or why that is nobody who could.
    author: Result<Author<'a>, Rejection>,
}

impl Bench<'_> {
    fn batch(&mut self, batch: &Batch, ingested: &mut Ingested) -> Result<(), LogError> {
        let Some(manifest) = batch.claimed() else {
            // Without a manifest only the bytes themselves say which changes these are.
            let hashes = batch.changes.iter().filter_map(|bytes| ChangeHeader::of(bytes));
            let unsigned = hashes.map(|header| (header.hash, Verdict::Rejected(Rejection::Unsigned)));
            ingested.verdicts.extend(unsigned);
            return Ok(());
        };
        let Some(device) = self.device(&manifest, batch)? else {
            // Not kept: whoever forges a manifest must not spoil the change for its author.
            let unsigned =
                manifest.items.iter().map(|item| (item.change, Verdict::Rejected(Rejection::Unsigned)));
            ingested.verdicts.extend(unsigned);
            return Ok(());
        };
        self.tx.keep_manifest(device.id, batch)?;
        let author = Author::of(&manifest, &device.person, self.reference, self.now);
        let signed = Signed { hash: batch.hash(), device: device.id, author };
        for (item, bytes) in manifest.items.iter().zip(&batch.changes) {
            let verdict = self.item(&signed, item, bytes, ingested)?;
            ingested.verdicts.push((item.change, verdict));
        }
        Ok(())
    }

    /// The device that signed the batch, if it is enrolled here.
    fn device(&self, manifest: &Manifest, batch: &Batch) -> Result<Option<Device>, LogError> {
        if self.reference.tenant.as_ref().is_none_or(|tenant| tenant.id != manifest.tenant) {
            return Ok(None);
        }
        let device = self.tx.device(manifest.device)?;
        Ok(device.filter(|device| device.revoked.is_none() && batch.signed_by(&device.key)))
    }

    fn item(
        &mut self,
        signed: &Signed<'_>,
        item: &ManifestItem,
        bytes: &[u8],
        ingested: &mut Ingested,
    ) -> Result<Verdict, LogError> {
        let header = ChangeHeader::of(bytes);
        let named = header.as_ref().is_some_and(|header| header.hash == item.change);
        if let Some(seq) = self.tx.accepted(item.change)? {
            if named {
                ingested.sent.insert(item.change);
            }
            return Ok(Verdict::Accepted { seq });
        }
        if let Some(why) = self.tx.rejected(item.change, signed.device)? {
            return Ok(Verdict::Rejected(why));
        }
        let Some(header) = header.filter(|_| named) else {
            // Not kept: the bytes may be their carrier's fault, and the author's are still to come.
            return Ok(Verdict::Rejected(Rejection::Unsigned));
        };
        let rejection = match self.dependencies(signed, &header)? {
            Dependencies::Later => return Ok(self.later(item)),
            Dependencies::Rejected => Rejection::DependsOnRejected,
            Dependencies::Fine => match self.judge(signed, item, bytes)? {
                None => return Ok(self.later(item)),
                // Not kept: a carrier may have left out what it builds on.
                Some(Err(rejection @ Rejection::Form(Refusal::MissingDependency))) => {
                    return Ok(Verdict::Rejected(rejection));
                }
                Some(Err(rejection)) => rejection,
                Some(Ok(admitted)) => {
                    let seq = self.append(signed, item, bytes, admitted)?;
                    ingested.sent.insert(item.change);
                    ingested.accepted += 1;
                    return Ok(Verdict::Accepted { seq });
                }
            },
        };
        self.tx.reject(item.change, signed.device, signed.hash, &rejection, self.now)?;
        Ok(Verdict::Rejected(rejection))
    }

    fn later(&mut self, item: &ManifestItem) -> Verdict {
        self.later.insert(item.change);
        Verdict::Later
    }

    fn dependencies(&self, signed: &Signed<'_>, header: &ChangeHeader) -> Result<Dependencies, LogError> {
        if header.deps.iter().any(|dep| self.later.contains(dep)) {
            return Ok(Dependencies::Later);
        }
        for dep in &header.deps {
            if self.tx.accepted(*dep)?.is_none() && self.tx.rejected(*dep, signed.device)?.is_some() {
                return Ok(Dependencies::Rejected);
            }
        }
        Ok(Dependencies::Fine)
    }

    /// `None` when the server itself could not judge.
    fn judge(
        &mut self,
        signed: &Signed<'_>,
        item: &ManifestItem,
        bytes: &[u8],
    ) -> Result<Option<Result<Admitted, Rejection>>, LogError> {
        if !self.documents.contains_key(&item.document) {
            let changes = self.tx.document(item.document)?;
            let document = if changes.is_empty() {
                None
            } else {
                match Document::from_changes(changes.iter().map(Vec::as_slice)) {
                    Ok(document) => Some(document),
                    Err(error) => {
                        tracing::error!(document = %item.document, %error, "a document cannot be built");
                        return Ok(None);
                    }
                }
            };
            self.documents.insert(item.document, document);
        }
        let author = match &signed.author {
            Ok(author) => author,
            Err(rejection) => return Ok(Some(Err(rejection.clone()))),
        };
        let before = self.documents.get(&item.document).and_then(Option::as_ref);
        let lies_in = if before.is_some() { self.tx.scopes_of(item.document)? } else { Vec::new() };
        let judged =
            catch_unwind(AssertUnwindSafe(|| judge(author, item, bytes, before, &lies_in, self.reference)));
        let Ok(judged) = judged else {
            tracing::error!(document = %item.document, "judging a change panicked");
            return Ok(None);
        };
        if let Ok(admitted) = &judged {
            let header = &admitted.header;
            if self.tx.written(item.document, &header.actor, header.seq)?.is_some() {
                return Ok(Some(Err(Rejection::Form(Refusal::Fork))));
            }
        }
        Ok(Some(judged))
    }

    fn append(
        &mut self,
        signed: &Signed<'_>,
        item: &ManifestItem,
        bytes: &[u8],
        admitted: Admitted,
    ) -> Result<u64, LogError> {
        let change = NewChange {
            document: item.document,
            hash: item.change,
            actor: admitted.header.actor,
            actor_seq: admitted.header.seq,
            manifest: signed.hash,
            bytes: bytes.to_vec(),
        };
        let seq = self.tx.append_change(&item.home, &change, self.now)?;
        if let Record::Case(record) = &admitted.record {
            let lies_in = self.tx.scopes_of(item.document)?;
            for scope in rights::shared_with(record, self.reference) {
                if !lies_in.contains(&scope) {
                    self.tx.share(item.document, &scope, self.now)?;
                }
            }
        }
        for photo in &admitted.effects.photos {
            let bytes = match &admitted.record {
                Record::Case(record) => record.photos.get(photo).map_or(0, |cited| cited.bytes),
                // A visit names its photos and does not say how large they are.
                Record::Patrol(_) => 0,
            };
            let (scope, document) = (item.home.clone(), item.document);
            self.tx.cite(&Citation { photo: *photo, scope, document, bytes })?;
        }
        self.documents.insert(item.document, Some(admitted.after));
        Ok(seq)
    }
}

/// Whether what a change builds on has a verdict that decides its own.
enum Dependencies {
    Fine,
    Rejected,
    Later,
}
