//! Hears when the log grows, from whatever process: writers notify after their commits.

use super::address::Address;
use super::connection::{Connection, column};
use crate::log::{LogError, Result, Watch};
use postgres::fallible_iterator::FallibleIterator;
use std::time::{Duration, Instant};

pub(super) struct Listening {
    address: Address,
    channel: String,
    connection: Option<Connection>,
    /// How many entries there were.
    entries: i64,
}

impl Listening {
    pub(super) fn to(address: Address, channel: String) -> Result<Self> {
        let mut listening = Self { address, channel, connection: None, entries: 0 };
        listening.grown()?;
        Ok(listening)
    }

    /// The connection, made anew when it was lost. From then on it listens.
    fn connection(&mut self) -> Result<&mut Connection> {
        let kept = self.connection.take().filter(Connection::is_open);
        let connection = match kept {
            Some(connection) => connection,
            None => {
                let mut connection = Connection::open(&self.address)?;
                connection.batch(&format!("LISTEN {}", self.channel))?;
                connection
            }
        };
        Ok(self.connection.insert(connection))
    }

    fn grown(&mut self) -> Result<bool> {
        let sql = "SELECT CAST(coalesce(sum(seq), 0) AS bigint) FROM scope";
        let rows = self.connection()?.all(sql, &[])?;
        let entries = rows.first().map_or(Ok(0), |row| column(row, 0))?;
        Ok(std::mem::replace(&mut self.entries, entries) != entries)
    }

    /// Waits for news, and takes all of them: they say the same.
    fn hear(&mut self, timeout: Duration) -> Result<()> {
        let connection = self.connection()?;
        connection.ask(|client| {
            let mut news = client.notifications();
            if news.timeout_iter(timeout).next()?.is_some() {
                while news.iter().next()?.is_some() {}
            }
            Ok(())
        })?;
        if connection.is_open() {
            return Ok(());
        }
        self.connection = None;
        Err(LogError::Lost("the connection that listens was closed".to_owned()))
    }
}

impl Watch for Listening {
    fn wait(&mut self, timeout: Duration) -> Result<bool> {
        let begun = Instant::now();
        loop {
            // Looked at even when nothing was heard: a writer may have died between its commit and its word,
            // or this connection may be a new one.
            if self.grown()? {
                return Ok(true);
            }
            let left = timeout.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            self.hear(left)?;
        }
    }
}
