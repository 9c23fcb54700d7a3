//! How much one caller may ask of the server, and how long it may take over it.
//!
//! A rate is a bucket of calls that refills evenly. Many devices can share one address (an office, a mobile
//! network), so an address may ask much more than a device. A device's bucket is only charged for calls that
//! it has signed: nobody can empty the bucket of another.

use sanben_sync::poke::HELD_MS;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many calls at once, then so many per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Calls at once, at least 1.
    pub burst: u32,
    /// Calls per second after that, at least 1.
    pub per_second: u32,
}

/// What a socket puts up with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Calls of one device; `None`: as many as it likes.
    pub device: Option<Rate>,
    /// Calls from one address. The machine itself is exempt: a proxy there stands for everybody.
    pub address: Option<Rate>,
    /// Connections at once. A few more are told to come later; whoever comes beyond these is hung up on.
    pub connections: usize,
    /// For a TLS handshake.
    pub handshake: Duration,
    /// For a request's head, also the time a connection may lie idle between two requests.
    pub head: Duration,
    /// For a request's body.
    pub body: Duration,
    /// An answer that nobody takes is given up after this.
    pub stall: Duration,
    /// A connection is closed after this, once its request is answered.
    pub life: Duration,
    /// Devices that wait for a poke at once. Those beyond are told to come later.
    pub waiting: usize,
    /// So long each of them waits; then it asks anew.
    pub poke: Duration,
    /// When the server stops: for requests that are on their way.
    pub stop: Duration,
}

impl Limits {
    /// For a server that is open to a network.
    pub const OPEN: Self = Self {
        device: Some(Rate { burst: 600, per_second: 20 }),
        address: Some(Rate { burst: 6_000, per_second: 300 }),
        ..Self::LOCAL
    };
    /// Without rates: for a server that only its own machine reaches.
    pub const LOCAL: Self = Self {
        device: None,
        address: None,
        connections: 4_096,
        handshake: Duration::from_secs(10),
        head: Duration::from_secs(20),
        body: Duration::from_secs(90),
        stall: Duration::from_secs(60),
        life: Duration::from_secs(15 * 60),
        waiting: 2_048,
        poke: Duration::from_millis(HELD_MS),
        stop: Duration::from_secs(30),
    };
}

/// No more callers than this are remembered; those beyond share one bucket.
const CALLERS: usize = 65_536;

/// A bucket for each caller.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    rate: Option<Rate>,
    /// When each caller's bucket is full again. A full bucket needs no entry; `None` is everybody's.
    full_again: Mutex<HashMap<Option<K>, Instant>>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { rate, full_again: Mutex::default() }
    }

    /// Takes a call out of the caller's bucket.
    ///
    /// # Errors
    /// How long to wait when it is empty; then nothing was taken.
    pub(crate) fn take(&self, caller: K, now: Instant) -> Result<(), Duration> {
        self.look(caller, now, true)
    }

    /// Whether there is a call left, without taking it.
    ///
    /// # Errors
    /// As [`Buckets::take`].
    pub(crate) fn check(&self, caller: K, now: Instant) -> Result<(), Duration> {
        self.look(caller, now, false)
    }

    fn look(&self, caller: K, now: Instant, take: bool) -> Result<(), Duration> {
        let Some(rate) = self.rate else { return Ok(()) };
        let one = Duration::from_secs(1) / rate.per_second.max(1);
        let whole = one * rate.burst.max(1);
        let mut full_again = self.full_again.lock().unwrap_or_else(PoisonError::into_inner);
        let mut caller = Some(caller);
        if full_again.len() >= CALLERS && !full_again.contains_key(&caller) {
            full_again.retain(|_, at| *at > now);
            if full_again.len() >= CALLERS {
                caller = None;
            }
        }
        let after = full_again.get(&caller).copied().unwrap_or(now).max(now) + one;
        let over = after.saturating_duration_since(now).saturating_sub(whole);
        if !over.is_zero() {
            return Err(over);
        }
        if take {
            full_again.insert(caller, after);
        }
        Ok(())
    }
}

/// Whom an address stands for: whoever has one IPv6 address has 2^64 of them.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: Rate = Rate { burst: 5, per_second: 10 };

    #[test]
    fn a_bucket_empties_and_refills() {
        let (buckets, now) = (Buckets::new(Some(RATE)), Instant::now());
        for _ in 0..5 {
            assert_eq!(buckets.check("a", now), Ok(()));
            assert_eq!(buckets.take("a", now), Ok(()));
        }
        let wait = buckets.take("a", now).unwrap_err();
        assert_eq!(buckets.check("a", now), Err(wait));
        assert_eq!(buckets.take("b", now), Ok(()), "each has a bucket of its own");
        assert!(buckets.take("a", now + wait - Duration::from_millis(1)).is_err());
        assert_eq!(buckets.take("a", now + wait), Ok(()));
        assert_eq!(Buckets::new(None).take("a", now), Ok(()));
    }

    #[test]
    fn strangers_without_number_take_no_memory_without_end() {
        let (buckets, now) = (Buckets::new(Some(RATE)), Instant::now());
        let callers = u32::try_from(CALLERS).unwrap();
        let refused = (0..callers + 100).filter(|caller| buckets.take(*caller, now).is_err()).count();
        assert_eq!(refused, 95, "those beyond share one bucket");
        assert!(buckets.full_again.lock().unwrap().len() <= CALLERS + 1);
        let later = now + Duration::from_secs(1);
        assert_eq!(buckets.take(callers + 7, later), Ok(()), "full buckets are forgotten");
        assert_eq!(buckets.full_again.lock().unwrap().len(), 1);
    }

    #[test]
    fn one_household_is_one_caller() {
        let of = |text: &str| household(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_the_rate(waits in prop::collection::vec(0..400_u64, 1..200)) {
            let (buckets, begin) = (Buckets::new(Some(RATE)), Instant::now());
            let (mut now, mut taken) = (begin, 0_u64);
            for wait in waits {
                now += Duration::from_millis(wait);
                taken += u64::from(buckets.take((), now).is_ok());
            }
            let passed = u64::try_from((now - begin).as_millis()).unwrap();
            prop_assert!(taken <= u64::from(RATE.burst) + passed * u64::from(RATE.per_second) / 1_000);
        }
    }
}
