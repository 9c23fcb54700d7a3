//! The simulated clock of the demo: one true time that only the play moves, shared by server and devices.

use sanben_domain::time::{Timestamp, Zone};
use sanben_field::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The day that is played: Friday, 20 March 2026.
pub(super) const DAY: chrono::NaiveDate = match chrono::NaiveDate::from_ymd_opt(2026, 3, 20) {
    Some(day) => day,
    None => chrono::NaiveDate::MIN,
};

/// The time of the play.
#[derive(Debug, Clone)]
pub(super) struct PlayClock(Arc<AtomicI64>);

impl PlayClock {
    pub(super) fn new() -> Self {
        let clock = Self(Arc::new(AtomicI64::new(0)));
        clock.set(6, 30);
        clock
    }

    /// The clocks show this time of the day.
    pub(super) fn set(&self, hour: u32, minute: u32) {
        let time = chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        self.0.store(Zone::CHINA.at(DAY, time).0, Ordering::Relaxed);
    }

    /// The clocks show this time of a day in March 2026.
    pub(super) fn set_on(&self, of_march: u32, hour: u32, minute: u32) {
        let time = chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, of_march).unwrap_or(DAY);
        self.0.store(Zone::CHINA.at(day, time).0, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

impl Clock for PlayClock {
    fn wall(&self) -> Timestamp {
        self.now()
    }

    fn monotonic_ms(&self) -> i64 {
        self.now().0
    }
}
