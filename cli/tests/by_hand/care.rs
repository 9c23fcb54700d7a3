//! The desk looks after its server: which devices there are, taking one out, the log read again; and after a
//! store that was damaged.

use crate::desk::{Desk, ask, data, sanben};
use serde_json::json;
use std::path::Path;

pub(crate) fn on_server(desk: &Desk, words: &[&str]) -> crate::desk::Answer {
    let dir = desk.server_dir();
    let (command, rest) = words.split_first().unwrap();
    ask([&[*command, "--dir", dir.to_str().unwrap()], rest].concat())
}

#[test]
fn devices_are_listed_and_one_is_taken_out() {
    let desk = Desk::open();
    assert_eq!(on_server(&desk, &["devices"]).at("/devices"), &json!([]));
    let (inspector, head) = (desk.enrolled("U008"), desk.enrolled("U060"));
    let listed = on_server(&desk, &["devices"]);
    let people: Vec<_> = listed.list("/devices").iter().map(|row| &row["person"]["id"]).collect();
    assert_eq!(people, ["U008", "U060"], "oldest first");
    assert!(listed.list("/devices").iter().all(|row| row["revoked"].is_null()), "{:#}", listed.json);
    let lost = listed.text("/devices/0/device");

    let waiting = inspector.done(&["record", "--point", "P011", "垃圾"]).text("/case");
    assert_eq!(on_server(&desk, &["revoke", &lost[..5]]).text("/error/code"), "bad-id");
    assert_eq!(on_server(&desk, &["revoke", "abcdef0123"]).text("/error/code"), "not-found");
    let revoked = on_server(&desk, &["revoke", &lost[..8]]);
    assert_eq!((revoked.status, revoked.at("/already")), (0, &json!(false)), "{:#}", revoked.json);
    assert_eq!(revoked.text("/device/device"), lost);

    // It is not answered any more, and keeps what it has; the other one goes on.
    let refused = inspector.fails(&["sync"], "refused");
    assert!(refused.text("/error/message").contains("停用"), "{:#}", refused.json);
    assert_eq!(inspector.done(&["show", &waiting]).at("/delivery/pending"), &json!(1));
    head.done(&["sync"]);
    let when = revoked.text("/device/revoked");
    let again = on_server(&desk, &["revoke", &lost]);
    assert_eq!((again.status, again.at("/already")), (0, &json!(true)));
    assert_eq!(again.text("/device/revoked"), when, "the first time stays");
    assert_eq!(on_server(&desk, &["devices"]).text("/devices/0/revoked"), when);

    // What it handed in, a person looks at.
    let held = on_server(&desk, &["review"]);
    let work = held.list("/work");
    assert!(work.iter().all(|row| row["why"] == "revoked"), "{:#}", held.json);
    assert_eq!(work.len(), 3, "the report, and the round it was found on: {:#}", held.json);
    let report = work.iter().find(|row| row["document"] == waiting.as_str()).unwrap();
    let change = report["change"].as_str().unwrap().to_owned();
    let unsaid = on_server(&desk, &["review", &change[..8], "--reason", "记录属实"]);
    assert_eq!((unsaid.status, unsaid.text("/error/code").as_str()), (1, "usage"));
    let taken = on_server(&desk, &["review", &change[..8], "--accept", "--reason", "平板已交回,记录属实"]);
    assert_eq!((taken.status, taken.text("/decided")), (0, change.clone()), "{:#}", taken.json);
    let again = on_server(&desk, &["review", &change[..8], "--refuse", "--reason", "改主意"]);
    assert_eq!(again.text("/error/code"), "review");
    head.done(&["sync"]);
    head.done(&["show", &waiting]);

    let nowhere = ask(["devices", "--dir", desk.dir().join("nothing").to_str().unwrap()]);
    assert_eq!((nowhere.status, nowhere.text("/error/code").as_str()), (1, "no-server"));
    assert!(!desk.dir().join("nothing").exists(), "a mistyped folder does not become a server");
}

/// Changes one byte wherever some bytes stand in a file; how many times.
fn spoil(file: &Path, bytes: &[u8]) -> usize {
    let mut content = std::fs::read(file).unwrap();
    let places: Vec<usize> =
        content.windows(bytes.len()).enumerate().filter(|(_, at)| *at == bytes).map(|(at, _)| at).collect();
    for at in &places {
        content[*at] ^= 1;
    }
    std::fs::write(file, content).unwrap();
    places.len()
}

#[test]
fn an_audit_names_what_was_changed_afterwards() {
    let mut desk = Desk::open();
    let inspector = desk.enrolled("U008");
    inspector.done(&["record", "--point", "P011", "rubbish at the south entrance"]);
    inspector.done(&["sync"]);
    let sound = on_server(&desk, &["audit"]);
    assert_eq!((sound.status, sound.at("/faults")), (0, &json!([])), "{:#}", sound.json);
    assert!(sound.at("/entries").as_u64().unwrap() > 1);

    // Somebody edits the words of the report in the server's file, into which the last to close it has written its journal.
    desk.stop();
    on_server(&desk, &["audit"]);
    assert!(spoil(&desk.server_dir().join("log.db"), b"rubbish at the south") > 0);
    let edited = on_server(&desk, &["audit"]);
    assert_eq!((edited.status, edited.text("/error/code").as_str()), (1, "audit"), "{:#}", edited.json);
    let faults = edited.list("/error/audit/faults");
    assert_eq!((faults.len(), &faults[0]["what"]), (1, &json!("bytes")), "{:#}", edited.json);
    let output = sanben().args(["audit", "--dir"]).arg(desk.server_dir()).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.lines().any(|line| line.contains("park-02:work") && line.contains("哈希")), "{text}");
}

#[test]
fn what_a_damaged_store_had_not_delivered_is_salvaged_and_delivered_from_a_fresh_one() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    let photo = data("park/photos/south-entrance-rubbish-before.jpg");
    let sent = inspector.done(&["record", "--point", "P010", "已经送达"]).text("/case");
    inspector.done(&["sync"]);
    let words = ["record", "--point", "P011", "--photo", photo.to_str().unwrap(), "还没有送达"];
    let unsent = inspector.done(&words).text("/case");
    inspector.done(&["act", &sent, "comment", "也没有送达"]);

    // The head of the file is overwritten.
    let file = inspector.store.join("sanben.db");
    let mut damaged = std::fs::read(&file).unwrap();
    damaged[..4096].fill(0x5a);
    std::fs::write(&file, &damaged).unwrap();
    let told = inspector.fails(&["cases"], "corrupt-store");
    assert!(told.text("/error/message").contains("salvage"), "it says what to do: {:#}", told.json);

    // As a list, beside the store, which stays as it is.
    let listed = inspector.done(&["salvage"]);
    let found = |answer: &crate::desk::Answer, words: &str| {
        let item = answer.list("/work").iter().find(|item| item["words"] == words);
        item.unwrap_or_else(|| panic!("no {words} in {:#}", answer.json)).clone()
    };
    let report = found(&listed, "还没有送达");
    assert_eq!((&report["document"], &report["point"]), (&json!(unsent), &json!("P011")));
    let kept = report["photos"][0]["file"].as_str().unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), std::fs::read(&photo).unwrap());
    assert_eq!(found(&listed, "也没有送达")["kind"], "comment");
    assert_eq!(listed.at("/sound"), &json!(false));
    let list: serde_json::Value =
        serde_json::from_slice(&std::fs::read(listed.text("/list")).unwrap()).unwrap();
    assert_eq!(&list["work"], listed.at("/work"));
    assert!(inspector.shown(&["salvage"]).contains("还没有送达"));
    assert_eq!(std::fs::read(&file).unwrap(), damaged);

    // Into a fresh store, which first has to be one.
    let fresh = desk.device("U008-2");
    let into = fresh.store.to_str().unwrap();
    inspector.fails(&["salvage", "--into", into], "no-folder");
    fresh.done(&["enroll", &desk.url, &desk.invite("U008", &[]).text("/code")]);
    inspector.fails(&["salvage", "--into", into], "nothing-yet");
    fresh.done(&["sync"]);
    let brought = inspector.done(&["salvage", "--into", into]);
    assert_eq!(found(&brought, "还没有送达")["became"], "recorded");
    assert_eq!(found(&brought, "也没有送达")["became"], "recorded");
    // The head says of nothing whether it was delivered; what was is known there.
    assert_eq!(found(&brought, "已经送达")["became"], "known");
    let again = inspector.done(&["salvage", "--into", into]);
    assert!(again.list("/work").iter().all(|item| item["became"] == "known"), "{:#}", again.json);

    let recorded = brought.list("/work").iter().filter(|item| item["became"] == "recorded").count();
    let synced = fresh.done(&["sync"]);
    assert_eq!((synced.at("/accepted"), synced.at("/needs_attention")), (&json!(recorded), &json!(0)));
    assert_eq!(synced.at("/photos_delivered"), &json!(1));
    let command = desk.enrolled("U001");
    assert_eq!(command.done(&["show", &unsent]).text("/description"), "还没有送达");
    assert_eq!(command.done(&["show", &unsent]).list("/photos").len(), 1);
    let thread = command.done(&["show", &sent]);
    assert_eq!(thread.text("/thread/1/deed/words"), "也没有送达");

    // A colleague's store does not take it.
    let colleague = desk.enrolled("U009");
    let other = inspector.done(&["salvage", "--into", colleague.store.to_str().unwrap()]);
    assert!(other.list("/work").iter().all(|item| item["became"] == "of-another"), "{:#}", other.json);
    assert_eq!(colleague.done(&["outbox"]).at("/pending"), &json!(0));
}

#[test]
fn what_is_known_to_be_delivered_is_not_listed() {
    let desk = Desk::open();
    let head = desk.enrolled("U062");
    let case = head.done(&["record", "--point", "P013", "线缆垂落"]).text("/case");
    head.done(&["sync"]);
    // The file is whole: what it knows to be delivered is not listed.
    let listed = head.done(&["salvage"]);
    assert_eq!((listed.at("/delivered"), listed.at("/list")), (&json!(1), &json!(null)));
    assert_eq!(listed.at("/sound"), &json!(true));
    head.done(&["act", &case, "comment", "等一下"]);
    assert_eq!(head.done(&["salvage"]).text("/work/0/words"), "等一下");
    head.done(&["sync"]);
    assert!(head.done(&["salvage"]).list("/work").is_empty());
    let nowhere = desk.device("nowhere");
    nowhere.fails(&["salvage"], "no-folder");
}

#[test]
fn a_photo_left_behind_by_delivered_work_is_delivered_from_the_fresh_store() {
    for damaged in [false, true] {
        let desk = Desk::open();
        let inspector = desk.enrolled("U008");
        let photo = data("park/photos/south-entrance-rubbish-before.jpg");
        let words = ["record", "--point", "P011", "--photo", photo.to_str().unwrap(), "照片没送到"];
        let case = inspector.done(&words).text("/case");

        // The server takes the work and cannot keep the photo.
        let photos = desk.server_dir().join("photos");
        let aside = desk.server_dir().join("photos-aside");
        std::fs::rename(&photos, &aside).unwrap();
        std::fs::write(&photos, "no folder").unwrap();
        inspector.fails(&["sync"], "network");
        std::fs::remove_file(&photos).unwrap();
        std::fs::rename(&aside, &photos).unwrap();
        let delivery = inspector.done(&["show", &case]);
        assert_eq!(delivery.at("/delivery/pending"), &json!(0), "{:#}", delivery.json);
        assert_eq!(delivery.at("/delivery/photos_delivered"), &json!(0));
        if damaged {
            let file = inspector.store.join("sanben.db");
            let mut content = std::fs::read(&file).unwrap();
            content[..4096].fill(0x5a);
            std::fs::write(&file, content).unwrap();
        }

        let listed = inspector.done(&["salvage"]);
        let item = listed.list("/work").iter().find(|item| item["words"] == "照片没送到").unwrap();
        assert_eq!(item["delivered"], !damaged);
        let fresh = desk.device("U008-2");
        fresh.done(&["enroll", &desk.url, &desk.invite("U008", &[]).text("/code")]);
        fresh.done(&["sync"]);
        let into = ["salvage", "--into", fresh.store.to_str().unwrap()];
        let brought = inspector.done(&into);
        let item = brought.list("/work").iter().find(|item| item["words"] == "照片没送到").unwrap();
        assert_eq!(item["became"], "photos", "{:#}", brought.json);
        assert!(inspector.done(&into).list("/work").iter().all(|item| item["became"] == "known"));
        assert_eq!(fresh.done(&["sync"]).at("/photos_delivered"), &json!(1));

        let (command, copy) = (desk.enrolled("U001"), desk.dir().join("copy.jpg"));
        let hash = command.done(&["show", &case]).text("/photos/0/hash");
        command.done(&["photo", &hash, "--out", copy.to_str().unwrap()]);
        assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(&photo).unwrap());
    }
}

#[test]
fn work_without_a_network_goes_by_hand() {
    let desk = Desk::open();
    let (author, carrier) = (desk.enrolled("U008"), desk.enrolled("U060"));
    let case = author.done(&["record", "--point", "P011", "垃圾"]).text("/case");
    let (first, second) = (desk.dir().join("first.bag"), desk.dir().join("second.bag"));
    let sealed = author.done(&["export", first.to_str().unwrap()]);
    assert_eq!(sealed.at("/changes"), &json!(3), "{:#}", sealed.json);
    author.done(&["export", second.to_str().unwrap()]);
    assert_eq!(author.fails(&["export", first.to_str().unwrap()], "write").status, 1);

    assert_eq!(carrier.done(&["carry", first.to_str().unwrap()]).at("/waiting"), &json!(1));
    carrier.done(&["sync"]);
    carrier.done(&["sync"]);
    carrier.done(&["show", &case]);
    // The same work at the desk has no second effect; a file of something else has none at all.
    let handed = on_server(&desk, &["carry", second.to_str().unwrap()]);
    assert_eq!((handed.status, handed.at("/changes")), (0, &json!(3)), "{:#}", handed.json);
    std::fs::write(&first, b"PK").unwrap();
    assert_eq!(on_server(&desk, &["carry", first.to_str().unwrap()]).text("/error/code"), "mailbag");
    let synced = author.done(&["sync"]);
    assert_eq!((synced.at("/accepted"), synced.at("/rejected")), (&json!(3), &json!(0)), "{:#}", synced.json);
}
