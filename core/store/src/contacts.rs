//! Residents' contacts: whom a case is about, where this replica holds that.

use crate::cases::{Delivery, delivery};
use crate::columns::cbor;
use crate::error::StoreError;
use crate::store::Store;
use crate::writing::Writing;
use rusqlite::OptionalExtension;
use sanben_document::encode;
use sanben_domain::contact::ContactRecord;
use sanben_domain::id::{CaseId, ContactId};

/// A contact with how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Its content.
    pub record: ContactRecord,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

impl Store {
    /// A contact; `None` when this replica does not hold it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn contact(&self, id: ContactId) -> Result<Option<ContactRow>, StoreError> {
        self.projected()?;
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT record FROM contact_row WHERE id = ?1")?;
            let found = statement.query_row([id.0.as_bytes()], |row| cbor(row, 0)).optional()?;
            let Some(record) = found else { return Ok(None) };
            Ok(Some(ContactRow { record, delivery: delivery(connection, id)? }))
        })
    }

    /// The contacts of a case that this replica holds, in the order in which they were added.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn contacts(&self, case: CaseId) -> Result<Vec<ContactRow>, StoreError> {
        self.projected()?;
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT record FROM contact_row WHERE case_id = ?1 ORDER BY added, id")?;
            let records: Vec<ContactRecord> =
                statement.query_map([case.0.as_bytes()], |row| cbor(row, 0))?.collect::<Result<_, _>>()?;
            let row = |record: ContactRecord| {
                let delivery = delivery(connection, record.id)?;
                Ok(ContactRow { record, delivery })
            };
            records.into_iter().map(row).collect()
        })
    }
}

/// Writes the row of a contact; what is shown of its case changed with it.
pub(crate) fn write(writing: &mut Writing<'_>, record: &ContactRecord) -> Result<(), StoreError> {
    let Some(added) = record.added() else { return Ok(()) };
    writing
        .prepare_cached(
            "INSERT INTO contact_row (id, case_id, added, record) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET record = excluded.record",
        )?
        .execute((record.id.0.as_bytes(), record.case.0.as_bytes(), added.at.at().0, encode(record)))?;
    writing.changed.cases.insert(record.case);
    Ok(())
}

/// Removes the row of a contact that is gone; nothing happens when there is none.
pub(crate) fn remove(writing: &mut Writing<'_>, id: ContactId) -> Result<(), StoreError> {
    let case = case_of(writing, id)?;
    writing.prepare_cached("DELETE FROM contact_row WHERE id = ?1")?.execute([id.0.as_bytes()])?;
    writing.changed.cases.extend(case);
    Ok(())
}

/// The case of a contact that is listed.
pub(crate) fn case_of(writing: &Writing<'_>, id: ContactId) -> Result<Option<CaseId>, StoreError> {
    Ok(writing
        .prepare_cached("SELECT case_id FROM contact_row WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| crate::columns::document(row, 0))
        .optional()?)
}
