//! The standard ledger: what "right" means at a kind of point, and how fast wrong must become right.

use super::UnitKind;
use crate::id::StandardId;
use serde::{Deserialize, Serialize};

/// One standard, with the clause it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Its code.
    pub id: StandardId,
    /// The clause of the published standard.
    pub clause: String,
    /// Its short name, as people say it.
    pub name: String,
    /// Which kinds of points it holds for.
    pub applies_to: AppliesTo,
    /// How long a problem against it may stand.
    pub limit: TimeLimit,
    /// The full demand.
    pub demand: String,
    /// What it asks for has to be there in every unit of this kind: "one in each building".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_each: Option<UnitKind>,
}

/// Which kinds of points a standard holds for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppliesTo {
    /// Every point.
    All,
    /// Points of these kinds.
    Kinds(Vec<String>),
}

impl AppliesTo {
    /// Whether a point of this kind is covered.
    #[must_use]
    pub fn covers(&self, point_kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Kinds(kinds) => kinds.iter().any(|kind| kind == point_kind),
        }
    }
}

/// How long a problem may stand. Data, not code: 4 working hours in one city, 1 working day in the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeLimit {
    /// 当日: by the end of the day it was found on (the same-day rule).
    SameDay,
    /// 工作小时: hours of the working calendar.
    WorkingHours(u16),
    /// 工作日: working days; ends with the last of them.
    WorkingDays(u16),
    /// 日: days of the plain calendar; ends with the last of them.
    Days(u16),
}
