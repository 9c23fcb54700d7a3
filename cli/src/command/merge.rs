//! `field merge CASE KEPT`: the case is a duplicate; the other record is kept.

use super::act::Acted;
use crate::error::CommandError;
use crate::view::case_named;
use sanben_field::Field;

/// Which is the duplicate, and which is kept.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct MergeArgs {
    /// The duplicate, by id or prefix.
    pub(crate) case: String,
    /// The record that is kept, by id or prefix.
    pub(crate) kept: String,
}

/// Merges.
///
/// # Errors
/// As [`Field::merge`].
pub(crate) fn run(args: &MergeArgs, field: &Field) -> Result<Acted, CommandError> {
    let case = case_named(field, &args.case)?;
    let event = field.merge(case, case_named(field, &args.kept)?)?;
    Acted::on(field, case, Some(event))
}
