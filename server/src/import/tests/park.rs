use super::*;
use chrono::{NaiveDate, NaiveTime};
use sanben_domain::case::Step;
use sanben_domain::id::{PointId, StandardId, UnitId};
use sanben_domain::reference::{AppliesTo, CellLevel, DayKind, ReferenceRow, TimeLimit};
use std::collections::BTreeSet;

#[test]
fn counts_what_the_newspaper_counts() {
    let import = read(&data().join("park")).unwrap();
    let counts = import.counts;
    assert_eq!(
        (counts.communities, counts.compounds, counts.points, counts.teams),
        (14, 106, 136, 4),
        "{counts:?}"
    );
    assert_eq!(import.warnings, []);
    let lines = |file: &str| Files::park().text(file).lines().count() - 1;
    assert_eq!(counts.units, lines("units.csv"));
    assert_eq!(counts.people, lines("people.csv"));
    assert_eq!(counts.assignments, lines("assignments.csv"));
    assert_eq!(counts.standards, lines("standards.csv"));
    assert_eq!(counts.calendar_days, lines("calendar.csv"));
    assert_eq!(counts.cells, Files::park().text("cells.geojson").matches("\"Feature\"").count());
    let keys: BTreeSet<_> = import.update.rows.iter().map(ReferenceRow::key).collect();
    assert_eq!(keys.len(), import.update.rows.len(), "every row has a key of its own");
}

#[test]
fn means_what_the_files_say() {
    let park = reference(read(&data().join("park")).unwrap());
    let tenant = park.tenant.clone().unwrap();
    assert_eq!(tenant.day.look_back_at, NaiveTime::from_hms_opt(17, 0, 0).unwrap());
    assert_eq!(tenant.day.work.len(), 2);
    assert!(tenant.workflow.needs(Step::Handle) && !tenant.workflow.needs(Step::Confirm));
    assert!(!tenant.workflow.needs(Step::Dispatch), "taken by the system");

    let south_entrance = &park.points[&PointId::from("P011")];
    assert_eq!((south_entrance.at.lat_e7, south_entrance.at.lon_e7), (383_081_620, 1_168_397_760));
    assert_eq!(park.community_of_point(&south_entrance.id).unwrap().name, "柳林社区");

    let clean_water = &park.standards[&StandardId::from("S08")];
    assert_eq!(clean_water.limit, TimeLimit::WorkingDays(1));
    assert_eq!(clean_water.applies_to, AppliesTo::Kinds(vec!["公园广场".into(), "河道沿线".into()]));
    assert_eq!(park.standards[&StandardId::from("S01")].applies_to, AppliesTo::All);
    assert_eq!(park.standards[&StandardId::from("S15")].limit, TimeLimit::WorkingHours(4));
    assert_eq!(park.standards[&StandardId::from("S26")].limit, TimeLimit::Days(7));

    let spring = NaiveDate::from_ymd_opt(2026, 2, 14).unwrap();
    assert_eq!(park.calendar.days[&spring].kind, DayKind::Worked);
    let rules = park.rule_sets.values().next().unwrap();
    assert_eq!(rules.rules.iter().find(|rule| rule.id.as_str() == "R01").unwrap().points.to_string(), "-2");
    assert_eq!(rules.tiers.concat().len(), 14);
}

/// "From 2026-03-01 six points have a new head, and from 2026-03-10 two points have nobody."
#[test]
fn terms_end_on_the_day_before_the_last_column() {
    let park = reference(read(&data().join("park")).unwrap());
    let zone = park.tenant.as_ref().unwrap().zone;
    let noon = |month, day| {
        let day = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        zone.at(day, NaiveTime::from_hms_opt(12, 0, 0).unwrap())
    };
    let head = |point: &PointId, at| park.head_of(point, at).map(|assignment| assignment.person.clone());
    let changed = park.points.keys().filter(|id| head(id, noon(2, 28)) != head(id, noon(3, 1)));
    assert_eq!(changed.count(), 6);
    let blind = |at| park.points.keys().filter(|id| head(id, at).is_none()).count();
    assert_eq!((blind(noon(3, 9)), blind(noon(3, 10))), (0, 2));
}

/// Every point lies in exactly the polygons of its own community.
#[test]
fn polygons_hold_their_points() {
    let park = reference(read(&data().join("park")).unwrap());
    for point in park.points.values() {
        let levels: Vec<_> =
            park.cells_at(point.at).iter().map(|cell| (cell.level, cell.unit.clone())).collect();
        let community = park.community_of_point(&point.id).unwrap().id.clone();
        let expected = [(CellLevel::Cell, community.clone()), (CellLevel::Community, community)];
        assert_eq!(levels, expected, "{}", point.id);
    }
    assert!(park.is_within(&UnitId::from("park-03-c01"), &UnitId::from("park")));
}
