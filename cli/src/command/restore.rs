//! `restore FILE --dir DIR`: a server from its backup, into an empty folder.

use super::dispatch::system_random;
use super::home::Home;
use crate::cause;
use crate::error::CommandError;
use crate::explain;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_field::Platform;
use sanben_server::{RestoreError, Restored};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

/// From where, and where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RestoreArgs {
    /// The backup.
    pub(crate) file: PathBuf,
    /// Where to: the new folder, and an empty database for the log.
    #[command(flatten)]
    pub(crate) home: Home,
    /// What was erased since the backup was made.
    #[arg(long, value_name = "FILE")]
    pub(crate) erased: Option<PathBuf>,
    /// The whole log too, and every document.
    #[arg(long)]
    pub(crate) verify: bool,
}

/// Restores.
///
/// # Errors
/// [`CommandError::Restore`].
pub(crate) fn run(args: &RestoreArgs, platform: &Platform) -> Result<Back, CommandError> {
    // First: a server that is there again without what was erased must not be left behind for a misspelt name.
    let list = args.erased.as_ref().map(|file| {
        std::fs::read_to_string(file).map_err(|error| CommandError::Read { file: file.clone(), error })
    });
    let list = list.transpose()?;
    let clock = Arc::clone(&platform.clock);
    let clock: sanben_server::Clock = Arc::new(move || clock.wall());
    let Home { dir, database_url } = &args.home;
    let restored = sanben_server::restore(
        &args.file,
        dir,
        database_url.as_deref(),
        args.verify,
        &clock,
        &system_random(),
    )?;
    let erased = match list {
        None => None,
        Some(list) => Some(args.home.open(platform)?.erase_listed(&list)?),
    };
    Ok(Back { dir: dir.clone(), erased, restored })
}

/// A server that is there again.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Back {
    /// Its folder.
    pub(crate) dir: PathBuf,
    /// How many records were erased again, where a list was given.
    pub(crate) erased: Option<u64>,
    /// What was restored.
    #[serde(flatten)]
    pub(crate) restored: Restored,
}

impl Outcome for Back {
    fn show(&self, language: Language) -> String {
        let Restored { entries, documents, files, .. } = self.restored;
        let dir = self.dir.display().to_string();
        let done =
            say!(language, "restore-done", dir = dir, n = files, entries = entries, documents = documents);
        let mut lines = vec![done];
        if self.restored.verified {
            lines.push(say!(language, "restore-verified"));
        }
        if !self.restored.missing.is_empty() {
            lines.push(say!(language, "restore-missing", n = self.restored.missing.len()));
        }
        lines.push(match self.erased {
            Some(n) => say!(language, "restore-erased", n = n),
            None => say!(language, "restore-erased-list"),
        });
        lines.push(say!(language, "restore-undone"));
        lines.push(say!(language, "restore-next"));
        lines.join("\n") + "\n"
    }
}

/// Why nothing was restored.
#[must_use]
pub(crate) fn explain(language: Language, error: &RestoreError) -> String {
    match error {
        RestoreError::NotEmpty(dir) => say!(language, "restore-not-empty", dir = dir.display().to_string()),
        RestoreError::Taken => say!(language, "restore-taken"),
        RestoreError::Archive(why) => say!(language, "restore-archive", why = cause::said(language, why)),
        RestoreError::Newer => say!(language, "restore-newer"),
        RestoreError::Changed(file) => say!(language, "restore-changed", file = file.as_str()),
        RestoreError::Odd(file) => say!(language, "restore-odd", file = file.as_str()),
        RestoreError::Unsigned => say!(language, "restore-unsigned"),
        RestoreError::Audit(audit) => say!(language, "restore-audit", n = audit.faults.len()),
        RestoreError::File { file, source } => {
            let file = file.display().to_string();
            say!(language, "restore-file", file = file, why = cause::io(language, source))
        }
        RestoreError::Server(error) => explain::server(language, error),
    }
}
