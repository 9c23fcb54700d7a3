//! `field complete CASE …`: what was missing or wrong is put right later, visibly.

use super::act::Acted;
use crate::error::CommandError;
use crate::reading;
use crate::view::case_named;
use sanben_domain::id::{PointId, StandardId};
use sanben_domain::place::Fix;
use sanben_field::{Completion, Field};
use std::path::PathBuf;

/// What is completed; what is not said stays as it is.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct CompleteArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// Where.
    #[arg(long)]
    pub(crate) point: Option<PointId>,
    /// Which standard it breaks.
    #[arg(long)]
    pub(crate) standard: Option<StandardId>,
    /// More photos of the problem.
    #[arg(long = "photo", value_name = "FILE")]
    pub(crate) photos: Vec<PathBuf>,
    /// A fix.
    #[arg(long, value_name = "LAT,LON[,ACCURACY]", value_parser = reading::fix, allow_hyphen_values = true)]
    pub(crate) at: Option<Fix>,
    /// The words.
    pub(crate) words: Option<String>,
}

/// Completes.
///
/// # Errors
/// As [`Field::complete`]; [`CommandError::NothingToComplete`] when nothing is said.
pub(crate) fn run(args: &CompleteArgs, field: &Field) -> Result<Acted, CommandError> {
    let said = args.point.is_some() || args.standard.is_some() || args.at.is_some() || args.words.is_some();
    if !said && args.photos.is_empty() {
        return Err(CommandError::NothingToComplete);
    }
    let case = case_named(field, &args.case)?;
    let completion = Completion {
        point: args.point.clone(),
        standard: args.standard.clone(),
        description: args.words.clone(),
        fix: args.at,
        photos: args.photos.clone(),
    };
    field.complete(case, completion)?;
    Acted::on(field, case, None)
}
