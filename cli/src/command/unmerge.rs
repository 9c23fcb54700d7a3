//! `field unmerge CASE REASON`: the merge was a mistake.

use super::act::Acted;
use crate::error::CommandError;
use crate::view::case_named;
use sanben_domain::case::CaseAct;
use sanben_field::Field;

/// Which case stands for itself again, and why.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct UnmergeArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// Why.
    pub(crate) reason: String,
}

/// Undoes the merge.
///
/// # Errors
/// [`CommandError::NotMerged`]; else as [`Field::act`].
pub(crate) fn run(args: &UnmergeArgs, field: &Field) -> Result<Acted, CommandError> {
    let case = case_named(field, &args.case)?;
    let (_, merge) = field.case(case)?.state.merged.ok_or(CommandError::NotMerged)?;
    let act = CaseAct::Unmerge { merge, reason: args.reason.clone() };
    let event = field.act(case, act, &[])?;
    Acted::on(field, case, Some(event))
}
