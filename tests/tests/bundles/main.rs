//! Beginning with bundles: a device that came by a bundle holds what one holds that read the log, whatever the line and
//! the files do; and what rests is kept as one save without anybody noticing. Real devices, the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod gone;
mod published;
mod town;

use sanben_domain::case::CaseAct;
use sanben_domain::id::UnitId;
use sanben_domain::rights::home_scope;
use sanben_domain::time::Timestamp;
use sanben_field::{Budget, Field, FieldError};
use sanben_store::Packed;
use sanben_tests::network::Wire;
use std::ops::ControlFlow;
use town::{Town, alike, all, record, sync};

#[test]
fn by_bundle_or_by_log_a_device_holds_the_same() {
    let town = Town::new(60);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    assert!(town.server.make_bundles(1).unwrap() > 0);
    assert_eq!(town.server.make_bundles(1).unwrap(), 0, "they are fresh");

    let by_bundle = town.device("by-bundle");
    let report = sync(&by_bundle, &town.server);
    assert!(report.received >= town.cases.len() as u64);
    // The list is there before anybody has looked into a document.
    let at_once = all(&by_bundle);
    assert!(at_once == all(&by_log), "the same list");
    assert!(by_bundle.store().examine(1).unwrap().more, "nobody had to");
    alike(&by_bundle, &by_log, &town.cases);
    assert_eq!(by_bundle.store().examine(9).unwrap().documents, 0, "a question about all looked into all");

    // The log goes on behind it, for what others do and for own work.
    town.head.act(town.cases[1], CaseAct::Comment { words: "还在处理".to_owned() }, &[]).unwrap();
    record(&town.inspector, "后来的");
    sync(&town.head, &town.server);
    sync(&town.inspector, &town.server);
    by_bundle.act(town.cases[2], CaseAct::Comment { words: "看过了".to_owned() }, &[]).unwrap();
    for field in [&by_bundle, &by_log, &by_bundle] {
        sync(field, &town.server);
    }
    assert_eq!(by_bundle.store().quarantined().unwrap(), []);
    for case in &town.cases {
        assert_eq!(by_bundle.case(*case).unwrap().record, by_log.case(*case).unwrap().record);
    }
}

#[test]
fn a_cut_line_goes_on_with_the_next_block() {
    let town = Town::new(120);
    town.server.make_bundles(1).unwrap();
    let device = town.device("cut");
    let mut stopped = 0;
    loop {
        let (mut calls, before) = (0, device.store().bundles_begun().unwrap());
        let outcome = device.sync(&Wire::perfect(&town.server), Budget::unlimited(), &mut |_| {
            calls += 1;
            if calls >= 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match outcome {
            Ok(_) => break,
            Err(FieldError::Cancelled) => stopped += 1,
            Err(error) => panic!("{error}"),
        }
        if !before.is_empty() {
            assert!(!all(&device).is_empty(), "a page to look at before the rest is here");
        }
        assert!(stopped < 50);
    }
    assert!(stopped > 1);
    let whole = town.device("whole");
    sync(&whole, &town.server);
    alike(&device, &whole, &town.cases);
}

#[test]
fn a_damaged_bundle_is_thrown_away_and_the_log_read() {
    let town = Town::new(40);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    town.server.make_bundles(1).unwrap();
    for (n, path) in town.bundle_files().into_iter().enumerate() {
        let mut bytes = std::fs::read(&path).unwrap();
        let at = if n % 2 == 0 { bytes.len() - 9 } else { 40 };
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    let device = town.device("device");
    sync(&device, &town.server);
    alike(&device, &by_log, &town.cases);
    assert!(town.server.make_bundles(1).unwrap() > 0, "and made again");
}

#[test]
fn a_document_that_is_not_what_the_bundle_claims_is_fetched_from_the_log() {
    let town = Town::new(40);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    town.server.make_bundles(1).unwrap();
    let reference = by_log.reference().unwrap();
    // One document's save under another's name.
    let foreign = by_log.store().document(town.cases[3]).unwrap().unwrap();
    let foreign = sanben_document::encode(&Packed::of(&foreign, &reference).unwrap());
    town.forge(|packed| {
        for one in packed.iter_mut().filter(|one| one.id() == town.cases[5]) {
            let mut bytes = foreign.clone();
            let (from, to) = (town.cases[3].0.into_bytes(), town.cases[5].0.into_bytes());
            let at = bytes.windows(16).position(|window| window == from).unwrap();
            bytes[at..at + 16].copy_from_slice(&to);
            *one = sanben_document::decode(&bytes).unwrap();
        }
    });
    let device = town.device("device");
    sync(&device, &town.server);
    assert!(device.case(town.cases[5]).is_err(), "seen when it is opened");
    assert!(device.store().distrusts_bundles().unwrap());
    sync(&device, &town.server);
    alike(&device, &by_log, &town.cases);
}

#[test]
fn what_a_bundle_left_out_or_had_old_is_noticed_with_the_next_word_about_it() {
    let town = Town::new(40);
    town.server.make_bundles(1).unwrap();
    let by_log = town.device("by-log");
    let reference = town.inspector.reference().unwrap();
    town.forge(|packed| {
        packed.retain(|one| one.id() != town.cases[7]);
        for one in packed.iter_mut().filter(|one| one.id() == town.cases[8]) {
            let document = town.inspector.store().document(town.cases[8]).unwrap().unwrap();
            let (_, first) = document.changes().remove(0);
            let old = sanben_document::Document::from_changes([first.as_slice()]).unwrap();
            *one = Packed::of(&old, &reference).unwrap();
        }
    });
    let device = town.device("device");
    sync(&device, &town.server);
    for case in [town.cases[7], town.cases[8]] {
        town.inspector.act(case, CaseAct::Comment { words: "再看".to_owned() }, &[]).unwrap();
    }
    sync(&town.inspector, &town.server);
    sync(&device, &town.server);
    sync(&device, &town.server);
    for path in town.bundle_files() {
        std::fs::remove_file(path).unwrap();
    }
    sync(&by_log, &town.server);
    alike(&device, &by_log, &town.cases);
    assert_eq!(device.store().quarantined().unwrap(), []);
}

/// Takes a device out; what it does not hold any more it has to let go of.
fn taken_out(town: &Town, device: &Field) {
    assert!(town.server.revoke(device.enrolment().unwrap().device).unwrap());
    let outcome =
        device.sync(&Wire::perfect(&town.server), Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(outcome, Err(FieldError::Refused(_))), "{outcome:?}");
    assert!(all(device).is_empty());
    for case in &town.cases {
        assert!(device.store().document(*case).unwrap().is_none());
    }
}

#[test]
fn what_is_in_doubt_goes_with_its_lost_scope() {
    let town = Town::new(40);
    town.server.make_bundles(1).unwrap();
    town.forge(|packed| packed.retain(|one| one.id() != town.cases[7]));
    let device = town.device("device");
    sync(&device, &town.server);
    let held = device.store().standing().unwrap().cursors.len();
    town.inspector.act(town.cases[7], CaseAct::Comment { words: "再看".to_owned() }, &[]).unwrap();
    sync(&town.inspector, &town.server);
    sync(&device, &town.server);
    assert!(device.store().distrusts_bundles().unwrap());
    assert!(device.store().standing().unwrap().cursors.len() < held, "its log is to be read again");
    assert!(all(&device).len() >= town.cases.len() - 2, "and it is shown until then");
    taken_out(&town, &device);
}

#[test]
fn half_a_bundle_goes_with_its_lost_scope() {
    let town = Town::new(120);
    town.server.make_bundles(1).unwrap();
    for give_up in [false, true] {
        let device = town.device(&format!("half-{give_up}"));
        while device.store().bundles_begun().unwrap().iter().all(|begun| begun.blocks == 0) {
            let mut calls = 0;
            let _ = device.sync(&Wire::perfect(&town.server), Budget::unlimited(), &mut |_| {
                calls += 1;
                if calls >= 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        }
        assert!(!all(&device).is_empty());
        if give_up {
            device.store().give_up_bundles().unwrap();
            assert!(!all(&device).is_empty(), "it stays until the log was read");
        }
        taken_out(&town, &device);
    }
}

#[test]
fn a_bundle_is_made_again_when_it_is_worth_it() {
    let town = Town::new(20);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    let length = || by_log.store().standing().unwrap().cursors[&home_scope(&UnitId::from("park-02"))].seq;
    // How many entries had come when it was made again, how many a little earlier, and how many there were then.
    let until_made = |worth: u64| {
        let (begin, mut before) = (length(), 0);
        loop {
            record(&town.inspector, "又一处");
            sync(&town.inspector, &town.server);
            sync(&by_log, &town.server);
            town.server.make_bundles(worth).unwrap();
            let (came, whole) = (length() - begin, length());
            // Its number is in its name; other scopes have fewer.
            let reaches = format!("-{whole:016x}-");
            if town.bundle_files().iter().any(|path| path.to_string_lossy().contains(&reaches)) {
                return (came, before, whole);
            }
            before = came;
        }
    };
    assert!(town.server.make_bundles(1).unwrap() > 0);
    // A quarter of the log, and where that is less than makes one worth it, as many.
    let (came, before, whole) = until_made(1);
    assert!(came >= whole / 4 && before < whole / 4, "{before}, {came} of {whole}");
    let (came, before, whole) = until_made(40);
    assert!(before < 40 && came >= 40 && whole / 4 < 40, "{before}, {came} of {whole}");
}

/// What it is like to be there, be away while the log is put back to yesterday's backup, and come again when the server
/// has made its bundles anew.
#[test]
fn what_rests_is_kept_as_one_save_and_nobody_notices() {
    let town = Town::new(60);
    let (rests, moves) = (town.device("rests"), town.device("moves"));
    for field in [&rests, &moves] {
        sync(field, &town.server);
    }
    let far = Timestamp(i64::MAX);
    let mut compacted = 0;
    loop {
        let step = rests.store().compact(far, 7).unwrap();
        compacted += step.documents;
        if !step.more {
            break;
        }
    }
    assert!(compacted >= town.cases.len());
    rests.store().give_back_room().unwrap();
    alike(&rests, &moves, &town.cases);
    // An author's own device too: what it wrote comes out byte for byte, and is offered again to a new life.
    let own: Vec<_> = town.inspector.outbox(usize::MAX).unwrap();
    let before: Vec<_> = town
        .cases
        .iter()
        .map(|case| town.inspector.store().document(*case).unwrap().unwrap().changes())
        .collect();
    town.inspector.store().compact(far, usize::MAX).unwrap();
    let after: Vec<_> = town
        .cases
        .iter()
        .map(|case| town.inspector.store().document(*case).unwrap().unwrap().changes())
        .collect();
    let sorted = |mut all: Vec<Vec<_>>| {
        all.iter_mut().for_each(|changes: &mut Vec<_>| changes.sort());
        all
    };
    assert_eq!(sorted(before), sorted(after));
    let salvaged = sanben_store::salvage(town.inspector.store().dir()).unwrap();
    assert!(salvaged.iter().all(|work| work.change.is_some()), "salvage finds them in the save");
    let life = sanben_domain::id::Epoch::from_random([5; 16]);
    town.inspector.store().begin_life(life, Timestamp(0)).unwrap();
    let offered = town.inspector.store().pending(usize::MAX).unwrap();
    assert_eq!(offered.len(), own.len(), "all of it");
    // And work goes on in what rested.
    let own = rests.act(town.cases[4], CaseAct::Comment { words: "又来了".to_owned() }, &[]).unwrap();
    town.head.act(town.cases[5], CaseAct::Comment { words: "还有".to_owned() }, &[]).unwrap();
    for field in [&rests, &town.head, &rests, &moves] {
        sync(field, &town.server);
    }
    for case in &town.cases {
        assert_eq!(rests.case(*case).unwrap().record, moves.case(*case).unwrap().record);
    }
    assert!(moves.case(town.cases[4]).unwrap().record.events.contains_key(&own));
}
