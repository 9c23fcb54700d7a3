//! Days in the field that once went wrong: each of these is a real device against the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::Outcome;
use sanben_domain::id::{PersonId, PhotoHash, PointId};
use sanben_field::{Budget, Changed, FieldError, Http, NewCase, Observer, Outgoing, SyncReport, Transport};
use sanben_tests::network::Wire;
use sanben_tests::world::{World, park};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const SIGNATURE_HEADER: &str = "sanben-signature";

const WORDS: &str = "南入口有大片垃圾";

fn at_p011() -> NewCase {
    NewCase { point: Some(PointId::from("P011")), description: WORDS.to_owned(), ..NewCase::default() }
}

#[test]
fn a_volunteer_records_without_the_staff_list_and_the_inspector_sees_it() {
    let mut world = World::new(1, &["U170", "U008"]);
    let volunteer = world.devices[0].field();
    assert!(volunteer.reference().unwrap().people.is_empty(), "the staff list is not for volunteers");
    let case = volunteer.record(at_p011()).unwrap().case;
    let report = world.sync(0).unwrap();
    assert_eq!((report.accepted, report.rejected), (1, 0));
    world.sync(1).unwrap();
    let seen = world.devices[1].field().case(case).unwrap();
    assert_eq!(seen.record.description, WORDS);
    assert_eq!(seen.state.reported.by, PersonId::from("U170"));
}

/// 督导组 (4): 4 teams, 136 points. Each point is found by the team that walks it, and by no other.
#[test]
fn four_teams_walk_136_points() {
    let world = World::new(4, &["U008"]);
    let field = world.devices[0].field();
    let of = |team: &str| field.points(Some(team)).unwrap().len();
    assert_eq!(["第一督导组", "第二督导组", "第三督导组", "第四督导组"].map(of), [35, 33, 34, 34]);
    assert_eq!(field.points(None).unwrap().len(), 136);
}

/// A photo file of the reference data, made `extra` bytes longer, as some cameras do with a preview.
fn photo(dir: &Path, name: &str, extra: usize) -> (PathBuf, PhotoHash) {
    let mut bytes = std::fs::read(park().join("photos").join(name)).unwrap();
    bytes.resize(bytes.len() + extra, 0);
    let (file, hash) = (dir.join(name), PhotoHash(Sha256::digest(&bytes).into()));
    std::fs::write(&file, bytes).unwrap();
    (file, hash)
}

#[test]
fn a_photo_that_is_gone_does_not_hold_up_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(2, &["U008"]);
    let (first, gone) = photo(dir.path(), "south-entrance-rubbish-before.jpg", 0);
    let (second, fine) = photo(dir.path(), "south-entrance-clean-after.jpg", 0);
    let field = world.devices[0].field();
    field.record(NewCase { photos: vec![first, second], ..at_p011() }).unwrap();
    std::fs::remove_file(field.store().photo_path(gone)).unwrap();
    let report = world.sync(0).unwrap();
    assert_eq!((report.photos_delivered, report.photos_waiting), (1, 1));
    assert_eq!(report.photos_failed, 1);
    let store = world.devices[0].field().store();
    assert!(store.photo(fine).unwrap().unwrap().receipt.is_some());
    assert!(store.photo(gone).unwrap().unwrap().receipt.is_none());
}

#[derive(Default)]
struct Batches(Mutex<Vec<Changed>>);

impl Observer for Batches {
    fn changed(&self, changed: &Changed) {
        self.0.lock().unwrap().push(changed.clone());
    }
}

#[test]
fn a_look_back_and_its_visit_are_one_transaction() {
    let world = World::new(3, &["U008"]);
    let field = world.devices[0].field();
    let case = field.record(at_p011()).unwrap().case;
    let batches = Arc::new(Batches::default());
    let _observing = field.observe(batches.clone());
    field.look_back(case, Outcome::Passed, "已干净", &[]).unwrap();
    let batches = batches.0.lock().unwrap();
    assert_eq!(batches.len(), 1, "{batches:?}");
    assert_eq!((batches[0].cases.len(), batches[0].patrols.len()), (1, 1));
    assert_eq!(field.today_list().unwrap().look_back_coverage.visited, 1);
}

#[test]
fn a_long_photo_can_be_stopped_in_the_middle_and_goes_on_there() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(4, &["U008"]);
    let field = world.devices[0].field();
    let (file, hash) = photo(dir.path(), "open-bin-upright.jpg", 1 << 20);
    field.record(NewCase { photos: vec![file], ..at_p011() }).unwrap();
    let wire = Wire::perfect(world.server());
    let stop_at_first_piece = &mut |report: &SyncReport| match report.bytes_up {
        0..200_000 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    assert!(matches!(
        field.sync(&wire, Budget::unlimited(), stop_at_first_piece),
        Err(FieldError::Cancelled)
    ));
    let upload = field.store().uploads().unwrap()[0];
    assert_eq!(upload.hash, hash);
    assert!(upload.offset > 0 && upload.offset < upload.size, "{upload:?}");
    let report = field.sync(&wire, Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((report.photos_delivered, report.photos_waiting), (1, 0));
    assert!(report.bytes_up < upload.size, "what had arrived was not sent again");
}

const DAY_MS: i64 = 86_400_000;

#[test]
fn a_receipt_bears_the_servers_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(5, &["U008"]);
    let (file, hash) = photo(dir.path(), "open-bin-upright.jpg", 0);
    world.devices[0].field().record(NewCase { photos: vec![file], ..at_p011() }).unwrap();
    world.devices[0].set_clock_error(2 * DAY_MS);
    world.sync(0).unwrap();
    let receipt = world.devices[0].field().store().photo(hash).unwrap().unwrap().receipt.unwrap();
    assert!(world.time.now().since(receipt).abs() < 60_000, "{receipt:?}");
}

#[test]
fn a_clock_set_back_while_the_program_was_off_is_noticed() {
    let mut world = World::new(6, &["U008"]);
    let doubtful = |world: &World| {
        let field = world.devices[0].field();
        let case = field.record(at_p011()).unwrap().case;
        field.case(case).unwrap().state.reported.at.doubtful()
    };
    world.devices[0].restart();
    assert!(!doubtful(&world), "nothing is wrong yet");
    // Further back than what was recorded, not than the last sync.
    world.time.pass(3_600_000);
    assert!(!doubtful(&world));
    world.devices[0].set_clock_error(-1_800_000);
    world.devices[0].restart();
    assert!(doubtful(&world), "before what was recorded last");
    assert!(doubtful(&world), "and so is what follows");
    world.devices[0].set_clock_error(0);
    world.sync(0).unwrap();
    world.devices[0].set_clock_error(-2 * DAY_MS);
    world.devices[0].restart();
    assert!(doubtful(&world), "before the last sync");
    world.devices[0].set_clock_error(0);
    world.sync(0).unwrap();
    world.devices[0].restart();
    assert!(!doubtful(&world), "a sync with a right clock settles it");
}

/// Answers every request with the same words, as the box of a hotel's network does.
fn portal(answer: impl Into<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, answer) = (listener.local_addr().unwrap(), answer.into());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Until nothing more comes: closing with something unread would cut the answer off.
            stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
            while stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {}
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

/// A server that stands still: the system takes connections in for it, and nobody reads them.
#[test]
fn a_server_that_says_nothing_is_given_up() {
    let still = TcpListener::bind("127.0.0.1:0").unwrap();
    let call = Outgoing {
        method: "POST",
        path: "/v1/sync".to_owned(),
        headers: Vec::new(),
        body: vec![1, 2, 3],
        within: Some(Duration::from_millis(300)),
    };
    let begun = Instant::now();
    let error = Http::new(&format!("http://{}", still.local_addr().unwrap())).call(&call).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(error.to_string().contains("did not answer in time"), "{error}");
}

#[test]
fn a_captive_portal_is_no_connection_whatever_it_claims() {
    let world = World::new(7, &["U008"]);
    let field = world.devices[0].field();
    let page = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nlog in";
    let login = portal(page);
    let redirect =
        format!("HTTP/1.1 302 Found\r\nlocation: {login}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let signed = page.replace("\r\n\r\n", &format!("\r\n{SIGNATURE_HEADER}: {}\r\n\r\n", "00".repeat(64)));
    let outcome = |url: String| {
        field.sync(&Http::new(&url), Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap_err()
    };
    for (url, code, says) in [
        (login, "network", "not from the server"),
        (portal(redirect), "network", "302"),
        (portal(signed), "network", "changed on the way"),
    ] {
        let error = outcome(url);
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
}
