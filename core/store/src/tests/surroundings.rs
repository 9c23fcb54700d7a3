use super::{at_minute, device, point, publish, record, report};
use crate::PatrolQuery;
use proptest::prelude::*;
use sanben_document::{Intent, IntentBody};
use sanben_domain::case::Sighting;
use sanben_domain::id::PointId;
use sanben_domain::location::{locate, locate_among};
use sanben_domain::patrol::{PatrolAct, Round, VisitResult};
use sanben_domain::place::Coordinate;
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::time::Stamp;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// The index finds what looking at everything finds.
    #[test]
    fn the_index_agrees_with_looking_at_everything(
        places in prop::collection::vec((29.5f64..30.5, 103.5f64..104.5), 1..60),
        (lat, lon) in (29.0f64..31.0, 103.0f64..105.0),
        n in 1usize..6,
    ) {
        let (_dir, store) = device();
        let rows = (0..).zip(&places).map(|(i, (lat, lon))| point(&format!("q{i}"), "点", *lat, *lon)).collect();
        publish(&store, rows);
        let at = Coordinate::from_degrees(lat, lon).unwrap();
        let reference = store.reference().unwrap();
        let (cells, points) = (store.cells_at(at).unwrap(), store.nearest_points(at, n).unwrap());
        prop_assert_eq!(
            locate_among(&reference, at, &cells, &points, n, at_minute(0)),
            locate(&reference, at, n, at_minute(0))
        );
    }
}

#[test]
fn a_moved_or_removed_point_is_where_it_is_now() {
    let (_dir, store) = device();
    let there = Coordinate::from_degrees(30.1, 104.1).unwrap();
    let first = |at| {
        let reference = store.reference().unwrap();
        let points = store.nearest_points(at, 1).unwrap();
        locate_among(&reference, at, [], &points, 1, at_minute(0)).nearest[0].point.clone()
    };
    assert_eq!(first(there), PointId::from("p3"));
    publish(&store, vec![point("p1", "搬家", 30.1, 104.1), point("p3", "搬走", 31.0, 104.0)]);
    assert_eq!(first(there), PointId::from("p1"));
    let removed = vec![point("p1", "", 0.0, 0.0).key(), super::park().last().unwrap().key()];
    store.apply_log(&[], &[ReferenceUpdate { rows: Vec::new(), removed }], ("reference", 9)).unwrap();
    assert_eq!(first(there), PointId::from("p2"));
    assert!(store.cells_at(Coordinate::from_degrees(30.0, 104.0).unwrap()).unwrap().is_empty());
}

#[test]
fn the_duplicate_hint_sees_what_is_near_and_recent() {
    let (_dir, store) = device();
    let mut cases =
        vec![report("近", at_minute(0)), report("旧", at_minute(-600)), report("远", at_minute(1))];
    cases.push(report("无定位", at_minute(2)));
    for (case, lat) in cases.iter_mut().zip([30.0001, 30.0, 30.01]) {
        if let IntentBody::Report { fix: Some(fix), point, .. } = &mut case.body {
            fix.coordinate = Coordinate::from_degrees(lat, 104.0).unwrap();
            *point = None;
        }
    }
    if let IntentBody::Report { fix, .. } = &mut cases[3].body {
        *fix = None;
    }
    store.record(&cases, None).unwrap();
    let sighting = Sighting {
        standard: Some("clean".into()),
        point: Some("p1".into()),
        at: Coordinate::from_degrees(30.0, 104.0),
        found: at_minute(3),
    };
    let near = store.sightings_near(&sighting, 20, at_minute(-60)).unwrap();
    let ids: Vec<_> = near.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [cases[3].document, cases[0].document]);
    assert_eq!(near[1].1.found, at_minute(0));
    assert_eq!(store.sightings_near(&sighting, 20, at_minute(-700)).unwrap().len(), 3);
}

#[test]
fn patrols_are_asked_by_day_team_and_round() {
    let (_dir, store) = device();
    let start = |team: &str, day: &str, round| Intent {
        body: IntentBody::StartPatrol {
            home: "c1".into(),
            team: team.into(),
            day: day.parse().unwrap(),
            round,
        },
        ..report("", at_minute(0))
    };
    let patrols = [
        start("t1", "2026-03-20", Round::Morning),
        start("t1", "2026-03-20", Round::LookBack),
        start("t2", "2026-03-20", Round::Morning),
        start("t1", "2026-03-21", Round::Morning),
    ];
    let changed = store.record(&patrols, None).unwrap().changed;
    assert_eq!((changed.patrols.len(), changed.cases.len()), (4, 0));
    let visit = Intent {
        document: patrols[0].document,
        seen: store.document(patrols[0].document).unwrap().unwrap().event_heads(),
        at: Stamp::exact(at_minute(5)),
        body: IntentBody::Patrol {
            act: PatrolAct::Visit {
                point: "p1".into(),
                result: VisitResult::Clean,
                fix: None,
                photos: Vec::new(),
            },
        },
        ..report("", at_minute(5))
    };
    record(&store, &visit);
    let row = store.patrol(patrols[0].document).unwrap().unwrap();
    assert_eq!((row.state.visits.len(), row.delivery.pending), (1, 2));
    let day = "2026-03-20".parse().unwrap();
    assert_eq!(store.patrols(&PatrolQuery::on(day)).unwrap().len(), 3);
    let query =
        PatrolQuery { team: Some("t1".into()), round: Some(Round::Morning), ..PatrolQuery::default() };
    let days: Vec<_> = store.patrols(&query).unwrap().iter().map(|patrol| patrol.day.to_string()).collect();
    assert_eq!(days, ["2026-03-20", "2026-03-21"]);
    assert!(store.case(patrols[0].document).unwrap().is_none());
}
