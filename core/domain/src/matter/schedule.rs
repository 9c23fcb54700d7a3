//! What has to be there, and how often: a report of each point every day, a summary of each community every week.

use super::MatterRecord;
use crate::id::{PointId, UnitId};
use crate::reference::{Reference, UnitKind};
use crate::time::{Timestamp, Zone};
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// How often.
    pub rhythm: Rhythm,
    /// For each of what.
    pub place: Place,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Every day.
    Daily,
    /// Every week; it belongs to the week's Monday.
    Weekly,
    /// On these days of the week.
    On(&'static [Weekday]),
}

/// For each of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Every point that somebody heads.
    Point,
    /// Every community.
    Community,
}

/// Something that should be there and is not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Missing {
    /// Of which day; for a weekly one the week's Monday.
    pub day: NaiveDate,
    /// In which unit.
    pub unit: UnitId,
    /// At which point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
}

impl Rhythm {
    /// The day that something of this rhythm, made on a day, belongs to; `None` when nothing is due on that day.
    #[must_use]
    pub fn day_of(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Daily => Some(day),
            Self::Weekly => Some(Zone::week_start(day)),
            Self::On(days) => days.contains(&day.weekday()).then_some(day),
        }
    }

    /// The first day on or after `day` on which something is due.
    #[must_use]
    pub fn next(self, day: NaiveDate) -> Option<NaiveDate> {
        day.iter_days().take(8).find(|day| self.day_of(*day) == Some(*day))
    }
}

/// What is missing of a schedule on a day: of the places held here, those without such a matter. A day that is not due
/// misses nothing.
#[must_use]
pub fn missing(
    schedule: Schedule,
    day: NaiveDate,
    held: &[MatterRecord],
    reference: &Reference,
    at: Timestamp,
) -> Vec<Missing> {
    let Some(day) = schedule.rhythm.day_of(day) else { return Vec::new() };
    let there = held.iter().filter(|record| schedule.rhythm.day_of(record.day) == Some(day));
    match schedule.place {
        Place::Point => {
            let there: BTreeSet<&PointId> = there.filter_map(|record| record.point.as_ref()).collect();
            let points = reference.points.values().filter(|point| reference.head_of(&point.id, at).is_some());
            let absent = points.filter(|point| !there.contains(&point.id));
            absent
                .map(|point| Missing { day, unit: point.unit.clone(), point: Some(point.id.clone()) })
                .collect()
        }
        Place::Community => {
            let there: BTreeSet<&UnitId> = there.map(|record| &record.home).collect();
            let units = reference.units.values().filter(|unit| unit.kind == UnitKind::Community);
            let absent = units.filter(|unit| !there.contains(&unit.id));
            absent.map(|unit| Missing { day, unit: unit.id.clone(), point: None }).collect()
        }
    }
}
