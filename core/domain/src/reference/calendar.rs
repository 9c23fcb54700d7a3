//! The working calendar: a plain week, moved holidays, working hours, in the tenant's zone.

use crate::time::{Timestamp, Zone};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
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
        match self.days.get(&day) {
            Some(differs) => differs.kind == DayKind::Worked,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// Whether an instant lies in working hours. Both ends of a span count: a deadline is the last instant
    /// still in time, and 17:30 on the dot is.
    #[must_use]
    pub fn is_working_time(&self, at: Timestamp) -> bool {
        self.spans_on(self.zone.day(at)).any(|(from, until)| from <= at && at <= until)
    }

    /// The instant at which `hours` working hours have passed since `from`. No hours from an instant
    /// outside work end where work begins next.
    #[must_use]
    pub fn add_working_hours(&self, from: Timestamp, hours: u16) -> Timestamp {
        let mut left = i64::from(hours) * 3_600_000;
        for day in self.working_days_from(from) {
            for (start, until) in self.spans_on(day) {
                let start = start.max(from);
                if start > until || (start == until && left > 0) {
                    continue;
                }
                let span = until.since(start);
                if left <= span {
                    return start.plus_ms(left);
                }
                left -= span;
            }
        }
        from
    }

    /// The end of work on the `days`-th working day after the local day of `from`; the day itself does not
    /// count. For no days the next end of work.
    #[must_use]
    pub fn end_of_working_days(&self, from: Timestamp, days: u16) -> Timestamp {
        let today = self.zone.day(from);
        let ends = |day| self.spans_on(day).last().map(|(_, until)| until);
        let working = self.working_days_from(from);
        match usize::from(days).checked_sub(1) {
            None => working.filter_map(ends).find(|end| *end >= from),
            Some(before) => working.skip_while(|day| *day == today).filter_map(ends).nth(before),
        }
        .unwrap_or(from)
    }

    /// Working days from the local day of `from` on; none for an instant beyond all calendars (a wild clock).
    fn working_days_from(&self, from: Timestamp) -> impl Iterator<Item = NaiveDate> {
        let first = self.zone.day(from);
        let known = from.since(self.zone.midnight(first)) < 86_400_000;
        first.iter_days().take_while(move |_| known).filter(|day| self.is_working_day(*day))
    }

    /// The working spans of a local day as instants, in order; none on a free day. Spans that are empty or
    /// overlap an earlier one are cut to what they add. Without any hours a working day is worked around
    /// the clock, so that a missing setting never moves a deadline out of reach.
    fn spans_on(&self, day: NaiveDate) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let worked = self.is_working_day(day);
        let mut hours = self.hours.clone();
        hours.retain(|(from, until)| from < until);
        hours.sort_unstable();
        let whole = (hours.is_empty() && worked)
            .then(|| (self.zone.midnight(day), self.zone.midnight(day).plus_hours(24)));
        let zone = self.zone;
        let mut reached = NaiveTime::MIN;
        let spans = hours.into_iter().filter_map(move |(from, until)| {
            let from = from.max(reached);
            reached = reached.max(until);
            (worked && from < until).then(|| (zone.at(day, from), zone.at(day, until)))
        });
        whole.into_iter().chain(spans)
    }
}

#[cfg(test)]
mod tests;
