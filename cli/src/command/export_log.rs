//! `export-log --dir DIR FILE`: the whole log in a file that a third party can check.

use super::home::Home;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_field::Platform;
use sanben_server::ExportError;
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// Whose, and where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ExportLogArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
    /// The new file.
    pub(crate) file: PathBuf,
}

/// Writes it out.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::Write`], [`CommandError::Server`].
pub(crate) fn run(args: &ExportLogArgs, platform: &Platform) -> Result<Exported, CommandError> {
    let server = args.home.open_existing(platform)?;
    let failed = |error| CommandError::Write { file: args.file.clone(), error };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // People's words are in it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(&args.file).map_err(failed)?);
    let written = server.export_log(&mut out).and_then(|entries| {
        out.flush()?;
        out.get_ref().sync_all()?;
        Ok(entries)
    });
    let entries = written.map_err(|error| {
        // Half of a log is none. It was made here, and a failure leaves nothing more to do.
        let _ = std::fs::remove_file(&args.file);
        match error {
            ExportError::Log(error) => CommandError::Server(error.into()),
            ExportError::File(error) => failed(error),
        }
    })?;
    let key = server.key().0.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Exported { file: args.file.clone(), entries, key })
}

/// A log that can leave the house.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Exported {
    /// The file.
    pub(crate) file: PathBuf,
    /// Its entries.
    pub(crate) entries: u64,
    /// The server's public key in hexadecimal.
    pub(crate) key: String,
}

impl Outcome for Exported {
    fn show(&self, language: Language) -> String {
        let (file, key) = (self.file.display().to_string(), self.key.as_str());
        say!(language, "export-done", file = file, entries = self.entries, key = key) + "\n"
    }
}
