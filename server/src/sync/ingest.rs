//! A device's work: whose it is, what became of it before, and the judgement of what is new.

use crate::erase::Cleared;
use crate::log::{Citation, Device, LogError, NewChange, Review, Snapshot, Transaction};
use crate::publish::AsCited;
use crate::tenant::Server;
use sanben_document::{Admitted, ChangeHash, ChangeHeader, Document, NewEvent, Record, Refusal};
use sanben_domain::id::{DocumentId, EventId};
use sanben_domain::matter;
use sanben_domain::reference::Reference;
use sanben_domain::rights;
use sanben_domain::time::Timestamp;
use sanben_sync::judge::{Author, When, allowed, form, waits};
use sanben_sync::manifest::{Batch, Cited, Manifest, ManifestHash, ManifestItem};
use sanben_sync::note::Erasure;
use sanben_sync::wire::{MAX_ERASED, MAX_IN_REVIEW, Rejection, Verdict};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

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

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

struct Bench<'a> {
    server: &'a Server,
    tx: &'a mut dyn Transaction,
    reference: &'a Reference,
    now: Timestamp,
    /// Documents with everything accepted so far, in this request too.
    documents: HashMap<DocumentId, Option<Document>>,
    /// Changes of this request that could not be judged.
    later: BTreeSet<ChangeHash>,
    /// What held at the heads that this request cites.
    cited: BTreeMap<Vec<Cited>, Option<Arc<AsCited>>>,
    /// Whether there are erased documents at all; asked once.
    erasures: Option<bool>,
}

/// A request that cites more different states of the reference data than this has to come again with the rest.
const MAX_STATES: usize = 8;

/// How a change is judged by what held where its author stood.
struct Fair {
    allowed: Result<(), Rejection>,
    /// Since when something newer holds, or when they acted, as far as that is known, whichever is earlier.
    since: Timestamp,
}

/// A batch whose signature was verified.
struct Signed<'a> {
    manifest: &'a Manifest,
    hash: ManifestHash,
    device: Device,
    batch: &'a Batch,
    /// Whether its manifest is in the log.
    kept: Cell<bool>,
    /// Who acted, in the light of what holds now; or what speaks against anything they do.
    author: Result<Author<'a>, Rejection>,
}

/// The form of a change.
enum Formed {
    Fine(Box<Admitted>),
    Bad(Rejection),
    /// The server cannot say now.
    Later,
}

/// What a change may.
enum Judged {
    Enter(Box<Admitted>),
    Review(Rejection),
    Reject(Rejection),
    /// It is of a case that was erased.
    OfErased,
    Later,
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
            later: BTreeSet::new(),
            cited: BTreeMap::new(),
            erasures: None,
        }
    }

    fn is_erased(&mut self, document: DocumentId) -> Result<bool, LogError> {
        let any = match self.erasures {
            Some(any) => any,
            None => *self.erasures.insert(self.tx.erasures()? > 0),
        };
        Ok(any && self.tx.erased(document)?.is_some())
    }

    /// A contact goes the way of its case, also when it was written down before anybody there had heard of it.
    fn is_of_erased(&mut self, admitted: &Admitted) -> Result<bool, LogError> {
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
        let judged = match self.dependencies(signed, &header)? {
            // Whoever signs for somebody else is refused, whatever it builds on.
            _ if matches!(signed.author, Err(Rejection::NotTheAuthor)) => {
                Judged::Reject(Rejection::NotTheAuthor)
            }
            Dependencies::Later => Judged::Later,
            Dependencies::Rejected => Judged::Reject(Rejection::DependsOnRejected),
            Dependencies::InReview(why) => Judged::Review(why),
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
    fn document(&mut self, id: DocumentId) -> Result<Option<Option<&Document>>, LogError> {
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

    fn form(&mut self, item: &ManifestItem, bytes: &[u8]) -> Result<Formed, LogError> {
        let Some(before) = self.document(item.document)? else { return Ok(Formed::Later) };
        let formed = catch_unwind(AssertUnwindSafe(|| form(item, bytes, before)));
        let admitted = match formed {
            Ok(Ok(admitted)) => admitted,
            // Never for good: a carrier may have left it out, or the log was restored and its author is on the way.
            Ok(Err(Rejection::Form(Refusal::MissingDependency))) => return Ok(Formed::Later),
            Ok(Err(rejection)) => return Ok(Formed::Bad(rejection)),
            Err(_) => {
                tracing::error!(document = %item.document, "judging a change panicked");
                return Ok(Formed::Later);
            }
        };
        let header = &admitted.header;
        if self.tx.written(item.document, &header.actor, header.seq)?.is_some() {
            return Ok(Formed::Bad(Rejection::Form(Refusal::Fork)));
        }
        Ok(Formed::Fine(Box::new(admitted)))
    }

    fn judge(&mut self, signed: &Signed<'_>, item: &ManifestItem, bytes: &[u8]) -> Result<Judged, LogError> {
        let admitted = match self.form(item, bytes)? {
            Formed::Fine(admitted) => admitted,
            Formed::Bad(rejection) => return Ok(Judged::Reject(rejection)),
            Formed::Later => return Ok(Judged::Later),
        };
        if self.is_of_erased(&admitted)? {
            return Ok(Judged::OfErased);
        }
        let before = self.documents.get(&item.document).and_then(Option::as_ref);
        let lies_in = if before.is_some() { self.tx.scopes_of(item.document)? } else { Vec::new() };
        let begun = self.begun(item, &admitted)?;
        let ask = |author: &Author<'_>| {
            catch_unwind(AssertUnwindSafe(|| {
                allowed(author, item, &admitted, before, before, &lies_in, begun)
            }))
        };
        let against = match &signed.author {
            Ok(author) => match ask(author) {
                Ok(Ok(())) => return Ok(Judged::Enter(admitted)),
                Ok(Err(why)) => why,
                Err(_) => return Ok(Judged::Later),
            },
            Err(why) => why.clone(),
        };
        // What was taken back out of their unit, its author may not have heard of.
        let taken_back = before.is_some() && !self.tx.taken_back(item.document)?.is_empty();
        let Some(fair) = self.fairly(signed.manifest, item, &admitted)? else { return Ok(Judged::Later) };
        let fair_ms =
            self.reference.tenant.as_ref().map_or(0, |tenant| i64::from(tenant.offline_days)) * DAY_MS;
        Ok(match (fair.allowed, &signed.author) {
            (Err(_), _) => Judged::Reject(against),
            (Ok(()), Ok(_))
                if !(taken_back && against == Rejection::OutOfScope)
                    && self.now.since(fair.since) <= fair_ms =>
            {
                Judged::Enter(admitted)
            }
            (Ok(()), _) => Judged::Review(against),
        })
    }

    /// Judges by what held when its author acted, as it is known now and as they knew it. `None` when the server cannot.
    fn fairly(
        &mut self,
        manifest: &Manifest,
        item: &ManifestItem,
        admitted: &Admitted,
    ) -> Result<Option<Fair>, LogError> {
        if !self.cited.contains_key(&manifest.cited) {
            if self.cited.len() >= MAX_STATES {
                return Ok(None);
            }
            let then = self.server.reference_cited(&*self.tx, &manifest.cited)?;
            self.cited.insert(manifest.cited.clone(), then.map(Arc::new));
        }
        let then = self.cited.get(&manifest.cited).cloned().flatten();
        let when = When::of(admitted, then.as_ref().map(|then| then.published), self.now);
        // As the office corrected it since, and as its author knew it.
        let cited = then.as_ref().filter(|then| then.superseded.is_some());
        let lights = [(self.reference, None)].into_iter();
        let lights = lights.chain(cited.map(|then| (&*then.reference, then.superseded)));
        let before = self.documents.get(&item.document).and_then(Option::as_ref);
        let mut lies_in = if before.is_some() { self.tx.scopes_of(item.document)? } else { Vec::new() };
        if before.is_some() {
            lies_in.extend(self.tx.taken_back(item.document)?);
        }
        let begun = self.begun(item, admitted)?;
        // The case too is as its author had it: somebody may have given it another place meanwhile.
        let stood = before.map(|document| document.at(&admitted.header.deps));
        let Ok(stood) = stood.transpose() else { return Ok(None) };
        let stood = stood.as_ref();
        let mut fair: Option<Fair> = None;
        for (reference, superseded) in lights {
            for at in when.instants(&manifest.person, reference) {
                let allowed = match Author::of(&manifest.person, reference, at) {
                    None => Err(Rejection::Revoked),
                    Some(author) => {
                        let asked = catch_unwind(AssertUnwindSafe(|| {
                            allowed(&author, item, admitted, before, stood, &lies_in, begun)
                        }));
                        match asked {
                            Ok(allowed) => allowed,
                            Err(_) => return Ok(None),
                        }
                    }
                };
                let since = superseded.map_or(at, |superseded| superseded.min(at));
                // The latest at which they might; else how it was where its author stood.
                let better = match &fair {
                    Some(Fair { allowed: Ok(()), since: best }) => allowed.is_ok() && since > *best,
                    _ => true,
                };
                if better {
                    fair = Some(Fair { allowed, since });
                }
            }
        }
        Ok(fair)
    }

    /// When the first change of a document was received, for what has to wait from then on.
    fn begun(&self, item: &ManifestItem, admitted: &Admitted) -> Result<Option<Timestamp>, LogError> {
        if waits(admitted) { self.tx.begun(item.document) } else { Ok(None) }
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
