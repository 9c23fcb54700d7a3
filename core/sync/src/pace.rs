//! How much to ask for and when to try again. Bad networks get small answers; good ones grow.

use sanben_domain::time::Timestamp;

/// The smallest answer asked for, bytes.
pub const SMALLEST: u32 = 64 * 1024;
/// The largest answer asked for, bytes.
pub const LARGEST: u32 = 2 * 1024 * 1024;
const FIRST_WAIT_MS: i64 = 2_000;
const LONGEST_WAIT_MS: i64 = 15 * 60_000;

/// The device's memory of how the network has been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    budget: u32,
    failures: u32,
    next_try: Option<Timestamp>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { budget: SMALLEST, failures: 0, next_try: None }
    }
}

impl Pace {
    /// About how many bytes to send and to ask for.
    #[must_use]
    pub fn budget(&self) -> u32 {
        self.budget
    }

    /// The earliest instant of the next automatic try; `None` for at once. A person may always try now.
    #[must_use]
    pub fn next_try(&self) -> Option<Timestamp> {
        self.next_try
    }

    /// A round trip went through: ask for twice as much next time.
    #[must_use]
    pub fn succeeded(self) -> Self {
        Self { budget: self.budget.saturating_mul(2).min(LARGEST), failures: 0, next_try: None }
    }

    /// A round trip failed: ask for a quarter, wait twice as long as before. `jitter` in `0..=255` spreads a
    /// crowd of devices over half as much again.
    #[must_use]
    pub fn failed(self, now: Timestamp, jitter: u8) -> Self {
        let failures = self.failures.saturating_add(1);
        let wait = FIRST_WAIT_MS.saturating_mul(1 << failures.min(10).saturating_sub(1)).min(LONGEST_WAIT_MS);
        let wait = wait + wait / 2 * i64::from(jitter) / 255;
        Self { budget: (self.budget / 4).max(SMALLEST), failures, next_try: Some(now.plus_ms(wait)) }
    }
}
