//! Hears when the file's log grows, by asking SQLite now and then whether anything was committed.

use crate::log::{Result, Watch};
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// Somebody who waits for a poke does not feel so much. Asking reads one page that is in memory.
const EVERY: Duration = Duration::from_millis(20);

pub(super) struct Polling {
    connection: Connection,
    /// Changes with every commit of another connection.
    version: i64,
    /// How many entries there were.
    entries: i64,
}

impl Polling {
    pub(super) fn of(connection: Connection) -> Result<Self> {
        let mut polling = Self { connection, version: 0, entries: 0 };
        // In this order: what is committed between the two is counted, or seen at the next look.
        polling.version = polling.committed()?;
        polling.entries = polling.count()?;
        Ok(polling)
    }

    fn committed(&self) -> Result<i64> {
        Ok(self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    fn count(&self) -> Result<i64> {
        let sql = "SELECT coalesce(sum(seq), 0) FROM scope";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    fn grown(&mut self) -> Result<bool> {
        let version = self.committed()?;
        if version == self.version {
            return Ok(false);
        }
        let entries = self.count()?;
        self.version = version;
        Ok(std::mem::replace(&mut self.entries, entries) != entries)
    }
}

impl Watch for Polling {
    fn wait(&mut self, timeout: Duration) -> Result<bool> {
        let begun = Instant::now();
        loop {
            if self.grown()? {
                return Ok(true);
            }
            let left = timeout.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            std::thread::sleep(left.min(EVERY));
        }
    }
}
