//! What must hold when the storm is over: nothing acknowledged is lost, nothing recorded is lost, and two
//! replicas that hold the same thing hold the same truth.

use crate::world::World;
use sanben_domain::case::{CaseRecord, Status};
use sanben_domain::id::{CaseId, DocumentId, EventId, UnitId};
use sanben_domain::rights::{home_scope, scopes_of};
use sanben_domain::score::Period;
use sanben_domain::time::Zone;
use sanben_field::{CaseQuery, Field, OutboxState};
use sanben_store::Store;
use std::collections::{BTreeMap, BTreeSet};

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Cases on the command post's device.
    pub cases: usize,
    /// Acts, reports and visits that devices confirmed.
    pub done: usize,
    /// Work that ended under "needs attention".
    pub rejected: usize,
    /// Open disputes.
    pub disputed: usize,
    /// Cases that were merged into others.
    pub merged: usize,
}

/// Lets everything arrive over a good network: all clocks, devices and the server are on.
pub fn settle(world: &mut World) {
    world.trouble = 0;
    for _ in 0..3 {
        for number in 0..world.devices.len() {
            world.sync(number).unwrap_or_else(|error| panic!("device {number} cannot sync: {error}"));
        }
    }
}

/// Asserts the invariants.
///
/// # Panics
/// When one is broken; the message says which.
#[must_use]
pub fn check(world: &World) -> Summary {
    let mut summary = Summary::default();
    let mut everywhere: BTreeMap<CaseId, CaseRecord> = BTreeMap::new();
    let mut sheets: BTreeMap<(UnitId, BTreeMap<String, u64>), Vec<u8>> = BTreeMap::new();
    let server_reference = world.server().reference().unwrap();
    let replica = world.server().replica().unwrap();
    let now = world.time.now();
    for (number, device) in world.devices.iter().enumerate() {
        let field = device.field();
        assert!(field.store().pending(usize::MAX).unwrap().is_empty(), "device {number} still has work");
        assert!(field.store().quarantined().unwrap().is_empty(), "device {number} could not apply something");
        assert!(field.store().uploads().unwrap().is_empty(), "device {number} still has photos to send");
        let attention = field.needs_attention().unwrap();
        summary.rejected += attention.len();

        let held = cases_of(field);
        let person = server_reference.people.get(&device.person).unwrap();
        let scopes = scopes_of(person, &server_reference, now);
        for (id, record) in &held {
            assert!(
                scopes.contains(&home_scope(&record.home)),
                "device {number} holds {id} outside its scopes"
            );
            match everywhere.get(id) {
                Some(other) => {
                    assert!(other == record, "two replicas hold {id} differently: {other:?} and {record:?}");
                }
                None => drop(everywhere.insert(*id, record.clone())),
            }
        }
        accounted_for(world, number, &replica);

        let reference = field.reference().unwrap();
        for community in ["park-02", "park-05"].map(UnitId::from) {
            let month = Period::month_of(Zone::CHINA.day(now));
            let Ok(sheet) = field.score(&community, month, Some(now)) else { continue };
            assert!(reference.tenant.is_some());
            let bytes = sheet.to_bytes().unwrap();
            let key = (community, sheet.cut.clone());
            match sheets.get(&key) {
                Some(other) => {
                    assert_eq!(other, &bytes, "device {number} has another sheet for the same cut");
                }
                None => drop(sheets.insert(key, bytes)),
            }
        }
        if device.person.as_str() == "U001" {
            summary.cases = held.len();
            let disputed = CaseQuery { disputed_only: true, limit: 200, ..CaseQuery::default() };
            summary.disputed = field.cases(&disputed).unwrap().rows.len();
            let merged = CaseQuery { status: vec![Status::Merged], limit: 200, ..CaseQuery::default() };
            summary.merged = field.cases(&merged).unwrap().rows.len();
        }
        summary.done += device.done.len();
    }
    heads_agree(world);
    summary
}

/// Everything a device ever confirmed is in the shared truth, on the device and on the server, or waits
/// visibly for its person.
fn accounted_for(world: &World, number: usize, replica: &Store) {
    let device = &world.devices[number];
    let field = device.field();
    let outbox = field.outbox(usize::MAX).unwrap();
    let waiting: BTreeSet<_> = field.needs_attention().unwrap().iter().map(|row| row.intent.event).collect();
    for done in &device.done {
        let in_log =
            [field.store(), replica].into_iter().all(|store| holds(store, done.document, done.event));
        let waits = match done.event {
            Some(event) => waiting.contains(&event),
            None => {
                outbox.iter().any(|row| row.document == done.document && waiting.contains(&row.intent.event))
            }
        };
        assert!(in_log || waits, "device {number} recorded {done:?}, and it is gone");
    }
    for row in outbox.iter().filter(|row| matches!(row.state, OutboxState::Accepted { .. })) {
        for (place, store) in [("here", field.store()), ("on the server", replica)] {
            let document = store.document(row.document).unwrap();
            let holds = document.is_some_and(|document| document.holds(row.hash));
            assert!(holds, "device {number}: accepted, and not {place}: {:?}", row.id);
        }
    }
}

/// Whether a replica holds a case or a patrol, and in it the event.
fn holds(store: &Store, document: DocumentId, event: Option<EventId>) -> bool {
    if let Some(case) = store.case(document).unwrap() {
        return event.is_none_or(|event| case.record.events.contains_key(&event));
    }
    let patrol = store.patrol(document).unwrap();
    patrol.is_some_and(|patrol| event.is_none_or(|event| patrol.record.events.contains_key(&event)))
}

/// The Automerge heads agree too, not only what is read out of them.
fn heads_agree(world: &World) {
    let mut heads = BTreeMap::new();
    for (number, device) in world.devices.iter().enumerate() {
        for id in cases_of(device.field()).keys() {
            let document = device.field().store().document(*id).unwrap().unwrap();
            let mine = document.heads();
            let first = heads.entry(*id).or_insert_with(|| mine.clone());
            assert_eq!(*first, mine, "device {number} has other heads of {id}");
        }
    }
}

/// All cases of a device, page by page.
fn cases_of(field: &Field) -> BTreeMap<CaseId, CaseRecord> {
    let mut all = BTreeMap::new();
    let mut query = CaseQuery { limit: 100, ..CaseQuery::default() };
    loop {
        let page = field.cases(&query).unwrap();
        for row in page.rows {
            assert!(
                all.insert(row.id, field.case(row.id).unwrap().record).is_none(),
                "a page repeated a case"
            );
        }
        match page.next {
            Some(token) => query.after = Some(token),
            None => return all,
        }
    }
}

/// One whole run: a seed, so many steps, then peace and the invariants.
#[must_use]
pub fn run(seed: u64, steps: usize) -> (Summary, Vec<String>) {
    let mut world = World::new(seed, &crate::life::PEOPLE);
    world.trouble = 10 + usize::try_from(seed % 5).unwrap() * 12;
    for _ in 0..steps {
        crate::life::step(&mut world);
    }
    settle(&mut world);
    (check(&world), world.trace)
}
