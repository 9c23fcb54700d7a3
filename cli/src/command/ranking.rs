//! `field ranking`: the communities by tier, best total first.

use super::score::SpanArgs;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names};
use sanben_domain::reference::UnitKind;
use sanben_domain::score::{Period, ScorePoints, ranking};
use sanben_field::Field;
use serde::Serialize;

/// Which days.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct RankingArgs {
    /// Which days.
    #[command(flatten)]
    pub(crate) span: SpanArgs,
}

/// Ranks all communities, as far as this device holds their work.
///
/// # Errors
/// As [`Field::score`].
pub(crate) fn run(args: &RankingArgs, field: &Field) -> Result<Ranking, CommandError> {
    let (period, as_of) = args.span.period(field)?;
    let as_of = as_of.map_or_else(|| field.now(), Ok)?;
    let names = Names::of(field)?;
    let communities = names.reference.units.values().filter(|unit| unit.kind == UnitKind::Community);
    let sheets =
        communities.map(|unit| field.score(&unit.id, period, Some(as_of))).collect::<Result<Vec<_>, _>>()?;
    let set = names.reference.rule_set_at(names.zone.midnight(period.from));
    let tiers = set.map(|set| set.tiers.as_slice()).unwrap_or_default();
    let places = ranking(&sheets, tiers).into_iter().map(|rank| Place {
        tier: rank.tier,
        place: rank.place,
        community: names.unit(&rank.community),
        total: rank.total,
    });
    Ok(Ranking { period, as_of: names.moment(as_of), places: places.collect() })
}

/// The order of the communities.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ranking {
    /// Which days.
    pub(crate) period: Period,
    /// What was known at this instant.
    pub(crate) as_of: Moment,
    /// By tier, then place.
    pub(crate) places: Vec<Place>,
}

/// The place of one community.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Place {
    /// Its tier.
    pub(crate) tier: usize,
    /// Its place in the tier; equal totals share one.
    pub(crate) place: usize,
    /// The community.
    pub(crate) community: Named,
    /// Its total.
    pub(crate) total: ScorePoints,
}

impl Outcome for Ranking {
    fn show(&self, language: Language) -> String {
        let last = self.period.until.pred_opt().unwrap_or(self.period.until);
        let mut table = Table::new([
            say!(language, "label-tier"),
            say!(language, "label-rank"),
            say!(language, "label-community"),
            say!(language, "label-total"),
        ]);
        for place in &self.places {
            table.row([
                place.tier.to_string(),
                place.place.to_string(),
                place.community.with_code(),
                crate::words::sum(place.total),
            ]);
        }
        let head = say!(
            language,
            "ranking-head",
            from = self.period.from.to_string(),
            to = last.to_string(),
            time = self.as_of.to_string()
        );
        head + "\n" + &table.lines()
    }
}
