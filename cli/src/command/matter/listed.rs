//! Lists of matters, their figures added up, and what is missing of a schedule.

use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names, delivery, name_of, short};
use chrono::NaiveDate;
use sanben_domain::id::MatterId;
use sanben_domain::matter::{self, Amount, Figure};
use sanben_domain::time::Timestamp;
use sanben_field::{Delivery, MatterView};
use serde::Serialize;

/// A list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MatterList {
    pub(super) rows: Vec<MatterLine>,
    pub(super) more: bool,
}

/// A row of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MatterLine {
    pub(super) id: MatterId,
    pub(super) feature: String,
    pub(super) step: String,
    pub(super) day: NaiveDate,
    pub(super) point: Option<Named>,
    pub(super) person: Option<Named>,
    pub(super) home: Named,
    pub(super) opened_by: Named,
    pub(super) title: String,
    pub(super) due: Option<Moment>,
    pub(super) late: bool,
    pub(super) disputed: bool,
    pub(super) delivery: Delivery,
}

impl MatterLine {
    /// As a view shows it; `None` for a feature of a later version.
    pub(crate) fn of(view: MatterView, names: &Names, now: Timestamp) -> Option<Self> {
        let MatterView { record, state, delivery, .. } = view;
        let state = state?;
        Some(Self {
            id: record.id,
            step: state.step.to_owned(),
            day: record.day,
            point: record.point.as_ref().map(|id| names.point(id)),
            person: record.person.as_ref().map(|id| names.person(id)),
            home: names.unit(&record.home),
            opened_by: names.person(&state.opened.by),
            title: names.title(&record.feature, &state.title),
            due: state.due.map(|due| names.moment(due)),
            late: !state.closed && state.due.is_some_and(|due| due < now),
            disputed: !state.disputes.is_empty(),
            delivery,
            feature: record.feature,
        })
    }
}

pub(super) fn step_of(language: Language, feature: &str, step: &str) -> String {
    let known = matter::feature::named(feature);
    known.map_or_else(
        || say!(language, "matter-later"),
        |known| matter::step_name(language.tongue(), known, step),
    )
}

/// Matters as a table.
pub(crate) fn table_of(rows: &[MatterLine], language: Language) -> String {
    let mut table = Table::new([
        say!(language, "label-id"),
        say!(language, "label-feature"),
        say!(language, "label-status"),
        say!(language, "label-day"),
        say!(language, "label-point"),
        say!(language, "label-title"),
        say!(language, "label-due"),
        say!(language, "label-delivery"),
    ]);
    for row in rows {
        let (known, tongue) = (matter::feature::named(&row.feature), language.tongue());
        let name = known.map_or_else(|| row.feature.clone(), |known| matter::feature_name(tongue, known));
        let title = known.map_or_else(|| row.title.clone(), |it| matter::title_name(tongue, it, &row.title));
        let mut step = step_of(language, &row.feature, &row.step);
        if row.disputed {
            step = say!(language, "status-disputed", status = step);
        }
        if row.late {
            step = format!("{step} · {}", say!(language, "matter-late"));
        }
        table.row([
            short(row.id),
            name,
            step,
            row.day.to_string(),
            name_of(row.point.as_ref()),
            title,
            row.due.map(|due| due.to_string()).unwrap_or_default(),
            delivery(language, &row.delivery),
        ]);
    }
    table.lines()
}

impl Outcome for MatterList {
    fn show(&self, language: Language) -> String {
        let mut text = table_of(&self.rows, language);
        if self.rows.is_empty() {
            text = say!(language, "matter-none") + "\n";
        }
        if self.more {
            text.push_str(&(say!(language, "matter-more") + "\n"));
        }
        text
    }
}

/// Figures.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figures {
    pub(super) figures: Vec<Figure>,
}

/// A figure in words: a number, hours, or a share with its percentage.
fn amount(language: Language, amount: Amount) -> String {
    match amount {
        Amount::Count(count) => count.to_string(),
        Amount::Minutes(minutes) => {
            say!(
                language,
                "matter-hours",
                hours = (minutes / 60).to_string(),
                minutes = (minutes % 60).to_string()
            )
        }
        Amount::Share { part, whole } => {
            let percent = amount_percent(amount).map(|percent| format!("  {percent}")).unwrap_or_default();
            format!("{part}/{whole}{percent}")
        }
    }
}

/// With one decimal, half up: as offices print it.
fn amount_percent(amount: Amount) -> Option<String> {
    amount.per_mille().map(|tenths| format!("{}.{}%", tenths / 10, tenths % 10))
}

pub(super) fn figure_rows(language: Language, figures: &[Figure], table: &mut Table) {
    for figure in figures {
        let name = matter::figure_name(language.tongue(), &figure.name);
        let name = if figure.label.is_empty() { name } else { format!("{name} {}", figure.label) };
        table.pair(name, amount(language, figure.amount));
    }
}

impl Outcome for Figures {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        figure_rows(language, &self.figures, &mut table);
        if self.figures.is_empty() { say!(language, "matter-none") + "\n" } else { table.lines() }
    }
}

/// What is missing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MissingList {
    pub(super) missing: Vec<MissingLine>,
}

/// One of it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct MissingLine {
    pub(super) day: NaiveDate,
    pub(super) unit: Named,
    pub(super) point: Option<Named>,
}

impl Outcome for MissingList {
    fn show(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-day"),
            say!(language, "label-unit"),
            say!(language, "label-point"),
        ]);
        for row in &self.missing {
            let point = row.point.as_ref().map(Named::with_code).unwrap_or_default();
            table.row([row.day.to_string(), row.unit.with_code(), point]);
        }
        say!(language, "matter-missing", n = self.missing.len()) + "\n" + &table.lines()
    }
}
