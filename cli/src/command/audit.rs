//! `audit --dir DIR`: the server's log read again as a third party would: chains, hashes, signatures.

use super::home::Home;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::words;
use sanben_field::Platform;
use sanben_server::Audit;
use serde::Serialize;

/// Whose log.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct AuditArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
}

/// Reads and checks all of it.
///
/// # Errors
/// [`CommandError::Audit`] when anything does not hold; [`CommandError::NoServer`], [`CommandError::Server`].
pub(crate) fn run(args: &AuditArgs, platform: &Platform) -> Result<Audited, CommandError> {
    let audit = args.home.open_existing(platform)?.audit()?;
    if audit.is_sound() { Ok(Audited(audit)) } else { Err(CommandError::Audit(audit)) }
}

/// A log in which everything holds.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Audited(Audit);

impl Outcome for Audited {
    fn show(&self, language: Language) -> String {
        say!(language, "audit-sound", scopes = self.0.scopes, entries = self.0.entries, deeds = self.0.deeds)
            + "\n"
    }
}

/// What does not hold, as a table.
#[must_use]
pub(crate) fn faults(audit: &Audit, language: Language) -> String {
    let mut table = Table::new([
        say!(language, "label-scope"),
        say!(language, "label-number"),
        say!(language, "label-wrong"),
    ]);
    for fault in &audit.faults {
        table.row([fault.scope.to_string(), fault.seq.to_string(), words::wrong(language, fault.what)]);
    }
    let mut text = if audit.faults.is_empty() { String::new() } else { table.whole().lines() };
    if let Some(seq) = audit.trail {
        text.push_str(&say!(language, "audit-trail", seq = seq));
        text.push('\n');
    }
    text
}
