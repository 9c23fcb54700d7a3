//! What the server refused: kept until a person has corrected, sent again or given it up.

use crate::columns::{cbor, change_hash, document};
use crate::dangling;
use crate::error::StoreError;
use crate::handed_on::{self, HandedOn};
use crate::outbox::{self, ELSEWHERE, OutboxId};
use crate::record::{self, Recorded};
use crate::store::{Changed, Store};
use crate::writing::{Writing, load};
use rusqlite::{Connection, OptionalExtension, Row};
use sanben_document::{ChangeHash, ChangeHeader, DocumentError, Intent, encode};
use sanben_domain::id::{DocumentId, EventId};
use sanben_domain::time::Timestamp;
use sanben_sync::wire::Rejection;
use std::collections::{BTreeMap, BTreeSet};

/// A refused intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    /// Its number.
    pub id: OutboxId,
    /// The document.
    pub document: DocumentId,
    /// What was meant.
    pub intent: Intent,
    /// Why it was refused.
    pub rejection: Rejection,
    /// When the answer came.
    pub at: Timestamp,
    /// To whom its author gave it meanwhile.
    pub handed_on: Option<HandedOn>,
}

/// An intent that a person gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discarded {
    /// Its number.
    pub id: OutboxId,
    /// What was meant.
    pub intent: Intent,
    /// Why it was given up.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// What needs attention, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn needs_attention(&self) -> Result<Vec<Attention>, StoreError> {
        self.read(all_refused)
    }

    /// Gives a refused intent up. It is kept with the reason.
    ///
    /// # Errors
    /// [`StoreError::NoAttention`].
    pub fn discard(&self, id: OutboxId, reason: &str, at: Timestamp) -> Result<Changed, StoreError> {
        self.write(|writing| {
            let of = writing
                .prepare_cached(
                    "UPDATE outbox SET state = 3, reason = ?2, at = ?3 WHERE id = ?1 AND state = 2
                     RETURNING document",
                )?
                .query_row((id.0, reason, at.0), |row| document(row, 0))
                .optional()?
                .ok_or(StoreError::NoAttention)?;
            handed_on::forget(writing, id)?;
            outbox::moved(writing, of)?;
            writing.finish()
        })
    }

    /// Runs a refused intent again, corrected if a correction is given (same document and event). Those
    /// that fell with a refused report or matter go with it.
    ///
    /// # Errors
    /// [`StoreError::NoAttention`]; [`StoreError::Document`] when it still does not fit.
    pub fn resend(&self, id: OutboxId, corrected: Option<Intent>) -> Result<Recorded, StoreError> {
        self.write(|writing| {
            let row = refused(writing, id)?.ok_or(StoreError::NoAttention)?;
            let mut created: Vec<_> = creates(&row).into_iter().collect();
            let mut changes: Vec<_> = again(writing, row, corrected)?.into_iter().collect();
            while let Some(of) = created.pop() {
                // They fell for no fault of their own; whichever still does not fit stays where it is.
                let within = refused_in(writing, of)?.into_iter();
                let within = within.filter(|row| row.rejection == Rejection::DependsOnRejected);
                let about = all_refused(writing)?.into_iter().filter(|row| dangling::fell_with(row, of));
                for row in within.chain(about) {
                    let also = creates(&row);
                    match again(writing, row, None) {
                        Ok(change) => {
                            changes.extend(change);
                            created.extend(also);
                        }
                        Err(StoreError::Document(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            Ok(Recorded { changes, changed: writing.finish()? })
        })
    }

    /// What was given up, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn discarded(&self) -> Result<Vec<Discarded>, StoreError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, intent, reason, at FROM outbox WHERE state = 3 ORDER BY id")?;
            let rows = statement.query_map([], |row| {
                Ok(Discarded {
                    id: OutboxId(row.get(0)?),
                    intent: cbor(row, 1)?,
                    reason: row.get(2)?,
                    at: Timestamp(row.get(3)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn creates(row: &Attention) -> Option<DocumentId> {
    row.intent.body.creates_in().map(|_| row.document)
}

fn attention_row(row: &Row<'_>) -> rusqlite::Result<Attention> {
    Ok(Attention {
        id: OutboxId(row.get(0)?),
        document: document(row, 1)?,
        intent: cbor(row, 2)?,
        rejection: cbor(row, 3)?,
        at: Timestamp(row.get(4)?),
        handed_on: handed_on::columns(row, 5)?,
    })
}

/// What is refused, as [`attention_row`] reads it, with further conditions.
macro_rules! refused_where {
    ($conditions:literal) => {
        concat!(
            "SELECT o.id, o.document, o.intent, o.rejection, o.at, h.person, h.at
             FROM outbox o LEFT JOIN handed_on h ON h.outbox = o.id WHERE o.state = 2 ",
            $conditions
        )
    };
}

pub(crate) fn all_refused(connection: &Connection) -> Result<Vec<Attention>, StoreError> {
    let mut statement = connection.prepare_cached(refused_where!("ORDER BY o.id"))?;
    Ok(statement.query_map([], attention_row)?.collect::<Result<_, _>>()?)
}

/// Of these, what was handed on.
pub(crate) fn all_handed_on(connection: &Connection) -> Result<Vec<Attention>, StoreError> {
    let mut statement =
        connection.prepare_cached(refused_where!("AND h.outbox IS NOT NULL ORDER BY o.id"))?;
    Ok(statement.query_map([], attention_row)?.collect::<Result<_, _>>()?)
}

pub(crate) fn refused(connection: &Connection, id: OutboxId) -> Result<Option<Attention>, StoreError> {
    let mut statement = connection.prepare_cached(refused_where!("AND o.id = ?1"))?;
    Ok(statement.query_row([id.0], attention_row).optional()?)
}

fn refused_in(connection: &Connection, of: DocumentId) -> Result<Vec<Attention>, StoreError> {
    let mut statement = connection.prepare_cached(refused_where!("AND o.document = ?1 ORDER BY o.id"))?;
    Ok(statement.query_map([of.0.as_bytes()], attention_row)?.collect::<Result<_, _>>()?)
}

/// Runs a refused intent again as a row of its own at the end of the queue: it may build on what was
/// recorded meanwhile.
fn again(
    writing: &mut Writing<'_>,
    row: Attention,
    corrected: Option<Intent>,
) -> Result<Option<(DocumentId, ChangeHash)>, StoreError> {
    let mut intent = corrected.unwrap_or_else(|| row.intent.clone());
    if (intent.document, intent.event) != (row.document, row.intent.event) {
        return Err(DocumentError::WrongIntent.into());
    }
    intent.seen = heal(writing, row.document, intent.seen)?;
    let Some(made) = record::run(writing, &intent)? else {
        outbox::accept(writing, row.id, row.document, ELSEWHERE, row.at)?;
        handed_on::forget(writing, row.id)?;
        return Ok(None);
    };
    let recorded: i64 = writing
        .prepare_cached("DELETE FROM outbox WHERE id = ?1 RETURNING recorded")?
        .query_row([row.id.0], |row| row.get(0))?;
    writing
        .prepare_cached("DELETE FROM outbox_photo WHERE document = ?1 AND outbox = ?2")?
        .execute((row.document.0.as_bytes(), row.id.0))?;
    handed_on::forget(writing, row.id)?;
    outbox::add(writing, &intent, &made, Timestamp(recorded))?;
    Ok(Some((row.document, made.hash)))
}

/// Names what an author had seen without the events that were refused: through each of them they had seen
/// what its author had seen. Otherwise a later act would look as if its author had seen nothing, and could
/// fold to a dispute that is none.
fn heal(writing: &mut Writing<'_>, of: DocumentId, seen: Vec<EventId>) -> Result<Vec<EventId>, StoreError> {
    let record = writing.document(of)?.map(|document| document.record()).transpose()?;
    let gone: BTreeMap<EventId, Vec<EventId>> = writing
        .prepare_cached("SELECT intent FROM outbox WHERE document = ?1 AND state IN (2, 3)")?
        .query_map([of.0.as_bytes()], |row| cbor::<Intent>(row, 0))?
        .map(|intent| intent.map(|intent| (intent.event, intent.seen)))
        .collect::<Result<_, _>>()?;
    let here = |event| record.as_ref().is_some_and(|record| record.has_event(event));
    let (mut waiting, mut passed, mut healed) = (seen, BTreeSet::new(), BTreeSet::new());
    while let Some(event) = waiting.pop() {
        match gone.get(&event) {
            Some(earlier) if !here(event) => {
                if passed.insert(event) {
                    waiting.extend(earlier);
                }
            }
            _ => drop(healed.insert(event)),
        }
    }
    Ok(healed.into_iter().collect())
}

/// Takes refused changes, and those that build on them, out of a document; builds it again from the rest;
/// runs the intents of those that only fell with them again, under a new actor.
pub(crate) fn reject(
    writing: &mut Writing<'_>,
    of: DocumentId,
    refusals: &BTreeMap<ChangeHash, Rejection>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut down: BTreeSet<ChangeHash> = BTreeSet::new();
    let mut fallen: Vec<(OutboxId, Intent)> = Vec::new();
    for (id, hash, intent, bytes) in waiting(writing, of)? {
        let builds_on_refused =
            ChangeHeader::of(&bytes).is_none_or(|header| header.deps.iter().any(|dep| down.contains(dep)));
        match refusals.get(&hash) {
            Some(Rejection::DependsOnRejected) => fallen.push((id, intent)),
            Some(rejection) => refuse(writing, id, rejection, at, Some(&bytes))?,
            None if builds_on_refused => fallen.push((id, intent)),
            None => continue,
        }
        down.insert(hash);
        writing
            .prepare_cached("DELETE FROM change WHERE document = ?1 AND hash = ?2")?
            .execute((of.0.as_bytes(), hash.0))?;
    }
    set_dependants_aside(writing, of, &mut down, at)?;
    // The old actor's numbers in this document belong to the refused changes.
    writing.rotate_actor();
    match load(writing, of)? {
        Some(document) => {
            writing.put_document(of, document)?;
            for (id, intent) in fallen {
                run_fallen(writing, id, intent, at)?;
            }
        }
        None => {
            // The report itself was refused: there is no document for the rest to be about.
            for (id, _) in fallen {
                refuse(writing, id, &Rejection::DependsOnRejected, at, None)?;
            }
            writing.drop_document(of)?;
            for (document, refusals) in dangling::waiting_for(writing, of)? {
                reject(writing, document, &refusals, at)?;
            }
        }
    }
    // It may have been refused because its event is there already, by another change.
    settle(writing, of, at)?;
    outbox::moved(writing, of)
}

/// Where a log began a new life, changes that the old one had may build on what is refused now: they are set aside,
/// as any change whose foundation is missing, and come back when theirs does.
fn set_dependants_aside(
    writing: &mut Writing<'_>,
    of: DocumentId,
    down: &mut BTreeSet<ChangeHash>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let rest: Vec<(ChangeHash, Vec<u8>)> = writing
        .prepare_cached("SELECT hash, bytes FROM change WHERE document = ?1 ORDER BY n")?
        .query_map([of.0.as_bytes()], |row| Ok((change_hash(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (hash, bytes) in rest {
        let builds =
            ChangeHeader::of(&bytes).is_some_and(|header| header.deps.iter().any(|dep| down.contains(dep)));
        if !builds {
            continue;
        }
        down.insert(hash);
        writing
            .prepare_cached("DELETE FROM change WHERE document = ?1 AND hash = ?2")?
            .execute((of.0.as_bytes(), hash.0))?;
        writing
            .prepare_cached(
                "INSERT INTO quarantine (document, hash, bytes, reason, received) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?
            .execute((of.0.as_bytes(), hash.0, &bytes, "what it builds on was refused", at.0))?;
    }
    Ok(())
}

/// Own work in a document, in outbox order, that waits for the server or that a log which is gone had accepted.
pub(crate) fn unsettled(
    connection: &Connection,
    of: DocumentId,
) -> Result<Vec<(OutboxId, Intent)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, intent FROM outbox WHERE document = ?1 AND state IN (0, 1, 4) ORDER BY id",
    )?;
    let rows = statement.query_map([of.0.as_bytes()], |row| Ok((OutboxId(row.get(0)?), cbor(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Runs own work again on a document that the log began anew. What does not fit it needs its author's attention.
pub(crate) fn run_again(
    writing: &mut Writing<'_>,
    of: DocumentId,
    work: Vec<(OutboxId, Intent)>,
) -> Result<(), StoreError> {
    if work.is_empty() {
        return Ok(());
    }
    let at = work.iter().map(|(_, intent)| intent.at.at()).max().unwrap_or_default();
    for (id, intent) in work {
        run_fallen(writing, id, intent, at)?;
    }
    outbox::moved(writing, of)
}

fn run_fallen(
    writing: &mut Writing<'_>,
    id: OutboxId,
    mut intent: Intent,
    at: Timestamp,
) -> Result<(), StoreError> {
    intent.seen = heal(writing, intent.document, intent.seen)?;
    match record::run(writing, &intent) {
        Ok(Some(made)) => {
            // As a new change it waits again, whatever was said of the old one.
            writing
                .prepare_cached(
                    "UPDATE outbox SET hash = ?2, intent = ?3, state = 0, seq = NULL, at = NULL, rejection = NULL
                     WHERE id = ?1",
                )?
                .execute((id.0, made.hash.0, encode(&intent)))?;
            writing.prepare_cached("DELETE FROM outbox_photo WHERE outbox = ?1")?.execute([id.0])?;
            outbox::cite(writing, intent.document, id, &made.photos)
        }
        Ok(None) => outbox::accept(writing, id, intent.document, ELSEWHERE, at),
        Err(StoreError::Document(_)) => refuse(writing, id, &Rejection::DependsOnRejected, at, None),
        Err(error) => Err(error),
    }
}

type Waiting = (OutboxId, ChangeHash, Intent, Vec<u8>);

fn waiting(connection: &Connection, of: DocumentId) -> Result<Vec<Waiting>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT o.id, o.hash, o.intent, c.bytes FROM outbox o
         LEFT JOIN change c ON c.document = o.document AND c.hash = o.hash
         WHERE o.document = ?1 AND o.state IN (0, 4) ORDER BY o.id",
    )?;
    let rows = statement.query_map([of.0.as_bytes()], |row| {
        Ok((OutboxId(row.get(0)?), change_hash(row, 1)?, cbor(row, 2)?, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn refuse(
    connection: &Connection,
    id: OutboxId,
    rejection: &Rejection,
    at: Timestamp,
    bytes: Option<&[u8]>,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE outbox SET state = 2, rejection = ?2, at = ?3, bytes = ?4 WHERE id = ?1")?
        .execute((id.0, encode(rejection), at.0, bytes))?;
    Ok(())
}

/// A refused intent may have come into the log after all: carried by another device, or recorded by the
/// original of a restored store. Then nothing needs attention.
pub(crate) fn settle(writing: &mut Writing<'_>, of: DocumentId, at: Timestamp) -> Result<(), StoreError> {
    let rows = refused_in(writing, of)?;
    if rows.is_empty() {
        return Ok(());
    }
    let Some(document) = writing.document(of)? else { return Ok(()) };
    let record = document.record()?;
    for row in rows {
        match record.author_of(row.intent.event) {
            None => {}
            Some(author) if *author == row.intent.by => outbox::accept(writing, row.id, of, ELSEWHERE, at)?,
            Some(_) => handed_on::taken_over(writing, &row, at)?,
        }
    }
    Ok(())
}
