//! How much to ask for and when to try again. Bad networks get small answers; good ones grow.

use sanben_domain::time::Timestamp;

/// What a device begins with that has not heard of its network yet, bytes.
pub const FIRST: u32 = 64 * 1024;
/// However bad the network is, not less than this at once, bytes.
pub const SMALLEST: u32 = 8 * 1024;
/// However good it is, not more, bytes.
pub const LARGEST: u32 = 2 * 1024 * 1024;
/// Nothing larger than what goes through in this time: a line that is cut costs at most so much, ms.
const PATIENCE_MS: u64 = 30_000;
/// A transfer smaller than this tells of the way to the server and not of the line's width, bytes.
const TELLING: u64 = 4 * 1024;
/// What a line is taken for when time is short and nothing was measured on it yet, bytes per second.
const UNKNOWN_RATE: u64 = 2 * 1024;
const FIRST_WAIT_MS: i64 = 2_000;
const LONGEST_WAIT_MS: i64 = 15 * 60_000;

/// The device's memory of how the network has been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    budget: u32,
    failures: u32,
    next_try: Option<Timestamp>,
    /// Bytes per second, as far as they were measured.
    rate: Option<u64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { budget: FIRST, failures: 0, next_try: None, rate: None }
    }
}

impl Pace {
    /// About how many bytes to send or to ask for at once.
    #[must_use]
    pub fn budget(&self) -> u32 {
        self.rate.map_or(self.budget, |rate| self.budget.min(through(rate, PATIENCE_MS))).max(SMALLEST)
    }

    /// The same when only so many milliseconds are left: about what goes through in half of them. It can be less
    /// than [`SMALLEST`], down to nothing.
    #[must_use]
    pub fn within(&self, ms: u64) -> u32 {
        self.budget().min(through(self.rate.unwrap_or(UNKNOWN_RATE), ms / 2))
    }

    /// So many bytes went over the line, both ways together, and it took so long.
    #[must_use]
    pub fn moved(self, bytes: u64, ms: u64) -> Self {
        if bytes < TELLING {
            return self;
        }
        let now = bytes.saturating_mul(1000) / ms.max(1);
        let rate = self.rate.map_or(now, |before| before / 2 + now / 2);
        Self { rate: Some(rate), ..self }
    }

    /// The earliest instant of the next automatic try; `None` for at once. A person may always try now.
    #[must_use]
    pub fn next_try(&self) -> Option<Timestamp> {
        self.next_try
    }

    /// A round trip went through: ask for twice as much next time.
    #[must_use]
    pub fn succeeded(self) -> Self {
        let budget = self.budget().saturating_mul(2).min(LARGEST);
        Self { budget, failures: 0, next_try: None, ..self }
    }

    /// A round trip was given up because its time was over: ask for a quarter next time.
    #[must_use]
    pub fn cut(self) -> Self {
        Self { budget: (self.budget() / 4).max(SMALLEST), ..self }
    }

    /// A round trip failed: ask for a quarter, wait twice as long as before. `jitter` in `0..=255` spreads a
    /// crowd of devices over half as much again.
    #[must_use]
    pub fn failed(self, now: Timestamp, jitter: u8) -> Self {
        let failures = self.failures.saturating_add(1);
        let wait = FIRST_WAIT_MS.saturating_mul(1 << failures.min(10).saturating_sub(1)).min(LONGEST_WAIT_MS);
        let wait = wait + wait / 2 * i64::from(jitter) / 255;
        Self { failures, next_try: Some(now.plus_ms(wait)), ..self.cut() }
    }
}

/// What goes through at this rate in this time.
fn through(rate: u64, ms: u64) -> u32 {
    u32::try_from(rate.saturating_mul(ms) / 1000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bad_line_is_asked_for_less_and_a_good_one_for_more() {
        let begun = Pace::default();
        assert_eq!(begun.budget(), FIRST);
        let bad = begun.failed(Timestamp(0), 0).failed(Timestamp(0), 0).failed(Timestamp(0), 0);
        assert_eq!(bad.budget(), SMALLEST);
        let good = (0..20).fold(bad, |pace, _| pace.succeeded());
        assert_eq!((good.budget(), good.next_try()), (LARGEST, None));
        // Ten kilobytes a second: nothing that takes longer than half a minute, however often it went well.
        let slow = (0..20).fold(begun, |pace, _| pace.moved(20_000, 2_000).succeeded());
        assert_eq!(slow.budget(), 300_000);
    }

    #[test]
    fn what_is_asked_for_fits_into_the_time_that_is_left() {
        let pace = Pace::default();
        assert_eq!(pace.within(10_000), 10 * 1024, "an unknown line is taken for a bad one");
        let measured = pace.moved(100_000, 1_000);
        assert_eq!((measured.within(1_000), measured.within(0)), (50_000, 0));
        assert_eq!(measured.moved(100, 10_000), measured, "a short word over a long way says nothing");
    }

    proptest! {
        #[test]
        fn it_stays_within_its_bounds(steps in prop::collection::vec((0..4_u8, any::<u64>(), any::<u64>()), 0..60)) {
            let mut pace = Pace::default();
            for (step, bytes, ms) in steps {
                pace = match step {
                    0 => pace.succeeded(),
                    1 => pace.cut(),
                    2 => pace.failed(Timestamp(0), 255),
                    _ => pace.moved(bytes, ms),
                };
                prop_assert!((SMALLEST..=LARGEST).contains(&pace.budget()));
                prop_assert!(pace.within(ms) <= pace.budget());
            }
        }
    }
}
