//! What can go wrong at the edge: few cases, each with something the caller would do. The rich errors of
//! the layers below end here; their texts go along for the log, never for the decision.

use crate::invalid::Invalid;
use crate::photo::PhotoError;
use crate::transport::NoConnection;
use crate::vault::KeystoreError;
use sanben_document::DocumentError;
use sanben_domain::matter::Flawed;
use sanben_domain::rights::Denied;
use sanben_domain::score::ScoreError;
use sanben_store::StoreError;
use sanben_sync::device::AnswerError;
use sanben_sync::enrol::{BadCode, EnrolRefusal};
use sanben_sync::handover::NotTaken;

/// An error of the field API.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// The device has to be enrolled first.
    #[error("this device is not enrolled: run `enroll` with the address and code from the desk")]
    NotEnrolled,
    /// It is enrolled already, for somebody or somewhere else.
    #[error("this store is enrolled already: use another folder")]
    AlreadyEnrolled,
    /// The first sync has not brought the reference data yet.
    #[error("reference data has not arrived yet: sync once with a network")]
    NothingYet,
    /// No such thing here.
    #[error("no {what} `{id}` on this device: check it, or sync")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its id as given.
        id: String,
    },
    /// The input is not acceptable.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// An act on a matter does not fit its form.
    #[error("{0}")]
    Unfit(#[from] Flawed),
    /// The person may not do this.
    #[error("not allowed: {0}")]
    Denied(#[from] Denied),
    /// A photo cannot be taken in. A draft it was meant for is kept.
    #[error("photo not taken in: {0}")]
    Photo(#[from] PhotoError),
    /// A file could not be read.
    #[error("cannot read the file: {0}")]
    File(std::io::Error),
    /// A file could not be written; a file that is there is never written over.
    #[error("cannot write the file: {0}")]
    Write(std::io::Error),
    /// The storage is full; nothing was half-recorded.
    #[error("storage is full: free some space and try again; nothing was lost")]
    Full,
    /// The store was written by a newer version.
    #[error("this store was written by a newer version: update this program; nothing was changed")]
    Newer,
    /// The store is damaged. It is kept as it is.
    #[error("the store is damaged and was kept as it is: keep the folder and give it to the desk ({0})")]
    Corrupt(String),
    /// The store is encrypted and wants its PIN.
    #[error("the store is locked: unlock it with its PIN")]
    Locked,
    /// It was another PIN.
    #[error("wrong PIN: try again{}", after(*.wait_ms))]
    WrongPin {
        /// How long nothing is tried now, ms.
        wait_ms: i64,
    },
    /// Too many wrong PINs: nothing is tried yet. Nothing is wiped.
    #[error("too many wrong PINs: try again{}", after(*.wait_ms))]
    PinWait {
        /// How long nothing is tried, ms.
        wait_ms: i64,
    },
    /// Nothing on this device opens the store any more. Its files are left as they are.
    #[error(
        "the key of the store is lost ({0}): keep the folder and tell the desk what was not delivered, then enrol again in a new one"
    )]
    KeyLost(&'static str),
    /// The keystore does not answer now.
    #[error("the keystore does not answer: unlock the device and try again")]
    KeyUnavailable,
    /// This build keeps no encrypted stores, or the store is none.
    #[error("not an encrypted store, or a build without encryption")]
    NotEncrypting,
    /// The server has given no codes for a forgotten PIN yet.
    #[error("no recovery codes on this device yet: they come with the first sync")]
    NoRecovery,
    /// A code of another device, or for another number than is shown.
    #[error("the recovery code is not for what this device shows: read it to the desk again")]
    WrongRecoveryCode,
    /// Another process holds the store.
    #[error("another program is using this store: close it and try again")]
    Busy,
    /// The server cannot be reached. Everything recorded is kept and goes out later.
    #[error("{0}; what was recorded is kept and goes out with the next sync")]
    Network(#[from] NoConnection),
    /// The code was refused.
    #[error("{0}")]
    Code(EnrolRefusal),
    /// The text is no code.
    #[error("{0}")]
    BadCode(#[from] BadCode),
    /// The server is not the one the device was enrolled with, or not the one it knew.
    #[error("{0}")]
    Server(#[from] AnswerError),
    /// The server refuses this device.
    #[error("the server refuses this device ({0}): ask the desk; recording goes on working")]
    Refused(String),
    /// A carrier did not take a mailbag.
    #[error("{0}")]
    Carrier(NotTaken),
    /// The caller stopped it.
    #[error("stopped; what was done so far is kept")]
    Cancelled,
    /// Something else; the text is for the log.
    #[error("unexpected: {0}")]
    Other(String),
}

impl FieldError {
    /// A short code for programs: stable, kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEnrolled => "not-enrolled",
            Self::AlreadyEnrolled => "already-enrolled",
            Self::NothingYet => "nothing-yet",
            Self::NotFound { .. } => "not-found",
            Self::Invalid(_) => "invalid",
            Self::Unfit(_) => "unfit",
            Self::Denied(_) => "denied",
            Self::Photo(_) => "photo",
            Self::File(_) => "file",
            Self::Write(_) => "write",
            Self::Full => "full",
            Self::Newer => "newer-store",
            Self::Corrupt(_) => "corrupt-store",
            Self::Locked => "locked",
            Self::WrongPin { .. } => "wrong-pin",
            Self::PinWait { .. } => "pin-wait",
            Self::KeyLost(_) => "key-lost",
            Self::KeyUnavailable => "key-unavailable",
            Self::NotEncrypting => "not-encrypting",
            Self::NoRecovery => "no-recovery",
            Self::WrongRecoveryCode => "wrong-recovery-code",
            Self::Busy => "busy",
            Self::Network(_) => "network",
            Self::Code(refusal) => match refusal {
                EnrolRefusal::Unknown => "code-unknown",
                EnrolRefusal::Used => "code-used",
                EnrolRefusal::Expired => "code-expired",
            },
            Self::BadCode(_) => "code-malformed",
            Self::Server(_) => "wrong-server",
            Self::Refused(_) => "refused",
            Self::Carrier(_) => "not-taken",
            Self::Cancelled => "cancelled",
            Self::Other(_) => "other",
        }
    }
}

/// How long, in words.
fn after(wait_ms: i64) -> String {
    if wait_ms > 0 { format!(" in {} s", (wait_ms + 999) / 1000) } else { String::new() }
}

impl From<KeystoreError> for FieldError {
    fn from(error: KeystoreError) -> Self {
        match error {
            KeystoreError::Lost => Self::KeyLost("the keystore has no key for it"),
            KeystoreError::Unavailable => Self::KeyUnavailable,
        }
    }
}

impl From<StoreError> for FieldError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Newer { .. } => Self::Newer,
            StoreError::Full => Self::Full,
            StoreError::Locked => Self::Locked,
            StoreError::KeyLost => Self::KeyLost("its vault is gone"),
            StoreError::NotEncrypting => Self::NotEncrypting,
            StoreError::Busy => Self::Busy,
            StoreError::Corrupt(detail) => Self::Corrupt(detail),
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<DocumentError> for FieldError {
    fn from(error: DocumentError) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<ScoreError> for FieldError {
    fn from(error: ScoreError) -> Self {
        match error {
            ScoreError::NoTenant => Self::NothingYet,
            other => Self::Other(other.to_string()),
        }
    }
}
