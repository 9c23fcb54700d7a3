//! Work that the server refuses: visible, kept, and up to the person.

use crate::care::on_server;
use crate::desk::{Desk, data};
use serde_json::json;

#[test]
fn a_head_who_was_replaced_meanwhile_is_told_and_nothing_else_is_held_up() {
    let desk = Desk::open();
    let (inspector, head) = (desk.enrolled("U008"), desk.enrolled("U062"));

    // The office has replaced the head of P013 long ago, and this device has not heard of it.
    let files = desk.dir().join("files");
    std::fs::create_dir(&files).unwrap();
    for entry in std::fs::read_dir(data("park")).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), files.join(entry.file_name())).unwrap();
        }
    }
    let assignments = std::fs::read_to_string(files.join("assignments.csv")).unwrap();
    let line = "P013,U062,点位负责人,2026-01-01,";
    assert!(assignments.contains(&format!("{line}\n")));
    let replaced = assignments
        .replace(&format!("{line}\n"), &format!("{line}2026-01-02\nP013,U059,点位负责人,2026-01-02,\n"));
    std::fs::write(files.join("assignments.csv"), replaced).unwrap();
    // Here nothing that is late is taken on anybody's word.
    let settings = std::fs::read_to_string(files.join("tenant.toml")).unwrap();
    assert!(settings.contains("offline_days = 7"));
    std::fs::write(files.join("tenant.toml"), settings.replace("offline_days = 7", "offline_days = 0"))
        .unwrap();
    let imported = desk.import(&files);
    assert_eq!((imported.status, imported.at("/changes/new")), (0, &json!(1)), "{:#}", imported.json);

    let case = head.done(&["record", "--point", "P013", "--standard", "S28", "线缆垂落"]).text("/case");
    let elsewhere =
        inspector.done(&["record", "--point", "P010", "--standard", "S28", "另一处"]).text("/case");
    head.done(&["acknowledge", &case]);
    inspector.done(&["sync"]);
    let synced = head.done(&["sync"]);
    // The report may enter, whoever makes it; the answer was theirs to give when they gave it: a person decides.
    assert_eq!(
        (synced.at("/accepted"), synced.at("/in_review"), synced.at("/needs_attention")),
        (&json!(1), &json!(1), &json!(0)),
        "{:#}",
        synced.json
    );
    assert_eq!(head.done(&["show", &case]).text("/status"), "acknowledged", "here it stands, marked");
    let held = on_server(&desk, &["review"]);
    let change = held.text("/work/0/change");
    let refuse = ["review", &change[..8], "--refuse", "--reason", "已换负责人"];
    assert_eq!(on_server(&desk, &refuse).status, 0);
    head.done(&["sync"]);
    assert_eq!(
        head.done(&["show", &elsewhere]).text("/description"),
        "另一处",
        "the rest of the sync went on"
    );
    assert_eq!(head.done(&["show", &case]).text("/status"), "dispatched", "what was refused has no effect");

    let outbox = head.done(&["outbox"]);
    let refused = outbox.list("/needs_attention");
    assert_eq!((refused.len(), &refused[0]["document"]), (1, &json!(case)));
    assert_eq!(refused[0]["reason"], json!({"reviewed": {"reason": "已换负责人"}}));
    assert!(head.shown(&["outbox"]).contains("discard"), "it says what can be done");
    let number = refused[0]["id"].to_string();
    head.done(&["resend", &number]);
    head.done(&["sync"]);
    let still = head.done(&["outbox"]);
    let again = still.list("/needs_attention");
    assert_eq!(again.len(), 1, "they know by now that it is not theirs: {:#}", still.json);
    assert_eq!(again[0]["reason"], json!({"not-allowed": "place"}));
    // To somebody who may: the inspector does not answer for the point either, the command post does.
    let number = again[0]["id"].to_string();
    let (file, folder) = (desk.dir().join("work"), desk.dir().join("refused"));
    let (file, folder) = (file.to_str().unwrap(), folder.to_str().unwrap());
    head.fails(&["hand-on", &number, file, "--to", "U999"], "not-found");
    head.done(&["hand-on", &number, file, "--to", "U001"]);
    head.fails(&["hand-on", &number, file], "write");
    assert!(head.shown(&["--lang", "en", "outbox"]).contains("not taken over yet"));
    inspector.fails(&["take-over", file], "invalid");
    let post = desk.enrolled("U001");
    assert_eq!(post.done(&["take-over", file, "--look"]).at("/from/id"), &json!("U062"));
    assert_eq!(post.done(&["take-over", file]).text("/became/recorded"), case);
    head.done(&["export-refused", &number, folder]);
    head.fails(&["export-refused", &number, folder], "write");
    head.fails(&["resend", &number, "--point", "P013"], "invalid");
    for row in still.list("/needs_attention") {
        head.done(&["discard", &row["id"].to_string(), "已不归我管"]);
    }
    let given_up = head.done(&["outbox"]);
    assert!(given_up.list("/needs_attention").is_empty());
    assert!(given_up.list("/changes").iter().any(|change| change["state"]["kind"] == "discarded"));
}
