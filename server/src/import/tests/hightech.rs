use super::*;
use chrono::{NaiveDate, NaiveTime};
use sanben_domain::id::{PersonId, PointId, UnitId};
use sanben_domain::reference::{AppliesTo, Duty, Unit, UnitKind};
use sanben_domain::time::{Timestamp, Zone};
use std::collections::BTreeSet;

fn zone() -> Reference {
    let import = read(&data().join("hightech")).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(import.warnings, []);
    reference(import)
}

fn noon(month: u32, day: u32) -> Timestamp {
    let day = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    Zone::CHINA.at(day, NaiveTime::from_hms_opt(12, 0, 0).unwrap())
}

fn of_kind(zone: &Reference, kind: UnitKind) -> Vec<&Unit> {
    zone.units.values().filter(|unit| unit.kind == kind).collect()
}

/// "点位分包给22个部门": every point has a contact person, and each of the 22 departments has points.
#[test]
fn every_point_is_in_the_hands_of_one_of_22_departments() {
    let zone = zone();
    let departments: BTreeSet<_> =
        of_kind(&zone, UnitKind::Department).into_iter().map(|unit| &unit.id).collect();
    assert_eq!(departments.len(), 22);
    for at in [noon(1, 15), noon(2, 15), noon(3, 20)] {
        let mut in_charge = BTreeSet::new();
        for point in zone.points.keys() {
            let contacts = zone.assignments[point].iter().filter(|a| a.duty == Duty::Contact && a.holds(at));
            let units: Vec<_> = contacts.map(|a| &zone.people[&a.person].unit).collect();
            let [department] = units.as_slice() else { panic!("{point} at {at:?}: {units:?}") };
            in_charge.insert(*department);
        }
        let idle: Vec<_> = departments.difference(&in_charge).collect();
        let before = at < noon(2, 1);
        assert_eq!(idle.is_empty(), !before, "before February one department had none: {idle:?}");
    }
}

#[test]
fn the_mall_is_gridded_by_building_and_floor() {
    let zone = zone();
    let venues = of_kind(&zone, UnitKind::Venue);
    let [mall] = venues.as_slice() else { panic!("{venues:?}") };
    let buildings = of_kind(&zone, UnitKind::Building);
    assert_eq!(buildings.len(), 3);
    for building in &buildings {
        assert_eq!(building.parent, Some(mall.id.clone()));
        let floors = of_kind(&zone, UnitKind::Floor);
        let floors: Vec<_> =
            floors.iter().filter(|floor| floor.parent.as_ref() == Some(&building.id)).collect();
        assert!(floors.len() >= 3);
        for floor in floors {
            let points =
                zone.points.values().filter(|point| point.unit == floor.id && point.kind == "商场楼层");
            assert_eq!(points.count(), 1, "{}: each floor is a point", floor.id);
            let walked = zone.people.values().filter(|person| person.unit == floor.id);
            assert_eq!(walked.count(), 1, "{}: and somebody walks it", floor.id);
        }
        let rooms = zone
            .points
            .values()
            .filter(|point| point.kind == "母婴室" && zone.is_within(&point.unit, &building.id));
        assert_eq!(rooms.count(), 1, "{}: a mother-and-baby room in each building", building.id);
    }
    let floor = PointId::from("P078");
    assert_eq!(zone.community_of_point(&floor).unwrap().name, "锦程社区", "it counts on a community's sheet");
}

#[test]
fn villages_count_as_communities_and_guests_as_neither() {
    let zone = zone();
    let communities = of_kind(&zone, UnitKind::Community);
    assert_eq!(communities.iter().filter(|unit| unit.name.ends_with('村')).count(), 6);
    assert_eq!(communities.len(), 12);
    for set in zone.rule_sets.values() {
        let tiers: BTreeSet<_> = set.tiers.concat().into_iter().collect();
        assert_eq!(tiers, communities.iter().map(|unit| unit.id.clone()).collect(), "{}", set.id);
    }
    let guests: Vec<_> = of_kind(&zone, UnitKind::Guest).iter().map(|unit| unit.id.as_str()).collect();
    assert_eq!(guests, ["gongjiao", "shi-yuanlin", "yinhang"]);
    for guest in guests {
        assert!(zone.community_of(&UnitId::from(guest)).is_none());
    }
}

#[test]
fn heads_change_and_two_points_lose_theirs() {
    let zone = zone();
    let head = |point: &PointId, at| zone.head_of(point, at).map(|assignment| assignment.person.clone());
    let changed = zone.points.keys().filter(|id| head(id, noon(3, 8)) != head(id, noon(3, 9)));
    assert_eq!(changed.count(), 4);
    let blind = |at| zone.points.keys().filter(|id| head(id, at).is_none()).count();
    assert_eq!((blind(noon(3, 15)), blind(noon(3, 16))), (0, 2));
}

#[test]
fn rules_change_within_the_year() {
    let zone = zone();
    let points = |at, rule: &str| {
        let set = zone.rule_set_at(at).unwrap();
        set.rules.iter().find(|known| known.id.as_str() == rule).unwrap().points.to_string()
    };
    assert_eq!((points(noon(3, 31), "R07"), points(noon(4, 1), "R07")), ("-5/2".to_owned(), "-4".to_owned()));
}

/// The two tenants number their points, people and standards each from one: the same codes, other things.
#[test]
fn the_same_codes_mean_other_things_in_the_other_tenant() {
    let (zone, park) = (zone(), reference(read(&data().join("park")).unwrap()));
    let both: Vec<_> = park.people.values().filter(|person| zone.people.contains_key(&person.id)).collect();
    assert!(both.len() > 100);
    assert!(both.iter().all(|person| zone.people[&person.id].name != person.name));
    assert!(
        park.points
            .values()
            .all(|point| zone.points.get(&point.id).is_none_or(|other| other.name != point.name))
    );
    let names =
        |of: &Reference| of.people.values().map(|person| person.name.clone()).collect::<BTreeSet<_>>();
    let of_both: Vec<_> = names(&zone).intersection(&names(&park)).cloned().collect();
    assert_eq!(of_both, [park.people[&PersonId::from("U064")].name.clone()], "one person works in both");
    let own = zone.standards.values().filter(|standard| match &standard.applies_to {
        AppliesTo::All => false,
        AppliesTo::Kinds(kinds) => kinds.iter().any(|kind| kind == "商场楼层"),
    });
    assert!(own.count() > 0 && !park.points.values().any(|point| point.kind == "商场楼层"));
}
