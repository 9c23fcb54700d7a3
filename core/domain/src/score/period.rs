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

/// How often a scheme is counted, ranked and published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rhythm {
    /// Every week, Monday to Sunday.
    Weekly,
    /// Every calendar month.
    #[default]
    Monthly,
    /// Every calendar year.
    Yearly,
}

impl Rhythm {
    pub(super) fn is_month(&self) -> bool {
        *self == Self::Monthly
    }
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

    /// The calendar year that a day lies in.
    #[must_use]
    pub fn year_of(day: NaiveDate) -> Self {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        Self {
            from: first(day.year()).unwrap_or(day),
            until: first(day.year().saturating_add(1)).unwrap_or(NaiveDate::MAX),
        }
    }

    /// The period of a rhythm that a day lies in.
    #[must_use]
    pub fn of(rhythm: Rhythm, day: NaiveDate) -> Self {
        match rhythm {
            Rhythm::Weekly => Self::week_of(day),
            Rhythm::Monthly => Self::month_of(day),
            Rhythm::Yearly => Self::year_of(day),
        }
    }

    /// The rhythm it belongs to; `None` for any other span of days.
    #[must_use]
    pub fn rhythm(self) -> Option<Rhythm> {
        [Rhythm::Weekly, Rhythm::Monthly, Rhythm::Yearly]
            .into_iter()
            .find(|rhythm| Self::of(*rhythm, self.from) == self)
    }

    /// The periods of a rhythm that begin in this one, in order.
    pub fn each(self, rhythm: Rhythm) -> impl Iterator<Item = Self> {
        let first = Self::of(rhythm, self.from);
        std::iter::successors(Some(first), move |before| Some(Self::of(rhythm, before.until)))
            .skip_while(move |period| period.from < self.from)
            .take_while(move |period| period.from < self.until)
    }

    /// The period of the same rhythm before it, or as many days before.
    #[must_use]
    pub fn before(self) -> Self {
        let eve = self.from.pred_opt().unwrap_or(self.from);
        match self.rhythm() {
            Some(rhythm) => Self::of(rhythm, eve),
            None => Self { from: self.from - (self.until - self.from), until: self.from },
        }
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && day < self.until
    }
}
