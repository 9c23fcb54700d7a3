//! What multiplies the points of a line: halves, doubles and thirds under a condition that a scheme names.

use super::{Measure, Reason, ScorePoints};
use serde::{Deserialize, Serialize};

/// A multiplier with the condition under which it holds, as a rule set writes it:
/// `{ times = "2", if = { found = 2 } }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Factor {
    /// How many times as much.
    pub times: ScorePoints,
    /// When.
    #[serde(rename = "if")]
    pub condition: Condition,
}

/// When a multiplier holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The problem was put right in front of the inspector.
    OnTheSpot,
    /// So many points or more were clean in the same check.
    CleanPoints(u32),
    /// The same problem is found for this time or a later one; the first time is 1.
    Found(u32),
    /// It is the line of this number, or a later one, under the rule in the period; the first is 1.
    InPeriod(u32),
    /// This share of the observations, or more, is met.
    MetFrom(ScorePoints),
    /// The point is of one of these kinds.
    PointKind(Vec<String>),
}

/// What a condition looks at.
pub(super) struct Circumstances<'a> {
    pub on_the_spot: bool,
    pub reason: &'a Reason,
    pub point_kind: Option<&'a str>,
    /// Which line under the rule in the period; `None` before the period's lines are known.
    pub number: Option<u32>,
}

impl Condition {
    pub(super) fn holds(&self, here: &Circumstances<'_>) -> bool {
        match (self, here.reason) {
            (Self::OnTheSpot, _) => here.on_the_spot,
            (Self::CleanPoints(from), Reason::Announced { clean_points: Some(clean), .. }) => clean >= from,
            (Self::MetFrom(from), Reason::Assessed { met, observed, .. }) => {
                Measure::MetShare.of(*met, *observed) >= from.0
            }
            (Self::Found(from), Reason::FoundAgain { times, .. }) => times >= from,
            (Self::Found(from), Reason::Finding { .. }) => *from <= 1,
            (Self::PointKind(kinds), _) => {
                here.point_kind.is_some_and(|kind| kinds.iter().any(|k| k == kind))
            }
            (Self::InPeriod(from), _) => here.number.is_some_and(|number| number >= *from),
            (Self::CleanPoints(_) | Self::Found(_) | Self::MetFrom(_), _) => false,
        }
    }

    /// Whether it can be told from the fact alone, without the other lines of the period.
    pub(super) fn of_the_fact(&self) -> bool {
        !matches!(self, Self::InPeriod(_))
    }
}
