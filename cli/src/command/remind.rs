//! `field remind`: a reminder of one's own, of a case or a matter.

use super::matter::document_named;
use super::reminders;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading::{self, LocalTime};
use crate::view::{Moment, Names, short};
use chrono::NaiveTime;
use sanben_domain::id::DocumentId;
use sanben_field::Field;
use serde::Serialize;

/// Of what, and when.
#[derive(Debug, Clone, clap::Args)]
#[command(group = clap::ArgGroup::new("when").required(true))]
pub(crate) struct RemindArgs {
    /// The case or matter, by id or prefix.
    pub(crate) document: String,
    /// At an instant.
    #[arg(long, group = "when", value_name = "TIME", value_parser = reading::local_time)]
    pub(crate) at: Option<LocalTime>,
    /// So long from now.
    #[arg(long = "in", group = "when", value_name = "TIME", value_parser = reminders::span)]
    pub(crate) after: Option<u32>,
    /// Not any more.
    #[arg(long, group = "when")]
    pub(crate) none: bool,
}

/// Sets it in the place of an earlier one, or takes it back.
///
/// # Errors
/// As [`document_named`] and [`Field::remind_of`].
pub(crate) fn run(args: &RemindArgs, field: &Field) -> Result<Reminded, CommandError> {
    let (names, document) = (Names::of(field)?, document_named(field, &args.document)?);
    // A day alone means its morning, as on a phone.
    let morning = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
    let at = match (args.at, args.after) {
        (Some(at), _) => Some(at.instant(names.zone, morning)),
        (None, Some(minutes)) => Some(field.now()?.plus_ms(i64::from(minutes) * 60_000)),
        (None, None) => None,
    };
    field.remind_of(document, at)?;
    Ok(Reminded { document, at: at.map(|at| names.moment(at)) })
}

/// A reminder that was set or taken back.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reminded {
    document: DocumentId,
    /// When; nothing for not any more.
    at: Option<Moment>,
}

impl Outcome for Reminded {
    fn show(&self, language: Language) -> String {
        let id = short(self.document);
        let said = match &self.at {
            Some(at) => say!(language, "remind-set", id = id, at = at.to_string()),
            None => say!(language, "remind-taken-back", id = id),
        };
        said + "\n"
    }
}
