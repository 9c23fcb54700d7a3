//! `backup --dir DIR FILE`: everything that the server cannot make again, in one file, while it serves.

use super::home::Home;
use crate::cause;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_field::Platform;
use sanben_server::{BackupError, Contents};
use serde::Serialize;
use std::path::PathBuf;

/// Whose, and where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct BackupArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
    /// The new file.
    pub(crate) file: PathBuf,
}

/// Makes the backup.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::Backup`].
pub(crate) fn run(args: &BackupArgs, platform: &Platform) -> Result<BackedUp, CommandError> {
    let contents = args.home.open_existing(platform)?.backup(&args.file)?;
    Ok(BackedUp { file: args.file.clone(), contents })
}

/// A backup.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BackedUp {
    /// The file.
    pub(crate) file: PathBuf,
    /// What it holds.
    #[serde(flatten)]
    pub(crate) contents: Contents,
}

impl Outcome for BackedUp {
    fn show(&self, language: Language) -> String {
        let bytes: u64 = self.contents.files.iter().map(|row| row.bytes).sum();
        let (file, n) = (self.file.display().to_string(), self.contents.files.len());
        let mut text =
            say!(language, "backup-done", file = file, n = n, mib = bytes.div_ceil(1 << 20)) + "\n";
        if !self.contents.missing.is_empty() {
            text += &say!(language, "backup-missing", n = self.contents.missing.len());
            text.push('\n');
        }
        text
    }
}

/// Why there is none.
#[must_use]
pub(crate) fn explain(language: Language, error: &BackupError) -> String {
    match error {
        BackupError::Exists(file) => say!(language, "backup-exists", file = file.display().to_string()),
        BackupError::Log(why) => say!(language, "backup-log", why = cause::said(language, why)),
        BackupError::File { file, source } => {
            let file = file.display().to_string();
            say!(language, "backup-file", file = file, why = cause::io(language, source))
        }
    }
}
