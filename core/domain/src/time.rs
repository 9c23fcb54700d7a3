//! Time as the field knows it: instants in milliseconds, local days in the tenant's zone, and stamps that
//! say how far a device's clock can be trusted.
//!
//! Phones carry wrong clocks (two days off is common after a flat battery). So an event keeps the wall
//! clock as it was, beside the last known offset to the server's clock; a doubtful time is flagged and
//! never punished by itself.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This instant moved by `ms` milliseconds, saturating.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This instant moved by `hours`, saturating.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_ms(hours.saturating_mul(3_600_000))
    }

    /// Milliseconds from `earlier` to this instant.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A tenant's zone as a fixed offset. China keeps one zone without summer time, so an offset is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone {
    /// Minutes east of Greenwich.
    pub offset_minutes: i32,
}

impl Zone {
    /// China Standard Time, UTC+8.
    pub const CHINA: Self = Self { offset_minutes: 480 };

    /// The local wall-clock reading at an instant.
    #[must_use]
    pub fn local(self, at: Timestamp) -> NaiveDateTime {
        let shifted = at.0.saturating_add(i64::from(self.offset_minutes) * 60_000);
        DateTime::from_timestamp_millis(shifted).unwrap_or(DateTime::UNIX_EPOCH).naive_utc()
    }

    /// The local day at an instant.
    #[must_use]
    pub fn day(self, at: Timestamp) -> NaiveDate {
        self.local(at).date()
    }

    /// The instant at which the clocks of the zone show `local`.
    #[must_use]
    pub fn instant(self, local: NaiveDateTime) -> Timestamp {
        Timestamp(local.and_utc().timestamp_millis() - i64::from(self.offset_minutes) * 60_000)
    }

    /// The instant of a time of day on a local day.
    #[must_use]
    pub fn at(self, day: NaiveDate, time: NaiveTime) -> Timestamp {
        self.instant(day.and_time(time))
    }

    /// The first instant of a local day.
    #[must_use]
    pub fn midnight(self, day: NaiveDate) -> Timestamp {
        self.at(day, NaiveTime::MIN)
    }

    /// `2026-03-20 07:04` in the zone: the form for tables and briefs.
    #[must_use]
    pub fn show(self, at: Timestamp) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The Monday that starts the week of a day.
    #[must_use]
    pub fn week_start(day: NaiveDate) -> NaiveDate {
        let since = TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
        day.checked_sub_signed(since).unwrap_or(day)
    }
}

/// A clock further than this from the server's is called doubtful, in milliseconds (5 minutes).
pub const DOUBTFUL_OFFSET_MS: i64 = 5 * 60_000;

/// When something was recorded, and how far that can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// The device's wall clock.
    pub wall: Timestamp,
    /// Server clock minus device clock in milliseconds, as measured at the last sync; `None` before any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_ms: Option<i64>,
    /// The device saw its own clock jump since that measurement (wall against monotonic clock).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub jumped: bool,
}

impl Stamp {
    /// A stamp of a clock known to be right: tests, imports, the server itself.
    #[must_use]
    pub fn exact(at: Timestamp) -> Self {
        Self { wall: at, offset_ms: Some(0), jumped: false }
    }

    /// The best guess of the true instant: the wall clock corrected by the known offset.
    #[must_use]
    pub fn at(self) -> Timestamp {
        self.wall.plus_ms(self.offset_ms.unwrap_or(0))
    }

    /// Nobody is judged late or on time by a doubtful stamp alone: the clock was never compared with a
    /// server, was more than [`DOUBTFUL_OFFSET_MS`] off, or jumped.
    #[must_use]
    pub fn doubtful(self) -> bool {
        self.jumped || self.offset_ms.is_none_or(|offset| offset.saturating_abs() > DOUBTFUL_OFFSET_MS)
    }
}

#[cfg(test)]
mod tests;
