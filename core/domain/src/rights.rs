//! Who may do what. The device asks before it records, the server asks again before it accepts.

use crate::id::UnitId;
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
