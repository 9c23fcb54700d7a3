//! The working calendar: a plain week, moved holidays, working hours, in the tenant's zone.

use crate::time::{Timestamp, Zone};
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

impl WorkingCalendar {
    /// Whether a local day is worked: a weekday that is not free, or a weekend day that is worked.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        let _ = day;
        unimplemented!()
    }

    /// Whether an instant lies in working hours (the closing instant of a span counts).
    #[must_use]
    pub fn is_working_time(&self, at: Timestamp) -> bool {
        let _ = at;
        unimplemented!()
    }

    /// The instant at which `hours` working hours have passed since `from`.
    #[must_use]
    pub fn add_working_hours(&self, from: Timestamp, hours: u16) -> Timestamp {
        let _ = (from, hours);
        unimplemented!()
    }

    /// The end of work on the `days`-th working day after the local day of `from`.
    #[must_use]
    pub fn end_of_working_days(&self, from: Timestamp, days: u16) -> Timestamp {
        let _ = (from, days);
        unimplemented!()
    }
}
