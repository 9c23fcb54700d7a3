//! Observers: one batch of what changed per transaction, after it, on the thread that made it.

use crate::failure::{FieldFailure, guarded};
use crate::field::Field;
use crate::value::{PhotoHash, Uuid};
use sanben_field::Changed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What one transaction changed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Changes {
    /// Cases that changed, came or went.
    pub cases: Vec<Uuid>,
    /// Patrols that changed, came or went.
    pub patrols: Vec<Uuid>,
    /// Matters that changed, came or went.
    pub matters: Vec<Uuid>,
    /// Photos whose delivery changed.
    pub photos: Vec<PhotoHash>,
    /// Points, standards, people or rules changed.
    pub reference: bool,
    /// The outbox or what needs attention changed.
    pub outbox: bool,
    /// Drafts changed.
    pub drafts: bool,
}

impl From<&Changed> for Changes {
    fn from(changed: &Changed) -> Self {
        Self {
            cases: changed.cases.iter().map(|id| id.0).collect(),
            patrols: changed.patrols.iter().map(|id| id.0).collect(),
            matters: changed.matters.iter().map(|id| id.0).collect(),
            photos: changed.photos.iter().copied().collect(),
            reference: changed.reference,
            outbox: changed.outbox,
            drafts: changed.drafts,
        }
    }
}

/// A callback of the shell failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerFailure {
    /// It threw something.
    #[error("{detail}")]
    Thrown {
        /// What it said.
        detail: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerFailure {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Thrown { detail: error.reason }
    }
}

/// Somebody who wants to know what changed. Return soon: whoever made the change waits.
#[uniffi::export(with_foreign)]
pub trait FieldObserver: Send + Sync {
    /// These things changed, in one transaction.
    ///
    /// # Errors
    /// What the shell throws changes nothing: the change is durable already. It can be read from
    /// [`Observation::last_failure`].
    fn changed(&self, changes: Changes) -> Result<(), ListenerFailure>;
}

/// What an observer threw last.
type LastFailure = Arc<Mutex<Option<String>>>;

/// A foreign observer as the core knows it.
struct Listener {
    observer: Arc<dyn FieldObserver>,
    failed: LastFailure,
}

impl sanben_field::Observer for Listener {
    fn changed(&self, changed: &Changed) {
        if let Err(failure) = self.observer.changed(changed.into()) {
            *lock(&self.failed) = Some(failure.to_string());
        }
    }
}

/// Keeps an observer registered until it is stopped or let go.
#[derive(uniffi::Object)]
pub struct Observation {
    registered: Mutex<Option<sanben_field::Observation>>,
    failed: LastFailure,
}

impl Observation {
    pub(crate) fn begin(field: &sanben_field::Field, observer: Arc<dyn FieldObserver>) -> Self {
        let failed = LastFailure::default();
        let listener = Listener { observer, failed: Arc::clone(&failed) };
        Self { registered: Mutex::new(Some(field.observe(Arc::new(listener)))), failed }
    }
}

#[uniffi::export]
impl Observation {
    /// Ends the observation; a call that is under way comes to its end.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn stop(&self) -> Result<(), FieldFailure> {
        guarded(|| {
            // Let go of outside the lock: it ends in foreign code.
            let registered = lock(&self.registered).take();
            drop(registered);
            Ok(())
        })
    }

    /// What the observer threw last; `None` when all went well.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn last_failure(&self) -> Result<Option<String>, FieldFailure> {
        guarded(|| Ok(lock(&self.failed).clone()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[uniffi::export]
impl Field {
    /// Tells the observer of every change until the returned observation is stopped or let go.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn observe(&self, observer: Arc<dyn FieldObserver>) -> Result<Observation, FieldFailure> {
        self.call(|field| Ok(Observation::begin(field, observer)))
    }
}
