//! Whom a case is about: a resident who reported it or is affected by it, and how to reach them.
//!
//! A contact is a document of its own in a scope of its own class, apart from its case: volunteers and heads see the case
//! and never the contact, and its bytes can be erased while the case stays. Nothing in it is ever corrected in
//! place, because a document keeps its history: a wrong one is erased and added anew.

use crate::event::Event;
use crate::id::{CaseId, ContactId, EventId, UnitId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One act in a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactAct {
    /// The contact was added. The first event of every contact, and the only one so far.
    Add,
    /// An act of a later version: kept byte for byte, without effect here.
    #[serde(skip)]
    Unknown,
}

/// The content of a contact document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRecord {
    /// Its id.
    pub id: ContactId,
    /// The unit whose scope it lives in, for good: the home of its case.
    pub home: UnitId,
    /// The case that it belongs to.
    pub case: CaseId,
    /// The resident's name, as they gave it; empty when they did not.
    pub name: String,
    /// How to reach them.
    pub telephone: String,
    /// What else has to be known to reach them.
    pub note: String,
    /// Events by id.
    pub events: BTreeMap<EventId, Event<ContactAct>>,
}

impl ContactRecord {
    /// How it was added; `None` while its first event is not here.
    #[must_use]
    pub fn added(&self) -> Option<&Event<ContactAct>> {
        self.events.values().find(|event| event.act == ContactAct::Add)
    }
}
