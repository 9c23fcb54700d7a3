//! How much a sync may take: its time, bytes and requests, asked for before every request.
//!
//! The last request may be larger than what was left in two ways, both bounded: an answer holds at least one entry
//! of the log, however few bytes were asked for; and what arrived is applied, however little time was left. A
//! request that is under way when the time is over is given up; nothing of it is lost but its bytes. So a time too
//! short for one entry over this line brings nothing at all, and the report shows it: bytes came, changes did not.

use crate::error::FieldError;
use crate::sync::{SyncReport, Watch};
use crate::transport::{Incoming, Transport};
use crate::{Field, SyncCall};
use sanben_sync::device::Identity;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::time::Duration;

/// How much one sync may take. What it leaves the next one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    /// Milliseconds from the call on.
    pub time_ms: Option<u64>,
    /// Bytes of bodies, sent and received together. Headers and TLS come on top, some 700 bytes a request.
    pub bytes: Option<u64>,
    /// Requests.
    pub requests: Option<u64>,
}

impl Budget {
    /// Until nothing is left to send or to fetch.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { time_ms: None, bytes: None, requests: None }
    }
}

/// Which part of its budget a sync has used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// The time.
    Time,
    /// The bytes.
    Bytes,
    /// The requests.
    Requests,
}

/// Why a sync goes no further.
pub(crate) enum Halt {
    /// Its budget is used up: no error.
    Stopped(Stopped),
    /// It failed, or its caller stopped it.
    Failed(FieldError),
}

impl<E: Into<FieldError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Halt {
    /// The whole sync ends, not only what was being done.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Stopped(_) | Self::Failed(FieldError::Network(_) | FieldError::Cancelled))
    }
}

/// With fewer bytes left no request is begun: even one that brings nothing takes about so many.
const LEAST_BYTES: u64 = 256;

/// A sync under way: who, over which transport, watched by whom, within what.
pub(crate) struct Line<'a, 'w> {
    pub(crate) field: &'a Field,
    pub(crate) identity: &'a Identity,
    pub(crate) transport: &'a dyn Transport,
    pub(crate) report: &'a mut SyncReport,
    pub(crate) watch: Watch<'w>,
    pub(crate) budget: Budget,
    /// When it began, on the clock that never jumps, ms.
    pub(crate) begun: i64,
}

impl Line<'_, '_> {
    /// Tells the caller how far it has come.
    pub(crate) fn told(&mut self) -> Result<(), Halt> {
        match (self.watch)(self.report) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(FieldError::Cancelled.into()),
        }
    }

    /// About how many bytes to send or to ask for now.
    pub(crate) fn room(&self) -> Result<u32, Halt> {
        let (pace, mut room) = (*self.field.pace(), u64::from(u32::MAX));
        if let Some(ms) = self.time_left()? {
            room = room.min(u64::from(pace.within(ms)));
        }
        if let Some(bytes) = self.bytes_left()? {
            room = room.min(bytes - LEAST_BYTES);
        }
        self.request_left()?;
        Ok(u32::try_from(room).unwrap_or(u32::MAX).min(pace.budget()))
    }

    /// Whether this much is worth beginning, when it cannot be had in smaller pieces.
    pub(crate) fn fits(&self, bytes: u64) -> Result<(), Halt> {
        if self.bytes_left()?.is_some_and(|left| bytes > left) {
            return Err(Halt::Stopped(Stopped::Bytes));
        }
        let through = |ms| self.field.pace().within(ms).into();
        if self.time_left()?.is_some_and(|ms| bytes > through(ms)) {
            return Err(Halt::Stopped(Stopped::Time));
        }
        self.request_left()
    }

    /// A signed call within what is left.
    pub(crate) fn call(
        &mut self,
        method: &'static str,
        path: &str,
        offset: Option<u64>,
        body: Vec<u8>,
    ) -> Result<Incoming, Halt> {
        self.request_left()?;
        let up = body.len() as u64;
        if self.bytes_left()?.is_some_and(|left| up > left) {
            return Err(Halt::Stopped(Stopped::Bytes));
        }
        let within = self.time_left()?.map(Duration::from_millis);
        let call = SyncCall { method, path, offset, body, within };
        let (asked, before) = (self.now(), self.report.bytes_down);
        match self.field.signed_call(self.identity, self.transport, call, self.report) {
            Ok(answer) => {
                let took = u64::try_from(self.now() - asked).unwrap_or(0);
                let moved = self.field.pace().moved(up + self.report.bytes_down - before, took);
                *self.field.pace() = moved;
                Ok(answer)
            }
            Err(FieldError::Network(lost)) => {
                // It was this sync that gave it up, and not the line.
                self.time_left().inspect_err(|_| {
                    let cut = self.field.pace().cut();
                    *self.field.pace() = cut;
                })?;
                Err(lost.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn now(&self) -> i64 {
        self.field.platform.clock.monotonic_ms()
    }

    /// `None` when time does not matter.
    pub(crate) fn time_left(&self) -> Result<Option<u64>, Halt> {
        let Some(limit) = self.budget.time_ms else { return Ok(None) };
        let gone = u64::try_from(self.now().saturating_sub(self.begun)).unwrap_or(0);
        match limit.checked_sub(gone) {
            None | Some(0) => Err(Halt::Stopped(Stopped::Time)),
            left => Ok(left),
        }
    }

    fn bytes_left(&self) -> Result<Option<u64>, Halt> {
        let Some(limit) = self.budget.bytes else { return Ok(None) };
        let left = limit.saturating_sub(self.report.bytes_up + self.report.bytes_down);
        if left < LEAST_BYTES { Err(Halt::Stopped(Stopped::Bytes)) } else { Ok(Some(left)) }
    }

    fn request_left(&self) -> Result<(), Halt> {
        let over = self.budget.requests.is_some_and(|limit| self.report.requests >= limit);
        if over { Err(Halt::Stopped(Stopped::Requests)) } else { Ok(()) }
    }
}
