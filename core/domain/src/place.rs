//! Where things are: raw WGS-84 fixes with their accuracy. GPS is a hint, never a proof; conversion to
//! GCJ-02 belongs to the map that shows it, not to the record.

use serde::{Deserialize, Serialize};

/// A WGS-84 coordinate in units of 1e-7 degrees (about 1 cm), so that equality and storage are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Coordinate {
    /// Latitude, 1e-7 degrees, positive north.
    pub lat_e7: i32,
    /// Longitude, 1e-7 degrees, positive east.
    pub lon_e7: i32,
}

impl Coordinate {
    /// From degrees; `None` unless latitude is within ±90 and longitude within ±180.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked: 180e7 fits an i32")]
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Self> {
        let inside = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        inside.then(|| Self { lat_e7: (lat * 1e7).round() as i32, lon_e7: (lon * 1e7).round() as i32 })
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Great-circle distance in metres (haversine on the mean sphere; error below 0.6 %, far under a phone's).
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        const EARTH_RADIUS_M: f64 = 6_371_008.8;
        let (a, b) = (self.lat().to_radians(), other.lat().to_radians());
        let half_lat = ((b - a) / 2.0).sin();
        let half_lon = ((other.lon() - self.lon()).to_radians() / 2.0).sin();
        let h = half_lat * half_lat + a.cos() * b.cos() * half_lon * half_lon;
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }
}

/// One reading of the receiver at a tap; never collected in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fix {
    /// Where.
    pub coordinate: Coordinate,
    /// The receiver's own estimate of its error, in metres; `None` when it gave none (an EXIF tag).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<u32>,
}

/// A closed ring of coordinates; the last one joins the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ring(pub Vec<Coordinate>);

impl Ring {
    /// Whether a coordinate lies inside (even-odd rule, exact integer arithmetic). A coordinate on a shared
    /// border belongs to exactly one of two neighbours, because each edge owns its lower end only.
    #[must_use]
    pub fn contains(&self, at: Coordinate) -> bool {
        let (x, y) = (i64::from(at.lon_e7), i64::from(at.lat_e7));
        let corners = &self.0;
        let ends = corners.iter().zip(corners.iter().cycle().skip(1));
        ends.filter(|(from, to)| {
            let (x1, y1) = (i64::from(from.lon_e7), i64::from(from.lat_e7));
            let (x2, y2) = (i64::from(to.lon_e7), i64::from(to.lat_e7));
            if (y1 > y) == (y2 > y) {
                return false;
            }
            // x < x1 + (y - y1) * (x2 - x1) / (y2 - y1), without dividing.
            let (left, right) =
                (i128::from(x - x1) * i128::from(y2 - y1), i128::from(y - y1) * i128::from(x2 - x1));
            if y2 > y1 { left < right } else { left > right }
        })
        .count()
            % 2
            == 1
    }

    /// The smallest box around the ring as (south-west, north-east); `None` for an empty ring.
    #[must_use]
    pub fn bounds(&self) -> Option<(Coordinate, Coordinate)> {
        let lats = || self.0.iter().map(|c| c.lat_e7);
        let lons = || self.0.iter().map(|c| c.lon_e7);
        Some((
            Coordinate { lat_e7: lats().min()?, lon_e7: lons().min()? },
            Coordinate { lat_e7: lats().max()?, lon_e7: lons().max()? },
        ))
    }
}

#[cfg(test)]
mod tests;
