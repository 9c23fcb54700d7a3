//! Changes that arrive from the log.

use crate::columns::{change_hash, document};
use crate::error::StoreError;
use crate::gone;
use crate::outbox::{self, OutboxId};
use crate::store::Store;
use crate::writing::{Writing, holds, load};
use crate::{attention, bundle, life, resting};
use rusqlite::{Connection, OptionalExtension};
use sanben_document::{ChangeHash, ChangeHeader, Document, DocumentError, Intent, encode};
use sanben_domain::id::DocumentId;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::device::Arrived;
use std::collections::{BTreeMap, BTreeSet};

/// An arrived change that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its document.
    pub document: DocumentId,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its chunk; `None` for an echo of work that is not here.
    pub bytes: Option<Vec<u8>>,
    /// Why.
    pub reason: String,
    /// When the server had received it.
    pub received: Timestamp,
}

impl Store {
    /// Whether a document is here.
    ///
    /// # Errors
    /// A store error.
    pub fn is_here(&self, id: DocumentId) -> Result<bool, StoreError> {
        self.read(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM document WHERE id = ?1)";
            Ok(connection.query_row(sql, [id.0.as_bytes()], |row| row.get(0))?)
        })
    }

    /// A copy of a document; `None` when this replica does not hold it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn document(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        match self.hot(id) {
            Some(document) => Ok(Some(document)),
            None => self.read(|connection| load(connection, id)),
        }
    }

    /// Arrived changes that could not be applied, oldest first. A later one may let them in after all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn quarantined(&self) -> Result<Vec<Quarantined>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT document, hash, bytes, reason, received FROM quarantine ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Quarantined {
                    document: document(row, 0)?,
                    hash: change_hash(row, 1)?,
                    bytes: row.get(2)?,
                    reason: row.get(3)?,
                    received: Timestamp(row.get(4)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// Applies what arrived. A change that does not fit is set aside and stops nothing.
pub(crate) fn apply(writing: &mut Writing<'_>, entries: &[Arrived]) -> Result<(), StoreError> {
    let mut by_document: BTreeMap<DocumentId, Vec<&Arrived>> = BTreeMap::new();
    for entry in entries {
        by_document.entry(entry.document).or_default().push(entry);
    }
    for id in gone::erased_among(writing, by_document.keys().copied().collect())? {
        by_document.remove(&id);
    }
    for (id, entries) in by_document {
        let scopes: BTreeSet<&Scope> = entries.iter().map(|entry| &entry.scope).collect();
        for scope in scopes {
            writing
                .prepare_cached("INSERT OR IGNORE INTO document_scope (document, scope) VALUES (?1, ?2)")?
                .execute((id.0.as_bytes(), encode(scope)))?;
        }
        bundle::settle_down(writing, id)?;
        let mut fresh = Vec::new();
        for entry in &entries {
            if holds(writing, id, entry.hash)? {
                life::brought(writing, id, entry.hash)?;
                accept_own(writing, entry)?;
            } else if let Some(bytes) = &entry.bytes {
                fresh.push((*entry, bytes.as_slice()));
            } else {
                set_aside(writing, entry, "echo of work that is not in this store")?;
            }
        }
        if !fresh.is_empty() {
            let waiting = begun_anew(writing, id, &fresh)?;
            if !apply_at_once(writing, id, &fresh)? {
                apply_one_by_one(writing, id, &fresh)?;
            }
            try_again(writing, id)?;
            attention::run_again(writing, id, waiting)?;
        }
        if let Some(last) = entries.last() {
            attention::settle(writing, id, last.received)?;
        }
    }
    Ok(())
}

/// Own work that came back from the log.
fn accept_own(writing: &mut Writing<'_>, entry: &Arrived) -> Result<(), StoreError> {
    let own: Option<(i64, i64)> = writing
        .prepare_cached("SELECT id, state FROM outbox WHERE document = ?1 AND hash = ?2")?
        .query_row((entry.document.0.as_bytes(), entry.hash.0), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match own {
        Some((id, outbox::PENDING | outbox::IN_REVIEW)) => {
            outbox::accept(writing, OutboxId(id), entry.document, entry.seq, entry.received)
        }
        _ => Ok(()),
    }
}

/// A new document in one go; says whether that went well. Applying one by one copies the document each time.
fn apply_at_once(
    writing: &mut Writing<'_>,
    id: DocumentId,
    fresh: &[(&Arrived, &[u8])],
) -> Result<bool, StoreError> {
    // One first change, as in every document of ours.
    if writing.document(id)?.is_some() || fresh.iter().filter(|(_, bytes)| is_first(bytes)).count() != 1 {
        return Ok(false);
    }
    let Some(document) =
        Document::from_changes(fresh.iter().map(|(_, bytes)| *bytes)).ok().filter(|built| is(built, id))
    else {
        return Ok(false);
    };
    if !fresh.iter().all(|(entry, _)| document.holds(entry.hash)) {
        return Ok(false);
    }
    writing.put_document(id, document)?;
    fresh.iter().try_for_each(|(entry, bytes)| writing.keep_change(id, entry.hash, bytes))?;
    Ok(true)
}

fn apply_one_by_one(
    writing: &mut Writing<'_>,
    id: DocumentId,
    fresh: &[(&Arrived, &[u8])],
) -> Result<(), StoreError> {
    for (entry, bytes) in fresh {
        if let Err(reason) = apply_one(writing, id, entry.hash, bytes)? {
            set_aside(writing, entry, &reason.to_string())?;
        }
    }
    Ok(())
}

/// The log begins a document with another change than this store: after a rollback its report was refused and sent
/// anew. The log has one beginning of each document, so that what is held here goes aside. Gives the own work in it,
/// which is run again on what the log has.
fn begun_anew(
    writing: &mut Writing<'_>,
    id: DocumentId,
    fresh: &[(&Arrived, &[u8])],
) -> Result<Vec<(OutboxId, Intent)>, StoreError> {
    let Some((_, first)) = fresh.iter().find(|(_, bytes)| is_first(bytes)) else { return Ok(Vec::new()) };
    let sound = Document::from_changes([*first]).is_ok_and(|built| is(&built, id));
    if !sound || writing.document(id)?.is_none() {
        return Ok(Vec::new());
    }
    resting::unpack(writing, id)?;
    let own = attention::unsettled(writing, id)?;
    let key = [id.0.as_bytes()];
    writing.execute(
        "INSERT OR IGNORE INTO past_change SELECT document, hash, bytes FROM change WHERE document = ?1",
        key,
    )?;
    writing.execute("DELETE FROM doubted WHERE document = ?1", key)?;
    writing.drop_document(id)?;
    // The old actor's numbers in this document belong to what went aside.
    writing.rotate_actor();
    Ok(own)
}

/// Tries one change on a copy. The inner result says why it does not fit.
fn apply_one(
    writing: &mut Writing<'_>,
    id: DocumentId,
    hash: ChangeHash,
    bytes: &[u8],
) -> Result<Result<(), DocumentError>, StoreError> {
    let tried = match writing.document(id)? {
        None => Document::from_changes([bytes]),
        // Automerge would make one document out of two.
        Some(_) if is_first(bytes) => Err(DocumentError::BadChange("it begins another document")),
        Some(document) => document.applied(bytes).map(|(document, _)| document),
    };
    match tried {
        Ok(document) if is(&document, id) && document.holds(hash) => {
            writing.put_document(id, document)?;
            writing.keep_change(id, hash, bytes)?;
            Ok(Ok(()))
        }
        Ok(_) => Ok(Err(DocumentError::BadChange("another document or hash than the log says"))),
        Err(reason) => Ok(Err(reason)),
    }
}

/// Whether a change builds on nothing.
fn is_first(bytes: &[u8]) -> bool {
    ChangeHeader::of(bytes).is_some_and(|header| header.deps.is_empty())
}

fn is(document: &Document, id: DocumentId) -> bool {
    document.content().is_ok_and(|record| record.id() == id)
}

fn set_aside(connection: &Connection, entry: &Arrived, reason: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO quarantine (document, hash, bytes, reason, received) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute((entry.document.0.as_bytes(), entry.hash.0, &entry.bytes, reason, entry.received.0))?;
    Ok(())
}

/// What was set aside earlier may fit now: its dependency has come through another scope.
fn try_again(writing: &mut Writing<'_>, id: DocumentId) -> Result<(), StoreError> {
    let mut aside: Vec<(i64, ChangeHash, Option<Vec<u8>>)> = writing
        .prepare_cached("SELECT id, hash, bytes FROM quarantine WHERE document = ?1 ORDER BY id")?
        .query_map([id.0.as_bytes()], |row| Ok((row.get(0)?, change_hash(row, 1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    loop {
        let before = aside.len();
        let mut still = Vec::new();
        for (row, hash, bytes) in aside {
            let fits = holds(writing, id, hash)?
                || match &bytes {
                    Some(bytes) => apply_one(writing, id, hash, bytes)?.is_ok(),
                    None => false,
                };
            if fits {
                writing.prepare_cached("DELETE FROM quarantine WHERE id = ?1")?.execute([row])?;
            } else {
                still.push((row, hash, bytes));
            }
        }
        aside = still;
        if aside.is_empty() || aside.len() == before {
            return Ok(());
        }
    }
}
