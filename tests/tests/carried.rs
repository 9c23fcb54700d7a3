//! Work that goes by hand: no network at the author's, a colleague takes the sealed file along.

use sanben_domain::id::PointId;
use sanben_field::{FieldError, NewCase};
use sanben_tests::world::World;
use sha2::{Digest, Sha256};

#[test]
fn a_colleague_carries_what_they_cannot_read_and_the_server_judges_it_by_its_author() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("outbox.sanben");
    // An inspector, a volunteer of the same community who carries, and the command post.
    let mut world = World::new(21, &["U008", "U170", "U001"]);
    let author = world.devices[0].field();
    assert!(matches!(author.export_mailbag(&file), Err(FieldError::Invalid(_))), "nothing waits");
    let words = "南入口有大片垃圾";
    let new =
        NewCase { point: Some(PointId::from("P011")), description: words.to_owned(), ..NewCase::default() };
    let case = author.record(new).unwrap().case;
    let exported = author.export_mailbag(&file).unwrap();
    let waiting = author.store().counts().unwrap().pending;
    assert_eq!((exported.changes, exported.mailbags), (waiting, 1));
    assert!(matches!(author.export_mailbag(&file), Err(FieldError::Write(_))), "no file is overwritten");

    // A second carrier has a damaged copy; a third file is none.
    let bytes = std::fs::read(&file).unwrap();
    let (damaged, other) = (dir.path().join("damaged"), dir.path().join("other"));
    let mut cut = bytes.clone();
    cut.pop();
    std::fs::write(&damaged, cut).unwrap();
    std::fs::write(&other, b"no mailbag").unwrap();
    let carrier = world.devices[1].field();
    assert!(matches!(carrier.take_mailbag(&other), Err(FieldError::Invalid(_))));
    assert!(carrier.take_mailbag(&damaged).unwrap());
    assert!(carrier.take_mailbag(&file).unwrap());
    assert!(!carrier.take_mailbag(&file).unwrap(), "taken once");

    let report = world.sync(1).unwrap();
    assert_eq!((report.carried, report.carried_refused, report.accepted), (1, 1, 0));
    let carrier = world.devices[1].field();
    let received = carrier.mailbags().unwrap();
    assert_eq!(received.iter().filter(|bag| bag.received.is_some() && bag.size == 0).count(), 1);
    assert_eq!(received.iter().filter(|bag| bag.refused.is_some() && bag.size > 0).count(), 1, "set aside");
    // Told once, and not sent again and again; unless somebody brings it again.
    let report = world.sync(1).unwrap();
    assert_eq!((report.carried, report.carried_refused, report.bytes_up < bytes.len() as u64), (0, 0, true));
    let carrier = world.devices[1].field();
    assert!(!carrier.mailbags().unwrap().iter().any(sanben_store::Mailbag::waits));
    let aside = carrier.export_set_aside(&dir.path().join("aside")).unwrap();
    assert_eq!(
        aside.iter().map(|file| std::fs::read(file).unwrap()).collect::<Vec<_>>(),
        [&bytes[..bytes.len() - 1]]
    );
    assert!(carrier.take_mailbag(&damaged).unwrap());
    let report = world.sync(1).unwrap();
    assert_eq!((report.carried, report.carried_refused), (0, 1));

    world.sync(2).unwrap();
    assert_eq!(world.devices[2].field().case(case).unwrap().record.description, words);
    let author = world.devices[0].field();
    assert_eq!(author.store().counts().unwrap().pending, waiting, "carried is not accepted");
    // With a network it learns what became of it, once.
    let report = world.sync(0).unwrap();
    assert_eq!((report.accepted, report.rejected), (waiting, 0));
    assert_eq!(world.server().hand_in(&bytes).unwrap().changes, waiting, "the same file again has no effect");
    assert_eq!(world.server().counts().unwrap().changes, waiting);
}

#[test]
fn a_large_outbox_is_carried_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(22, &["U008", "U170"]);
    let author = world.devices[0].field();
    for case in 0..45_usize {
        let words =
            |part: usize| format!("{:x}", Sha256::digest([case, part].map(usize::to_be_bytes).concat()));
        let description = (0..900).map(words).collect();
        author.record(NewCase { description, ..NewCase::default() }).unwrap();
    }
    let pending = author.store().pending(usize::MAX).unwrap();
    let size: usize = pending.iter().map(|change| change.bytes.len() + change.intent.len()).sum();
    assert!(size > 2 << 20, "{size}");
    let file = dir.path().join("outbox");
    let exported = author.export_mailbag(&file).unwrap();
    assert_eq!((exported.changes, exported.mailbags > 2), (pending.len() as u64, true));
    assert!(world.devices[1].field().take_mailbag(&file).unwrap());
    world.sync(1).unwrap();
    assert_eq!(world.server().counts().unwrap().changes, pending.len() as u64, "its author never syncs");
}
