//! The three ledgers (三本台账) as questions about a point: which standards hold, what is and was wrong,
//! who answers now and who answered then.

use crate::case::{CaseRecord, CaseState, Due, Lateness, Merges, Status, lateness_at};
use crate::id::{CaseId, PersonId, PointId, StandardId, TeamId, UnitId};
use crate::reference::{Assignment, Duty, Reference, Role, Standard, UnitKind};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A case with what was folded from it.
pub type Folded = (CaseRecord, CaseState);

/// The merges among these cases.
#[must_use]
pub fn merges_among(cases: &[Folded]) -> Merges {
    Merges::of(cases.iter().map(|(record, state)| (record.id, state.merged)))
}

/// The cases of a point with their status seen together.
fn at_point<'a>(
    point: &'a PointId,
    cases: &'a [Folded],
) -> impl Iterator<Item = (&'a CaseRecord, &'a CaseState, Status)> {
    let merges = merges_among(cases);
    cases
        .iter()
        .filter(|(record, _)| record.point.as_ref() == Some(point))
        .map(move |(record, state)| (record, state, merges.status(record.id, state)))
}

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
        let kind = &reference.points.get(point)?.kind;
        let open: Vec<_> = at_point(point, cases).filter(|(.., status)| !status.is_final()).collect();
        let entry = |standard: &Standard| {
            let against = open.iter().filter(|(record, ..)| record.standard.as_ref() == Some(&standard.id));
            StandardEntry {
                standard: standard.clone(),
                open: against.map(|(record, ..)| record.id).collect(),
            }
        };
        Some(Self { point: point.clone(), standards: reference.standards_for(kind).map(entry).collect() })
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
        let entry = |(record, state, status): (&CaseRecord, &CaseState, Status)| ProblemEntry {
            case: record.id,
            standard: record.standard.clone(),
            description: record.description.clone(),
            found: state.reported.at.at(),
            times_found: state.findings.len(),
            status,
            disputed: state.disputed(),
            due: state.due,
            lateness: lateness_at(status, state, now),
            answered_then: state.answered_then.clone(),
        };
        let (mut past, mut open): (Vec<_>, Vec<_>) =
            at_point(point, cases).map(entry).partition(|entry| entry.status.is_final());
        open.sort_by_key(|entry| (entry.found, entry.case));
        past.sort_by_key(|entry| (Reverse(entry.found), entry.case));
        Self { point: point.clone(), open, past }
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
        let answering = |assignment: &Assignment| {
            let person = reference.people.get(&assignment.person);
            Answering {
                person: assignment.person.clone(),
                name: person.map(|person| person.name.clone()).unwrap_or_default(),
                unit: person.map(|person| person.unit.clone()),
                duty: assignment.duty,
                from: assignment.from,
                until: assignment.until,
            }
        };
        let all = reference.assignments.get(point).map(Vec::as_slice).unwrap_or_default();
        let contacts = all.iter().filter(|a| a.duty == Duty::Contact && a.holds(at));
        Self {
            point: point.clone(),
            head: reference.head_of(point, at).map(answering),
            contacts: contacts.map(answering).collect(),
            history: all.iter().map(answering).collect(),
        }
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
    let points = || reference.points.values();
    let communities = || reference.units.values().filter(|unit| unit.kind == UnitKind::Community);
    let with_points: BTreeSet<_> =
        points().filter_map(|point| Some(&reference.community_of(&point.unit)?.id)).collect();
    let clerks = reference.people.values().filter(|person| person.role == Role::Clerk);
    let with_clerk: BTreeSet<_> =
        clerks.filter_map(|clerk| Some(&reference.community_of(&clerk.unit)?.id)).collect();
    let walked = |team: &Option<TeamId>| team.as_ref().is_some_and(|team| reference.teams.contains_key(team));
    let communities_outside = |covered: &BTreeSet<&UnitId>| {
        communities().map(|unit| &unit.id).filter(|id| !covered.contains(id)).cloned().collect()
    };
    BlindSpots {
        points: points()
            .filter(|point| reference.head_of(&point.id, at).is_none())
            .map(|point| point.id.clone())
            .collect(),
        unwalked: points().filter(|point| !walked(&point.team)).map(|point| point.id.clone()).collect(),
        without_points: communities_outside(&with_points),
        without_clerk: communities_outside(&with_clerk),
    }
}

#[cfg(test)]
mod tests;
