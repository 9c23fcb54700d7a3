//! Reminders (2): what a device reminds its person of, made on the device itself and without a network.
//!
//! When to remind is data ([`Plan`]): so long before something is due, and never in the quiet hours. What would come in
//! them comes when they end, if that is still before it is due, and else when they begin. Reminders follow from what is
//! held and from the plan alone, so a device may ask at every change and at every start and gets the same ones again.

use crate::id::DocumentId;
use crate::time::{Timestamp, Zone};
use chrono::{NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// When to remind. It is the person's own, on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// So many minutes before something is due, each once.
    pub before: Vec<u32>,
    /// From this local time on it is quiet …
    pub quiet_from: NaiveTime,
    /// … until this one; the same time for none.
    pub quiet_until: NaiveTime,
}

impl Default for Plan {
    /// A day and two hours before; quiet from nine in the evening until seven, when the morning's round begins.
    fn default() -> Self {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Self { before: vec![24 * 60, 2 * 60], quiet_from: at(21), quiet_until: at(7) }
    }
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// By when.
    pub at: Timestamp,
    /// The case or matter.
    pub document: DocumentId,
    /// What it is called.
    pub title: String,
}

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reminder {
    /// When to remind.
    pub at: Timestamp,
    /// Of what.
    pub due: Due,
}

impl Plan {
    /// The reminders of these things that come after an instant, soonest first.
    #[must_use]
    pub fn reminders(
        &self,
        dues: impl IntoIterator<Item = Due>,
        zone: Zone,
        after: Timestamp,
    ) -> Vec<Reminder> {
        let mut reminders: Vec<_> = dues
            .into_iter()
            .flat_map(|due| {
                let instants = self.before.iter().map(|minutes| {
                    let wanted = due.at.plus_ms(-i64::from(*minutes) * 60_000);
                    self.out_of_quiet(wanted, due.at, zone)
                });
                let instants: Vec<_> = instants.filter(|at| *at > after && *at < due.at).collect();
                instants.into_iter().map(move |at| Reminder { at, due: due.clone() })
            })
            .collect();
        reminders.sort();
        reminders.dedup();
        reminders
    }

    /// Whether it is quiet at a local time.
    #[must_use]
    pub fn is_quiet(&self, time: NaiveTime) -> bool {
        let (from, until) = (self.quiet_from, self.quiet_until);
        if from <= until { from <= time && time < until } else { from <= time || time < until }
    }

    /// The instant itself; in the quiet hours their end, or their beginning when the end is too late.
    fn out_of_quiet(&self, at: Timestamp, due: Timestamp, zone: Zone) -> Timestamp {
        let (day, time) = (zone.day(at), zone.local(at).time());
        if !self.is_quiet(time) {
            return at;
        }
        let over_midnight = self.quiet_until < self.quiet_from;
        let began =
            if over_midnight && time < self.quiet_until { day.pred_opt().unwrap_or(day) } else { day };
        let ends = if over_midnight { began.succ_opt().unwrap_or(began) } else { began };
        let end = zone.at(ends, self.quiet_until);
        if end < due {
            return end;
        }
        // The last minute before it is quiet.
        let minute = TimeDelta::minutes(1).num_milliseconds();
        zone.at(began, self.quiet_from).plus_ms(-minute)
    }
}

#[cfg(test)]
mod tests;
