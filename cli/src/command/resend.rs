//! `field resend N`: refused work goes out again, as it is after rights or reference data have changed, or corrected.

use super::matter;
use super::outbox::{self, Outbox, OutboxArgs};
use crate::error::CommandError;
use crate::reading;
use chrono::NaiveDate;
use sanben_domain::id::{PersonId, PointId, StandardId};
use sanben_domain::matter::Fields;
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
    /// The right person, of a matter.
    #[arg(long)]
    pub(crate) person: Option<PersonId>,
    /// The right day, of a new matter.
    #[arg(long, value_name = "DATE", value_parser = reading::day)]
    pub(crate) day: Option<NaiveDate>,
    /// What a new matter belongs to.
    #[arg(long)]
    pub(crate) about: Option<String>,
    /// Fields of a matter's act as they should be.
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<String>,
}

/// Puts it back into the outbox, and shows that.
///
/// # Errors
/// [`CommandError::NoAttention`]; else as [`Field::resend`] and [`Field::correct`].
pub(crate) fn run(args: &ResendArgs, field: &Field) -> Result<Outbox, CommandError> {
    let id = refused(field, args.number)?;
    let ResendArgs { point, standard, words, person, day, about, fields, .. } = args.clone();
    let about = about.map(|text| matter::document_named(field, &text)).transpose()?;
    let fields = if fields.is_empty() { Fields::new() } else { matter::refused_fields(field, id, &fields)? };
    let correction = Correction { point, standard, words, person, day, about, fields };
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
