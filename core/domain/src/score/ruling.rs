//! Decisions on appeals. Whoever is named on a sheet may appeal; what is decided is a line of its own
//! beside the one it is about, so nothing that was published is rubbed out.

use super::ScorePoints;
use crate::id::{EventId, PersonId, RuleId, UnitId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What was decided about one line of a sheet, as the desk posts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Its id; posting it again replaces it.
    pub id: EventId,
    /// Whose sheet.
    pub community: UnitId,
    /// The event of the line.
    pub of: EventId,
    /// The rule of the line: one event can meet several.
    pub rule: RuleId,
    /// What the line is worth from now on; 0 when the appeal is upheld in full.
    pub points: ScorePoints,
    /// When it was decided.
    pub at: Timestamp,
    /// Who appealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appellant: Option<PersonId>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}
