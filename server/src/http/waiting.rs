//! Questions held open: each costs a place on a list and an open connection, no thread. One thread hears from the
//! log, from whatever process it grew, and tells all of them at once how far it is; each looks for itself, in
//! memory, whether that concerns it.

use super::{Desk, handled};
use crate::call::{Call, Reply};
use crate::metrics::Limit;
use crate::poke::News;
use crate::tenant::Server;
use sanben_domain::id::DeviceId;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::{sleep, timeout};

/// The hearing thread looks this often whether its server is still there.
const BREATH: Duration = Duration::from_secs(1);
/// However fast the log grows, all who wait are told at most this often.
const GAP: Duration = Duration::from_millis(100);
/// Those who are told at once come back spread over so long for each of them, so that they do not stand in each
/// other's way; and never over longer than [`LONGEST_SPREAD`].
const SPREAD_EACH: Duration = Duration::from_millis(2);
const LONGEST_SPREAD: Duration = Duration::from_secs(2);

/// Who waits, and what they hear.
pub(super) struct Waiters {
    most: usize,
    hear: watch::Sender<Option<Arc<News>>>,
    /// The end of each question that is open; a device has one.
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    ends: HashMap<DeviceId, (u64, oneshot::Sender<()>)>,
    asked: u64,
}

impl Waiters {
    /// Nobody waits yet; a thread begins to hear the server's log, for as long as the server is there.
    pub(super) fn hearing(server: &Arc<Server>, most: usize) -> Arc<Self> {
        let waiters = Arc::new(Self { most, hear: watch::Sender::new(None), open: Mutex::default() });
        let (server, ear) = (Arc::downgrade(server), Arc::downgrade(&waiters));
        let begun = std::thread::Builder::new().name("poke".to_owned()).spawn(move || listen(&server, &ear));
        if let Err(error) = begun {
            tracing::warn!(%error, "nobody is poked: devices hear of news when their questions end");
        }
        waiters
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.open().ends.len()
    }

    /// Takes a place; whoever held it for the same device is let go. `None` when there is no room.
    fn enter(self: &Arc<Self>, device: DeviceId) -> Option<(Place, oneshot::Receiver<()>)> {
        let (end, ended) = oneshot::channel();
        let mut open = self.open();
        open.asked += 1;
        let (asked, full) = (open.asked, open.ends.len() >= self.most);
        match open.ends.entry(device) {
            Entry::Vacant(_) if full => return None,
            Entry::Vacant(free) => drop(free.insert((asked, end))),
            Entry::Occupied(mut held) => drop(held.insert((asked, end))),
        }
        drop(open);
        Some((Place { waiters: Arc::clone(self), device, asked }, ended))
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody's place among those who wait; given back when it is dropped, also because they hung up.
struct Place {
    waiters: Arc<Waiters>,
    device: DeviceId,
    asked: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.waiters.open();
        if open.ends.get(&self.device).is_some_and(|(asked, _)| *asked == self.asked) {
            open.ends.remove(&self.device);
        }
    }
}

/// Answers a poke when there is something, when its time is over, when the same device asks anew, or when the
/// server stops; `None` when too many wait already.
pub(super) async fn held(desk: &Arc<Desk>, call: Arc<Call>) -> Option<Reply> {
    let begin = || {
        let (server, call) = (Arc::clone(&desk.server), Arc::clone(&call));
        handled(desk, move || server.begin_to_wait(&call))
    };
    // Before the log is looked at: nothing can come in between.
    let mut hear = desk.waiters.hear.subscribe();
    let mut waiting = match begin().await {
        Some(Ok(waiting)) => waiting,
        answered => return answered.and_then(Result::err),
    };
    let Some((_place, mut superseded)) = desk.waiters.enter(waiting.device) else {
        desk.metrics.met(Limit::Waiting);
        return None;
    };
    let mut stopped = desk.ended.clone();
    let mut over = std::pin::pin!(sleep(desk.limits.poke));
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            _ = &mut superseded => break,
            () = &mut over => break,
            told = hear.changed() => {
                if told.is_err() {
                    break;
                }
                let news = hear.borrow_and_update().clone();
                if news.is_none_or(|news| waiting.concerned(&news)) {
                    // Nobody waits for this one alone: when the server stops it is over at once.
                    let _ = timeout(spread(desk.waiters.len(), waiting.device), stopped.changed()).await;
                    match begin().await {
                        Some(Ok(still)) => waiting = still,
                        answered => return answered.and_then(Result::err),
                    }
                }
            }
        }
    }
    // Whoever was taken out meanwhile is told so, and nothing else.
    let server = Arc::clone(&desk.server);
    handled(desk, move || server.handle(&call)).await
}

/// This device's share of the time over which so many come back.
fn spread(many: usize, device: DeviceId) -> Duration {
    let whole = SPREAD_EACH.saturating_mul(u32::try_from(many.saturating_sub(1)).unwrap_or(u32::MAX));
    let [.., high, low] = device.0.into_bytes();
    whole.min(LONGEST_SPREAD) * u32::from(u16::from_be_bytes([high, low])) / u32::from(u16::MAX)
}

fn listen(server: &Weak<Server>, waiters: &Weak<Waiters>) {
    // A database that does not answer says so often enough by itself.
    let mut silent = false;
    while let Some(watch) = server.upgrade().map(|server| server.log.watch()) {
        let heard = watch.and_then(|mut watch| {
            // What came while nobody heard.
            tell(server, waiters)?;
            if std::mem::take(&mut silent) {
                tracing::info!("the log is heard again");
            }
            while server.strong_count() > 0 && waiters.strong_count() > 0 {
                if watch.wait(BREATH)? {
                    tell(server, waiters)?;
                    std::thread::sleep(GAP);
                }
            }
            Ok(())
        });
        match heard {
            Ok(()) => return,
            Err(error) if !silent => tracing::warn!(%error, "the log is not heard: nobody is poked"),
            Err(_) => {}
        }
        silent = true;
        std::thread::sleep(BREATH);
    }
}

fn tell(server: &Weak<Server>, waiters: &Weak<Waiters>) -> Result<(), crate::log::LogError> {
    let (Some(server), Some(waiters)) = (server.upgrade(), waiters.upgrade()) else { return Ok(()) };
    // What another process appended: an erasure has to reach the replica too, not only the next push.
    server.follow();
    if waiters.hear.receiver_count() > 0 {
        waiters.hear.send_replace(Some(Arc::new(server.news()?)));
    }
    Ok(())
}
