//! Syncs that may not take long, and devices that wait to be poked.

use crate::check::{Invariant, broken};
use crate::network::Wire;
use crate::world::World;
use sanben_field::{Budget, FieldError, Poke};

/// How far an answer may go beyond the bytes of a budget: one entry and the heads.
const BEYOND: u64 = 64 * 1024;

/// A sync with a small budget. It stops cleanly; that the next one goes on shows in the end.
pub fn sync(world: &mut World, number: usize) {
    let some = |least: usize, most: usize| u64::try_from(least + world.dice.roll(most - least)).ok();
    let nothing = Budget::unlimited();
    let budget = match world.dice.roll(3) {
        0 => Budget { requests: some(1, 4), ..nothing },
        1 => Budget { bytes: some(300, 8_000), ..nothing },
        _ => Budget { time_ms: some(10, 300), ..nothing },
    };
    let Ok(report) = world.sync_within(number, budget) else { return };
    world.tally.stopped += usize::from(report.stopped.is_some());
    let bytes = report.bytes_up + report.bytes_down;
    if budget.requests.is_some_and(|most| report.requests > most)
        || budget.bytes.is_some_and(|most| bytes > most + BEYOND)
    {
        broken(Invariant::Bounds, &format!("device {number} was to keep to {budget:?}: {report:?}"));
    }
}

/// Waits for a poke, over a good line. Where the server has nothing to say, a sync brings nothing.
pub fn wait(world: &mut World, number: usize) {
    let trouble = std::mem::take(&mut world.trouble);
    world.deliver_late();
    let outcome = {
        let wire = Wire::new(world.server(), Box::new(|| crate::network::Fate::Fine), world.time.clone());
        world.devices[number].field().await_poke(&wire)
    };
    world.trace.push(format!("poke {number} {:?}", outcome.as_ref().ok()));
    let waits = world.devices[number].field().store().pending(1).is_ok_and(|pending| !pending.is_empty());
    let troubled = world.devices[number].disk.troubled() | world.server_disk.troubled();
    let moved = world.ever_moved.contains(&world.devices[number].person);
    match outcome {
        Ok(Poke::Nothing) if !waits && !troubled => {
            world.tally.unpoked += 1;
            if let Ok(report) = world.sync(number)
                && report.received > 0
            {
                let what =
                    format!("device {number} was told that there is nothing, and {} came", report.received);
                broken(Invariant::Told, &what);
            }
        }
        Ok(_) => {
            let _ = world.sync(number);
        }
        Err(FieldError::Refused(_)) if moved => {}
        Err(_) if troubled || moved => {}
        Err(error) => broken(Invariant::Told, &format!("device {number} cannot wait: {error}")),
    }
    world.trouble = trouble;
}
