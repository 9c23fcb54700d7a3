//! Opening connections: the pragmas, and why.

use crate::error::StoreError;
use crate::key::StoreKey;
use crate::store::Options;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Another connection of this process never holds the write lock (the mutex is taken first); only an outside
/// reader such as a backup tool can, and briefly.
const BUSY: Duration = Duration::from_secs(5);

/// The one connection that writes.
pub(crate) fn writer(
    path: &Path,
    options: Options,
    key: Option<&StoreKey>,
) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags)?;
    unlock(&connection, key)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(96);
    // Readers go on while one writes, and a commit is one append.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL syncs the log at every commit. NORMAL syncs at checkpoints only: after a power cut the last
    // commits may be missing, but the file is whole.
    connection.pragma_update(None, "synchronous", if options.durable { "FULL" } else { "NORMAL" })?;
    // On Apple systems a plain fsync leaves the data in the drive's own cache.
    connection.pragma_update(None, "fullfsync", options.durable)?;
    connection.pragma_update(None, "checkpoint_fullfsync", options.durable)?;
    // Gives the space of a log that grew in a large sync back after its checkpoint.
    connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
    // KiB, as a negative number: little, the phone has 3 GB.
    connection.pragma_update(None, "cache_size", -4096)?;
    common(&connection)?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path, key: Option<&StoreKey>) -> Result<Connection, StoreError> {
    // Opened for writing because the shared memory of WAL wants it; `query_only` forbids the rest.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags)?;
    unlock(&connection, key)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(48);
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -2048)?;
    common(&connection)?;
    Ok(connection)
}

/// Copies a database that lies open into a new one under a key, with everything that is not in its tables.
pub(crate) fn export(source: &Connection, to: &Path, key: &StoreKey) -> Result<(), StoreError> {
    #[cfg(feature = "encrypted")]
    {
        let to = to.to_str().ok_or_else(|| StoreError::Io("a folder whose name is no text".to_owned()))?;
        // The text holds the key: it appears in no error.
        source
            .execute("ATTACH DATABASE ?1 AS sealed KEY ?2", (to, key.literal().as_str()))
            .map_err(|_| StoreError::Io("the encrypted copy was not begun".to_owned()))?;
        source.query_row("SELECT sqlcipher_export('sealed')", [], |_| Ok(()))?;
        for what in ["user_version", "application_id"] {
            let value: i64 = source.pragma_query_value(None, what, |row| row.get(0))?;
            source.pragma_update(Some("sealed"), what, value)?;
        }
        source.execute_batch("DETACH DATABASE sealed")?;
        Ok(())
    }
    #[cfg(not(feature = "encrypted"))]
    {
        let _ = (source, to, key);
        Err(StoreError::NotEncrypting)
    }
}

/// Before anything else is asked of the file: without its key nothing in it can be read.
fn unlock(connection: &Connection, key: Option<&StoreKey>) -> Result<(), StoreError> {
    let Some(key) = key else { return Ok(()) };
    #[cfg(feature = "encrypted")]
    // The text holds the key: it is wiped, and appears in no error.
    return connection
        .execute_batch(&key.pragma())
        .map_err(|_| StoreError::Io("the key was not taken".to_owned()));
    #[cfg(not(feature = "encrypted"))]
    {
        let _ = (connection, key);
        Err(StoreError::NotEncrypting)
    }
}

fn common(connection: &Connection) -> Result<(), StoreError> {
    // A damaged page is noticed when it is read, not when its cells are used.
    connection.pragma_update(None, "cell_size_check", true)?;
    // No memory map: a failing disk would be a signal that kills the app instead of an error.
    connection.pragma_update(None, "mmap_size", 0)?;
    // Sorting never touches the disk: rows are few and slim.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Plans do not depend on bound values: else SQLite's STAT4 makes every cached statement compile anew at
    // each use (measured: 25.6 against 0.9 µs for the delivery of a case).
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
