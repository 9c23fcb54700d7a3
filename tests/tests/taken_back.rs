//! What was handed to the wrong unit goes away from there again: real devices against the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::{CaseAct, Handler};
use sanben_domain::id::{CaseId, PointId, UnitId};
use sanben_field::{NewCase, OutboxState};
use sanben_server::TakeBackError;
use sanben_tests::world::World;

const EDUCATION: &str = "dept-jiaoyu";

/// The command post, somebody of the department, an inspector; a case at P011 dispatched to the department.
fn dispatched() -> (World, CaseId) {
    let mut world = World::new(31, &["U001", "U056", "U008"]);
    sync_all(&mut world);
    let new = NewCase {
        point: Some(PointId::from("P011")),
        description: "学校围墙外堆放杂物".to_owned(),
        ..NewCase::default()
    };
    let case = world.devices[2].field().record(new).unwrap().case;
    sync_all(&mut world);
    sync_all(&mut world);
    dispatch(&mut world, case);
    assert!(holds(&world, 1, case));
    (world, case)
}

fn dispatch(world: &mut World, case: CaseId) {
    let to = Handler { unit: UnitId::from(EDUCATION), person: None };
    world.devices[0].field().act(case, CaseAct::Dispatch { to }, &[]).unwrap();
    sync_all(world);
    sync_all(world);
}

fn holds(world: &World, device: usize, case: CaseId) -> bool {
    world.devices[device].field().case(case).is_ok()
}

fn sync_all(world: &mut World) {
    for device in 0..world.devices.len() {
        world.sync(device).unwrap();
    }
}

fn take_back(world: &World, case: CaseId) {
    world.server().take_back(case, &UnitId::from(EDUCATION), "派错部门").unwrap();
}

#[test]
fn a_case_taken_back_leaves_the_unit_and_comes_again_in_full() {
    let (mut world, case) = dispatched();
    let unit = UnitId::from(EDUCATION);
    let server = world.server();
    assert!(matches!(server.take_back(case, &unit, " "), Err(TakeBackError::NoReason)));
    let home = UnitId::from("park-02");
    assert!(matches!(server.take_back(case, &home, "派错部门"), Err(TakeBackError::Answers(_))));
    let elsewhere = UnitId::from("park-05");
    assert!(matches!(server.take_back(case, &elsewhere, "派错部门"), Err(TakeBackError::NotThere(_))));
    let nowhere = UnitId::from("dept-nowhere");
    assert!(matches!(server.take_back(case, &nowhere, "派错部门"), Err(TakeBackError::NoUnit(_))));
    take_back(&world, case);
    sync_all(&mut world);
    assert!(!holds(&world, 1, case), "it left the department");
    assert!(holds(&world, 0, case) && holds(&world, 2, case), "and nobody else");

    world.devices[2].field().act(case, CaseAct::Comment { words: "改派后处理".to_owned() }, &[]).unwrap();
    sync_all(&mut world);
    sync_all(&mut world);
    assert!(!holds(&world, 1, case), "later changes do not go there");
    assert_eq!(world.server().audit().unwrap().faults, []);

    dispatch(&mut world, case);
    let (theirs, mine) =
        (world.devices[1].field().case(case).unwrap(), world.devices[0].field().case(case).unwrap());
    assert_eq!(theirs.record, mine.record, "a new dispatch brings all of it");
    world.devices[1].field().acknowledge(case, "这次收到。").unwrap();
    assert_eq!(world.sync(1).unwrap().rejected, 0);
    assert_eq!(world.server().audit().unwrap().faults, []);
}

#[test]
fn own_work_in_a_case_that_was_taken_back_is_looked_at_before_it_goes() {
    let (mut world, case) = dispatched();
    world.devices[1].field().acknowledge(case, "教育口收到。").unwrap();
    take_back(&world, case);
    let report = world.sync(1).unwrap();
    assert_eq!(
        (report.accepted, report.rejected, report.in_review),
        (0, 0, 1),
        "it was right when it was done"
    );
    assert!(holds(&world, 1, case), "it stays while its author's work waits");
    let waiting = world.server().reviews().unwrap();
    world.server().decide(&waiting[0].change.to_string(), true, "确已到场").unwrap();
    world.sync(1).unwrap();
    world.sync(1).unwrap();
    assert!(!holds(&world, 1, case), "decided: it goes");
    let rows = world.devices[1].field().outbox(9).unwrap();
    assert!(rows.iter().all(|row| matches!(row.state, OutboxState::Accepted { .. })));
    world.sync(0).unwrap();
    assert!(world.devices[0].field().case(case).unwrap().state.acknowledged.is_some(), "and it counts");
}

#[test]
fn a_device_that_was_away_meanwhile_reads_the_same() {
    let (mut world, case) = dispatched();
    take_back(&world, case);
    let to = Handler { unit: UnitId::from(EDUCATION), person: None };
    world.devices[0].field().act(case, CaseAct::Dispatch { to }, &[]).unwrap();
    world.sync(0).unwrap();
    take_back(&world, case);
    world.devices[0].field().act(case, CaseAct::Comment { words: "另派".to_owned() }, &[]).unwrap();
    world.sync(0).unwrap();
    world.sync(1).unwrap();
    assert!(!holds(&world, 1, case));
    assert_eq!(world.devices[1].field().counts().unwrap().quarantined, 0);
}
