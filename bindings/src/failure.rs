//! What can go wrong, as the languages see it: one small enum, a variant for each thing that a caller would
//! do something about. What to tell a person is the shell's to say, in the person's language; `detail` is
//! English text for a log and holds no personal data.

use crate::matter::FieldFlaw;
use sanben_domain::rights;
use sanben_field::{FieldError, Invalid};
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
    /// The act is not the next step of its matter, as its author saw it.
    Step,
    /// The act is of a kind this version does not know.
    Unknown,
}

/// What about the input is not acceptable: one cause each, for which a shell has words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum InvalidInput {
    /// The act needs a reason.
    NoReason,
    /// Giving refused work up needs a reason.
    NoReasonToDiscard,
    /// A comment or an answer without words.
    NoWords,
    /// A new deadline that is not in the future.
    PastDeadline,
    /// The event that should stand is not part of an open dispute.
    NoDispute,
    /// A case and the one it is merged into are the same.
    MergeIntoItself,
    /// The two cases lie in different communities.
    OtherCommunity,
    /// Only members of a team walk rounds.
    NoTeam,
    /// Another community answers for the corrected point: void the record and report it there.
    PointElsewhere,
    /// A report without words, photo, place or standard.
    NothingSaid,
    /// A contact by which nobody can be reached.
    NoContact,
    /// A resident's contact is not written into a readable file: the other person adds it.
    ContactStays,
    /// There is nothing undelivered to be carried.
    NothingWaits,
    /// The file is no mailbag: have it exported again.
    NotAMailbag,
    /// A correction that changes nothing.
    NothingCorrected,
    /// The work has no such part to correct.
    NotCorrectable,
    /// A round is only its walker's own: it can be exported, not handed on.
    OnesOwnRound,
    /// The file is no work that was handed on, or damaged: have it handed on again.
    NotHandedOn,
    /// The work was handed on to somebody else.
    ForAnother,
    /// The person's own work: send it again instead.
    OnesOwnWork,
    /// Work of another jurisdiction.
    OtherTenant,
    /// A PIN that is guessed at once: too short, all the same, or in a row.
    WeakPin,
    /// The text is no recovery code, or mistyped.
    NotARecoveryCode,
    /// The text is no UUID.
    NotAUuid,
    /// The text is no hash of 64 hexadecimal digits.
    NotAHash,
    /// The text is no day.
    NotADay,
    /// The text is no place in a list.
    NotAPageToken,
    /// Not degrees of latitude and longitude.
    NotAPlace,
    /// The act takes no photos.
    TakesNoPhotos,
    /// A budget below zero.
    NegativeBudget,
    /// The text is no address of a device that collects.
    NotACarrier,
}

impl From<Invalid> for InvalidInput {
    fn from(cause: Invalid) -> Self {
        match cause {
            Invalid::NoReason => Self::NoReason,
            Invalid::NoReasonToDiscard => Self::NoReasonToDiscard,
            Invalid::NoWords => Self::NoWords,
            Invalid::PastDeadline => Self::PastDeadline,
            Invalid::NoDispute => Self::NoDispute,
            Invalid::MergeIntoItself => Self::MergeIntoItself,
            Invalid::OtherCommunity => Self::OtherCommunity,
            Invalid::NoTeam => Self::NoTeam,
            Invalid::PointElsewhere => Self::PointElsewhere,
            Invalid::NothingSaid => Self::NothingSaid,
            Invalid::NoContact => Self::NoContact,
            Invalid::ContactStays => Self::ContactStays,
            Invalid::NothingWaits => Self::NothingWaits,
            Invalid::NotAMailbag => Self::NotAMailbag,
            Invalid::NothingCorrected => Self::NothingCorrected,
            Invalid::NotCorrectable => Self::NotCorrectable,
            Invalid::OnesOwnRound => Self::OnesOwnRound,
            Invalid::NotHandedOn => Self::NotHandedOn,
            Invalid::ForAnother => Self::ForAnother,
            Invalid::OnesOwnWork => Self::OnesOwnWork,
            Invalid::OtherTenant => Self::OtherTenant,
            Invalid::WeakPin => Self::WeakPin,
            Invalid::NotARecoveryCode => Self::NotARecoveryCode,
        }
    }
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
    #[error("invalid: {reason:?}")]
    Invalid {
        /// What about it.
        reason: InvalidInput,
    },
    /// The person may not do this.
    #[error("denied: {why}")]
    Denied {
        /// Why not.
        why: Denial,
    },
    /// A field of a matter does not fit its form.
    #[error("unfit: {field}")]
    Unfit {
        /// The field.
        field: String,
        /// What is wrong with it.
        why: FieldFlaw,
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
    /// A file could not be written; one that is there is never written over.
    #[error("file not written: {detail}")]
    FileNotWritten {
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
    /// The store is encrypted and wants its PIN.
    #[error("locked")]
    Locked,
    /// It was another PIN.
    #[error("wrong pin")]
    WrongPin {
        /// How long nothing is tried now, ms; 0 for not at all.
        wait_millis: i64,
    },
    /// Too many wrong PINs: nothing is tried yet, and nothing is wiped.
    #[error("wait")]
    PinWait {
        /// How long, ms.
        wait_millis: i64,
    },
    /// Nothing on this device opens the store any more; its files are left as they are.
    #[error("key lost: {detail}")]
    KeyLost {
        /// What is missing.
        detail: String,
    },
    /// The keystore does not answer now.
    #[error("keystore unavailable")]
    KeyUnavailable,
    /// The store is not encrypted, or this library keeps none that are.
    #[error("not encrypting")]
    NotEncrypting,
    /// The server has given no codes for a forgotten PIN yet.
    #[error("no recovery codes yet")]
    NoRecovery,
    /// The code is of another device, or not for what is shown.
    #[error("wrong recovery code")]
    WrongRecoveryCode,
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
    /// The server does not know this device: it was restored from a backup of before the enrolment. Enrol again, the same
    /// person with another code: all that is here stays, and what had been delivered is offered again.
    #[error("unknown device")]
    UnknownDevice,
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
    pub(crate) fn invalid(reason: InvalidInput) -> Self {
        Self::Invalid { reason }
    }
}

/// The server's word for a device that it never let in, as far as it knows.
const UNKNOWN_DEVICE: &str = "unknown-device";

impl From<FieldError> for FieldFailure {
    fn from(error: FieldError) -> Self {
        match error {
            FieldError::NotEnrolled => Self::NotEnrolled,
            FieldError::AlreadyEnrolled => Self::AlreadyEnrolled,
            FieldError::NothingYet => Self::NothingYet,
            FieldError::NotFound { what, id } => Self::NotFound { what: what.to_owned(), id },
            FieldError::Invalid(cause) => Self::invalid(cause.into()),
            FieldError::Unfit(flawed) => Self::Unfit { field: flawed.field, why: flawed.why },
            FieldError::Denied(why) => Self::Denied { why },
            FieldError::Photo(photo) => Self::Photo { detail: photo.to_string() },
            FieldError::File(file) => Self::File { detail: file.to_string() },
            FieldError::Write(file) => Self::FileNotWritten { detail: file.to_string() },
            FieldError::Full => Self::Full,
            FieldError::Newer => Self::NewerStore,
            FieldError::Corrupt(detail) => Self::CorruptStore { detail },
            FieldError::Locked => Self::Locked,
            FieldError::WrongPin { wait_ms } => Self::WrongPin { wait_millis: wait_ms },
            FieldError::PinWait { wait_ms } => Self::PinWait { wait_millis: wait_ms },
            FieldError::KeyLost(what) => Self::KeyLost { detail: what.to_owned() },
            FieldError::KeyUnavailable => Self::KeyUnavailable,
            FieldError::NotEncrypting => Self::NotEncrypting,
            FieldError::NoRecovery => Self::NoRecovery,
            FieldError::WrongRecoveryCode => Self::WrongRecoveryCode,
            FieldError::Busy => Self::Busy,
            FieldError::Network(network) => Self::Network { detail: network.0 },
            FieldError::Code(EnrolRefusal::Unknown) => Self::CodeUnknown,
            FieldError::Code(EnrolRefusal::Used) => Self::CodeUsed,
            FieldError::Code(EnrolRefusal::Expired) => Self::CodeExpired,
            FieldError::BadCode(_) => Self::CodeMalformed,
            FieldError::Server(server) => Self::WrongServer { detail: server.to_string() },
            FieldError::Refused(detail) if detail == UNKNOWN_DEVICE => Self::UnknownDevice,
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
