//! The word index of cases: what can be found by words, kept up to date, and read later where a batch of cases arrives.

use crate::columns::cbor;
use crate::error::StoreError;
use crate::project::BATCH;
use crate::words;
use crate::writing::Writing;
use rusqlite::{Connection, OptionalExtension};
use sanben_domain::case::CaseRecord;
use sanben_domain::reference::Reference;
use sha2::{Digest, Sha256};

/// What can be searched of a case, with a hash that tells whether it changed.
pub(crate) fn words_of(record: &CaseRecord, reference: &Reference) -> ([u8; 8], String) {
    let point = record.point.as_ref().and_then(|id| reference.points.get(id));
    let standard = record.standard.as_ref().and_then(|id| reference.standards.get(id));
    let texts = std::iter::once(record.description.as_str())
        .chain(record.point.as_ref().map(|id| id.as_str()))
        .chain(point.map(|point| point.name.as_str()))
        .chain(standard.map(|standard| standard.name.as_str()))
        .chain(record.events.values().filter_map(|event| event.act.words()));
    let words = words::index(&texts.collect::<Vec<_>>().join("\n"));
    (Sha256::digest(&words).first_chunk().copied().unwrap_or_default(), words)
}

pub(crate) fn known_words(connection: &Connection, n: i64) -> Result<Vec<u8>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT words FROM case_row WHERE n = ?1")?;
    Ok(statement.query_row([n], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Brings the word index up to date; gives the hash of what it holds now.
pub(crate) fn write_words(
    connection: &Connection,
    n: i64,
    record: &CaseRecord,
    reference: &Reference,
) -> Result<Vec<u8>, StoreError> {
    let (hash, words) = words_of(record, reference);
    let before = known_words(connection, n)?;
    if before != hash {
        // A case that was recorded and never read again is not in the index yet.
        if !before.is_empty() {
            connection.prepare_cached("DELETE FROM case_search WHERE rowid = ?1")?.execute([n])?;
        }
        connection
            .prepare_cached("INSERT INTO case_search (rowid, words) VALUES (?1, ?2)")?
            .execute((n, words))?;
    }
    Ok(hash.to_vec())
}

/// Whether there are texts that the word index does not hold yet.
pub(crate) fn has_unread(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM case_unread LIMIT 1")?.exists([])?)
}

/// Takes texts into the word index that waited for it, a batch of them.
pub(crate) fn read_words(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    let waiting: Vec<i64> = writing
        .prepare_cached(
            "DELETE FROM case_unread WHERE n IN (SELECT n FROM case_unread LIMIT ?1) RETURNING n",
        )?
        .query_map([BATCH], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if waiting.is_empty() {
        return Ok(());
    }
    let reference = writing.reference()?;
    for n in waiting {
        let record = writing
            .prepare_cached("SELECT record FROM case_content WHERE n = ?1")?
            .query_row([n], |row| cbor::<CaseRecord>(row, 0))
            .optional()?;
        if let Some(record) = record {
            let hash = write_words(writing, n, &record, &reference)?;
            writing.prepare_cached("UPDATE case_row SET words = ?2 WHERE n = ?1")?.execute((n, hash))?;
        }
    }
    Ok(())
}
