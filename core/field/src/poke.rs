//! Staying up to date: the server pokes, the device syncs. A poke says nothing but "sync", so whatever is wrong
//! with one (lost, late, forged by silence) costs time and nothing else.

use crate::budget::Budget;
use crate::error::FieldError;
use crate::sync::{SyncCall, SyncReport};
use crate::transport::Transport;
use crate::{Field, Platform};
use sanben_sync::frame::unpack;
use sanben_sync::pace::Pace;
use sanben_sync::poke::{HELD_MS, Poked, path};
use std::ops::ControlFlow;
use std::time::Duration;

/// The server holds the question open; the line may take a little longer.
const ANSWERED: Duration = Duration::from_millis(HELD_MS + 20_000);
/// Somebody who follows asks again after a failure at the latest after so long, ms: those who are live want to
/// be live again soon after the server is.
const LONGEST_REST_MS: u64 = 60_000;
/// A question that is let go sooner than this was not held open at all, ms.
const HELD_AT_LEAST_MS: i64 = 5_000;
/// Without any poke a sync is due after this all the same, ms: a review that was decided, say, pokes nobody.
const UNPOKED_MS: i64 = 10 * 60_000;

/// What the server said to a device that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poke {
    /// Sync now.
    Sync,
    /// Nothing came: ask again.
    Nothing,
}

/// What somebody who follows hears.
#[derive(Debug)]
pub enum Heard<'a> {
    /// A sync went through, or used up its budget.
    Synced(&'a SyncReport),
    /// The server was not reached; it is tried again after this long.
    Failed(&'a FieldError, Duration),
}

/// Somebody who wants a device to stay up to date.
pub trait Follower {
    /// Something happened. Asked at every report of a sync, too ([`Follower::goes_on`]).
    fn heard(&mut self, heard: Heard<'_>);
    /// Whether to go on.
    fn goes_on(&mut self) -> bool;
    /// Rests for so long, or until it goes on no more.
    fn rest(&mut self, duration: Duration);
}

impl Field {
    /// Waits until the server says that there is something to sync, which it does within a second or so, or has
    /// held the question open for long enough (about 50 seconds). Needs no lock: recording, and syncs that
    /// somebody asks for, go on meanwhile.
    ///
    /// # Errors
    /// [`FieldError::Network`]; [`FieldError::Refused`], after which a sync says why.
    pub fn await_poke(&self, transport: &dyn Transport) -> Result<Poke, FieldError> {
        let identity = self.identity()?;
        let standing = self.store.standing()?;
        if !standing.confirmed {
            return Ok(Poke::Sync);
        }
        let path = path(&standing.digest());
        let call = SyncCall { within: Some(ANSWERED), ..SyncCall::new("GET", &path, None, Vec::new()) };
        let answer = self.signed_call(&identity, transport, call, &mut SyncReport::default())?;
        let Poked { sync } = unpack(&answer.body, 1024)
            .map_err(|_| FieldError::Refused("an answer that is not of this protocol".to_owned()))?;
        Ok(if sync { Poke::Sync } else { Poke::Nothing })
    }

    /// Syncs, waits for a poke, syncs, until the follower has enough. What is recorded here meanwhile goes out
    /// with a sync of its own, which whoever records asks for.
    ///
    /// # Errors
    /// Whatever a sync fails with but [`FieldError::Network`] and [`FieldError::Busy`], which pass.
    pub fn follow(
        &self,
        transport: &dyn Transport,
        budget: Budget,
        follower: &mut dyn Follower,
    ) -> Result<(), FieldError> {
        let mut calm = Calm::new(&self.platform);
        let mut poked = false;
        while follower.goes_on() {
            let outcome = self.sync(transport, budget, &mut |_| match follower.goes_on() {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            });
            match outcome {
                Ok(report) => {
                    // Who pokes for nothing is believed later and later.
                    calm.after(!poked || moved(&report));
                    follower.heard(Heard::Synced(&report));
                    follower.rest(calm.rest());
                    if report.stopped.is_some() {
                        continue;
                    }
                }
                Err(FieldError::Cancelled) => break,
                Err(passing @ (FieldError::Network(_) | FieldError::Busy)) => {
                    calm.after(false);
                    follower.heard(Heard::Failed(&passing, calm.rest()));
                    follower.rest(calm.rest());
                    continue;
                }
                Err(error) => return Err(error),
            }
            let since = self.platform.clock.monotonic_ms();
            poked = false;
            while !poked && follower.goes_on() {
                let asked = self.platform.clock.monotonic_ms();
                match self.await_poke(transport) {
                    Ok(Poke::Sync) => poked = true,
                    Ok(Poke::Nothing) => {
                        let now = self.platform.clock.monotonic_ms();
                        // The server stops, or another program waits for this very device.
                        calm.after(now - asked >= HELD_AT_LEAST_MS);
                        follower.rest(calm.rest());
                        if now - since > UNPOKED_MS {
                            break;
                        }
                    }
                    Err(FieldError::Network(lost)) => {
                        calm.after(false);
                        follower.heard(Heard::Failed(&lost.into(), calm.rest()));
                        follower.rest(calm.rest());
                    }
                    // A server that pokes nobody, or not this device any more: a sync says what is the matter.
                    Err(FieldError::Refused(_)) => {
                        calm.after(false);
                        follower.rest(calm.rest());
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

/// Whether a sync brought or took anything.
fn moved(report: &SyncReport) -> bool {
    let SyncReport { accepted, rejected, in_review, received, photos_delivered, carried, .. } = *report;
    accepted + rejected + in_review + received + photos_delivered + carried > 0 || report.restored
}

/// How long to rest, which grows while nothing goes well.
struct Calm<'a> {
    platform: &'a Platform,
    pace: Pace,
}

impl<'a> Calm<'a> {
    fn new(platform: &'a Platform) -> Self {
        Self { platform, pace: Pace::default() }
    }

    fn after(&mut self, well: bool) {
        let mut jitter = [0];
        self.platform.random.fill(&mut jitter);
        let [jitter] = jitter;
        self.pace = if well { Pace::default() } else { self.pace.failed(self.platform.clock.wall(), jitter) };
    }

    fn rest(&self) -> Duration {
        let until = self.pace.next_try().map_or(0, |at| at.since(self.platform.clock.wall()));
        Duration::from_millis(u64::try_from(until).unwrap_or(0).min(LONGEST_REST_MS))
    }
}
