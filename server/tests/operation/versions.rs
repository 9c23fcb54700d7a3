//! Data of earlier versions, frozen as those programs left it: `versions/N.tar.gz` holds a server and the
//! device of an inspector, made by the program of that schema version in a morning of work. Today's program
//! opens both, reads them right, and goes on. A new schema version gets a file here before it is released
//! ([`versions/README.md`](versions/README.md)).

use crate::office::*;
use rusqlite::{Connection, OpenFlags};
use sanben_domain::case::Status;
use sanben_domain::id::CaseId;
use sanben_field::{CaseQuery, Field, Http, Platform};
use sanben_server::{Front, Limits, ReviewError, Server, check_log};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// What was recorded that morning: delivered and put right; delivered; not sent any more before noon.
const WORDS: [&str; 3] = ["南入口有大片垃圾", "宣传栏玻璃破损", "路灯不亮"];

fn unpacked(version: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/operation/versions/{version}.tar.gz"));
    let done = Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(dir.path()).status().unwrap();
    assert!(done.success());
    dir
}

fn version(file: PathBuf) -> u32 {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = Connection::open_with_flags(file, flags).unwrap();
    database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn cases(field: &Field) -> Vec<(CaseId, Status, String)> {
    let mut cases: Vec<_> = field
        .cases(&CaseQuery::default())
        .unwrap()
        .rows
        .into_iter()
        .map(|row| (row.id, row.status, row.description))
        .collect();
    cases.sort_by_key(|(_, _, words)| WORDS.iter().position(|known| known == words));
    cases
}

fn goes_on(frozen: u32) {
    let dir = unpacked(&frozen.to_string());
    let (at_server, at_device) = (dir.path().join("server"), dir.path().join("inspector"));
    assert_eq!(version(at_server.join("log.db")), frozen, "the file is what it says");
    assert_eq!(version(at_device.join("sanben.db")), frozen);

    let server = Arc::new(Server::open_system(&at_server).unwrap());
    assert!(version(at_server.join("log.db")) > frozen, "it was brought up to date");
    assert!(server.audit().unwrap().faults.is_empty());
    let before = server.counts().unwrap();
    assert_eq!((before.devices, before.photos, before.photos_missing), (2, 1, 0));
    let replica = server.replica().unwrap();
    assert_eq!(replica.counts().unwrap().cases, 2);

    // The device knows what it knew, and what it still had to send.
    let field = Field::open(&at_device, Platform::system()).unwrap();
    let held = cases(&field);
    let words: Vec<_> = held.iter().map(|(_, _, words)| words.as_str()).collect();
    assert_eq!(words, WORDS);
    assert_eq!(held[0].1, Status::Rectified);
    let row = |case: usize| field.case(held[case].0).unwrap().delivery;
    assert_eq!((row(0).photos, row(0).photos_delivered, row(0).pending), (1, 1, 0), "the receipt is there");
    assert_eq!((row(2).photos, row(2).photos_delivered, row(2).accepted), (1, 0, 0));
    let counts = field.counts().unwrap();
    assert_eq!((counts.rejected, counts.quarantined), (0, 0));
    assert!(counts.pending > 0);

    // And sends it.
    let open = Open::of(Arc::clone(&server), Front::new(Limits::LOCAL), None);
    let url = open.plain();
    let report = field
        .sync(&Http::new(&url), sanben_field::Budget::unlimited(), &mut |_| ControlFlow::Continue(()))
        .unwrap();
    assert_eq!((report.accepted, report.rejected, report.photos_delivered), (counts.pending, 0, 1));
    assert_eq!(field.counts().unwrap().pending, 0);
    let after = server.counts().unwrap();
    assert_eq!(after.changes, before.changes + counts.pending);
    assert_eq!(after.photos, 2);
    assert!(server.audit().unwrap().faults.is_empty());

    // Somebody new gets the same of it, and a third party finds nothing wrong.
    let code = server.invite(&"U060".into(), 60_000).unwrap().to_string();
    let head = Device::new();
    head.field.enrol(&url, &code, &Http::new(&url)).unwrap();
    head.sync(&url).unwrap();
    assert_eq!(cases(&head.field), cases(&field));
    let photos = std::fs::read_dir(at_server.join("photos")).unwrap().map(|file| file.unwrap().file_name());
    assert_eq!(photos.filter(|name| name.len() == 64).count(), 2, "photos have their hash as a name");
    let mut file = Vec::new();
    server.export_log(&mut file).unwrap();
    assert_eq!(check_log(&mut file.as_slice(), Some(&server.key())).unwrap().mismatch, None);
}

/// Log 7 and store 11, with something in every table that a morning can fill.
#[test]
fn the_eleventh_store_and_the_seventh_log_go_on() {
    let dir = unpacked("7-11");
    let (at_server, at_device) = (dir.path().join("server"), dir.path().join("inspector"));
    assert_eq!((version(at_server.join("log.db")), version(at_device.join("sanben.db"))), (7, 11));

    let server = Arc::new(Server::open_system(&at_server).unwrap());
    assert!(server.audit().unwrap().faults.is_empty());
    let before = server.counts().unwrap();
    assert_eq!((before.devices, before.photos_missing), (3, 1), "the one that nobody has");
    assert!(server.trail().unwrap().len() > 5);
    let waiting = server.reviews().unwrap();
    assert!(waiting.iter().any(|row| row.decided.is_some()), "one was decided");
    let undecided: Vec<_> = waiting.iter().filter(|row| row.decided.is_none()).collect();
    assert!(!undecided.is_empty());

    let field = Field::open(&at_device, Platform::system()).unwrap();
    let held: Vec<_> = cases(&field).into_iter().map(|(_, _, words)| words).collect();
    for words in WORDS.iter().chain(&["消防通道堵塞", "路面破损", "原图已删"]) {
        assert!(held.iter().any(|known| known == words), "{words}: {held:?}");
    }
    assert!(!held.iter().any(|words| words == "误报" || words == "没有回来的设备"), "erased; not in the log");
    let counts = field.counts().unwrap();
    assert_eq!((counts.rejected, counts.drafts, counts.photos_gone, counts.quarantined), (2, 1, 1, 0));
    assert!(counts.pending > 0);
    assert_eq!(field.needs_attention().unwrap().len(), 2, "one of them was handed on");
    assert_eq!(field.drafts().unwrap()[0].photos.len(), 1);
    let mailbags = field.mailbags().unwrap();
    assert_eq!(mailbags.iter().filter(|mailbag| mailbag.waits()).count(), 1);
    assert_eq!(mailbags.iter().filter(|mailbag| mailbag.refused.is_some()).count(), 1);

    let open = Open::of(Arc::clone(&server), Front::new(Limits::LOCAL), None);
    let url = open.plain();
    let budget = sanben_field::Budget::unlimited();
    let report = field.sync(&Http::new(&url), budget, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((report.accepted, report.rejected, report.carried), (counts.pending, 0, 1));
    assert_eq!((report.carried_refused, report.photos_failed, report.photos_gone), (0, 0, 0));
    for row in undecided {
        let decided = server.decide(&row.change.to_string(), false, "查无此事");
        assert!(
            decided.is_ok() || matches!(decided, Err(ReviewError::Decided)),
            "it builds on one refused before"
        );
    }
    assert!(server.audit().unwrap().faults.is_empty());
    let code = server.invite(&"U001".into(), 60_000).unwrap().to_string();
    let command = Device::new();
    command.field.enrol(&url, &code, &Http::new(&url)).unwrap();
    command.sync(&url).unwrap();
    for words in WORDS.iter().chain(&["代为捎带"]) {
        assert!(cases(&command.field).iter().any(|(_, _, known)| known == words), "{words}");
    }
    let mut file = Vec::new();
    server.export_log(&mut file).unwrap();
    assert_eq!(check_log(&mut file.as_slice(), Some(&server.key())).unwrap().mismatch, None);
}

#[test]
fn the_first_version_goes_on() {
    goes_on(1);
}

#[test]
fn the_second_version_goes_on() {
    goes_on(2);
}
