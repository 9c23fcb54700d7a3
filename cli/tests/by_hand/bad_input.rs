//! What goes wrong in an office and on the street: each time a code for programs, words for persons, and
//! nothing lost.

use crate::desk::{Desk, ask, data, sanben};
use serde_json::json;
use std::path::Path;

#[test]
fn codes_are_for_one_device_for_minutes_and_for_one_server() {
    let desk = Desk::open();
    let code = desk.invite("U008", &[]).text("/code");
    desk.device("first").done(&["enroll", &desk.url, &code]);
    desk.device("first").fails(&["enroll", &desk.url, &code], "already-enrolled");
    desk.device("second").fails(&["enroll", &desk.url, &code], "code-used");
    // The device that failed can be enrolled with a code of its own.
    let own = desk.invite("U008", &[]).text("/code");
    desk.device("second").done(&["enroll", &desk.url, &own.to_lowercase().replace('-', " ")]);

    let expired = desk.invite("U008", &["--minutes", "0"]).text("/code");
    desk.device("third").fails(&["enroll", &desk.url, &expired], "code-expired");
    desk.device("third").fails(&["enroll", &desk.url, "12345"], "code-malformed");
    desk.device("third").fails(&["enroll", &desk.url, "ABCDE-FGHJK-MNPQR-STVWX"], "code-unknown");
    desk.device("third").fails(&["enroll", "http://127.0.0.1:1", &code], "network");
    let nobody = desk.invite("U999", &[]);
    assert_eq!((nobody.status, nobody.text("/error/code").as_str()), (1, "unknown-person"));

    let elsewhere = Desk::open();
    let code = desk.invite("U008", &[]).text("/code");
    elsewhere.device("third").fails(&["enroll", &elsewhere.url, &code], "code-unknown");
    // The code is still good where it belongs.
    desk.device("third").done(&["enroll", &desk.url, &code]);
}

#[test]
fn another_server_is_not_believed() {
    let desk = Desk::open();
    let elsewhere = Desk::open();
    let inspector = desk.enrolled("U008");
    let case = inspector.done(&["record", "--point", "P011", "垃圾"]).text("/case");
    let answer = inspector.ask(&["sync", "--url", &elsewhere.url]);
    assert_eq!(answer.status, 1, "{:#}", answer.json);
    assert_eq!(inspector.done(&["show", &case]).at("/delivery/pending"), &json!(1));
    inspector.done(&["sync"]);
    assert_eq!(inspector.done(&["show", &case]).at("/delivery/pending"), &json!(0));
}

#[test]
fn what_cannot_be_recorded_is_kept_as_a_draft() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    let refused = inspector.fails(&["record", "--point", "P999", "有垃圾"], "not-found");
    let draft = refused.text("/error/draft");
    assert!(refused.text("/error/message").contains("P999"));
    let drafts = inspector.done(&["drafts"]);
    assert_eq!(
        (drafts.text("/drafts/0/id"), drafts.text("/drafts/0/description")),
        (draft.clone(), "有垃圾".into())
    );
    let recorded = inspector.done(&["record", "--draft", &draft[..8], "--point", "P011"]);
    assert_eq!((recorded.text("/case"), recorded.text("/description")), (draft, "有垃圾".into()));
    assert!(inspector.done(&["drafts"]).list("/drafts").is_empty());

    for (file, said) in
        [("photo-is-text/not-a-photo.jpg", "JPEG"), ("photo-cut-short/cut-short.jpg", "不完整")]
    {
        let file = data("broken").join(file);
        let words = ["record", "--point", "P011", "--photo", file.to_str().unwrap(), "有照片"];
        let refused = inspector.fails(&words, "photo");
        assert!(refused.text("/error/message").contains(said), "{:#}", refused.json);
    }
    inspector.fails(&["record", "--photo", "/nowhere/photo.jpg", "没有文件"], "file");
    let kept = inspector.done(&["drafts"]);
    assert_eq!(kept.list("/drafts").len(), 3);
    let id = kept.text("/drafts/0/id");
    assert_eq!(inspector.done(&["draft", "discard", &id[..6]]).list("/drafts").len(), 2);
    assert_eq!(inspector.done(&["cases"]).list("/rows").len(), 1, "nothing was half-recorded");
}

#[test]
fn what_is_not_there_is_named() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    for words in [
        &["show", "abcdef"][..],
        &["show", "00000000-0000-4000-8000-000000000000"],
        &["ledgers", "P999"],
        &["standards", "--point", "P999"],
        &["score", "nowhere"],
        &["score", "park-02-c01"],
        &["today", "--team", "T9"],
        &["visit", "P999"],
        &["draft", "discard", "abcdef"],
        &["resend", "7"],
        &["discard", "7", "不要了"],
    ] {
        inspector.fails(words, "not-found");
    }
    inspector.fails(&["show", "abcde"], "bad-id");
    inspector.fails(&["score", "park-02", "--from", "2026-03-02", "--until", "2026-03-02"], "empty-period");

    // Before enrolment, and before the first sync.
    let fresh = desk.device("fresh");
    fresh.fails(&["cases"], "not-enrolled");
    assert!(!fresh.store.exists(), "a mistyped folder does not become a store");
    fresh.done(&["enroll", &desk.url, &desk.invite("U009", &[]).text("/code")]);
    for words in [&["record", "垃圾"][..], &["today"], &["brief"], &["where", "38.3", "116.8"]] {
        fresh.fails(words, "nothing-yet");
    }
    // What was recorded then waits as a draft until the reference data is there.
    let draft = fresh.done(&["drafts"]).text("/drafts/0/id");
    fresh.done(&["sync"]);
    fresh.done(&["record", "--draft", &draft]);
}

#[test]
fn a_store_of_a_newer_version_or_a_damaged_one_is_left_as_it_is() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    inspector.done(&["record", "--point", "P011", "垃圾"]);
    let file = inspector.store.join("sanben.db");
    let sound = std::fs::read(&file).unwrap();

    // SQLite keeps `user_version` big-endian at byte 60 of the file.
    let mut newer = sound.clone();
    newer[60..64].copy_from_slice(&99u32.to_be_bytes());
    std::fs::write(&file, &newer).unwrap();
    inspector.fails(&["cases"], "newer-store");
    assert_eq!(std::fs::read(&file).unwrap(), newer);

    let mut damaged = sound.clone();
    damaged[..4096].fill(0x5a);
    std::fs::write(&file, &damaged).unwrap();
    inspector.fails(&["cases"], "corrupt-store");
    assert_eq!(std::fs::read(&file).unwrap(), damaged);

    std::fs::write(&file, &sound).unwrap();
    assert_eq!(inspector.done(&["cases"]).list("/rows").len(), 1);
}

/// Lays one folder over a copy of another.
fn laid_over(base: &Path, over: &Path, into: &Path) {
    std::fs::create_dir(into).unwrap();
    for dir in [base, over] {
        for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), into.join(entry.file_name())).unwrap();
            }
        }
    }
}

#[test]
fn broken_files_are_named_by_row_and_column_and_nothing_is_imported() {
    let scratch = tempfile::tempdir().unwrap();
    let server = scratch.path().join("server");
    let readme = std::fs::read_to_string(data("broken/README.md")).unwrap();
    let mut tried = 0;
    for line in readme.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, folder, file, row, column, ..] = cells.as_slice() else { panic!("{line}") };
        if folder.starts_with("photo-") {
            continue;
        }
        tried += 1;
        let files = scratch.path().join(folder);
        laid_over(&data("park"), &data("broken").join(folder), &files);
        for dry_run in [&["--dry-run"][..], &[]] {
            let words = ["import", "--dir", server.to_str().unwrap(), files.to_str().unwrap()];
            let answer = ask([&words, dry_run].concat());
            assert_eq!((answer.status, answer.text("/error/code").as_str()), (1, "import"), "{folder}");
            let named = answer.list("/error/problems").iter().any(|problem| {
                let row: Option<u64> = row.parse().ok();
                problem["file"] == **file
                    && (problem["row"].as_u64() == row || *folder == "not-utf8")
                    && (problem["column"] == **column || *column == "—")
                    && !problem["message"].as_str().unwrap().is_empty()
            });
            assert!(named, "{folder}: {file} {row} {column} in {:#}", answer.json);
        }
        let invited = ask(["invite", "--dir", server.to_str().unwrap(), "U008"]);
        assert_eq!(invited.status, 1, "{folder}: nobody was imported");
    }
    assert!(tried >= 15, "{tried}");

    let words =
        ["import", "--dir", server.to_str().unwrap(), data("park").to_str().unwrap()].map(str::to_owned);
    let dry = ask(words.iter().map(String::as_str).chain(["--dry-run"]));
    let real = ask(&words);
    assert_eq!((dry.status, real.status), (0, 0));
    assert_eq!(dry.at("/changes/new"), real.at("/changes/new"));
    let again = ask(&words);
    assert_eq!((again.at("/changes/new"), again.at("/changes/same")), (&json!(0), real.at("/changes/new")));

    // As a person sees it: a table with what to do.
    let output = sanben()
        .args(["import", "--dir", server.to_str().unwrap()])
        .arg(scratch.path().join("points-unknown-unit"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.lines()
            .any(|line| ["points.csv", "47", "所属", "park-99-c01"].iter().all(|part| line.contains(part))),
        "{text}"
    );
}

#[test]
fn a_mistyped_code_is_no_empty_list_and_the_close_ones_are_named() {
    let desk = Desk::open();
    let device = desk.enrolled("U008");
    let wrong = device.fails(&["cases", "--point", "P01l"], "not-found");
    assert!(wrong.text("/error/message").contains("P011"), "{:#}", wrong.json);
    device.fails(&["cases", "--community", "park-2"], "not-found");
    device.fails(&["ledgers", "P01l"], "not-found");
    device.fails(&["visit", "P999"], "not-found");
    device.fails(&["visit", "P011", "--not-accessible", " "], "invalid");
    device.done(&["visit", "P011", "--not-accessible", "施工围挡"]);
    // What goes into a file is whole.
    let words = "南入口有大片垃圾".repeat(20);
    device.done(&["record", "--point", "P011", &words]);
    assert!(device.shown(&["cases"]).contains(&words));
}

#[test]
fn what_is_dispatched_to_ones_unit_is_on_todays_list_too() {
    let desk = Desk::open();
    let (post, head) = (desk.enrolled("U001"), desk.enrolled("U060"));
    let case = post.done(&["record", "--point", "P011", "--standard", "S01", "路灯不亮"]).text("/case");
    post.done(&["sync"]);
    head.done(&["sync"]);
    let of = |words: &[&str], list: &str| -> Vec<String> {
        let answer = head.done(words);
        answer.list(list).iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of(&["today"], "/handle"), [case]);
    assert_eq!(of(&["today"], "/handle"), of(&["cases", "--mine", "--open"], "/rows"));
}
