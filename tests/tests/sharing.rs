//! A case reaches whom it was handed to and the community its place lies in, and nobody else: real devices
//! against the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::{CaseAct, Handler};
use sanben_domain::id::{CaseId, PersonId, PointId, StandardId, UnitId};
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::score::Period;
use sanben_field::{CaseQuery, Completion, FieldError, NewCase};
use sanben_tests::world::World;

fn without_a_place() -> NewCase {
    NewCase {
        standard: Some(StandardId::from("S01")),
        description: "路边有大片垃圾,定位还没好".to_owned(),
        ..NewCase::default()
    }
}

fn at(point: &str) -> Completion {
    Completion { point: Some(PointId::from(point)), ..Completion::default() }
}

fn holds(world: &World, device: usize, case: CaseId) -> bool {
    world.devices[device].field().case(case).is_ok()
}

fn sync_all(world: &mut World) {
    for device in 0..world.devices.len() {
        world.sync(device).unwrap();
    }
}

#[test]
fn a_case_without_a_place_reaches_its_head_and_its_sheet_once_it_is_completed() {
    // An inspector; the head of P011; the command post; the head of points elsewhere.
    let mut world = World::new(11, &["U008", "U060", "U001", "U149"]);
    sync_all(&mut world);
    let community = {
        let reference = world.devices[0].field().reference().unwrap();
        reference.community_of_point(&PointId::from("P011")).unwrap().id.clone()
    };
    let case = world.devices[0].field().record(without_a_place()).unwrap().case;
    sync_all(&mut world);
    assert!(holds(&world, 2, case), "the command post sees it at once");
    assert!(!holds(&world, 1, case), "nobody answers for it yet");

    world.devices[0].field().complete(case, at("P011")).unwrap();
    sync_all(&mut world);
    let seen = world.devices[1].field().case(case).unwrap();
    assert_eq!(seen.record.description, "路边有大片垃圾,定位还没好", "the head has its whole history");
    assert!(!holds(&world, 3, case), "who answers elsewhere does not get it");

    let now = world.time.now();
    let month = world.devices[0].field().reference().unwrap().tenant.as_ref().unwrap().zone.day(now);
    let month = Period::month_of(month);
    let sheet = |device: usize| world.devices[device].field().score(&community, month, Some(now)).unwrap();
    let (of_head, of_command, of_inspector) = (sheet(1), sheet(2), sheet(0));
    assert!(
        of_head.entries.iter().any(|entry| entry.case == Some(case)),
        "it counts: {:?}",
        of_head.suspended
    );
    assert_eq!(of_head.to_bytes().unwrap(), of_command.to_bytes().unwrap());
    assert_eq!(of_head.to_bytes().unwrap(), of_inspector.to_bytes().unwrap());

    world.devices[1].field().acknowledge(case, "收到,马上落实!").unwrap();
    world.sync(1).unwrap();
    world.sync(0).unwrap();
    assert!(world.devices[0].field().case(case).unwrap().state.acknowledged.is_some());
    let moved = world.devices[0].field().complete(case, at("P117"));
    assert!(matches!(moved, Err(FieldError::Invalid(_))), "it stays on the sheet it is on");
}

#[test]
fn a_department_gets_what_it_was_handed_with_its_history_and_nothing_else() {
    // An inspector, the command post, and somebody of the department who answers for no point of park-02.
    let mut world = World::new(12, &["U008", "U001", "U056"]);
    sync_all(&mut world);
    let (handed, other) = {
        let field = world.devices[0].field();
        let new = |words: &str| NewCase {
            point: Some(PointId::from("P011")),
            description: words.to_owned(),
            ..NewCase::default()
        };
        let handed = field.record(new("学校围墙外堆放杂物")).unwrap().case;
        field.act(handed, CaseAct::Comment { words: "已拍照".to_owned() }, &[]).unwrap();
        (handed, field.record(new("宣传栏破损")).unwrap().case)
    };
    sync_all(&mut world);
    assert!(!holds(&world, 2, handed) && !holds(&world, 2, other));

    let to = Handler { unit: UnitId::from("dept-jiaoyu"), person: None };
    world.devices[1].field().act(handed, CaseAct::Dispatch { to }, &[]).unwrap();
    sync_all(&mut world);
    sync_all(&mut world);
    let department = world.devices[2].field();
    let (seen, recorded) = (department.case(handed).unwrap(), world.devices[0].field().case(handed).unwrap());
    assert_eq!(seen.record, recorded.record, "its whole history");
    assert!(!holds(&world, 2, other));
    let mine = CaseQuery {
        mine: Some(PersonId::from("U056")),
        mine_unit: department.own_unit().unwrap(),
        limit: 9,
        ..CaseQuery::default()
    };
    let listed: Vec<CaseId> = department.cases(&mine).unwrap().rows.iter().map(|row| row.id).collect();
    assert_eq!(listed, [handed], "it is among what is theirs");
    let scopes: Vec<Scope> = department.store().standing().unwrap().cursors.into_keys().collect();
    assert!(scopes.contains(&Scope { unit: "dept-jiaoyu".into(), class: ScopeClass::Work }));
    assert!(!scopes.contains(&Scope { unit: "park-02".into(), class: ScopeClass::Work }));

    department.acknowledge(handed, "教育口收到,今天清走。").unwrap();
    assert_eq!(world.sync(2).unwrap().rejected, 0);
    world.sync(0).unwrap();
    let answered = world.devices[0].field().case(handed).unwrap().state;
    assert_eq!(answered.acknowledged.unwrap().by, PersonId::from("U056"));
}
