//! How ids, enumerations and CBOR lie in columns. The numbers are stored: new variants go to the end.

use rusqlite::types::Type;
use rusqlite::{Error, Row};
use sanben_document::{ChangeHash, Kind, decode};
use sanben_domain::case::{Lateness, PhotoRole, Source, Status};
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_domain::patrol::Round;
use serde::de::DeserializeOwned;

pub(crate) const STATUSES: &[Status] = &[
    Status::Reported,
    Status::Confirmed,
    Status::Filed,
    Status::Dispatched,
    Status::Acknowledged,
    Status::Rectified,
    Status::Rework,
    Status::OnAccount,
    Status::Verified,
    Status::Closed,
    Status::Voided,
    Status::Merged,
];
pub(crate) const SOURCES: &[Source] =
    &[Source::Own, Source::Subdistrict, Source::District, Source::City, Source::DigitalCity];
pub(crate) const LATENESSES: &[Lateness] =
    &[Lateness::NotDue, Lateness::InTime, Lateness::Late, Lateness::Doubtful];
pub(crate) const ROLES: &[PhotoRole] = &[PhotoRole::Before, PhotoRole::After, PhotoRole::LookBack];
pub(crate) const ROUNDS: &[Round] = &[Round::Morning, Round::LookBack];
pub(crate) const KINDS: &[Kind] = &Kind::ALL;

/// The stored number of a variant; -1 for one that is missing in the table above (a test forbids it).
pub(crate) fn number<T: PartialEq>(all: &[T], value: T) -> i64 {
    all.iter().position(|one| *one == value).and_then(|n| i64::try_from(n).ok()).unwrap_or(-1)
}

/// The variant of a stored number.
pub(crate) fn variant<T: Copy>(all: &[T], row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let n: i64 = row.get(column)?;
    usize::try_from(n).ok().and_then(|n| all.get(n)).copied().ok_or_else(|| unreadable(column))
}

pub(crate) fn document(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentId> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(DocumentId(uuid::Uuid::from_bytes(bytes)))
}

pub(crate) fn change_hash(row: &Row<'_>, column: usize) -> rusqlite::Result<ChangeHash> {
    row.get(column).map(ChangeHash)
}

pub(crate) fn photo_hash(row: &Row<'_>, column: usize) -> rusqlite::Result<PhotoHash> {
    row.get(column).map(PhotoHash)
}

/// A value stored as CBOR.
pub(crate) fn cbor<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    decode(row.get_ref(column)?.as_blob().map_err(|_| unreadable(column))?).ok_or_else(|| unreadable(column))
}

/// The same where the column may be empty.
pub(crate) fn cbor_or_none<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    row.get_ref(column)?
        .as_blob_or_null()
        .map_err(|_| unreadable(column))?
        .map(|bytes| decode(bytes).ok_or_else(|| unreadable(column)))
        .transpose()
}

/// A text code as its id.
pub(crate) fn code<T: for<'a> From<&'a str>>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(|_| unreadable(column))?;
    Ok(text.map(T::from))
}

/// A non-negative count.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let n: i64 = row.get(column)?;
    u64::try_from(n).map_err(|_| unreadable(column))
}

/// SQLite's integers are signed: a number beyond them (nobody has one) becomes the largest.
pub(crate) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What was written is no longer what is there: the file is damaged.
pub(crate) fn unreadable(column: usize) -> Error {
    Error::FromSqlConversionFailure(column, Type::Blob, "stored value is damaged".into())
}
