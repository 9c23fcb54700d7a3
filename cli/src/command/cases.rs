//! `field cases`: the list.

use super::matter::matter_named;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{CaseLine, Names, delivery, name_of, short, standing};
use sanben_domain::case::{Lateness, Status};
use sanben_domain::id::{MatterId, PointId, UnitId};
use sanben_field::{CaseQuery, Field, FieldError, Order, PageToken};
use serde::Serialize;

/// Which cases; everything narrows.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct CasesArgs {
    /// Not closed, voided or merged.
    #[arg(long)]
    pub(crate) open: bool,
    /// At this point.
    #[arg(long)]
    pub(crate) point: Option<PointId>,
    /// On this community's sheet.
    #[arg(long)]
    pub(crate) community: Option<UnitId>,
    /// With one of these statuses.
    #[arg(long, value_parser = reading::status, value_delimiter = ',')]
    pub(crate) status: Vec<Status>,
    /// A person has to decide.
    #[arg(long)]
    pub(crate) disputed: bool,
    /// Past their due instant, soonest due first.
    #[arg(long)]
    pub(crate) overdue: bool,
    /// At a point of this programme, by its title or id.
    #[arg(long)]
    pub(crate) programme: Option<String>,
    /// With these words.
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// Reported by, answered for by, or to be handled by the person of this device.
    #[arg(long)]
    pub(crate) mine: bool,
    /// How many; 50 when it is not said, 200 at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub(crate) limit: u16,
    /// Go on after the page that gave this token.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) after: Option<String>,
}

/// Lists them, latest report first.
///
/// # Errors
/// [`FieldError::NotFound`] for an unknown point or community, [`CommandError::PageToken`], not enrolled (for `mine`), a store error.
pub(crate) fn run(args: &CasesArgs, field: &Field) -> Result<CaseList, CommandError> {
    let (names, now) = (Names::of(field)?, field.now()?);
    // A mistyped code must not look like an empty list.
    if let Some(point) = args.point.as_ref().filter(|id| !names.reference.points.contains_key(*id)) {
        return Err(FieldError::NotFound { what: "point", id: point.to_string() }.into());
    }
    if let Some(unit) = args.community.as_ref().filter(|id| !names.reference.units.contains_key(*id)) {
        return Err(FieldError::NotFound { what: "community", id: unit.to_string() }.into());
    }
    let mut query = CaseQuery {
        point: args.point.clone(),
        community: args.community.clone(),
        mine: if args.mine { Some(field.enrolment()?.person) } else { None },
        mine_unit: field.own_unit()?,
        status: args.status.clone(),
        // What is settled is not overdue any more.
        open_only: args.open || args.overdue,
        disputed_only: args.disputed,
        due_before: args.overdue.then_some(now),
        programme: args.programme.as_deref().map(|text| programme_named(field, text)).transpose()?,
        text: args.text.clone(),
        order: if args.overdue { Order::Due } else { Order::Newest },
        limit: usize::from(args.limit),
        after: args.after.as_deref().map(token_from).transpose()?,
        ..CaseQuery::default()
    };
    loop {
        let page = field.cases(&query)?;
        let rows = page.rows.into_iter().map(|row| CaseLine::of(row, &names, now));
        // Past its due instant, but put right before: it only waits for the look-back.
        let late = |line: &CaseLine| matches!(line.lateness, Lateness::Late | Lateness::Doubtful);
        let rows: Vec<_> = rows.filter(|line| !args.overdue || late(line)).collect();
        match page.next {
            Some(next) if rows.is_empty() => query.after = Some(next),
            next => return Ok(CaseList { rows, next: next.map(token_text) }),
        }
    }
}

/// The programme of this title, or with this id.
fn programme_named(field: &Field, text: &str) -> Result<MatterId, CommandError> {
    let held = field.programmes()?;
    if let Some((id, _)) = held.iter().find(|(_, title)| title == text.trim()) {
        return Ok(*id);
    }
    let known = |id: &MatterId| held.iter().any(|(one, _)| one == id);
    matter_named(field, text)
        .ok()
        .filter(known)
        .ok_or_else(|| FieldError::NotFound { what: "programme", id: text.to_owned() }.into())
}

/// A page token as one word: the hexadecimal of its JSON, so that nobody is tempted to calculate with it.
fn token_text(token: PageToken) -> String {
    let json = serde_json::to_vec(&token).unwrap_or_default();
    json.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn token_from(text: &str) -> Result<PageToken, CommandError> {
    let digits: Option<Vec<u8>> =
        text.trim().chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.ok_or(CommandError::PageToken)?;
    let bytes: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
    serde_json::from_slice(&bytes).map_err(|_| CommandError::PageToken)
}

/// A page of the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CaseList {
    /// The rows.
    pub(crate) rows: Vec<CaseLine>,
    /// For `--after`; nothing at the end.
    pub(crate) next: Option<String>,
}

/// Cases as a table.
#[must_use]
pub(crate) fn table_of(cases: &[CaseLine], language: Language) -> String {
    let mut table = Table::new([
        say!(language, "label-case"),
        say!(language, "label-status"),
        say!(language, "label-point"),
        say!(language, "label-words"),
        say!(language, "label-reported"),
        say!(language, "label-due"),
        say!(language, "label-handler"),
        say!(language, "label-delivery"),
    ]);
    for case in cases {
        let words = if case.description.is_empty() {
            name_of(case.standard.as_ref())
        } else {
            case.description.clone()
        };
        let mut reported = case.reported_at.to_string();
        if case.reported_doubtful {
            reported = say!(language, "time-doubtful", time = reported);
        }
        table.row([
            short(case.id),
            standing(language, case.status, case.disputed, case.lateness),
            name_of(case.point.as_ref()),
            words,
            reported,
            case.due.map(|due| due.to_string()).unwrap_or_default(),
            case.handler.as_ref().map(ToString::to_string).unwrap_or_default(),
            delivery(language, &case.delivery),
        ]);
    }
    table.lines()
}

impl Outcome for CaseList {
    fn show(&self, language: Language) -> String {
        if self.rows.is_empty() {
            return say!(language, "cases-none") + "\n";
        }
        let mut text = table_of(&self.rows, language);
        if let Some(next) = &self.next {
            text.push_str(&say!(language, "cases-more", token = next.as_str()));
            text.push('\n');
        }
        text
    }
}
