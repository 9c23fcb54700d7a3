//! Row 14: the mother-and-baby room, whose standard says "one in each building".

use super::*;
use crate::fixture::{INSPECTOR, day, park};
use crate::matter::fold;
use crate::matter::story::Tale;
use crate::place::Coordinate;
use crate::reference::{AppliesTo, Point, ReferenceRow, Standard, TimeLimit, Unit, UnitKind};

/// The park with a mall of three buildings, of which two have a room.
fn mall() -> Reference {
    let mut park = park();
    let rooms = AppliesTo::Kinds(vec!["母婴室".to_owned()]);
    park.put(ReferenceRow::Standard(Standard {
        id: "S38".into(),
        clause: "服务4.6".to_owned(),
        name: "母婴室可用".to_owned(),
        applies_to: rooms,
        limit: TimeLimit::Days(7),
        demand: "每栋楼至少一处".to_owned(),
        in_each: Some(UnitKind::Building),
    }));
    for building in ["a", "b", "c"] {
        let (id, name) = (UnitId::from(format!("mall-{building}").as_str()), format!("{building}座"));
        let parent = Some("park-02".into());
        park.put(ReferenceRow::Unit(Unit { id, name, kind: UnitKind::Building, parent }));
        let floor = UnitId::from(format!("mall-{building}-f1").as_str());
        let parent = Some(UnitId::from(format!("mall-{building}").as_str()));
        park.put(ReferenceRow::Unit(Unit {
            id: floor,
            name: "一层".to_owned(),
            kind: UnitKind::Floor,
            parent,
        }));
    }
    for (id, floor) in [("P901", "mall-a-f1"), ("P902", "mall-a-f1"), ("P903", "mall-b-f1")] {
        park.put(ReferenceRow::Point(Point {
            id: id.into(),
            name: "母婴室".to_owned(),
            kind: "母婴室".to_owned(),
            unit: floor.into(),
            at: Coordinate::from_degrees(38.3, 116.8).unwrap(),
            team: None,
        }));
    }
    park
}

fn observed(point: &str, of_march: u32, results: &[&str]) -> (MatterRecord, State) {
    let mut sheet = Tale::of("observation-sheet").point(point).about_number(7);
    sheet.record.day = day(3, of_march);
    let mut sheet = sheet.opened_by(INSPECTOR);
    for result in results {
        let said = sheet.with().standard("standard", "S38").choice("result", result);
        sheet.tell(INSPECTOR, "observe", said);
    }
    let state = fold(&sheet.record, &park()).unwrap();
    (sheet.record, state)
}

fn lacking(matters: &[(MatterRecord, State)]) -> Vec<(String, Lack)> {
    let week = Period::week_of(day(3, 20));
    let found = uncovered(&mall(), week, matters).into_iter();
    found.map(|it| (it.node.to_string(), it.lack)).collect()
}

fn of(pairs: &[(&str, Lack)]) -> Vec<(String, Lack)> {
    pairs.iter().map(|(node, lack)| ((*node).to_owned(), *lack)).collect()
}

#[test]
fn one_in_each_building_and_where_there_is_none_is_a_blind_spot() {
    use Lack::*;
    assert_eq!(lacking(&[]), of(&[("mall-a", NotSeen), ("mall-b", NotSeen), ("mall-c", NoPoint)]));
    let (a, b) = (observed("P901", 20, &["met"]), observed("P903", 20, &["not-met"]));
    assert_eq!(lacking(&[a.clone(), b.clone()]), of(&[("mall-b", NotMet), ("mall-c", NoPoint)]));
    let other_room = observed("P902", 20, &["not-met"]);
    assert_eq!(lacking(&[a, other_room, b]), of(&[("mall-b", NotMet), ("mall-c", NoPoint)]), "one is enough");
}

#[test]
fn the_last_look_of_the_days_counts_and_other_days_do_not() {
    use Lack::*;
    let again = observed("P901", 20, &["met", "not-met"]);
    assert_eq!(lacking(&[again])[0], ("mall-a".to_owned(), NotMet));
    let week_before = observed("P901", 13, &["met"]);
    assert_eq!(lacking(&[week_before])[0], ("mall-a".to_owned(), NotSeen));
    let elsewhere = observed("P901", 20, &["not-applicable"]);
    assert_eq!(lacking(&[elsewhere])[0], ("mall-a".to_owned(), NotSeen), "not applicable is no room");
}
