//! Residents' contacts: people add them, and nobody who keeps none ever has one on a device.

use crate::check::{Invariant, broken};
use crate::life::{any_case, done};
use crate::world::World;
use sanben_domain::id::CaseId;
use sanben_domain::rights::keeps_contacts;
use sanben_field::NewContact;

/// A contact that somebody added.
#[derive(Debug, Clone)]
pub(crate) struct Resident {
    /// Whom it is about.
    pub(crate) case: CaseId,
    /// Letters of its own, to be looked for on disks.
    pub(crate) mark: String,
}

/// Somebody writes down whom a case is about.
pub fn add(world: &mut World, number: usize) {
    let field = world.devices[number].field();
    let Some(case) = any_case(world, field) else { return };
    let mut letters = [0; 12];
    world.dice.fill_bytes(&mut letters);
    let mark: String = letters.iter().map(|byte| format!("{byte:02x}")).collect();
    let resident =
        NewContact { name: "居民".to_owned(), telephone: "13800000042".to_owned(), note: mark.clone() };
    let outcome = field.add_contact(case, resident);
    if let Ok(contact) = &outcome {
        world.contacts.insert(*contact, Resident { case, mark });
        world.tally.contacts += 1;
    }
    done(world, number, case, "contact", outcome.map(|_| None));
}

/// Nobody whose role keeps no contacts has ever had a byte of one.
pub(crate) fn kept_apart(world: &World) {
    let reference = world.server().reference().unwrap();
    for (number, device) in world.devices.iter().enumerate() {
        let role = reference.people.get(&device.person).map(|person| person.role);
        if role.is_none_or(keeps_contacts) || world.ever_moved.contains(&device.person) {
            continue;
        }
        if world.contacts.values().any(|resident| device.disk.holds(resident.mark.as_bytes())) {
            broken(Invariant::Scope, &format!("device {number} has a contact, and its person keeps none"));
        }
    }
}
