use super::*;
use crate::fixture::*;

fn ids(found: &Whereabouts) -> Vec<&str> {
    found.nearest.iter().map(|near| near.point.as_str()).collect()
}

#[test]
fn a_fix_leads_to_the_cell_the_points_and_who_answers() {
    let park = park();
    let at_the_gate = Coordinate::from_degrees(38.3082, 116.8398).unwrap();
    let found = locate(&park, at_the_gate, 3, march20(7, 0));
    assert_eq!(found.cells, ["park-02-g1".into(), "park-02".into()], "finest first");
    assert_eq!(found.community, Some("park-02".into()));
    assert_eq!(ids(&found), [SOUTH_GATE, MARKET, ORPHAN]);
    let heads: Vec<_> = found.nearest.iter().map(|near| near.head.clone()).collect();
    assert_eq!(heads, [Some(HEAD.into()), Some(NEW_HEAD.into()), None]);
    // 4 m north and 2 m east of the gate; the market is a block to the south.
    assert!((4.0..6.0).contains(&found.nearest[0].metres), "{}", found.nearest[0].metres);
    assert!((170.0..185.0).contains(&found.nearest[1].metres), "{}", found.nearest[1].metres);
}

#[test]
fn who_answers_depends_on_the_instant() {
    let market = Coordinate::from_degrees(38.306609, 116.839645).unwrap();
    let head = |when| locate(&park(), market, 1, when).nearest[0].head.clone();
    assert_eq!(head(at(2, 28, 12, 0)), Some(OLD_HEAD.into()));
    assert_eq!(head(at(3, 1, 12, 0)), Some(NEW_HEAD.into()));
}

#[test]
fn outside_the_grid_the_nearest_points_still_help() {
    let far = Coordinate::from_degrees(38.4, 116.83).unwrap();
    let found = locate(&park(), far, 10, march20(7, 0));
    assert!(found.cells.is_empty() && found.community.is_none());
    assert_eq!(found.nearest.len(), 4);
    assert!(found.nearest.is_sorted_by(|a, b| a.metres <= b.metres));
}

#[test]
fn an_index_in_front_changes_nothing_but_what_it_leaves_out() {
    let park = park();
    let gate = Coordinate::from_degrees(38.3082, 116.8398).unwrap();
    let points = [PointId::from(MARKET), PointId::from(SOUTH_GATE), PointId::from("P999")];
    let cells = [CellId::from("park-01"), CellId::from("park-02")];
    let found = locate_among(&park, gate, &cells, &points, 3, march20(7, 0));
    assert_eq!(ids(&found), [SOUTH_GATE, MARKET]);
    assert_eq!(found.cells, ["park-02".into()], "the other does not hold it");
}
