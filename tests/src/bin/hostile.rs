//! Brings kept files to the readers of outside bytes, or makes them anew.
//!
//! ```text
//! hostile replay FOLDER TARGET...    every file of FOLDER/TARGET/, one line each: what it took of memory
//! hostile seeds TARGET FOLDER        honest bytes for the fuzzer to begin from
//! hostile forge FOLDER               makes the kept files that are not the fuzzer's
//! ```

#![expect(clippy::unwrap_used, clippy::panic, reason = "a harness stops at the first surprise")]

use sanben_store::OutboxState;
use sanben_tests::hostile::scene::Scene;
use sanben_tests::hostile::{TARGETS, Target, forge, target};
use std::path::{Path, PathBuf};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["replay", folder, names @ ..] => {
            for target in TARGETS.iter().filter(|target| names.is_empty() || names.contains(&target.name)) {
                replay(&Path::new(folder).join(target.name), target);
            }
        }
        ["seeds", name, folder] => {
            let scene = Scene::new();
            let target = target(name).unwrap_or_else(|| panic!("no target {name}"));
            std::fs::create_dir_all(folder).unwrap();
            for (number, bytes) in (target.seeds)(&scene).iter().enumerate() {
                std::fs::write(Path::new(folder).join(format!("seed-{number:03}")), bytes).unwrap();
            }
        }
        ["forge", folder] => {
            for (target, name, bytes) in forge::all(&Scene::new()) {
                let folder = Path::new(folder).join(target);
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(folder.join(name), bytes).unwrap();
            }
        }
        _ => panic!("hostile replay FOLDER [TARGET]... | seeds TARGET FOLDER | forge FOLDER"),
    }
}

/// Every file: nothing panics, nothing enters the log, nothing of what the device recorded goes away.
fn replay(folder: &Path, target: &Target) {
    // What automerge makes of hostile bytes inside its guard needs no report.
    let mut files: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    files.sort();
    for file in files {
        let name = format!("{}/{}", target.name, file.file_name().unwrap().to_string_lossy());
        let bytes = std::fs::read(&file).unwrap();
        let mut scene = Scene::new();
        scene.repairs = false;
        let (heads, recorded) = (scene.heads(), recorded(&scene));
        let before = resident("VmRSS");
        // The peak is counted from here.
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        eprintln!("{name}");
        (target.read)(&mut scene, &bytes);
        let grown = resident("VmHWM").saturating_sub(before);
        println!("{grown} KiB {name}");
        assert_eq!(scene.heads(), heads, "{name} left something in the log");
        let kept = self::recorded(&scene);
        assert!(recorded.iter().all(|intent| kept.contains(intent)), "{name} took away what was recorded");
    }
}

/// What is not in the log: the server may take its scopes away, and with them what it has.
fn recorded(scene: &Scene) -> Vec<sanben_document::Intent> {
    let rows = scene.field().outbox(usize::MAX).unwrap().into_iter();
    rows.filter(|row| !matches!(row.state, OutboxState::Accepted { .. })).map(|row| row.intent).collect()
}

fn resident(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
