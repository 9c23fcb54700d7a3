//! Identities. Random ids (cases, events, devices) are UUIDs made by their creator, so that nobody needs
//! a network to make one; reference data keeps the codes an office gave it. Each is a type of its own:
//! a point can never be passed where a unit is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Defines identities of 16 random bytes, chosen by whoever creates the thing.
macro_rules! random_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes an id of 16 bytes of the caller's randomness (RFC 9562, version 4).
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

/// Defines identities that an office chose: short codes, compared byte by byte.
macro_rules! code_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self(code.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

random_id! {
    /// A document of any kind: what is edited in the field is one Automerge document each.
    DocumentId,
    /// One immutable event in a document.
    EventId,
    /// An enrolled device.
    DeviceId,
    /// A draft that has not been reported yet; it becomes the id of the case.
    DraftId,
    /// A life of the server's log. A restored or rebuilt log has a new one.
    Epoch,
}

code_id! {
    /// A jurisdiction: a district or a subdistrict.
    TenantId,
    /// A unit of the grid tree or an organisation: subdistrict, community, compound, department.
    UnitId,
    /// A point (点位) that is assessed.
    PointId,
    /// An entry of the standard ledger.
    StandardId,
    /// A person who acts or answers.
    PersonId,
    /// An inspection team (督导组).
    TeamId,
    /// A basic management cell or an area of the grid.
    CellId,
    /// A score rule inside a rule set.
    RuleId,
    /// A rule set.
    RuleSetId,
}

/// A case is a document; the name says which kind is expected.
pub type CaseId = DocumentId;
/// A contact is a document; the name says which kind is expected.
pub type ContactId = DocumentId;
/// A matter is a document; the name says which kind is expected.
pub type MatterId = DocumentId;
/// A patrol is a document; the name says which kind is expected.
pub type PatrolId = DocumentId;

impl DraftId {
    /// The case that this draft becomes when it is reported.
    #[must_use]
    pub fn case(self) -> CaseId {
        DocumentId(self.0)
    }
}

/// SHA-256 of a photo's original bytes: its address and the proof that it arrived whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhotoHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl fmt::Display for PhotoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PhotoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhotoHash({self})")
    }
}

impl std::str::FromStr for PhotoHash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Self, BadHash> {
        let digits: Vec<u8> = text
            .chars()
            .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
            .collect::<Option<_>>()
            .ok_or(BadHash)?;
        let (pairs, rest) = digits.as_chunks::<2>();
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
        if !rest.is_empty() {
            return Err(BadHash);
        }
        bytes.try_into().map(Self).map_err(|_| BadHash)
    }
}

/// The text is not a SHA-256 hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hash of 64 hexadecimal digits")]
pub struct BadHash;

#[cfg(test)]
mod tests;
