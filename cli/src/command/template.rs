//! `template KIND -o FILE`: a workbook to fill in, with the sheets and headers that an import reads.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_server::import::{template, template_kinds};
use serde::Serialize;
use std::path::PathBuf;

/// Of what, and where to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TemplateArgs {
    /// Which table, or all.
    pub(crate) kind: String,
    /// The workbook, which is made.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Writes it.
///
/// # Errors
/// [`CommandError::Usage`] for a kind that there is not, [`CommandError::Write`].
pub(crate) fn run(args: &TemplateArgs, language: Language) -> Result<Template, CommandError> {
    let Some(written) = template(&args.kind) else {
        let kinds = template_kinds().collect::<Vec<_>>().join(", ");
        return Err(CommandError::Usage(say!(language, "template-kinds", kinds = kinds)));
    };
    // What comes out is a workbook: under another name Excel and WPS would not open it.
    let ending = args.output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !ending.eq_ignore_ascii_case("xlsx") {
        return Err(CommandError::Usage(say!(language, "template-xlsx")));
    }
    let unwritten = |error| CommandError::Write { file: args.output.clone(), error };
    let bytes = written.map_err(|error| unwritten(std::io::Error::other(error)))?;
    let mut file = std::fs::File::create_new(&args.output).map_err(unwritten)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(unwritten)?;
    Ok(Template { file: args.output.clone() })
}

/// Where it is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Template {
    file: PathBuf,
}

impl Outcome for Template {
    fn show(&self, language: Language) -> String {
        say!(language, "template-written", file = self.file.display().to_string()) + "\n"
    }
}
