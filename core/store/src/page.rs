//! Applying a checked answer: verdicts, arrived changes, reference data, cursors and lost scopes in one
//! transaction, so that resuming and retrying need nothing else.

use crate::error::StoreError;
use crate::store::{Changed, Store};
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::SignedHead;
use sanben_sync::device::{Arrived, Page, Standing};

impl Store {
    /// Where this device stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn standing(&self) -> Result<Standing, StoreError> {
        unimplemented!()
    }

    /// The signed heads that were kept, by scope: the proof of what the server once said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn heads(&self) -> Result<Vec<(Scope, SignedHead)>, StoreError> {
        unimplemented!()
    }

    /// Server clock minus device clock in milliseconds, as measured by the last page; `None` before any.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn clock_offset(&self) -> Result<Option<i64>, StoreError> {
        unimplemented!()
    }

    /// Applies a page, whole or not at all; applying it twice changes nothing. `now` is the device's clock
    /// at the middle of the round trip. A change that cannot be applied is set aside
    /// ([`Store::quarantined`]) and stops nothing.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of the page was kept and the next request asks for it again.
    pub fn apply(&self, page: &Page, now: Timestamp) -> Result<Changed, StoreError> {
        let _ = (page, now);
        unimplemented!()
    }

    /// The server's side: the same projection from its own log, without an outbox. `position` names how far
    /// a log was read and is kept in the same transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn apply_log(
        &self,
        entries: &[Arrived],
        references: &[ReferenceUpdate],
        position: (&str, u64),
    ) -> Result<Changed, StoreError> {
        let _ = (entries, references, position);
        unimplemented!()
    }

    /// How far a log was read; 0 before any.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn position(&self, key: &str) -> Result<u64, StoreError> {
        let _ = key;
        unimplemented!()
    }
}
