//! Scopes that are no longer held, or that a document was taken back out of: what came through them goes, own work
//! that is not delivered stays.

use crate::columns::{KINDS, cbor, document, number, signed, variant};
use crate::error::StoreError;
use crate::files::PhotoFiles;
use crate::gone;
use crate::life;
use crate::reference;
use crate::writing::Writing;
use rusqlite::{Connection, OptionalExtension};
use sanben_document::{Document, Kind, encode};
use sanben_domain::case::CaseRecord;
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_domain::matter::MatterRecord;
use sanben_domain::patrol::{PatrolAct, PatrolRecord};
use sanben_domain::rights::{Scope, ScopeClass};

/// SQL for: own work waits in this document, for the server, for a person, or for a photo's receipt.
fn waits(document: &str) -> String {
    format!(
        "(EXISTS (SELECT 1 FROM outbox o WHERE o.document = {document} AND o.state IN (0, 2, 4))
          OR EXISTS (SELECT 1 FROM outbox_photo c JOIN photo USING (hash)
                     WHERE c.document = {document} AND receipt IS NULL AND gone IS NULL))"
    )
}

/// Notes lost scopes and purges those noted, now and earlier. A document with own work that waits (for the
/// server, for a person, for its photos) goes with a later page, when nothing waits in it any more.
pub(crate) fn lost(
    writing: &mut Writing<'_>,
    scopes: &[Scope],
    files: &PhotoFiles,
) -> Result<(), StoreError> {
    for scope in scopes {
        let scope = encode(scope);
        writing.prepare_cached("DELETE FROM cursor WHERE scope = ?1")?.execute([&scope])?;
        writing.prepare_cached("DELETE FROM bundle WHERE scope = ?1")?.execute([&scope])?;
        writing.prepare_cached("INSERT OR IGNORE INTO lost_scope VALUES (?1)")?.execute([&scope])?;
    }
    let noted: Vec<Scope> = writing
        .prepare_cached("SELECT scope FROM lost_scope")?
        .query_map([], |row| cbor(row, 0))?
        .collect::<Result<_, _>>()?;
    for scope in noted {
        match scope.class {
            ScopeClass::People => reference::forget_people(writing)?,
            ScopeClass::Reference => reference::keep_the_map(writing)?,
            _ => {}
        }
        if !purge(writing, &scope, files)? {
            continue;
        }
        writing.prepare_cached("DELETE FROM lost_scope WHERE scope = ?1")?.execute([encode(&scope)])?;
    }
    Ok(())
}

/// Purges a scope; says whether nothing of it is left. What came through another scope too stays in that one.
fn purge(writing: &mut Writing<'_>, scope: &Scope, files: &PhotoFiles) -> Result<bool, StoreError> {
    let bytes = encode(scope);
    // What was recorded here and never accepted came through no scope: it lies in its home.
    let kinds = KINDS.iter().filter(|kind| kind.scope(&scope.unit) == *scope);
    // Numbers of ours, not text from outside.
    let kinds: Vec<String> = kinds.map(|kind| number(KINDS, *kind).to_string()).collect();
    let sql = format!(
        "SELECT id, EXISTS (SELECT 1 FROM document_scope s WHERE s.document = d.id AND s.scope <> ?1), {}
         FROM document d
         WHERE id IN (SELECT document FROM document_scope WHERE scope = ?1)
             OR home = ?2 AND kind IN ({})
                AND NOT EXISTS (SELECT 1 FROM document_scope s WHERE s.document = d.id)",
        waits("d.id"),
        kinds.join(", ")
    );
    let rows: Vec<(DocumentId, bool, bool)> = writing
        .prepare_cached(&sql)?
        .query_map((&bytes, scope.unit.as_str()), |row| Ok((document(row, 0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut left = false;
    for (id, elsewhere, waits) in rows {
        left |= !leave(writing, id, &bytes, elsewhere, waits, files)?;
    }
    Ok(!left)
}

/// SQL for the documents with accepted work that are in no scope, whether something waits in them, and whether the
/// server said of late that it has the work. The few first
/// (CROSS JOIN keeps the order): a sync with nothing new must not go through all documents.
pub(crate) fn all_unscoped() -> String {
    format!(
        "SELECT d.id, d.kind, d.home, {}, u.told FROM unscoped u CROSS JOIN document d ON d.id = u.document",
        waits("d.id")
    )
}

/// The server says that it has own work at a place of its home's log that was read past before: its document is in
/// that scope, although no entry will say so any more. So it is in stores that are older than the noting of scopes, and
/// without this `unscoped` would offer such work for ever.
pub(crate) fn passed(writing: &Writing<'_>, id: DocumentId, seq: u64) -> Result<(), StoreError> {
    let found: Option<(Kind, String)> = writing
        .prepare_cached("SELECT kind, home FROM document WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((variant(KINDS, row, 0)?, row.get(1)?)))
        .optional()?;
    let Some((kind, home)) = found else { return Ok(()) };
    writing
        .prepare_cached(
            "INSERT OR IGNORE INTO document_scope (document, scope)
             SELECT ?1, scope FROM cursor WHERE scope = ?2 AND seq >= ?3",
        )?
        .execute((id.0.as_bytes(), encode(&kind.scope(&home.as_str().into())), signed(seq)))?;
    Ok(())
}

/// Own work that was accepted, whose document came through no scope: it was recorded when the scope had been lost
/// already, or on the word of what held then. Where the scope is still not held, no page will ever say that it is
/// lost: the work goes. Where it is held again, its log has just been read and does not have the work: it was rolled
/// back meanwhile, which nothing else here could prove, and the work is offered again. Called when the log was read to
/// its end, so that what a held scope brings has arrived.
pub(crate) fn unscoped(writing: &mut Writing<'_>, files: &PhotoFiles) -> Result<(), StoreError> {
    writing.execute(
        "DELETE FROM unscoped WHERE document IN (SELECT document FROM document_scope)
             OR document NOT IN (SELECT id FROM document)",
        [],
    )?;
    let rows: Vec<(DocumentId, Kind, String, bool, bool)> = writing
        .prepare_cached(&all_unscoped())?
        .query_map([], |row| {
            Ok((document(row, 0)?, variant(KINDS, row, 1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?
        .collect::<Result<_, _>>()?;
    for (id, kind, home, waits, told) in rows {
        let home = encode(&kind.scope(&home.as_str().into()));
        if writing.prepare_cached("SELECT 1 FROM cursor WHERE scope = ?1")?.exists([home])? {
            if told {
                life::offer_all_again(writing, id)?;
            }
        } else if !waits {
            forget(writing, id, files)?;
        }
    }
    Ok(())
}

/// What an earlier life of the log had, of documents that are not here any more and lie in no scope that is held: it goes
/// as they would have. When in doubt about a document's home it goes too. Called when scopes were lost; while a log is
/// being read nobody knows yet which are held.
pub(crate) fn forget_past(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    if !life::is_settled(writing)? {
        return Ok(());
    }
    let ids: Vec<DocumentId> = writing
        .prepare_cached(
            "SELECT DISTINCT document FROM past_change p
             WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.id = p.document)",
        )?
        .query_map([], |row| document(row, 0))?
        .collect::<Result<_, _>>()?;
    for id in ids {
        let chunks: Vec<Vec<u8>> = writing
            .prepare_cached("SELECT bytes FROM past_change WHERE document = ?1")?
            .query_map([id.0.as_bytes()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let content = Document::from_changes(chunks.iter().map(Vec::as_slice)).and_then(|held| held.record());
        let home = content.map(|record| encode(&record.kind().scope(record.home())));
        let held = match home {
            Ok(home) => writing.prepare_cached("SELECT 1 FROM cursor WHERE scope = ?1")?.exists([home])?,
            Err(_) => false,
        };
        if !held {
            writing
                .prepare_cached("DELETE FROM past_change WHERE document = ?1")?
                .execute([id.0.as_bytes()])?;
        }
    }
    Ok(())
}

/// A document that is in the log no more, and in which nothing waits for the server. What is kept of it aside stays.
pub(crate) fn gone(writing: &mut Writing<'_>, id: DocumentId, files: &PhotoFiles) -> Result<(), StoreError> {
    let refused = "SELECT 1 FROM outbox WHERE document = ?1 AND state = 2";
    if writing.prepare_cached(refused)?.exists([id.0.as_bytes()])? {
        // A person has still to decide what becomes of their report, and its photos with it.
        return writing.drop_document(id);
    }
    forget_present(writing, id, files)
}

/// Takes a document out of a scope, and away when it is in no other one and nothing of one's own waits in it. `false`
/// when it stays for that, or because a new life of the log has not said yet which other scopes it is in.
pub(crate) fn out_of(
    writing: &mut Writing<'_>,
    id: DocumentId,
    scope: &[u8],
    files: &PhotoFiles,
) -> Result<bool, StoreError> {
    if !life::is_settled(writing)? {
        return Ok(false);
    }
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM document_scope s WHERE s.document = ?2 AND s.scope <> ?1), {}",
        waits("?2")
    );
    let (elsewhere, waits) = writing
        .prepare_cached(&sql)?
        .query_row((scope, id.0.as_bytes()), |row| Ok((row.get(0)?, row.get(1)?)))?;
    leave(writing, id, scope, elsewhere, waits, files)
}

fn leave(
    writing: &mut Writing<'_>,
    id: DocumentId,
    scope: &[u8],
    elsewhere: bool,
    waits: bool,
    files: &PhotoFiles,
) -> Result<bool, StoreError> {
    if !elsewhere && waits {
        return Ok(false);
    }
    writing
        .prepare_cached("DELETE FROM document_scope WHERE document = ?1 AND scope = ?2")?
        .execute((id.0.as_bytes(), scope))?;
    if !elsewhere {
        forget(writing, id, files)?;
    }
    Ok(true)
}

/// Forgets a document with what came through it, and what an earlier life of the log had of it.
pub(crate) fn forget(
    writing: &mut Writing<'_>,
    id: DocumentId,
    files: &PhotoFiles,
) -> Result<(), StoreError> {
    writing.prepare_cached("DELETE FROM past_change WHERE document = ?1")?.execute([id.0.as_bytes()])?;
    forget_present(writing, id, files)
}

fn forget_present(writing: &mut Writing<'_>, id: DocumentId, files: &PhotoFiles) -> Result<(), StoreError> {
    let key = [id.0.as_bytes()];
    let photos = cited(writing, id)?;
    // Should it be erased later, nobody would look for what is left of it here.
    let resident = "SELECT 1 FROM document WHERE id = ?1 AND kind IN (?2, ?3)";
    let kinds = (number(KINDS, Kind::Contact), number(KINDS, Kind::ResidentMatter));
    if writing.prepare_cached(resident)?.exists((id.0.as_bytes(), kinds.0, kinds.1))? {
        gone::leave_remnants(writing)?;
    }
    writing.drop_document(id)?;
    writing.prepare_cached("DELETE FROM quarantine WHERE document = ?1")?.execute(key)?;
    writing.prepare_cached("DELETE FROM outbox_photo WHERE document = ?1")?.execute(key)?;
    // What was delivered says what was seen there. What a person gave up is their own note; it stays.
    writing.prepare_cached("DELETE FROM outbox WHERE document = ?1 AND state = 1")?.execute(key)?;
    writing.prepare_cached("DELETE FROM photo_ahead WHERE document = ?1")?.execute(key)?;
    // Should it come again, it is as good as any other.
    writing.prepare_cached("DELETE FROM doubted WHERE document = ?1")?.execute(key)?;
    for hash in photos {
        forget_photo(writing, hash, files)?;
    }
    Ok(())
}

/// The photos that a case, patrol or matter cites.
pub(crate) fn cited(connection: &Connection, id: DocumentId) -> Result<Vec<PhotoHash>, StoreError> {
    let case: Option<CaseRecord> = connection
        .prepare_cached("SELECT record FROM case_row JOIN case_content USING (n) WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| cbor(row, 0))
        .optional()?;
    let patrol: Option<PatrolRecord> = connection
        .prepare_cached("SELECT record FROM patrol_row WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| cbor(row, 0))
        .optional()?;
    let visits = patrol.iter().flat_map(|patrol| patrol.events.values()).flat_map(|event| match &event.act {
        PatrolAct::Visit { photos, .. } => photos.as_slice(),
        _ => &[],
    });
    let matter: Option<MatterRecord> = connection
        .prepare_cached("SELECT record FROM matter_row WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| cbor(row, 0))
        .optional()?;
    let case = case.iter().flat_map(|case| case.photos.keys());
    let matter = matter.iter().flat_map(|matter| matter.photos.keys());
    Ok(case.chain(matter).chain(visits).copied().collect())
}

/// Forgets a photo that nothing of one's own cites.
pub(crate) fn forget_photo(
    writing: &mut Writing<'_>,
    hash: PhotoHash,
    files: &PhotoFiles,
) -> Result<(), StoreError> {
    let gone = writing
        .prepare_cached(
            "DELETE FROM photo WHERE hash = ?1
             AND NOT EXISTS (SELECT 1 FROM outbox_photo WHERE hash = ?1)
             AND NOT EXISTS (SELECT 1 FROM draft_photo WHERE hash = ?1)",
        )?
        .execute([hash.0])?;
    let elsewhere =
        writing.prepare_cached("DELETE FROM photo_elsewhere WHERE hash = ?1")?.execute([hash.0])?;
    if gone + elsewhere > 0 {
        writing.changed.photos.insert(hash);
    }
    if gone > 0 {
        writing.obsolete.push(files.original(hash));
    }
    writing.obsolete.extend(files.derived(hash));
    Ok(())
}
