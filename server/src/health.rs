//! Whether the server is alive, whether it can do its work, and what it says of itself to a monitor.

use crate::metrics::Metrics;
use crate::tenant::Server;

/// Answers as long as the process does.
pub const ALIVE_PATH: &str = "/v1/health";
/// Answers 200 when work can be taken in, 503 with the reason when not.
pub const READY_PATH: &str = "/v1/ready";
/// Numbers for Prometheus; only at the monitor's address.
pub const METRICS_PATH: &str = "/metrics";

/// With less room than this no work is taken on: bytes. The log needs some to become durable at all.
const ROOM: u64 = 64 * 1024 * 1024;

/// Why the server cannot take work in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// The log cannot be read.
    #[error("the log does not answer: {0}")]
    Log(String),
    /// The disk is nearly full.
    #[error("only {0} MiB are left on the disk of the server's folder: free some space")]
    Disk(u64),
}

impl Server {
    /// Whether the log answers and the disk has room.
    ///
    /// # Errors
    /// [`NotReady`].
    pub fn ready(&self) -> Result<(), NotReady> {
        let life = self.log.read().and_then(|view| view.life());
        life.map_err(|error| NotReady::Log(error.to_string()))?;
        match self.free() {
            Some(free) if free < ROOM => Err(NotReady::Disk(free >> 20)),
            _ => Ok(()),
        }
    }

    /// Numbers for Prometheus.
    pub(crate) fn metrics(&self, metrics: &Metrics, waiting: usize) -> String {
        let counts = self.log.read().and_then(|view| view.counts()).ok();
        metrics.text(counts.as_ref(), self.free(), waiting)
    }

    /// Bytes left on the disk of the server's folder; nothing when the system does not say.
    fn free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.dir).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}
