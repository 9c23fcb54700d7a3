//! Mailbags of others: taken along sealed, handed in with a sync, kept until the server's receipt.

use crate::columns::count;
use crate::error::StoreError;
use crate::store::Store;
use rusqlite::OptionalExtension;
use sanben_domain::time::Timestamp;

/// A mailbag that this device took along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbag {
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// How large it was while it is here, bytes.
    pub size: u64,
    /// When it was taken, by the device's clock.
    pub taken: Timestamp,
    /// When the server had it.
    pub received: Option<Timestamp>,
    /// When the server said that it cannot be opened, by the device's clock: it is set aside.
    pub refused: Option<Timestamp>,
}

impl Mailbag {
    /// Whether it goes with the next sync.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.received.is_none() && self.refused.is_none()
    }
}

impl Store {
    /// Takes a mailbag along; `false` when it was here before. One that was set aside waits again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_mailbag(&self, hash: [u8; 32], bytes: &[u8], taken: Timestamp) -> Result<bool, StoreError> {
        self.write(|writing| {
            let new = writing
                .prepare_cached(
                    "INSERT INTO mailbag (hash, bytes, taken) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE
                     SET bytes = excluded.bytes, taken = excluded.taken, refused = NULL
                     WHERE refused IS NOT NULL",
                )?
                .execute((hash, bytes, taken.0))?;
            Ok(new > 0)
        })
    }

    /// The mailbags, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mailbags(&self) -> Result<Vec<Mailbag>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT hash, coalesce(length(bytes), 0), taken, received, refused FROM mailbag
                 ORDER BY taken, hash",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Mailbag {
                    hash: row.get(0)?,
                    size: count(row, 1)?,
                    taken: Timestamp(row.get(2)?),
                    received: row.get::<_, Option<i64>>(3)?.map(Timestamp),
                    refused: row.get::<_, Option<i64>>(4)?.map(Timestamp),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The bytes of a mailbag that waits; `None` when it was handed in, or is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mailbag_bytes(&self, hash: [u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT bytes FROM mailbag WHERE hash = ?1")?;
            Ok(statement.query_row([hash], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// Sets a mailbag aside that the server cannot open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mailbag_refused(&self, hash: [u8; 32], at: Timestamp) -> Result<(), StoreError> {
        self.write(|writing| {
            writing
                .prepare_cached("UPDATE mailbag SET refused = ?2 WHERE hash = ?1 AND received IS NULL")?
                .execute((hash, at.0))?;
            Ok(())
        })
    }

    /// Gives the room of what was set aside to others; that it was here is remembered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drop_refused_mailbags(&self) -> Result<(), StoreError> {
        self.write(|writing| {
            writing.execute("UPDATE mailbag SET bytes = NULL WHERE refused IS NOT NULL", [])?;
            Ok(())
        })
    }

    /// Notes the server's receipt; the bytes go.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mailbag_received(&self, hash: [u8; 32], at: Timestamp) -> Result<(), StoreError> {
        self.write(|writing| {
            writing
                .prepare_cached("UPDATE mailbag SET bytes = NULL, received = ?2 WHERE hash = ?1")?
                .execute((hash, at.0))?;
            Ok(())
        })
    }
}
