//! Duplicates: the offline hint, and which record is kept.

use super::CaseRecord;
use crate::id::{CaseId, EventId, PointId, StandardId};
use crate::place::Coordinate;
use crate::reference::{DuplicateRule, Reference};
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// Which records were merged into which. Built from the `merged` of every [`super::CaseState`].
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

    /// The record that stands for this case: itself unless merged. Members of a cycle (two people merged
    /// the same two records in opposite directions) are kept in the one with the smallest id.
    #[must_use]
    pub fn kept(&self, case: CaseId) -> CaseId {
        let _ = (&self.into, case);
        unimplemented!()
    }

    /// Whether the case stands for itself.
    #[must_use]
    pub fn stands(&self, case: CaseId) -> bool {
        self.kept(case) == case
    }
}

/// What the hint compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The standard.
    pub standard: Option<StandardId>,
    /// The point.
    pub point: Option<PointId>,
    /// Where: the fix, else the point's own coordinate is unknown to be right and left out.
    pub at: Option<Coordinate>,
    /// When it was found.
    pub found: Timestamp,
}

impl Sighting {
    /// The sighting that a record describes; `None` without a report.
    #[must_use]
    pub fn of(record: &CaseRecord, reference: &Reference) -> Option<Self> {
        let _ = (record, reference);
        unimplemented!()
    }
}

/// Offline hint: same standard, near, recent. Never merges anything by itself.
#[must_use]
pub fn may_be_duplicate(a: &Sighting, b: &Sighting, rule: DuplicateRule) -> bool {
    let _ = (a, b, rule);
    unimplemented!()
}
