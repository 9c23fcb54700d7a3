//! What the desk makes go away: it erases contacts and cases, and takes cases back from units that they were handed to.
//! What was erased is nowhere any more, and every chain still verifies.

use crate::check::{Invariant, broken, loaded};
use crate::truth::Truth;
use crate::world::World;
use sanben_domain::id::{DocumentId, UnitId};
use sanben_domain::rights::scopes_of;
use sanben_field::{CaseQuery, MatterQuery};
use sanben_server::{ERASED_LIST, EraseError, TakeBackError};

/// Erases a contact, what a resident asked for, or now and then a whole case.
pub fn erase(world: &mut World) {
    let (whole, asked) = (world.dice.chance(25), world.dice.chance(30));
    let document = match (whole, asked) {
        (true, _) => case_of_log(world),
        (false, true) => suggestion_of_log(world),
        (false, false) => contact_of_log(world),
    };
    let Some(document) = document else { return world.tend(0) };
    // Noted before: the server may die with it done and not said.
    world.erased.insert(document);
    let outcome = world.server().erase(document, whole, "居民要求");
    world.trace.push(format!("desk: erase {document} {}", outcome.is_ok()));
    match outcome {
        Ok(_) => world.tally.erased += 1,
        Err(EraseError::Already(_) | EraseError::Unknown(_)) => {}
        Err(_) if world.server_disk.troubled() => {}
        Err(error) => broken(Invariant::Told, &format!("{document} cannot be erased: {error}")),
    }
    world.tend(0);
}

/// Takes a case back from a unit that it was handed to.
pub fn take_back(world: &mut World) {
    let cases = cases_of_log(world);
    let unit = UnitId::from(*world.dice.pick(&["dept-jijian", "park-05", "park-09"]));
    let first = world.dice.roll(cases.len());
    for case in cases.iter().cycle().skip(first).take(cases.len().min(12)) {
        match world.server().take_back(*case, &unit, "派错单位") {
            Ok(scope) => {
                world.tally.taken_back += 1;
                world.trace.push(format!("desk: {case} out of {scope}"));
                break;
            }
            Err(TakeBackError::NotThere(_) | TakeBackError::Answers(_) | TakeBackError::Unknown(_)) => {}
            Err(_) if world.server_disk.troubled() => break,
            Err(error) => broken(Invariant::Told, &format!("{case} cannot be taken back: {error}")),
        }
    }
    world.tend(0);
}

fn cases_of_log(world: &World) -> Vec<DocumentId> {
    let Ok(replica) = world.server().replica() else { return Vec::new() };
    let page = replica.cases(&CaseQuery { limit: 50, ..CaseQuery::default() });
    page.map(|page| page.rows.iter().map(|row| row.id).collect()).unwrap_or_default()
}

fn case_of_log(world: &World) -> Option<DocumentId> {
    let cases = cases_of_log(world);
    (!cases.is_empty()).then(|| *world.dice.pick(&cases))
}

fn suggestion_of_log(world: &World) -> Option<DocumentId> {
    let replica = world.server().replica().ok()?;
    let query = MatterQuery { feature: Some("suggestion".to_owned()), limit: 50, ..MatterQuery::default() };
    let page = replica.matters(&query).ok()?;
    (!page.rows.is_empty()).then(|| world.dice.pick(&page.rows).id)
}

fn contact_of_log(world: &World) -> Option<DocumentId> {
    let replica = world.server().replica().ok()?;
    let known = world.contacts.keys().filter(|id| matches!(replica.contact(**id), Ok(Some(_))));
    let known: Vec<DocumentId> = known.copied().collect();
    (!known.is_empty()).then(|| *world.dice.pick(&known))
}

impl World {
    /// Whether a document may be gone because the desk erased it, or the case that it is a contact of.
    pub(crate) fn may_be_erased(&self, document: DocumentId) -> bool {
        let case = self.contacts.get(&document).map(|resident| resident.case);
        self.erased.contains(&document) || case.is_some_and(|case| self.erased.contains(&case))
    }

    /// After a restore the desk erases again what stands on its list, or leaves it to the devices that know.
    pub(crate) fn erase_listed(&mut self) {
        let Ok(list) = std::fs::read_to_string(self.server_dir().join(ERASED_LIST)) else { return };
        if self.dice.chance(50) {
            let outcome = self.server().erase_listed(&list);
            self.trace.push(format!("desk: erased again {}", outcome.is_ok()));
            if let Err(error) = outcome.as_ref().map_err(ToString::to_string) {
                broken(Invariant::Told, &format!("what was erased cannot be erased again: {error}"));
            }
        }
    }
}

/// What the log says was erased is on no device that has read so, nor anywhere at the server.
pub(crate) fn nowhere(world: &World, truth: &Truth) {
    let erased = truth.erased();
    let reference = world.server().reference().unwrap();
    let replica = world.server().replica().unwrap();
    for (id, scopes) in &erased {
        let mark = world.contacts.get(id).map(|resident| resident.mark.as_bytes());
        if loaded(&replica, *id, "the server's replica").is_some()
            || mark.is_some_and(|mark| world.server_disk.holds(mark))
        {
            broken(Invariant::Erased, &format!("{id} was erased, and the server has it"));
        }
        for (number, device) in world.devices.iter().enumerate() {
            let Some(person) = reference.people.get(&device.person) else { continue };
            let held = scopes_of(person, &reference, world.time.now());
            if !held.iter().any(|scope| scopes.contains(scope)) {
                continue;
            }
            let rows = device.field().outbox(usize::MAX).unwrap();
            if loaded(device.field().store(), *id, "a device").is_some()
                || rows.iter().any(|row| row.document == *id)
                || mark.is_some_and(|mark| device.disk.holds(mark))
            {
                broken(Invariant::Erased, &format!("{id} was erased, and device {number} has it"));
            }
        }
    }
}
