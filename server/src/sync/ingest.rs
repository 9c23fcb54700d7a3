//! A device's work: whose it is, what became of it before, and the judgement of what is new.

use super::judged::{Behind, Formed, Judged};
use crate::erase::Cleared;
use crate::log::{Citation, Device, LogError, NewChange, Review, Snapshot, Transaction};
use crate::publish::AsCited;
use crate::tenant::Server;
use sanben_document::{
    Admitted, ChangeHash, ChangeHeader, Document, MAX_CHANGE_BYTES, MAX_DEPENDENCIES, NewEvent, Record,
    Refusal,
};
use sanben_domain::id::{DocumentId, EventId};
use sanben_domain::matter;
use sanben_domain::reference::Reference;
use sanben_domain::rights;
use sanben_domain::time::Timestamp;
use sanben_sync::judge::Author;
use sanben_sync::manifest::{Batch, Cited, Manifest, ManifestHash, ManifestItem};
use sanben_sync::note::Erasure;
use sanben_sync::wire::{MAX_ERASED, MAX_IN_REVIEW, Rejection, Verdict};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

/// What became of a request's work.
#[derive(Debug, Default)]
pub(crate) struct Ingested {
    pub(super) verdicts: Vec<(ChangeHash, Verdict)>,
    /// Changes in the log whose bytes came in this request.
    pub(super) sent: BTreeSet<ChangeHash>,
    /// How many changes are new in the log.
    pub(super) accepted: usize,
    /// The words for what was refused as erased.
    pub(super) words: BTreeMap<DocumentId, Erasure>,
    /// What was erased with this request because its case is.
    pub(crate) cleared: Cleared,
}

impl Ingested {
    /// How many changes could not be judged, and left nothing here.
    pub(crate) fn later(&self) -> u64 {
        self.verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Later).count() as u64
    }
}

/// What is known of a batch's signature; `None` when nobody knows the device that it names.
pub(crate) type Vouched = Option<bool>;

/// Looks at the signatures of batches, before anything is written: that takes longer than all the rest.
pub(crate) fn vouched(view: &dyn Snapshot, batches: &[Batch]) -> Result<Vec<Vouched>, LogError> {
    let look = |batch: &Batch| {
        let Some(manifest) = batch.claimed() else { return Ok(None) };
        Ok(view.device(manifest.device)?.map(|device| batch.signed_by(&device.key)))
    };
    batches.iter().map(look).collect()
}

/// Judges batches in order and appends what may enter.
pub(crate) fn ingest<'b>(
    server: &Server,
    tx: &mut dyn Transaction,
    reference: &Reference,
    batches: impl Iterator<Item = (&'b Batch, Vouched)>,
    now: Timestamp,
) -> Result<Ingested, LogError> {
    let mut bench = Bench::new(server, tx, reference, now);
    let mut ingested = Ingested::default();
    for (batch, vouched) in batches {
        bench.batch(batch, vouched, &mut ingested)?;
    }
    Ok(ingested)
}

/// Takes work out of review into the log. Only what its author was allowed to do where they stood can be taken in:
/// a person decides whether it is too late, not what it may do.
pub(crate) fn enter(
    server: &Server,
    tx: &mut dyn Transaction,
    reference: &Reference,
    review: &Review,
    manifest: &Manifest,
    item: &ManifestItem,
    now: Timestamp,
) -> Result<Result<u64, Rejection>, LogError> {
    let mut bench = Bench::new(server, tx, reference, now);
    match bench.form(item, &review.bytes)? {
        Formed::Fine(admitted) => {
            if bench.is_of_erased(&admitted)? {
                return Ok(Err(Rejection::Erased));
            }
            let Some(fair) = bench.fairly(manifest, item, &admitted)? else {
                return Ok(Err(Rejection::Form(Refusal::Unstable)));
            };
            if let Err(why) = fair.allowed {
                return Ok(Err(why));
            }
            let seq = bench.append(review.manifest, item, &review.bytes, *admitted)?;
            Ok(Ok(seq))
        }
        Formed::Bad(rejection) => Ok(Err(rejection)),
        Formed::Later => Ok(Err(Rejection::Form(Refusal::MissingDependency))),
    }
}

pub(super) struct Bench<'a> {
    pub(super) server: &'a Server,
    pub(super) tx: &'a mut dyn Transaction,
    pub(super) reference: &'a Reference,
    pub(super) now: Timestamp,
    /// Documents with everything accepted so far, in this request too.
    pub(super) documents: HashMap<DocumentId, Option<Document>>,
    /// Documents as they would stand with what waits for a person, as far as this request builds on that.
    pub(super) behind: HashMap<DocumentId, Behind>,
    /// Changes of this request that could not be judged.
    later: BTreeSet<ChangeHash>,
    /// What held at the heads that this request cites.
    pub(super) cited: BTreeMap<Vec<Cited>, Option<Arc<AsCited>>>,
    /// Whether there are erased documents at all; asked once.
    erasures: Option<bool>,
    /// When judging began, and whether anything was judged since.
    begun: Instant,
    judged: bool,
}

/// A batch whose signature was verified.
pub(super) struct Signed<'a> {
    pub(super) manifest: &'a Manifest,
    hash: ManifestHash,
    device: Device,
    batch: &'a Batch,
    /// Whether its manifest is in the log.
    kept: Cell<bool>,
    /// Who acted, in the light of what holds now; or what speaks against anything they do.
    pub(super) author: Result<Author<'a>, Rejection>,
}

impl<'a> Bench<'a> {
    fn new(
        server: &'a Server,
        tx: &'a mut dyn Transaction,
        reference: &'a Reference,
        now: Timestamp,
    ) -> Self {
        Self {
            server,
            tx,
            reference,
            now,
            documents: HashMap::new(),
            behind: HashMap::new(),
            later: BTreeSet::new(),
            cited: BTreeMap::new(),
            erasures: None,
            begun: Instant::now(),
            judged: false,
        }
    }

    pub(super) fn is_erased(&mut self, document: DocumentId) -> Result<bool, LogError> {
        let any = match self.erasures {
            Some(any) => any,
            None => *self.erasures.insert(self.tx.erasures()? > 0),
        };
        Ok(any && self.tx.erased(document)?.is_some())
    }

    /// A contact goes the way of its case, also when it was written down before anybody there had heard of it.
    pub(super) fn is_of_erased(&mut self, admitted: &Admitted) -> Result<bool, LogError> {
        match &admitted.record {
            Record::Contact(contact) => self.is_erased(contact.case),
            Record::Case(_) | Record::Patrol(_) | Record::Matter(_) => Ok(false),
        }
    }

    fn batch(&mut self, batch: &Batch, vouched: Vouched, ingested: &mut Ingested) -> Result<(), LogError> {
        let Some(manifest) = batch.claimed() else {
            // Without a manifest only the bytes themselves say which changes these are.
            let hashes = batch.changes.iter().filter_map(|bytes| ChangeHeader::of(bytes));
            let unsigned = hashes.map(|header| (header.hash, Verdict::Rejected(Rejection::Unsigned)));
            ingested.verdicts.extend(unsigned);
            return Ok(());
        };
        let Some(device) = self.device(&manifest, batch, vouched)? else {
            // Not kept: whoever forges a manifest must not spoil the change for its author.
            let unsigned =
                manifest.items.iter().map(|item| (item.change, Verdict::Rejected(Rejection::Unsigned)));
            ingested.verdicts.extend(unsigned);
            return Ok(());
        };
        let author = if manifest.person != device.person {
            Err(Rejection::NotTheAuthor)
        } else if device.revoked.is_some() {
            Err(Rejection::Revoked)
        } else {
            Author::of(&device.person, self.reference, self.now).ok_or(Rejection::Revoked)
        };
        let (hash, kept) = (batch.hash(), Cell::new(false));
        let signed = Signed { manifest: &manifest, hash, device, batch, kept, author };
        for (item, bytes) in manifest.items.iter().zip(&batch.changes) {
            let verdict = self.item(&signed, item, bytes, ingested)?;
            ingested.verdicts.push((item.change, verdict));
        }
        Ok(())
    }

    /// The device that signed the batch, if it was enrolled here.
    fn device(
        &self,
        manifest: &Manifest,
        batch: &Batch,
        vouched: Vouched,
    ) -> Result<Option<Device>, LogError> {
        if self.reference.tenant.as_ref().is_none_or(|tenant| tenant.id != manifest.tenant) {
            return Ok(None);
        }
        let device = self.tx.device(manifest.device)?;
        // A device's key never changes. One that nobody knew a moment ago was enrolled since.
        Ok(device.filter(|device| vouched.unwrap_or_else(|| batch.signed_by(&device.key))))
    }

    fn item(
        &mut self,
        signed: &Signed<'_>,
        item: &ManifestItem,
        bytes: &[u8],
        ingested: &mut Ingested,
    ) -> Result<Verdict, LogError> {
        // Whoever sends it, and whatever was said of it before.
        if self.is_erased(item.document)? {
            return self.erased(item, ingested);
        }
        let header = ChangeHeader::of(bytes);
        let named = header.as_ref().is_some_and(|header| header.hash == item.change);
        if let Some(seq) = self.tx.accepted(item.change)? {
            if named {
                ingested.sent.insert(item.change);
            }
            return Ok(Verdict::Accepted { seq });
        }
        if let Some(why) = self.tx.rejected(item.change, signed.device.id)? {
            return Ok(Verdict::Rejected(why));
        }
        if let Some(Review { why, decision: None, .. }) = self.tx.review(item.change)? {
            return Ok(Verdict::Review { why });
        }
        let Some(header) = header.filter(|_| named) else {
            // Not kept: the bytes may be their carrier's fault, and the author's are still to come.
            return Ok(Verdict::Rejected(Rejection::Unsigned));
        };
        // Others wait for the log meanwhile. What is left comes again with the next request, so that there is an end to it.
        if self.judged && self.begun.elapsed() >= self.server.judging {
            return Ok(self.later(item));
        }
        self.judged = true;
        // Sizes first: each thing that it builds on is a question to the log, and what waits for a person keeps its bytes.
        let too_large = bytes.len() > MAX_CHANGE_BYTES || header.deps.len() > MAX_DEPENDENCIES;
        let dependencies = if too_large { Dependencies::Fine } else { self.dependencies(signed, &header)? };
        let judged = match dependencies {
            // Whoever signs for somebody else is refused, whatever it builds on.
            _ if matches!(signed.author, Err(Rejection::NotTheAuthor)) => {
                Judged::Reject(Rejection::NotTheAuthor)
            }
            _ if too_large => Judged::Reject(Rejection::Form(Refusal::TooLarge)),
            Dependencies::Later => Judged::Later,
            Dependencies::Rejected => Judged::Reject(Rejection::DependsOnRejected),
            Dependencies::InReview(why) => self.wait_behind(signed.manifest, item, &header, bytes, why)?,
            Dependencies::Fine => self.judge(signed, item, bytes)?,
        };
        match judged {
            Judged::Enter(admitted) => {
                self.keep(signed)?;
                let seq = self.append(signed.hash, item, bytes, *admitted)?;
                ingested.sent.insert(item.change);
                ingested.accepted += 1;
                Ok(Verdict::Accepted { seq })
            }
            // The rest stays on the device.
            Judged::Review(_) if self.tx.waiting_for_review(signed.device.id)? >= MAX_IN_REVIEW as u64 => {
                Ok(self.later(item))
            }
            Judged::Review(why) => {
                self.keep(signed)?;
                self.tx.set_aside(&Review {
                    change: item.change,
                    device: signed.device.id,
                    manifest: signed.hash,
                    bytes: bytes.to_vec(),
                    why: why.clone(),
                    arrived: self.now,
                    decision: None,
                })?;
                Ok(Verdict::Review { why })
            }
            Judged::Reject(why) => {
                self.keep(signed)?;
                self.tx.reject(item.change, signed.device.id, signed.hash, &why, self.now)?;
                Ok(Verdict::Rejected(why))
            }
            Judged::OfErased => {
                let (contact, now) = (item.document, self.now);
                self.server.erase_late_contact(self.tx, contact, now, &mut ingested.cleared)?;
                self.erased(item, ingested)
            }
            Judged::Later => Ok(self.later(item)),
        }
    }

    /// Refused for good, with the word that makes its author's device drop it.
    fn erased(&mut self, item: &ManifestItem, ingested: &mut Ingested) -> Result<Verdict, LogError> {
        if !ingested.words.contains_key(&item.document) {
            if ingested.words.len() >= MAX_ERASED {
                return Ok(self.later(item));
            }
            ingested.words.extend(self.tx.erased(item.document)?.map(|word| (item.document, word)));
        }
        Ok(Verdict::Rejected(Rejection::Erased))
    }

    /// Keeps the manifest of work that something became of: that of nothing would only fill the disk.
    fn keep(&mut self, signed: &Signed<'_>) -> Result<(), LogError> {
        if signed.kept.replace(true) {
            return Ok(());
        }
        self.tx.keep_manifest(signed.device.id, signed.batch)
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
            if self.tx.accepted(*dep)?.is_some() {
                continue;
            }
            if self.tx.rejected(*dep, signed.device.id)?.is_some() {
                return Ok(Dependencies::Rejected);
            }
            if let Some(Review { why, decision: None, .. }) = self.tx.review(*dep)? {
                return Ok(Dependencies::InReview(why));
            }
        }
        Ok(Dependencies::Fine)
    }

    /// The document with everything accepted so far; `None` when it cannot be built.
    pub(super) fn document(&mut self, id: DocumentId) -> Result<Option<Option<&Document>>, LogError> {
        if !self.documents.contains_key(&id) {
            let changes = self.tx.document(id)?;
            let document = if changes.is_empty() {
                None
            } else {
                match Document::from_changes(changes.iter().map(Vec::as_slice)) {
                    Ok(document) => Some(document),
                    Err(error) => {
                        tracing::error!(document = %id, %error, "a document cannot be built");
                        return Ok(None);
                    }
                }
            };
            self.documents.insert(id, document);
        }
        Ok(Some(self.documents.get(&id).and_then(Option::as_ref)))
    }

    fn append(
        &mut self,
        manifest: ManifestHash,
        item: &ManifestItem,
        bytes: &[u8],
        admitted: Admitted,
    ) -> Result<u64, LogError> {
        let brought = new_events(&admitted);
        let change = NewChange {
            document: item.document,
            hash: item.change,
            actor: admitted.header.actor,
            actor_seq: admitted.header.seq,
            manifest,
            bytes: bytes.to_vec(),
        };
        let seq = self.tx.append_change(&item.home, &change, self.now)?;
        let mut new = match &admitted.record {
            Record::Case(record) => rights::shared_with(record, self.reference),
            Record::Matter(record) => matter::shared_with(record, self.reference),
            Record::Patrol(_) | Record::Contact(_) => Vec::new(),
        };
        if !new.is_empty() {
            let lies_in = self.tx.scopes_of(item.document)?;
            new.retain(|scope| !lies_in.contains(scope));
        }
        if let Record::Case(record) = &admitted.record
            && !new.is_empty()
        {
            let taken_back = self.tx.taken_back(item.document)?;
            // It was handed on there once. It goes there again when it is handed on again.
            let handed = rights::handed_by(record, &brought, self.reference);
            new.retain(|scope| !taken_back.contains(scope) || handed.contains(scope));
        }
        for scope in new {
            self.tx.share(item.document, &scope, self.now)?;
        }
        for photo in &admitted.effects.photos {
            let bytes = match &admitted.record {
                Record::Case(record) => record.photos.get(photo).map_or(0, |cited| cited.bytes),
                Record::Matter(record) => record.photos.get(photo).map_or(0, |cited| cited.bytes),
                // A visit names its photos and does not say how large they are.
                Record::Patrol(_) | Record::Contact(_) => 0,
            };
            let (scope, document) = (item.home.clone(), item.document);
            self.tx.cite(&Citation { photo: *photo, scope, document, bytes })?;
        }
        self.documents.insert(item.document, Some(admitted.after));
        self.behind.remove(&item.document);
        Ok(seq)
    }
}

/// Whether what a change builds on has a verdict that decides its own.
enum Dependencies {
    Fine,
    Rejected,
    InReview(Rejection),
    Later,
}

/// The events that a change brings.
fn new_events(admitted: &Admitted) -> BTreeSet<EventId> {
    admitted.effects.events.iter().map(NewEvent::id).collect()
}
