//! One whole run: a seed, so many steps, then peace and the invariants.

use crate::check::{self, Invariant, Summary, broken};
use crate::planted::Bug;
use crate::world::World;
use crate::{desk, life, newcomer, versions};
use sha2::{Digest, Sha256};

/// What a run was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// What it came to.
    pub summary: Summary,
    /// What happened, one line each.
    pub trace: Vec<String>,
    /// SHA-256 over the trace and what everybody held in the end.
    pub hash: [u8; 32],
}

/// Plays a seed.
#[must_use]
pub fn run(seed: u64, steps: usize) -> Story {
    play(seed, steps, None)
}

/// Plays a seed twice; both times it has to be the same story.
#[must_use]
pub fn run_twice(seed: u64, steps: usize) -> Story {
    let (first, second) = (run(seed, steps), run(seed, steps));
    if first.hash != second.hash {
        let lines = first.trace.iter().zip(&second.trace).enumerate();
        let line = lines.into_iter().find(|(_, (one, other))| one != other);
        broken(Invariant::Repeats, &format!("seed {seed} told two stories: {line:?}"));
    }
    first
}

/// Plays a seed with a planted bug.
#[must_use]
pub fn play(seed: u64, steps: usize, bug: Option<&'static Bug>) -> Story {
    let mut world = World::with_bug(seed, &life::PEOPLE, bug);
    world.trouble = 10 + usize::try_from(seed % 5).unwrap() * 12;
    for _ in 0..steps {
        life::step(&mut world);
    }
    calm(&mut world);
    // As people stand now: some have lost scopes, and their devices what was in them.
    settle(&mut world);
    world.healing = false;
    let _ = check::check(&world, false);
    desk::put_all_right(&mut world);
    desk::review(&mut world, true);
    settle(&mut world);
    for number in 0..world.devices.len() {
        for _ in 0..3 {
            life::choose(&mut world, number);
        }
    }
    settle(&mut world);
    desk::review(&mut world, true);
    settle(&mut world);
    // What could not be scrubbed in the storm is scrubbed when the server starts.
    world.start_server();
    if seed.is_multiple_of(2) {
        newcomer::come(&mut world);
    }
    let summary = check::check(&world, true);
    check::reload(&mut world);
    let hash = hash(&world);
    Story { summary, trace: std::mem::take(&mut world.trace), hash }
}

/// The storm is over: nothing goes wrong any more, and whoever spoke as before has updated. An older device cannot tell
/// every log that was rolled back.
fn calm(world: &mut World) {
    world.trouble = 0;
    versions::update(world);
    world.server_disk.calm();
    let _ = world.server_disk.troubled();
    for device in &world.devices {
        device.disk.calm();
        let _ = device.disk.troubled();
    }
}

/// Everybody who may syncs until nothing is left.
fn settle(world: &mut World) {
    for _ in 0..3 {
        for number in 0..world.devices.len() {
            let outcome = world.sync(number);
            let removed = world.removed.contains(&world.devices[number].person);
            if let Some(error) = outcome.err().filter(|_| !removed) {
                broken(Invariant::Converges, &format!("device {number} cannot sync: {error}"));
            }
        }
    }
}

fn hash(world: &World) -> [u8; 32] {
    let mut hash = Sha256::new();
    for line in &world.trace {
        hash.update(line);
        hash.update([0]);
    }
    for (id, held) in crate::truth::Truth::of(world).documents() {
        hash.update(id.0);
        hash.update(held.document.save());
        for (scope, changes) in held.scopes {
            hash.update(scope.to_string());
            changes.iter().for_each(|change| hash.update(change.0));
        }
    }
    for device in &world.devices {
        for row in device.field().outbox(usize::MAX).unwrap() {
            hash.update(row.hash.0);
            hash.update(format!("{:?}", row.state));
        }
    }
    hash.finalize().into()
}
