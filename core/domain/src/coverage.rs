//! Standards that ask for something in each node of the grid, and where it is not: a second list of blind spots, beside
//! those of the responsibility ledger. "A mother-and-baby room in each building" is such a standard.
//!
//! A node is covered in some days when the last observation of them, at some point in it, says that the standard is met.

use crate::id::{PointId, StandardId, UnitId};
use crate::matter::{MatterRecord, State, feature};
use crate::reference::Reference;
use crate::score::Period;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A node in which a standard's demand is not met, as far as anybody saw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Uncovered {
    /// The standard.
    pub standard: StandardId,
    /// The node.
    pub node: UnitId,
    /// What is lacking.
    pub lack: Lack,
}

/// What is lacking in a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lack {
    /// There is no point that the standard holds for.
    NoPoint,
    /// Nobody looked in these days.
    NotSeen,
    /// Somebody looked, and it was not met at any point.
    NotMet,
}

/// The nodes that are not covered in some days, of what the observation sheets among these matters say; by standard and
/// node.
#[must_use]
pub fn uncovered(reference: &Reference, period: Period, matters: &[(MatterRecord, State)]) -> Vec<Uncovered> {
    let seen = seen(period, matters);
    let mut uncovered = Vec::new();
    for standard in reference.standards.values() {
        let Some(kind) = standard.in_each else { continue };
        let points = || reference.points.values().filter(|point| standard.applies_to.covers(&point.kind));
        for node in reference.units.values().filter(|unit| unit.kind == kind) {
            let points: Vec<_> =
                points().filter(|point| reference.is_within(&point.unit, &node.id)).collect();
            let results = || points.iter().filter_map(|point| seen.get(&(&point.id, &standard.id)));
            let lack = match () {
                () if results().any(|met| *met) => continue,
                () if results().next().is_some() => Lack::NotMet,
                () if points.is_empty() => Lack::NoPoint,
                () => Lack::NotSeen,
            };
            uncovered.push(Uncovered { standard: standard.id.clone(), node: node.id.clone(), lack });
        }
    }
    uncovered
}

/// Whether each point met each standard when somebody last looked in these days.
fn seen(period: Period, matters: &[(MatterRecord, State)]) -> BTreeMap<(&PointId, &StandardId), bool> {
    let mut last = BTreeMap::new();
    for (record, state) in matters.iter().filter(|(record, _)| period.contains(record.day)) {
        for (point, standard, event, met) in feature::observed(record, state) {
            let entry = last.entry((point, standard)).or_insert((event, met));
            if event >= entry.0 {
                *entry = (event, met);
            }
        }
    }
    last.into_iter().map(|(place, (_, met))| (place, met)).collect()
}

#[cfg(test)]
mod tests;
