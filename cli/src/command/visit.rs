//! `field visit POINT`: a point on the round was clean, or could not be looked at. What was found there is
//! recorded, and is a visit by itself.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{Named, Names};
use crate::words;
use sanben_domain::id::PointId;
use sanben_domain::patrol::{Round, VisitResult};
use sanben_domain::place::Fix;
use sanben_field::Field;
use serde::Serialize;

/// Where, on which round, and what was found.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct VisitArgs {
    /// The point.
    pub(crate) point: PointId,
    /// Which round; the morning round when it is not said.
    #[arg(long, value_parser = reading::round)]
    pub(crate) round: Option<Round>,
    /// Nothing to complain about; so it is too when neither is said.
    #[arg(long, conflicts_with = "not_accessible")]
    pub(crate) clean: bool,
    /// It could not be looked at, and why.
    #[arg(long, value_name = "REASON")]
    pub(crate) not_accessible: Option<String>,
    /// The fix at the tap.
    #[arg(long, value_name = "LAT,LON[,ACCURACY]", value_parser = reading::fix, allow_hyphen_values = true)]
    pub(crate) at: Option<Fix>,
}

/// Notes the visit.
///
/// # Errors
/// As [`Field::visit`].
pub(crate) fn run(args: &VisitArgs, field: &Field) -> Result<Visited, CommandError> {
    let round = args.round.unwrap_or(Round::Morning);
    let result = match &args.not_accessible {
        Some(reason) => VisitResult::NotAccessible(reason.clone()),
        None => VisitResult::Clean,
    };
    field.visit(round, &args.point, result.clone(), args.at)?;
    Ok(Visited { point: Names::of(field)?.point(&args.point), round, result })
}

/// A visit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Visited {
    /// Where.
    pub(crate) point: Named,
    /// On which round.
    pub(crate) round: Round,
    /// What was found.
    pub(crate) result: VisitResult,
}

impl Outcome for Visited {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-visited"), self.point.with_code());
        table.pair(say!(language, "label-round"), words::round(language, self.round));
        table.pair(say!(language, "label-result"), words::visit(language, Some(&self.result)));
        table.lines()
    }
}
