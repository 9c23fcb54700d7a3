//! Rule sets: what a thing costs or earns, from which day on. Values differ from street to street and
//! change within the year, so they are data.

use super::{Factor, Rhythm, YearEnd};
use crate::id::{RuleId, RuleSetId, UnitId};
use crate::reference::Reference;
use chrono::NaiveDate;
use num_rational::Ratio;
use num_traits::CheckedAdd;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// An exact amount of score points; written `-1`, `1/2`, `-3/2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ScorePoints(pub Ratio<i64>);

impl fmt::Display for ScorePoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ScorePoints {
    /// All of them together; `None` when the exact sum is too large, as it is with a few denominators that
    /// have nothing in common.
    #[must_use]
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().try_fold(Ratio::default(), |sum: Ratio<i64>, one| sum.checked_add(&one.0)).map(Self)
    }

    /// Whether it is more than nothing.
    #[must_use]
    pub fn is_positive(self) -> bool {
        *self.0.numer() > 0
    }
}

impl FromStr for ScorePoints {
    type Err = BadPoints;

    fn from_str(text: &str) -> Result<Self, BadPoints> {
        let (numerator, denominator) = text.trim().split_once('/').unwrap_or((text.trim(), "1"));
        match (numerator.parse(), denominator.parse()) {
            // The smallest integer has no negative: reducing such a fraction could overflow.
            (Ok(n), Ok(d)) if n != i64::MIN && d > 0 => Ok(Self(Ratio::new(n, d))),
            _ => Err(BadPoints),
        }
    }
}

/// The text is not an exact amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an exact amount: write a whole number or a fraction such as -1/2")]
pub struct BadPoints;

impl Serialize for ScorePoints {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScorePoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What a rule watches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// A finding in a city check.
    FindingCity,
    /// A finding in a district check.
    FindingDistrict,
    /// A finding in a subdistrict inspection.
    FindingSubdistrict,
    /// A digital-city-management case past its deadline.
    OverdueDigital,
    /// A same-day problem not put right the same day.
    OverdueSameDay,
    /// Any other case past its deadline.
    Overdue,
    /// The same problem found again.
    FoundAgain,
    /// A look-back that failed.
    LookBackFailed,
    /// Praise in writing or by a city leader.
    PraiseCity,
    /// Praise by the district.
    PraiseDistrict,
    /// Praise by the subdistrict.
    PraiseSubdistrict,
    /// A point without a finding in a city check.
    CleanPointCity,
    /// A point without a finding in a district check.
    CleanPointDistrict,
    /// Material failed by the city.
    MaterialFailedCity,
    /// Material failed by the district.
    MaterialFailedDistrict,
    /// A mock assessment of the community's points, once sheets of it are finished.
    Assessed,
    /// What the office announced under a name of its own ([`Rule::named`]).
    Announced,
}

/// What is measured of an assessment. A share is exact: 817 of 1166.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// How many observations are met.
    Met,
    /// How many are not.
    NotMet,
    /// The share that is met.
    MetShare,
    /// The share that is not.
    NotMetShare,
}

impl Measure {
    /// So many met of so many that apply; nothing of nothing.
    pub(super) fn of(self, met: u32, observed: u32) -> Ratio<i64> {
        let (met, observed) = (i64::from(met), i64::from(observed));
        let number = match self {
            Self::Met | Self::MetShare => met,
            Self::NotMet | Self::NotMetShare => observed - met,
        };
        match self {
            Self::Met | Self::NotMet => Ratio::from_integer(number),
            Self::MetShare | Self::NotMetShare => Ratio::new(number, observed.max(1)),
        }
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its code.
    pub id: RuleId,
    /// The clause of the published scheme.
    pub clause: String,
    /// Its title as people read it.
    pub title: String,
    /// What it watches for.
    pub when: When,
    /// What that costs (negative) or earns.
    pub points: ScorePoints,
    /// Halved when the problem was put right on the spot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub halved_on_the_spot: bool,
    /// Counted every time the same problem is found, not once a case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each_time: bool,
    /// From this many in the same check on, each counts double.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub double_from: Option<u32>,
    /// For [`When::Announced`]: the name under which the office announces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// For [`When::Assessed`]: the points are those of one such unit, and it is multiplied by how many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measure>,
    /// What else multiplies it; all that hold are applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<Factor>,
    /// Together its lines cost or earn no more than this in one period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<ScorePoints>,
    /// The part of the base it is counted in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
}

/// Part of the base, such as 30 points for work and 70 for the field: what is lost in one part cannot be
/// made good in another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its code, by which rules name it.
    pub id: String,
    /// Its title as people read it.
    pub title: String,
    /// Its share of [`RuleSet::base`].
    pub base: ScorePoints,
    /// It falls no lower.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<ScorePoints>,
    /// It rises no higher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<ScorePoints>,
}

/// A scheme and the day from which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Its code.
    pub id: RuleSetId,
    /// Its name.
    pub name: String,
    /// The first local day it holds on.
    pub holds_from: NaiveDate,
    /// What every community starts with.
    pub base: ScorePoints,
    /// Communities are ranked inside their tier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Vec<UnitId>>,
    /// How often it is counted, ranked and published.
    #[serde(default, skip_serializing_if = "Rhythm::is_month")]
    pub rhythm: Rhythm,
    /// The parts that the base is divided into; none when it is one.
    #[serde(rename = "part", default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// How the sheets of a year become its mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_end: Option<YearEnd>,
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

impl Reference {
    /// The same data as if only these rules had ever held and nothing had been published: for previews, "what
    /// would last month have been?".
    #[must_use]
    pub fn under(&self, rules: RuleSet) -> Self {
        let rules = RuleSet { holds_from: NaiveDate::MIN, ..rules };
        Self {
            rule_sets: BTreeMap::from([(rules.id.clone(), rules)]),
            publications: BTreeMap::new(),
            ..self.clone()
        }
    }
}
