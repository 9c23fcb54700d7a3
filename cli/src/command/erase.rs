//! `erase --dir DIR DOCUMENT --reason`: a resident's contact, or a whole case, out of the log and off every device; and
//! `take-back --dir DIR CASE --unit UNIT --reason`: a case away from a unit that it was handed to by mistake.

use super::home::Desk;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_domain::id::{CaseId, DocumentId, UnitId};
use sanben_domain::rights::Scope;
use sanben_field::Platform;
use sanben_server::{EraseError, Erased, TakeBackError};
use serde::Serialize;

/// What has to go, and why.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct EraseArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// The contact or the case, by its whole id.
    pub(crate) document: DocumentId,
    /// A whole case may go.
    #[arg(long)]
    pub(crate) whole_case: bool,
    /// Why.
    #[arg(long)]
    pub(crate) reason: String,
}

/// Which case goes from where, and why.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TakeBackArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// The case, by its whole id.
    pub(crate) case: CaseId,
    /// From which unit.
    #[arg(long)]
    pub(crate) unit: UnitId,
    /// Why.
    #[arg(long)]
    pub(crate) reason: String,
}

/// Erases.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::Erase`].
pub(crate) fn erase(args: &EraseArgs, platform: &Platform) -> Result<Gone, CommandError> {
    let server = args.home.open_existing(platform)?;
    Ok(Gone(server.erase(args.document, args.whole_case, &args.reason)?))
}

/// Takes back.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::TakeBack`].
pub(crate) fn take_back(args: &TakeBackArgs, platform: &Platform) -> Result<TakenBack, CommandError> {
    let server = args.home.open_existing(platform)?;
    let scope = server.take_back(args.case, &args.unit, &args.reason)?;
    Ok(TakenBack { case: args.case, scope })
}

/// What is gone.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Gone(Erased);

impl Outcome for Gone {
    fn show(&self, language: Language) -> String {
        let Erased { documents, photos, scrubbed } = &self.0;
        let mut lines = vec![say!(language, "erased-done", n = documents.len(), photos = *photos)];
        if !scrubbed {
            lines.push(say!(language, "erased-not-scrubbed"));
        }
        lines.push(say!(language, "erased-backups"));
        lines.join("\n") + "\n"
    }
}

/// Where a case is not any more.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TakenBack {
    /// The case.
    case: CaseId,
    /// The scope.
    scope: Scope,
}

impl Outcome for TakenBack {
    fn show(&self, language: Language) -> String {
        say!(language, "taken-back", unit = self.scope.unit.as_str()) + "\n"
    }
}

/// Why nothing was erased.
#[must_use]
pub(crate) fn explain_erase(language: Language, error: &EraseError) -> String {
    match error {
        EraseError::Unknown(id) => say!(language, "error-erase-unknown", id = id.to_string()),
        EraseError::Already(id) => say!(language, "error-erase-already", id = id.to_string()),
        EraseError::WholeCase(id) => say!(language, "error-erase-whole-case", id = id.to_string()),
        EraseError::Patrol(id) => say!(language, "error-erase-patrol", id = id.to_string()),
        EraseError::List(line) => say!(language, "error-erase-list", line = *line),
        EraseError::NoReason => say!(language, "error-desk-no-reason"),
        EraseError::Server(error) => crate::explain::server(language, error),
    }
}

/// Why nothing was taken back.
#[must_use]
pub(crate) fn explain_take_back(language: Language, error: &TakeBackError) -> String {
    match error {
        TakeBackError::Unknown(id) => say!(language, "error-take-back-unknown", id = id.to_string()),
        TakeBackError::NoUnit(unit) => say!(language, "error-take-back-no-unit", unit = unit.as_str()),
        TakeBackError::NotThere(unit) => say!(language, "error-take-back-not-there", unit = unit.as_str()),
        TakeBackError::Answers(unit) => say!(language, "error-take-back-answers", unit = unit.as_str()),
        TakeBackError::NoReason => say!(language, "error-desk-no-reason"),
        TakeBackError::Server(error) => crate::explain::server(language, error),
    }
}
