//! What a device can do: record, act, look up, walk a round, sync. This is exactly the code that phones run;
//! the desk's `sanben field`, the bindings and the simulated fleet are thin callers of it.
//!
//! A [`Field`] is one store in one folder, for one person of one tenant. Everything but [`Field::enrol`],
//! [`Field::sync`] and what fetches photos works without a network, and none of it waits for one. Calls
//! block on SQLite and may come from any thread.
//!
//! - [`record`](NewCase): drafts that save per field, reports, completion, the duplicate hint.
//! - [`Field::act`] and its short forms: one event each, checked against the person's rights.
//! - [`contact`](NewContact): whom a case is about.
//! - [`lookup`](PointView): the three ledgers, standards, from a place to who answers.
//! - [`matter`](NewMatter): everything else, from a shift to a notice: one call to open, one to act.
//! - [`rounds`](TodayList): patrols, today's list, the 17:00 list, coverage, the brief.
//! - [`Field::score`]: the sheet with its reasons.
//! - [`Field::sync`]: delivering and fetching, with progress, a budget and a way to stop; [`Field::follow`] stays
//!   up to date.
//! - [`Field::hand_over`], [`Field::collect`]: sealed work to and from other devices in the same network.
//! - [`Field::needs_attention`]: what the server refused, and the four things to do about it.
//! - [`Vault`]: the same store encrypted, opened with a PIN.
//! - [`salvage`], [`Field::bring_in`]: work out of a damaged store, and into a fresh one.

mod act;
mod album;
mod attention;
mod begin;
mod budget;
mod carrier;
mod contact;
mod deliver;
mod enrol;
mod error;
mod handed_on;
mod handover;
mod hex;
mod invalid;
mod lookup;
mod mailbag;
mod matter;
mod matter_draft;
mod matters;
mod observe;
mod platform;
mod poke;
mod record;
mod reminder;
mod rounds;
mod salvage;
mod score;
mod sync;
mod tidy;
mod transport;
mod vault;
mod work_brief;

pub use album::{CasePhoto, PhotoPolicy};
pub use attention::{Correction, ExportedWork};
pub use budget::{Budget, Stopped};
pub use carrier::{CarrierLimits, Doorkeeper, Knock, reachable};
pub use contact::NewContact;
pub use enrol::Enrolment;
pub use error::FieldError;
pub use handed_on::{Head as HandedOnWork, TakenOver};
pub use handover::HandedOver;
pub use invalid::Invalid;
pub use lookup::{Ledgers, PointView};
pub use matter::{Files, NewMatter};
pub use matter_draft::HEADER as DRAFT_HEADER;
pub use matters::MatterView;
pub use observe::{Observation, Observer};
pub use platform::{Clock, Platform, Random, SystemClock, SystemRandom};
pub use poke::{Follower, Heard, Poke};
pub use record::{Completion, NewCase, Reported};
pub use reminder::OwnReminder;
pub use rounds::TodayList;
pub use salvage::BroughtIn;
pub use sanben_photo as photo;
pub(crate) use sync::SyncCall;
pub use sync::{SyncReport, Watch};
pub use tidy::Tidied;
pub use transport::{Http, Incoming, NoConnection, Outgoing, Transport};

pub use vault::{
    ENCRYPTS, Keystore, KeystoreError, LEAST_PIN, PinCost, UnprotectedKeystore, Vault, VaultState, is_weak,
};

pub use mailbag::Exported;
pub use sanben_store::{
    Attention, CasePage, CaseQuery, CaseRow, CaseSummary, Changed, ContactRow, Counts, Delivery, Draft,
    DraftField, Dropped, HandedOn, Held, Mailbag, MatterDraft, MatterPage, MatterQuery, MatterRow,
    MatterSummary, MatterToken, Options, Order, OutboxId, OutboxRow, OutboxState, PageToken, PatrolQuery,
    Salvaged, StoreKey, Upload, Whereabouts, salvage, salvaged_photo,
};
pub use work_brief::FilledBrief;

use sanben_domain::id::{EventId, PhotoHash, UnitId};
use sanben_domain::reference::{Person, Reference};
use sanben_domain::time::{Stamp, Timestamp};
use sanben_store::Store;
use sanben_sync::enrol::Certificate;
use sanben_sync::pace::Pace;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One store in one folder, open.
pub struct Field {
    store: Store,
    /// The way to its vault, of an encrypted store.
    unlocked: Option<vault::Unlocked>,
    platform: Platform,
    observers: observe::Observers,
    pace: Mutex<Pace>,
    /// Wall minus monotonic clock when they were last believed: a later difference is a jump of the wall
    /// clock.
    anchor: Mutex<i64>,
    /// Held while a sync runs.
    syncing: Mutex<()>,
    /// Held while a reminder is set: all of them are one value.
    reminding: Mutex<()>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("dir", &self.store.dir()).finish_non_exhaustive()
    }
}

impl Field {
    /// Opens the store in `dir`, making a new one where there is none. The time it takes does not grow with
    /// the data.
    ///
    /// # Errors
    /// [`FieldError::Newer`], [`FieldError::Corrupt`] (the files are kept), [`FieldError::Full`],
    /// [`FieldError::Busy`]; [`FieldError::Locked`] for an encrypted one, which its [`Vault`] opens.
    pub fn open(dir: &Path, platform: Platform) -> Result<Self, FieldError> {
        let random = Arc::clone(&platform.random);
        let store = Store::open(dir, platform.store, &mut |bytes| random.fill(bytes))?;
        Ok(Self::begin(store, platform, None))
    }

    fn begin(store: Store, platform: Platform, unlocked: Option<vault::Unlocked>) -> Self {
        // A clock that was set back while nothing ran: it is measured from where it had been. A store too
        // damaged to say so opens all the same.
        let wall = platform.clock.wall();
        let seen = store.clock_seen().ok().flatten().unwrap_or(wall);
        let anchor = wall.max(seen).0 - platform.clock.monotonic_ms();
        Self {
            store,
            unlocked,
            platform,
            observers: observe::Observers::default(),
            pace: Mutex::new(Pace::default()),
            anchor: Mutex::new(anchor),
            syncing: Mutex::new(()),
            reminding: Mutex::new(()),
        }
    }

    /// Writes everything out and closes the database; the next call opens it again. For a phone that is
    /// about to be suspended with a held lock.
    ///
    /// # Errors
    /// A store error.
    pub fn suspend(&self) -> Result<(), FieldError> {
        Ok(self.store.suspend()?)
    }

    /// The stamp of something recorded now: wall clock, last known offset, whether the clock has jumped.
    pub(crate) fn stamp(&self) -> Result<Stamp, FieldError> {
        let wall = self.platform.clock.wall();
        let drift = wall.0 - self.platform.clock.monotonic_ms() - *lock(&self.anchor);
        let jumped = drift.abs() > sanben_domain::time::DOUBTFUL_OFFSET_MS;
        Ok(Stamp { wall, offset_ms: self.store.clock_offset()?, jumped })
    }

    /// The best guess of the true instant.
    ///
    /// # Errors
    /// A store error.
    pub fn now(&self) -> Result<Timestamp, FieldError> {
        Ok(self.stamp()?.at())
    }

    pub(crate) fn anchor_clock(&self) {
        *lock(&self.anchor) = self.platform.clock.wall().0 - self.platform.clock.monotonic_ms();
    }

    /// When the next automatic sync is worth trying; `None` for at once. A person may always try now.
    #[must_use]
    pub fn next_try(&self) -> Option<Timestamp> {
        self.pace().next_try()
    }

    pub(crate) fn pace(&self) -> MutexGuard<'_, Pace> {
        lock(&self.pace)
    }

    pub(crate) fn random16(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.platform.random.fill(&mut bytes);
        bytes
    }

    pub(crate) fn new_event(&self) -> EventId {
        EventId::from_random(self.random16())
    }

    /// The reference data held here.
    ///
    /// # Errors
    /// A store error.
    pub fn reference(&self) -> Result<Arc<Reference>, FieldError> {
        Ok(self.store.reference()?)
    }

    /// The unit of the person of this device; `None` before reference data has arrived.
    ///
    /// # Errors
    /// [`FieldError::NotEnrolled`].
    pub fn own_unit(&self) -> Result<Option<UnitId>, FieldError> {
        let reference = self.store.reference()?;
        match self.me(&reference) {
            Ok(person) => Ok(Some(person.unit)),
            Err(FieldError::NothingYet) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The person this store was enrolled for.
    ///
    /// # Errors
    /// [`FieldError::NotEnrolled`], [`FieldError::NothingYet`] before reference data has arrived.
    pub fn own_person(&self) -> Result<Person, FieldError> {
        self.me(&*self.store.reference()?)
    }

    /// As the reference data knows them, else (volunteers do not receive the staff list) as the certificate
    /// does.
    pub(crate) fn me(&self, reference: &Reference) -> Result<Person, FieldError> {
        let identity = self.store.identity()?.ok_or(FieldError::NotEnrolled)?;
        if let Some(known) = reference.people.get(&identity.person) {
            return Ok(known.clone());
        }
        let certificate: Option<Certificate> = sanben_document::decode(&identity.certificate);
        certificate
            .and_then(|certificate| certificate.holder)
            .filter(|holder| holder.id == identity.person)
            .ok_or(FieldError::NothingYet)
    }

    /// A page of cases.
    ///
    /// # Errors
    /// A store error.
    pub fn cases(&self, query: &CaseQuery) -> Result<CasePage, FieldError> {
        Ok(self.store.cases(query)?)
    }

    /// The outbox, latest first, with the state and receipt of each change.
    ///
    /// # Errors
    /// A store error.
    pub fn outbox(&self, limit: usize) -> Result<Vec<OutboxRow>, FieldError> {
        Ok(self.store.outbox(limit)?)
    }

    /// How much there is of everything.
    ///
    /// # Errors
    /// A store error.
    pub fn counts(&self) -> Result<Counts, FieldError> {
        Ok(self.store.counts()?)
    }

    /// The small picture of a photo, a JPEG of at most 320 pixels; `None` when this store has none.
    ///
    /// # Errors
    /// A store error.
    pub fn thumbnail(&self, hash: PhotoHash) -> Result<Option<Vec<u8>>, FieldError> {
        Ok(self.store.thumbnail(hash)?)
    }

    /// The store below, for replicas, benchmarks and the simulated fleet.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
