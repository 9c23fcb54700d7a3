//! What can go wrong in a command: a code for programs, and for persons what failed and what to do.

use crate::language::{Language, say};
use crate::{cause, command, explain};
use sanben_domain::draw::DrawError;
use sanben_domain::id::DraftId;
use sanben_domain::matter::feature::NotDrawn;
use sanben_field::{FieldError, NoConnection};
use sanben_server::import::{ImportErrors, Problem};
use sanben_server::report::ReportError;
use sanben_server::{
    Audit, BackupError, EraseError, HandInError, InviteError, Proof, PublishError, RecoveryError,
    RestoreError, ReviewError, ServeError, ServerError, SheetsError, TakeBackError, TlsError,
};
use sanben_sync::mailbag::MailbagError;
use serde::Serialize;
use std::io;
use std::path::PathBuf;

/// An error of a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// What was typed is no command; what is wrong, in the person's language.
    #[error("{0}")]
    Usage(String),
    /// A command that runs until it is told to stop cannot be a step of another one.
    #[error("a command without an end")]
    Endless,
    /// There is no server in this folder.
    #[error("no server in {}", .0.display())]
    NoServer(PathBuf),
    /// There is no such folder.
    #[error("no folder {}", .0.display())]
    NoFolder(PathBuf),
    /// A folder cannot be used as a store.
    #[error("cannot use {}: {why}", .dir.display())]
    Store {
        /// The folder.
        dir: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The server was not reached; the code can be tried again.
    #[error(transparent)]
    NotEnrolled(NoConnection),
    /// The log is not as it was written.
    #[error("the log does not hold")]
    Audit(Audit),
    /// Work in review was not decided.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// Nothing was erased.
    #[error(transparent)]
    Erase(#[from] EraseError),
    /// Nothing was taken back.
    #[error(transparent)]
    TakeBack(#[from] TakeBackError),
    /// What a locked device shows was mistyped.
    #[error("not what a device shows")]
    Shown,
    /// No code was read out.
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
    /// A mailbag was not taken in.
    #[error(transparent)]
    HandIn(#[from] HandInError),
    /// Neither or both of `--accept` and `--refuse`.
    #[error("accept or refuse")]
    AcceptOrRefuse,
    /// There is no backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Nothing was restored.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// There is no certificate to serve with.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// An exported log does not hold.
    #[error("the exported log does not hold")]
    Proof(Box<Proof>),
    /// A file could not be read.
    #[error("cannot read a file")]
    Read {
        /// Which.
        file: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A report of nothing at all.
    #[error("nothing is said")]
    NothingSaid,
    /// The device.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// It could not be recorded, but nothing that was typed is lost.
    #[error("kept as a draft: {error}")]
    Draft {
        /// The draft that keeps it.
        id: DraftId,
        /// Why it was not recorded.
        error: FieldError,
    },
    /// There is nothing of this code; close ones, if any.
    #[error("an unknown code")]
    Unknown {
        /// What the code should name.
        what: &'static str,
        /// What was typed.
        id: String,
        /// What may have been meant.
        close: Vec<String>,
    },
    /// Not the beginning of an id.
    #[error("not an id")]
    Prefix(String),
    /// The beginning of several ids.
    #[error("ambiguous")]
    Ambiguous {
        /// What was typed.
        text: String,
        /// What it may mean.
        meant: Vec<String>,
    },
    /// The case was not merged.
    #[error("not merged")]
    NotMerged,
    /// Nothing was said that could be completed.
    #[error("nothing to complete")]
    NothingToComplete,
    /// Not a token that a page gave.
    #[error("not a page token")]
    PageToken,
    /// A period without a day in it.
    #[error("an empty period")]
    EmptyPeriod,
    /// Not a place on earth.
    #[error("not a place")]
    NoPlace,
    /// No outbox row of this number needs attention.
    #[error("nothing to do for this number")]
    NoAttention(i64),
    /// The rules to score by are not sound; nothing was scored.
    #[error("the rules cannot be used")]
    Rules(ImportErrors),
    /// The files are not sound; nothing was imported.
    #[error("import refused")]
    Import(#[from] ImportErrors),
    /// Nothing was published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Sheets were not counted or not published.
    #[error(transparent)]
    Sheets(#[from] SheetsError),
    /// A step of a draw was not taken, or a draw does not hold.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// A draw makes no spot check, or a spot check is not that of a draw.
    #[error(transparent)]
    NotDrawn(#[from] NotDrawn),
    /// There is no report.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Nobody was invited.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The server's directory or log.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The server's socket.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The server cannot listen there.
    #[error("cannot listen")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        error: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write a file")]
    Write {
        /// Which.
        file: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The program's own output, runtime or thread failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// An error as data.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// What failed.
    pub(crate) error: FailureDetail,
}

/// What failed, for programs and for persons.
#[derive(Debug, Serialize)]
pub(crate) struct FailureDetail {
    /// A stable code.
    pub(crate) code: &'static str,
    /// What failed and what to do.
    pub(crate) message: String,
    /// The draft that keeps what could not be recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) draft: Option<DraftId>,
    /// Every fault of the imported files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) problems: Vec<Fault>,
    /// What an audit found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) audit: Option<Audit>,
    /// How far an exported log holds, and what does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<Proof>,
    /// Faults that are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) more: Option<usize>,
}

/// One fault of an imported file.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    /// The file.
    pub(crate) file: String,
    /// The row or line, from 1.
    pub(crate) row: Option<usize>,
    /// The column or key.
    pub(crate) column: Option<String>,
    /// What stands there.
    pub(crate) value: Option<String>,
    /// What is wrong, for programs.
    pub(crate) problem: Problem,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl CommandError {
    /// A stable code for programs.
    #[must_use]
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Endless => "endless",
            Self::NoServer(_) => "no-server",
            Self::NoFolder(_) => "no-folder",
            Self::Store { .. } => "store",
            Self::NotEnrolled(_) => "network",
            Self::Audit(_) => "audit",
            Self::Backup(_) => "backup",
            Self::Restore(_) => "restore",
            Self::Tls(_) => "tls",
            Self::Proof(_) => "verify-log",
            Self::Read { .. } => "read",
            Self::Review(ReviewError::Server(_)) => "server",
            Self::Review(_) => "review",
            Self::Erase(EraseError::Server(_)) | Self::TakeBack(TakeBackError::Server(_)) => "server",
            Self::Erase(_) => "erase",
            Self::TakeBack(_) => "take-back",
            Self::Sheets(_) => "score",
            Self::Shown => "invalid",
            Self::Recovery(RecoveryError::UnknownDevice) => "not-found",
            Self::Recovery(RecoveryError::Revoked) => "revoked-device",
            Self::Recovery(RecoveryError::Server(_)) => "server",
            Self::Draw(_) | Self::NotDrawn(_) => "draw",
            Self::Report(_) => "report",
            Self::HandIn(HandInError::Server(_)) => "server",
            Self::HandIn(HandInError::Mailbag(_)) => "mailbag",
            Self::AcceptOrRefuse => "usage",
            Self::NothingSaid => "invalid",
            Self::Field(error) | Self::Draft { error, .. } => error.code(),
            Self::Unknown { .. } => "not-found",
            Self::Prefix(_) => "bad-id",
            Self::Ambiguous { .. } => "ambiguous-id",
            Self::NotMerged => "not-merged",
            Self::NothingToComplete => "nothing-to-complete",
            Self::PageToken => "bad-token",
            Self::EmptyPeriod => "empty-period",
            Self::NoPlace => "bad-place",
            Self::NoAttention(_) => "not-found",
            Self::Import(_) | Self::Rules(_) => "import",
            Self::Publish(error) => match error {
                PublishError::NoTenant => "no-tenant",
                PublishError::OtherTenant => "other-tenant",
                PublishError::TooLarge(_) => "too-large",
                PublishError::Stands => "published",
                PublishError::Server(_) => "server",
            },
            Self::Invite(InviteError::UnknownPerson(_)) => "unknown-person",
            Self::Invite(InviteError::Server(_)) | Self::Server(_) | Self::Serve(_) => "server",
            Self::Listen { .. } => "listen",
            Self::Write { .. } => "write",
            Self::Io(_) => "io",
        }
    }

    /// What failed and what to do.
    #[must_use]
    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Usage(message) => message.clone(),
            Self::Endless => say!(language, "error-endless"),
            Self::NoServer(dir) => {
                say!(language, "error-no-server", dir = dir.to_string_lossy().into_owned())
            }
            Self::NoFolder(dir) => say!(language, "error-no-folder", dir = dir.display().to_string()),
            Self::Store { dir, why } => {
                let (dir, why) = (dir.display().to_string(), cause::said(language, why));
                say!(language, "error-store", dir = dir, why = why)
            }
            Self::NotEnrolled(why) => {
                say!(language, "error-no-enrolment", why = cause::said(language, &why.0))
            }
            Self::Audit(audit) => say!(
                language,
                "audit-wrong",
                n = audit.faults.len(),
                entries = audit.entries,
                scopes = audit.scopes
            ),
            Self::Review(error) => explain::review(language, error),
            Self::Erase(error) => command::erase::explain_erase(language, error),
            Self::TakeBack(error) => command::erase::explain_take_back(language, error),
            Self::Sheets(error) => explain::sheets(language, error),
            Self::Shown => say!(language, "error-shown"),
            Self::Recovery(RecoveryError::UnknownDevice) => say!(language, "error-recovery-unknown"),
            Self::Recovery(RecoveryError::Revoked) => say!(language, "error-recovery-revoked"),
            Self::Recovery(RecoveryError::Server(error)) => explain::server(language, error),
            Self::Report(ReportError::Sheets(error)) => explain::sheets(language, error),
            Self::Report(ReportError::NoYearEnd) => say!(language, "error-no-year-end"),
            Self::Report(ReportError::Unwritten(error)) => {
                say!(language, "error-file-write", why = cause::io(language, error))
            }
            Self::Draw(error) => command::draw::explain(language, error),
            Self::NotDrawn(error) => command::spot_check::explain(language, error),
            Self::HandIn(HandInError::Server(error)) => explain::server(language, error),
            Self::HandIn(HandInError::Mailbag(error)) => match error {
                MailbagError::NotOne | MailbagError::TooLarge => say!(language, "invalid-no-mailbag"),
                MailbagError::Sealed => say!(language, "error-mailbag-sealed"),
            },
            Self::AcceptOrRefuse => say!(language, "error-accept-or-refuse"),
            Self::Backup(error) => command::backup::explain(language, error),
            Self::Restore(error) => command::restore::explain(language, error),
            Self::Tls(error) => command::serve::explain(language, error),
            Self::Proof(proof) => command::verify_log::explain(language, proof),
            Self::Read { file, error } => {
                let file = file.display().to_string();
                say!(language, "error-read", file = file, why = cause::io(language, error))
            }
            Self::NothingSaid => say!(language, "invalid-nothing-said"),
            Self::Field(error) => explain::field(language, error),
            Self::Draft { id, error } => {
                let why = explain::field(language, error);
                say!(language, "error-draft", why = why, id = crate::view::short(id))
            }
            Self::Unknown { what, id, close } => {
                let (what, id) = (explain::thing(language, what), id.as_str());
                let close = close.join(&say!(language, "between"));
                say!(language, "error-unknown-code", what = what, id = id, close = close)
            }
            Self::Prefix(text) => say!(language, "error-prefix", text = text.as_str()),
            Self::Ambiguous { text, meant } => {
                let meant = meant.join(&say!(language, "between"));
                say!(language, "error-ambiguous", text = text.as_str(), meant = meant)
            }
            Self::NotMerged => say!(language, "error-not-merged"),
            Self::NothingToComplete => say!(language, "error-nothing-to-complete"),
            Self::PageToken => say!(language, "error-page-token"),
            Self::EmptyPeriod => say!(language, "error-empty-period"),
            Self::NoPlace => say!(language, "misread-place"),
            Self::NoAttention(id) => say!(language, "error-no-attention", id = *id),
            Self::Import(_) => say!(language, "error-import"),
            Self::Rules(_) => say!(language, "error-rules"),
            Self::Publish(error) => explain::publish(language, error),
            Self::Invite(InviteError::UnknownPerson(person)) => {
                say!(language, "error-unknown-person", id = person.as_str())
            }
            Self::Invite(InviteError::Server(error)) | Self::Server(error) => {
                explain::server(language, error)
            }
            Self::Serve(error) => {
                say!(language, "error-serve", why = cause::said(language, &error.to_string()))
            }
            Self::Listen { address, error } => {
                say!(language, "error-listen", address = address.as_str(), why = cause::io(language, error))
            }
            Self::Write { file, error } => {
                let file = file.display().to_string();
                if error.kind() == std::io::ErrorKind::AlreadyExists {
                    return say!(language, "error-exists", file = file);
                }
                say!(language, "error-write", file = file, why = cause::io(language, error))
            }
            Self::Io(error) => say!(language, "error-io", why = cause::io(language, error)),
        }
    }

    /// What a person at a terminal is shown: the message and what belongs to it, without a final line feed.
    #[must_use]
    pub(crate) fn show(&self, language: Language) -> String {
        let mut text = self.message(language);
        match self {
            Self::Import(errors) | Self::Rules(errors) => {
                text.push('\n');
                text.push_str(crate::command::import::faults(errors, language).trim_end());
            }
            Self::Audit(audit) => {
                text.push('\n');
                text.push_str(crate::command::audit::faults(audit, language).trim_end());
            }
            Self::Usage(_) => {
                text.push('\n');
                text.push_str(&say!(language, "usage-see-help"));
            }
            _ => {}
        }
        text
    }

    /// The program's exit status: 2 for a command line that cannot be read, 1 for everything else.
    #[must_use]
    pub(crate) fn status(&self) -> u8 {
        if matches!(self, Self::Usage(_)) { 2 } else { 1 }
    }

    /// The error as data.
    #[must_use]
    pub(crate) fn failure(&self, language: Language) -> Failure {
        let draft = match self {
            Self::Draft { id, .. } => Some(*id),
            _ => None,
        };
        let (problems, more) = match self {
            Self::Import(errors) | Self::Rules(errors) => {
                (faults(errors, language), (errors.more > 0).then_some(errors.more))
            }
            _ => (Vec::new(), None),
        };
        let audit = match self {
            Self::Audit(audit) => Some(audit.clone()),
            _ => None,
        };
        let proof = match self {
            Self::Proof(proof) => Some(Proof::clone(proof)),
            _ => None,
        };
        let message = self.message(language);
        Failure { error: FailureDetail { code: self.code(), message, draft, problems, audit, proof, more } }
    }
}

fn faults(errors: &ImportErrors, language: Language) -> Vec<Fault> {
    let fault = |error: &sanben_server::import::ImportError| Fault {
        file: error.file.clone(),
        row: error.row,
        column: error.column.clone(),
        value: error.value.clone(),
        problem: error.problem.clone(),
        message: explain::problem(language, &error.problem),
    };
    errors.errors.iter().map(fault).collect()
}
