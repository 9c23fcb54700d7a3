//! Enrolment, syncing with progress and a way to stop, and how much there is of everything.

use crate::failure::{FieldFailure, InvalidInput, guarded};
use crate::field::Field;
use crate::observe::ListenerFailure;
use crate::value::{Uuid, count, instant};
use sanben_field::{FieldError, Http, Poke, Transport};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

/// Whom a store belongs to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Enrolment {
    /// The tenant's code.
    pub tenant: String,
    /// The person's code.
    pub person: String,
    /// The device.
    pub device: Uuid,
    /// The server's address.
    pub url: String,
}

impl From<sanben_field::Enrolment> for Enrolment {
    fn from(enrolment: sanben_field::Enrolment) -> Self {
        Self {
            tenant: enrolment.tenant.0,
            person: enrolment.person.0,
            device: enrolment.device.0,
            url: enrolment.url,
        }
    }
}

/// How far a sync has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// Changes sent, counting repeats.
    pub sent: i64,
    /// Changes the server has made durable.
    pub accepted: i64,
    /// Changes that need attention now.
    pub rejected: i64,
    /// Changes that a person of the desk has to look at.
    pub in_review: i64,
    /// The server's log was restored: what this device had delivered lately was offered again.
    pub restored: bool,
    /// Mailbags of others of which the server has now all that is in them.
    pub carried: i64,
    /// Mailbags of others that the server received and could not judge whole yet; they are offered again.
    pub carried_later: i64,
    /// Changes and reference updates of others that arrived.
    pub received: i64,
    /// Photos whose receipt arrived.
    pub photos_delivered: i64,
    /// Photos that still wait.
    pub photos_waiting: i64,
    /// Photos that could not be sent although there was a network; they are tried again.
    pub photos_failed: i64,
    /// Requests made.
    pub requests: i64,
    /// Bytes sent.
    pub bytes_up: i64,
    /// Bytes received.
    pub bytes_down: i64,
    /// What of its budget was used up when it stopped before everything was done; the next sync goes on there.
    pub stopped: Option<Stopped>,
    /// Own changes that still wait.
    pub changes_waiting: i64,
    /// Mailbags of others that still wait to be handed in.
    pub mailbags_waiting: i64,
    /// There is more to fetch, as far as the server has said.
    pub more: bool,
}

/// Which part of its budget a sync has used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Stopped {
    /// The time.
    Time,
    /// The bytes.
    Bytes,
    /// The requests.
    Requests,
}

impl From<sanben_field::Stopped> for Stopped {
    fn from(stopped: sanben_field::Stopped) -> Self {
        match stopped {
            sanben_field::Stopped::Time => Self::Time,
            sanben_field::Stopped::Bytes => Self::Bytes,
            sanben_field::Stopped::Requests => Self::Requests,
        }
    }
}

/// How much one sync may take; what it leaves the next one does. Stopping by it is no failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, uniffi::Record)]
pub struct SyncBudget {
    /// Milliseconds; a request under way when they are over is given up.
    #[uniffi(default = None)]
    pub millis: Option<i64>,
    /// Bytes, sent and received together.
    #[uniffi(default = None)]
    pub bytes: Option<i64>,
    /// Requests.
    #[uniffi(default = None)]
    pub requests: Option<i64>,
}

impl SyncBudget {
    fn into_core(self) -> Result<sanben_field::Budget, FieldFailure> {
        let amount = |amount: Option<i64>| amount.map(u64::try_from).transpose();
        let budget = || {
            Ok(sanben_field::Budget {
                time_ms: amount(self.millis)?,
                bytes: amount(self.bytes)?,
                requests: amount(self.requests)?,
            })
        };
        let negative = |_: std::num::TryFromIntError| FieldFailure::invalid(InvalidInput::NegativeBudget);
        budget().map_err(negative)
    }
}

impl From<sanben_field::SyncReport> for SyncReport {
    fn from(report: sanben_field::SyncReport) -> Self {
        Self {
            sent: count(report.sent),
            accepted: count(report.accepted),
            rejected: count(report.rejected),
            in_review: count(report.in_review),
            restored: report.restored,
            carried: count(report.carried),
            carried_later: count(report.carried_later),
            received: count(report.received),
            photos_delivered: count(report.photos_delivered),
            photos_waiting: count(report.photos_waiting),
            photos_failed: count(report.photos_failed),
            requests: count(report.requests),
            bytes_up: count(report.bytes_up),
            bytes_down: count(report.bytes_down),
            stopped: report.stopped.map(Stopped::from),
            changes_waiting: count(report.changes_waiting),
            mailbags_waiting: count(report.mailbags_waiting),
            more: report.more,
        }
    }
}

/// Somebody who wants to see a sync advance.
#[uniffi::export(with_foreign)]
pub trait SyncProgress: Send + Sync {
    /// The sync has come this far; called after every round trip and every photo.
    ///
    /// # Errors
    /// What the shell throws stops the sync, which then fails with [`FieldFailure::Listener`].
    fn advanced(&self, report: SyncReport) -> Result<(), ListenerFailure>;
}

/// The caller's wish to stop a sync. Once cancelled it stays so: take a new one for the next sync.
#[derive(Debug, Default, uniffi::Object)]
pub struct CancelToken(AtomicBool);

impl CancelToken {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[uniffi::export]
impl CancelToken {
    /// A token that nobody has cancelled.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    #[uniffi::constructor]
    pub fn new() -> Result<Self, FieldFailure> {
        Ok(Self::default())
    }

    /// Closes the door, or stops the sync, that was given this token, from any thread; it ends with
    /// [`FieldFailure::Cancelled`] as soon as the request under way is answered.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn cancel(&self) -> Result<(), FieldFailure> {
        guarded(|| {
            self.0.store(true, Ordering::Relaxed);
            Ok(())
        })
    }
}

/// Syncs over `transport`, telling `progress` and listening to `cancel`.
pub(crate) fn run(
    field: &sanben_field::Field,
    transport: &dyn Transport,
    progress: Option<&Arc<dyn SyncProgress>>,
    cancel: Option<&Arc<CancelToken>>,
    budget: Option<SyncBudget>,
) -> Result<SyncReport, FieldFailure> {
    let cancelled = || cancel.is_some_and(|token| token.is_cancelled());
    if cancelled() {
        return Err(FieldFailure::Cancelled);
    }
    let budget = budget.unwrap_or_default().into_core()?;
    let mut thrown = None;
    let outcome = field.sync(transport, budget, &mut |report| {
        if let Some(Err(failure)) = progress.map(|progress| progress.advanced((*report).into())) {
            thrown = Some(failure);
            return ControlFlow::Break(());
        }
        if cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match (thrown, outcome) {
        (Some(failure), Err(FieldError::Cancelled)) => {
            Err(FieldFailure::Listener { detail: failure.to_string() })
        }
        (_, outcome) => Ok(outcome?.into()),
    }
}

/// How much there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Counts {
    /// Cases.
    pub cases: i64,
    /// Of those, open.
    pub open: i64,
    /// Of those, disputed.
    pub disputed: i64,
    /// Patrols.
    pub patrols: i64,
    /// Drafts.
    pub drafts: i64,
    /// Own changes that wait for the server.
    pub pending: i64,
    /// Own work that needs attention.
    pub rejected: i64,
    /// Own photos cited by recorded work.
    pub photos: i64,
    /// Of those, confirmed by the server.
    pub photos_delivered: i64,
    /// Arrived changes that could not be applied.
    pub quarantined: i64,
}

impl From<sanben_field::Counts> for Counts {
    fn from(counts: sanben_field::Counts) -> Self {
        Self {
            cases: count(counts.cases),
            open: count(counts.open),
            disputed: count(counts.disputed),
            patrols: count(counts.patrols),
            drafts: count(counts.drafts),
            pending: count(counts.pending),
            rejected: count(counts.rejected),
            photos: count(counts.photos),
            photos_delivered: count(counts.photos_delivered),
            quarantined: count(counts.quarantined),
        }
    }
}

#[uniffi::export]
impl Field {
    /// Enrols this store with the address and the short code from the desk. Needs a network.
    ///
    /// # Errors
    /// [`FieldFailure::CodeMalformed`], [`FieldFailure::CodeUnknown`], [`FieldFailure::CodeUsed`],
    /// [`FieldFailure::CodeExpired`], [`FieldFailure::WrongServer`], [`FieldFailure::AlreadyEnrolled`],
    /// [`FieldFailure::Network`].
    pub fn enrol(&self, url: &str, code: &str) -> Result<Enrolment, FieldFailure> {
        self.call(|field| Ok(field.enrol(url, code, &Http::new(url))?.into()))
    }

    /// Whom this store belongs to.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`].
    pub fn enrolment(&self) -> Result<Enrolment, FieldFailure> {
        self.call(|field| Ok(field.enrolment()?.into()))
    }

    /// Syncs until there is nothing more to send or fetch, or the budget is used up: `stopped` says so then,
    /// and the next sync goes on there. What was done before a failure is kept.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`], [`FieldFailure::Network`], [`FieldFailure::WrongServer`],
    /// [`FieldFailure::Refused`], [`FieldFailure::Busy`] while another sync runs,
    /// [`FieldFailure::Cancelled`], [`FieldFailure::Listener`].
    #[uniffi::method(default(progress = None, cancel = None, budget = None))]
    pub fn sync(
        &self,
        progress: Option<Arc<dyn SyncProgress>>,
        cancel: Option<Arc<CancelToken>>,
        budget: Option<SyncBudget>,
    ) -> Result<SyncReport, FieldFailure> {
        self.call(|field| run(field, &self.server()?, progress.as_ref(), cancel.as_ref(), budget))
    }

    /// Waits, up to about a minute, until the server says that there is something to sync; `false` when nothing
    /// came. For a thread of its own, beside everything else: a shell that is in front syncs, waits, and syncs
    /// again; after a failure it rests a little longer each time.
    ///
    /// # Errors
    /// [`FieldFailure::Network`], [`FieldFailure::Refused`].
    pub fn await_poke(&self) -> Result<bool, FieldFailure> {
        self.call(|field| Ok(field.await_poke(&self.server()?)? == Poke::Sync))
    }

    /// When the next automatic sync is worth trying, as the server asked; `None` for at once. A person may
    /// always try now.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn next_try(&self) -> Result<Option<SystemTime>, FieldFailure> {
        self.call(|field| Ok(field.next_try().map(instant)))
    }

    /// How much there is of everything; `pending` is what waits in the outbox.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn counts(&self) -> Result<Counts, FieldFailure> {
        self.call(|field| Ok(field.counts()?.into()))
    }
}
