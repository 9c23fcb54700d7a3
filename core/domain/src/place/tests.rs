use super::*;
use proptest::prelude::*;

fn corner((lat_e7, lon_e7): (i32, i32)) -> Coordinate {
    Coordinate { lat_e7, lon_e7 }
}

#[test]
fn degrees_outside_the_globe_are_no_coordinate() {
    assert_eq!(Coordinate::from_degrees(90.0, -180.0), Some(corner((900_000_000, -1_800_000_000))));
    for (lat, lon) in [(90.1, 0.0), (0.0, 180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        assert_eq!(Coordinate::from_degrees(lat, lon), None);
    }
}

#[test]
fn distances_are_those_on_the_ground() {
    let metres = |a: (f64, f64), b: (f64, f64)| {
        Coordinate::from_degrees(a.0, a.1).unwrap().metres_to(Coordinate::from_degrees(b.0, b.1).unwrap())
    };
    // One minute of latitude is about a sea mile.
    assert!((metres((38.0, 116.0), (38.0 + 1.0 / 60.0, 116.0)) - 1_853.0).abs() < 5.0);
    // Beijing (Tiananmen) to Shanghai (People's Square): 1,067 km.
    assert!((metres((39.9055, 116.3976), (31.2304, 121.4737)) - 1_067_000.0).abs() < 6_000.0);
    assert!(metres((0.0, 179.9999), (0.0, -179.9999)) < 25.0, "across the date line");
}

#[test]
fn a_ring_knows_inside_from_outside() {
    // A U, open to the north.
    let corners = [(0, 0), (0, 30), (20, 30), (20, 20), (10, 20), (10, 10), (20, 10), (20, 0)];
    let ring = Ring(corners.map(corner).to_vec());
    assert!(
        ring.contains(corner((15, 5))) && ring.contains(corner((15, 25))) && ring.contains(corner((5, 15)))
    );
    assert!(!ring.contains(corner((15, 15))) && !ring.contains(corner((25, 5))));
    assert_eq!(ring.bounds(), Some((corner((0, 0)), corner((20, 30)))));
    assert_eq!((Ring(Vec::new()).bounds(), Ring(Vec::new()).contains(corner((0, 0)))), (None, false));
}

proptest! {
    /// Neighbours that share a crooked border: every place belongs to exactly one of them, on the border too.
    #[test]
    fn neighbours_never_share_and_never_leave_a_gap(
        border in proptest::collection::vec(1_i32..39, 2..8),
        at in (0_i32..40, 0_i32..40),
    ) {
        let step = 40 / (i32::try_from(border.len()).unwrap() - 1);
        let mut line: Vec<_> = border.iter().zip(0..).map(|(east, n)| corner((n * step, *east))).collect();
        line.last_mut().unwrap().lat_e7 = 40;
        let west = [vec![corner((40, 0)), corner((0, 0))], line.clone()].concat();
        let east = [vec![corner((40, 40)), corner((0, 40))], line].concat();
        let holds = [west, east].map(|corners| Ring(corners).contains(corner(at)));
        prop_assert_eq!(holds.iter().filter(|inside| **inside).count(), 1, "{:?}", holds);
    }
}
