//! `field discard N REASON`: gives refused work up; it is kept with the reason.

use super::outbox::{self, Outbox, OutboxArgs};
use super::resend::refused;
use crate::error::CommandError;
use sanben_field::Field;

/// Which, and why.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DiscardArgs {
    /// Its number in `outbox`.
    pub(crate) number: i64,
    /// Why it is given up.
    pub(crate) reason: String,
}

/// Gives it up, and shows the outbox.
///
/// # Errors
/// [`CommandError::NoAttention`]; else as [`Field::discard`].
pub(crate) fn run(args: &DiscardArgs, field: &Field) -> Result<Outbox, CommandError> {
    field.discard(refused(field, args.number)?, &args.reason)?;
    outbox::run(&OutboxArgs::default(), field)
}
