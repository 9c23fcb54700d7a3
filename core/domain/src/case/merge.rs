//! Duplicates: the offline hint, and which record is kept.
//!
//! A merge is an event in the duplicate that names the kept record. Two people can merge the same two
//! records in opposite directions without knowing of each other; then the record with the smallest id is
//! kept, on every replica.

use super::{CaseAct, CaseRecord, CaseState, Status};
use crate::id::{CaseId, EventId, PointId, StandardId};
use crate::place::Coordinate;
use crate::reference::DuplicateRule;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Which records were merged into which. Built from the `merged` of every [`CaseState`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merges {
    into: BTreeMap<CaseId, CaseId>,
}

impl Merges {
    /// Takes pairs of a case and its `CaseState::merged`; cases that were not merged may be left out.
    #[must_use]
    pub fn of(merged: impl IntoIterator<Item = (CaseId, Option<(CaseId, EventId)>)>) -> Self {
        let into = merged.into_iter().filter_map(|(case, merged)| Some((case, merged?.0))).collect();
        Self { into }
    }

    /// The record that stands for this case: itself unless merged. Members of a cycle are kept in the one
    /// with the smallest id.
    #[must_use]
    pub fn kept(&self, case: CaseId) -> CaseId {
        let mut passed = BTreeSet::from([case]);
        let mut here = case;
        while let Some(&next) = self.into.get(&here) {
            if !passed.insert(next) {
                return self.smallest_of_cycle(next);
            }
            here = next;
        }
        here
    }

    fn smallest_of_cycle(&self, member: CaseId) -> CaseId {
        let mut smallest = member;
        let mut here = member;
        while let Some(&next) = self.into.get(&here).filter(|next| **next != member) {
            smallest = smallest.min(next);
            here = next;
        }
        smallest
    }

    /// Whether the case stands for itself.
    #[must_use]
    pub fn stands(&self, case: CaseId) -> bool {
        self.kept(case) == case
    }

    /// How far a case has come, seen together with the others: the kept record of a cycle is not merged
    /// although its own events say so.
    #[must_use]
    pub fn status(&self, case: CaseId, state: &CaseState) -> Status {
        if self.stands(case) { state.unmerged } else { Status::Merged }
    }
}

/// What the hint compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The standard.
    pub standard: Option<StandardId>,
    /// The point.
    pub point: Option<PointId>,
    /// The fix at the tap.
    pub at: Option<Coordinate>,
    /// When it was found.
    pub found: Timestamp,
}

impl Sighting {
    /// The sighting that a record describes; `None` without a report.
    #[must_use]
    pub fn of(record: &CaseRecord) -> Option<Self> {
        let reports = record.events.values().filter(|event| matches!(event.act, CaseAct::Report { .. }));
        Some(Self {
            standard: record.standard.clone(),
            point: record.point.clone(),
            at: record.fix.map(|fix| fix.coordinate),
            found: reports.map(|event| event.at.at()).min()?,
        })
    }
}

/// Offline hint: same standard, near, recent. Near means within the rule's distance, or at the same point
/// when one of the two has no fix. Never merges anything by itself.
#[must_use]
pub fn may_be_duplicate(a: &Sighting, b: &Sighting, rule: DuplicateRule) -> bool {
    let near = match (a.at, b.at) {
        (Some(a), Some(b)) => a.metres_to(b) <= f64::from(rule.metres),
        _ => a.point.is_some() && a.point == b.point,
    };
    let apart = a.found.since(b.found).saturating_abs();
    let recent = apart <= i64::from(rule.hours) * 3_600_000;
    a.standard.is_some() && a.standard == b.standard && near && recent
}

#[cfg(test)]
mod tests;
