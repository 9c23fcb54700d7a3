//! `field decide CASE EVENT REASON`: settles a dispute.

use super::act::Acted;
use crate::error::CommandError;
use crate::view::{case_named, event_named};
use sanben_field::Field;

/// Which event stands, and why.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DecideArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// The event that stands, by id or prefix; `show` lists them.
    pub(crate) event: String,
    /// Why.
    pub(crate) reason: String,
}

/// Decides.
///
/// # Errors
/// As [`Field::decide`].
pub(crate) fn run(args: &DecideArgs, field: &Field) -> Result<Acted, CommandError> {
    let case = case_named(field, &args.case)?;
    let row = field.case(case)?;
    let thread: Vec<_> = row.state.thread.iter().map(|taken| taken.event).collect();
    let event = field.decide(case, event_named(&thread, &args.event)?, &args.reason)?;
    Acted::on(field, case, Some(event))
}
