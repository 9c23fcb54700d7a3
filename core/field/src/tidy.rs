//! What a device does when it has nothing to do: looks into what bundles brought, keeps documents at rest as one
//! save each, gives room back.

use crate::Field;
use crate::error::FieldError;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A case that nobody touched for so long rests, ms: two weeks.
const RESTS_AFTER_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// What a step of tidying up came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tidied {
    /// Documents from bundles that were looked into.
    pub examined: usize,
    /// Of those, not what the bundle had claimed: their scopes are read from the log with the next sync.
    pub refused: usize,
    /// Documents that are kept as one save from now on.
    pub compacted: usize,
    /// Whether the file was written anew without the room of what was removed.
    pub room_given_back: bool,
    /// There is more to do.
    pub more: bool,
}

impl Field {
    /// Does at most so many documents' worth of what can wait: for a device that is charging or idle. It may be
    /// stopped after every call, and recording waits for no more than one.
    ///
    /// # Errors
    /// A store error.
    pub fn tidy(&self, documents: usize) -> Result<Tidied, FieldError> {
        let mut done = Tidied::default();
        let examined = self.store.examine(documents)?;
        (done.examined, done.refused, done.more) = (examined.documents, examined.refused, examined.more);
        if done.examined >= documents {
            return Ok(Tidied { more: true, ..done });
        }
        let since = Timestamp(self.now()?.0.saturating_sub(RESTS_AFTER_MS));
        let compacted = self.store.compact(since, documents - done.examined)?;
        (done.compacted, done.more) = (compacted.documents, compacted.more);
        if !done.more && done.compacted > 0 {
            done.room_given_back = self.store.give_back_room()?;
        }
        Ok(done)
    }
}
