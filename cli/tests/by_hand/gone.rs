//! What the desk takes away while the server runs: a contact that a resident wants gone, a case that went to the wrong
//! unit; and the trail of both.

use crate::desk::{Answer, Desk, ask, sanben};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

const TELEPHONE: &str = "13800000042";

fn knows(dir: &Path) -> bool {
    let mut files = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    files.any(|file| match file.is_dir() {
        true => knows(&file),
        false => {
            let bytes = std::fs::read(&file).unwrap_or_default();
            bytes.windows(TELEPHONE.len()).any(|window| window == TELEPHONE.as_bytes())
        }
    })
}

fn as_desk(desk: &Desk, words: &[&str]) -> Answer {
    let dir = desk.server_dir();
    let (first, rest) = words.split_first().unwrap();
    ask([&[*first, "--dir", dir.to_str().unwrap()], rest].concat())
}

#[test]
fn a_contact_is_erased_and_a_case_taken_back_while_the_server_runs() {
    let desk = Desk::open();
    let (inspector, command, department) =
        (desk.enrolled("U008"), desk.enrolled("U001"), desk.enrolled("U056"));
    let volunteer = desk.enrolled("U170");
    let case = inspector.done(&["record", "--point", "P011", "居民反映垃圾无人清运"]).text("/case");
    inspector.fails(&["contact", &case], "invalid");
    let added = inspector.done(&["contact", &case, "--name", "周女士", "--phone", TELEPHONE]);
    let contact = added.text("/contact");
    assert!(inspector.shown(&["show", &case]).contains(TELEPHONE));
    for device in [&inspector, &command, &volunteer] {
        device.done(&["sync"]);
    }
    assert_eq!(command.done(&["show", &case]).text("/contacts/0/telephone"), TELEPHONE);
    assert!(volunteer.done(&["show", &case]).json.get("contacts").is_none());
    volunteer.fails(&["contact", &case, "--phone", "110"], "denied");
    assert!(!knows(&volunteer.store));

    let refused = as_desk(&desk, &["erase", &case, "--reason", "本人要求"]);
    assert_eq!((refused.status, refused.text("/error/code").as_str()), (1, "erase"));
    let erased = as_desk(&desk, &["erase", &contact, "--by", "值班", "--reason", "本人要求"]);
    assert_eq!((erased.status, erased.at("/documents")), (0, &json!([contact])), "{:#}", erased.json);
    let begun = Instant::now();
    while knows(&desk.server_dir()) {
        assert!(begun.elapsed() < Duration::from_secs(30), "it is still in a file of the server");
        std::thread::sleep(Duration::from_millis(100));
    }
    for device in [&inspector, &command] {
        assert_eq!(device.done(&["sync"]).at("/erased"), &json!(1));
        assert!(device.done(&["show", &case]).json.get("contacts").is_none());
        assert!(!knows(&device.store));
    }

    command.done(&["act", &case, "dispatch", "--to", "dept-jiaoyu"]);
    command.done(&["sync"]);
    department.done(&["sync"]);
    department.done(&["show", &case]);
    let case = department.done(&["show", &case]).text("/id");
    let back = as_desk(&desk, &["take-back", &case, "--unit", "dept-jiaoyu", "--reason", "派错部门"]);
    assert_eq!(back.status, 0, "{:#}", back.json);
    let again = as_desk(&desk, &["take-back", &case, "--unit", "dept-jiaoyu", "--reason", "派错部门"]);
    assert_eq!(again.text("/error/code"), "take-back");
    department.done(&["sync"]);
    department.fails(&["show", &case], "not-found");

    let trail = as_desk(&desk, &["trail"]);
    let rows = trail.list("/deeds");
    let acts: Vec<_> = rows.iter().map(|row| row["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["publish", "invite", "invite", "invite", "invite", "erase", "take-back"]);
    assert_eq!((&rows[5]["by"], &rows[5]["reason"]), (&json!("值班"), &json!("本人要求")));
    let shown =
        sanben().arg("trail").arg("--dir").arg(desk.server_dir()).args(["--lang", "en"]).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("taken back") && shown.contains(&contact), "{shown}");
    assert_eq!(as_desk(&desk, &["audit"]).at("/deeds"), &json!(7));
}
