//! Drafts: every field is durable as soon as it is set, and a draft goes in the same transaction in which
//! its case is recorded.

use crate::columns::{ROLES, SOURCES, cbor_or_none, code, document, number, photo_hash, variant};
use crate::error::StoreError;
use crate::matter_draft;
use crate::store::{Changed, Store};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row};
use sanben_document::encode;
use sanben_domain::case::{PhotoRole, Source};
use sanben_domain::id::{DraftId, PersonId, PhotoHash, PointId, StandardId};
use sanben_domain::place::Fix;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A report that is not recorded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id; it becomes the id of the case.
    pub id: DraftId,
    /// When it was begun, by the device's clock.
    pub at: Timestamp,
    /// Who began it.
    pub person: PersonId,
    /// The point.
    pub point: Option<PointId>,
    /// The standard it breaks.
    pub standard: Option<StandardId>,
    /// The words.
    pub description: String,
    /// The fix at the tap.
    pub fix: Option<Fix>,
    /// Who found it.
    pub source: Option<Source>,
    /// Photos, in the order they were added.
    pub photos: Vec<(PhotoHash, PhotoRole)>,
}

/// A field of a draft with its new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftField {
    /// The point.
    Point(Option<PointId>),
    /// The standard.
    Standard(Option<StandardId>),
    /// The words.
    Description(String),
    /// The fix.
    Fix(Option<Fix>),
    /// Who found it.
    Source(Option<Source>),
}

impl Store {
    /// Begins a draft. Beginning it twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft_create(&self, id: DraftId, person: &PersonId, at: Timestamp) -> Result<Changed, StoreError> {
        self.write(|writing| {
            writing
                .prepare_cached("INSERT OR IGNORE INTO draft (id, at, person) VALUES (?1, ?2, ?3)")?
                .execute((id.0.as_bytes(), at.0, person.as_str()))?;
            Ok(drafts_changed())
        })
    }

    /// Sets one field, durably.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`] when there is none.
    pub fn draft_set(&self, id: DraftId, field: &DraftField) -> Result<Changed, StoreError> {
        let (sql, value): (_, Value) = match field {
            DraftField::Point(point) => {
                ("UPDATE draft SET point = ?2 WHERE id = ?1", point.as_ref().map(|id| id.0.clone()).into())
            }
            DraftField::Standard(standard) => (
                "UPDATE draft SET standard = ?2 WHERE id = ?1",
                standard.as_ref().map(|id| id.0.clone()).into(),
            ),
            DraftField::Description(words) => {
                ("UPDATE draft SET description = ?2 WHERE id = ?1", words.clone().into())
            }
            DraftField::Fix(fix) => {
                ("UPDATE draft SET fix = ?2 WHERE id = ?1", fix.map(|fix| encode(&fix)).into())
            }
            DraftField::Source(source) => {
                ("UPDATE draft SET source = ?2 WHERE id = ?1", source.map(|it| number(SOURCES, it)).into())
            }
        };
        self.write(|writing| match writing.prepare_cached(sql)?.execute((id.0.as_bytes(), value))? {
            0 => Err(StoreError::NoDraft(id)),
            _ => Ok(drafts_changed()),
        })
    }

    /// Adds a photo that [`Store::put_photo`] has kept.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`], [`StoreError::NoPhoto`].
    pub fn draft_add_photo(
        &self,
        id: DraftId,
        hash: PhotoHash,
        role: PhotoRole,
    ) -> Result<Changed, StoreError> {
        self.write(|writing| {
            expect_draft(writing, id)?;
            if !writing.prepare_cached("SELECT 1 FROM photo WHERE hash = ?1")?.exists([hash.0])? {
                return Err(StoreError::NoPhoto(hash));
            }
            writing
                .prepare_cached(
                    "INSERT INTO draft_photo (draft, n, hash, role)
                 SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3 FROM draft_photo WHERE draft = ?1
                 HAVING NOT EXISTS (SELECT 1 FROM draft_photo WHERE draft = ?1 AND hash = ?2)",
                )?
                .execute((id.0.as_bytes(), hash.0, number(ROLES, role)))?;
            Ok(drafts_changed())
        })
    }

    /// Takes a photo out again; its bytes stay.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`].
    pub fn draft_remove_photo(&self, id: DraftId, hash: PhotoHash) -> Result<Changed, StoreError> {
        self.write(|writing| {
            expect_draft(writing, id)?;
            writing
                .prepare_cached("DELETE FROM draft_photo WHERE draft = ?1 AND hash = ?2")?
                .execute((id.0.as_bytes(), hash.0))?;
            Ok(drafts_changed())
        })
    }

    /// A draft.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, at, person, point, standard, description, fix, source FROM draft
                 WHERE id = ?1 AND id NOT IN (SELECT draft FROM matter_draft)",
            )?;
            let draft = statement.query_row([id.0.as_bytes()], draft_row).optional()?;
            draft.map(|draft| with_photos(connection, draft)).transpose()
        })
    }

    /// All drafts, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, at, person, point, standard, description, fix, source FROM draft
                 WHERE id NOT IN (SELECT draft FROM matter_draft) ORDER BY at DESC, id",
            )?;
            let drafts: Vec<Draft> = statement.query_map([], draft_row)?.collect::<Result<_, _>>()?;
            drafts.into_iter().map(|draft| with_photos(connection, draft)).collect()
        })
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`].
    pub fn draft_discard(&self, id: DraftId) -> Result<Changed, StoreError> {
        self.write(|writing| {
            remove(writing, id)?;
            Ok(drafts_changed())
        })
    }
}

/// Removes a draft, because it was recorded or thrown away.
pub(crate) fn remove(connection: &Connection, id: DraftId) -> Result<(), StoreError> {
    if connection.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id.0.as_bytes()])? == 0 {
        return Err(StoreError::NoDraft(id));
    }
    connection.prepare_cached("DELETE FROM draft_photo WHERE draft = ?1")?.execute([id.0.as_bytes()])?;
    matter_draft::remove(connection, id)
}

pub(crate) fn drafts_changed() -> Changed {
    Changed { drafts: true, ..Changed::default() }
}

pub(crate) fn expect_draft(connection: &Connection, id: DraftId) -> Result<(), StoreError> {
    let here = connection.prepare_cached("SELECT 1 FROM draft WHERE id = ?1")?.exists([id.0.as_bytes()])?;
    if here { Ok(()) } else { Err(StoreError::NoDraft(id)) }
}

fn draft_row(row: &Row<'_>) -> rusqlite::Result<Draft> {
    let source: Option<i64> = row.get(7)?;
    Ok(Draft {
        id: DraftId(document(row, 0)?.0),
        at: Timestamp(row.get(1)?),
        person: PersonId(row.get(2)?),
        point: code(row, 3)?,
        standard: code(row, 4)?,
        description: row.get(5)?,
        fix: cbor_or_none(row, 6)?,
        source: source.map(|_| variant(SOURCES, row, 7)).transpose()?,
        photos: Vec::new(),
    })
}

fn with_photos(connection: &Connection, mut draft: Draft) -> Result<Draft, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT hash, role FROM draft_photo WHERE draft = ?1 ORDER BY n")?;
    draft.photos = statement
        .query_map([draft.id.0.as_bytes()], |row| Ok((photo_hash(row, 0)?, variant(ROLES, row, 1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(draft)
}
