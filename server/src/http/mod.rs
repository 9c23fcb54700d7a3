//! The socket in front of [`Server::handle`]: HTTP/1.1 in, with or without TLS, calls through, limits around.
//! Everything that waits for the disk runs on threads of its own, so that the socket never does.
//!
//! [`connection`] keeps the time of a connection, [`answer`] turns one request into one call, [`waiting`] holds
//! open those of devices that wait for news.

mod answer;
mod connection;
mod patient;
mod waiting;

use crate::bundles::WORTH_A_BUNDLE;
use crate::limits::{Buckets, Limits, household};
use crate::metrics::{Limit, Metrics};
use crate::tenant::Server;
use crate::tls::Tls;
use sanben_domain::id::DeviceId;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use waiting::Waiters;

/// More calls than this at once wait: each may hold a message and a document in memory.
const AT_ONCE: usize = 32;
/// All other bodies together hold no more than this, bytes: nobody has shown a signature yet.
const ROOM_BYTES: usize = 128 * 1024 * 1024;
/// How often the server looks whether a bundle is due.
const BUNDLES_EVERY: Duration = Duration::from_secs(60);
/// So many connections beyond the limit are told to come later.
const TOLD: usize = 256;

/// The listener failed.
#[derive(Debug, thiserror::Error)]
#[error("the server's socket failed: {0}")]
pub struct ServeError(#[from] std::io::Error);

/// How a server is put behind a socket.
#[derive(Debug)]
pub struct Front {
    limits: Limits,
    tls: Option<Tls>,
    monitor: Option<TcpListener>,
}

impl Front {
    /// Plain HTTP within these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, tls: None, monitor: None }
    }

    /// With TLS, and nothing without.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Answers at this second address too, in plain HTTP and only what a monitor asks:
    /// [`crate::METRICS_PATH`], [`crate::ALIVE_PATH`], [`crate::READY_PATH`].
    #[must_use]
    pub fn monitor(mut self, listener: TcpListener) -> Self {
        self.monitor = Some(listener);
        self
    }

    /// Serves until `shutdown` ends; then nobody new comes in, and requests on their way are finished.
    /// Before it answers, the server's replica has caught up with the log.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(
        self,
        server: Arc<Server>,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let catching_up = Arc::clone(&server);
        let caught_up = tokio::task::spawn_blocking(move || {
            catching_up.clear_asides();
            catching_up.replica().map(drop)
        })
        .await;
        if let Ok(Err(error)) = caught_up {
            // Nobody's work waits for it.
            tracing::warn!(%error, "serving without a replica");
        }
        let bundling = tokio::spawn(make_bundles(Arc::clone(&server)));
        let tls = self.tls.map(|tls| TlsAcceptor::from(tls.config));
        let stop = self.limits.stop;
        let (end, ended) = watch::channel(());
        let desk = Arc::new(Desk {
            waiters: Waiters::hearing(&server, self.limits.waiting),
            ended: ended.clone(),
            server,
            devices: Buckets::new(self.limits.device),
            addresses: Buckets::new(self.limits.address),
            limits: self.limits,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            room: Arc::new(Semaphore::new(ROOM_BYTES)),
            metrics: Metrics::default(),
        });
        let mut open = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                (socket, peer) = accept(&listener) => {
                    let visitor = Visitor::devices(&desk, peer, open.len());
                    if let Some(visitor) = visitor {
                        open.spawn(connection::hold(visitor, socket, tls.clone(), ended.clone()));
                    }
                }
                (socket, peer) = accept_from(self.monitor.as_ref()) => {
                    let visitor = Visitor { desk: Arc::clone(&desk), address: peer.ip(), door: Door::Monitor };
                    open.spawn(connection::hold(visitor, socket, None, ended.clone()));
                }
                Some(_) = open.join_next() => {}
            }
        }
        bundling.abort();
        drop((listener, self.monitor, ended));
        tracing::info!(connections = open.len(), "stopping: requests on their way are finished");
        drop(end);
        let finished = async { while open.join_next().await.is_some() {} };
        if tokio::time::timeout(stop, finished).await.is_err() {
            tracing::warn!("stopped with requests on their way: they were not answered and come again");
        }
        Ok(())
    }
}

/// Clears `photos/`, then makes bundles in the background for as long as this server serves; what fails is tried again.
async fn make_bundles(server: Arc<Server>) {
    let clearing = Arc::clone(&server);
    if let Err(error) = tokio::task::spawn_blocking(move || clearing.clear_half_made_pictures()).await {
        tracing::error!(%error, "clearing photos/ failed");
    }
    loop {
        let server = Arc::clone(&server);
        match tokio::task::spawn_blocking(move || server.make_bundles(WORTH_A_BUNDLE)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "no bundle was made: new devices read the log"),
            Err(error) => tracing::error!(%error, "making a bundle failed"),
        }
        tokio::time::sleep(BUNDLES_EVERY).await;
    }
}

/// Serves plain HTTP without rates until `shutdown` ends, as [`Front::serve`].
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    server: Arc<Server>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    Front::new(Limits::LOCAL).serve(server, listener, shutdown).await
}

/// What all connections share.
struct Desk {
    server: Arc<Server>,
    limits: Limits,
    devices: Buckets<DeviceId>,
    addresses: Buckets<IpAddr>,
    slots: Arc<Semaphore>,
    room: Arc<Semaphore>,
    metrics: Metrics,
    waiters: Arc<Waiters>,
    /// Its sender is gone when the server stops.
    ended: watch::Receiver<()>,
}

/// Does something that may wait for the disk; `None` when it panicked.
async fn handled<T: Send + 'static>(
    desk: &Arc<Desk>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let _slot = desk.slots.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

/// Whoever is at the other end of a connection.
#[derive(Clone)]
struct Visitor {
    desk: Arc<Desk>,
    address: IpAddr,
    door: Door,
}

/// Where somebody came in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Devices,
    /// As devices, but there are too many: told to come later.
    Crowded,
    Monitor,
}

impl Visitor {
    /// Whom to talk to; nobody when even telling them to come later would be too much.
    fn devices(desk: &Arc<Desk>, peer: SocketAddr, open: usize) -> Option<Self> {
        let most = desk.limits.connections;
        let door = if open < most {
            Door::Devices
        } else {
            desk.metrics.met(Limit::Connections);
            Door::Crowded
        };
        (open < most + TOLD).then(|| Self { desk: Arc::clone(desk), address: peer.ip(), door })
    }

    /// Whether the address may call now; how long to wait when not.
    fn let_in(&self) -> Result<(), Duration> {
        if self.address.to_canonical().is_loopback() {
            return Ok(());
        }
        self.desk.addresses.take(household(self.address), Instant::now())
    }
}

/// The next connection. A failure is that of one connection, or of too many files being open: it passes.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(connection) => return connection,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn accept_from(listener: Option<&TcpListener>) -> (TcpStream, SocketAddr) {
    match listener {
        Some(listener) => accept(listener).await,
        None => std::future::pending().await,
    }
}
