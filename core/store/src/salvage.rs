//! Reading the unsent work out of a damaged file, without touching it.
//!
//! First as a database, on a copy: whatever rows SQLite still finds, from both ends and around the damage.
//! Then byte by byte, in the database and in its log: an intent is recognised by how its CBOR begins, whether
//! or not any page around it makes sense. What is found only that way may have been delivered long ago;
//! sending it again has no second effect, because an event keeps its id.

use crate::columns::{cbor, document};
use crate::connection;
use crate::error::StoreError;
use crate::files::PhotoFiles;
use crate::key::StoreKey;
use crate::outbox::{self, ACCEPTED, DISCARDED, OutboxId};
use crate::record::Made;
use crate::resting;
use crate::store::{Changed, DATABASE, Options, Store};
use rusqlite::{Connection, OptionalExtension, Row};
use sanben_document::{ChangeHash, ChangeHeader, Intent};
use sanben_domain::id::{DocumentId, EventId, PhotoHash};
use sanben_domain::time::Timestamp;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// How an intent's CBOR goes on after the head of its map: `"v": 1, "document"`.
const BEGINNING: &[u8] = b"\x61v\x01\x68document";
/// Longer intents have overflow pages in between and cannot be read byte by byte anyway.
const LONGEST: usize = 64 * 1024;
const BLOCK: usize = 1 << 20;
/// Rows looked for one by one in the middle of the damage.
const PROBES: i64 = 20_000;

/// Work that could still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// What was meant.
    pub intent: Intent,
    /// When it was recorded, by the device's clock.
    pub recorded: Timestamp,
    /// Whether the server had accepted it; `None` when the file no longer says.
    pub accepted: Option<bool>,
    /// The person had given it up.
    pub discarded: bool,
    /// The bytes of the change, where they could be read too.
    pub change: Option<Vec<u8>>,
    /// The photos it cites, but for those that the file knows to be delivered.
    pub photos: Vec<PhotoHash>,
}

/// Reads what can still be read of the outbox in a store's folder, in the order it was recorded. The files
/// there are not changed; a copy of the database is made beside them for as long as it takes.
///
/// # Errors
/// [`StoreError::Io`] when the file itself cannot be read.
pub fn salvage(dir: &Path) -> Result<Vec<Salvaged>, StoreError> {
    salvaged(dir, None)
}

/// The same of an encrypted store: SQLite's pages open one by one, so that the rows around the damage are found; the
/// bytes in between say nothing.
///
/// # Errors
/// As [`salvage`].
pub fn salvage_encrypted(dir: &Path, key: &StoreKey) -> Result<Vec<Salvaged>, StoreError> {
    salvaged(dir, Some(key))
}

fn salvaged(dir: &Path, key: Option<&StoreKey>) -> Result<Vec<Salvaged>, StoreError> {
    let mut found: BTreeMap<EventId, Salvaged> = BTreeMap::new();
    let copy = dir.join("salvage");
    // Whatever goes wrong with the copy (no room, no database any more), the bytes are still looked at.
    if let Ok(rows) = copied(dir, &copy).and_then(|path| rows(&path, key)) {
        found.extend(rows.into_iter().map(|row| (row.intent.event, row)));
    }
    let _ = std::fs::remove_dir_all(&copy);
    for file in files(dir) {
        for intent in scan(&file)? {
            found.entry(intent.event).or_insert_with(|| Salvaged {
                recorded: intent.at.wall,
                photos: intent.body.photos(),
                intent,
                accepted: None,
                discarded: false,
                change: None,
            });
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|row| (row.recorded, row.intent.event));
    Ok(found)
}

/// Where the file of a photo lies in the folder of a store that is not encrypted, whether or not it is there.
#[must_use]
pub fn salvaged_photo(dir: &Path, hash: PhotoHash) -> PathBuf {
    PhotoFiles { dir: dir.to_owned(), key: None }.original(hash)
}

/// A photo out of a store's folder; `None` when its file is not there. Photos lie beside the database: whatever became
/// of that, they are as they were.
///
/// # Errors
/// [`StoreError::Io`] for one that cannot be read.
pub fn photo_in(dir: &Path, key: Option<&StoreKey>, hash: PhotoHash) -> Result<Option<Vec<u8>>, StoreError> {
    let files = PhotoFiles { dir: dir.to_owned(), key: key.cloned() };
    match files.read_original(hash, 0, usize::MAX) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The database and its log, where the latest commits are.
fn files(dir: &Path) -> [PathBuf; 2] {
    [dir.join(DATABASE), dir.join(format!("{DATABASE}-wal"))]
}

fn copied(dir: &Path, to: &Path) -> Result<PathBuf, StoreError> {
    std::fs::create_dir_all(to)?;
    for from in files(dir) {
        if let Some(name) = from.file_name().filter(|_| from.exists()) {
            std::fs::copy(&from, to.join(name))?;
        }
    }
    Ok(to.join(DATABASE))
}

fn rows(path: &Path, key: Option<&StoreKey>) -> Result<Vec<Salvaged>, StoreError> {
    let connection = connection::writer(path, Options { durable: false }, key)?;
    let (mut found, mut low, mut high) = (Vec::new(), 0, i64::MAX);
    // From the front until the damage, from the back until the damage, then whatever lies between.
    while let Ok(Some((id, row))) = row_where(&connection, "id > ?1 ORDER BY id", low) {
        found.push(row);
        low = id;
    }
    while let Ok(Some((id, row))) = row_where(&connection, "id < ?1 ORDER BY id DESC", high) {
        if id <= low {
            return Ok(found);
        }
        found.push(row);
        high = id;
    }
    for id in low.saturating_add(1)..high.min(low.saturating_add(PROBES)) {
        if let Ok(Some((_, row))) = row_where(&connection, "id = ?1", id) {
            found.push(row);
        }
    }
    Ok(found)
}

fn row_where(
    connection: &Connection,
    condition: &str,
    id: i64,
) -> Result<Option<(i64, Salvaged)>, StoreError> {
    let sql =
        format!("SELECT id, document, intent, recorded, state, hash FROM outbox WHERE {condition} LIMIT 1");
    let read = |row: &Row<'_>| {
        let state: i64 = row.get(4)?;
        let intent: Intent = cbor(row, 2)?;
        let salvaged = Salvaged {
            photos: intent.body.photos(),
            intent,
            recorded: Timestamp(row.get(3)?),
            accepted: Some(state == ACCEPTED),
            discarded: state == DISCARDED,
            change: None,
        };
        Ok((row.get(0)?, document(row, 1)?, row.get::<_, [u8; 32]>(5)?, salvaged))
    };
    let found = connection.prepare_cached(&sql)?.query_row([id], read).optional()?;
    Ok(found.map(|(id, document, hash, mut row)| {
        row.change = change(connection, document, hash);
        row.photos.retain(|photo| !delivered(connection, *photo));
        (id, row)
    }))
}

/// The change, if it is whole: its bytes carry their own checksum. A document at rest is kept as one save, from which
/// it comes out as it was.
fn change(connection: &Connection, document: DocumentId, hash: [u8; 32]) -> Option<Vec<u8>> {
    let of_its_own = "SELECT bytes FROM change WHERE document = ?1 AND hash = ?2";
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached(of_its_own)
        .and_then(|mut statement| {
            statement.query_row((document.0.as_bytes(), hash), |row| row.get(0)).optional()
        })
        .ok()?;
    let bytes = bytes.or_else(|| {
        let document = resting::saved(connection, document).ok()??;
        document.changes().into_iter().find(|(held, _)| held.0 == hash).map(|(_, bytes)| bytes)
    })?;
    ChangeHeader::of(&bytes).is_some_and(|header| header.hash.0 == hash).then_some(bytes)
}

/// Whether the server confirmed a photo; not when the file no longer says.
fn delivered(connection: &Connection, photo: PhotoHash) -> bool {
    let receipt = "SELECT 1 FROM photo WHERE hash = ?1 AND receipt IS NOT NULL";
    connection.prepare_cached(receipt).and_then(|mut statement| statement.exists([photo.0])).unwrap_or(false)
}

impl Store {
    /// Takes over work that the log holds already, so that its photos are offered to the server from here;
    /// [`Store::put_photo`] brings their bytes. `false` when this store delivers them as its own already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn adopt(&self, work: &Salvaged) -> Result<(bool, Changed), StoreError> {
        let intent = &work.intent;
        self.write(|writing| {
            let cited = "SELECT 1 FROM outbox_photo WHERE document = ?1 AND hash = ?2";
            let mut all_here = true;
            for photo in &work.photos {
                all_here &= writing.prepare_cached(cited)?.exists((intent.document.0.as_bytes(), photo.0))?;
            }
            if all_here {
                return Ok((false, Changed::default()));
            }
            let header = work.change.as_deref().and_then(ChangeHeader::of);
            let hash = header.map_or(ChangeHash([0; 32]), |header| header.hash);
            let made = Made { hash, photos: intent.body.photos() };
            outbox::add(writing, intent, &made, work.recorded)?;
            let id = OutboxId(writing.last_insert_rowid());
            outbox::accept(writing, id, intent.document, outbox::ELSEWHERE, work.recorded)?;
            Ok((true, writing.finish()?))
        })
    }
}

/// Looks for intents anywhere in a file.
fn scan(path: &Path) -> Result<Vec<Intent>, StoreError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    let mut window: Vec<u8> = Vec::with_capacity(BLOCK + LONGEST);
    loop {
        let read = file.by_ref().take(BLOCK as u64).read_to_end(&mut window)?;
        // Those that begin in the last stretch are read with the next block, which has their end.
        let certain = if read < BLOCK { window.len() } else { window.len().saturating_sub(LONGEST) };
        for at in begins(&window).filter(|at| *at < certain) {
            let mut rest = window.get(at..).unwrap_or_default();
            if let Ok(intent) = ciborium::de::from_reader_with_recursion_limit(&mut rest, 32) {
                found.push(intent);
            }
        }
        if read < BLOCK {
            return Ok(found);
        }
        window.drain(..certain);
    }
}

/// Where an intent may begin: one byte (the head of the map) before its first key.
fn begins(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let hits = bytes.windows(BEGINNING.len()).enumerate().filter(|(_, window)| *window == BEGINNING);
    hits.filter_map(|(at, _)| at.checked_sub(1))
}
