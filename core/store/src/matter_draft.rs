//! Drafts of matters: every field of a form is durable as soon as it is set, and the draft goes in the same transaction in
//! which the matter is opened or acted on.

use crate::columns::{ROLES, cbor, document, number};
use crate::draft::{drafts_changed, expect_draft};
use crate::error::StoreError;
use crate::store::{Changed, Store};
use rusqlite::{Connection, OptionalExtension, Row};
use sanben_document::encode;
use sanben_domain::case::PhotoRole;
use sanben_domain::id::{DocumentId, DraftId, MatterId, PersonId};
use sanben_domain::matter::{Fields, Value};
use sanben_domain::time::Timestamp;

/// A form that is being filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterDraft {
    /// Its id.
    pub id: DraftId,
    /// When it was begun, by the device's clock.
    pub at: Timestamp,
    /// Who began it.
    pub person: PersonId,
    /// The name of the feature.
    pub feature: String,
    /// The matter that is acted on; `None` for one that is opened.
    pub matter: Option<MatterId>,
    /// The name of the act.
    pub act: String,
    /// What was filled in so far.
    pub fields: Fields,
}

const SELECT: &str = "SELECT d.id, d.at, d.person, m.feature, m.matter, m.act
    FROM draft d JOIN matter_draft m ON m.draft = d.id";

impl Store {
    /// Begins one. Beginning it twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn matter_draft_create(&self, draft: &MatterDraft) -> Result<Changed, StoreError> {
        self.write(|writing| {
            let id = draft.id.0.as_bytes();
            writing
                .prepare_cached("INSERT OR IGNORE INTO draft (id, at, person) VALUES (?1, ?2, ?3)")?
                .execute((id, draft.at.0, draft.person.as_str()))?;
            writing.prepare_cached("INSERT OR IGNORE INTO matter_draft VALUES (?1, ?2, ?3, ?4)")?.execute(
                (
                    id,
                    draft.feature.as_str(),
                    draft.matter.map(|matter| matter.0.into_bytes()),
                    draft.act.as_str(),
                ),
            )?;
            for (name, value) in &draft.fields {
                set(writing, draft.id, name, Some(value))?;
            }
            hold_photos(writing, draft.id)?;
            Ok(drafts_changed())
        })
    }

    /// Sets one field, durably; `None` empties it.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`] when there is none, [`StoreError::NoPhoto`] for a photo that [`Store::put_photo`] has not kept.
    pub fn matter_draft_set(
        &self,
        id: DraftId,
        field: &str,
        value: Option<&Value>,
    ) -> Result<Changed, StoreError> {
        self.write(|writing| {
            expect_draft(writing, id)?;
            set(writing, id, field, value)?;
            hold_photos(writing, id)?;
            Ok(drafts_changed())
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn matter_draft(&self, id: DraftId) -> Result<Option<MatterDraft>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE d.id = ?1"))?;
            let found = statement.query_row([id.0.as_bytes()], row).optional()?;
            found.map(|draft| with_fields(connection, draft)).transpose()
        })
    }

    /// All of them, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn matter_drafts(&self) -> Result<Vec<MatterDraft>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY d.at DESC, d.id"))?;
            let drafts: Vec<MatterDraft> = statement.query_map([], row)?.collect::<Result<_, _>>()?;
            drafts.into_iter().map(|draft| with_fields(connection, draft)).collect()
        })
    }
}

/// Removes what belongs to a draft that goes.
pub(crate) fn remove(connection: &Connection, id: DraftId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM matter_draft WHERE draft = ?1")?.execute([id.0.as_bytes()])?;
    connection
        .prepare_cached("DELETE FROM matter_draft_field WHERE draft = ?1")?
        .execute([id.0.as_bytes()])?;
    Ok(())
}

fn set(connection: &Connection, id: DraftId, field: &str, value: Option<&Value>) -> Result<(), StoreError> {
    match value {
        Some(value) => connection
            .prepare_cached(
                "INSERT INTO matter_draft_field VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET value = excluded.value",
            )?
            .execute((id.0.as_bytes(), field, encode(value)))?,
        None => connection
            .prepare_cached("DELETE FROM matter_draft_field WHERE draft = ?1 AND name = ?2")?
            .execute((id.0.as_bytes(), field))?,
    };
    Ok(())
}

/// The photos that the fields name are those that the draft holds: they are not dropped to make room.
fn hold_photos(connection: &Connection, id: DraftId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM draft_photo WHERE draft = ?1")?.execute([id.0.as_bytes()])?;
    let mut n = 0;
    for value in fields(connection, id)?.into_values() {
        let Value::Photos(hashes) = value else { continue };
        for hash in hashes {
            if !connection.prepare_cached("SELECT 1 FROM photo WHERE hash = ?1")?.exists([hash.0])? {
                return Err(StoreError::NoPhoto(hash));
            }
            n += 1;
            connection.prepare_cached("INSERT INTO draft_photo VALUES (?1, ?2, ?3, ?4)")?.execute((
                id.0.as_bytes(),
                n,
                hash.0,
                number(ROLES, PhotoRole::Before),
            ))?;
        }
    }
    Ok(())
}

fn row(row: &Row<'_>) -> rusqlite::Result<MatterDraft> {
    let matter: Option<[u8; 16]> = row.get(4)?;
    Ok(MatterDraft {
        id: DraftId(document(row, 0)?.0),
        at: Timestamp(row.get(1)?),
        person: PersonId(row.get(2)?),
        feature: row.get(3)?,
        matter: matter.map(|id| DocumentId(uuid::Uuid::from_bytes(id))),
        act: row.get(5)?,
        fields: Fields::new(),
    })
}

fn fields(connection: &Connection, id: DraftId) -> Result<Fields, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT name, value FROM matter_draft_field WHERE draft = ?1")?;
    let fields = statement.query_map([id.0.as_bytes()], |row| Ok((row.get(0)?, cbor(row, 1)?)))?;
    Ok(fields.collect::<Result<_, _>>()?)
}

fn with_fields(connection: &Connection, draft: MatterDraft) -> Result<MatterDraft, StoreError> {
    Ok(MatterDraft { fields: fields(connection, draft.id)?, ..draft })
}
