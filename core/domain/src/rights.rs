//! Who may do what. The device asks before it records, the server asks again before it accepts.

use crate::case::{CaseAct, CaseRecord, CaseState};
use crate::id::UnitId;
use crate::reference::{Person, Reference};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The class of a scope: what must be narrower than a unit's daily work is a class of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeClass {
    /// Cases and patrols.
    Work,
    /// Residents' contacts and unapproved suggestions.
    Resident,
    /// Samples, interviews.
    Discipline,
    /// Names and roles of staff.
    People,
    /// Standards, grid, points, assignments, rule sets.
    Reference,
}

/// The unit of visibility: who holds a scope gets every entry of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Whose.
    pub unit: UnitId,
    /// Which class.
    pub class: ScopeClass,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = match self.class {
            ScopeClass::Work => "work",
            ScopeClass::Resident => "resident",
            ScopeClass::Discipline => "discipline",
            ScopeClass::People => "people",
            ScopeClass::Reference => "reference",
        };
        write!(f, "{}:{class}", self.unit)
    }
}

/// Why an act is refused. The texts name roles, never people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Denied {
    /// The role never does this.
    #[error("this role does not take this step: hand it to somebody whose role does")]
    Role,
    /// The role does it, but not for this place.
    #[error("this place belongs to other people: hand it to its head, its team or the command post")]
    Place,
    /// The scope of the document is not held.
    #[error("this unit's records are not shared with the author: ask the command post to share them")]
    Scope,
    /// The act is of a kind this version does not know.
    #[error("this kind of act is of a later version: update and send it again")]
    Unknown,
}

/// Whether a person may do this to a case at an instant. `state` is `None` for the report of a new case.
///
/// # Errors
/// Why not.
pub fn may(
    person: &Person,
    act: &CaseAct,
    record: &CaseRecord,
    state: Option<&CaseState>,
    reference: &Reference,
    at: Timestamp,
) -> Result<(), Denied> {
    let _ = (person, act, record, state, reference, at);
    unimplemented!()
}

/// The scopes a person holds at an instant, in order.
#[must_use]
pub fn scopes_of(person: &Person, reference: &Reference, at: Timestamp) -> Vec<Scope> {
    let _ = (person, reference, at);
    unimplemented!()
}

/// Whether a person may write into a scope: they hold it, and it is not the command post's own.
#[must_use]
pub fn may_write(person: &Person, scope: &Scope, reference: &Reference, at: Timestamp) -> bool {
    let _ = (person, scope, reference, at);
    unimplemented!()
}

/// The scope a case or patrol lives in, for good.
#[must_use]
pub fn home_scope(home: &UnitId) -> Scope {
    Scope { unit: home.clone(), class: ScopeClass::Work }
}
