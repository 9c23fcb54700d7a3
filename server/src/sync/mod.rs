//! The one round trip: a device's work is judged and appended, what it may see after its cursors goes back.
//!
//! All of a request is one transaction. What is answered was durable before; a request that comes twice
//! finds its changes in the log or its verdicts kept, and has no second effect.

mod ingest;
mod judged;
mod page;

use crate::call::{Call, Code, Fault};
use crate::log::{CursorVector, Device, LogError, Snapshot, Transaction, begin_life};
use crate::tenant::Server;
use crate::trail::DeskAct;
pub(crate) use ingest::{Ingested, enter, ingest, vouched};
use page::Place;
use sanben_document::{ChangeHash, Document};
use sanben_domain::id::{DeviceId, DocumentId, Epoch, EventId};
use sanben_domain::reference::Reference;
use sanben_domain::rights::{Scope, scopes_of};
use sanben_domain::time::Timestamp;
use sanben_sync::bundle::BUNDLE_FORM;
use sanben_sync::chain::SignedHead;
use sanben_sync::frame::{pack, pack_after, unpack_of};
use sanben_sync::manifest::Batch;
use sanben_sync::wire::{
    Cursors, MAX_HANDED_ON, MAX_IN_REVIEW, MAX_MESSAGE_BYTES, MAX_REQUEST_PARTS, Rejection, SyncRequest,
    SyncResponse, VERSION, Verdict, digest, link_mark, linked_digest,
};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// Who asks for what, and when.
struct Asking<'a> {
    device: &'a Device,
    request: &'a SyncRequest,
    now: Timestamp,
}

/// Where a device says that it stands.
struct Stand {
    cursors: CursorVector,
    /// The beginnings of the chain after them; empty where the device named none, or a digest vouches for them.
    links: BTreeMap<Scope, ByteBuf>,
    /// Whether the device makes its digest with links.
    linked: bool,
}

/// Cursors that an answer hands out, to be remembered with it.
struct Handed {
    cursors: CursorVector,
    digest: Vec<u8>,
}

impl Server {
    pub(crate) fn sync(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        // Even who was taken out may hand in what they did: a person looks at it.
        let device = self.signer(&*self.log.read()?, call)?;
        let request: SyncRequest = unpack_of(&call.body, MAX_MESSAGE_BYTES, MAX_REQUEST_PARTS)?;
        if request.v != VERSION {
            return Err(Code::Version.into());
        }
        if request.in_review.len() > MAX_IN_REVIEW {
            return Err(Code::TooLarge.into());
        }
        let asking = Asking { device: &device, request: &request, now: self.now() };
        if let Some((scope, head)) = &request.proof {
            self.rolled_back(scope, head)?;
        }
        let response = if request.batches.is_empty() && request.erased.is_empty() {
            self.fetch(&asking)?
        } else {
            self.exchange(&asking)?
        };
        Ok(if request.after { pack_after(&response, &call.body) } else { pack(&response) })
    }

    /// Begins another life of the log when a head that this server signed is not in it: it was restored from an
    /// older state, and what it had accepted since is offered again by those who hold it.
    fn rolled_back(&self, scope: &Scope, proof: &SignedHead) -> Result<(), Fault> {
        let before = proof.seq.checked_sub(1).ok_or(Code::Malformed)?;
        let holds = |view: &dyn Snapshot| -> Result<bool, LogError> {
            Ok(view.entries(scope, before, 1)?.first().is_some_and(|entry| entry.link == proof.link))
        };
        let epoch = {
            let view = self.log.read()?;
            let epoch = view.life()?.epoch;
            if holds(&*view)? || !proof.verify(epoch, scope, &self.secret.public()) {
                return Ok(());
            }
            epoch
        };
        let mut tx = self.log.begin()?;
        // Somebody may have come with the same proof meanwhile.
        if tx.life()?.epoch != epoch || holds(&*tx)? {
            return Ok(());
        }
        let mut life = [0; 16];
        (self.random)(&mut life);
        let next = Epoch::from_random(life);
        begin_life(&mut *tx, next)?;
        let subjects = [scope.to_string(), epoch.to_string(), next.to_string()];
        self.deed(&mut *tx, DeskAct::NewLife, subjects, "")?;
        tx.commit()?;
        tracing::warn!(%scope, seq = proof.seq, "the log is older than what was told before: a new life begins");
        Ok(())
    }

    /// A request without work: others may write meanwhile.
    fn fetch(&self, asking: &Asking<'_>) -> Result<SyncResponse, Fault> {
        let (response, handed) = {
            let view = self.log.read()?;
            let stand = match standing(&*view, asking)? {
                Standing::At(stand) => stand,
                Standing::Unknown(answer) => return Ok(*answer),
            };
            let reference = self.reference_in(&*view)?;
            self.page(&*view, asking, &reference, stand, Ingested::default())?
        };
        if let Some(handed) = handed {
            let mut tx = self.log.begin()?;
            hand_out(&mut *tx, asking, &handed)?;
            tx.commit()?;
        }
        Ok(response)
    }

    fn exchange(&self, asking: &Asking<'_>) -> Result<SyncResponse, Fault> {
        // Signatures are verified before anybody has to wait for it.
        let proven = self.proven(&asking.request.erased);
        let vouched = vouched(&*self.log.read()?, &asking.request.batches)?;
        let mut tx = self.log.begin()?;
        let stand = match standing(&*tx, asking)? {
            Standing::At(stand) => stand,
            Standing::Unknown(answer) => return Ok(*answer),
        };
        let mut erased = self.erase_proven(&mut *tx, &proven, asking.now)?;
        let reference = self.reference_in(&*tx)?;
        let batches = asking.request.batches.iter().zip(vouched);
        let mut ingested = ingest(self, &mut *tx, &reference, batches, asking.now)?;
        erased.and(std::mem::take(&mut ingested.cleared));
        let accepted = ingested.accepted;
        let ingested = between_others(ingested, asking);
        let (response, handed) = self.page(&*tx, asking, &reference, stand, ingested)?;
        if let Some(handed) = handed {
            hand_out(&mut *tx, asking, &handed)?;
        }
        tx.commit()?;
        if accepted > 0 || !erased.erased.is_empty() {
            self.follow();
        }
        self.clear_away(&erased);
        tracing::debug!(accepted, verdicts = response.verdicts.len(), "work was judged");
        Ok(response)
    }

    /// The answer, and the cursors to remember unless that was done before.
    fn page(
        &self,
        view: &dyn Snapshot,
        asking: &Asking<'_>,
        reference: &Reference,
        stand: Stand,
        ingested: Ingested,
    ) -> Result<(SyncResponse, Option<Handed>), Fault> {
        let epoch = view.life()?.epoch;
        let person = reference.people.get(&asking.device.person);
        let person = person.filter(|_| asking.device.revoked.is_none());
        let held = person.map(|person| scopes_of(person, reference, asking.now)).unwrap_or_default();
        let place = Place { view, epoch, key: &self.secret, sent: &ingested.sent };
        let linked = stand.linked;
        if let Some(scope) = other_log(view, &held, &stand)? {
            return Ok((SyncResponse { prove: Some(scope), ..empty(epoch, asking.now) }, None));
        }
        let mut bundles = Vec::new();
        let mut held = held;
        if asking.request.bundles == BUNDLE_FORM {
            let begun: BTreeSet<&Scope> = stand.cursors.iter().map(|(scope, _)| scope).collect();
            let (mut rest, mut room) = (Vec::new(), Some(asking.request.budget));
            for scope in held {
                let offer = if begun.contains(&scope) { None } else { self.offer(view, &scope, epoch)? };
                match (offer, room) {
                    (None, _) => rest.push(scope),
                    // One comes in any case; what does not fit beside it is offered to the next request.
                    (Some(offer), Some(left)) => {
                        room = left.checked_sub(u32::try_from(offer.size()).unwrap_or(u32::MAX));
                        bundles.push(offer);
                    }
                    (Some(_), None) => {}
                }
            }
            held = rest;
        }
        let mut page = place.page(held, stand, asking.request.budget)?;
        page.more |= !bundles.is_empty();
        // Their rows were folded with the whole of it: whoever has less of it would fold every one of them again.
        if !page.with_reference {
            bundles.clear();
        }
        let (mut verdicts, mut words) = (ingested.verdicts, ingested.words);
        for change in &asking.request.in_review {
            let Some(verdict) = decided(view, *change, asking.device.id)? else { continue };
            if verdict == Verdict::Rejected(Rejection::Erased)
                && let Some(document) = reviewed(view, *change)?
            {
                words.extend(view.erased(document)?.map(|word| (document, word)));
            }
            verdicts.push((*change, verdict));
        }
        let taken_over = taken_over(view, asking)?;
        let response = SyncResponse {
            verdicts,
            erased: words.into_values().collect(),
            taken_over,
            scopes: page.scopes,
            lost: page.lost,
            bundles,
            more: page.more,
            revoked: person.is_none(),
            ..empty(epoch, asking.now)
        };
        // Between two pages the device sends its cursors as they are.
        if page.more {
            return Ok((response, None));
        }
        let cursors: CursorVector =
            page.cursors.iter().map(|(scope, seq, _)| (scope.clone(), *seq)).collect();
        let digest = if linked { linked_digest(&page.cursors) } else { digest(&cursors) }.into_vec();
        let known = view.handed(asking.device.id, &digest)?.is_some();
        Ok((response, (!known).then_some(Handed { cursors, digest })))
    }
}

/// A scope that the device held and holds no more, and of which it knows another log than this one: it was rolled back,
/// and the device has to learn that before it lets go of what only it still has. The scopes that it holds tell it so
/// by themselves.
fn other_log(view: &dyn Snapshot, held: &[Scope], stand: &Stand) -> Result<Option<Scope>, LogError> {
    for (scope, seq) in stand.cursors.iter().filter(|(scope, _)| !held.contains(scope)) {
        let (Some(mark), Some(before)) = (stand.links.get(scope), seq.checked_sub(1)) else { continue };
        let entry = view.entries(scope, before, 1)?.into_iter().next();
        if entry.is_none_or(|entry| link_mark(&entry.link) != *mark) {
            return Ok(Some(scope.clone()));
        }
    }
    Ok(None)
}

fn hand_out(tx: &mut dyn Transaction, asking: &Asking<'_>, handed: &Handed) -> Result<(), LogError> {
    let base = match &asking.request.cursors {
        Cursors::Vector(_) => None,
        Cursors::Digest(digest) => Some(digest.as_ref()),
    };
    tx.hand_out(asking.device.id, base, &handed.digest, &handed.cursors)
}

/// Whoever brings the work of another device along does not read what the desk said to its author.
fn between_others(mut ingested: Ingested, asking: &Asking<'_>) -> Ingested {
    let manifests = asking.request.batches.iter().filter_map(Batch::signed_list);
    let own = manifests.filter(|manifest| manifest.device == asking.device.id);
    let own: BTreeSet<ChangeHash> = own.flat_map(|manifest| manifest.items).map(|item| item.change).collect();
    for (change, verdict) in &mut ingested.verdicts {
        if let Verdict::Rejected(Rejection::Reviewed { reason }) = verdict
            && !own.contains(change)
        {
            reason.clear();
        }
    }
    ingested
}

/// What became of work in review; `None` while nobody has decided.
fn decided(view: &dyn Snapshot, change: ChangeHash, device: DeviceId) -> Result<Option<Verdict>, LogError> {
    if let Some(seq) = view.accepted(change)? {
        return Ok(Some(Verdict::Accepted { seq }));
    }
    Ok(view.rejected(change, device)?.map(Verdict::Rejected))
}

/// The document of work that is or was in review.
fn reviewed(view: &dyn Snapshot, change: ChangeHash) -> Result<Option<DocumentId>, LogError> {
    let Some(review) = view.review(change)? else { return Ok(None) };
    let manifest = view.manifest(review.manifest)?.and_then(|batch| batch.signed_list());
    let item = manifest.and_then(|manifest| manifest.items.into_iter().find(|item| item.change == change));
    Ok(item.map(|item| item.document))
}

/// Of the events that the caller handed on, those that are in the log under somebody else's name. It learns no more
/// than that: it named document and event itself.
fn taken_over(view: &dyn Snapshot, asking: &Asking<'_>) -> Result<Vec<EventId>, LogError> {
    let mut found = Vec::new();
    for (of, event) in asking.request.handed_on.iter().take(MAX_HANDED_ON) {
        let changes = view.document(*of)?;
        let record = Document::from_changes(changes.iter().map(Vec::as_slice)).and_then(|held| held.record());
        let author = record.as_ref().ok().and_then(|record| record.author_of(*event));
        if author.is_some_and(|author| *author != asking.device.person) {
            found.push(*event);
        }
    }
    Ok(found)
}

/// Where a device stands.
enum Standing {
    At(Stand),
    /// In another life of the log, or where nobody remembers: the answer that says so.
    Unknown(Box<SyncResponse>),
}

fn standing(view: &dyn Snapshot, asking: &Asking<'_>) -> Result<Standing, LogError> {
    let empty = empty(view.life()?.epoch, asking.now);
    if asking.request.epoch.is_some_and(|epoch| epoch != empty.epoch) {
        // The device sees from the epoch that this is not the log it knows.
        return Ok(Standing::Unknown(Box::new(empty)));
    }
    let stand = match &asking.request.cursors {
        Cursors::Vector(vector) => {
            let marks = asking.request.links.iter().flatten();
            let links = vector.iter().zip(marks).map(|((scope, _), mark)| (scope.clone(), mark.clone()));
            let linked = asking.request.links.is_some();
            Some(Stand { cursors: vector.clone(), links: links.collect(), linked })
        }
        // It was handed out in this very life of the log, and its links with it.
        Cursors::Digest(told) => view.handed(asking.device.id, told)?.map(|cursors| {
            let linked = digest(&cursors) != *told;
            Stand { cursors, links: BTreeMap::new(), linked }
        }),
    };
    Ok(match stand {
        Some(stand) => Standing::At(stand),
        None => Standing::Unknown(Box::new(SyncResponse { send_cursors: true, ..empty })),
    })
}

fn empty(epoch: Epoch, now: Timestamp) -> SyncResponse {
    SyncResponse {
        v: VERSION,
        epoch,
        now,
        send_cursors: false,
        verdicts: Vec::new(),
        erased: Vec::new(),
        revoked: false,
        taken_over: Vec::new(),
        scopes: Vec::new(),
        lost: Vec::new(),
        bundles: Vec::new(),
        more: false,
        prove: None,
    }
}
