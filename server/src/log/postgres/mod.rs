//! The log in a schema of a PostgreSQL database, which several server processes may share.
//!
//! Writers take turns by a lock of the database, one tenant's writers only; readers see a snapshot and wait
//! for nobody. A journey to the database costs more than what it does there, so a session remembers the
//! heads it has moved and writes them once, before it commits.

mod address;
mod connection;
mod copied;
mod error;
mod pool;
mod reading;
mod schema;
mod watch;
mod writing;

use super::columns::{class_name, int};
use super::{Head, Life, Log, LogError, Result, Snapshot, Transaction, Watch};
use address::Address;
use connection::{Connection, array, column, number};
use pool::{Lent, Pool};
use postgres::Row;
use postgres::types::ToSql;
use sanben_domain::rights::Scope;
use sanben_sync::chain::Link;
use schema::Place;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;

/// Reading transactions of one process at once. With its writer and its watch a process never has more than
/// ten connections; Debian's PostgreSQL has a hundred to give.
const READERS: usize = 8;

/// The log of one tenant in one schema of a database.
pub struct Postgres {
    address: Address,
    place: Place,
    begin: String,
    writer: Pool,
    readers: Pool,
}

impl Postgres {
    /// Opens the log at a URL (`postgresql://user@host/database`), in the schema that connections to there
    /// work in. When it is empty, the log is made; then `new` is what it gets.
    ///
    /// # Errors
    /// [`crate::log::LogError`]; nothing was changed then.
    pub fn open(url: &str, new: &Life) -> Result<Self> {
        let address = Address::parse(url)?;
        let mut connection = Connection::open(&address)?;
        let place = Place::of(&mut connection)?;
        schema::prepare(&mut connection, place, new)?;
        let (writer, readers) = (Pool::new(address.clone(), 1), Pool::new(address.clone(), READERS));
        let log = Self { address, place, begin: place.begin(), writer, readers };
        if !log.scrub().is_ok_and(|done| done) {
            tracing::warn!("remnants of what was erased stay in the tables until the log is opened again");
        }
        Ok(log)
    }

    /// Makes a log at a URL where none is yet, with all that is in a file of SQLite.
    ///
    /// # Errors
    /// [`crate::log::LogError`]; then there is no log there.
    pub fn create(url: &str, file: &Path, life: &Life) -> Result<()> {
        let mut connection = Connection::open(&Address::parse(url)?)?;
        let place = Place::of(&mut connection)?;
        match copied::create(&mut connection, place, file, life) {
            // The line may have been cut after the commit.
            Err(LogError::Lost(why)) => match Self::life_at(url) {
                Ok(Some(found)) if found == *life => Ok(()),
                _ => Err(LogError::Lost(why)),
            },
            done => done,
        }
    }

    fn life_at(url: &str) -> Result<Option<Life>> {
        let mut connection = Connection::open(&Address::parse(url)?)?;
        let place = Place::of(&mut connection)?;
        let there = place.version(&mut connection)? > 0;
        there.then(|| schema::life(&mut connection)).transpose()
    }

    /// Whether there is a log at a URL.
    ///
    /// # Errors
    /// [`crate::log::LogError`].
    pub fn is_at(url: &str) -> Result<bool> {
        let mut connection = Connection::open(&Address::parse(url)?)?;
        let place = Place::of(&mut connection)?;
        Ok(place.version(&mut connection)? > 0)
    }

    fn reading(&self) -> Result<Session<'_>> {
        self.session(&self.readers, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn session<'a>(&'a self, pool: &'a Pool, begin: &str) -> Result<Session<'a>> {
        Ok(Session {
            lent: RefCell::new(pool.begin(begin)?),
            place: self.place,
            ends: RefCell::default(),
            appended: false,
            failed: Cell::new(false),
            open: true,
        })
    }
}

impl Log for Postgres {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>> {
        Ok(Box::new(self.reading()?))
    }

    fn survey(&self) -> Result<Box<dyn Snapshot + '_>> {
        // There is a connection for each who reads.
        self.read()
    }

    fn begin(&self) -> Result<Box<dyn Transaction + '_>> {
        Ok(Box::new(self.session(&self.writer, &self.begin)?))
    }

    fn scrub(&self) -> Result<bool> {
        let mut connection = Connection::open(&self.address)?;
        let rows = connection.all("SELECT document FROM erased WHERE NOT scrubbed", &[])?;
        // Whatever another process erases meanwhile, it scrubs itself.
        let fresh: Vec<uuid::Uuid> = rows.iter().map(|row| column(row, 0)).collect::<Result<_>>()?;
        if fresh.is_empty() {
            return Ok(true);
        }
        // An UPDATE leaves the old row behind until its table is written anew. The database's own write-ahead log
        // forgets by itself.
        // Whoever reads or writes waits behind this wait; a backup that is being made holds the tables for minutes.
        connection.batch("SET lock_timeout = '2s'")?;
        for table in ["change", "review"] {
            if connection.batch(&format!("VACUUM FULL {table}")).is_err() {
                return Ok(false);
            }
        }
        connection.run("UPDATE erased SET scrubbed = true WHERE document = ANY ($1)", &[&fresh])?;
        Ok(true)
    }

    fn copy(&self, file: &Path) -> Result<()> {
        self.reading()?.copy(file)
    }

    fn watch(&self) -> Result<Box<dyn Watch>> {
        Ok(Box::new(watch::Listening::to(self.address.clone(), self.place.channel())?))
    }
}

/// A transaction that reads, or writes too.
struct Session<'a> {
    lent: RefCell<Lent<'a>>,
    place: Place,
    /// The ends of scopes as this session knows them: nobody else moves them meanwhile.
    ends: RefCell<BTreeMap<Scope, End>>,
    /// Whether there are new entries, which others want to hear of.
    appended: bool,
    /// After an error PostgreSQL ignores the transaction, and takes its commit for a rollback.
    failed: Cell<bool>,
    open: bool,
}

/// The counter row of a scope.
#[derive(Clone, Copy)]
struct End {
    row: i64,
    head: Head,
    /// Not in the row yet.
    moved: bool,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let lent = self.lent.get_mut();
        let ended = lent.connection().and_then(|connection| connection.batch("ROLLBACK"));
        if ended.is_err() {
            // The database rolls back what its connection leaves behind.
            lent.discard();
        }
    }
}

impl Session<'_> {
    fn ask<T>(&self, question: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let answer = self.lent.borrow_mut().connection().and_then(question);
        if answer.is_err() {
            self.failed.set(true);
        }
        answer
    }

    fn all<T>(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.ask(|connection| connection.all(sql, params))?.iter().map(read).collect()
    }

    fn one<T>(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.ask(|connection| connection.all(sql, params))?.first().map(read).transpose()
    }

    fn run(&self, sql: &'static str, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        self.ask(|connection| connection.run(sql, params))
    }

    fn end(&self, scope: &Scope) -> Result<Option<End>> {
        if let Some(end) = self.ends.borrow().get(scope) {
            return Ok(Some(*end));
        }
        let sql = "SELECT id, seq, link FROM scope WHERE unit = $1 AND class = $2";
        let end = self.one(sql, &[&scope.unit.as_str(), &class_name(scope.class)], |row| {
            let head = Head { seq: number(row, 1)?, link: Link(array(row, 2)?) };
            Ok(End { row: column(row, 0)?, head, moved: false })
        })?;
        if let Some(end) = end {
            self.ends.borrow_mut().insert(scope.clone(), end);
        }
        Ok(end)
    }

    /// Writes the heads that were moved into their rows.
    fn settle(&self) -> Result<()> {
        let mut ends = self.ends.borrow_mut();
        let moved: Vec<&mut End> = ends.values_mut().filter(|end| end.moved).collect();
        if moved.is_empty() {
            return Ok(());
        }
        let rows: Vec<i64> = moved.iter().map(|end| end.row).collect();
        let numbers: Vec<i64> = moved.iter().map(|end| int(end.head.seq)).collect();
        let links: Vec<&[u8]> = moved.iter().map(|end| end.head.link.0.as_slice()).collect();
        self.run(
            "UPDATE scope s SET seq = e.seq, link = e.link
             FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS e (id, seq, link) WHERE s.id = e.id",
            &[&rows, &numbers, &links],
        )?;
        moved.into_iter().for_each(|end| end.moved = false);
        Ok(())
    }
}
