//! Documents kept as one save instead of their changes, because they rest or came in a bundle: reading one, turning it
//! into its changes again, and the step that packs those that rest.

use crate::columns::{change_hash, document as document_id};
use crate::error::StoreError;
use crate::store::Store;
use crate::writing::Writing;
use rusqlite::{Connection, OptionalExtension};
use sanben_document::{ChangeHash, Document};
use sanben_domain::id::DocumentId;
use sanben_domain::time::Timestamp;

/// The hashes of the changes in a save.
pub(crate) fn hashes_in(blob: &[u8]) -> impl Iterator<Item = ChangeHash> + '_ {
    blob.chunks_exact(32).filter_map(|hash| hash.try_into().ok().map(ChangeHash))
}

/// Whether a change is in the save of its document.
pub(crate) fn save_holds(
    connection: &Connection,
    id: DocumentId,
    hash: ChangeHash,
) -> Result<bool, StoreError> {
    let blob: Option<Option<Vec<u8>>> = connection
        .prepare_cached("SELECT hashes FROM saved WHERE document = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(blob.flatten().is_some_and(|blob| hashes_in(&blob).any(|held| held == hash)))
}

/// The document that is kept as a save; `None` when there is none.
pub(crate) fn saved(connection: &Connection, id: DocumentId) -> Result<Option<Document>, StoreError> {
    let save: Option<Vec<u8>> = connection
        .prepare_cached("SELECT bytes FROM saved WHERE document = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let unreadable = |_| StoreError::Corrupt("a kept document can no longer be read".to_owned());
    save.map(|save| Document::load(&save).map_err(unreadable)).transpose()
}

/// Turns a save into its changes again, byte for byte, before something is added or taken out.
pub(crate) fn unpack(connection: &Connection, id: DocumentId) -> Result<(), StoreError> {
    let key = id.0.as_bytes();
    let Some(document) = saved(connection, id)? else { return Ok(()) };
    for (n, (hash, bytes)) in (1_i64..).zip(document.changes()) {
        connection
            .prepare_cached("INSERT INTO change (document, n, hash, bytes) VALUES (?1, ?2, ?3, ?4)")?
            .execute((key, n, hash.0, bytes))?;
    }
    connection.prepare_cached("DELETE FROM saved WHERE document = ?1")?.execute([key])?;
    Ok(())
}

/// What became of a step of compaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compacted {
    /// Documents that are kept as one save now.
    pub documents: usize,
    /// There are more.
    pub more: bool,
}

impl Store {
    /// Keeps documents that rest as one save each instead of their changes, at most so many. A case rests when it
    /// is closed or nothing happened to it since an instant, and no own work waits in it; a patrol when it began
    /// before. Their changes are in the save byte for byte: what would not come out again as it went in stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn compact(&self, since: Timestamp, limit: usize) -> Result<Compacted, StoreError> {
        self.write(|writing| {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let resting: Vec<DocumentId> = writing
                .prepare_cached(
                    "SELECT c.id FROM case_row c WHERE (c.open = 0 OR c.active < ?1)
                         AND EXISTS (SELECT 1 FROM change WHERE document = c.id)
                         AND NOT EXISTS (SELECT 1 FROM loose l WHERE l.document = c.id)
                         AND NOT EXISTS (SELECT 1 FROM outbox o
                                         WHERE o.document = c.id AND o.state IN (0, 2, 4))
                     LIMIT ?2",
                )?
                .query_map((since.0, limit), |row| document_id(row, 0))?
                .collect::<Result<_, _>>()?;
            let mut compacted = Compacted { documents: 0, more: i64::try_from(resting.len()) == Ok(limit) };
            for id in resting {
                compacted.documents += usize::from(pack(writing, id)?);
            }
            Ok(compacted)
        })
    }

    /// Gives the room of what was removed back to the disk, when it is worth it: more than a quarter of the file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn give_back_room(&self) -> Result<bool, StoreError> {
        self.vacuum()
    }
}

/// Keeps one document as a save, if every change comes out of it again byte for byte.
fn pack(writing: &mut Writing<'_>, id: DocumentId) -> Result<bool, StoreError> {
    let key = id.0.as_bytes();
    let mut changes: Vec<(ChangeHash, Vec<u8>)> = writing
        .prepare_cached("SELECT hash, bytes FROM change WHERE document = ?1")?
        .query_map([key], |row| Ok((change_hash(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let Some(document) = crate::writing::load(writing, id)? else { return Ok(false) };
    let save = document.save();
    let again = Document::load(&save).map(|document| document.changes()).unwrap_or_default();
    let hashes: Vec<u8> = again.iter().flat_map(|(hash, _)| hash.0).collect();
    let mut sorted = again;
    sorted.sort();
    changes.sort();
    if sorted != changes {
        writing.prepare_cached("INSERT OR IGNORE INTO loose VALUES (?1)")?.execute([key])?;
        return Ok(false);
    }
    writing.prepare_cached("DELETE FROM change WHERE document = ?1")?.execute([key])?;
    writing
        .prepare_cached("INSERT INTO saved (document, bytes, hashes) VALUES (?1, ?2, ?3)")?
        .execute((key, save, hashes))?;
    Ok(true)
}
