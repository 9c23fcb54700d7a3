//! `field photo HASH --out FILE`: the original of a photo; fetched from the server if it is not here.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use sanben_domain::id::PhotoHash;
use sanben_field::{Field, Http};
use serde::Serialize;
use std::path::PathBuf;

/// Which, and where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PhotoArgs {
    /// Its hash, as `show` lists it.
    #[arg(value_parser = reading::photo)]
    pub(crate) hash: PhotoHash,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// Writes it to the file.
///
/// # Errors
/// As [`Field::fetch_photo`]; [`CommandError::Write`].
pub(crate) fn run(args: &PhotoArgs, field: &Field) -> Result<Written, CommandError> {
    let bytes = field.fetch_photo(args.hash, &Http::new(&field.enrolment()?.url))?;
    std::fs::write(&args.out, &bytes)
        .map_err(|error| CommandError::Write { file: args.out.clone(), error })?;
    Ok(Written { hash: args.hash.to_string(), file: args.out.clone(), bytes: bytes.len() })
}

/// A photo in a file.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Written {
    /// Its hash.
    pub(crate) hash: String,
    /// The file.
    pub(crate) file: PathBuf,
    /// Its size.
    pub(crate) bytes: usize,
}

impl Outcome for Written {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-photo"), self.hash.clone());
        table.pair(say!(language, "label-file"), self.file.display().to_string());
        table.pair(say!(language, "label-bytes"), self.bytes.to_string());
        table.lines()
    }
}
