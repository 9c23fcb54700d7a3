//! Work is judged by where its author stood, in the case too: what others did to it meanwhile takes nothing from who could
//! not know of it. Real devices, the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::CaseAct;
use sanben_domain::id::PointId;
use sanben_field::{Completion, NewCase};
use sanben_sync::wire::Rejection;
use sanben_tests::world::World;

fn sync_all(world: &mut World) {
    for device in 0..world.devices.len() {
        world.sync(device).unwrap();
    }
}

#[test]
fn who_acted_on_a_case_without_a_place_is_not_refused_because_it_got_one_meanwhile() {
    // Inspectors of two teams; P011 is walked by that of the first.
    let mut world = World::new(41, &["U008", "U012"]);
    sync_all(&mut world);
    let new = NewCase { description: "路面破损,行人不便".to_owned(), ..NewCase::default() };
    let case = world.devices[0].field().record(new).unwrap().case;
    sync_all(&mut world);
    let again = CaseAct::FindAgain { words: "又见到了".to_owned(), photos: Vec::new() };
    let late = world.devices[1].field().act(case, again.clone(), &[]).unwrap();
    let completion = Completion { point: Some(PointId::from("P011")), ..Completion::default() };
    world.devices[0].field().complete(case, completion).unwrap();
    world.sync(0).unwrap();
    assert_eq!(world.sync(1).unwrap().rejected, 0, "right where its author stood");
    world.sync(0).unwrap();
    assert!(world.devices[0].field().case(case).unwrap().record.events.contains_key(&late));
    // Who has heard of it may not.
    assert!(world.devices[1].field().act(case, again, &[]).is_err());
}

#[test]
fn of_two_who_give_a_case_to_different_communities_the_first_stands() {
    let mut world = World::new(42, &["U008", "U001"]);
    sync_all(&mut world);
    let new = NewCase { description: "路面破损,行人不便".to_owned(), ..NewCase::default() };
    let case = world.devices[0].field().record(new).unwrap().case;
    sync_all(&mut world);
    for (device, point) in [(0, "P011"), (1, "P050")] {
        let completion = Completion { point: Some(PointId::from(point)), ..Completion::default() };
        world.devices[device].field().complete(case, completion).unwrap();
    }
    world.sync(0).unwrap();
    assert_eq!(world.sync(1).unwrap().rejected, 1);
    let refused = world.devices[1].field().needs_attention().unwrap();
    assert!(matches!(refused[0].rejection, Rejection::NotAllowed(_)));
}
