//! New devices when all is over: one begins with bundles and one reads the log from its beginning. Both hold the same,
//! also when what they hold rests.

use crate::check::{Invariant, broken};
use crate::device::Device;
use crate::network::Wire;
use crate::truth::Truth;
use crate::world::World;
use sanben_domain::id::DocumentId;
use sanben_domain::time::Timestamp;
use sanben_field::{Budget, CaseQuery, CaseSummary, PatrolQuery};
use std::ops::ControlFlow;

/// Two new devices of one of the people.
pub(crate) fn come(world: &mut World) {
    let person = world.dice.pick(&crate::life::PEOPLE);
    let made = world.server().make_bundles(1);
    if let Err(error) = &made {
        broken(Invariant::Told, &format!("bundles cannot be made: {error}"));
    }
    let number = world.devices.len();
    let by_bundle = begin(world, number, person);
    let _ = std::fs::remove_dir_all(world.server_dir().join("bundles"));
    let by_log = begin(world, number + 1, person);
    let (bundled, logged) = (cases(&by_bundle), cases(&by_log));
    if bundled != logged || patrols(&by_bundle) != patrols(&by_log) {
        let only = |these: &[CaseSummary], those: &[CaseSummary]| {
            these.iter().filter(|row| !those.contains(row)).cloned().collect::<Vec<_>>()
        };
        broken(
            Invariant::SameTruth,
            &format!(
                "a device of {person} lists other cases by bundle than by log: {:#?} by bundle, {:#?} by log",
                only(&bundled, &logged),
                only(&logged, &bundled)
            ),
        );
    }
    let begun = by_bundle.field().store().examine(usize::MAX).map_or(0, |examined| examined.documents);
    world.tally.begun += begun;
    let truth = Truth::of(world);
    let documents: Vec<DocumentId> =
        truth.documents().into_keys().chain(truth.erased().into_keys()).collect();
    let same = |when: &str| {
        let differs = documents.iter().find(|id| held(&by_bundle, **id) != held(&by_log, **id));
        let alike = (
            differs,
            cases(&by_bundle) == cases(&by_log),
            patrols(&by_bundle) == patrols(&by_log),
            stands(&by_bundle) == stands(&by_log),
        );
        if alike != (None, true, true, true) {
            let how = format!("a device of {person} that began with a bundle differs {when}: {alike:?}");
            broken(Invariant::SameTruth, &how);
        }
    };
    same("once it was looked into");
    for device in [&by_bundle, &by_log] {
        let rested = device.field().store().compact(Timestamp(i64::MAX), usize::MAX);
        world.tally.compacted += rested.map_or(0, |rested| rested.documents);
    }
    same("at rest");
    world.trace.push(format!("newcomers of {person}: {begun} documents by bundle"));
}

fn begin(world: &World, number: usize, person: &str) -> Device {
    let mut device = world.device(number, person);
    device.turn_on();
    let wire = Wire::new(world.server(), Box::new(|| crate::network::Fate::Fine), world.time.clone());
    let code = world.server().invite(&device.person, 600_000).map_err(|error| error.to_string());
    let enrolled = code.and_then(|code| {
        let enrolled = device.field().enrol("sim://server", &code.to_string(), &wire);
        enrolled.map_err(|error| error.to_string())
    });
    let synced = enrolled.and_then(|_| {
        let field = device.field();
        let synced = field.sync(&wire, Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
        synced.map_err(|error| error.to_string())
    });
    if let Err(error) = synced {
        broken(Invariant::Converges, &format!("a new device of {person} cannot begin: {error}"));
    }
    device
}

/// All rows of the list.
fn cases(device: &Device) -> Vec<CaseSummary> {
    let mut query = CaseQuery { limit: 100, ..CaseQuery::default() };
    let mut cases = Vec::new();
    loop {
        let page = device.field().cases(&query).unwrap();
        cases.extend(page.rows);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return cases,
        }
    }
}

fn patrols(device: &Device) -> impl PartialEq {
    let days = (0..20).filter_map(crate::check::day).map(PatrolQuery::on);
    days.flat_map(|day| device.field().store().patrols(&day).unwrap()).collect::<Vec<_>>()
}

/// A document as it is here: its heads, what it says, and whom it is about.
fn held(device: &Device, id: DocumentId) -> impl PartialEq {
    let store = device.field().store();
    let document = crate::check::loaded(store, id, "a new device");
    let document = document.map(|document| (document.heads(), document.record().unwrap()));
    (document, store.case(id).unwrap(), store.contacts(id).unwrap())
}

fn stands(device: &Device) -> impl PartialEq {
    device.field().store().standing().unwrap().cursors
}
