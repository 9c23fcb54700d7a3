//! Residents' contacts travel apart from their cases, to those who keep contacts and to nobody else: real devices
//! against the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::id::{CaseId, PersonId, PointId, UnitId};
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_domain::rights::{Denied, ScopeClass};
use sanben_field::{FieldError, NewCase, NewContact};
use sanben_tests::world::World;

const TELEPHONE: &str = "13800000042";

fn resident() -> NewContact {
    NewContact {
        name: "周女士".to_owned(), telephone: TELEPHONE.to_owned(), note: "晚上七点以后".to_owned()
    }
}

fn record(world: &World, device: usize) -> CaseId {
    let new = NewCase {
        point: Some(PointId::from("P011")),
        description: "居民反映垃圾无人清运".to_owned(),
        ..NewCase::default()
    };
    world.devices[device].field().record(new).unwrap().case
}

/// Whether the number lies anywhere in what a device keeps.
fn knows(world: &World, device: usize) -> bool {
    let scopes = world.devices[device].field().store().standing().unwrap().cursors;
    scopes.keys().any(|scope| scope.class == ScopeClass::Resident)
}

#[test]
fn a_contact_reaches_those_who_keep_contacts_and_nobody_else() {
    // An inspector, the command post, the head of P011, and of its community a clerk and a grid member, and a clerk of another one.
    let mut world = World::new(21, &["U008", "U001", "U060", "U024", "U038", "U023"]);
    for device in 0..world.devices.len() {
        world.sync(device).unwrap();
    }
    let case = record(&world, 0);
    let contact = world.devices[0].field().add_contact(case, resident()).unwrap();
    for device in [0, 1, 2, 3, 4, 5] {
        assert_eq!(world.sync(device).unwrap().rejected, 0);
    }
    for device in [0, 1, 3, 4] {
        let held = world.devices[device].field().contacts(case).unwrap();
        assert_eq!(held.len(), 1, "device {device}");
        assert_eq!((held[0].record.id, held[0].record.telephone.as_str()), (contact, TELEPHONE));
    }
    assert_eq!(world.devices[0].field().contacts(case).unwrap()[0].delivery.accepted, 1);
    assert!(world.devices[2].field().case(case).is_ok(), "the head has the case");
    for device in [2, 5] {
        assert_eq!(world.devices[device].field().contacts(case).unwrap(), []);
        assert!(world.devices[device].field().store().document(contact).unwrap().is_none());
    }
    assert!(!knows(&world, 2), "nor anything of that scope");
    let denied = world.devices[2].field().add_contact(case, resident());
    assert!(matches!(denied, Err(FieldError::Denied(Denied::Role))), "{denied:?}");
    let nobody = world.devices[0].field().add_contact(case, NewContact::default());
    assert!(matches!(nobody, Err(FieldError::Invalid(_))), "{nobody:?}");
}

#[test]
fn who_loses_a_contact_with_their_unit_keeps_no_byte_of_it() {
    let mut world = World::new(22, &["U008", "U024"]);
    let case = record(&world, 0);
    world.devices[0].field().add_contact(case, resident()).unwrap();
    world.sync(0).unwrap();
    world.sync(1).unwrap();
    assert!(world.devices[1].disk.holds(TELEPHONE.as_bytes()));
    let mut clerk = world.server().reference().unwrap().people[&PersonId::from("U024")].clone();
    clerk.unit = UnitId::from("park-09");
    let rows = vec![ReferenceRow::Person(clerk)];
    world.server().publish(ReferenceUpdate { rows, removed: Vec::new() }).unwrap();
    world.sync(1).unwrap();
    assert!(!world.devices[1].disk.holds(TELEPHONE.as_bytes()), "nor in the gaps of its file");
}
