//! What the command post publishes while others are out: people change team, unit and role, leave, lose the
//! points they answer for, and come back. Work they recorded offline meanwhile may be refused.

use crate::world::World;
use sanben_domain::id::{PersonId, PointId, TeamId, UnitId};
use sanben_domain::reference::{Assignment, Duty, ReferenceRow, ReferenceUpdate, Role, RowKey};
use sanben_server::{ReviewError, import};

/// Changes what somebody may do: preferably somebody who holds undelivered work.
pub fn reassign(world: &mut World) {
    let waiting = |number: &usize| {
        let pending = world.devices[*number].field().store().pending(1);
        pending.is_ok_and(|pending| !pending.is_empty())
    };
    // The command post does not move itself.
    let everybody: Vec<usize> = (0..world.devices.len() - 1).collect();
    let busy: Vec<usize> = everybody.iter().copied().filter(waiting).collect();
    let number = *world.dice.pick(if busy.is_empty() { &everybody } else { &busy });
    let id = world.devices[number].person.clone();
    let Ok(reference) = world.server().reference() else { return };
    let Some(mut person) = reference.people.get(&id).cloned() else { return };
    let mut update = ReferenceUpdate::default();
    let what = match (person.role, world.dice.roll(4)) {
        (_, 0) => {
            update.removed.push(key("person", &id));
            world.removed.insert(id.clone());
            "removed"
        }
        (Role::Inspector, 1 | 2) => {
            person.team = Some(TeamId::from(if person.team == Some("T1".into()) { "T3" } else { "T1" }));
            "to another team"
        }
        (Role::PointHead, 1..) => {
            let now = world.time.now();
            let of_theirs = reference.assignments.values().flatten();
            let theirs = of_theirs.filter(|a| a.person == id && a.duty == Duty::Head && a.holds(now));
            let ended: Vec<Assignment> =
                theirs.map(|held| Assignment { until: Some(now), ..held.clone() }).collect();
            update.rows.extend(ended.into_iter().map(ReferenceRow::Assignment));
            person.unit = UnitId::from("park-09");
            "of no point any more"
        }
        (Role::Clerk, 1 | 2) => {
            person.unit = UnitId::from("park-09");
            "to another unit"
        }
        _ => {
            person.role = Role::Volunteer;
            person.unit = UnitId::from("park-02");
            "to another role"
        }
    };
    if what != "removed" {
        update.rows.push(ReferenceRow::Person(person));
    }
    world.moved.insert(id.clone());
    world.ever_moved.insert(id.clone());
    publish(world, update, &format!("{id} {what}"));
}

/// Gives somebody back what they had at first.
pub fn put_right(world: &mut World) {
    let moved: Vec<PersonId> = world.moved.iter().cloned().collect();
    if !moved.is_empty() {
        let person = world.dice.pick(&moved).clone();
        put_back(world, &[person]);
    }
}

/// Gives everybody back what they had at first.
pub fn put_all_right(world: &mut World) {
    let moved: Vec<PersonId> = world.moved.iter().cloned().collect();
    put_back(world, &moved);
}

fn put_back(world: &mut World, people: &[PersonId]) {
    let first = import::read(&crate::world::park()).unwrap().update;
    let theirs = |row: &ReferenceRow| match row {
        ReferenceRow::Person(person) => people.contains(&person.id),
        ReferenceRow::Assignment(assignment) => people.contains(&assignment.person),
        _ => false,
    };
    let rows: Vec<ReferenceRow> = first.rows.into_iter().filter(theirs).collect();
    let update = ReferenceUpdate { rows, removed: Vec::new() };
    if publish(world, update, &format!("{people:?} as at first")) {
        for person in people {
            world.moved.remove(person);
            world.removed.remove(person);
        }
    }
}

/// Decides about work in review: all of it, or one thing.
pub fn review(world: &mut World, all: bool) {
    let Ok(rows) = world.server().reviews() else { return };
    let open: Vec<_> = rows.into_iter().filter(|row| row.decided.is_none()).collect();
    let some = if all { open.len() } else { open.len().min(1) };
    for row in &open[..some] {
        let named = row.change.to_string();
        let accept = world.dice.chance(60);
        let mut outcome = world.server().decide(&named, accept, "已核实情况");
        if matches!(outcome, Err(ReviewError::DoesNotFit(_))) {
            outcome = world.server().decide(&named, false, "无法纳入");
        }
        // Refusing one refuses what builds on it.
        let known = outcome.is_ok() || matches!(outcome, Err(ReviewError::Decided));
        assert!(known || world.server_disk.troubled(), "the desk could not decide: {outcome:?}");
        world.tally.reviewed += usize::from(outcome.is_ok());
        world.trace.push(format!("desk: review {named} {accept} {}", outcome.is_ok()));
        if world.server_disk.dead() {
            break;
        }
    }
    world.tend(0);
}

/// Announces something that moves a sheet.
pub fn announce(world: &mut World) {
    use sanben_domain::id::EventId;
    use sanben_domain::score::{Announcement, Fact};
    let mut id = [0; 16];
    sanben_field::Random::fill(&world.dice, &mut id);
    let fact = *world.dice.pick(&[Fact::PraiseCity, Fact::PraiseDistrict, Fact::CleanPointDistrict]);
    let row = Announcement {
        id: EventId::from_random(id),
        community: UnitId::from("park-02"),
        fact,
        point: fact
            .is_clean_point()
            .then(|| PointId::from(*world.dice.pick(&["P010", "P011", "P013", "P014"]))),
        check: fact.is_clean_point().then(|| "三月检查".to_owned()),
        at: world.time.now(),
        words: String::new(),
        evidence: Vec::new(),
        named: None,
        mark: None,
    };
    let update = ReferenceUpdate { rows: vec![ReferenceRow::Announcement(row)], removed: Vec::new() };
    publish(world, update, &format!("{fact:?}"));
}

fn publish(world: &mut World, update: ReferenceUpdate, what: &str) -> bool {
    let outcome = world.server().publish(update);
    world.trace.push(format!("desk: {what} {:?}", outcome.as_ref().err().map(ToString::to_string)));
    let excused = world.server_disk.troubled();
    assert!(outcome.is_ok() || excused, "the desk could not publish for no known cause: {outcome:?}");
    world.tend(0);
    outcome.is_ok()
}

fn key(kind: &str, id: &PersonId) -> RowKey {
    RowKey { kind: kind.to_owned(), key: id.to_string() }
}
