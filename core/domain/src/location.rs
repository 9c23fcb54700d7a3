//! From a fix to responsibility, without a network: the cell, the nearest points, who answers there.

use crate::id::{CellId, PersonId, PointId, UnitId};
use crate::place::Coordinate;
use crate::reference::Reference;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

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
/// of the neighbourhood).
#[must_use]
pub fn locate_among<'a>(
    reference: &Reference,
    at: Coordinate,
    cells: impl IntoIterator<Item = &'a CellId>,
    points: impl IntoIterator<Item = &'a PointId>,
    nearest: usize,
    now: Timestamp,
) -> Whereabouts {
    let _ = (reference, at, cells.into_iter().count(), points.into_iter().count(), nearest, now);
    unimplemented!()
}
