//! What goes wrong besides the network: processes die, the power goes, disks fail and fill up, clocks are
//! wrong, somebody puts an old backup in the place of what is there.

use crate::check::{Invariant, broken};
use crate::disk::{Cut, Trouble};
use crate::truth::Truth;
use crate::world::{Done, World};
use sanben_document::ChangeHash;
use sanben_domain::id::{DocumentId, PersonId};
use std::collections::BTreeSet;
use std::path::Path;

/// One misfortune.
pub fn strike(world: &mut World, number: usize) {
    match world.dice.roll(28) {
        0..4 => {
            let cut = cut(world);
            world.trace.push(format!("device {number} goes down: {cut:?}"));
            world.devices[number].crash(cut);
            crate::check::somewhere(world, number);
        }
        4..7 => {
            let cut = cut(world);
            world.trace.push(format!("server goes down: {cut:?}"));
            world.crash_server(cut);
            crate::check::acknowledged(world);
        }
        7..13 => {
            let (trouble, after) = trouble(world);
            world.trace.push(format!("device {number} will meet {trouble:?} after {after}"));
            world.devices[number].disk.arm(trouble, after);
        }
        13..17 => {
            let (trouble, after) = trouble(world);
            world.trace.push(format!("the server will meet {trouble:?} after {after}"));
            world.server_disk.arm(trouble, after);
        }
        17..19 => {
            let days = i64::try_from(world.dice.roll(5)).unwrap() - 2;
            world.devices[number].set_clock_error(days * 86_400_000);
            world.trace.push(format!("clock {number} {days} d"));
        }
        19 | 20 => back_up(world, number),
        21..24 => restore(world),
        24 | 25 => back_up_server(world),
        _ => roll_back_server(world),
    }
}

fn cut(world: &World) -> Cut {
    if world.dice.chance(70) { Cut::Power } else { Cut::Process }
}

fn trouble(world: &World) -> (Trouble, usize) {
    let troubles = [
        Trouble::Death,
        Trouble::Death,
        Trouble::Death,
        Trouble::Full,
        Trouble::Write,
        Trouble::Sync,
        Trouble::Read,
    ];
    (*world.dice.pick(&troubles), world.dice.roll(40))
}

fn copy_photos(from: &Path, to: &Path) {
    let Ok(entries) = std::fs::read_dir(from) else { return };
    std::fs::create_dir_all(to).unwrap();
    for entry in entries.map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_photos(&from, &to);
        } else if !to.exists() {
            // A photo's file never changes under its name.
            std::fs::hard_link(from, to).unwrap();
        }
    }
}

fn back_up(world: &mut World, number: usize) {
    let device = &mut world.devices[number];
    device.turn_off();
    device.disk.revive(Cut::Process);
    let photos = device.dir.with_extension("backup");
    let _ = std::fs::remove_dir_all(&photos);
    copy_photos(&device.dir.join("photos"), &photos);
    device.backup = Some((device.disk.back_up(), photos));
    device.turn_on();
    world.trace.push(format!("backup {number}"));
}

/// The device goes on from its backup. What it recorded since and nobody else has is gone with what it lay
/// on, and the run expects it no longer; everything that was acknowledged stays expected of the log.
fn restore(world: &mut World) {
    let with_backup = |number: &usize| world.devices[*number].backup.is_some();
    let with_backup: Vec<usize> = (0..world.devices.len()).filter(with_backup).collect();
    if with_backup.is_empty() {
        return;
    }
    let number = *world.dice.pick(&with_backup);
    let forgets_marker = world.dice.chance(50);
    let device = &mut world.devices[number];
    let Some((backup, photos)) = device.backup.clone() else { return };
    device.turn_off();
    device.disk.revive(Cut::Process);
    device.disk.restore(&backup);
    copy_photos(&photos, &device.dir.join("photos"));
    if forgets_marker {
        // Onto another phone: the marker is kept out of backups.
        std::fs::remove_file(device.dir.join("installation")).unwrap();
    }
    device.turn_on();
    if forgets_marker && !device.field().store().restored() {
        broken(Invariant::Restored, &format!("device {number} does not notice that it was restored"));
    }
    let rows = device.field().outbox(usize::MAX).unwrap();
    let truth = Truth::of(world);
    let kept = |done: &Done| {
        rows.iter().any(|row| row.intent.event == done.event) || truth.has_event(done.document, done.event)
    };
    let done = world.devices[number].done.iter().copied().filter(kept).collect();
    world.devices[number].done = done;
    if world.tally.rolled > 0 {
        // Twice unlucky: the log had lost it, and so has the one device that would have offered it again.
        let acknowledged = world.devices[number].acknowledged.clone().into_iter();
        let expected = acknowledged.filter(|(hash, (document, event))| {
            let offered = rows.iter().any(|row| row.intent.event == *event);
            offered || truth.holds(*hash, *document) || truth.has_event(*document, *event)
        });
        world.devices[number].acknowledged = expected.collect();
    }
    world.tally.restored += 1;
    world.trace.push(format!("restore {number}"));
}

fn back_up_server(world: &mut World) {
    world.stop_server();
    world.server_disk.revive(Cut::Process);
    world.server_backup = Some(world.server_disk.back_up());
    world.open_server();
    world.trace.push("server backup".to_owned());
}

/// The server goes on from its backup, for good: its log begins a new life, and those who hold what it had
/// accepted since offer it again. Only every fourth seed does this, because what is compared afterwards is
/// less: what nobody's outbox holds any more is gone with the newer log.
fn roll_back_server(world: &mut World) {
    let Some(older) = world.server_backup.take().filter(|_| world.seed.is_multiple_of(4)) else { return };
    world.stop_server();
    world.server_disk.revive(Cut::Process);
    world.server_disk.restore(&older);
    world.open_server();
    world.erase_listed();
    world.healing = true;
    world.tally.rolled += 1;
    crate::versions::update(world);
    let truth = Truth::of(world);
    let reference = world.server().reference().unwrap();
    for device in &mut world.devices {
        device.disk.calm();
        let rows = device.field().outbox(usize::MAX).unwrap();
        let offers = |hash: &ChangeHash, document: &DocumentId| {
            let held = crate::check::loaded(device.field().store(), *document, "a device");
            rows.iter().any(|row| row.hash == *hash) && held.is_some_and(|held| held.holds(*hash))
        };
        let acknowledged = device.acknowledged.clone().into_iter();
        let expected =
            acknowledged.filter(|(hash, (of, _))| truth.holds(*hash, *of) || offers(hash, of)).collect();
        let events: BTreeSet<_> = rows.iter().map(|row| row.intent.event).collect();
        let kept = |done: &Done| events.contains(&done.event) || truth.has_event(done.document, done.event);
        let done = device.done.iter().copied().filter(kept).collect();
        (device.acknowledged, device.done) = (expected, done);
    }
    drop(truth);
    // Who was taken out or moved since the backup is not, in the old log.
    world.moved.clone_from(&world.ever_moved);
    let listed = |person: &PersonId| reference.people.contains_key(person);
    world.removed = world.moved.iter().filter(|person| !listed(person)).cloned().collect();
    world.trace.push("server rolled back".to_owned());
}
