//! `field rectify CASE`: put right, with after-photos.

use super::act::Acted;
use crate::error::CommandError;
use crate::view::case_named;
use sanben_field::Field;
use std::path::PathBuf;

/// What was put right, and the proof.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct RectifyArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// What was done.
    #[arg(default_value = "")]
    pub(crate) words: String,
    /// After-photos.
    #[arg(long = "photo", value_name = "FILE")]
    pub(crate) photos: Vec<PathBuf>,
    /// In front of the inspector.
    #[arg(long)]
    pub(crate) on_the_spot: bool,
}

/// Notes it.
///
/// # Errors
/// As [`Field::rectify`].
pub(crate) fn run(args: &RectifyArgs, field: &Field) -> Result<Acted, CommandError> {
    let case = case_named(field, &args.case)?;
    let event = field.rectify(case, &args.words, args.on_the_spot, &args.photos)?;
    Acted::on(field, case, Some(event))
}
