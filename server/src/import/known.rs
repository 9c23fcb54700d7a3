//! The codes that a reference may name: those of the folder, and of the current data when only a part is
//! imported. They are collected before any row is read, so that a row with a fault still counts as known
//! and one mistake is named once, not by everything that refers to it.

use super::problem::Problem;
use super::remark::Report;
use super::table::{Column, ID, NAME, Row, Sheet};
use super::{Sheets, people, points, spelling, units};
use sanben_domain::reference::{Reference, UnitKind};
use std::collections::{BTreeMap, BTreeSet};

/// The codes of one kind.
#[derive(Debug)]
pub(super) struct Codes {
    /// The file that should hold a row of them.
    pub(super) file: &'static str,
    /// `None` when that file cannot be read: then nobody can say that a code is unknown.
    codes: Option<BTreeSet<String>>,
    /// Which codes bear a name.
    named: BTreeMap<String, Vec<String>>,
}

impl Codes {
    /// What the rows of a sheet say, and what holds already.
    fn of(
        file: &'static str,
        sheet: &Sheet,
        said: impl Fn(&Row<'_>) -> Option<String>,
        held: impl Iterator<Item = String>,
    ) -> Self {
        let readable = !matches!(sheet, Sheet::Broken);
        Self {
            file,
            codes: readable.then(|| sheet.rows().filter_map(|row| said(&row)).chain(held).collect()),
            named: BTreeMap::new(),
        }
    }

    /// The same, with what its rows are called.
    fn with_names(
        mut self,
        sheet: &Sheet,
        name: Column,
        held: impl Iterator<Item = (String, String)>,
    ) -> Self {
        let said = sheet.rows().filter_map(|row| Some((code(&row)?, row.cell(name).to_owned())));
        // What the sheet says of a code replaces what held.
        let names: BTreeMap<String, String> = held.chain(said).collect();
        for (code, name) in names.into_iter().filter(|(_, name)| !name.is_empty()) {
            self.named.entry(name).or_default().push(code);
        }
        self
    }

    /// The codes of what bears this name.
    pub(super) fn named(&self, name: &str) -> &[String] {
        self.named.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a code is known.
    pub(super) fn hold(&self, code: &str) -> bool {
        self.codes.as_ref().is_none_or(|codes| codes.contains(code))
    }
}

/// All that references can name.
#[derive(Debug)]
pub(super) struct Known {
    /// Units.
    pub(super) units: Codes,
    /// Units that are communities.
    pub(super) communities: Codes,
    /// Points.
    pub(super) points: Codes,
    /// Kinds (类别) of points.
    pub(super) point_kinds: Codes,
    /// People.
    pub(super) people: Codes,
    /// Teams.
    pub(super) teams: Codes,
}

impl Known {
    /// Collects them.
    pub(super) fn collect(sheets: &Sheets, current: &Reference) -> Self {
        let community = |row: &Row<'_>| {
            let kind = spelling::word(row.cell(units::KIND), units::KINDS)?;
            (kind == UnitKind::Community).then(|| code(row))?
        };
        let kind = |row: &Row<'_>| Some(row.cell(points::KIND).to_owned());
        let held = &current.units;
        let held_communities = held.values().filter(|unit| unit.kind == UnitKind::Community);
        let held_kinds = current.points.values().map(|point| point.kind.clone());
        Self {
            units: Codes::of(units::FILE, &sheets.units, code, held.keys().map(|id| id.0.clone()))
                .with_names(
                    &sheets.units,
                    NAME,
                    held.values().map(|unit| (unit.id.0.clone(), unit.name.clone())),
                ),
            communities: Codes::of(
                units::FILE,
                &sheets.units,
                community,
                held_communities.map(|unit| unit.id.0.clone()),
            ),
            points: Codes::of(
                points::FILE,
                &sheets.points,
                code,
                current.points.keys().map(|id| id.0.clone()),
            )
            .with_names(
                &sheets.points,
                NAME,
                current.points.values().map(|point| (point.id.0.clone(), point.name.clone())),
            ),
            point_kinds: Codes::of(points::FILE, &sheets.points, kind, held_kinds),
            people: Codes::of(
                people::FILE,
                &sheets.people,
                code,
                current.people.keys().map(|id| id.0.clone()),
            )
            .with_names(
                &sheets.people,
                people::FULL_NAME,
                current.people.values().map(|person| (person.id.0.clone(), person.name.clone())),
            ),
            teams: Codes::of(people::TEAMS, &sheets.teams, code, current.teams.keys().map(|id| id.0.clone())),
        }
    }
}

fn code(row: &Row<'_>) -> Option<String> {
    spelling::code(row.cell(ID))
}

/// Says which rows bear what an earlier row of their sheet bears already; `column` is where to look.
pub(super) fn each_once<K: Ord>(
    sheet: &Sheet,
    column: Column,
    key: impl Fn(&Row<'_>) -> Option<K>,
    report: &mut Report,
) {
    let mut first = BTreeMap::new();
    for row in sheet.rows() {
        if let Some(key) = key(&row) {
            let earlier = *first.entry(key).or_insert(row.number);
            if earlier != row.number {
                report.error(row.remark(column, Problem::Duplicate { row: earlier }));
            }
        }
    }
}

/// Says which rows bear the code of an earlier row.
pub(super) fn codes_once(sheet: &Sheet, report: &mut Report) {
    each_once(sheet, ID, code, report);
}
