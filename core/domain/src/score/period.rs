//! The span of local days that a sheet covers.

use crate::time::Zone;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Local days from `from` up to, but not including, `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The first day after.
    pub until: NaiveDate,
}

impl Period {
    /// The calendar month that a day lies in.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        let from = day.with_day(1).unwrap_or(day);
        Self { from, until: from.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX) }
    }

    /// The week, Monday to Sunday, that a day lies in.
    #[must_use]
    pub fn week_of(day: NaiveDate) -> Self {
        let from = Zone::week_start(day);
        Self { from, until: from.checked_add_days(Days::new(7)).unwrap_or(NaiveDate::MAX) }
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day < self.until
    }
}
