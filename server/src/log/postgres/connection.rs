//! One connection to the database: set up so that what it commits is durable and what it asks goes by key,
//! with its statements prepared once.

use super::address::Address;
use crate::log::{LogError, Result};
use postgres::types::{FromSql, ToSql};
use postgres::{Client, Row, Statement};
use std::collections::HashMap;

/// What holds for every connection.
const SETTINGS: &str = "
    -- 'Accepted' means durable: the answer waits for the disk. What waits for more than that stays.
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local');
    -- Other processes write for milliseconds; an import for a second or two.
    SET lock_timeout = '20s';
    -- A process that stands still, or whose machine is gone, must not keep the others from writing.
    SET idle_in_transaction_session_timeout = '60s';
    SET tcp_keepalives_idle = 30;
    SET tcp_keepalives_interval = 10;
    SET tcp_keepalives_count = 3;
    -- All of our questions go by key. A plan that was made while a table was small must not outlive that.
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET plan_cache_mode = force_generic_plan;
    SET jit = off;
    SET client_min_messages = warning;";

/// A connection; once lost, it stays so.
pub(super) struct Connection {
    client: Option<Client>,
    statements: HashMap<&'static str, Statement>,
}

impl Connection {
    pub(super) fn open(address: &Address) -> Result<Self> {
        let client = blocking(|| address.connect())?;
        let mut connection = Self { client: Some(client), statements: HashMap::new() };
        connection.batch(SETTINGS)?;
        Ok(connection)
    }

    /// Whether it can still be used, as far as this side knows.
    pub(super) fn is_open(&self) -> bool {
        self.client.as_ref().is_some_and(|client| !client.is_closed())
    }

    /// Asks the client something; an error that came from the line ends the connection.
    pub(super) fn ask<T>(
        &mut self,
        question: impl FnOnce(&mut Client) -> std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        let Some(client) = &mut self.client else {
            return Err(LogError::Lost("the connection is closed".to_owned()));
        };
        let answer = blocking(|| question(client)).map_err(LogError::from);
        if matches!(answer, Err(LogError::Lost(_))) {
            self.close();
        }
        answer
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        self.ask(|client| client.batch_execute(sql))
    }

    pub(super) fn all(&mut self, sql: &'static str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        let statement = self.statement(sql)?;
        self.ask(|client| client.query(&statement, params))
    }

    pub(super) fn run(&mut self, sql: &'static str, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.statement(sql)?;
        self.ask(|client| client.execute(&statement, params))
    }

    fn statement(&mut self, sql: &'static str) -> Result<Statement> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok(prepared.clone());
        }
        let prepared = self.ask(|client| client.prepare(sql))?;
        self.statements.insert(sql, prepared.clone());
        Ok(prepared)
    }

    fn close(&mut self) {
        self.statements.clear();
        let client = self.client.take();
        blocking(|| drop(client));
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}

/// The client drives its connection with a runtime of its own, which must not start inside another one.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => {
            tokio::task::block_in_place(work)
        }
        _ => work(),
    }
}

/// A column of a row; what does not fit is damage, because only we write there.
pub(super) fn column<'a, T: FromSql<'a>>(row: &'a Row, at: usize) -> Result<T> {
    row.try_get(at).map_err(|error| LogError::Damaged(error.to_string()))
}

/// A column of so many bytes: a hash, a chain.
pub(super) fn array<const N: usize>(row: &Row, at: usize) -> Result<[u8; N]> {
    let damaged = |_| LogError::Damaged(format!("a value has not {N} bytes"));
    column::<&[u8]>(row, at)?.try_into().map_err(damaged)
}

/// A number that is never negative.
pub(super) fn number(row: &Row, at: usize) -> Result<u64> {
    let damaged = |_| LogError::Damaged("a number is negative".to_owned());
    u64::try_from(column::<i64>(row, at)?).map_err(damaged)
}
