//! The log in one SQLite file: one connection that writes, and two that read beside it, one of them for long.

mod reading;
mod rows;
mod schema;
mod watch;
mod writing;

use super::columns::{class_name, int};
use super::{Head, Life, Log, LogError, Result, Snapshot, Transaction, Watch};
use rows::{Hash, Id, Number};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sanben_domain::id::{DocumentId, Epoch, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use sanben_sync::manifest::ManifestHash;
use sanben_sync::wire::{Entry, EntryBody};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The log of one tenant in one file.
pub struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    surveyor: Mutex<Connection>,
}

/// A log in a file that is new or empty, for somebody else to fill.
pub(super) fn new_file(path: &Path, life: &Life) -> Result<Connection> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
        return Err(LogError::Unusable(format!("{} exists", path.display())));
    }
    schema::open(path, life)
}

/// The log in a file, to be read by somebody else.
pub(super) fn open_file(path: &Path) -> Result<Connection> {
    schema::open_reader(path)
}

impl Sqlite {
    /// Opens the file, which is created when missing; then `new` is what it gets.
    ///
    /// # Errors
    /// [`crate::log::LogError`]; nothing was changed then.
    pub fn open(path: &Path, new: &Life) -> Result<Self> {
        let writer = schema::open(path, new)?;
        let [reader, surveyor] = [schema::open_reader(path)?, schema::open_reader(path)?].map(Mutex::new);
        let log = Self { path: path.to_owned(), writer: Mutex::new(writer), reader, surveyor };
        if let Err(error) = log.scrub() {
            tracing::warn!(%error, "remnants of what was erased stay in the file until the log is opened again");
        }
        Ok(log)
    }

    fn session<'a>(&self, held: &'a Mutex<Connection>, begin: &str) -> Result<Session<'a>> {
        // A panic while it was held rolled back when the session was dropped.
        let connection = held.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute_batch(begin)?;
        Ok(Session { connection, failed: Cell::new(false), open: true, known: RefCell::default() })
    }
}

impl Log for Sqlite {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>> {
        Ok(Box::new(self.session(&self.reader, "BEGIN DEFERRED")?))
    }

    fn survey(&self) -> Result<Box<dyn Snapshot + '_>> {
        Ok(Box::new(self.session(&self.surveyor, "BEGIN DEFERRED")?))
    }

    fn begin(&self) -> Result<Box<dyn Transaction + '_>> {
        Ok(Box::new(self.session(&self.writer, "BEGIN IMMEDIATE")?))
    }

    fn scrub(&self) -> Result<bool> {
        let connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let documents = |sql: &str| -> Result<Vec<Id>> {
            let mut statement = connection.prepare(sql)?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
        };
        // Whatever another process erases meanwhile, it scrubs itself.
        let fresh = documents("SELECT document FROM erased WHERE scrubbed = 0")?;
        if fresh.is_empty() {
            return Ok(true);
        }
        // Deleted rows leave their bytes in the gaps of pages, and in the write-ahead log.
        connection.execute_batch("VACUUM")?;
        let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 {
            for document in fresh {
                let sql = "UPDATE erased SET scrubbed = 1 WHERE document = ?1";
                connection.execute(sql, [document.0.as_bytes()])?;
            }
        }
        Ok(busy == 0)
    }

    fn copy(&self, file: &Path) -> Result<()> {
        let name =
            file.to_str().ok_or_else(|| LogError::Unusable("the file's name is no text".to_owned()))?;
        // By a connection of its own: nobody who reads or writes waits for it.
        schema::open_beside(&self.path)?.execute("VACUUM INTO ?1", [name])?;
        Ok(())
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
    known: RefCell<Known>,
}

/// What this session has read or written already: a request appends many changes to few scopes.
#[derive(Default)]
struct Known {
    /// Heads of scopes with the numbers of their rows; `true` for those that are ahead of their rows.
    scopes: HashMap<Scope, (i64, Head, bool)>,
    /// The scopes of documents that were written to, home first.
    documents: HashMap<DocumentId, Vec<Scope>>,
    /// The manifest whose changes come just now, with the number of its row.
    manifest: Option<(ManifestHash, i64)>,
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
        if let Some((id, head, _)) = self.known.borrow().scopes.get(scope) {
            return Ok(Some((*id, *head)));
        }
        let sql = "SELECT id, seq, link FROM scope WHERE unit = ?1 AND class = ?2";
        let found = self.one(sql, params![scope.unit.as_str(), class_name(scope.class)], |row| {
            let head = Head { seq: row.get::<_, Number>(1)?.0, link: Link(row.get::<_, Hash>(2)?.0) };
            Ok((row.get(0)?, head))
        })?;
        if let Some((id, head)) = found {
            self.known.borrow_mut().scopes.insert(scope.clone(), (id, head, false));
        }
        Ok(found)
    }

    /// Brings the rows of scopes up to their heads.
    fn settle_heads(&self) -> Result<()> {
        for (id, head, ahead) in self.known.borrow_mut().scopes.values_mut() {
            if std::mem::take(ahead) {
                let sql = "UPDATE scope SET seq = ?2, link = ?3 WHERE id = ?1";
                self.run(sql, params![*id, int(head.seq), head.link.0])?;
            }
        }
        Ok(())
    }

    fn manifest_row(&self, hash: ManifestHash) -> Result<Option<i64>> {
        if let Some((known, row)) = self.known.borrow().manifest
            && known == hash
        {
            return Ok(Some(row));
        }
        let row = self.one("SELECT id FROM manifest WHERE hash = ?1", [hash.0], |row| row.get(0))?;
        self.known.borrow_mut().manifest = row.map(|row| (hash, row));
        Ok(row)
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
        let head = Head { seq: entry.seq, link };
        self.known.borrow_mut().scopes.insert(scope.clone(), (id, head, true));
        Ok(entry.seq)
    }
}
