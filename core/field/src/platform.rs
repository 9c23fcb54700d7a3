//! What the core asks of the world around it: a clock, randomness, a way to reach the server. A phone, the
//! desk and the simulated fleet each bring their own; nothing below reads them by itself.

use sanben_domain::time::Timestamp;
use sanben_store::Options;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A clock.
pub trait Clock: Send + Sync {
    /// The wall clock, which a person or a flat battery may have set wrong.
    fn wall(&self) -> Timestamp;
    /// Milliseconds that never jump, from an arbitrary start.
    fn monotonic_ms(&self) -> i64;
}

/// A source of randomness for ids and keys.
pub trait Random: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The world around one store.
#[derive(Clone)]
pub struct Platform {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub random: Arc<dyn Random>,
    /// How the store treats the disk.
    pub store: Options,
}

impl Platform {
    /// The real one.
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock { started: Instant::now() }),
            random: Arc::new(SystemRandom),
            store: Options::default(),
        }
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: Instant,
}

impl Clock for SystemClock {
    fn wall(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn monotonic_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::expect_used,
        reason = "without randomness no id and no key can be made: nothing may go on"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system's randomness");
    }
}
