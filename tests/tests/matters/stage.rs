//! Six people with a device each, and short words for what they do.

use sanben_domain::id::{EventId, MatterId};
use sanben_domain::matter::{Fields, Flaw, Value};
use sanben_field::{FieldError, Files, NewMatter};
use sanben_tests::world::World;

/// Discipline staff, the command post, the head of P011, a clerk and a grid member of its community, an inspector.
pub(crate) const PEOPLE: [&str; 6] = ["U005", "U001", "U060", "U024", "U038", "U008"];
pub(crate) const DISCIPLINE: usize = 0;
pub(crate) const COMMAND: usize = 1;
pub(crate) const HEAD: usize = 2;
pub(crate) const CLERK: usize = 3;
pub(crate) const GRID: usize = 4;
pub(crate) const INSPECTOR: usize = 5;

pub(crate) fn world(seed: u64) -> World {
    let mut world = World::new(seed, &PEOPLE);
    sync(&mut world);
    world
}

pub(crate) fn sync(world: &mut World) {
    for device in 0..world.devices.len() {
        assert_eq!(world.sync(device).unwrap().rejected, 0, "device {device}");
    }
}

pub(crate) fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(crate) fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

pub(crate) fn choice(name: &str) -> Value {
    Value::Choice(name.to_owned())
}

pub(crate) fn day(world: &World, device: usize) -> Value {
    Value::Day(world.devices[device].field().today().unwrap())
}

pub(crate) fn new(feature: &str, given: &[(&str, Value)]) -> NewMatter {
    NewMatter { feature: feature.to_owned(), fields: fields(given), ..NewMatter::default() }
}

pub(crate) fn open(world: &World, device: usize, matter: NewMatter) -> MatterId {
    world.devices[device].field().open_matter(matter).unwrap()
}

pub(crate) fn act(world: &World, device: usize, id: MatterId, act: &str, given: &[(&str, Value)]) -> EventId {
    world.devices[device].field().act_on_matter(id, act, fields(given), &Files::new()).unwrap()
}

pub(crate) fn holds(world: &World, device: usize, id: MatterId) -> bool {
    world.devices[device].field().matter(id).is_ok()
}

pub(crate) fn step(world: &World, device: usize, id: MatterId) -> &'static str {
    world.devices[device].field().matter(id).unwrap().state.unwrap().step
}

pub(crate) fn unfit<T>(said: &Result<T, FieldError>, field: &str, why: Flaw) -> bool {
    matches!(said, Err(FieldError::Unfit(flawed)) if flawed.field == field && flawed.why == why)
}

pub(crate) fn clock(hour: u32) -> Value {
    Value::Time(chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
}
