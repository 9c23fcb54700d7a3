//! What goes away again: documents that were erased, and those that were taken back out of a scope.
//!
//! An erased document leaves with everything that belongs to it, own unsent work too: what is in it may be about
//! somebody who asked for it. The file is written anew afterwards ([`Store::scrub`]), because a database keeps what was
//! deleted in the gaps of its pages. A document that was taken back goes as one of a lost scope does: not before
//! the own work in it was judged.

use crate::columns::{cbor, document};
use crate::error::StoreError;
use crate::files::PhotoFiles;
use crate::identity;
use crate::purge;
use crate::store::Store;
use crate::writing::Writing;
use rusqlite::Connection;
use sanben_document::{Intent, IntentBody, encode};
use sanben_domain::id::{DocumentId, Epoch, PhotoHash};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::device::Arrived;
use sanben_sync::note::{Erasure, Note, Noted};
use std::collections::BTreeMap;

/// Set while the file may still hold remnants of what was erased.
const SCRUB: &str = "scrub";
/// A file up to this size is written anew in memory, a larger one beside itself on the disk.
const IN_MEMORY_BYTES: i64 = 32 << 20;

impl Store {
    /// The documents that this replica knows to be erased, with the server's time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erased(&self) -> Result<Vec<(DocumentId, Timestamp)>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT document, at FROM erased ORDER BY at, document")?;
            let rows = statement.query_map([], |row| Ok((document(row, 0)?, Timestamp(row.get(1)?))))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Erasures that the present life of the log has not told of, at most so many: its server is to be shown them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erasures_to_show(&self, limit: usize) -> Result<Vec<Erasure>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT proof FROM erased WHERE proof IS NOT NULL
                 AND epoch IS NOT (SELECT value FROM meta WHERE key = 'epoch') ORDER BY document LIMIT ?1",
            )?;
            let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| cbor(row, 0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Notes that the server of this life of the log was shown them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erasures_shown(&self, shown: &[Erasure], to: Epoch) -> Result<(), StoreError> {
        if shown.is_empty() {
            return Ok(());
        }
        self.write(|writing| {
            for erasure in shown {
                writing
                    .prepare_cached("UPDATE erased SET epoch = ?2 WHERE document = ?1")?
                    .execute((erasure.document.0.as_bytes(), to.0.as_bytes()))?;
            }
            Ok(())
        })
    }

    /// Writes the database anew when it may still hold remnants of what was erased, so that they are in no file any
    /// more. `false` when that could not be done now: there was no room, or somebody else was reading. It is tried
    /// again with the next page and when the store is suspended.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] and [`StoreError::Io`].
    pub fn scrub(&self) -> Result<bool, StoreError> {
        if !self.read(remnants)? {
            return Ok(true);
        }
        match self.alone(scrub) {
            Err(StoreError::Full | StoreError::Busy) => Ok(false),
            done => done,
        }
    }
}

pub(crate) fn scrub(connection: &Connection) -> Result<bool, StoreError> {
    // Words that were taken out of the index wait in it until its parts are merged.
    for index in ["case_search", "matter_search"] {
        connection.execute(&format!("INSERT INTO {index} ({index}) VALUES ('optimize')"), [])?;
    }
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let place = if pages.saturating_mul(size) <= IN_MEMORY_BYTES { "MEMORY" } else { "FILE" };
    connection.pragma_update(None, "temp_store", place)?;
    let vacuumed = connection.execute_batch("VACUUM");
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    vacuumed?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        return Ok(false);
    }
    identity::set(connection, SCRUB, None)?;
    Ok(true)
}

/// Whether the file may hold remnants of what was erased.
pub(crate) fn remnants(connection: &Connection) -> Result<bool, StoreError> {
    Ok(identity::get(connection, SCRUB)?.is_some())
}

/// Takes in what the log says was erased, before anything else of the page: nothing of it is written here any more.
pub(crate) fn erase(
    writing: &mut Writing<'_>,
    notes: &[Noted],
    epoch: Option<Epoch>,
    files: &PhotoFiles,
) -> Result<(), StoreError> {
    for noted in notes {
        if let Note::Erase(erasure) = &noted.note {
            erase_one(writing, erasure, epoch, files)?;
        }
    }
    Ok(())
}

/// Takes in the words that came with refusals of own work: of documents whose scopes may not be held any more.
pub(crate) fn erase_refused(
    writing: &mut Writing<'_>,
    erased: &[Erasure],
    epoch: Epoch,
    files: &PhotoFiles,
) -> Result<(), StoreError> {
    erased.iter().try_for_each(|erasure| erase_one(writing, erasure, Some(epoch), files))
}

/// By the server's word drops a document with everything that belongs to it, own work that waits too, and never takes it
/// in again. With a case go the own contacts of it that the server never had, of which no word will ever come.
fn erase_one(
    writing: &mut Writing<'_>,
    erasure: &Erasure,
    epoch: Option<Epoch>,
    files: &PhotoFiles,
) -> Result<(), StoreError> {
    let id = erasure.document;
    writing
        .prepare_cached(
            "INSERT INTO erased (document, at, proof, epoch) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET proof = excluded.proof, epoch = coalesce(excluded.epoch, epoch)",
        )?
        .execute((id.0.as_bytes(), erasure.at.0, encode(erasure), epoch.map(|epoch| epoch.0.into_bytes())))?;
    for contact in own_contacts(writing, id)? {
        drop_all(writing, contact, files)?;
    }
    drop_all(writing, id, files)
}

/// The contacts of a case in own work that is not in the log: it waits, was refused or was given up.
fn own_contacts(connection: &Connection, case: DocumentId) -> Result<Vec<DocumentId>, StoreError> {
    // An intent names its case by its bytes: few are read.
    let mut statement = connection.prepare_cached(
        "SELECT document, intent FROM outbox WHERE state <> 1 AND instr(intent, ?1) > 0 ORDER BY id",
    )?;
    let naming = statement
        .query_map([case.0.as_bytes()], |row| Ok((document(row, 0)?, cbor::<Intent>(row, 1)?.body)))?;
    let mut contacts = Vec::new();
    for found in naming {
        match found? {
            (contact, IntentBody::AddContact { case: of, .. }) if of == case => contacts.push(contact),
            _ => {}
        }
    }
    Ok(contacts)
}

/// Drops a document with everything that belongs to it, if there is anything.
fn drop_all(writing: &mut Writing<'_>, id: DocumentId, files: &PhotoFiles) -> Result<(), StoreError> {
    let key = [id.0.as_bytes()];
    let held = "SELECT 1 WHERE EXISTS (SELECT 1 FROM document WHERE id = ?1)
                OR EXISTS (SELECT 1 FROM outbox WHERE document = ?1)
                OR EXISTS (SELECT 1 FROM draft WHERE id = ?1)
                OR EXISTS (SELECT 1 FROM quarantine WHERE document = ?1)
                OR EXISTS (SELECT 1 FROM past_change WHERE document = ?1)";
    if !writing.prepare_cached(held)?.exists(key)? {
        return Ok(());
    }
    let mut photos: Vec<PhotoHash> = writing
        .prepare_cached(
            "SELECT hash FROM outbox_photo WHERE document = ?1 UNION SELECT hash FROM draft_photo WHERE draft = ?1",
        )?
        .query_map(key, |row| crate::columns::photo_hash(row, 0))?
        .collect::<Result<_, _>>()?;
    photos.extend(purge::cited(writing, id)?);
    writing.prepare_cached("DELETE FROM draft_photo WHERE draft = ?1")?.execute(key)?;
    let drafts = writing.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute(key)?;
    writing.changed.drafts |= drafts > 0;
    writing
        .prepare_cached("DELETE FROM handed_on WHERE outbox IN (SELECT id FROM outbox WHERE document = ?1)")?
        .execute(key)?;
    for table in ["outbox", "taken_back", "document_scope", "doubted", "past_change"] {
        writing.execute(&format!("DELETE FROM {table} WHERE document = ?1"), key)?;
    }
    purge::forget(writing, id, files)?;
    for photo in photos {
        purge::forget_photo(writing, photo, files)?;
        // What other own work cites: the server may have dropped it before it heard of that, whatever it received.
        let kept = writing
            .prepare_cached("UPDATE photo SET receipt = NULL, sent = 0 WHERE hash = ?1")?
            .execute([photo.0])?;
        if kept > 0 {
            writing.changed.photos.insert(photo);
        }
    }
    writing.changed.outbox = true;
    leave_remnants(writing)
}

/// Notes that the file holds remnants of what may lie in it no more.
pub(crate) fn leave_remnants(writing: &Writing<'_>) -> Result<(), StoreError> {
    identity::set(writing, SCRUB, Some(&[1]))
}

/// Takes in what the log says was taken back, after the changes of the page: what came into a scope again behind that is
/// there again. What is of a later version is kept for it.
pub(crate) fn take_back(
    writing: &mut Writing<'_>,
    changes: &[Arrived],
    notes: &[Noted],
    files: &PhotoFiles,
) -> Result<(), StoreError> {
    let noted = |noted: &Noted| !matches!(noted.note, Note::Erase(_));
    let waiting = "SELECT 1 FROM taken_back LIMIT 1";
    if !notes.iter().any(noted) && !writing.prepare_cached(waiting)?.exists([])? {
        return Ok(());
    }
    let mut last: BTreeMap<(DocumentId, &Scope), (u64, bool)> = BTreeMap::new();
    let mut stands = |document, scope, seq, out| {
        let last = last.entry((document, scope)).or_insert((seq, out));
        if last.0 <= seq {
            *last = (seq, out);
        }
    };
    for noted in notes {
        match &noted.note {
            Note::DocOut { document } => stands(*document, &noted.scope, noted.seq, true),
            Note::Later { kind, body } => {
                writing
                    .prepare_cached("INSERT OR IGNORE INTO later_note VALUES (?1, ?2, ?3, ?4, ?5)")?
                    .execute((
                        encode(&noted.scope),
                        crate::columns::signed(noted.seq),
                        kind,
                        body,
                        noted.received.0,
                    ))?;
            }
            Note::Erase(_) => {}
        }
    }
    for change in changes {
        stands(change.document, &change.scope, change.seq, false);
    }
    for ((document, scope), (_, out)) in last {
        let row = (document.0.as_bytes(), encode(scope));
        let sql = if out {
            "INSERT OR IGNORE INTO taken_back VALUES (?1, ?2)"
        } else {
            "DELETE FROM taken_back WHERE document = ?1 AND scope = ?2"
        };
        writing.prepare_cached(sql)?.execute(row)?;
    }
    let noted: Vec<(DocumentId, Vec<u8>)> = writing
        .prepare_cached("SELECT document, scope FROM taken_back")?
        .query_map([], |row| Ok((document(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, scope) in noted {
        if purge::out_of(writing, id, &scope, files)? {
            writing
                .prepare_cached("DELETE FROM taken_back WHERE document = ?1 AND scope = ?2")?
                .execute((id.0.as_bytes(), &scope))?;
        }
    }
    Ok(())
}

/// Another life of the log says again what was taken back.
pub(crate) fn begin_life(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    writing.execute_batch("DELETE FROM taken_back; DELETE FROM later_note;")?;
    Ok(())
}

/// Documents among these that were erased.
pub(crate) fn erased_among(
    connection: &Connection,
    documents: Vec<DocumentId>,
) -> Result<Vec<DocumentId>, StoreError> {
    let any = connection.prepare_cached("SELECT 1 FROM erased LIMIT 1")?.exists([])?;
    let mut erased = Vec::new();
    if any {
        for id in documents {
            if connection
                .prepare_cached("SELECT 1 FROM erased WHERE document = ?1")?
                .exists([id.0.as_bytes()])?
            {
                erased.push(id);
            }
        }
    }
    Ok(erased)
}
