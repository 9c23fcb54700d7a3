//! `score --dir DIR` and `publish-scores --dir DIR`: the sheets of all communities as the desk counts them,
//! what they would have been under other rules, and their publication.

use super::home::{Desk, Home};
use super::score::{Sheet, SpanArgs, UnderArgs};
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names};
use crate::words;
use sanben_domain::id::UnitId;
use sanben_domain::score::{Period, ScorePoints, ScoreSheet, ranking};
use sanben_field::Platform;
use sanben_server::Server;
use serde::Serialize;
use std::collections::BTreeMap;

/// Whose sheets, of which days, under which rules.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SheetsArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
    /// One community, line by line; all of them, a line each, when it is left out.
    pub(crate) community: Option<UnitId>,
    /// Which days.
    #[command(flatten)]
    pub(crate) span: SpanArgs,
    /// Other rules.
    #[command(flatten)]
    pub(crate) under: UnderArgs,
}

/// Counts.
///
/// # Errors
/// [`CommandError::Sheets`], [`CommandError::Import`] for rules that are not sound.
pub(crate) fn run(args: &SheetsArgs, platform: &Platform) -> Result<Counted, CommandError> {
    let server = args.home.open_existing(platform)?;
    let names = names(&server)?;
    let today = || Ok(names.zone.day(platform.clock.wall()));
    let (period, as_of) = args.span.period_in(names.zone, today)?;
    let under = args.under.read(&names.reference)?;
    let communities = args.community.as_ref().map(std::slice::from_ref);
    let would_be = under.map(|rules| server.sheets(communities, &[period], as_of, Some(rules)));
    let would_be = would_be.transpose()?;
    if args.community.is_some() {
        let sheets = match would_be {
            Some(sheets) => sheets,
            None => server.sheets(communities, &[period], as_of, None)?,
        };
        let sheets = sheets.iter().map(|sheet| Sheet::of(sheet, &names));
        return Ok(Counted::Lines(sheets.collect()));
    }
    let held = server.sheets(None, &[period], as_of, None);
    // Before the first rules hold there is nothing to compare a preview with.
    let held = if would_be.is_some() { held.unwrap_or_default() } else { held? };
    Ok(Counted::Totals(Totals::of(&held, would_be.as_deref(), &names, period)))
}

/// Which period.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PublishArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// Which days.
    #[command(flatten)]
    pub(crate) span: SpanArgs,
}

/// Publishes the sheets of a period that is over.
///
/// # Errors
/// [`CommandError::Sheets`].
pub(crate) fn publish(args: &PublishArgs, platform: &Platform) -> Result<Counted, CommandError> {
    let server = args.home.open_existing(platform)?;
    let names = names(&server)?;
    let (period, _) = args.span.period_in(names.zone, || Ok(names.zone.day(platform.clock.wall())))?;
    let (sheets, _) = server.publish_sheets(period)?;
    let names = self::names(&server)?;
    let mut totals = Totals::of(&sheets, None, &names, period);
    totals.published = true;
    Ok(Counted::Totals(totals))
}

/// The names that a server holds.
pub(crate) fn names(server: &Server) -> Result<Names, CommandError> {
    let reference = server.reference()?;
    let zone = reference.tenant.as_ref().map_or(sanben_domain::time::Zone::CHINA, |tenant| tenant.zone);
    Ok(Names { reference, zone, me: None })
}

/// What was counted.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Counted {
    /// One community, line by line.
    Lines(Vec<Sheet>),
    /// All of them.
    Totals(Totals),
}

/// All communities by tier and place.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Totals {
    period: Period,
    published: bool,
    as_of: Option<Moment>,
    places: Vec<Place>,
}

/// A community's place, and what it would have been.
#[derive(Debug, Clone, Serialize)]
struct Place {
    tier: usize,
    place: usize,
    community: Named,
    total: Option<ScorePoints>,
    #[serde(skip_serializing_if = "Option::is_none")]
    under: Option<ScorePoints>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place_before: Option<usize>,
    sheet: String,
}

impl Totals {
    fn of(held: &[ScoreSheet], would_be: Option<&[ScoreSheet]>, names: &Names, period: Period) -> Self {
        let shown = would_be.unwrap_or(held);
        let set = names.reference.rule_set_at(names.zone.midnight(period.from));
        let tiers = set.map(|set| set.tiers.as_slice()).unwrap_or_default();
        let before: BTreeMap<_, _> =
            ranking(held, tiers).into_iter().map(|r| (r.community.clone(), r)).collect();
        let places = ranking(shown, tiers).into_iter().map(|rank| {
            let held = before.get(&rank.community);
            let sheet = shown.iter().find(|sheet| sheet.community == rank.community);
            Place {
                tier: rank.tier,
                place: rank.place,
                community: names.unit(&rank.community),
                total: held.map(|rank| rank.total),
                under: would_be.map(|_| rank.total),
                place_before: would_be.and(held).map(|rank| rank.place),
                sheet: sheet.and_then(|s| s.hash().ok()).map(|hash| hash.to_string()).unwrap_or_default(),
            }
        });
        let as_of = shown.first().map(|sheet| names.moment(sheet.as_of));
        Self { period, published: false, as_of, places: places.collect() }
    }
}

impl Outcome for Counted {
    fn show(&self, language: Language) -> String {
        let totals = match self {
            Self::Lines(sheets) => return sheets.iter().map(|sheet| sheet.show(language)).collect(),
            Self::Totals(totals) => totals,
        };
        let last = totals.period.until.pred_opt().unwrap_or(totals.period.until);
        let (from, to) = (totals.period.from.to_string(), last.to_string());
        let time = totals.as_of.map(|time| time.to_string()).unwrap_or_default();
        let mut text = say!(language, "ranking-head", from = from, to = to, time = time.clone());
        text.push('\n');
        let preview = totals.places.iter().any(|place| place.under.is_some());
        let mut head = vec![
            say!(language, "label-tier"),
            say!(language, "label-rank"),
            say!(language, "label-community"),
            say!(language, "label-total"),
        ];
        if preview {
            head.extend([say!(language, "label-total-under"), say!(language, "label-rank-before")]);
        }
        let mut table = Table::new(head);
        for place in &totals.places {
            let mut cells = vec![
                place.tier.to_string(),
                place.place.to_string(),
                place.community.with_code(),
                place.total.map(words::amount).unwrap_or_default(),
            ];
            if preview {
                cells.push(place.under.map(words::amount).unwrap_or_default());
                cells.push(place.place_before.map(|place| place.to_string()).unwrap_or_default());
            }
            table.row(cells);
        }
        text.push_str(&table.lines());
        if totals.published {
            text.push_str(&say!(language, "score-published", time = time));
            text.push('\n');
        }
        text
    }
}
