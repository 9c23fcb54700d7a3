//! Residents' contacts: how to reach whom a case is about, apart from the case.

use crate::Field;
use crate::error::FieldError;
use crate::invalid::Invalid;
use sanben_document::{Intent, IntentBody};
use sanben_domain::contact::ContactAct;
use sanben_domain::id::{CaseId, ContactId, DocumentId, UnitId};
use sanben_domain::reference::Person;
use sanben_domain::rights::{self, Denied};
use sanben_domain::time::Timestamp;
use sanben_store::ContactRow;

/// A resident who reported a case or is affected by it. A name or a telephone number is enough.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewContact {
    /// The name, as they gave it.
    pub name: String,
    /// How to reach them.
    pub telephone: String,
    /// What else has to be known to reach them.
    pub note: String,
}

/// Nothing of it belongs into a log.
impl std::fmt::Debug for NewContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewContact { .. }")
    }
}

impl Field {
    /// Adds whom a case is about, as a document of its own that volunteers and heads do not receive. It is not
    /// corrected afterwards: the desk erases a wrong one, and it is added anew.
    ///
    /// # Errors
    /// [`FieldError::Denied`] for a role that keeps no contacts, or in a unit whose contacts are not held;
    /// [`FieldError::NotFound`] for an unknown case; [`FieldError::Invalid`] without name and telephone number.
    pub fn add_contact(&self, case: CaseId, contact: NewContact) -> Result<ContactId, FieldError> {
        let [name, telephone, note] =
            [contact.name, contact.telephone, contact.note].map(|text| text.trim().to_owned());
        if name.is_empty() && telephone.is_empty() {
            return Err(Invalid::NoContact.into());
        }
        let at = self.stamp()?;
        let (me, home) = self.keeper_of(case, at.at())?;
        let document = DocumentId::from_random(self.random16());
        let body = IntentBody::AddContact { home, case, name, telephone, note };
        let intent =
            Intent { v: 1, document, event: self.new_event(), at, by: me.id, seen: Vec::new(), body };
        self.tell(self.store().record(&[intent], None)?.changed);
        Ok(document)
    }

    /// Whether the person may add a contact to a case.
    ///
    /// # Errors
    /// As [`Field::add_contact`].
    pub fn may_add_contact(&self, case: CaseId) -> Result<(), FieldError> {
        self.keeper_of(case, self.now()?).map(drop)
    }

    fn keeper_of(&self, case: CaseId, at: Timestamp) -> Result<(Person, UnitId), FieldError> {
        let reference = self.store().reference()?;
        let me = self.me(&reference)?;
        let home = self.case(case)?.record.home;
        rights::may_contact(&me, &ContactAct::Add)?;
        if !rights::may_write(&me, &rights::resident_scope(&home), &reference, at) {
            return Err(Denied::Scope.into());
        }
        Ok((me, home))
    }

    /// The contacts of a case that are held here, in the order in which they were added.
    ///
    /// # Errors
    /// A store error.
    pub fn contacts(&self, case: CaseId) -> Result<Vec<ContactRow>, FieldError> {
        Ok(self.store().contacts(case)?)
    }
}
