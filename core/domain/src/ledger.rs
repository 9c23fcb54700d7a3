//! The three ledgers (三本台账) as questions about a point: which standards hold, what is and was wrong,
//! who answers now and who answered then.

use crate::case::{CaseRecord, CaseState, Due, Lateness, Status};
use crate::id::{CaseId, PersonId, PointId, StandardId, UnitId};
use crate::reference::{Duty, Reference, Standard};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A case with what was folded from it.
pub type Folded = (CaseRecord, CaseState);

/// 标准台账: what "right" means at one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardLedger {
    /// The point.
    pub point: PointId,
    /// The standards that hold here, by code.
    pub standards: Vec<StandardEntry>,
}

/// One standard at a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardEntry {
    /// The standard.
    pub standard: Standard,
    /// Open cases against it.
    pub open: Vec<CaseId>,
}

impl StandardLedger {
    /// The ledger of a point; `None` for an unknown point. `cases` may hold cases of other points.
    #[must_use]
    pub fn of(reference: &Reference, point: &PointId, cases: &[Folded]) -> Option<Self> {
        let _ = (reference, point, cases);
        unimplemented!()
    }
}

/// 问题台账: what is and was wrong at one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemLedger {
    /// The point.
    pub point: PointId,
    /// Not settled yet, oldest finding first.
    pub open: Vec<ProblemEntry>,
    /// Settled (closed, voided or merged), latest finding first.
    pub past: Vec<ProblemEntry>,
}

/// One problem in a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemEntry {
    /// The case.
    pub case: CaseId,
    /// The standard it breaks.
    pub standard: Option<StandardId>,
    /// The words.
    pub description: String,
    /// When it was first found.
    pub found: Timestamp,
    /// How many times it was found.
    pub times_found: usize,
    /// How far it has come.
    pub status: Status,
    /// Whether a person has to decide.
    pub disputed: bool,
    /// By when.
    pub due: Option<Due>,
    /// Whether it is late.
    pub lateness: Lateness,
    /// Who answered when it was found.
    pub answered_then: Option<PersonId>,
}

impl ProblemLedger {
    /// The ledger of a point at an instant.
    #[must_use]
    pub fn of(point: &PointId, cases: &[Folded], now: Timestamp) -> Self {
        let _ = (point, cases, now);
        unimplemented!()
    }
}

/// 责任台账: who answers for one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponsibilityLedger {
    /// The point.
    pub point: PointId,
    /// Who answers at the instant asked for; `None` is a blind spot.
    pub head: Option<Answering>,
    /// Contact persons at that instant.
    pub contacts: Vec<Answering>,
    /// Everybody who ever was assigned, oldest first.
    pub history: Vec<Answering>,
}

/// Somebody who answers, and from when until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answering {
    /// Who.
    pub person: PersonId,
    /// Their name; empty when the people scope is not held.
    pub name: String,
    /// Their unit.
    pub unit: Option<UnitId>,
    /// In what way.
    pub duty: Duty,
    /// First instant.
    pub from: Timestamp,
    /// First instant after; `None` while it lasts.
    pub until: Option<Timestamp>,
}

impl ResponsibilityLedger {
    /// The ledger of a point as it stood at an instant.
    #[must_use]
    pub fn of(reference: &Reference, point: &PointId, at: Timestamp) -> Self {
        let _ = (reference, point, at);
        unimplemented!()
    }
}

/// 盲区: what nobody answers for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BlindSpots {
    /// Points without a head.
    pub points: Vec<PointId>,
    /// Points that no team walks.
    pub unwalked: Vec<PointId>,
    /// Communities without any point.
    pub without_points: Vec<UnitId>,
    /// Communities without a clerk.
    pub without_clerk: Vec<UnitId>,
}

/// The blind spots at an instant.
#[must_use]
pub fn blind_spots(reference: &Reference, at: Timestamp) -> BlindSpots {
    let _ = (reference, at);
    unimplemented!()
}
