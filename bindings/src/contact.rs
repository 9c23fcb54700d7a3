//! Residents' contacts: how to reach whom a case is about.

use crate::case::Delivery;
use crate::failure::FieldFailure;
use crate::field::{Field, allowed, each};
use crate::value::{Uuid, instant};
use sanben_domain::id::DocumentId;
use std::fmt;
use std::time::SystemTime;

/// A resident who reported a case or is affected by it. A name or a telephone number is enough.
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct NewContact {
    /// The name, as they gave it.
    #[uniffi(default)]
    pub name: String,
    /// How to reach them.
    #[uniffi(default)]
    pub telephone: String,
    /// What else has to be known to reach them.
    #[uniffi(default)]
    pub note: String,
}

/// A contact as this store holds it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Contact {
    /// Its id.
    pub id: Uuid,
    /// The name, as they gave it.
    pub name: String,
    /// How to reach them.
    pub telephone: String,
    /// What else has to be known to reach them.
    pub note: String,
    /// Who added it.
    pub by: String,
    /// When, by the clock of their device.
    pub at: SystemTime,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

/// Nothing of it belongs into a log.
impl fmt::Debug for NewContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewContact { .. }")
    }
}

/// Nothing of it belongs into a log.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact { .. }")
    }
}

impl From<NewContact> for sanben_field::NewContact {
    fn from(contact: NewContact) -> Self {
        let NewContact { name, telephone, note } = contact;
        Self { name, telephone, note }
    }
}

impl From<sanben_field::ContactRow> for Contact {
    fn from(row: sanben_field::ContactRow) -> Self {
        let added = row.record.added();
        let by = added.map(|event| event.by.to_string()).unwrap_or_default();
        let at = added.map_or(SystemTime::UNIX_EPOCH, |event| instant(event.at.at()));
        Self {
            id: row.record.id.0,
            by,
            at,
            name: row.record.name,
            telephone: row.record.telephone,
            note: row.record.note,
            delivery: row.delivery.into(),
        }
    }
}

#[uniffi::export]
impl Field {
    /// Whether the person may add residents' contacts to a case; for not offering it.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn may_add_contact(&self, id: Uuid) -> Result<bool, FieldFailure> {
        self.call(|field| allowed(field.may_add_contact(DocumentId(id))))
    }

    /// Adds whom a case is about, apart from the case: volunteers and heads of points do not receive it.
    ///
    /// # Errors
    /// [`FieldFailure::Denied`], [`FieldFailure::NotFound`], [`FieldFailure::Invalid`] without name and number.
    pub fn add_contact(&self, id: Uuid, contact: NewContact) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.add_contact(DocumentId(id), contact.into())?.0))
    }

    /// The contacts of a case that are held here, in the order in which they were added.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn contacts(&self, id: Uuid) -> Result<Vec<Contact>, FieldFailure> {
        self.call(|field| Ok(each(field.contacts(DocumentId(id))?)))
    }
}
