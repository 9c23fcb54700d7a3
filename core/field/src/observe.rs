//! Observers: one batched diff per change of the store, after the transaction, with no lock held.

use crate::Field;
use sanben_store::Changed;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Somebody who wants to know what changed. Called from the thread that made the change; return soon.
pub trait Observer: Send + Sync {
    /// These things changed, in one transaction.
    fn changed(&self, changed: &Changed);
}

/// Keeps an observer registered; dropping it ends the observation.
#[must_use = "dropping the handle ends the observation"]
pub struct Observation {
    _alive: Arc<dyn Observer>,
}

impl std::fmt::Debug for Observation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Observation")
    }
}

#[derive(Default)]
pub(crate) struct Observers(Mutex<Vec<Weak<dyn Observer>>>);

impl Field {
    /// Registers an observer for as long as the returned handle lives.
    pub fn observe(&self, observer: Arc<dyn Observer>) -> Observation {
        let mut list = self.observers.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.retain(|held| held.strong_count() > 0);
        list.push(Arc::downgrade(&observer));
        Observation { _alive: observer }
    }

    pub(crate) fn tell(&self, changed: Changed) {
        if changed == Changed::default() {
            return;
        }
        // Copied out: an observer may call back into the field.
        let listening: Vec<_> = {
            let list = self.observers.0.lock().unwrap_or_else(PoisonError::into_inner);
            list.iter().filter_map(Weak::upgrade).collect()
        };
        for observer in listening {
            observer.changed(&changed);
        }
    }
}
