//! What a run puts in the place of clock and chance: a time that only the run moves, and randomness from one
//! seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sanben_domain::time::Timestamp;
use sanben_field::{Clock, Random};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// The true time of the run.
#[derive(Debug, Clone)]
pub struct TrueTime(Arc<AtomicI64>);

impl TrueTime {
    pub(crate) fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.0)))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    /// Lets milliseconds pass.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

/// A device's clock: the true time, moved by an error of its own.
pub(crate) struct DeviceClock {
    pub(crate) time: TrueTime,
    pub(crate) error_ms: Arc<AtomicI64>,
}

impl Clock for DeviceClock {
    fn wall(&self) -> Timestamp {
        self.time.now().plus_ms(self.error_ms.load(Ordering::Relaxed))
    }

    fn monotonic_ms(&self) -> i64 {
        self.time.now().0
    }
}

/// Randomness out of the run's seed.
#[derive(Debug, Clone)]
pub struct Dice(Arc<Mutex<ChaCha8Rng>>);

impl Dice {
    /// The dice of a seed, on a stream of their own.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(Arc::new(Mutex::new(rng)))
    }

    /// A number below `sides`.
    #[must_use]
    pub fn roll(&self, sides: usize) -> usize {
        let sides = u64::try_from(sides.max(1)).unwrap();
        usize::try_from(self.0.lock().unwrap().next_u64() % sides).unwrap()
    }

    /// Whether something of `percent` happens.
    #[must_use]
    pub fn chance(&self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    /// One of these.
    #[must_use]
    pub fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }

    pub(crate) fn fill_bytes(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.fill_bytes(bytes);
    }
}

/// Randomness that is the same at every opening.
pub(crate) struct Repeating {
    pub(crate) seed: u64,
    pub(crate) stream: u64,
}

impl Random for Repeating {
    fn fill(&self, bytes: &mut [u8]) {
        Dice::new(self.seed, self.stream).fill_bytes(bytes);
    }
}
