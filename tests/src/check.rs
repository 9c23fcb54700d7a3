//! What must hold: nothing acknowledged is lost, nothing recorded is lost, nobody holds what is not theirs,
//! and two replicas that hold the same thing hold the same truth. Some of it is looked at all the time, all
//! of it when the storm is over.

use crate::sheets::sheets_of;
use crate::truth::{Held, Truth};
use crate::world::World;
use crate::{contact, gone};
use sanben_document::{Document, IntentBody, Record};
use sanben_domain::id::DocumentId;
use sanben_domain::matter::Flaw;
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights::{Denied, ScopeClass, scopes_of};
use sanben_field::{CaseQuery, Field, MatterQuery, OutboxState, PatrolQuery};
use sanben_store::Store;
use sanben_sync::wire::Rejection;
use std::collections::{BTreeMap, BTreeSet};

pub use crate::invariant::{Invariant, broken};
pub use crate::summary::Summary;

/// Everything that devices were told is in the log is there.
pub fn acknowledged(world: &World) {
    let truth = Truth::of(world);
    for number in 0..world.devices.len() {
        acknowledged_by(world, number, &truth);
    }
}

/// The same for one device.
pub fn acknowledged_by(world: &World, number: usize, truth: &Truth) {
    if world.healing {
        return;
    }
    let rolled = world.tally.rolled > 0;
    let rows = if rolled { world.devices[number].field().outbox(usize::MAX).unwrap() } else { Vec::new() };
    for (hash, (document, event)) in &world.devices[number].acknowledged {
        // After a rollback it may wait again, and say so; or it was refused then, and is in the log as another change.
        let waits = rows
            .iter()
            .any(|row| row.intent.event == *event && !matches!(row.state, OutboxState::Accepted { .. }));
        let again = rolled && truth.has_event(*document, *event);
        if !waits && !again && !truth.holds(*hash, *document) && !erased(world, truth, *document) {
            broken(Invariant::Acknowledged, &format!("{document} of device {number} is not in the log"));
        }
    }
}

/// Whether the desk erased a document, so that it is expected of nobody.
fn erased(world: &World, truth: &Truth, document: DocumentId) -> bool {
    world.may_be_erased(document) || truth.erased().contains_key(&document)
}

/// Everything that a device confirmed is somewhere.
pub fn somewhere(world: &World, number: usize) {
    let device = &world.devices[number];
    let rows = match device.field().outbox(usize::MAX) {
        Ok(rows) => rows,
        Err(error) => broken(Invariant::Opens, &format!("the outbox of device {number}: {error}")),
    };
    let here: BTreeSet<_> = rows.iter().map(|row| row.intent.event).collect();
    if world.healing {
        return;
    }
    let mut log = None;
    for done in device.done.iter().filter(|done| !here.contains(&done.event)) {
        let log = log.get_or_insert_with(|| Truth::of(world));
        if !log.has_event(done.document, done.event) && !erased(world, log, done.document) {
            broken(Invariant::Recorded, &format!("device {number} recorded {done:?}, and it is gone"));
        }
    }
}

/// Asserts everything about a world in which all is delivered. `at_home` when the desk has put everybody
/// back in their place.
///
/// # Panics
/// When an invariant is broken; the message begins with its name.
#[must_use]
pub fn check(world: &World, at_home: bool) -> Summary {
    let mut summary = world.tally;
    let truth = Truth::of(world);
    let documents = truth.documents();
    let reference = world.server().reference().unwrap();
    let replica = world.server().replica().unwrap();
    let mut sheets = BTreeMap::new();
    acknowledged(world);
    audited(world);
    contact::kept_apart(world);
    if at_home {
        gone::nowhere(world, &truth);
    }
    for (id, held) in &documents {
        same(&replica, *id, held, "the server's replica");
        summary.shared += usize::from(held.scopes.len() > 1);
    }
    for (number, device) in world.devices.iter().enumerate() {
        let field = device.field();
        somewhere(world, number);
        accepted_events(world, number, &documents);
        fair(world, number);
        if world.removed.contains(&device.person) {
            continue;
        }
        delivered(world, number, at_home);
        within_scopes(world, number, &documents, &reference);
        photos(world, number, at_home);
        let mine = field.reference().unwrap();
        let staff = scopes_of(device_person(world, number, &reference), &reference, world.time.now())
            .iter()
            .any(|scope| scope.class == ScopeClass::People);
        published(number, &mine, &reference, staff);
        let drift = field.now().unwrap().since(world.time.now());
        if drift.abs() > 60_000 {
            broken(Invariant::Clock, &format!("device {number} is {drift} ms off after a sync"));
        }
        // Work in review, or that waits for its foundation after a rollback, counts on its author's device alone.
        let store = field.store();
        if store.standing().unwrap().in_review.is_empty() && store.pending(1).unwrap().is_empty() {
            summary.scored += sheets_of(world, number, &documents, &mut sheets);
        }
        if device.person.as_str() == "U001" {
            summary.cases = cases_of(field).len();
            let all = |query: CaseQuery| field.cases(&CaseQuery { limit: 200, ..query }).unwrap().rows.len();
            summary.disputed = all(CaseQuery { disputed_only: true, ..CaseQuery::default() });
            let merged = vec![sanben_domain::case::Status::Merged];
            summary.merged = all(CaseQuery { status: merged, ..CaseQuery::default() });
        }
        summary.done += device.done.len();
        summary.waiting += field.needs_attention().unwrap().len();
    }
    summary
}

fn audited(world: &World) {
    let audit = world.server().audit().unwrap();
    if let Some(fault) = audit.faults.first() {
        broken(Invariant::Audit, &format!("the log is not whole: {fault:?}"));
    }
    let counts = world.server().counts().unwrap();
    if world.tally.restored + world.tally.rolled == 0
        && world.removed.is_empty()
        && world.moved.is_empty()
        && counts.photos_missing > 0
    {
        broken(Invariant::Photos, &format!("{} cited photos never arrived", counts.photos_missing));
    }
}

/// A document of a store, which has to be readable.
pub fn loaded(store: &Store, id: DocumentId, whose: &str) -> Option<Document> {
    store.document(id).unwrap_or_else(|error| {
        broken(Invariant::Reload, &format!("{whose} cannot read {id}: {error}"));
    })
}

/// A replica's document is the log's.
fn same(store: &Store, id: DocumentId, held: &Held, whose: &str) {
    let Some(document) = loaded(store, id, whose) else {
        broken(Invariant::SameTruth, &format!("{whose} does not hold {id}"));
    };
    if document.heads() != held.document.heads() {
        broken(Invariant::SameTruth, &format!("{whose} has other heads of {id}"));
    }
    let (mine, theirs) = (document.record().unwrap(), held.document.record().unwrap());
    let listed = match &mine {
        Record::Case(_) => store.case(id).unwrap().map(|row| Record::Case(row.record)),
        Record::Patrol(_) => store.patrol(id).unwrap().map(|row| Record::Patrol(row.record)),
        Record::Contact(_) => store.contact(id).unwrap().map(|row| Record::Contact(row.record)),
        Record::Matter(_) => store.matter(id).unwrap().map(|row| Record::Matter(row.record)),
    };
    if mine != theirs || listed.is_none_or(|listed| listed != theirs) {
        broken(Invariant::SameTruth, &format!("{whose} reads {id} otherwise than the log"));
    }
}

/// What the device believes to be in the log is there by its event too.
fn accepted_events(world: &World, number: usize, documents: &BTreeMap<DocumentId, Held>) {
    let rows = world.devices[number].field().outbox(usize::MAX).unwrap();
    for row in rows.iter().filter(|row| matches!(row.state, OutboxState::Accepted { .. })) {
        let held = documents.get(&row.document).and_then(|held| held.document.record().ok());
        if world.may_be_erased(row.document) {
            continue;
        }
        if !held.is_some_and(|record| record.has_event(row.intent.event)) {
            broken(
                Invariant::Acknowledged,
                &format!("row {:?} of device {number} is not in the log", row.id),
            );
        }
    }
}

/// Honest devices are refused only for what their people may not do any more.
fn fair(world: &World, number: usize) {
    let device = &world.devices[number];
    for row in device.field().needs_attention().unwrap() {
        let fair = match row.rejection {
            Rejection::OutOfScope => world.ever_moved.contains(&device.person),
            // Two people gave a case without a place to different communities.
            Rejection::NotAllowed(Denied::Place) if matches!(row.intent.body, IntentBody::Amend { .. }) => {
                true
            }
            // The notice came to the log late, and its term runs from then: no device knows when that was.
            Rejection::NotAllowed(Denied::Step) if matches!(&row.intent.body, IntentBody::Matter { act, .. } if act.name == "publish-unanswered") => {
                true
            }
            // It named somebody whom the desk took out meanwhile, and what its author went by went with the log's old life.
            Rejection::Unfit { ref field, why: Flaw::Dangling }
                if field == "person" && world.tally.rolled > 0 =>
            {
                matches!(&row.intent.body, IntentBody::OpenMatter { header, .. }
                    if header.person.as_ref().is_some_and(|person| world.ever_moved.contains(person)))
            }
            // It belongs to something of its author's own that was refused.
            Rejection::Unfit { ref field, why: Flaw::Dangling } if field == "about" => {
                let refused = device.field().needs_attention().unwrap();
                matches!(&row.intent.body, IntentBody::OpenMatter { header, .. }
                    if refused.iter().any(|other| Some(other.document) == header.about))
            }
            Rejection::NotAllowed(_) | Rejection::NotTheAuthor => world.ever_moved.contains(&device.person),
            Rejection::Revoked => world.ever_moved.contains(&device.person),
            Rejection::DependsOnRejected | Rejection::Reviewed { .. } => true,
            _ => false,
        };
        if !fair {
            broken(Invariant::Fair, &format!("device {number} was refused: {:?}", row.rejection));
        }
    }
}

/// Nothing waits where nobody has to decide.
fn delivered(world: &World, number: usize, at_home: bool) {
    let store = world.devices[number].field().store();
    let stuck = |what: &str| broken(Invariant::Converges, &format!("device {number} {what}"));
    if world.tally.rolled == 0 && !store.pending(usize::MAX).unwrap().is_empty() {
        stuck("still has work to send");
    }
    if let Some(aside) = store.quarantined().unwrap().first() {
        stuck(&format!("could not apply something: {}", aside.reason));
    }
    // Who lost a scope may not send a photo of it until they hold it again.
    if at_home && world.tally.rolled == 0 && !store.uploads().unwrap().is_empty() {
        stuck("still has photos to send");
    }
    let bytes = world.devices[number].disk.bytes();
    if bytes > 24 << 20 {
        broken(Invariant::Bounds, &format!("device {number} takes {bytes} bytes"));
    }
}

/// Everything in the scopes that the person holds, and nothing else but what waits for them.
fn within_scopes(
    world: &World,
    number: usize,
    documents: &BTreeMap<DocumentId, Held>,
    reference: &Reference,
) {
    let device = &world.devices[number];
    let store = device.field().store();
    let person = device_person(world, number, reference);
    let scopes = scopes_of(person, reference, world.time.now());
    let rows = device.field().outbox(usize::MAX).unwrap();
    let of = |wanted: fn(&OutboxState) -> bool| -> BTreeSet<DocumentId> {
        rows.iter().filter(|row| wanted(&row.state)).map(|row| row.document).collect()
    };
    let reviewed = of(|state| matches!(state, OutboxState::InReview { .. }));
    let pending = of(|state| matches!(state, OutboxState::Pending));
    let rolled = world.tally.rolled > 0;
    let waiting = of(|state| !matches!(state, OutboxState::Accepted { .. }));
    let uploads = !store.uploads().unwrap().is_empty();
    for (id, held) in documents {
        let whole: usize = held.scopes.values().map(BTreeSet::len).max().unwrap_or(0);
        let inside: Vec<_> = held.scopes.iter().filter(|(scope, _)| scopes.contains(scope)).collect();
        if let Some((scope, changes)) = held.scopes.iter().find(|(_, changes)| changes.len() < whole) {
            let len = changes.len();
            broken(Invariant::Scope, &format!("{scope} has {len} of the {whole} changes of {id}"));
        }
        if reviewed.contains(id) || rolled && pending.contains(id) {
            // More than the log has, until a person has looked at it, or until what it builds on has come back.
        } else if !inside.is_empty() {
            same(store, *id, held, &format!("device {number}"));
        } else if loaded(store, *id, "a device").is_some() && !waiting.contains(id) && !uploads {
            broken(Invariant::Scope, &format!("device {number} holds {id}, which is not its person's"));
        }
    }
    let listed = cases_of(device.field()).into_iter().chain(patrols_of(device.field()));
    let listed = listed.chain(matters_of(device.field()));
    let expected = |id: &DocumentId| {
        documents.contains_key(id) || reviewed.contains(id) || rolled && pending.contains(id)
    };
    let mut strange = listed.filter(|id| !expected(id));
    if let Some(id) = strange.next() {
        broken(Invariant::SameTruth, &format!("device {number} lists {id}, which is not in the log"));
    }
}

fn device_person<'a>(world: &World, number: usize, reference: &'a Reference) -> &'a Person {
    reference.people.get(&world.devices[number].person).expect("everybody who syncs is listed")
}

fn photos(world: &World, number: usize, at_home: bool) {
    let device = &world.devices[number];
    let store = device.field().store();
    for id in cases_of(device.field()) {
        let Some(row) = store.case(id).unwrap() else { continue };
        for (hash, cited) in &row.record.photos {
            let Some(photo) = store.photo(*hash).unwrap() else { continue };
            let kept = std::fs::metadata(store.photo_path(*hash)).map_or(0, |file| file.len());
            let there = world.server_photo(*hash);
            if photo.receipt.is_some() && there != Some(cited.bytes) {
                broken(
                    Invariant::Photos,
                    &format!("device {number} has a receipt for {hash}, the server {there:?}"),
                );
            }
            if photo.receipt.is_none() && at_home && kept != photo.bytes_len {
                broken(Invariant::Photos, &format!("the original of {hash} is gone from device {number}"));
            }
        }
    }
}

/// The device's reference data is what was published, as far as its person gets it.
fn published(number: usize, mine: &Reference, all: &Reference, staff: bool) {
    let mut expected = all.clone();
    if !staff {
        // What such a person's device once received of the staff list stays as it was.
        expected.people.clone_from(&mine.people);
    }
    let parts = [
        ("people", mine.people == expected.people),
        ("assignments", mine.assignments == expected.assignments),
        ("announcements", mine.announcements == expected.announcements),
        ("something else", *mine == expected),
    ];
    if let Some((what, _)) = parts.iter().find(|(_, same)| !same) {
        let counts = (mine.people.len(), expected.people.len());
        broken(
            Invariant::Reference,
            &format!("device {number} knows other {what} than was published {counts:?}"),
        );
    }
}

/// All cases of a device, page by page.
fn cases_of(field: &Field) -> BTreeSet<DocumentId> {
    let mut all = BTreeSet::new();
    let mut query = CaseQuery { limit: 100, ..CaseQuery::default() };
    loop {
        let page = field.cases(&query).unwrap();
        for row in page.rows {
            if !all.insert(row.id) {
                broken(Invariant::SameTruth, "a page repeated a case");
            }
        }
        match page.next {
            Some(token) => query.after = Some(token),
            None => return all,
        }
    }
}

/// All matters of a device, page by page.
fn matters_of(field: &Field) -> BTreeSet<DocumentId> {
    let mut all = BTreeSet::new();
    let mut query = MatterQuery { limit: 100, ..MatterQuery::default() };
    loop {
        let page = field.matters(&query).unwrap();
        for row in page.rows {
            if !all.insert(row.id) {
                broken(Invariant::SameTruth, "a page repeated a matter");
            }
        }
        match page.next {
            Some(token) => query.after = Some(token),
            None => return all,
        }
    }
}

fn patrols_of(field: &Field) -> Vec<DocumentId> {
    let days = (0..20).filter_map(day).map(PatrolQuery::on);
    days.flat_map(|query| field.store().patrols(&query).unwrap()).map(|patrol| patrol.id).collect()
}

/// A day of the run, or before.
pub(crate) fn day(n: u64) -> Option<chrono::NaiveDate> {
    chrono::NaiveDate::from_ymd_opt(2026, 3, 15)?.checked_add_days(chrono::Days::new(n))
}

/// Closes every store and opens it again: what is read afterwards is what was read before.
pub fn reload(world: &mut World) {
    for number in 0..world.devices.len() {
        let read = |world: &World| -> Vec<_> {
            let field = world.devices[number].field();
            let ids = cases_of(field).into_iter().chain(patrols_of(field)).chain(matters_of(field));
            ids.map(|id| {
                let document = loaded(field.store(), id, "a device").unwrap();
                (id, document.heads(), document.record().unwrap())
            })
            .collect()
        };
        let before = read(world);
        world.devices[number].restart();
        for (old, new) in before.into_iter().zip(read(world)) {
            if old != new {
                let how = (old.1 == new.1, old.2 == new.2);
                let how = format!("device {number} reads {} otherwise after it was closed: {how:?}", old.0);
                broken(Invariant::Reload, &how);
            }
        }
    }
}
