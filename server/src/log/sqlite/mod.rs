//! The log in one SQLite file: one connection that writes, one that reads beside it.

mod reading;
mod rows;
mod schema;
mod watch;
mod writing;

use super::columns::{class_name, int};
use super::{Head, Life, Log, Result, Snapshot, Transaction, Watch};
use rows::{Hash, Id, Number};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sanben_domain::id::{Epoch, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use sanben_sync::wire::{Entry, EntryBody};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The log of one tenant in one file.
pub struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl Sqlite {
    /// Opens the file, which is created when missing; then `new` is what it gets.
    ///
    /// # Errors
    /// [`crate::log::LogError`]; nothing was changed then.
    pub fn open(path: &Path, new: &Life) -> Result<Self> {
        let writer = schema::open(path, new)?;
        let reader = schema::open_reader(path)?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), reader: Mutex::new(reader) })
    }

    fn session<'a>(&self, held: &'a Mutex<Connection>, begin: &str) -> Result<Session<'a>> {
        // A panic while it was held rolled back when the session was dropped.
        let connection = held.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute_batch(begin)?;
        Ok(Session { connection, failed: Cell::new(false), open: true })
    }
}

impl Log for Sqlite {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>> {
        Ok(Box::new(self.session(&self.reader, "BEGIN DEFERRED")?))
    }

    fn begin(&self) -> Result<Box<dyn Transaction + '_>> {
        Ok(Box::new(self.session(&self.writer, "BEGIN IMMEDIATE")?))
    }

    fn watch(&self) -> Result<Box<dyn Watch>> {
        Ok(Box::new(watch::Polling::of(schema::open_reader(&self.path)?)?))
    }
}

struct Session<'a> {
    connection: MutexGuard<'a, Connection>,
    /// What was written is not all that was meant.
    failed: Cell<bool>,
    open: bool,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.open {
            // When even this fails, SQLite has rolled back by itself.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

fn life(connection: &Connection) -> Result<Life> {
    Ok(connection.query_row("SELECT epoch, server, tenant FROM life", [], |row| {
        let tenant: Option<String> = row.get(2)?;
        Ok(Life {
            epoch: Epoch(row.get::<_, Id>(0)?.0),
            server: row.get::<_, Hash>(1)?.0,
            tenant: tenant.map(TenantId),
        })
    })?)
}

impl Session<'_> {
    fn one<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.connection.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        Ok(self.connection.prepare_cached(sql)?.query_map(params, read)?.collect::<rusqlite::Result<_>>()?)
    }

    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        let done = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(params));
        self.failed.set(self.failed.get() || done.is_err());
        Ok(done?)
    }

    fn scope_row(&self, scope: &Scope) -> Result<Option<(i64, Head)>> {
        let sql = "SELECT id, seq, link FROM scope WHERE unit = ?1 AND class = ?2";
        self.one(sql, params![scope.unit.as_str(), class_name(scope.class)], |row| {
            let head = Head { seq: row.get::<_, Number>(1)?.0, link: Link(row.get::<_, Hash>(2)?.0) };
            Ok((row.get(0)?, head))
        })
    }

    /// Appends an entry and returns its number.
    fn append(
        &self,
        scope: &Scope,
        kind: &str,
        row: i64,
        received: Timestamp,
        body: EntryBody,
    ) -> Result<u64> {
        let (id, head) = match self.scope_row(scope)? {
            Some(found) => found,
            None => {
                let head = Head { seq: 0, link: Link::genesis(self.life()?.epoch, scope) };
                self.run(
                    "INSERT INTO scope (unit, class, seq, link) VALUES (?1, ?2, 0, ?3)",
                    params![scope.unit.as_str(), class_name(scope.class), head.link.0],
                )?;
                (self.connection.last_insert_rowid(), head)
            }
        };
        let entry = Entry { seq: head.seq + 1, received, body };
        let link = head.link.then(&entry);
        self.run(
            "INSERT INTO entry (scope, seq, link, received, kind, ref) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, int(entry.seq), link.0, received.0, kind, row],
        )?;
        self.run("UPDATE scope SET seq = ?2, link = ?3 WHERE id = ?1", params![id, int(entry.seq), link.0])?;
        Ok(entry.seq)
    }
}
