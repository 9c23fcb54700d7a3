//! How the words of the log lie in columns.

use crate::log::{LogError, Result};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use sanben_document::decode;
use sanben_domain::id::UnitId;
use sanben_domain::rights::{Scope, ScopeClass};
use serde::de::DeserializeOwned;
use uuid::Uuid;

const CLASSES: [(ScopeClass, &str); 5] = [
    (ScopeClass::Work, "work"),
    (ScopeClass::Resident, "resident"),
    (ScopeClass::Discipline, "discipline"),
    (ScopeClass::People, "people"),
    (ScopeClass::Reference, "reference"),
];

pub(super) fn class_name(class: ScopeClass) -> &'static str {
    CLASSES.iter().find(|(held, _)| *held == class).map_or("", |(_, name)| name)
}

pub(super) fn scope(unit: String, class: &str) -> Result<Scope> {
    let class = CLASSES.iter().find(|(_, name)| *name == class).map(|(class, _)| *class);
    Ok(Scope { unit: UnitId(unit), class: class.ok_or(LogError::Newer)? })
}

/// A number of ours as SQLite holds it. Ours count entries and bytes: they never come near the limit.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// 32 bytes: a hash or a chain.
pub(super) struct Hash(pub(super) [u8; 32]);

impl FromSql for Hash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob()?.try_into().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// 16 bytes: a random id.
pub(super) struct Id(pub(super) Uuid);

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Uuid::from_slice(value.as_blob()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// A number that is never negative.
pub(super) struct Number(pub(super) u64);

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        u64::try_from(value.as_i64()?).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// A value that was written as CBOR.
pub(super) fn cbor<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    decode(bytes).ok_or_else(|| LogError::Damaged("an unreadable value".to_owned()))
}
