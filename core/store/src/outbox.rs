//! The outbox: what this device recorded, and what became of it. Rows are never removed before the server
//! has accepted them.

use crate::columns::{
    KINDS, cbor, cbor_or_none, change_hash, count, document, photo_hash, signed, unreadable, variant,
};
use crate::contacts;
use crate::error::StoreError;
use crate::record::Made;
use crate::store::Store;
use crate::writing::Writing;
use rusqlite::{OptionalExtension, Row};
use sanben_document::{ChangeHash, Intent, Kind, encode};
use sanben_domain::id::{DocumentId, EventId, PersonId, PhotoHash, UnitId};
use sanben_domain::time::Timestamp;
use sanben_sync::device::Pending;
use sanben_sync::wire::Rejection;
use std::collections::BTreeSet;

/// The number of an outbox row; rows keep it when they are made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId(pub i64);

/// What became of a recorded intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxState {
    /// It waits for the server.
    Pending,
    /// It is in the log for good.
    Accepted {
        /// Its number in its home scope; 0 when it came into the log through another change with the same
        /// event (carried by somebody else).
        seq: u64,
        /// When the server made it durable.
        received: Timestamp,
    },
    /// The server refused it; it needs attention.
    Rejected {
        /// Why.
        rejection: Rejection,
        /// When the answer came.
        at: Timestamp,
    },
    /// A person of the desk has to look at it: it was allowed when it was recorded and not any more when it
    /// arrived. The server keeps it.
    InReview {
        /// What speaks against it.
        why: Rejection,
        /// When the answer came.
        at: Timestamp,
    },
    /// A person gave it up.
    Discarded {
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

/// One recorded intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number.
    pub id: OutboxId,
    /// The document.
    pub document: DocumentId,
    /// Who acted.
    pub person: PersonId,
    /// The change it became.
    pub hash: ChangeHash,
    /// What was meant.
    pub intent: Intent,
    /// When it was recorded, by the device's clock.
    pub recorded: Timestamp,
    /// What became of it.
    pub state: OutboxState,
}

/// How much there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Cases.
    pub cases: u64,
    /// Of those, open.
    pub open: u64,
    /// Of those, disputed.
    pub disputed: u64,
    /// Patrols.
    pub patrols: u64,
    /// Drafts.
    pub drafts: u64,
    /// Own changes that wait for the server.
    pub pending: u64,
    /// Own intents that need attention.
    pub rejected: u64,
    /// Own photos cited by recorded work.
    pub photos: u64,
    /// Of those, confirmed by the server.
    pub photos_delivered: u64,
    /// Of those, dropped here and lost at the server by a restore: nothing waits for them.
    pub photos_gone: u64,
    /// Arrived changes that could not be applied.
    pub quarantined: u64,
}

pub(crate) const PENDING: i64 = 0;
pub(crate) const ACCEPTED: i64 = 1;
pub(crate) const REJECTED: i64 = 2;
pub(crate) const DISCARDED: i64 = 3;
pub(crate) const IN_REVIEW: i64 = 4;

/// The number that stands for "came into the log through another change with the same event".
pub(crate) const ELSEWHERE: u64 = 0;

impl Store {
    /// What waits for the server, in the order it was recorded, up to about `max_bytes` (at least one).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pending(&self, max_bytes: usize) -> Result<Vec<Pending>, StoreError> {
        self.pending_without(max_bytes, &BTreeSet::new())
    }

    /// The same behind and between changes that the server could not judge: they must not hide the rest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pending_without(
        &self,
        max_bytes: usize,
        postponed: &BTreeSet<ChangeHash>,
    ) -> Result<Vec<Pending>, StoreError> {
        self.read(|connection| {
            // Outer joins: a row without its change is damage to be told, not to be passed over.
            let mut statement = connection.prepare_cached(
                "SELECT o.document, d.home, o.person, o.hash, c.bytes, o.intent, h.heads, d.kind FROM outbox o
                 LEFT JOIN document d ON d.id = o.document
                 LEFT JOIN change c ON c.document = o.document AND c.hash = o.hash
                 LEFT JOIN cited h ON h.id = o.cited
                 WHERE o.state = 0 ORDER BY o.id",
            )?;
            let mut rows = statement.query([])?;
            let mut pending = Vec::new();
            let mut size = 0;
            while let Some(row) = rows.next()? {
                if postponed.contains(&change_hash(row, 3)?) {
                    continue;
                }
                let change = Pending {
                    document: document(row, 0)?,
                    home: variant(KINDS, row, 7)?.scope(&UnitId(row.get(1)?)),
                    person: PersonId(row.get(2)?),
                    hash: change_hash(row, 3)?,
                    bytes: row.get(4)?,
                    intent: row.get(5)?,
                    cited: cbor_or_none(row, 6)?.unwrap_or_default(),
                };
                size += change.bytes.len() + change.intent.len();
                if size > max_bytes && !pending.is_empty() {
                    break;
                }
                pending.push(change);
            }
            Ok(pending)
        })
    }

    /// How many changes wait for the server.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pending_count(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let sql = "SELECT count(*) FROM outbox WHERE state = 0";
            let count: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or(0))
        })
    }

    /// The events that wait for the server.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pending_events(&self) -> Result<BTreeSet<EventId>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT intent FROM outbox WHERE state IN (0, 4)")?;
            let intents = statement.query_map([], |row| cbor::<Intent>(row, 0))?;
            Ok(intents.map(|intent| intent.map(|intent| intent.event)).collect::<Result<_, _>>()?)
        })
    }

    /// The latest rows, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn outbox(&self, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, document, person, hash, intent, recorded, state, seq, at, rejection, reason
                 FROM outbox ORDER BY id DESC LIMIT ?1",
            )?;
            let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], outbox_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// How much there is of everything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.projected()?;
        self.read(|connection| {
            let counted = connection.prepare_cached(include_str!("counts.sql"))?.query_row([], |row| {
                Ok(Counts {
                    cases: count(row, 0)?,
                    open: count(row, 1)?,
                    disputed: count(row, 2)?,
                    patrols: count(row, 3)?,
                    drafts: count(row, 4)?,
                    pending: count(row, 5)?,
                    rejected: count(row, 6)?,
                    photos: count(row, 7)?,
                    photos_delivered: count(row, 8)?,
                    quarantined: count(row, 9)?,
                    photos_gone: count(row, 10)?,
                })
            })?;
            Ok(counted)
        })
    }
}

fn outbox_row(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    let at = || row.get::<_, i64>(8).map(Timestamp);
    let state = match row.get::<_, i64>(6)? {
        PENDING => OutboxState::Pending,
        ACCEPTED => OutboxState::Accepted { seq: count(row, 7)?, received: at()? },
        REJECTED => OutboxState::Rejected { rejection: cbor(row, 9)?, at: at()? },
        IN_REVIEW => OutboxState::InReview { why: cbor(row, 9)?, at: at()? },
        DISCARDED => OutboxState::Discarded { reason: row.get(10)?, at: at()? },
        _ => return Err(unreadable(6)),
    };
    Ok(OutboxRow {
        id: OutboxId(row.get(0)?),
        document: document(row, 1)?,
        person: PersonId(row.get(2)?),
        hash: change_hash(row, 3)?,
        intent: cbor(row, 4)?,
        recorded: Timestamp(row.get(5)?),
        state,
    })
}

/// Puts an intent and the change it became into the queue.
pub(crate) fn add(
    writing: &mut Writing<'_>,
    intent: &Intent,
    made: &Made,
    recorded: Timestamp,
) -> Result<(), StoreError> {
    let id: i64 = writing
        .prepare_cached(
            "INSERT INTO outbox (document, person, hash, intent, recorded, state, cited)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, (SELECT max(id) FROM cited)) RETURNING id",
        )?
        .query_row(
            (intent.document.0.as_bytes(), intent.by.as_str(), made.hash.0, encode(intent), recorded.0),
            |row| row.get(0),
        )?;
    cite(writing, intent.document, OutboxId(id), &made.photos)?;
    moved(writing, intent.document)
}

/// Notes photos that a row's change cites.
pub(crate) fn cite(
    writing: &Writing<'_>,
    document: DocumentId,
    row: OutboxId,
    photos: &[PhotoHash],
) -> Result<(), StoreError> {
    let mut insert = writing.prepare_cached("INSERT OR IGNORE INTO outbox_photo VALUES (?1, ?2, ?3)")?;
    for photo in photos {
        insert.execute((document.0.as_bytes(), photo.0, row.0))?;
    }
    Ok(())
}

/// Notes that a person of the desk has to look at a row.
pub(crate) fn review(
    writing: &mut Writing<'_>,
    id: OutboxId,
    of: DocumentId,
    why: &Rejection,
    at: Timestamp,
) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE outbox SET state = 4, at = ?2, rejection = ?3 WHERE id = ?1")?
        .execute((id.0, at.0, encode(why)))?;
    moved(writing, of)
}

/// Notes that a row is in the log.
pub(crate) fn accept(
    writing: &mut Writing<'_>,
    id: OutboxId,
    of: DocumentId,
    seq: u64,
    received: Timestamp,
) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "UPDATE outbox SET state = 1, seq = ?2, at = ?3, rejection = NULL, bytes = NULL WHERE id = ?1",
        )?
        .execute((id.0, signed(seq), received.0))?;
    writing
        .prepare_cached("INSERT INTO unscoped VALUES (?1, 1) ON CONFLICT DO UPDATE SET told = 1")?
        .execute([of.0.as_bytes()])?;
    let photos: Vec<PhotoHash> = writing
        .prepare_cached("SELECT hash FROM outbox_photo WHERE document = ?1 AND outbox = ?2")?
        .query_map((of.0.as_bytes(), id.0), |row| photo_hash(row, 0))?
        .collect::<Result<_, _>>()?;
    writing.changed.photos.extend(photos);
    moved(writing, of)
}

/// The delivery of a document moved.
pub(crate) fn moved(writing: &mut Writing<'_>, id: DocumentId) -> Result<(), StoreError> {
    let kind = writing
        .prepare_cached("SELECT kind FROM document WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| variant(KINDS, row, 0))
        .optional()?;
    writing.changed.outbox = true;
    match kind {
        Some(Kind::Patrol) => drop(writing.changed.patrols.insert(id)),
        Some(Kind::Contact) => writing.changed.cases.extend(contacts::case_of(writing, id)?),
        Some(Kind::Matter | Kind::ResidentMatter | Kind::DisciplineMatter) => {
            writing.changed.matters.insert(id);
        }
        Some(Kind::Case) | None => drop(writing.changed.cases.insert(id)),
    }
    Ok(())
}
