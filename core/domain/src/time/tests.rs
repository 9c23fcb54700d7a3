use super::*;

#[test]
fn a_day_is_that_of_the_zone() {
    let zone = Zone::CHINA;
    // 23:30 on the 19th in Greenwich is half past seven on the 20th here.
    let at = Timestamp(1_773_963_000_000);
    assert_eq!(zone.show(at), "2026-03-20 07:30");
    let day = NaiveDate::from_ymd_opt(2026, 3, 20).unwrap();
    assert_eq!(zone.day(at), day);
    assert_eq!(zone.show(zone.midnight(day)), "2026-03-20 00:00");
    assert_eq!(zone.instant(zone.local(at)), at);
    assert_eq!(Zone::week_start(day), NaiveDate::from_ymd_opt(2026, 3, 16).unwrap());
    assert_eq!(Zone::week_start(Zone::week_start(day)), Zone::week_start(day));
}

#[test]
fn a_stamp_says_how_far_it_can_be_believed() {
    let stamp = |offset_ms, jumped| Stamp { wall: Timestamp(1_000_000), offset_ms, jumped };
    assert_eq!(stamp(Some(-400), false).at(), Timestamp(999_600));
    assert!(!stamp(Some(DOUBTFUL_OFFSET_MS), false).doubtful());
    assert!(stamp(Some(-DOUBTFUL_OFFSET_MS - 1), false).doubtful());
    assert!(stamp(Some(0), true).doubtful(), "it jumped");
    assert!(stamp(None, false).doubtful(), "it was never compared");
}

#[test]
fn wild_clocks_saturate() {
    let edge = Stamp { wall: Timestamp(i64::MAX), offset_ms: Some(i64::MIN), jumped: false };
    assert_eq!(edge.at(), Timestamp(-1));
    assert!(edge.doubtful());
    assert_eq!(Timestamp(i64::MAX).plus_hours(i64::MAX), Timestamp(i64::MAX));
    let _ = Zone::CHINA.show(Timestamp(i64::MIN));
}
