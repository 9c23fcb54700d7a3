//! The device's side of a round trip, as two pure steps: [`request`] from what is pending, [`check`] the
//! answer against what the device knows. What [`check`] returns is applied in one transaction or not at all.

use crate::bundle::SignedOffer;
use crate::chain::{Link, SignedHead};
use crate::keys::{PublicKey, Purpose, SecretKey, Signature};
use crate::manifest::{Batch, Cited, Manifest, ManifestItem};
use crate::note::{Erasure, Note, Noted};
use crate::wire::{
    Cursors, EntryBody, SyncRequest, SyncResponse, VERSION, Verdict, link_mark, linked_digest,
};
use sanben_document::{ChangeHash, ChangeHeader, decode};
use sanben_domain::id::{DeviceId, DocumentId, Epoch, EventId, PersonId, TenantId};
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Who the device is, and whom it trusts.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The tenant.
    pub tenant: TenantId,
    /// The device.
    pub device: DeviceId,
    /// The person it was enrolled for.
    pub person: PersonId,
    /// Its key.
    pub key: SecretKey,
    /// The server's key, pinned at enrolment.
    pub server: PublicKey,
}

/// Where the device stands in one scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The last number applied.
    pub seq: u64,
    /// The chain after it.
    pub link: Link,
}

/// Where the device stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The life of the log it knows.
    pub epoch: Option<Epoch>,
    /// Per scope.
    pub cursors: BTreeMap<Scope, Cursor>,
    /// The server handed out exactly these cursors, so their digest will do.
    pub confirmed: bool,
    /// Own work that a person of the desk has to look at.
    pub in_review: Vec<ChangeHash>,
    /// Own refused work that was handed on, by document and event.
    pub handed_on: Vec<(DocumentId, EventId)>,
}

impl Standing {
    fn vector(&self) -> Vec<(Scope, u64, ByteBuf)> {
        let cursors = self.cursors.iter();
        cursors.map(|(scope, cursor)| (scope.clone(), cursor.seq, link_mark(&cursor.link))).collect()
    }

    /// The digest that stands for all of this where the server has handed it out.
    #[must_use]
    pub fn digest(&self) -> ByteBuf {
        linked_digest(&self.vector())
    }
}

/// A change that waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its document.
    pub document: DocumentId,
    /// The scope the document lives in.
    pub home: Scope,
    /// Who acted.
    pub person: PersonId,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its chunk.
    pub bytes: Vec<u8>,
    /// The bytes of its intent.
    pub intent: Vec<u8>,
    /// How far its author had the reference data and the people when it was recorded.
    pub cited: Vec<Cited>,
}

/// Makes the request: one signed batch per acting person and what they had seen, in outbox order.
#[must_use]
pub fn request(
    identity: &Identity,
    standing: &Standing,
    pending: &[Pending],
    budget: u32,
    now: Timestamp,
) -> SyncRequest {
    /// The first change of a batch speaks for its author and what they had seen.
    type Gathered<'a> = (&'a Pending, Vec<ManifestItem>, Vec<Vec<u8>>);
    let mut batches: Vec<Gathered<'_>> = Vec::new();
    for change in pending {
        let item = ManifestItem {
            document: change.document,
            home: change.home.clone(),
            change: change.hash,
            intent: Sha256::digest(&change.intent).into(),
        };
        match batches.last_mut() {
            Some((first, items, bytes))
                if (&first.person, &first.cited) == (&change.person, &change.cited) =>
            {
                items.push(item);
                bytes.push(change.bytes.clone());
            }
            _ => batches.push((change, vec![item], vec![change.bytes.clone()])),
        }
    }
    let sign = |(first, items, changes): Gathered<'_>| {
        let manifest = Manifest {
            v: 1,
            tenant: identity.tenant.clone(),
            device: identity.device,
            person: first.person.clone(),
            made: now,
            cited: first.cited.clone(),
            items,
        };
        Batch::sign(&manifest, changes, &identity.key)
    };
    let vector = standing.vector();
    let (cursors, links) = if standing.confirmed {
        (Cursors::Digest(linked_digest(&vector)), None)
    } else {
        let (cursors, links) = vector.into_iter().map(|(scope, seq, link)| ((scope, seq), link)).unzip();
        (Cursors::Vector(cursors), Some(links))
    };
    SyncRequest {
        v: VERSION,
        epoch: standing.epoch,
        cursors,
        links,
        after: false,
        batches: batches.into_iter().map(sign).collect(),
        in_review: standing.in_review.clone(),
        handed_on: standing.handed_on.clone(),
        proof: None,
        erased: Vec::new(),
        bundles: 0,
        budget,
    }
}

/// An accepted change that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The scope.
    pub scope: Scope,
    /// Its number there.
    pub seq: u64,
    /// When the server made it durable.
    pub received: Timestamp,
    /// Its document.
    pub document: DocumentId,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its chunk; `None` for the device's own work coming back.
    pub bytes: Option<Vec<u8>>,
}

/// A checked answer, to be applied in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The life of the log.
    pub epoch: Epoch,
    /// The server's clock.
    pub now: Timestamp,
    /// Verdicts on the device's work.
    pub verdicts: Vec<(ChangeHash, Verdict)>,
    /// The server's words for documents of refused work that were erased.
    pub erased: Vec<Erasure>,
    /// Accepted changes, in an order in which each follows what it builds on.
    pub changes: Vec<Arrived>,
    /// What the log says beside that, scope by scope in order.
    pub notes: Vec<Noted>,
    /// Reference data, in order.
    pub references: Vec<ReferenceUpdate>,
    /// New standing of the scopes that moved, with the signed head to keep.
    pub cursors: Vec<(Scope, Cursor, SignedHead)>,
    /// What scopes may be begun with.
    pub bundles: Vec<(Scope, SignedOffer)>,
    /// Scopes that are no longer held.
    pub lost: Vec<Scope>,
    /// The device was taken out, or its person is not listed any more.
    pub revoked: bool,
    /// Events that this device handed on and somebody else brought into the log.
    pub taken_over: Vec<EventId>,
    /// Ask again at once.
    pub more: bool,
    /// The cursors after this page are what the server handed out.
    pub confirmed: bool,
}

/// What an answer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Apply this.
    Apply(Box<Page>),
    /// Ask again with the whole cursor vector.
    SendCursors,
    /// The log was restored and lives anew: forget the cursors, offer again what the old life had accepted,
    /// and ask from the beginning.
    NewLife(Epoch),
    /// The log does not continue the head that the server once signed for this scope: ask again with that head
    /// as proof, so that the log begins a new life.
    Prove(Scope),
}

/// Why an answer may not be applied. Nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The server speaks a version that this device does not know.
    #[error("the server speaks a newer protocol; update this app")]
    Version,
    /// The entries do not follow each other.
    #[error("the server's log has a gap; nothing was changed here, tell the desk")]
    Gap,
    /// A signature or chain does not fit.
    #[error("the answer is not from the enrolled server or was changed on the way ({0})")]
    Forged(&'static str),
}

/// Checks an answer against what the device knows.
///
/// # Errors
/// [`AnswerError`]; then nothing may be applied.
pub fn check(
    identity: &Identity,
    standing: &Standing,
    response: SyncResponse,
) -> Result<Answer, AnswerError> {
    if response.v != VERSION {
        return Err(AnswerError::Version);
    }
    if standing.epoch.is_some_and(|epoch| epoch != response.epoch) {
        return Ok(Answer::NewLife(response.epoch));
    }
    if response.send_cursors {
        return Ok(Answer::SendCursors);
    }
    if let Some(scope) = response.prove {
        return Ok(Answer::Prove(scope));
    }
    // A verdict alone makes nobody drop anything.
    if !response.erased.iter().all(|erasure| erasure.verify(&identity.server)) {
        return Err(AnswerError::Forged("an erasure's signature"));
    }
    let mut page = Page {
        epoch: response.epoch,
        now: response.now,
        verdicts: response.verdicts,
        erased: response.erased,
        changes: Vec::new(),
        notes: Vec::new(),
        references: Vec::new(),
        cursors: Vec::new(),
        bundles: Vec::new(),
        lost: response.lost,
        revoked: response.revoked,
        taken_over: response.taken_over,
        more: response.more,
        confirmed: !response.more,
    };
    for signed in response.bundles {
        let offer =
            signed.open(page.epoch, &identity.server).ok_or(AnswerError::Forged("a bundle's offer"))?;
        if offer.noted(&identity.server).is_none() {
            return Err(AnswerError::Forged("what an offer says is gone"));
        }
        page.bundles.push((offer.scope, signed));
    }
    for part in response.scopes {
        let start = standing.cursors.get(&part.scope).copied();
        let mut cursor =
            start.unwrap_or_else(|| Cursor { seq: 0, link: Link::genesis(page.epoch, &part.scope) });
        for entry in part.entries {
            if entry.seq != cursor.seq + 1 {
                return Err(AnswerError::Gap);
            }
            cursor = Cursor { seq: entry.seq, link: cursor.link.then(&entry) };
            let received = entry.received;
            let mut arrive = |document, hash, bytes| {
                let (scope, seq) = (part.scope.clone(), entry.seq);
                page.changes.push(Arrived { scope, seq, received, document, hash, bytes });
            };
            match entry.body {
                EntryBody::Change { document, hash, bytes, .. } => {
                    if ChangeHeader::of(&bytes).is_none_or(|header| header.hash != hash) {
                        return Err(AnswerError::Forged("a change with another hash"));
                    }
                    arrive(document, hash, Some(bytes.into_vec()));
                }
                EntryBody::Echo { document, hash, .. } => arrive(document, hash, None),
                // The note that says so follows.
                EntryBody::Erased { .. } => {}
                EntryBody::Note { kind, body } => {
                    let note = Note::told(kind, &body, &identity.server).map_err(AnswerError::Forged)?;
                    page.notes.push(Noted { scope: part.scope.clone(), seq: entry.seq, received, note });
                }
                EntryBody::Reference { update } => page
                    .references
                    .push(decode(&update).ok_or(AnswerError::Forged("unreadable reference data"))?),
            }
        }
        if !part.head.verify(page.epoch, &part.scope, &identity.server) {
            return Err(AnswerError::Forged("the head's signature"));
        }
        if (part.head.seq, part.head.link) != (cursor.seq, cursor.link) {
            return match start {
                // The server's own word against its own earlier word.
                Some(_) => Ok(Answer::Prove(part.scope)),
                None => Err(AnswerError::Forged("the chain of a scope")),
            };
        }
        page.cursors.push((part.scope, cursor, part.head));
    }
    Ok(Answer::Apply(Box::new(page)))
}

/// The bytes a device signs for a request, and the server for its answer: method, path, offset, body.
#[must_use]
pub fn request_message(method: &str, path: &str, offset: &str, body: &[u8]) -> Vec<u8> {
    sanben_document::encode(&(method, path, offset, ByteBuf::from(Sha256::digest(body).to_vec())))
}

/// The bytes the server signs for its answer: the request's signature and the answer's body, so that an
/// old answer cannot be played back to a new question.
#[must_use]
pub fn answer_message(request: &Signature, body: &[u8]) -> Vec<u8> {
    sanben_document::encode(&(request, ByteBuf::from(Sha256::digest(body).to_vec())))
}

/// The bytes the server signs when it refuses a request whose signature it could not verify: all of the request as it
/// came, so that who alters one on its way cannot bring back a word about the unaltered one.
#[must_use]
pub fn refusal_message(device: &str, request: &[u8], signature: &Signature, body: &[u8]) -> Vec<u8> {
    sanben_document::encode(&(device, ByteBuf::from(request), ByteBuf::from(answer_message(signature, body))))
}

/// Whether the enrolled server refused this very request, given as [`request_message`] and its signature.
#[must_use]
pub fn refused(
    identity: &Identity,
    request: &[u8],
    asked: &Signature,
    body: &[u8],
    signature: &Signature,
) -> bool {
    refused_by(&identity.server, identity.device, request, asked, body, signature)
}

/// Whether the server with this key refused this very request of this device.
#[must_use]
pub fn refused_by(
    server: &PublicKey,
    device: DeviceId,
    request: &[u8],
    asked: &Signature,
    body: &[u8],
    signature: &Signature,
) -> bool {
    let message = refusal_message(&device.to_string(), request, asked, body);
    server.verify(Purpose::Answer, &answer_message(asked, body), signature)
        || server.verify(Purpose::Refusal, &message, signature)
}

/// Whether the enrolled server gave this answer to this request, knowing that the device has signed it.
#[must_use]
pub fn answered(identity: &Identity, request: &Signature, body: &[u8], signature: &Signature) -> bool {
    identity.server.verify(Purpose::Answer, &answer_message(request, body), signature)
}
