//! Every kept hostile file is brought to its reader, in a process whose memory is watched.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_sync::frame::pack;
use sanben_sync::wire::SyncResponse;
use sanben_tests::hostile::TARGETS;
use sanben_tests::hostile::scene::Scene;
use std::cell::Cell;
use std::path::Path;
use std::process::Command;

const MOST_KIB: u64 = 256 << 10;

fn kept() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile")
}

/// Replays the files of some targets; no panic, nothing in the log, and never more than 256 MiB.
fn replayed(names: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hostile"));
    let output = command.arg("replay").arg(kept()).args(names).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = told.lines().rev().take(12).collect();
    assert!(output.status.success(), "{:#?}", last.into_iter().rev().collect::<Vec<_>>());
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines() {
        let (grown, name) = line.split_once(" KiB ").unwrap();
        assert!(grown.parse::<u64>().unwrap() < MOST_KIB, "{name} took {grown} KiB");
    }
    for name in names {
        let files = std::fs::read_dir(kept().join(name)).unwrap().count();
        let brought = text.lines().filter(|line| line.contains(&format!(" {name}/"))).count();
        assert!(brought == files && files > 0, "{brought} of the {files} files of {name}");
    }
}

#[test]
fn messages() {
    replayed(&["frame", "call", "enrol", "request"]);
}

#[test]
fn answers_and_changes() {
    replayed(&["response", "change", "intent", "reference"]);
}

#[test]
fn files() {
    replayed(&["mailbag", "photo", "piece", "import", "proof"]);
}

#[test]
fn backups() {
    replayed(&["archive", "contents", "erased"]);
}

#[test]
fn bundles() {
    replayed(&["bundle"]);
}

#[test]
fn from_hand_to_hand() {
    replayed(&["door", "answer", "work"]);
}

#[test]
fn over_the_desk() {
    replayed(&["recovery", "draw"]);
}

/// Found by the fuzzer: ten thousand requests in a row.
#[test]
fn a_server_that_is_never_content_with_the_cursors_is_refused() {
    let scene = Scene::new();
    let asked = Cell::new(0);
    scene.sync_with(&|_| {
        asked.set(asked.get() + 1);
        Some((200, pack(&SyncResponse { send_cursors: true, ..scene.nothing_new() })))
    });
    assert!(asked.get() <= 2, "{} requests", asked.get());
}

#[test]
fn every_target_has_kept_files() {
    for target in TARGETS {
        assert!(kept().join(target.name).is_dir(), "{}", target.name);
    }
}
