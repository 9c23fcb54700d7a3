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
use sanben_server::HandInError;
use sanben_sync::mailbag::in_file;
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
#[group(required = true, multiple = false)]
pub(crate) struct CarryArgs {
    /// What `export` wrote.
    pub(crate) file: Option<PathBuf>,
    /// Writes what the server could not open into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) set_aside: Option<PathBuf>,
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
/// As [`Field::take_mailbag`] and [`Field::export_set_aside`].
pub(crate) fn carry(args: &CarryArgs, field: &Field) -> Result<Taken, CommandError> {
    let new = args.file.as_ref().map(|file| field.take_mailbag(file)).transpose()?;
    let written = args.set_aside.as_ref().map(|folder| field.export_set_aside(folder)).transpose()?;
    let held = field.mailbags()?;
    let waiting = held.iter().filter(|mailbag| mailbag.waits()).count();
    let later = held.iter().filter(|mailbag| mailbag.waits() && mailbag.received.is_some()).count();
    let set_aside = held.iter().filter(|mailbag| mailbag.refused.is_some()).count();
    Ok(Taken { new, waiting, later, set_aside, written: written.unwrap_or_default() })
}

/// Hands a file in at the server.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::HandIn`], [`FieldError::File`].
pub(crate) fn hand_in(args: &HandInArgs, platform: &Platform) -> Result<HandedIn, CommandError> {
    let server = args.home.open_existing(platform)?;
    let bytes = std::fs::read(&args.file).map_err(FieldError::File)?;
    let (mut changes, mut later, mut received) = (0, 0, None);
    for mailbag in in_file(&bytes).map_err(HandInError::from)? {
        let carried = server.hand_in(mailbag)?;
        changes += carried.changes;
        later += carried.later;
        received = Some(carried.received);
    }
    let reference = server.reference()?;
    let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
    let received = received.map(|at| Moment { at, zone });
    Ok(HandedIn { changes, later, received })
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
        if self.sealed.mailbags > 1 {
            table.pair(say!(language, "label-mailbags"), self.sealed.mailbags.to_string());
        }
        table.lines() + &say!(language, "carry-sealed") + "\n"
    }
}

/// A file that was taken along.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Taken {
    /// It was not here before; absent when none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<bool>,
    /// Mailbags that wait for this device's next syncs.
    waiting: usize,
    /// Of those, the server had some before and could not judge all that is in them.
    later: usize,
    /// Mailbags that were set aside.
    set_aside: usize,
    /// Where those were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    written: Vec<PathBuf>,
}

impl Outcome for Taken {
    fn show(&self, language: Language) -> String {
        let mut text = match self.new {
            Some(true) => say!(language, "carry-taken") + "\n",
            Some(false) => say!(language, "carry-known") + "\n",
            None => String::new(),
        };
        text += &(say!(language, "carry-waiting", n = self.waiting) + "\n");
        if self.later > 0 {
            text += &(say!(language, "carry-later", n = self.later) + "\n");
        }
        if self.set_aside > 0 {
            text += &(say!(language, "carry-set-aside", n = self.set_aside) + "\n");
        }
        for file in &self.written {
            text += &format!("{}\n", file.display());
        }
        text
    }
}

/// A file that the server took in.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct HandedIn {
    /// Changes in it.
    changes: u64,
    /// Of those, how many could not be judged yet: the file has to come again.
    later: u64,
    /// When.
    received: Option<Moment>,
}

impl Outcome for HandedIn {
    fn show(&self, language: Language) -> String {
        let at = self.received.map(|at| at.to_string()).unwrap_or_default();
        let mut text = say!(language, "carry-handed-in", n = self.changes, at = at) + "\n";
        if self.later > 0 {
            text += &(say!(language, "carry-handed-in-later", n = self.later) + "\n");
        }
        text
    }
}
