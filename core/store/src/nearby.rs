//! What is near: points and polygons from R*Trees, recent sightings for the duplicate hint.

use crate::cases::since_n;
use crate::columns::{code, document};
use crate::error::StoreError;
use crate::store::Store;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use sanben_domain::case::Sighting;
use sanben_domain::id::{CaseId, CellId, PointId};
use sanben_domain::place::Coordinate;
use sanben_domain::reference::{ReferenceRow, RowKey};
use sanben_domain::time::Timestamp;

const POINT: i64 = 0;
const CELL: i64 = 1;
/// The first circle looked into, metres; it doubles until enough was found.
const FIRST_RADIUS_M: f64 = 250.0;
/// Half the Earth's circumference: beyond it nothing is.
const WHOLE_EARTH_M: f64 = 20_040_000.0;

/// A box that certainly holds the circle, in 1e-7 degrees.
struct Around {
    lat: (i32, i32),
    lon: (i32, i32),
}

impl Around {
    fn circle(at: Coordinate, metres: f64) -> Self {
        // A degree of latitude is nowhere shorter than 110.5 km; a little more keeps the rounding outside.
        let lat = metres / 110_500.0 * 1.01;
        let poleward = (at.lat().abs() + lat).min(89.9);
        let lon = lat / poleward.to_radians().cos();
        #[expect(clippy::cast_possible_truncation, reason = "float to int saturates, which is what is meant")]
        let side = |centre: f64, half: f64, limit: f64| {
            (((centre - half).max(-limit) * 1e7) as i32, ((centre + half).min(limit) * 1e7) as i32)
        };
        Self { lat: side(at.lat(), lat, 90.0), lon: side(at.lon(), lon, 180.0) }
    }
}

impl Store {
    /// Points that certainly include the `n` nearest; the exact order is
    /// [`sanben_domain::location::locate_among`]'s.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn nearest_points(&self, at: Coordinate, n: usize) -> Result<Vec<PointId>, StoreError> {
        self.projected()?;
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT place.id, lat_min, lon_min FROM point_box JOIN place USING (n)
                 WHERE lat_max >= ?1 AND lat_min <= ?2 AND lon_max >= ?3 AND lon_min <= ?4",
            )?;
            let mut radius = FIRST_RADIUS_M;
            loop {
                let around = Around::circle(at, radius);
                let found: Vec<(PointId, f64)> = statement
                    .query_map((around.lat.0, around.lat.1, around.lon.0, around.lon.1), |row| {
                        let there = Coordinate { lat_e7: row.get(1)?, lon_e7: row.get(2)? };
                        Ok((code(row, 0)?.unwrap_or_else(|| PointId::from("")), there.metres_to(at)))
                    })?
                    .collect::<Result<_, _>>()?;
                // The corners of the box reach further than the circle: only what is inside it is certain.
                if found.iter().filter(|(_, metres)| *metres <= radius).count() >= n || radius > WHOLE_EARTH_M
                {
                    return Ok(found.into_iter().map(|(id, _)| id).collect());
                }
                radius *= 2.0;
            }
        })
    }

    /// Polygons whose box holds a coordinate.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cells_at(&self, at: Coordinate) -> Result<Vec<CellId>, StoreError> {
        self.projected()?;
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT place.id FROM cell_box JOIN place USING (n)
                 WHERE lat_min <= ?1 AND lat_max >= ?1 AND lon_min <= ?2 AND lon_max >= ?2",
            )?;
            let ids = statement.query_map((at.lat_e7, at.lon_e7), |row| code(row, 0))?;
            Ok(ids.filter_map(Result::transpose).collect::<Result<_, _>>()?)
        })
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
        self.projected()?;
        let around = sighting.at.map(|at| Around::circle(at, f64::from(metres)));
        self.read(|connection| {
            // "Recent" is a range of the primary key: a few hundred slim rows, looked at one by one.
            let mut statement = connection.prepare_cached(
                "SELECT id, standard, point, lat, lon, reported FROM case_row
                 WHERE n >= :since AND merged_into IS NULL AND (
                     (:point IS NOT NULL AND point = :point)
                     OR (lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east)
                 ) ORDER BY n DESC",
            )?;
            let rows = statement.query_map(
                named_params! {
                    ":since": since_n(since),
                    ":point": sighting.point.as_ref().map(PointId::as_str),
                    ":south": around.as_ref().map(|around| around.lat.0),
                    ":north": around.as_ref().map(|around| around.lat.1),
                    ":west": around.as_ref().map(|around| around.lon.0),
                    ":east": around.as_ref().map(|around| around.lon.1),
                },
                sighting_row,
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn sighting_row(row: &Row<'_>) -> rusqlite::Result<(CaseId, Sighting)> {
    let at = match (row.get(3)?, row.get(4)?) {
        (Some(lat_e7), Some(lon_e7)) => Some(Coordinate { lat_e7, lon_e7 }),
        _ => None,
    };
    let sighting =
        Sighting { standard: code(row, 1)?, point: code(row, 2)?, at, found: Timestamp(row.get(5)?) };
    Ok((document(row, 0)?, sighting))
}

/// Puts a point or a polygon where it is now.
pub(crate) fn place(connection: &Connection, row: &ReferenceRow) -> Result<(), StoreError> {
    let (kind, id, bounds) = match row {
        ReferenceRow::Point(point) => (POINT, point.id.as_str(), Some((point.at, point.at))),
        ReferenceRow::Cell(cell) => (CELL, cell.id.as_str(), cell.ring.bounds()),
        _ => return Ok(()),
    };
    remove(connection, kind, id)?;
    let Some((low, high)) = bounds else { return Ok(()) };
    let n: i64 = connection
        .prepare_cached("INSERT INTO place (kind, id) VALUES (?1, ?2) RETURNING n")?
        .query_row((kind, id), |row| row.get(0))?;
    let insert = match kind {
        POINT => "INSERT INTO point_box VALUES (?1, ?2, ?3, ?4, ?5)",
        _ => "INSERT INTO cell_box VALUES (?1, ?2, ?3, ?4, ?5)",
    };
    connection.prepare_cached(insert)?.execute((n, low.lat_e7, high.lat_e7, low.lon_e7, high.lon_e7))?;
    Ok(())
}

/// Takes away what a removed row had placed.
pub(crate) fn displace(connection: &Connection, key: &RowKey) -> Result<(), StoreError> {
    match key.kind.as_str() {
        "point" => remove(connection, POINT, &key.key),
        "cell" => remove(connection, CELL, &key.key),
        _ => Ok(()),
    }
}

fn remove(connection: &Connection, kind: i64, id: &str) -> Result<(), StoreError> {
    let n: Option<i64> = connection
        .prepare_cached("DELETE FROM place WHERE kind = ?1 AND id = ?2 RETURNING n")?
        .query_row((kind, id), |row| row.get(0))
        .optional()?;
    if let Some(n) = n {
        let delete = match kind {
            POINT => "DELETE FROM point_box WHERE n = ?1",
            _ => "DELETE FROM cell_box WHERE n = ?1",
        };
        connection.prepare_cached(delete)?.execute([n])?;
    }
    Ok(())
}
