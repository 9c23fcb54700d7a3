//! Reference data: what the command post publishes and everybody else reads.
//!
//! Rows are versioned by the command post and reach devices through the same log as everything else.
//! [`Reference`] is the whole of it for one tenant, held in memory: 12,000 points are a few megabytes,
//! and every question on site ("who answers here, and who answered then?") is one lookup.

mod calendar;
mod grid;
mod people;
mod standard;
mod tenant;

pub use calendar::{CalendarDay, DayKind, WorkingCalendar};
pub use grid::{Cell, CellLevel, Point, Unit, UnitKind};
pub use people::{Assignment, Duty, Person, Role, Team};
pub use standard::{AppliesTo, Standard, TimeLimit};
pub use tenant::{DayPlan, DuplicateRule, Tenant, Workflow};

use crate::id::{CellId, EventId, PersonId, PointId, RuleSetId, StandardId, TeamId, UnitId};
use crate::place::Coordinate;
use crate::score::{Announcement, Period, Publication, RuleSet, Ruling};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row of reference data, as it travels in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceRow {
    /// The tenant's own settings.
    Tenant(Tenant),
    /// A unit of the grid tree.
    Unit(Unit),
    /// A point.
    Point(Point),
    /// A standard.
    Standard(Standard),
    /// A person.
    Person(Person),
    /// Who answers for a point, and from when until when.
    Assignment(Assignment),
    /// An inspection team.
    Team(Team),
    /// A day that differs from the plain week.
    CalendarDay(CalendarDay),
    /// A polygon of the grid.
    Cell(Cell),
    /// A score rule set.
    RuleSet(RuleSet),
    /// A fact from outside that moves a sheet.
    Announcement(Announcement),
    /// A decision on an appeal against a line of a sheet.
    Ruling(Ruling),
    /// A sheet that was published.
    Publication(Publication),
}

/// The name of a row: its kind and its key inside the kind. A later row with the same key replaces it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowKey {
    /// The kind, as the row is tagged on the wire.
    pub kind: String,
    /// The key inside the kind.
    pub key: String,
}

impl RowKey {
    /// Whether a record may fold to something else when a row of this kind moves.
    #[must_use]
    pub fn is_folded(&self) -> bool {
        let untouched = ["team", "cell", "rule-set", "announcement", "ruling", "publication"];
        !untouched.contains(&self.kind.as_str())
    }
}

impl ReferenceRow {
    /// The name under which a later version replaces this row.
    #[must_use]
    pub fn key(&self) -> RowKey {
        let (kind, key) = match self {
            Self::Tenant(row) => ("tenant", row.id.to_string()),
            Self::Unit(row) => ("unit", row.id.to_string()),
            Self::Point(row) => ("point", row.id.to_string()),
            Self::Standard(row) => ("standard", row.id.to_string()),
            Self::Person(row) => ("person", row.id.to_string()),
            Self::Assignment(row) => ("assignment", format!("{}/{}/{}", row.point, row.person, row.from.0)),
            Self::Team(row) => ("team", row.id.to_string()),
            Self::CalendarDay(row) => ("calendar-day", row.day.to_string()),
            Self::Cell(row) => ("cell", row.id.to_string()),
            Self::RuleSet(row) => ("rule-set", row.id.to_string()),
            Self::Announcement(row) => ("announcement", row.id.to_string()),
            Self::Ruling(row) => ("ruling", row.id.to_string()),
            Self::Publication(row) => {
                let Period { from, until } = row.period;
                ("publication", format!("{}/{from}/{until}", row.community))
            }
        };
        RowKey { kind: kind.to_owned(), key }
    }
}

/// One publication of the command post: rows that replace or join, and rows that go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReferenceUpdate {
    /// Rows that replace those of the same key, or join.
    pub rows: Vec<ReferenceRow>,
    /// Rows that no longer hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<RowKey>,
}

impl ReferenceUpdate {
    /// The names of all rows that it touches.
    pub fn keys(&self) -> impl Iterator<Item = RowKey> {
        self.rows.iter().map(ReferenceRow::key).chain(self.removed.iter().cloned())
    }
}

/// All reference data of one tenant, by key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// The tenant's settings; `None` until the first sync brought them.
    pub tenant: Option<Tenant>,
    /// The grid tree.
    pub units: BTreeMap<UnitId, Unit>,
    /// The points.
    pub points: BTreeMap<PointId, Point>,
    /// The standard ledger.
    pub standards: BTreeMap<StandardId, Standard>,
    /// People by id.
    pub people: BTreeMap<PersonId, Person>,
    /// Assignments of each point, oldest first.
    pub assignments: BTreeMap<PointId, Vec<Assignment>>,
    /// Teams.
    pub teams: BTreeMap<TeamId, Team>,
    /// The working calendar's exceptions.
    pub calendar: WorkingCalendar,
    /// Grid polygons.
    pub cells: BTreeMap<CellId, Cell>,
    /// Rule sets.
    pub rule_sets: BTreeMap<RuleSetId, RuleSet>,
    /// Facts from outside that move a sheet.
    pub announcements: BTreeMap<EventId, Announcement>,
    /// Decisions on appeals against lines of sheets.
    pub rulings: BTreeMap<EventId, Ruling>,
    /// The published sheets of each community.
    pub publications: BTreeMap<UnitId, BTreeMap<Period, Publication>>,
}

impl Reference {
    /// The reference data that these rows describe; a later row replaces an earlier one of the same key.
    #[must_use]
    pub fn from_rows(rows: impl IntoIterator<Item = ReferenceRow>) -> Self {
        let mut reference = Self::default();
        for row in rows {
            reference.put(row);
        }
        reference
    }

    pub(crate) fn put(&mut self, row: ReferenceRow) {
        match row {
            ReferenceRow::Tenant(row) => {
                self.calendar.hours.clone_from(&row.day.work);
                self.calendar.zone = row.zone;
                self.tenant = Some(row);
            }
            ReferenceRow::Unit(row) => drop(self.units.insert(row.id.clone(), row)),
            ReferenceRow::Point(row) => drop(self.points.insert(row.id.clone(), row)),
            ReferenceRow::Standard(row) => drop(self.standards.insert(row.id.clone(), row)),
            ReferenceRow::Person(row) => drop(self.people.insert(row.id.clone(), row)),
            ReferenceRow::Assignment(row) => {
                let of_point = self.assignments.entry(row.point.clone()).or_default();
                of_point.retain(|old| (&old.person, old.from) != (&row.person, row.from));
                of_point.push(row);
                of_point.sort_by(|a, b| (a.from, &a.person).cmp(&(b.from, &b.person)));
            }
            ReferenceRow::Team(row) => drop(self.teams.insert(row.id.clone(), row)),
            ReferenceRow::CalendarDay(row) => drop(self.calendar.days.insert(row.day, row)),
            ReferenceRow::Cell(row) => drop(self.cells.insert(row.id.clone(), row)),
            ReferenceRow::RuleSet(row) => drop(self.rule_sets.insert(row.id.clone(), row)),
            ReferenceRow::Announcement(row) => drop(self.announcements.insert(row.id, row)),
            ReferenceRow::Ruling(row) => drop(self.rulings.insert(row.id, row)),
            ReferenceRow::Publication(row) => {
                let of_community = self.publications.entry(row.community.clone()).or_default();
                of_community.insert(row.period, row);
            }
        }
    }

    /// Who answers for a point at an instant: the assignment with duty [`Duty::Head`] that holds then.
    #[must_use]
    pub fn head_of(&self, point: &PointId, at: Timestamp) -> Option<&Assignment> {
        self.assignments.get(point)?.iter().rev().find(|a| a.duty == Duty::Head && a.holds(at))
    }

    /// The community (or village) a unit belongs to: itself or its nearest ancestor of that kind.
    #[must_use]
    pub fn community_of(&self, unit: &UnitId) -> Option<&Unit> {
        self.ancestors(unit).find(|unit| unit.kind == UnitKind::Community)
    }

    /// The community of a point.
    #[must_use]
    pub fn community_of_point(&self, point: &PointId) -> Option<&Unit> {
        self.community_of(&self.points.get(point)?.unit)
    }

    /// A unit and its ancestors, nearest first; a cycle in the data ends the walk.
    pub fn ancestors<'a>(&'a self, unit: &UnitId) -> impl Iterator<Item = &'a Unit> {
        let mut next = self.units.get(unit);
        (0..self.units.len()).map_while(move |_| {
            let here = next?;
            next = here.parent.as_ref().and_then(|parent| self.units.get(parent));
            Some(here)
        })
    }

    /// Whether `unit` is `root` or lies below it.
    #[must_use]
    pub fn is_within(&self, unit: &UnitId, root: &UnitId) -> bool {
        self.ancestors(unit).any(|ancestor| ancestor.id == *root)
    }

    /// The polygons that contain a place, finest level first.
    #[must_use]
    pub fn cells_at(&self, at: Coordinate) -> Vec<&Cell> {
        let mut cells: Vec<_> = self.cells.values().filter(|cell| cell.ring.contains(at)).collect();
        cells.sort_by_key(|cell| std::cmp::Reverse(cell.level));
        cells
    }

    /// The standards that hold for a kind of point.
    pub fn standards_for<'a>(&'a self, point_kind: &'a str) -> impl Iterator<Item = &'a Standard> {
        self.standards.values().filter(move |standard| standard.applies_to.covers(point_kind))
    }

    /// The rule set that holds on the local day of an instant: the latest that has begun.
    #[must_use]
    pub fn rule_set_at(&self, at: Timestamp) -> Option<&RuleSet> {
        let day = self.tenant.as_ref()?.zone.day(at);
        self.rule_sets.values().filter(|set| set.holds_from <= day).max_by_key(|set| set.holds_from)
    }
}
