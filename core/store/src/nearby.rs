//! What is near: points and polygons from R*Trees, recent sightings for the duplicate hint.

use crate::error::StoreError;
use crate::store::Store;
use sanben_domain::case::Sighting;
use sanben_domain::id::{CaseId, CellId, PointId};
use sanben_domain::place::Coordinate;
use sanben_domain::time::Timestamp;

impl Store {
    /// Points that certainly include the `n` nearest; the exact order is
    /// [`sanben_domain::location::locate_among`]'s.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn nearest_points(&self, at: Coordinate, n: usize) -> Result<Vec<PointId>, StoreError> {
        let _ = (at, n);
        unimplemented!()
    }

    /// Polygons whose box holds a coordinate.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cells_at(&self, at: Coordinate) -> Result<Vec<CellId>, StoreError> {
        let _ = at;
        unimplemented!()
    }

    /// Cases that stand for themselves, found since an instant, and within `metres` of the sighting or at
    /// its point: candidates for [`sanben_domain::case::may_be_duplicate`], latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sightings_near(
        &self,
        sighting: &Sighting,
        metres: u32,
        since: Timestamp,
    ) -> Result<Vec<(CaseId, Sighting)>, StoreError> {
        let _ = (sighting, metres, since);
        unimplemented!()
    }
}
