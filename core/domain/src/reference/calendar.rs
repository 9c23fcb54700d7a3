//! The working calendar: a plain week, moved holidays, working hours, in the tenant's zone.

use crate::time::Zone;
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a day differs from the plain week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// 休: free although it may be a weekday.
    Free,
    /// 班: worked although it may be a weekend.
    Worked,
}

/// A day that differs from the plain week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDay {
    /// The local day.
    pub day: NaiveDate,
    /// How it differs.
    pub kind: DayKind,
    /// Why, as people read it.
    pub name: String,
}

/// Working time of a tenant: Monday to Friday, corrected by [`CalendarDay`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingCalendar {
    /// The zone that days are counted in.
    pub zone: Zone,
    /// Working hours of a day as (from, until), in order.
    pub hours: Vec<(NaiveTime, NaiveTime)>,
    /// Days that differ from the plain week.
    pub days: BTreeMap<NaiveDate, CalendarDay>,
}

impl Default for WorkingCalendar {
    fn default() -> Self {
        Self { zone: Zone::CHINA, hours: Vec::new(), days: BTreeMap::new() }
    }
}
