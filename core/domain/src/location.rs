//! From a fix to responsibility, without a network: the cell, the nearest points, who answers there.

use crate::id::{CellId, PersonId, PointId, UnitId};
use crate::place::Coordinate;
use crate::reference::Reference;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// What is known about a coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The coordinate asked for.
    pub at: Coordinate,
    /// The polygons around it, finest first.
    pub cells: Vec<CellId>,
    /// The community it lies in.
    pub community: Option<UnitId>,
    /// The nearest points, nearest first; ties by id.
    pub nearest: Vec<Near>,
}

/// A point nearby.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// The point.
    pub point: PointId,
    /// How far, in metres.
    pub metres: f64,
    /// Who answers for it; `None` is a blind spot.
    pub head: Option<PersonId>,
}

/// Answers by looking at every cell and point.
#[must_use]
pub fn locate(reference: &Reference, at: Coordinate, nearest: usize, now: Timestamp) -> Whereabouts {
    locate_among(reference, at, reference.cells.keys(), reference.points.keys(), nearest, now)
}

/// The same for candidates that an index has already found (cells whose box holds the coordinate, points
/// of the neighbourhood). Candidates that the reference data does not know are left out.
#[must_use]
pub fn locate_among<'a>(
    reference: &Reference,
    at: Coordinate,
    cells: impl IntoIterator<Item = &'a CellId>,
    points: impl IntoIterator<Item = &'a PointId>,
    nearest: usize,
    now: Timestamp,
) -> Whereabouts {
    let cells = cells.into_iter().filter_map(|id| reference.cells.get(id));
    let mut cells: Vec<_> = cells.filter(|cell| cell.ring.contains(at)).collect();
    cells.sort_by_key(|cell| (Reverse(cell.level), &cell.id));
    let community = cells.iter().find_map(|cell| reference.community_of(&cell.unit));

    let points = points.into_iter().filter_map(|id| reference.points.get(id));
    let mut points: Vec<_> = points.map(|point| (point.at.metres_to(at), point)).collect();
    points.sort_by(|(a, p), (b, q)| a.total_cmp(b).then_with(|| p.id.cmp(&q.id)));
    let near = |(metres, point): (f64, &crate::reference::Point)| Near {
        point: point.id.clone(),
        metres,
        head: reference.head_of(&point.id, now).map(|assignment| assignment.person.clone()),
    };
    Whereabouts {
        at,
        cells: cells.iter().map(|cell| cell.id.clone()).collect(),
        community: community.map(|unit| unit.id.clone()),
        nearest: points.into_iter().take(nearest).map(near).collect(),
    }
}

#[cfg(test)]
mod tests;
