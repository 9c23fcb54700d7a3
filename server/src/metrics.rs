//! What the server counts of itself, in the text form that Prometheus reads (exposition format 0.0.4). Kinds
//! of calls, numbers and times; nothing that points to a person, a device or a place.

use crate::log::Counts;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Route {
    Sync,
    Enrol,
    Photo,
    Poke,
    Bundle,
    Health,
    Other,
}

impl Route {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Enrol => "enrol",
            Self::Photo => "photo",
            Self::Poke => "poke",
            Self::Bundle => "bundle",
            Self::Health => "health",
            Self::Other => "other",
        }
    }
}

/// A limit that somebody met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Limit {
    Address,
    Device,
    Connections,
    Size,
    Room,
    Time,
    Handshake,
    Waiting,
}

impl Limit {
    fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Device => "device",
            Self::Connections => "connections",
            Self::Size => "size",
            Self::Room => "room",
            Self::Time => "time",
            Self::Handshake => "handshake",
            Self::Waiting => "waiting",
        }
    }
}

/// Upper bounds of the buckets, milliseconds.
const BOUNDS: [u64; 10] = [2, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000];

#[derive(Debug, Default)]
struct Times {
    /// Calls at or below each bound.
    within: [u64; BOUNDS.len()],
    calls: u64,
    micros: u64,
}

/// Counters since the process began.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    calls: Mutex<BTreeMap<(Route, u16), u64>>,
    times: Mutex<BTreeMap<Route, Times>>,
    refused: Mutex<BTreeMap<Limit, u64>>,
    received: AtomicU64,
    sent: AtomicU64,
    /// Connections now.
    pub(crate) connections: AtomicI64,
}

impl Metrics {
    /// A call was answered. Sizes in bytes.
    pub(crate) fn answered(&self, route: Route, status: u16, took: Duration, received: u64, sent: u64) {
        *held(&self.calls).entry((route, status)).or_default() += 1;
        let mut times = held(&self.times);
        let times = times.entry(route).or_default();
        times.calls += 1;
        times.micros += u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for (count, bound) in times.within.iter_mut().zip(BOUNDS) {
            *count += u64::from(took <= Duration::from_millis(bound));
        }
        self.received.fetch_add(received, Relaxed);
        self.sent.fetch_add(sent, Relaxed);
    }

    /// Somebody met a limit.
    pub(crate) fn met(&self, limit: Limit) {
        *held(&self.refused).entry(limit).or_default() += 1;
    }

    /// All of it as text. `counts` is nothing when the log does not answer, `free` when the disk does not.
    /// `waiting`: how many devices wait for a poke.
    pub(crate) fn text(&self, counts: Option<&Counts>, free: Option<u64>, waiting: usize) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = self.write(&mut text, counts, free, waiting);
        text
    }

    fn write(
        &self,
        out: &mut String,
        counts: Option<&Counts>,
        free: Option<u64>,
        waiting: usize,
    ) -> fmt::Result {
        head(out, "sanben_calls_total", "counter", "Answered calls by kind and HTTP status.")?;
        for ((route, status), calls) in &*held(&self.calls) {
            writeln!(out, "sanben_calls_total{{kind=\"{}\",status=\"{status}\"}} {calls}", route.name())?;
        }
        head(out, "sanben_call_seconds", "histogram", "From a request's head to its answer.")?;
        for (route, times) in &*held(&self.times) {
            let kind = route.name();
            for (bound, calls) in BOUNDS.iter().zip(times.within) {
                let le = seconds(bound * 1_000);
                writeln!(out, "sanben_call_seconds_bucket{{kind=\"{kind}\",le=\"{le}\"}} {calls}")?;
            }
            let calls = times.calls;
            writeln!(out, "sanben_call_seconds_bucket{{kind=\"{kind}\",le=\"+Inf\"}} {calls}")?;
            writeln!(out, "sanben_call_seconds_sum{{kind=\"{kind}\"}} {}", seconds(times.micros))?;
            writeln!(out, "sanben_call_seconds_count{{kind=\"{kind}\"}} {calls}")?;
        }
        head(out, "sanben_limited_total", "counter", "Calls and connections that met a limit.")?;
        for (limit, met) in &*held(&self.refused) {
            writeln!(out, "sanben_limited_total{{limit=\"{}\"}} {met}", limit.name())?;
        }
        let [received, sent] = [&self.received, &self.sent].map(|bytes| bytes.load(Relaxed));
        one(out, "sanben_received_bytes_total", "counter", "Bytes of request bodies.", received)?;
        one(out, "sanben_sent_bytes_total", "counter", "Bytes of answer bodies.", sent)?;
        let connections = self.connections.load(Relaxed);
        one(out, "sanben_connections", "gauge", "Open connections.", connections)?;
        one(out, "sanben_waiting", "gauge", "Devices that wait for a poke.", waiting)?;
        one(out, "sanben_log_up", "gauge", "1 when the log answers.", u8::from(counts.is_some()))?;
        if let Some(counts) = counts {
            for (name, help, value) in [
                ("sanben_log_scopes", "Scopes with entries.", counts.scopes),
                ("sanben_log_entries", "Entries of all scopes.", counts.entries),
                ("sanben_log_changes", "Accepted changes.", counts.changes),
                ("sanben_log_documents", "Documents.", counts.documents),
                ("sanben_log_rejected", "Changes that were rejected.", counts.rejected),
                ("sanben_devices", "Devices that are enrolled.", counts.devices),
                ("sanben_photos", "Photos that arrived whole.", counts.photos),
                ("sanben_photos_missing", "Photos that are cited and not here yet.", counts.photos_missing),
            ] {
                one(out, name, "gauge", help, value)?;
            }
        }
        if let Some(free) = free {
            one(
                out,
                "sanben_disk_free_bytes",
                "gauge",
                "Room left on the disk of the server's folder.",
                free,
            )?;
        }
        Ok(())
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) -> fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

fn one(out: &mut String, name: &str, kind: &str, help: &str, value: impl fmt::Display) -> fmt::Result {
    head(out, name, kind, help)?;
    writeln!(out, "{name} {value}")
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
