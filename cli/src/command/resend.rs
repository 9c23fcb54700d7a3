//! `field resend N`: refused work goes out again, as it is after rights or reference data have changed, or corrected.

use super::outbox::{self, Outbox, OutboxArgs};
use crate::error::CommandError;
use sanben_domain::id::{PointId, StandardId};
use sanben_field::{Correction, Field, OutboxId};

/// Which, and what is different.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ResendArgs {
    /// Its number in `outbox`.
    pub(crate) number: i64,
    /// The right point.
    #[arg(long)]
    pub(crate) point: Option<PointId>,
    /// The right standard.
    #[arg(long)]
    pub(crate) standard: Option<StandardId>,
    /// Other words, or another reason.
    #[arg(long)]
    pub(crate) words: Option<String>,
}

/// Puts it back into the outbox, and shows that.
///
/// # Errors
/// [`CommandError::NoAttention`]; else as [`Field::resend`] and [`Field::correct`].
pub(crate) fn run(args: &ResendArgs, field: &Field) -> Result<Outbox, CommandError> {
    let id = refused(field, args.number)?;
    let ResendArgs { point, standard, words, .. } = args.clone();
    let correction = Correction { point, standard, words };
    if correction == Correction::default() {
        field.resend(id)?;
    } else {
        field.correct(id, &correction)?;
    }
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
