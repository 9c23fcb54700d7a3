//! `field export FILE`, `field carry FILE` and `carry --dir DIR FILE`: undelivered work in a sealed file, which
//! another device or a person takes to the server.

use super::home::Home;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::Moment;
use sanben_domain::time::Zone;
use sanben_field::{Exported, Field, FieldError, Platform};
use serde::Serialize;
use std::path::PathBuf;

/// Where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ExportArgs {
    /// The new file.
    pub(crate) file: PathBuf,
}

/// Which file.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct CarryArgs {
    /// What `export` wrote.
    pub(crate) file: PathBuf,
}

/// Which file, to which server.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct HandInArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
    /// What `field export` wrote.
    pub(crate) file: PathBuf,
}

/// Seals what waits into a file.
///
/// # Errors
/// As [`Field::export_mailbag`].
pub(crate) fn export(args: &ExportArgs, field: &Field) -> Result<Sealed, CommandError> {
    Ok(Sealed { file: args.file.clone(), sealed: field.export_mailbag(&args.file)? })
}

/// Takes a file along.
///
/// # Errors
/// As [`Field::take_mailbag`].
pub(crate) fn carry(args: &CarryArgs, field: &Field) -> Result<Taken, CommandError> {
    let new = field.take_mailbag(&args.file)?;
    let waiting = field.mailbags()?.iter().filter(|mailbag| mailbag.received.is_none()).count();
    Ok(Taken { new, waiting })
}

/// Hands a file in at the server.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::HandIn`], [`FieldError::File`].
pub(crate) fn hand_in(args: &HandInArgs, platform: &Platform) -> Result<HandedIn, CommandError> {
    let server = args.home.open_existing(platform)?;
    let bytes = std::fs::read(&args.file).map_err(FieldError::File)?;
    let carried = server.hand_in(&bytes)?;
    let reference = server.reference()?;
    let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
    Ok(HandedIn { changes: carried.changes, received: Moment { at: carried.received, zone } })
}

/// A file to be taken along.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sealed {
    /// Where it is.
    file: PathBuf,
    /// What is in it.
    #[serde(flatten)]
    sealed: Exported,
}

impl Outcome for Sealed {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-file"), self.file.display().to_string());
        table.pair(say!(language, "label-changes"), self.sealed.changes.to_string());
        if self.sealed.left > 0 {
            table.pair(say!(language, "label-left-over"), self.sealed.left.to_string());
        }
        table.lines() + &say!(language, "carry-sealed") + "\n"
    }
}

/// A file that was taken along.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Taken {
    /// It was not here before.
    new: bool,
    /// Files that wait for this device's next sync.
    waiting: usize,
}

impl Outcome for Taken {
    fn show(&self, language: Language) -> String {
        let said = if self.new { say!(language, "carry-taken") } else { say!(language, "carry-known") };
        format!("{said}\n{}\n", say!(language, "carry-waiting", n = self.waiting))
    }
}

/// A file that the server took in.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct HandedIn {
    /// Changes in it.
    changes: u64,
    /// When.
    received: Moment,
}

impl Outcome for HandedIn {
    fn show(&self, language: Language) -> String {
        say!(language, "carry-handed-in", n = self.changes, at = self.received.to_string()) + "\n"
    }
}
