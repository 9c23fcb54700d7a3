//! The messages of `POST /v1/sync`. Fields are only ever added, with a default; unknown ones are ignored.

use crate::bundle::SignedOffer;
use crate::chain::{Link, SignedHead};
use crate::manifest::{Batch, ManifestHash};
use crate::note::Erasure;
use sanben_document::{ChangeHash, Refusal};
use sanben_domain::id::{DocumentId, Epoch, EventId};
use sanben_domain::matter::Flaw;
use sanben_domain::rights::{Denied, Scope};
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The path of the sync call.
pub const SYNC_PATH: &str = "/v1/sync";
/// The path of enrolment.
pub const ENROL_PATH: &str = "/v1/enrol";
/// Photos lie below this path by hash, see [`crate::photo`].
pub const PHOTO_PATH: &str = "/v1/photos/";
/// Header with the device's id.
pub const DEVICE_HEADER: &str = "sanben-device";
/// Header with a signature in hexadecimal: the device's over the request, the server's over the answer.
pub const SIGNATURE_HEADER: &str = "sanben-signature";
/// Header of a refusal with the key of the server that signed it, in hexadecimal: by it a device tells another server
/// from a line that altered what was asked.
pub const SERVER_HEADER: &str = "sanben-server";
/// Header with the byte offset of a piece of a photo.
pub const OFFSET_HEADER: &str = "sanben-offset";
/// The version of the protocol spoken here.
pub const VERSION: u16 = 1;
/// A request or answer is never larger than this, inflated.
pub const MAX_MESSAGE_BYTES: usize = 8 * 1024 * 1024;

/// A request has no more parts ([`crate::frame::unpack_of`]) than this: a change is one, a cursor with its link five.
pub const MAX_REQUEST_PARTS: usize = 1 << 16;

/// What was handed on is looked up for so many events a request.
pub const MAX_HANDED_ON: usize = 64;
/// No more of one device's work waits for a person of the desk at once; a request that asks about more is refused.
pub const MAX_IN_REVIEW: usize = 500;
/// An answer has no more words of erasures than this; what else was erased is judged later.
pub const MAX_ERASED: usize = 1000;

/// Where a device stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cursors {
    /// The digest of the vector that the server itself handed out last ([`linked_digest`]; an older device's:
    /// [`digest`]): 16 bytes, for any number of scopes.
    Digest(ByteBuf),
    /// The last number applied per scope.
    Vector(Vec<(Scope, u64)>),
}

/// What a device sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// [`VERSION`].
    pub v: u16,
    /// The life of the log it knows; `None` at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// Where it stands.
    pub cursors: Cursors,
    /// With a vector: the beginning of the chain ([`link_mark`]) after each of its numbers, in its order, so
    /// that a log that was rolled back and has grown again to the very same number is seen at once. Absent
    /// from an older device, and where a digest covers them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<ByteBuf>>,
    /// Its signed work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<Batch>,
    /// Its work that a person of the desk has to look at, at most [`MAX_IN_REVIEW`]: it asks what became of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_review: Vec<ChangeHash>,
    /// Its refused work that it handed on, by document and event: it asks whether somebody took it over. The first
    /// [`MAX_HANDED_ON`] are answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed_on: Vec<(DocumentId, EventId)>,
    /// A head that the server signed once and whose log it does not continue: the log was rolled back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<(Scope, SignedHead)>,
    /// Erasures that the server once told of and that this life of the log has not: it was put back to a state from
    /// before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<Erasure>,
    /// The form of bundles that it can begin a scope with ([`crate::bundle::BUNDLE_FORM`]); 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub bundles: u32,
    /// About how many bytes of entries it wants back.
    pub budget: u32,
    /// The device reads an answer that is packed after its question ([`crate::frame::pack_after`]); said where that
    /// saves anything, so that a request without work stays as small as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after: bool,
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncResponse {
    /// [`VERSION`].
    pub v: u16,
    /// The life of the log.
    pub epoch: Epoch,
    /// The server's clock when it answered; the device learns its own offset from it.
    pub now: Timestamp,
    /// The server does not remember this digest: ask again with the vector. Nothing else is in the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub send_cursors: bool,
    /// One verdict per change sent, durable before it is answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<(ChangeHash, Verdict)>,
    /// The server's words for the documents of the verdicts [`Rejection::Erased`], at most [`MAX_ERASED`]: without one a
    /// device drops nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<Erasure>,
    /// The device was taken out, or its person is not listed any more: what it sent was set aside for review,
    /// and everything it held is lost to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
    /// Of the events it handed on, those that are in the log under somebody else's name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_over: Vec<EventId>,
    /// Entries after the cursors, by scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<ScopeEntries>,
    /// Scopes the device no longer holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Scope>,
    /// What the device may begin scopes with of which it has nothing: fetched below
    /// [`crate::bundle::BUNDLE_PATH`]. There is `more` then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<SignedOffer>,
    /// There is more to fetch: ask again at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// A scope that the device does not hold any more and whose log is not the one that the device names: the server
    /// asks to be shown the head that it once signed, before the device lets go of anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prove: Option<Scope>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Entries of one scope, in order and without a gap after the device's cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeEntries {
    /// The scope.
    pub scope: Scope,
    /// The entries; empty when a scope was gained that has none.
    pub entries: Vec<Entry>,
    /// The signed head at the last of these entries.
    pub head: SignedHead,
}

/// One entry of a scope's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When the server made it durable.
    pub received: Timestamp,
    /// What it holds.
    pub body: EntryBody,
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryBody {
    /// An accepted change.
    Change {
        /// Its document.
        document: DocumentId,
        /// Its hash.
        hash: ChangeHash,
        /// The manifest it came with.
        manifest: ManifestHash,
        /// Its chunk.
        bytes: ByteBuf,
    },
    /// An accepted change whose bytes came in this very request, or with an entry of another scope earlier in
    /// this very answer: the device has them.
    Echo {
        /// Its document.
        document: DocumentId,
        /// Its hash.
        hash: ChangeHash,
        /// The manifest it came with.
        manifest: ManifestHash,
    },
    /// An accepted change of a document that was erased since: its bytes are nowhere any more. A note of that follows.
    Erased {
        /// Its document.
        document: DocumentId,
        /// Its hash.
        hash: ChangeHash,
        /// The manifest it came with.
        manifest: ManifestHash,
    },
    /// Something else, by a number for its kind ([`crate::note::Note`]). Every later kind of entry comes like this.
    Note {
        /// Its kind.
        kind: u8,
        /// Its bytes.
        body: ByteBuf,
    },
    /// Reference data: the CBOR of a [`sanben_domain::reference::ReferenceUpdate`].
    Reference {
        /// Its bytes.
        update: ByteBuf,
    },
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is in the log for good, under this number of its home scope.
    Accepted {
        /// The number.
        seq: u64,
    },
    /// It is not, and will not be as it is.
    Rejected(Rejection),
    /// It was allowed when its author acted and is not any more, so that a person of the desk looks at it: it
    /// is kept by the server and neither accepted nor rejected.
    Review {
        /// What speaks against it now.
        why: Rejection,
    },
    /// The server could not judge it now (an error of its own, or something it builds on is missing here since
    /// the log was restored): it stays in the outbox.
    Later,
}

/// Why a change was rejected; a person is shown what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rejection {
    /// The bytes are not what they should be.
    Form(Refusal),
    /// The manifest is damaged, not signed by an enrolled device, or does not name this change.
    Unsigned,
    /// The acting person is not the one the device was enrolled for, or not an event's author.
    NotTheAuthor,
    /// The person's role or place does not allow it.
    NotAllowed(Denied),
    /// A matter's act that does not fit its form.
    Unfit {
        /// The field.
        field: String,
        /// What is wrong with it.
        why: Flaw,
    },
    /// The person does not hold the scope.
    OutOfScope,
    /// An earlier change it builds on was rejected.
    DependsOnRejected,
    /// The device was taken out, or its person is not listed any more, before this arrived.
    Revoked,
    /// Its document was erased: nothing of it comes back in. It goes from the device by the word in
    /// [`SyncResponse::erased`], and by nothing else.
    Erased,
    /// A person of the desk looked at it and refused it.
    Reviewed {
        /// Why.
        reason: String,
    },
}

/// How much of a link a request names. A rolled-back log would have to be searched for 2^63 other entries to
/// look like the old one, and the signed head that the device keeps would still differ.
const LINK_MARK: usize = 8;

/// The beginning of a link.
#[must_use]
pub fn link_mark(link: &Link) -> ByteBuf {
    ByteBuf::from(link.0.get(..LINK_MARK).unwrap_or_default())
}

/// The digest of a cursor vector with its links: the first 16 bytes of SHA-256 over its sorted CBOR.
#[must_use]
pub fn linked_digest(cursors: &[(Scope, u64, ByteBuf)]) -> ByteBuf {
    shortened(cursors)
}

/// The digest of a cursor vector as devices without links make it: the first 16 bytes of SHA-256 over its sorted CBOR.
#[must_use]
pub fn digest(cursors: &[(Scope, u64)]) -> ByteBuf {
    shortened(cursors)
}

fn shortened<T: Ord + Serialize>(cursors: &[T]) -> ByteBuf {
    use sha2::Digest;
    let mut sorted: Vec<_> = cursors.iter().collect();
    sorted.sort();
    let hash = sha2::Sha256::digest(sanben_document::encode(&sorted));
    ByteBuf::from(hash.get(..16).unwrap_or_default())
}
