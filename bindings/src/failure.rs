//! What can go wrong, as the languages see it: one small enum, a variant for each thing that a caller would
//! do something about. What to tell a person is the shell's to say, in the person's language; `detail` is
//! English text for a log and holds no personal data.

use sanben_domain::rights;
use sanben_field::FieldError;
use sanben_sync::enrol::EnrolRefusal;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an act is refused.
pub type Denial = rights::Denied;

/// Why an act is refused.
#[uniffi::remote(Enum)]
pub enum Denial {
    /// The role never does this.
    Role,
    /// The role does it, but not for this place.
    Place,
    /// The records of this unit are not shared with the person.
    Scope,
    /// The act needs a reason and gives none.
    Reason,
    /// The act is of a kind this version does not know.
    Unknown,
}

/// Why a call failed. Whatever was recorded before is kept, whichever it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum FieldFailure {
    /// The device has to be enrolled first.
    #[error("not enrolled")]
    NotEnrolled,
    /// It is enrolled already, for somebody or somewhere else.
    #[error("enrolled already")]
    AlreadyEnrolled,
    /// The first sync has not brought the reference data yet.
    #[error("no reference data yet")]
    NothingYet,
    /// No such thing here.
    #[error("no {what} `{id}`")]
    NotFound {
        /// What was looked for: `point`, `standard`, `case`, `draft`, `photo`, `community`.
        what: String,
        /// Its id as given.
        id: String,
    },
    /// The input is not acceptable.
    #[error("invalid: {detail}")]
    Invalid {
        /// What about it.
        detail: String,
    },
    /// The person may not do this.
    #[error("denied: {why}")]
    Denied {
        /// Why not.
        why: Denial,
    },
    /// A file is no photo, or not a whole one, or too large. The draft it was meant for is kept.
    #[error("photo: {detail}")]
    Photo {
        /// What about it.
        detail: String,
    },
    /// A file could not be read.
    #[error("file: {detail}")]
    File {
        /// What the system said.
        detail: String,
    },
    /// The storage is full; nothing was half-recorded.
    #[error("storage full")]
    Full,
    /// The store was written by a newer version; it was not touched.
    #[error("newer store")]
    NewerStore,
    /// The store is damaged; it was kept as it is.
    #[error("corrupt store: {detail}")]
    CorruptStore {
        /// Where.
        detail: String,
    },
    /// Another process holds the store, or another sync is running.
    #[error("busy")]
    Busy,
    /// The server cannot be reached.
    #[error("network: {detail}")]
    Network {
        /// What the system said.
        detail: String,
    },
    /// Nobody was given this code.
    #[error("unknown code")]
    CodeUnknown,
    /// Another device has used this code.
    #[error("used code")]
    CodeUsed,
    /// The code is too old.
    #[error("expired code")]
    CodeExpired,
    /// The text is no code.
    #[error("malformed code")]
    CodeMalformed,
    /// The server is not the one the device was enrolled with, or not as it knew it.
    #[error("wrong server: {detail}")]
    WrongServer {
        /// How so.
        detail: String,
    },
    /// The server refuses this device.
    #[error("refused: {detail}")]
    Refused {
        /// The server's reason.
        detail: String,
    },
    /// The caller stopped it.
    #[error("cancelled")]
    Cancelled,
    /// The caller's own callback failed, and so stopped it.
    #[error("listener: {detail}")]
    Listener {
        /// What it said.
        detail: String,
    },
    /// A fault of the program.
    #[error("unexpected: {detail}")]
    Unexpected {
        /// For the log.
        detail: String,
    },
}

impl FieldFailure {
    pub(crate) fn invalid(detail: &str) -> Self {
        Self::Invalid { detail: detail.to_owned() }
    }
}

impl From<FieldError> for FieldFailure {
    fn from(error: FieldError) -> Self {
        match error {
            FieldError::NotEnrolled => Self::NotEnrolled,
            FieldError::AlreadyEnrolled => Self::AlreadyEnrolled,
            FieldError::NothingYet => Self::NothingYet,
            FieldError::NotFound { what, id } => Self::NotFound { what: what.to_owned(), id },
            FieldError::Invalid(detail) => Self::invalid(detail),
            FieldError::Denied(why) => Self::Denied { why },
            FieldError::Photo(photo) => Self::Photo { detail: photo.to_string() },
            FieldError::File(file) => Self::File { detail: file.to_string() },
            FieldError::Full => Self::Full,
            FieldError::Newer => Self::NewerStore,
            FieldError::Corrupt(detail) => Self::CorruptStore { detail },
            FieldError::Busy => Self::Busy,
            FieldError::Network(network) => Self::Network { detail: network.0 },
            FieldError::Code(EnrolRefusal::Unknown) => Self::CodeUnknown,
            FieldError::Code(EnrolRefusal::Used) => Self::CodeUsed,
            FieldError::Code(EnrolRefusal::Expired) => Self::CodeExpired,
            FieldError::BadCode(_) => Self::CodeMalformed,
            FieldError::Server(server) => Self::WrongServer { detail: server.to_string() },
            FieldError::Refused(detail) => Self::Refused { detail },
            FieldError::Carrier(why) => Self::Refused { detail: why.name().to_owned() },
            FieldError::Cancelled => Self::Cancelled,
            FieldError::Other(detail) => Self::Unexpected { detail },
        }
    }
}

/// Runs a call so that a panic ends as [`FieldFailure::Unexpected`].
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, FieldFailure>) -> Result<T, FieldFailure> {
    // What the core shares between calls sits behind mutexes and transactions: a torn call leaves neither
    // half-done.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(of_panic(&*panic)))
}

/// Only a text fixed in the program is passed on: a formatted one may hold what somebody wrote.
fn of_panic(panic: &(dyn Any + Send)) -> FieldFailure {
    let fixed = panic.downcast_ref::<&'static str>().copied().unwrap_or("no details");
    FieldFailure::Unexpected { detail: format!("panic: {fixed}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_failure_and_tells_nothing_that_was_written() {
        let fixed: Result<(), _> = guarded(|| panic!("a fixed text"));
        assert_eq!(fixed, Err(FieldFailure::Unexpected { detail: "panic: a fixed text".to_owned() }));
        let words = String::from("what a person wrote");
        let written: Result<(), _> = guarded(|| panic!("bad: {words}"));
        assert_eq!(written, Err(FieldFailure::Unexpected { detail: "panic: no details".to_owned() }));
    }
}
