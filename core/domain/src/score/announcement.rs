//! Facts from outside: praise, a point found clean in a check, material sent back.
//!
//! No case document holds them; the desk posts them when they are announced, as reference rows, so that
//! every device that shows a sheet holds what the sheet is made of.

use super::{ScorePoints, When};
use crate::id::{EventId, PhotoHash, PointId, UnitId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
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
    /// Something the office gave a name of its own ([`Announcement::named`]).
    Other,
}

impl Fact {
    /// What rules watch for to count it.
    #[must_use]
    pub fn when(self) -> When {
        match self {
            Self::PraiseCity => When::PraiseCity,
            Self::PraiseDistrict => When::PraiseDistrict,
            Self::PraiseSubdistrict => When::PraiseSubdistrict,
            Self::CleanPointCity => When::CleanPointCity,
            Self::CleanPointDistrict => When::CleanPointDistrict,
            Self::MaterialFailedCity => When::MaterialFailedCity,
            Self::MaterialFailedDistrict => When::MaterialFailedDistrict,
            Self::Other => When::Announced,
        }
    }

    /// Whether it says that a point was found clean.
    #[must_use]
    pub fn is_clean_point(self) -> bool {
        matches!(self, Self::CleanPointCity | Self::CleanPointDistrict)
    }
}

/// A fact from outside that moves a community's sheet, as the desk posts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Its id, chosen by whoever posts it; posting it again replaces it.
    pub id: EventId,
    /// Whose sheet it moves.
    pub community: UnitId,
    /// What was announced.
    pub fact: Fact,
    /// The point it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// Which check or letter, as the office names it; clean points of one check count together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// When it was announced: it belongs to the sheet of that local day.
    pub at: Timestamp,
    /// The words of the announcement.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Photos or scans that prove it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<PhotoHash>,
    /// For [`Fact::Other`]: what the office calls it; rules and year-end marks name the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// The mark that was given, where it is one of a year-end part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<ScorePoints>,
}
