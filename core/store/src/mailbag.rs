//! Mailbags of others: taken along sealed, handed in with a sync, kept until the server has all that is in them.
//!
//! One that the server received and could not judge whole has `received`, and its bytes still. `taken` is then when it
//! was offered last, so that it stands behind those that it may wait for.

use crate::columns::count;
use crate::error::StoreError;
use crate::store::Store;
use rusqlite::OptionalExtension;
use sanben_domain::time::Timestamp;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A mailbag that this device took along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbag {
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// How large it was while it is here, bytes.
    pub size: u64,
    /// When it was taken, or offered last, by the device's clock.
    pub taken: Timestamp,
    /// When the server first had it.
    pub received: Option<Timestamp>,
    /// When it was set aside, by the device's clock: the server cannot open it, or did not take all of it in for long.
    pub refused: Option<Timestamp>,
}

impl Mailbag {
    /// Whether the server still has to have it, or what it left of it for later.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.refused.is_none() && (self.received.is_none() || self.size > 0)
    }

    /// Whether it goes with a sync now. What the server left for later is offered after as long again as it has been
    /// waiting, and at least once a day.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let gap = self.received.map_or(0, |received| self.taken.since(received).clamp(0, DAY_MS));
        self.waits() && (self.received.is_none() || now.since(self.taken) >= gap)
    }
}

impl Store {
    /// Takes a mailbag along; `false` when it was here before and waits. One that was set aside or that the server has had
    /// waits again: whoever brings it again has not heard from the server, whose log may have been put back since.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_mailbag(&self, hash: [u8; 32], bytes: &[u8], taken: Timestamp) -> Result<bool, StoreError> {
        self.write(|writing| {
            let new = writing
                .prepare_cached(
                    "INSERT INTO mailbag (hash, bytes, taken) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE
                     SET bytes = excluded.bytes, taken = excluded.taken, received = NULL, refused = NULL
                     WHERE refused IS NOT NULL OR received IS NOT NULL",
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

    /// Sets a mailbag aside that the server cannot open, or did not take all of in for long.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mailbag_refused(&self, hash: [u8; 32], at: Timestamp) -> Result<(), StoreError> {
        self.write(|writing| {
            writing
                .prepare_cached("UPDATE mailbag SET refused = ?2 WHERE hash = ?1 AND bytes IS NOT NULL")?
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

    /// Notes that the server had it and left some of it for later: the bytes stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mailbag_postponed(
        &self,
        hash: [u8; 32],
        received: Timestamp,
        offered: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|writing| {
            writing
                .prepare_cached(
                    "UPDATE mailbag SET received = coalesce(received, ?2), taken = max(taken, ?3) WHERE hash = ?1",
                )?
                .execute((hash, received.0, offered.0))?;
            Ok(())
        })
    }

    /// Notes the server's receipt for all of it; the bytes go.
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
