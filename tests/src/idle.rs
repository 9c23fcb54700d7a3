//! What devices and server do when nobody asks anything of them: documents at rest become one save each, what a bundle
//! brought is looked into, bundles are made.

use crate::check::{Invariant, broken};
use crate::life::excused;
use crate::world::World;
use sanben_domain::time::Timestamp;

/// A device has nothing to do.
pub fn tidy(world: &mut World, number: usize) {
    let field = world.devices[number].field();
    let far = Timestamp(i64::MAX);
    // Two weeks pass in no run: what would rest later rests now.
    let outcome = field.tidy(20).and_then(|done| Ok((done, field.store().compact(far, 6)?)));
    match outcome {
        Ok((done, compacted)) => {
            let documents = done.compacted + compacted.documents;
            world.tally.compacted += documents;
            world.trace.push(format!("tidy {number} {} {documents}", done.examined));
        }
        Err(error) => excused(world, number, "tidy", &error),
    }
}

/// The server packs what new devices begin with; small scopes too.
pub fn pack(world: &mut World) {
    let outcome = world.server().make_bundles(5);
    world.trace.push(format!("bundles {:?}", outcome.as_ref().ok()));
    if let Err(error) = outcome
        && !world.server_disk.troubled()
    {
        broken(Invariant::Told, &format!("bundles cannot be made: {error}"));
    }
    world.tend(0);
}
