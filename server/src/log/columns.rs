//! How the words of the log lie in columns, whatever database holds them.

use super::{LogError, Result};
use sanben_document::decode;
use sanben_domain::id::UnitId;
use sanben_domain::rights::{Scope, ScopeClass};
use serde::de::DeserializeOwned;

/// How the kinds of entries are called.
pub(super) const CHANGE: &str = "change";
pub(super) const REFERENCE: &str = "reference";
pub(super) const NOTE: &str = "note";

/// What an entry takes on the wire beside its bytes, about: ids, hashes, names of fields.
pub(super) const ENTRY_OVERHEAD: usize = 160;

const CLASSES: [(ScopeClass, &str); 6] = [
    (ScopeClass::Work, "work"),
    (ScopeClass::Resident, "resident"),
    (ScopeClass::Discipline, "discipline"),
    (ScopeClass::People, "people"),
    (ScopeClass::Reference, "reference"),
    (ScopeClass::Personal, "personal"),
];

pub(super) fn class_name(class: ScopeClass) -> &'static str {
    CLASSES.iter().find(|(held, _)| *held == class).map_or("", |(_, name)| name)
}

pub(super) fn scope(unit: String, class: &str) -> Result<Scope> {
    let class = CLASSES.iter().find(|(_, name)| *name == class).map(|(class, _)| *class);
    Ok(Scope { unit: UnitId(unit), class: class.ok_or(LogError::Newer)? })
}

/// A number of ours as databases hold it. Ours count entries and bytes: they never come near the limit.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A value that was written as CBOR.
pub(super) fn cbor<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    decode(bytes).ok_or_else(|| LogError::Damaged("an unreadable value".to_owned()))
}
