//! The file of the log: opened, recognised, brought up to date.

use crate::log::{Life, LogError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// "Sanb": says to other programs, and to us, whose file this is.
const APPLICATION: i32 = 0x5361_6e62;
/// Numbered, append-only: what was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("001_log.sql"),
    include_str!("002_sharing.sql"),
    include_str!("003_review.sql"),
    include_str!("004_shown.sql"),
    include_str!("005_gone.sql"),
    include_str!("006_trail.sql"),
    include_str!("007_photo_out.sql"),
    include_str!("008_shown_by.sql"),
];
/// Other processes write for milliseconds; an import for a second or two.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn open(path: &Path, new: &Life) -> Result<Connection, LogError> {
    let mut connection = connect(path, OpenFlags::default())?;
    write_ahead(&connection)?;
    // "Accepted" means durable: the answer waits for the disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    migrate(&mut connection, new)?;
    Ok(connection)
}

/// Turns the write-ahead log on. Processes that open a new file at once stand in each other's way here, and
/// SQLite says "busy" at once instead of waiting (two who read both want to write: no waiting would end that).
fn write_ahead(connection: &Connection) -> Result<(), LogError> {
    let begun = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            done => return Ok(done?),
        }
    }
}

pub(super) fn open_beside(path: &Path) -> Result<Connection, LogError> {
    connect(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)
}

pub(super) fn open_reader(path: &Path) -> Result<Connection, LogError> {
    let connection = open_beside(path)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, LogError> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Plans do not depend on bound values: else every cached statement compiles anew at each use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn migrate(connection: &mut Connection, new: &Life) -> Result<(), LogError> {
    let number = |connection: &Connection, name: &str| -> Result<i64, LogError> {
        Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
    };
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (application, version) = (number(&tx, "application_id")?, number(&tx, "user_version")?);
    let tables: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != i64::from(APPLICATION) && (tables > 0 || version > 0) {
        return Err(LogError::Foreign);
    }
    let done = usize::try_from(version).map_err(|_| LogError::Foreign)?;
    let missing = MIGRATIONS.get(done..).ok_or(LogError::Newer)?;
    for migration in missing {
        tx.execute_batch(migration)?;
    }
    if done == 0 {
        tx.pragma_update(None, "application_id", APPLICATION)?;
        tx.execute(
            "INSERT INTO life (only, epoch, server) VALUES (1, ?1, ?2)",
            params![new.epoch.0.as_bytes(), new.server],
        )?;
    }
    if !missing.is_empty() {
        tx.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    }
    tx.commit()?;
    Ok(())
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            // A value that is not what only we write there.
            None if matches!(
                error,
                rusqlite::Error::FromSqlConversionFailure(..)
                    | rusqlite::Error::InvalidColumnType(..)
                    | rusqlite::Error::IntegralValueOutOfRange(..)
            ) =>
            {
                Self::Damaged(error.to_string())
            }
            _ => Self::Unusable(error.to_string()),
        }
    }
}
