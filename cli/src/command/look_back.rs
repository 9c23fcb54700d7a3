//! `field look-back CASE --passed|--failed`: went back and looked.

use super::act::Acted;
use crate::error::CommandError;
use crate::view::case_named;
use sanben_domain::case::Outcome;
use sanben_field::Field;
use std::path::PathBuf;

/// What the look-back saw.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(group = clap::ArgGroup::new("result").required(true).args(["passed", "failed"]))]
pub(crate) struct LookBackArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// Words.
    #[arg(default_value = "")]
    pub(crate) words: String,
    /// The problem is gone.
    #[arg(long)]
    pub(crate) passed: bool,
    /// The problem is still there. One of the two is said.
    #[arg(long)]
    pub(crate) failed: bool,
    /// What it looks like now.
    #[arg(long = "photo", value_name = "FILE")]
    pub(crate) photos: Vec<PathBuf>,
}

/// Notes it, and the visit in the day's look-back round.
///
/// # Errors
/// As [`Field::look_back`].
pub(crate) fn run(args: &LookBackArgs, field: &Field) -> Result<Acted, CommandError> {
    let case = case_named(field, &args.case)?;
    let outcome = if args.passed { Outcome::Passed } else { Outcome::Failed };
    let event = field.look_back(case, outcome, &args.words, &args.photos)?;
    Acted::on(field, case, Some(event))
}
