//! `field score COMMUNITY`: the sheet of a community, every entry with its reason.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading::{self, LocalTime};
use crate::table::Table;
use crate::view::{Moment, Named, Names, name_of, short};
use crate::words;
use chrono::{NaiveDate, NaiveTime};
use sanben_domain::id::{CaseId, EventId, UnitId};
use sanben_domain::reference::Reference;
use sanben_domain::score::{
    Corrects, Factor, PartTotal, Period, Reason, RuleSet, ScoreEntry, ScorePoints, ScoreSheet, Suspension,
};
use sanben_domain::time::{Timestamp, Zone};
use sanben_field::Field;
use sanben_server::import::read_rules;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Whose sheet.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ScoreArgs {
    /// The community.
    pub(crate) community: UnitId,
    /// Which days.
    #[command(flatten)]
    pub(crate) span: SpanArgs,
    /// Other rules.
    #[command(flatten)]
    pub(crate) under: UnderArgs,
}

/// Rules that do not hold, or not yet, in a file: what would it have been?
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct UnderArgs {
    /// The file, as it would be imported.
    #[arg(long, value_name = "FILE", requires = "preview")]
    pub(crate) rules: Option<PathBuf>,
    /// Nothing is kept or published.
    #[arg(long, requires = "rules")]
    pub(crate) preview: bool,
}

impl UnderArgs {
    /// The rules, checked as an import would.
    ///
    /// # Errors
    /// [`CommandError::Rules`].
    pub(crate) fn read(&self, held: &Reference) -> Result<Option<RuleSet>, CommandError> {
        self.rules.as_ref().map(|file| read_rules(file, held).map_err(CommandError::Rules)).transpose()
    }
}

/// Which days, as far as known when.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct SpanArgs {
    /// A month; this month when nothing is said.
    #[arg(long, value_name = "YYYY-MM", value_parser = reading::month, conflicts_with_all = ["week", "from", "until"])]
    pub(crate) month: Option<NaiveDate>,
    /// The week, Monday to Sunday, of a day.
    #[arg(long, value_name = "DATE", value_parser = reading::day, conflicts_with_all = ["from", "until"])]
    pub(crate) week: Option<NaiveDate>,
    /// The first day.
    #[arg(long, value_name = "DATE", value_parser = reading::day, requires = "until")]
    pub(crate) from: Option<NaiveDate>,
    /// The first day after.
    #[arg(long, value_name = "DATE", value_parser = reading::day, requires = "from")]
    pub(crate) until: Option<NaiveDate>,
    /// As far as it was known then; now when it is not said.
    #[arg(long, value_name = "DATE[THH:MM]", value_parser = reading::local_time)]
    pub(crate) as_of: Option<LocalTime>,
}

impl SpanArgs {
    /// The days, and the instant up to which things are known.
    ///
    /// # Errors
    /// [`CommandError::EmptyPeriod`]; before the first sync, not yet known.
    pub(crate) fn period(&self, field: &Field) -> Result<(Period, Option<Timestamp>), CommandError> {
        self.period_in(Names::of(field)?.zone, || Ok(field.today()?))
    }

    /// The same where somebody else knows what day it is.
    ///
    /// # Errors
    /// As [`Self::period`].
    pub(crate) fn period_in(
        &self,
        zone: Zone,
        today: impl FnOnce() -> Result<NaiveDate, CommandError>,
    ) -> Result<(Period, Option<Timestamp>), CommandError> {
        let last = NaiveTime::from_hms_milli_opt(23, 59, 59, 999).unwrap_or(NaiveTime::MIN);
        let as_of = self.as_of.map(|local| local.instant(zone, last));
        let period = match (self.month, self.week, self.from, self.until) {
            (Some(month), ..) => Period::month_of(month),
            (_, Some(day), ..) => Period::week_of(day),
            (_, _, Some(from), Some(until)) if from < until => Period { from, until },
            (_, _, Some(_), Some(_)) => return Err(CommandError::EmptyPeriod),
            _ => Period::month_of(as_of.map_or_else(today, |at| Ok(zone.day(at)))?),
        };
        Ok((period, as_of))
    }
}

/// Makes the sheet.
///
/// # Errors
/// As [`Field::score`].
pub(crate) fn run(args: &ScoreArgs, field: &Field) -> Result<Sheet, CommandError> {
    let (period, as_of) = args.span.period(field)?;
    let under = args.under.read(&*field.reference()?)?;
    let sheet = field.score_under(&args.community, period, as_of, under)?;
    Ok(Sheet::of(&sheet, &Names::of(field)?))
}

/// A sheet.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sheet {
    /// Whose.
    pub(crate) community: Named,
    /// Which days.
    pub(crate) period: Period,
    /// What was known at this instant.
    pub(crate) as_of: Moment,
    /// How far the log of each scope was read.
    pub(crate) cut: BTreeMap<String, u64>,
    /// The rule sets that hold, with the hash of their content.
    pub(crate) rule_sets: Vec<RuleSetLine>,
    /// What it started with.
    pub(crate) base: ScorePoints,
    /// What counts.
    pub(crate) entries: Vec<Entry>,
    /// What is shown and counts nothing.
    pub(crate) suspended: Vec<Suspended>,
    /// What each part of the base came to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<PartTotal>,
    /// Since when it stands as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<Moment>,
    /// Base and entries together.
    pub(crate) total: ScorePoints,
}

/// A rule set that holds.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RuleSetLine {
    id: String,
    hash: String,
}

/// A line that counts nothing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Suspended {
    /// Why not.
    pub(crate) why: Suspension,
    /// The line.
    pub(crate) entry: Entry,
}

/// A line of the sheet.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    /// The rule.
    pub(crate) rule: String,
    /// Its rule set.
    pub(crate) rule_set: String,
    /// Its clause in the published scheme.
    pub(crate) clause: String,
    /// Its title.
    pub(crate) title: String,
    /// What it costs or earns.
    pub(crate) points: ScorePoints,
    /// Halved, because it was put right on the spot.
    pub(crate) halved: bool,
    /// Doubled, because so many points were clean.
    pub(crate) doubled: bool,
    /// What else multiplied it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) factors: Vec<Factor>,
    /// Less than the rule says: the rule's cap was reached.
    pub(crate) capped: bool,
    /// The published period that it corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) corrects: Option<Corrects>,
    /// Why.
    pub(crate) reason: Reason,
    /// When.
    pub(crate) at: Moment,
    /// Whether that time can be doubted.
    pub(crate) doubtful: bool,
    /// The event that is the fact.
    pub(crate) event: EventId,
    /// The case.
    pub(crate) case: Option<CaseId>,
    /// The point.
    pub(crate) point: Option<Named>,
    /// Who answered then.
    pub(crate) person: Option<Named>,
    /// The evidence, by hash.
    pub(crate) photos: Vec<String>,
    /// Rests on work that the server has not accepted yet.
    pub(crate) pending: bool,
    /// The instants in `reason`, in the tenant's time.
    #[serde(skip)]
    deadline: Option<(Moment, Option<Moment>)>,
}

impl Entry {
    fn of(entry: &ScoreEntry, names: &Names) -> Self {
        let deadline = match &entry.reason {
            Reason::Overdue { due, rectified, .. } => {
                Some((names.moment(*due), rectified.map(|stamp| names.moment(stamp.at()))))
            }
            _ => None,
        };
        Self {
            rule: entry.rule.to_string(),
            rule_set: entry.rule_set.to_string(),
            clause: entry.clause.clone(),
            title: entry.title.clone(),
            points: entry.points,
            halved: entry.halved,
            doubled: entry.doubled,
            factors: entry.factors.clone(),
            capped: entry.capped,
            corrects: entry.corrects,
            reason: entry.reason.clone(),
            at: names.moment(entry.at.at()),
            doubtful: entry.at.doubtful(),
            event: entry.event,
            case: entry.case,
            point: entry.point.as_ref().map(|id| names.point(id)),
            person: entry.person.as_ref().map(|id| names.person(id)),
            photos: entry.photos.iter().map(ToString::to_string).collect(),
            pending: entry.pending,
            deadline,
        }
    }

    fn reason(&self, language: Language) -> String {
        let mut text = match &self.reason {
            Reason::Finding { source } => {
                say!(language, "reason-finding", source = words::source(language, *source))
            }
            Reason::FoundAgain { times, .. } => say!(language, "reason-found-again", n = *times),
            Reason::LookBackFailed { times } => say!(language, "reason-look-back-failed", n = *times),
            Reason::Overdue { deadline, .. } => {
                let due = self.deadline.map(|(due, _)| due.to_string()).unwrap_or_default();
                let which = words::deadline(language, *deadline);
                match self.deadline.and_then(|(_, right)| right) {
                    Some(right) => {
                        let right = right.to_string();
                        say!(language, "reason-overdue-late", which = which, due = due, right = right)
                    }
                    None => say!(language, "reason-overdue", which = which, due = due),
                }
            }
            Reason::Announced { fact, check, clean_points, .. } => {
                let mut text = words::fact(language, *fact);
                if let Some(check) = check {
                    text.push_str(&say!(language, "reason-check", check = check.as_str()));
                }
                if let Some(clean) = clean_points {
                    text.push_str(&say!(language, "reason-clean-points", n = *clean));
                }
                text
            }
            Reason::Assessed { met, observed, .. } => {
                say!(language, "reason-assessed", met = *met, observed = *observed)
            }
            Reason::Ruling { was, is, .. } => {
                let (was, is) = (words::amount(*was), words::amount(*is));
                say!(language, "reason-ruling", was = was, is = is)
            }
            Reason::Withdrawn => say!(language, "reason-withdrawn"),
        };
        for factor in &self.factors {
            text.push_str(" · ");
            text.push_str(&say!(language, "reason-factor", times = words::amount(factor.times)));
        }
        if let Some(Corrects { period, counted }) = self.corrects {
            let (from, counted) = (period.from.to_string(), words::amount(counted));
            text.push_str(" · ");
            text.push_str(&say!(language, "reason-corrects", from = from, counted = counted));
        }
        let notes = [
            (self.capped, say!(language, "reason-capped")),
            (self.halved, say!(language, "reason-halved")),
            (self.doubled, say!(language, "reason-doubled")),
            (self.pending, say!(language, "reason-pending")),
        ];
        for (holds, note) in notes {
            if holds {
                text.push_str(" · ");
                text.push_str(&note);
            }
        }
        text
    }

    fn cells(&self, language: Language) -> Vec<String> {
        let mut time = self.at.to_string();
        if self.doubtful {
            time = say!(language, "time-doubtful", time = time);
        }
        vec![
            points(self.points),
            format!("{} {}", self.clause, self.title),
            self.reason(language),
            time,
            self.case.map(short).unwrap_or_default(),
            name_of(self.point.as_ref()),
            name_of(self.person.as_ref()),
            self.photos.len().to_string(),
        ]
    }
}

/// An amount with its sign.
fn points(points: ScorePoints) -> String {
    let text = words::amount(points);
    if text.starts_with('-') { text } else { format!("+{text}") }
}

impl Sheet {
    pub(crate) fn of(sheet: &ScoreSheet, names: &Names) -> Self {
        let suspended = sheet
            .suspended
            .iter()
            .map(|line| Suspended { why: line.why.clone(), entry: Entry::of(&line.entry, names) });
        let rule_sets = sheet.rule_sets.iter();
        Self {
            community: names.unit(&sheet.community),
            period: sheet.period,
            as_of: names.moment(sheet.as_of),
            cut: sheet.cut.clone(),
            rule_sets: rule_sets
                .map(|set| RuleSetLine { id: set.id.to_string(), hash: set.hash.to_string() })
                .collect(),
            base: sheet.base,
            entries: sheet.entries.iter().map(|entry| Entry::of(entry, names)).collect(),
            suspended: suspended.collect(),
            parts: sheet.parts.clone(),
            published: sheet.published.map(|at| names.moment(at)),
            total: sheet.total,
        }
    }
}

fn header(language: Language) -> [String; 8] {
    [
        say!(language, "label-points"),
        say!(language, "label-rule"),
        say!(language, "label-reason"),
        say!(language, "label-time"),
        say!(language, "label-case"),
        say!(language, "label-point"),
        say!(language, "label-answered-then"),
        say!(language, "label-photos"),
    ]
}

impl Outcome for Sheet {
    fn show(&self, language: Language) -> String {
        let last = self.period.until.pred_opt().unwrap_or(self.period.until);
        let mut text = say!(
            language,
            "score-head",
            community = self.community.with_code(),
            from = self.period.from.to_string(),
            to = last.to_string(),
            time = self.as_of.to_string()
        );
        text.push('\n');
        text.push_str(&say!(language, "score-base", points = words::amount(self.base)));
        text.push('\n');
        if !self.entries.is_empty() {
            let mut table = Table::new(header(language)).whole();
            for entry in &self.entries {
                table.row(entry.cells(language));
            }
            text.push_str(&table.lines());
        }
        for part in &self.parts {
            let (total, base) = (words::amount(part.total), words::amount(part.base));
            text.push_str(&format!("{} {total} / {base}\n", part.title));
        }
        text.push_str(&say!(language, "score-total", points = words::sum(self.total)));
        text.push('\n');
        if let Some(time) = self.published {
            text.push_str(&say!(language, "score-published", time = time.to_string()));
            text.push('\n');
        }
        if !self.suspended.is_empty() {
            text.push('\n');
            text.push_str(&say!(language, "score-suspended"));
            text.push('\n');
            let mut head = header(language).to_vec();
            head.push(say!(language, "label-why-not"));
            let mut table = Table::new(head).whole();
            for line in &self.suspended {
                let mut cells = line.entry.cells(language);
                cells.push(why_not(language, &line.why));
                table.row(cells);
            }
            text.push_str(&table.lines());
        }
        text
    }
}

fn why_not(language: Language, why: &Suspension) -> String {
    match why {
        Suspension::Disputed { .. } => say!(language, "suspended-disputed"),
        Suspension::DoubtfulClock => say!(language, "suspended-doubtful-clock"),
        Suspension::CountedAlready { .. } => say!(language, "suspended-counted-already"),
    }
}
