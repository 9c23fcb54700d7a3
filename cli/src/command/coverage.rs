//! `field coverage`: where in the grid something is lacking that a standard asks for in each node.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{Named, Names};
use chrono::NaiveDate;
use sanben_domain::coverage::Lack;
use sanben_domain::score::Period;
use sanben_field::Field;
use serde::Serialize;

/// In which days.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct CoverageArgs {
    /// A month; this month when nothing is said.
    #[arg(long, value_name = "YYYY-MM", value_parser = reading::month, conflicts_with = "week")]
    pub(crate) month: Option<NaiveDate>,
    /// The week, Monday to Sunday, of a day.
    #[arg(long, value_name = "DATE", value_parser = reading::day)]
    pub(crate) week: Option<NaiveDate>,
}

/// Lists the nodes.
///
/// # Errors
/// Before the first sync, not yet known; a store error.
pub(crate) fn run(args: &CoverageArgs, field: &Field) -> Result<Coverage, CommandError> {
    let names = Names::of(field)?;
    let period = match (args.month, args.week) {
        (Some(month), _) => Period::month_of(month),
        (_, Some(day)) => Period::week_of(day),
        _ => Period::month_of(field.today()?),
    };
    let rows = field.uncovered(period)?.into_iter().map(|it| Line {
        standard: names.standard(&it.standard),
        node: names.unit(&it.node),
        lack: it.lack,
    });
    Ok(Coverage { uncovered: rows.collect() })
}

/// A node that is not covered.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    standard: Named,
    node: Named,
    lack: Lack,
}

/// The nodes that are not covered.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Coverage {
    uncovered: Vec<Line>,
}

impl Outcome for Coverage {
    fn show(&self, language: Language) -> String {
        if self.uncovered.is_empty() {
            return say!(language, "coverage-none") + "\n";
        }
        let mut table = Table::new([
            say!(language, "label-standard"),
            say!(language, "label-node"),
            say!(language, "label-lacks"),
        ]);
        for line in &self.uncovered {
            let lack = match line.lack {
                Lack::NoPoint => say!(language, "lack-no-point"),
                Lack::NotSeen => say!(language, "lack-not-seen"),
                Lack::NotMet => say!(language, "lack-not-met"),
            };
            table.row([line.standard.with_code(), line.node.with_code(), lack]);
        }
        table.lines()
    }
}
