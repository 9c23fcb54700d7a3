//! Days in the field that once went wrong: each of these is a real device against the real server.

use sanben_domain::id::{PersonId, PointId};
use sanben_field::NewCase;
use sanben_tests::world::World;

const WORDS: &str = "南入口有大片垃圾";

fn at_p011() -> NewCase {
    NewCase { point: Some(PointId::from("P011")), description: WORDS.to_owned(), ..NewCase::default() }
}

#[test]
fn a_volunteer_records_without_the_staff_list_and_the_inspector_sees_it() {
    let mut world = World::new(1, &["U170", "U008"]);
    let volunteer = world.devices[0].field();
    assert!(volunteer.reference().unwrap().people.is_empty(), "the staff list is not for volunteers");
    let case = volunteer.record(at_p011()).unwrap().case;
    let report = world.sync(0).unwrap();
    assert_eq!((report.accepted, report.rejected), (1, 0));
    world.sync(1).unwrap();
    let seen = world.devices[1].field().case(case).unwrap();
    assert_eq!(seen.record.description, WORDS);
    assert_eq!(seen.state.reported.by, PersonId::from("U170"));
}
