//! Errors of the device and the server in words: what failed and what to do. Exhaustive, like the words.

use crate::language::{Language, say};
use crate::{cause, words};
use sanben_domain::score::ScoreError;
use sanben_field::photo::PhotoError;
use sanben_field::{FieldError, Invalid};
use sanben_server::import::{InWords, Problem};
use sanben_server::log::LogError;
use sanben_server::{Code, PublishError, ReviewError, ServerError, SheetsError};
use sanben_sync::device::AnswerError;
use sanben_sync::enrol::EnrolRefusal;

/// An error of the device.
pub(crate) fn field(language: Language, error: &FieldError) -> String {
    match error {
        FieldError::NotEnrolled => say!(language, "error-not-enrolled"),
        FieldError::AlreadyEnrolled => say!(language, "error-already-enrolled"),
        FieldError::NothingYet => say!(language, "error-nothing-yet"),
        FieldError::NotFound { what, id } => {
            say!(language, "error-not-found", what = thing(language, what), id = id.as_str())
        }
        FieldError::Invalid(cause) => invalid(language, *cause),
        FieldError::Unfit(flawed) => words::unfit(language, &flawed.field, flawed.why),
        FieldError::Denied(why) => words::denied(language, *why),
        FieldError::Photo(error) => photo(language, error),
        FieldError::File(error) => say!(language, "error-file", why = cause::io(language, error)),
        FieldError::Write(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            say!(language, "error-file-exists")
        }
        FieldError::Write(error) => say!(language, "error-file-write", why = cause::io(language, error)),
        FieldError::Full => say!(language, "error-full"),
        FieldError::Newer => say!(language, "error-newer"),
        FieldError::Corrupt(detail) => {
            say!(language, "error-corrupt", detail = cause::said(language, detail))
        }
        FieldError::Locked => say!(language, "error-locked"),
        FieldError::WrongPin { .. } => say!(language, "error-wrong-pin"),
        FieldError::PinWait { wait_ms } => {
            say!(language, "error-pin-wait", seconds = ((wait_ms + 999) / 1000).to_string())
        }
        FieldError::KeyLost(_) => say!(language, "error-key-lost"),
        FieldError::KeyUnavailable => say!(language, "error-key-unavailable"),
        FieldError::NotEncrypting => say!(language, "error-not-encrypting"),
        FieldError::NoRecovery => say!(language, "error-no-recovery"),
        FieldError::WrongRecoveryCode => say!(language, "error-wrong-recovery-code"),
        FieldError::Busy => say!(language, "error-busy"),
        FieldError::Network(why) => say!(language, "error-network", why = cause::said(language, &why.0)),
        FieldError::Code(refusal) => match refusal {
            EnrolRefusal::Unknown => say!(language, "error-code-unknown"),
            EnrolRefusal::Used => say!(language, "error-code-used"),
            EnrolRefusal::Expired => say!(language, "error-code-expired"),
        },
        FieldError::BadCode(_) => say!(language, "error-code-malformed"),
        FieldError::Server(error) => match error {
            AnswerError::Version => say!(language, "error-answer-version"),
            AnswerError::Gap => say!(language, "error-answer-gap"),
            AnswerError::Forged(detail) => say!(language, "error-answer-forged", detail = *detail),
        },
        FieldError::Refused(why) => {
            let known = Code::ALL.into_iter().find(|code| why == code.name());
            match known {
                Some(code) => refused(language, code),
                None => say!(language, "error-refused", why = why.as_str()),
            }
        }
        FieldError::Carrier(why) => words::not_taken(language, *why),
        FieldError::Cancelled => say!(language, "error-cancelled"),
        FieldError::Other(detail) => say!(language, "error-other", detail = detail.as_str()),
    }
}

/// What something is called that was looked for.
pub(crate) fn thing(language: Language, what: &str) -> String {
    match what {
        "case" => say!(language, "label-case"),
        "point" => say!(language, "label-point"),
        "standard" => say!(language, "label-standard"),
        "community" => say!(language, "label-community"),
        "team" => say!(language, "label-team"),
        "unit" => say!(language, "label-unit"),
        "person" => say!(language, "label-person"),
        "document" => say!(language, "label-document"),
        "photo" => say!(language, "label-photo"),
        "draft" => say!(language, "label-draft"),
        "matter" => say!(language, "label-matter"),
        "feature" => say!(language, "label-feature"),
        "act" => say!(language, "label-act"),
        "event" => say!(language, "label-event"),
        "device" => say!(language, "label-device"),
        "refused work" => say!(language, "label-refused-work"),
        other => other.to_owned(),
    }
}

fn invalid(language: Language, cause: Invalid) -> String {
    match cause {
        Invalid::NoReason => say!(language, "invalid-say-why"),
        Invalid::NoReasonToDiscard => say!(language, "invalid-no-reason"),
        Invalid::NoWords => say!(language, "error-no-words"),
        Invalid::PastDeadline => say!(language, "invalid-past-deadline"),
        Invalid::NoDispute => say!(language, "invalid-no-dispute"),
        Invalid::MergeIntoItself => say!(language, "invalid-merge-into-itself"),
        Invalid::OtherCommunity => say!(language, "invalid-other-community"),
        Invalid::NoTeam => say!(language, "invalid-no-team"),
        Invalid::PointElsewhere => say!(language, "invalid-point-elsewhere"),
        Invalid::NoContact => say!(language, "invalid-no-contact"),
        Invalid::ContactStays => say!(language, "invalid-contact-stays"),
        Invalid::NothingSaid => say!(language, "invalid-nothing-said"),
        Invalid::NothingWaits => say!(language, "invalid-nothing-waits"),
        Invalid::NotAMailbag => say!(language, "invalid-no-mailbag"),
        Invalid::NothingCorrected => say!(language, "invalid-nothing-corrected"),
        Invalid::NotCorrectable => say!(language, "invalid-not-correctable"),
        Invalid::OnesOwnRound => say!(language, "invalid-ones-own-round"),
        Invalid::NotHandedOn => say!(language, "invalid-not-handed-on"),
        Invalid::ForAnother => say!(language, "invalid-for-another"),
        Invalid::OnesOwnWork => say!(language, "invalid-ones-own-work"),
        Invalid::OtherTenant => say!(language, "invalid-other-tenant"),
        Invalid::WeakPin => say!(language, "invalid-weak-pin"),
        Invalid::NotARecoveryCode => say!(language, "invalid-not-a-recovery-code"),
    }
}

fn photo(language: Language, error: &PhotoError) -> String {
    match error {
        PhotoError::NotAPhoto => say!(language, "photo-not-a-photo"),
        PhotoError::Truncated => say!(language, "photo-truncated"),
        PhotoError::Damaged => say!(language, "photo-damaged"),
        PhotoError::TooManyBytes { bytes } => {
            say!(language, "photo-too-many-bytes", mib = bytes.div_ceil(1 << 20))
        }
        PhotoError::TooManyPixels { pixels } => {
            say!(language, "photo-too-many-pixels", megapixels = pixels.div_ceil(1_000_000))
        }
    }
}

fn refused(language: Language, code: Code) -> String {
    match code {
        Code::NotFound => say!(language, "refused-not-found"),
        Code::Malformed | Code::WrongMethod | Code::TooLarge => {
            say!(language, "refused-not-understood", code = code.name())
        }
        Code::Version => say!(language, "error-answer-version"),
        Code::TooSlow => say!(language, "refused-too-slow"),
        Code::BadSignature => say!(language, "refused-bad-signature"),
        Code::UnknownDevice => say!(language, "refused-unknown-device"),
        Code::RevokedDevice => say!(language, "refused-revoked-device"),
        Code::UnknownPerson => say!(language, "refused-unknown-person"),
        Code::NotCited => say!(language, "refused-not-cited"),
        Code::RenditionOnly => say!(language, "refused-rendition-only"),
        Code::WrongBytes => say!(language, "refused-wrong-bytes"),
        Code::Unfinished => say!(language, "refused-unfinished"),
        Code::TooMany => say!(language, "refused-too-many"),
        Code::Failed | Code::Busy => say!(language, "refused-failed"),
    }
}

/// A fault of an imported file.
pub(crate) fn problem(language: Language, problem: &Problem) -> String {
    let said = match problem {
        Problem::Unreadable(why) => &Problem::Unreadable(cause::said(language, why)),
        other => other,
    };
    match language {
        Language::Zh => said.zh(),
        Language::En => said.en(),
    }
}

/// Why nothing was decided about work in review.
pub(crate) fn review(language: Language, error: &ReviewError) -> String {
    match error {
        ReviewError::NotOne(given) => say!(language, "error-review-not-one", given = given.as_str()),
        ReviewError::Decided => say!(language, "error-review-decided"),
        ReviewError::NoReason => say!(language, "error-review-no-reason"),
        ReviewError::DoesNotFit(why) => {
            say!(language, "error-review-does-not-fit", why = words::rejection(language, why))
        }
        ReviewError::Server(error) => server(language, error),
    }
}

/// Why there are no sheets, or none were published.
pub(crate) fn sheets(language: Language, error: &SheetsError) -> String {
    match error {
        SheetsError::Publish(error) => publish(language, error),
        SheetsError::NotOver => say!(language, "error-period-not-over"),
        SheetsError::NoCommunity => say!(language, "error-no-community"),
        SheetsError::Score(ScoreError::Published(_)) => say!(language, "error-stands"),
        SheetsError::Score(ScoreError::NoTenant) => say!(language, "error-no-tenant"),
        SheetsError::Score(ScoreError::NoRuleSet(day)) => {
            say!(language, "error-no-rules", day = day.to_string())
        }
        SheetsError::Score(error) => say!(language, "error-score", why = error.to_string()),
    }
}

/// Why nothing was published.
pub(crate) fn publish(language: Language, error: &PublishError) -> String {
    match error {
        PublishError::NoTenant => say!(language, "error-no-tenant"),
        PublishError::OtherTenant => say!(language, "error-other-tenant"),
        PublishError::TooLarge(kind) => say!(language, "error-row-too-large", kind = kind.as_str()),
        PublishError::Stands => say!(language, "error-stands"),
        PublishError::Server(error) => server(language, error),
    }
}

fn log(language: Language, error: &LogError) -> String {
    match error {
        LogError::Newer => say!(language, "error-log-newer"),
        LogError::Foreign => say!(language, "error-log-foreign"),
        LogError::Damaged(detail) => say!(language, "error-log-damaged", detail = detail.as_str()),
        LogError::Full => say!(language, "error-log-full"),
        LogError::ReadOnly => say!(language, "error-log-read-only"),
        LogError::Lost(why) => say!(language, "error-log-lost", why = cause::said(language, why)),
        // The disk or the database below it; what it says is known as far as the system's words are.
        LogError::Unusable(why) => say!(language, "error-server-log", why = cause::said(language, why)),
    }
}

/// An error of the server's directory or log.
pub(crate) fn server(language: Language, error: &ServerError) -> String {
    match error {
        ServerError::Directory { what, source } => {
            say!(language, "error-server-directory", what = *what, why = cause::io(language, source))
        }
        ServerError::Key(what) => say!(language, "error-server-key", what = *what),
        ServerError::Elsewhere { in_database: true } => say!(language, "error-log-elsewhere"),
        ServerError::Elsewhere { in_database: false } => say!(language, "error-log-in-folder"),
        ServerError::Log(error) => log(language, error),
        ServerError::Replica(error) => say!(language, "error-server-replica", why = error.to_string()),
    }
}
