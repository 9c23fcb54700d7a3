//! `field resend N`: refused work goes out again as it is, after rights or reference data have changed.

use super::outbox::{self, Outbox, OutboxArgs};
use crate::error::CommandError;
use sanben_field::{Field, OutboxId};

/// Which.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ResendArgs {
    /// Its number in `outbox`.
    pub(crate) number: i64,
}

/// Puts it back into the outbox, and shows that.
///
/// # Errors
/// [`CommandError::NoAttention`]; else as [`Field::resend`].
pub(crate) fn run(args: &ResendArgs, field: &Field) -> Result<Outbox, CommandError> {
    field.resend(refused(field, args.number)?)?;
    outbox::run(&OutboxArgs::default(), field)
}

/// The refused change of this number.
///
/// # Errors
/// [`CommandError::NoAttention`].
pub(crate) fn refused(field: &Field, number: i64) -> Result<OutboxId, CommandError> {
    let waiting = field.needs_attention()?;
    let found = waiting.iter().map(|row| row.id).find(|id| id.0 == number);
    found.ok_or(CommandError::NoAttention(number))
}
