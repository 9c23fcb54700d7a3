//! A sheet that was published: from then on it stands as it is.
//!
//! A publication names the sheet's exact bytes and keeps what each line counted, so that everybody who holds
//! it shows the same total for good, and what is known later can be compared with it line by line.

use super::{Period, ScoreError, ScorePoints, ScoreSheet, SheetHash};
use crate::id::{CaseId, EventId, RuleId, RuleSetId, UnitId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one published line counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The event of the line.
    pub event: EventId,
    /// The rule set that held.
    pub rule_set: RuleSetId,
    /// The rule.
    pub rule: RuleId,
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What it counted.
    pub points: ScorePoints,
    /// The earlier period it corrects, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Period>,
    /// When the fact happened.
    pub at: Timestamp,
}

/// A published sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Whose sheet.
    pub community: UnitId,
    /// Which days.
    pub period: Period,
    /// What was known at this instant is in it.
    pub as_of: Timestamp,
    /// How far the log of each scope was read.
    pub cut: BTreeMap<String, u64>,
    /// The sheet as it was, by hash: the paper that was printed can be checked against it.
    pub sheet: SheetHash,
    /// What it came to.
    pub total: ScorePoints,
    /// What each line counted.
    pub lines: Vec<Counted>,
}

impl Publication {
    /// What is published of a sheet.
    ///
    /// # Errors
    /// [`ScoreError::Published`] for a sheet that stands already, [`ScoreError::Pending`] for one that rests
    /// on work the server has not accepted.
    pub fn of(sheet: &ScoreSheet) -> Result<Self, ScoreError> {
        if sheet.published.is_some() {
            return Err(ScoreError::Published(sheet.period.from));
        }
        if sheet.entries.iter().any(|entry| entry.pending) {
            return Err(ScoreError::Pending);
        }
        let lines = sheet.entries.iter().map(|entry| Counted {
            event: entry.event,
            rule_set: entry.rule_set.clone(),
            rule: entry.rule.clone(),
            case: entry.case,
            points: entry.points,
            of: entry.corrects.map(|corrects| corrects.period),
            at: entry.at.at(),
        });
        Ok(Self {
            community: sheet.community.clone(),
            period: sheet.period,
            as_of: sheet.as_of,
            cut: sheet.cut.clone(),
            sheet: sheet.hash()?,
            total: sheet.total,
            lines: lines.collect(),
        })
    }
}
