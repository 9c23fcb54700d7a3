//! The truth: which changes were accepted, in which order each scope received them, who signed them, who is
//! enrolled, which photos arrived.
//!
//! [`Log`] speaks no SQL: [`Sqlite`] keeps it in one file, and a group of servers shares one in [`Postgres`].
//! Whoever writes holds a [`Transaction`] that excludes every other writer of the tenant, so that what was
//! judged is what is appended to; sequence and chain come from a counter row per scope inside that
//! transaction (a database's own sequences commit out of order, and cursors would skip).

mod columns;
mod postgres;
mod sqlite;

pub use self::postgres::Postgres;
pub use sqlite::Sqlite;

use sanben_document::ChangeHash;
use sanben_domain::id::{DeviceId, DocumentId, Epoch, PersonId, PhotoHash, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use sanben_sync::keys::PublicKey;
use sanben_sync::manifest::{Batch, ManifestHash};
use sanben_sync::note::Erasure;
use sanben_sync::wire::{Entry, Rejection};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Why the log cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It was written by a later version.
    #[error("the log was written by a later version of this program; update this one")]
    Newer,
    /// The file or the database belongs to another program.
    #[error(
        "this is not a log of this program; give the server a directory, or a schema of a database, of its own"
    )]
    Foreign,
    /// It is damaged.
    #[error("the log is damaged ({0}); stop the server, keep what is there, and restore a backup")]
    Damaged(String),
    /// The disk is full.
    #[error("the disk under the log is full; free some space: nothing was half-written")]
    Full,
    /// It can be read, not written.
    #[error(
        "the log can only be read; make its disk writable, or name the database that is written to and no standby"
    )]
    ReadOnly,
    /// The database does not answer. What was being committed is in the log as a whole or not at all.
    #[error("the database does not answer ({0}); see that it runs: the next call connects anew")]
    Lost(String),
    /// It cannot be used now.
    #[error("the log cannot be used: {0}")]
    Unusable(String),
}

/// What identifies a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Made when the log was; a restored or rebuilt log has a new one.
    pub epoch: Epoch,
    /// Fingerprint of the key that signs its heads.
    pub server: [u8; 32],
    /// Whose log it is; `None` until reference data was published.
    pub tenant: Option<TenantId>,
}

/// The end of a scope's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the last entry.
    pub seq: u64,
    /// The chain after it.
    pub link: Link,
}

/// An entry and the chain after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The entry.
    pub entry: Entry,
    /// The chain after it.
    pub link: Link,
}

/// A change that was judged and may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Its document.
    pub document: DocumentId,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its actor.
    pub actor: Vec<u8>,
    /// The actor's running number in the document.
    pub actor_seq: u64,
    /// The manifest it came with.
    pub manifest: ManifestHash,
    /// Its chunk.
    pub bytes: Vec<u8>,
}

/// A row of the trail, as it is kept ([`crate::Deed`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailRow {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// The chain after it.
    pub link: Link,
    /// What was done, CBOR: never encoded again.
    pub bytes: Vec<u8>,
}

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its key.
    pub key: PublicKey,
    /// Whom it was enrolled for.
    pub person: PersonId,
    /// When.
    pub enrolled: Timestamp,
    /// When it was taken out.
    pub revoked: Option<Timestamp>,
}

/// SHA-256 of the secret half of a code: the secret itself is kept nowhere.
pub type SecretHash = [u8; 32];

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Whom the device will be enrolled for.
    pub person: PersonId,
    /// First instant at which the code is not good any more.
    pub expires: Timestamp,
    /// The device that used it.
    pub used_by: Option<DeviceId>,
}

/// Work that was allowed when its author acted and not any more when it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The change.
    pub change: ChangeHash,
    /// The device that signed it.
    pub device: DeviceId,
    /// The manifest it came with, which is kept.
    pub manifest: ManifestHash,
    /// Its chunk.
    pub bytes: Vec<u8>,
    /// What speaks against it now.
    pub why: Rejection,
    /// When it arrived.
    pub arrived: Timestamp,
    /// What a person decided; `None` while nobody has.
    pub decision: Option<Decision>,
}

/// What a person of the desk decided about work in review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it went into the log.
    pub accepted: bool,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A photo as an accepted document cites it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The photo.
    pub photo: PhotoHash,
    /// The scope the document lives in.
    pub scope: Scope,
    /// The document.
    pub document: DocumentId,
    /// The photo's size, as cited, bytes.
    pub bytes: u64,
}

/// That somebody has shown that they have a photo's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// A document in which they cite it.
    pub document: DocumentId,
    /// Who; `None` is whoever cited it there first, from when nobody else could deliver it.
    pub person: Option<PersonId>,
}

impl Showing {
    fn from_row(document: DocumentId, person: String) -> Self {
        Self { document, person: (!person.is_empty()).then_some(PersonId(person)) }
    }
}

/// How much of a photo arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PhotoProgress {
    /// Bytes kept so far.
    pub offset: u64,
    /// When it was whole and its hash fitted.
    pub received: Option<Timestamp>,
}

/// Where a device stands, as it was handed out.
pub type CursorVector = Vec<(Scope, u64)>;

/// How much there is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Scopes with entries.
    pub scopes: u64,
    /// Entries of all scopes.
    pub entries: u64,
    /// Accepted changes.
    pub changes: u64,
    /// Documents.
    pub documents: u64,
    /// Changes that were rejected.
    pub rejected: u64,
    /// Devices that are enrolled and not taken out.
    pub devices: u64,
    /// Photos that arrived whole.
    pub photos: u64,
    /// Photos that are cited and did not arrive yet.
    pub photos_missing: u64,
}

type Result<T> = std::result::Result<T, LogError>;

/// The truth of one tenant.
pub trait Log: Send + Sync {
    /// A consistent view of what is committed.
    ///
    /// # Errors
    /// [`LogError`].
    fn read(&self) -> Result<Box<dyn Snapshot + '_>>;

    /// The same for who reads for long, as to make a bundle: no call waits behind it.
    ///
    /// # Errors
    /// [`LogError`].
    fn survey(&self) -> Result<Box<dyn Snapshot + '_>>;

    /// Begins to write; waits for other writers. Dropped without [`Transaction::commit`], nothing happened.
    ///
    /// # Errors
    /// [`LogError`].
    fn begin(&self) -> Result<Box<dyn Transaction + '_>>;

    /// Sees to it that nothing of what was erased is left in the gaps of the database's files. `false` when that could
    /// not be done now (somebody else was reading for long, or there was no room): it is tried again whenever the log
    /// is opened.
    ///
    /// # Errors
    /// [`LogError`].
    fn scrub(&self) -> Result<bool>;

    /// Copies the log as of one instant into a file of SQLite that is new or empty, which is a log like any other then.
    /// Nobody waits for it but who scrubs.
    ///
    /// # Errors
    /// [`LogError`]; what is in the file then is of no use.
    fn copy(&self, file: &Path) -> Result<()>;

    /// Hears of everything that is appended from now on, by this process or another.
    ///
    /// # Errors
    /// [`LogError`].
    fn watch(&self) -> Result<Box<dyn Watch>>;
}

/// Hears when the log grows. It has a connection of its own: it may wait on a thread for ever without being
/// in anybody's way.
pub trait Watch: Send {
    /// Waits until entries were appended since the last call, at most so long. `false` when none were.
    /// `true` can be said once too often, after the connection was made anew, but never once too little.
    ///
    /// # Errors
    /// [`LogError`]; the next call tries again.
    fn wait(&mut self, timeout: Duration) -> Result<bool>;
}

/// What can be read. Every call can fail with [`LogError`].
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Snapshot {
    /// What identifies the log.
    fn life(&self) -> Result<Life>;
    /// The heads of all scopes that have entries.
    fn heads(&self) -> Result<BTreeMap<Scope, Head>>;
    /// The head of a scope; `None` when it has no entries.
    fn head(&self, scope: &Scope) -> Result<Option<Head>>;
    /// The entries of a scope after a number, in order: at least one if there is any, then while the sum of
    /// their bytes stays within `budget`.
    fn entries(&self, scope: &Scope, after: u64, budget: usize) -> Result<Vec<Linked>>;
    /// The number of a change in its home scope, if it is in the log.
    fn accepted(&self, change: ChangeHash) -> Result<Option<u64>>;
    /// The change of an actor with this number in a document.
    fn written(&self, document: DocumentId, actor: &[u8], actor_seq: u64) -> Result<Option<ChangeHash>>;
    /// The changes of a document in the order in which they were accepted; none when it was erased.
    fn document(&self, document: DocumentId) -> Result<Vec<Vec<u8>>>;
    /// When the first change of a document was received; `None` when it is not in the log.
    fn begun(&self, document: DocumentId) -> Result<Option<Timestamp>>;
    /// The scopes a document is in, home first, then in the order in which it was shared; none when it is not
    /// in the log.
    fn scopes_of(&self, document: DocumentId) -> Result<Vec<Scope>>;
    /// The scopes that a document was taken back out of.
    fn taken_back(&self, document: DocumentId) -> Result<Vec<Scope>>;
    /// How many documents were erased.
    fn erasures(&self) -> Result<u64>;
    /// The words for all of them.
    fn all_erased(&self) -> Result<Vec<Erasure>>;
    /// The word that a document was erased, if it was.
    fn erased(&self, document: DocumentId) -> Result<Option<Erasure>>;
    /// Why a change that this device signed was rejected, if it was.
    fn rejected(&self, change: ChangeHash, device: DeviceId) -> Result<Option<Rejection>>;
    /// Work that was set aside for a person to look at, whatever became of it since.
    fn review(&self, change: ChangeHash) -> Result<Option<Review>>;
    /// How much of a device's work waits for a person.
    fn waiting_for_review(&self, device: DeviceId) -> Result<u64>;
    /// All of it, in the order in which it arrived. What was decided is without its bytes.
    fn reviews(&self) -> Result<Vec<Review>>;
    /// What of it nobody has decided about, in the order in which it arrived.
    fn open_reviews(&self) -> Result<Vec<Review>>;
    /// What of it begins like this in hexadecimal digits.
    fn reviews_named(&self, beginning: &str) -> Result<Vec<Review>>;
    /// A manifest as it was signed, with its signature and without changes.
    fn manifest(&self, manifest: ManifestHash) -> Result<Option<Batch>>;
    /// A device.
    fn device(&self, device: DeviceId) -> Result<Option<Device>>;
    /// All devices, oldest first.
    fn devices(&self) -> Result<Vec<Device>>;
    /// An invitation.
    fn invitation(&self, secret: SecretHash) -> Result<Option<Invitation>>;
    /// The cursors with this digest, if they were handed out last to the device or are what it came with then.
    fn handed(&self, device: DeviceId, digest: &[u8]) -> Result<Option<CursorVector>>;
    /// Where a photo is cited.
    fn citations(&self, photo: PhotoHash) -> Result<Vec<Citation>>;
    /// Who has shown that they have a photo's bytes, and in which documents they cite it.
    fn shown(&self, photo: PhotoHash) -> Result<Vec<Showing>>;
    /// How much of a photo arrived.
    fn photo(&self, photo: PhotoHash) -> Result<PhotoProgress>;
    /// Photos whose files have to go, each with the erased document that cited it.
    fn photos_out(&self) -> Result<Vec<(PhotoHash, DocumentId)>>;
    /// The whole trail of the desk, in order.
    fn trail(&self) -> Result<Vec<TrailRow>>;
    /// Its last row.
    fn trail_end(&self) -> Result<Option<TrailRow>>;
    /// How much there is.
    fn counts(&self) -> Result<Counts>;
}

/// What can be written, atomically. Every call can fail with [`LogError`]; then nothing of the transaction
/// can be committed any more.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Transaction: Snapshot {
    /// Says whose log it is.
    fn set_tenant(&mut self, tenant: &TenantId) -> Result<()>;
    /// Keeps a manifest and its signature for good; twice changes nothing.
    fn keep_manifest(&mut self, device: DeviceId, batch: &Batch) -> Result<()>;
    /// Appends a change to its home scope and to every scope its document is shared into; returns its number
    /// in the home scope.
    fn append_change(&mut self, home: &Scope, change: &NewChange, received: Timestamp) -> Result<u64>;
    /// Shares a document into a further scope: its accepted changes are appended there in their order, and
    /// every later one will be. Twice changes nothing.
    fn share(&mut self, document: DocumentId, scope: &Scope, received: Timestamp) -> Result<()>;
    /// Takes a document back out of a scope that it was shared into: a note says so there, and later changes are not
    /// appended there any more. `false` when it is not there, or has its home there.
    fn take_back(&mut self, document: DocumentId, scope: &Scope, received: Timestamp) -> Result<bool>;
    /// Erases a document: the bytes of its changes are gone, and in every scope it has been in a note says so. Gives
    /// the photos that nothing cites any more, and keeps that their files have to go. Twice changes nothing.
    fn erase(&mut self, erasure: &Erasure, received: Timestamp) -> Result<Vec<PhotoHash>>;
    /// The files of a photo that had to go with a document are gone, or belong to another.
    fn photo_is_out(&mut self, photo: PhotoHash, document: DocumentId) -> Result<()>;
    /// Appends reference data to a scope and returns its number there.
    fn append_reference(&mut self, scope: &Scope, update: &[u8], received: Timestamp) -> Result<u64>;
    /// Keeps the verdict on a change, to be repeated to the device that signed it.
    fn reject(
        &mut self,
        change: ChangeHash,
        device: DeviceId,
        manifest: ManifestHash,
        why: &Rejection,
        at: Timestamp,
    ) -> Result<()>;
    /// Sets work aside for a person to look at; twice changes nothing.
    fn set_aside(&mut self, review: &Review) -> Result<()>;
    /// Keeps what a person decided about it, and drops its bytes: they are in the log or at their author's.
    fn decide(&mut self, change: ChangeHash, decision: &Decision) -> Result<()>;
    /// Begins another life of the log; every entry has to be linked anew with it.
    fn set_epoch(&mut self, epoch: Epoch) -> Result<()>;
    /// Gives entries of a scope, from this number on without a gap, other links of the chain; the last one
    /// becomes the head when it is the last entry.
    fn relink(&mut self, scope: &Scope, first: u64, links: &[Link]) -> Result<()>;
    /// Remembers cursors that are handed out to a device, and keeps those with the digest `base` that it came
    /// with, because the answer may be lost; all others are forgotten.
    fn hand_out(
        &mut self,
        device: DeviceId,
        base: Option<&[u8]>,
        digest: &[u8],
        cursors: &CursorVector,
    ) -> Result<()>;
    /// Enrols a device.
    fn add_device(&mut self, device: &Device) -> Result<()>;
    /// Takes a device out.
    fn revoke_device(&mut self, device: DeviceId, at: Timestamp) -> Result<()>;
    /// Keeps an invitation.
    fn invite(&mut self, secret: SecretHash, invitation: &Invitation) -> Result<()>;
    /// Marks an invitation as used.
    fn use_invitation(&mut self, secret: SecretHash, device: DeviceId) -> Result<()>;
    /// Keeps where a photo is cited.
    fn cite(&mut self, citation: &Citation) -> Result<()>;
    /// Keeps that somebody who cites a photo in a document has shown that they have its bytes.
    fn show(&mut self, photo: PhotoHash, document: DocumentId, person: &PersonId) -> Result<()>;
    /// Keeps how much of a photo arrived.
    fn set_photo(&mut self, photo: PhotoHash, progress: PhotoProgress) -> Result<()>;
    /// Appends a row to the trail of the desk.
    fn append_trail(&mut self, row: &TrailRow) -> Result<()>;
    /// Makes all of it durable.
    fn commit(self: Box<Self>) -> Result<()>;
}

/// Begins another life of the log, after it was restored from a backup: the same entries under the same numbers,
/// chained from another beginning, so that nobody takes this life for the one they knew. Cursors that were handed
/// out are forgotten.
///
/// # Errors
/// [`LogError`]; the transaction has to be given up then.
pub(crate) fn begin_life(tx: &mut dyn Transaction, epoch: Epoch) -> Result<()> {
    tx.set_epoch(epoch)?;
    for scope in tx.heads()?.into_keys() {
        let (mut after, mut link) = (0, Link::genesis(epoch, &scope));
        loop {
            let page = tx.entries(&scope, after, RELINK_BYTES)?;
            if page.is_empty() {
                break;
            }
            let links: Vec<Link> = page
                .iter()
                .map(|linked| {
                    link = link.then(&linked.entry);
                    link
                })
                .collect();
            tx.relink(&scope, after + 1, &links)?;
            after += links.len() as u64;
        }
    }
    Ok(())
}

/// The log is chained anew in pages of about this many bytes.
const RELINK_BYTES: usize = 1024 * 1024;
