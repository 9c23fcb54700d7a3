//! Lives of the log. When a log was restored and lives anew, everything held here is in doubt until the new
//! life brings it again. What it has not brought when it was read to its end is not in the log: own work is offered
//! again, rows of reference data and the work of others go, so that devices with the same cut show the same.

use crate::columns::{cbor, change_hash, document};
use crate::error::StoreError;
use crate::files::PhotoFiles;
use crate::outbox;
use crate::page::{CONFIRMED, EPOCH};
use crate::store::{Changed, Store};
use crate::writing::{Writing, load};
use crate::{gone, identity, purge, reference, resting};
use rusqlite::Connection;
use sanben_document::{ChangeHash, ChangeHeader, decode, encode};
use sanben_domain::id::{DocumentId, Epoch};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The scopes held when the log began its present life, or whose log is read again; absent once it has been read to
/// its end.
const HELD_BEFORE: &str = "held-before";

impl Store {
    /// The log was restored and lives anew: its cursors begin again, and own work that the old life accepted
    /// since an instant of the server's clock is offered again, with its photos. The heads of the old life are
    /// kept as proof. What the new life does not bring again goes when it has been read to its end; own work
    /// never.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_life(&self, epoch: Epoch, since: Timestamp) -> Result<Changed, StoreError> {
        // What is in doubt has to be known change by change.
        self.examine_all()?;
        self.write(|writing| {
            if identity::get(writing, EPOCH)?.as_deref() == Some(epoch.0.as_bytes().as_slice()) {
                return writing.finish();
            }
            writing.execute(
                "INSERT OR REPLACE INTO past_head
                 SELECT (SELECT value FROM meta WHERE key = ?1), scope, head FROM cursor
                 WHERE EXISTS (SELECT 1 FROM meta WHERE key = ?1)",
                [EPOCH],
            )?;
            // What was held before and is not named any more when the new life has been read is lost.
            let mut held: BTreeSet<Scope> = held_before(writing)?;
            held.extend(
                writing
                    .prepare_cached("SELECT scope FROM cursor")?
                    .query_map([], |row| cbor::<Scope>(row, 0))?
                    .collect::<Result<Vec<_>, _>>()?,
            );
            identity::set(writing, HELD_BEFORE, Some(&encode(&held)))?;
            writing.execute("DELETE FROM cursor", [])?;
            // Which scopes a document is in, the new life says again.
            writing.execute("DELETE FROM document_scope", [])?;
            writing.execute(
                "INSERT OR IGNORE INTO unscoped SELECT document, 0 FROM outbox WHERE state = 1",
                [],
            )?;
            doubt_saves(writing)?;
            writing.execute("DELETE FROM bundle", [])?;
            writing.execute("UPDATE reference_row SET doubted = 1", [])?;
            set_quarantined_aside(writing)?;
            gone::begin_life(writing)?;
            // What the old server said of photos, this one says again.
            writing.execute("DELETE FROM photo_ahead", [])?;
            writing.execute("UPDATE photo_elsewhere SET received = NULL", [])?;
            identity::set(writing, EPOCH, Some(epoch.0.as_bytes().as_slice()))?;
            identity::set(writing, CONFIRMED, None)?;
            let again: Vec<(i64, DocumentId)> = writing
                .prepare_cached(
                    "SELECT id, document FROM outbox o WHERE (state = 4 OR state = 1 AND at >= ?1)
                     AND EXISTS (SELECT 1 FROM change c WHERE c.document = o.document AND c.hash = o.hash)",
                )?
                .query_map([since.0], |row| Ok((row.get(0)?, document(row, 1)?)))?
                .collect::<Result<_, _>>()?;
            for (id, of) in again {
                offer_again(writing, id, of)?;
            }
            writing.finish()
        })
    }
}

/// The changes in saves are in doubt too. Where own work is among them, it may have to be offered again.
fn doubt_saves(writing: &Writing<'_>) -> Result<(), StoreError> {
    let own: Vec<DocumentId> = writing
        .prepare_cached("SELECT document FROM saved s WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.document = s.document)")?
        .query_map([], |row| document(row, 0))?
        .collect::<Result<_, _>>()?;
    own.into_iter().try_for_each(|of| resting::unpack(writing, of))?;
    writing.execute("INSERT OR IGNORE INTO doubted SELECT document, hash FROM change", [])?;
    let mut saves = writing.prepare_cached("SELECT document, hashes FROM saved")?;
    let mut rows = saves.query([])?;
    while let Some(row) = rows.next()? {
        let (of, blob): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        for hash in resting::hashes_in(&blob) {
            writing
                .prepare_cached("INSERT OR IGNORE INTO doubted VALUES (?1, ?2)")?
                .execute((&of, hash.0))?;
        }
    }
    Ok(())
}

/// Own work in a document that was accepted, and that the log does not have: it is offered again.
pub(crate) fn offer_all_again(writing: &mut Writing<'_>, of: DocumentId) -> Result<(), StoreError> {
    let again: Vec<i64> = writing
        .prepare_cached(
            "SELECT id FROM outbox o WHERE document = ?1 AND state = 1
             AND EXISTS (SELECT 1 FROM change c WHERE c.document = o.document AND c.hash = o.hash)",
        )?
        .query_map([of.0.as_bytes()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    again.into_iter().try_for_each(|id| offer_again(writing, id, of))
}

fn offer_again(writing: &mut Writing<'_>, id: i64, of: DocumentId) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE outbox SET state = 0, seq = NULL, at = NULL, rejection = NULL WHERE id = ?1")?
        .execute([id])?;
    writing
        .prepare_cached(
            "UPDATE photo SET receipt = NULL, sent = 0, gone = NULL
             WHERE hash IN (SELECT hash FROM outbox_photo WHERE outbox = ?1)",
        )?
        .execute([id])?;
    outbox::moved(writing, of)
}

/// The scopes held before a new life that has not been read to its end.
pub(crate) fn held_before(connection: &Connection) -> Result<BTreeSet<Scope>, StoreError> {
    Ok(identity::get(connection, HELD_BEFORE)?.and_then(|bytes| decode(&bytes)).unwrap_or_default())
}

/// Scopes of which something is here and whose log is read from its first entry: those that have not come when it was
/// read to its end are lost.
pub(crate) fn unless_brought(connection: &Connection, scopes: Vec<Scope>) -> Result<(), StoreError> {
    let mut held = held_before(connection)?;
    held.extend(scopes);
    if held.is_empty() { Ok(()) } else { identity::set(connection, HELD_BEFORE, Some(&encode(&held))) }
}

/// Whether the log was read to its end since its present life began.
pub(crate) fn is_settled(connection: &Connection) -> Result<bool, StoreError> {
    Ok(identity::get(connection, HELD_BEFORE)?.is_none())
}

/// The present life has a change.
pub(crate) fn brought(
    connection: &Connection,
    document: DocumentId,
    hash: ChangeHash,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM doubted WHERE document = ?1 AND hash = ?2")?
        .execute((document.0.as_bytes(), hash.0))?;
    Ok(())
}

/// What could not be applied comes again with the log, if the log has it.
fn set_quarantined_aside(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(
        "INSERT OR IGNORE INTO past_change
         SELECT document, hash, bytes FROM quarantine WHERE bytes IS NOT NULL",
        [],
    )?;
    connection.execute("DELETE FROM quarantine", [])?;
    Ok(())
}

/// The present life was read to its end: what it has not brought is taken out.
pub(crate) fn settle(writing: &mut Writing<'_>, files: &PhotoFiles) -> Result<(), StoreError> {
    if is_settled(writing)? {
        return Ok(());
    }
    identity::set(writing, HELD_BEFORE, None)?;
    reference::drop_doubted(writing)?;
    // Set aside while the life was read, because what it builds on was refused.
    writing.execute(
        "INSERT OR IGNORE INTO past_change SELECT q.document, q.hash, q.bytes FROM quarantine q
         JOIN doubted USING (document, hash) WHERE q.bytes IS NOT NULL",
        [],
    )?;
    writing.execute(
        "DELETE FROM quarantine WHERE (document, hash) IN (SELECT document, hash FROM doubted)",
        [],
    )?;
    let own: Vec<(i64, DocumentId)> = writing
        .prepare_cached(
            "SELECT o.id, o.document FROM outbox o JOIN doubted d ON d.document = o.document AND d.hash = o.hash
             JOIN change c ON c.document = o.document AND c.hash = o.hash WHERE o.state = 1",
        )?
        .query_map([], |row| Ok((row.get(0)?, document(row, 1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, of) in own {
        // However long ago it was accepted: the log does not have it.
        offer_again(writing, id, of)?;
    }
    let doubted: Vec<DocumentId> = writing
        .prepare_cached("SELECT DISTINCT document FROM doubted")?
        .query_map([], |row| document(row, 0))?
        .collect::<Result<_, _>>()?;
    for of in doubted {
        take_out(writing, of, files)?;
    }
    writing.execute("DELETE FROM doubted", [])?;
    Ok(())
}

/// Takes the changes of a document that only an earlier life had out, but for what own waiting work, or what the present
/// life has, builds on.
fn take_out(writing: &mut Writing<'_>, of: DocumentId, files: &PhotoFiles) -> Result<(), StoreError> {
    let key = of.0.as_bytes();
    resting::unpack(writing, of)?;
    let changes: Vec<(ChangeHash, Vec<u8>, bool, bool)> = writing
        .prepare_cached(
            "SELECT hash, bytes,
                 EXISTS (SELECT 1 FROM doubted d WHERE d.document = c.document AND d.hash = c.hash),
                 EXISTS (SELECT 1 FROM outbox o
                         WHERE o.document = c.document AND o.hash = c.hash AND o.state IN (0, 4))
             FROM change c WHERE document = ?1 ORDER BY n",
        )?
        .query_map([key], |row| Ok((change_hash(row, 0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    let deps: BTreeMap<ChangeHash, Vec<ChangeHash>> = changes
        .iter()
        .map(|(hash, bytes, ..)| {
            (*hash, ChangeHeader::of(bytes).map(|header| header.deps).unwrap_or_default())
        })
        .collect();
    let mut needed = BTreeSet::new();
    // What the present life has was accepted with all it builds on, also where only a verdict has said so: its scope may
    // not be held any more.
    let mut kept: Vec<ChangeHash> =
        changes.iter().filter(|(_, _, doubted, own)| *own || !doubted).map(|(hash, ..)| *hash).collect();
    while let Some(hash) = kept.pop() {
        if needed.insert(hash) {
            kept.extend(deps.get(&hash).into_iter().flatten());
        }
    }
    let gone = changes.iter().filter(|(hash, _, doubted, _)| *doubted && !needed.contains(hash));
    let mut any = false;
    for (hash, bytes, ..) in gone {
        any = true;
        writing
            .prepare_cached("INSERT OR IGNORE INTO past_change VALUES (?1, ?2, ?3)")?
            .execute((key, hash.0, bytes))?;
        writing
            .prepare_cached("DELETE FROM change WHERE document = ?1 AND hash = ?2")?
            .execute((key, hash.0))?;
    }
    if !any {
        return Ok(());
    }
    match load(writing, of)? {
        Some(document) => writing.put_document(of, document),
        None => purge::gone(writing, of, files),
    }
}
