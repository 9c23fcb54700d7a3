//! What EXIF says, believed or not.

use super::*;
use proptest::prelude::*;
use sanben_domain::place::Coordinate;

const DEGREES: fn(u32, u32, u32) -> Value = |d, m, s| Value::Ratios(vec![(d, 1), (m, 1), (s, 100)]);

/// A GPS directory in the park subdistrict's neighbourhood: 34°15'36.50"N, 117°11'02.25"E.
fn gps() -> Vec<(u16, Value)> {
    vec![(1, Value::Text("N")), (2, DEGREES(34, 15, 3650)), (3, Value::Text("E")), (4, DEGREES(117, 11, 225))]
}

fn place(gps: &[(u16, Value)]) -> Option<Fix> {
    let said = exif::read(&exif_block(true, &[], &[], gps));
    assert_eq!(said, exif::read(&exif_block(false, &[], &[], gps)), "the byte order changes nothing");
    said.place
}

fn coordinate(gps: &[(u16, Value)]) -> Option<(i32, i32)> {
    place(gps).map(|fix| (fix.coordinate.lat_e7, fix.coordinate.lon_e7))
}

fn replaced(index: usize, value: Value) -> Vec<(u16, Value)> {
    let mut gps = gps();
    gps[index].1 = value;
    gps
}

fn taken_at(original: &'static str, offset: Option<&'static str>) -> Option<TakenAt> {
    let mut entries = vec![(0x9003, Value::Text(original))];
    entries.extend(offset.map(|offset| (0x9011, Value::Text(offset))));
    exif::read(&exif_block(true, &[], &entries, &[])).taken_at
}

#[test]
fn exif_of_another_program_is_understood() {
    for (name, (width, height)) in [("exif.jpg", (141, 203)), ("exif.png", (35, 51))] {
        let bytes = FIXTURES.iter().find(|(fixture, _)| *fixture == name).unwrap().1;
        let photo = intake(bytes).unwrap();
        assert_eq!((photo.orientation, photo.width, photo.height), (6, width, height), "{name}");
        let taken_at = TakenAt { local: "2026-03-20T07:04:11".into(), offset_minutes: Some(-300) };
        assert_eq!(photo.taken_at, Some(taken_at), "{name}");
        let coordinate = Coordinate { lat_e7: -125_824_389, lon_e7: -770_333_333 };
        assert_eq!(photo.place, Some(Fix { coordinate, accuracy_m: Some(5) }), "{name}");
        assert_eq!(decode(&photo.thumbnail.unwrap()).dimensions(), (width, height), "{name}");
    }
}

/// The sample day's photos, and the points they were taken at.
#[test]
fn the_sample_photos_know_their_day_and_place() {
    macro_rules! sample {
        ($name:literal) => {
            include_bytes!(concat!("../../../../data/park/photos/", $name))
        };
    }
    let samples: [(&str, &str, u8, &[u8]); 3] = [
        ("P011", "2026-03-20T07:0", 1, sample!("south-entrance-rubbish-before.jpg")),
        ("P011", "2026-03-20T17:0", 1, sample!("south-entrance-look-back.jpg")),
        ("P013", "2026-03-20T", 6, sample!("open-bin-upright.jpg")),
    ];
    let points = include_str!("../../../../data/park/points.csv");
    for (point, when, orientation, bytes) in samples {
        let photo = intake(bytes).unwrap();
        let taken_at = photo.taken_at.unwrap();
        assert!(taken_at.local.starts_with(when), "{taken_at:?}");
        assert_eq!((taken_at.offset_minutes, photo.orientation), (Some(480), orientation));
        let row: Vec<_> = points.lines().find(|row| row.starts_with(point)).unwrap().split(',').collect();
        let point = Coordinate::from_degrees(row[4].parse().unwrap(), row[5].parse().unwrap()).unwrap();
        assert!(photo.place.unwrap().coordinate.metres_to(point) < 10.5);
        let thumbnail = decode(&photo.thumbnail.unwrap());
        assert_eq!(thumbnail.width() > thumbnail.height(), photo.width > photo.height);
    }
}

#[test]
fn each_hemisphere_has_its_sign() {
    let (lat, lon) = (342_601_389, 1_171_839_583);
    assert_eq!(coordinate(&gps()), Some((lat, lon)));
    for (south, west) in [(false, true), (true, false), (true, true)] {
        let mut gps = gps();
        gps[0].1 = Value::Text(if south { "S" } else { "N" });
        gps[2].1 = Value::Text(if west { "W" } else { "E" });
        let signed = |value: i32, negative: bool| if negative { -value } else { value };
        assert_eq!(coordinate(&gps), Some((signed(lat, south), signed(lon, west))));
    }
}

#[test]
fn a_place_that_cannot_be_believed_is_left_out() {
    let ratios = |ratios: &[(u32, u32)]| Value::Ratios(ratios.to_vec());
    let bad = [
        ("zero denominator in degrees", replaced(1, ratios(&[(34, 0), (15, 1), (36, 1)]))),
        ("zero denominator in seconds", replaced(3, ratios(&[(117, 1), (11, 1), (0, 0)]))),
        ("latitude beyond the pole", replaced(1, DEGREES(91, 0, 0))),
        ("latitude just beyond the pole", replaced(1, DEGREES(90, 0, 1))),
        ("longitude beyond the date line", replaced(3, DEGREES(180, 0, 1))),
        ("largest numbers", replaced(3, ratios(&[(u32::MAX, 1), (u32::MAX, 1), (u32::MAX, 1)]))),
        ("75 minutes", replaced(1, DEGREES(34, 75, 0))),
        ("two fractions only", replaced(1, ratios(&[(34, 1), (15, 1)]))),
        ("another type", replaced(1, Value::Long(34))),
        ("no such hemisphere", replaced(0, Value::Text("E"))),
        ("empty hemisphere", replaced(2, Value::Text(""))),
        ("no latitude", gps().split_off(2)),
        ("no hemisphere", gps().split_off(1)),
        ("shifted datum", [gps(), vec![(0x12, Value::Text("GCJ-02"))]].concat()),
        ("no fix", vec![gps()[0].clone(), (2, DEGREES(0, 0, 0)), gps()[2].clone(), (4, DEGREES(0, 0, 0))]),
    ];
    for (what, gps) in bad {
        assert_eq!(place(&gps), None, "{what}");
    }
}

#[test]
fn datum_and_accuracy_are_heeded() {
    let with = |tag, value| place(&[gps(), vec![(tag, value)]].concat()).unwrap().accuracy_m;
    assert_eq!(with(0x12, Value::Text("WGS-84")), None);
    assert_eq!(with(0x12, Value::Text("")), None);
    assert_eq!(with(0x1f, Value::Ratios(vec![(121, 10)])), Some(13), "rounded to the worse side");
    assert_eq!(with(0x1f, Value::Ratios(vec![(121, 0)])), None);
}

#[test]
fn only_real_moments_are_taken_over() {
    let at = |local: &str, offset_minutes| Some(TakenAt { local: local.into(), offset_minutes });
    assert_eq!(taken_at("2024:02:29 23:59:59", Some("+08:00")), at("2024-02-29T23:59:59", Some(480)));
    assert_eq!(taken_at("2024-02-29 00:00:00", None), at("2024-02-29T00:00:00", None));
    assert_eq!(taken_at("2026:03:20 07:04:11", Some("+0800")), at("2026-03-20T07:04:11", None));
    assert_eq!(taken_at("2026:03:20 07:04:11", Some("+25:00")), at("2026-03-20T07:04:11", None));
    for nonsense in [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2023:02:29 07:00:00",
        "2026:13:01 07:00:00",
        "2026:04:31 07:00:00",
        "2026:04:30 24:00:00",
        "2026:04:30",
        "",
    ] {
        assert_eq!(taken_at(nonsense, Some("+08:00")), None, "{nonsense:?}");
    }
}

#[test]
fn orientation_outside_1_to_8_is_upright() {
    let orientation = |value| exif::read(&exif_block(true, &[(0x112, value)], &[], &[])).orientation;
    assert_eq!((1..=8).map(|n| orientation(Value::Short(n))).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8]);
    for odd in [Value::Short(0), Value::Short(9), Value::Short(0x0106), Value::Text("6"), Value::Long(6)] {
        assert_eq!(orientation(odd.clone()), 1, "{odd:?}");
    }
}

proptest! {
    /// Degrees with any fractions give what exact arithmetic gives, to 1e-7 degrees.
    #[test]
    fn degrees_are_exact(
        d in 0u32..90, m in 0u32..60, s in 0u32..60_000_000, scale in 1u32..40, south: bool,
    ) {
        let gps = [
            (1, Value::Text(if south { "S" } else { "N" })),
            (2, Value::Ratios(vec![(d * scale, scale), (m * scale, scale), (s, 1_000_000)])),
            (3, Value::Text("W")),
            (4, DEGREES(120, 30, 0)),
        ];
        // In units of 1e-7 / 3600 degrees / 1e6, so that all terms are whole.
        let whole = (u128::from(d) * 3600 + u128::from(m) * 60) * 10_000_000 * 1_000_000
            + u128::from(s) * 10_000_000;
        let unit = 3600 * 1_000_000;
        let expected = i32::try_from((whole + unit / 2) / unit).unwrap();
        let expected = if south { -expected } else { expected };
        let (lat, lon) = coordinate(&gps).unwrap();
        prop_assert!((lat - expected).abs() <= 1, "{lat} is not {expected}");
        prop_assert_eq!(lon, -1_205_000_000);
    }

    /// Any bytes, and an EXIF block with any bytes changed, are read without a panic.
    #[test]
    fn any_block_is_read(
        noise: Vec<u8>, changes in prop::collection::vec((0usize..400, any::<u8>()), 0..12), big_endian: bool,
    ) {
        let _ = exif::read(&noise);
        let mut block = exif_block(
            big_endian,
            &[(0x112, Value::Short(6))],
            &[(0x9003, Value::Text("2026:03:20 07:04:11")), (0x9011, Value::Text("+08:00"))],
            &gps(),
        );
        for (at, byte) in changes {
            if let Some(old) = block.get_mut(at) {
                *old = byte;
            }
        }
        let said = exif::read(&block);
        prop_assert!((1..=8).contains(&said.orientation));
        if let Some(fix) = said.place {
            prop_assert!(fix.coordinate.lat_e7.abs() <= 900_000_000 && fix.coordinate.lon_e7.abs() <= 1_800_000_000);
        }
    }
}
