//! Reference data: rows as they arrived, the whole of it in memory, and which cases a new row shows in
//! another light.

use crate::error::StoreError;
use crate::identity;
use crate::nearby;
use crate::store::Store;
use crate::writing::Writing;
use rusqlite::{Connection, OptionalExtension};
use sanben_document::{decode, encode};
use sanben_domain::id::{PersonId, PointId, StandardId};
use sanben_domain::reference::{Reference, ReferenceRow, ReferenceUpdate, RowKey};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Store {
    /// All reference data, built once and kept until an update arrives.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reference(&self) -> Result<Arc<Reference>, StoreError> {
        self.reference_now()
    }
}

/// Cases that have to be folded again.
#[derive(Debug, Default)]
pub(crate) struct Refold {
    /// Every case: the day, the calendar, the workflow or the tree of units changed.
    pub(crate) all: bool,
    /// Those at these points: the point or who answers for it changed.
    pub(crate) points: BTreeSet<PointId>,
    /// Those against these standards: the time limit or the words changed.
    pub(crate) standards: BTreeSet<StandardId>,
    /// Those to be handled by these people: their unit changed.
    pub(crate) people: BTreeSet<PersonId>,
}

impl Refold {
    fn note(&mut self, row: ReferenceRow) {
        match row {
            ReferenceRow::Tenant(_) | ReferenceRow::Unit(_) | ReferenceRow::CalendarDay(_) => self.all = true,
            ReferenceRow::Point(row) => drop(self.points.insert(row.id)),
            ReferenceRow::Assignment(row) => drop(self.points.insert(row.point)),
            ReferenceRow::Standard(row) => drop(self.standards.insert(row.id)),
            ReferenceRow::Person(row) => drop(self.people.insert(row.id)),
            // No fold looks at these.
            ReferenceRow::Team(_)
            | ReferenceRow::Cell(_)
            | ReferenceRow::RuleSet(_)
            | ReferenceRow::Announcement(_)
            | ReferenceRow::Ruling(_)
            | ReferenceRow::Publication(_) => {}
        }
    }
}

/// Takes an update in. Rows that are here already, byte for byte, change nothing.
pub(crate) fn update(writing: &mut Writing<'_>, update: &ReferenceUpdate) -> Result<(), StoreError> {
    for row in &update.rows {
        let key = row.key();
        let body = encode(row);
        let before = stored(writing, &key)?;
        if before.as_deref() == Some(body.as_slice()) {
            writing
                .prepare_cached(
                    "UPDATE reference_row SET doubted = 0 WHERE kind = ?1 AND key = ?2 AND doubted = 1",
                )?
                .execute((&key.kind, &key.key))?;
            continue;
        }
        writing
            .prepare_cached(
                "INSERT INTO reference_row (kind, key, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET body = excluded.body, doubted = 0",
            )?
            .execute((&key.kind, &key.key, &body))?;
        note(writing, before);
        writing.refold.note(row.clone());
        nearby::place(writing, row)?;
        writing.reference_moved();
    }
    update.removed.iter().try_for_each(|key| remove(writing, key))
}

/// Removes the rows that a new life of the log has not brought again.
pub(crate) fn drop_doubted(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    if identity::get(writing, KEPT)?.is_some() {
        // The map is not of this life or of that one: it was kept.
        writing.execute("UPDATE reference_row SET doubted = 0", [])?;
        return Ok(());
    }
    let doubted: Vec<RowKey> = writing
        .prepare_cached("SELECT kind, key FROM reference_row WHERE doubted = 1")?
        .query_map([], |row| Ok(RowKey { kind: row.get(0)?, key: row.get(1)? }))?
        .collect::<Result<_, _>>()?;
    doubted.iter().try_for_each(|key| remove(writing, key))
}

fn remove(writing: &mut Writing<'_>, key: &RowKey) -> Result<(), StoreError> {
    let before = stored(writing, key)?;
    if before.is_some() {
        writing
            .prepare_cached("DELETE FROM reference_row WHERE kind = ?1 AND key = ?2")?
            .execute((&key.kind, &key.key))?;
        nearby::displace(writing, key)?;
        note(writing, before);
        writing.reference_moved();
    }
    Ok(())
}

/// What recording needs and nobody's name is in: it stays when the scope of the reference data is lost, so that a
/// person who was taken out can still say where something is wrong.
const MAP: &str = "('tenant', 'unit', 'point', 'standard', 'cell', 'calendar-day')";
/// Set while only the map is left; what it had become when the scope comes back is in the log from its beginning.
const KEPT: &str = "kept-map";

/// The scope of the people is lost: nobody's name stays.
pub(crate) fn forget_people(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    forget(writing, "kind = 'person'")
}

/// The scope of the reference data is lost: who answers for what goes, the map stays.
pub(crate) fn keep_the_map(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    identity::set(writing, KEPT, Some(&[1]))?;
    forget(writing, &format!("kind <> 'person' AND kind NOT IN {MAP}"))
}

/// The scope of the reference data is read again from its first entry: the kept map gives way to it.
pub(crate) fn begin_again(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    if identity::get(writing, KEPT)?.is_none() {
        return Ok(());
    }
    identity::set(writing, KEPT, None)?;
    forget(writing, "kind <> 'person'")
}

fn forget(writing: &mut Writing<'_>, rows: &str) -> Result<(), StoreError> {
    let gone: Vec<RowKey> = writing
        .prepare(&format!("SELECT kind, key FROM reference_row WHERE {rows}"))?
        .query_map([], |row| Ok(RowKey { kind: row.get(0)?, key: row.get(1)? }))?
        .collect::<Result<_, _>>()?;
    gone.iter().try_for_each(|key| remove(writing, key))
}

fn note(writing: &mut Writing<'_>, before: Option<Vec<u8>>) {
    match before.as_deref().map(decode) {
        Some(Some(row)) => writing.refold.note(row),
        // A row of a form this version cannot read: look at everything again.
        Some(None) => writing.refold.all = true,
        None => {}
    }
}

fn stored(connection: &Connection, key: &RowKey) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM reference_row WHERE kind = ?1 AND key = ?2")?;
    Ok(statement.query_row((&key.kind, &key.key), |row| row.get(0)).optional()?)
}

/// Builds the whole from its rows.
pub(crate) fn load(connection: &Connection) -> Result<Reference, StoreError> {
    let mut statement = connection.prepare("SELECT body FROM reference_row ORDER BY kind, key")?;
    let rows: Vec<ReferenceRow> =
        statement.query_map([], |row| crate::columns::cbor(row, 0))?.collect::<Result<_, _>>()?;
    Ok(Reference::from_rows(rows))
}
