//! Connections that are used again and again: a fixed number, so that a group of servers does not use up
//! what the database has to give. One is taken out for a transaction and comes back after it.

use super::address::Address;
use super::connection::Connection;
use crate::log::{LogError, Result};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So long somebody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Pool {
    address: Address,
    most: usize,
    held: Mutex<Held>,
    returned: Condvar,
}

#[derive(Default)]
struct Held {
    idle: Vec<Connection>,
    out: usize,
}

impl Pool {
    /// Nothing is connected yet.
    pub(super) fn new(address: Address, most: usize) -> Self {
        Self { address, most, held: Mutex::default(), returned: Condvar::new() }
    }

    /// A connection in which `begin` was run. Idle ones that turn out to be lost, because the database was
    /// restarted, are replaced: nothing was begun in them.
    pub(super) fn begin(&self, begin: &str) -> Result<Lent<'_>> {
        let mut lent = self.take()?;
        if let Some(connection) = &mut lent.connection {
            match connection.batch(begin) {
                Err(LogError::Lost(_)) => {
                    // The others are as old.
                    self.held().idle.clear();
                }
                Err(error) => {
                    // It may be within a transaction that failed.
                    lent.connection = None;
                    return Err(error);
                }
                Ok(()) => return Ok(lent),
            }
        }
        let mut connection = Connection::open(&self.address)?;
        connection.batch(begin)?;
        lent.connection = Some(connection);
        Ok(lent)
    }

    /// The right to use a connection, and an idle one if there is any.
    fn take(&self) -> Result<Lent<'_>> {
        let until = Instant::now() + PATIENCE;
        let mut held = self.held();
        while held.out >= self.most {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(LogError::Unusable("too many calls at once; try again".to_owned()));
            }
            held = self.returned.wait_timeout(held, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        held.out += 1;
        Ok(Lent { pool: self, connection: held.idle.pop() })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that is out of the pool.
pub(super) struct Lent<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
}

impl Lent<'_> {
    pub(super) fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or_else(|| LogError::Lost("the connection is closed".to_owned()))
    }

    /// It is not to be used again.
    pub(super) fn discard(&mut self) {
        self.connection = None;
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let back = self.connection.take().filter(Connection::is_open);
        let mut held = self.pool.held();
        held.out = held.out.saturating_sub(1);
        held.idle.extend(back);
        drop(held);
        self.pool.returned.notify_one();
    }
}
