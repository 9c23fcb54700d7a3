//! The main job by hand: recorded without a network, answered, put right, looked back at, on the sheet, the
//! same on every device.

use crate::desk::{Desk, data};
use serde_json::json;

/// Every day there will ever be: the machine's date must not matter.
const ALWAYS: [&str; 4] = ["--from", "2026-01-01", "--until", "2200-01-01"];

fn photo(name: &str) -> String {
    data("park/photos").join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_problem_from_the_street_to_the_sheet() {
    let mut desk = Desk::open();
    let (inspector, head, command) = (desk.enrolled("U008"), desk.enrolled("U060"), desk.enrolled("U001"));

    // No network: the server is gone, and everything but a sync works.
    desk.cut();
    let place = inspector.done(&["where", "38.308162", "116.839776"]);
    assert_eq!(place.text("/nearest/0/point/id"), "P011");
    let standards = inspector.done(&["standards", "--point", "P011", "停车标线"]);
    assert_eq!(standards.text("/standards/0/id"), "S30");
    // S30 has seven days: the test may run at any hour.
    let before = photo("south-entrance-rubbish-before.jpg");
    let words = "南入口有大片垃圾";
    let recorded = inspector.done(&[
        "record",
        "--point",
        "P011",
        "--standard",
        "S30",
        "--photo",
        &before,
        "--at",
        "38.308162,116.839776,8",
        words,
    ]);
    let case = recorded.text("/case");
    assert_eq!(recorded.text("/answers/id"), "U060");
    let listed = inspector.done(&["cases", "--text", "垃圾", "--open", "--mine"]);
    assert_eq!(listed.list("/rows").len(), 1);
    assert_eq!(listed.text("/rows/0/id"), case);
    assert_eq!(
        listed.at("/rows/0/delivery"),
        &json!({"pending": 1, "accepted": 0, "rejected": 0, "photos": 1, "photos_delivered": 0})
    );
    let shown = inspector.done(&["show", &case[..6]]);
    assert_eq!(shown.text("/description"), words);
    assert_eq!(shown.at("/fix/accuracy_m"), &json!(8));
    assert_eq!(shown.list("/photos").len(), 1);
    inspector.fails(&["sync"], "network");
    let outbox = inspector.done(&["outbox"]);
    assert!(outbox.list("/changes").iter().all(|change| change["state"] == json!({"kind": "pending"})));
    assert_eq!(outbox.at("/photos_delivered"), &json!(0));

    // The network is back; the colleague sees it, photo and all.
    desk.serve_again();
    let synced = inspector.done(&["sync"]);
    assert_eq!(synced.at("/photos_delivered"), &json!(1));
    assert_eq!(inspector.done(&["outbox"]).at("/pending"), &json!(0));
    assert!(inspector.shown(&["show", &case]).contains("1 张照片已送达 1 张"));
    head.done(&["sync"]);
    assert_eq!(head.done(&["cases", "--mine", "--open"]).text("/rows/0/id"), case);
    let copy = desk.dir().join("copy.jpg");
    let hash = head.done(&["show", &case]).text("/photos/0/hash");
    head.done(&["photo", &hash, "--out", copy.to_str().unwrap()]);
    assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(&before).unwrap());

    // Answered, put right, looked back at.
    let answered = head.done(&["acknowledge", &case[..8]]);
    assert_eq!(
        (answered.text("/status"), answered.text("/deed/words")),
        ("acknowledged".into(), "收到,马上落实!".into())
    );
    let after = photo("south-entrance-clean-after.jpg");
    assert_eq!(head.done(&["rectify", &case, "--photo", &after, "已清运"]).text("/status"), "rectified");
    head.fails(&["look-back", &case, "--passed"], "denied");
    head.done(&["sync"]);
    inspector.done(&["sync"]);
    let look = photo("south-entrance-look-back.jpg");
    inspector.done(&["look-back", &case, "--passed", "--photo", &look, "干净"]);
    inspector.done(&["sync"]);
    command.done(&["sync"]);
    head.done(&["sync"]);

    // The same truth on every device, but for what is its own.
    let same = |device: &crate::desk::Device| {
        let mut shown = device.done(&["show", &case]).json;
        shown.as_object_mut().unwrap().remove("delivery");
        shown
    };
    let truth = same(&command);
    assert_eq!(truth["status"], "closed");
    let kinds: Vec<_> =
        truth["thread"].as_array().unwrap().iter().map(|post| &post["deed"]["kind"]).collect();
    assert_eq!(kinds, ["report", "acknowledge", "rectify", "look-back"]);
    let roles: Vec<_> = truth["photos"].as_array().unwrap().iter().map(|photo| &photo["role"]).collect();
    assert_eq!(roles, ["before", "after", "look-back"]);
    assert_eq!(same(&inspector), truth);
    assert_eq!(same(&head), truth);

    // One finding of a subdistrict inspection costs one point of a thousand, and says why.
    for device in [&command, &inspector, &head] {
        let sheet = device.done(&[&["score", "park-02"], &ALWAYS[..]].concat());
        assert_eq!((sheet.text("/base"), sheet.text("/total")), ("1000".into(), "999".into()));
        let [entry] = sheet.list("/entries") else { panic!("{:#}", sheet.json) };
        assert_eq!(entry["points"], "-1");
        assert_eq!(entry["case"], case.as_str());
        assert_eq!(entry["reason"], json!({"kind": "finding", "source": "subdistrict"}));
        assert_eq!(entry["person"]["id"], "U060");
        assert_eq!(entry["photos"].as_array().unwrap().len(), 3);
    }
    let before_it = command.done(&[
        "score",
        "park-02",
        "--from",
        "2026-01-01",
        "--until",
        "2200-01-01",
        "--as-of",
        "2026-01-01T12:00",
    ]);
    assert_eq!(before_it.text("/total"), "1000");
    let ranking = command.done(&[&["ranking"], &ALWAYS[..]].concat());
    let places = ranking.list("/places");
    assert_eq!(places.len(), 14);
    let last_of_first_tier = places.iter().rfind(|place| place["tier"] == 1).unwrap();
    assert_eq!(
        (&last_of_first_tier["community"]["id"], &last_of_first_tier["place"]),
        (&json!("park-02"), &json!(7))
    );

    // The ledgers of the point.
    let ledgers = head.done(&["ledgers", "P011"]);
    assert_eq!(ledgers.text("/past/0/case"), case);
    assert_eq!(ledgers.text("/head/person/id"), "U060");
    assert!(ledgers.list("/open").is_empty());
}

#[test]
fn two_look_backs_contradict_until_a_person_decides() {
    let desk = Desk::open();
    let (one, other, command) = (desk.enrolled("U008"), desk.enrolled("U009"), desk.enrolled("U001"));
    let case = one.done(&["record", "--point", "P015", "--standard", "S30", "停车标线看不清"]).text("/case");
    one.done(&["sync"]);
    other.done(&["sync"]);
    one.done(&["look-back", &case, "--passed"]);
    let failed = other.done(&["look-back", &case, "--failed", "还是看不清"]).text("/event");
    for device in [&one, &other, &one, &command] {
        device.done(&["sync"]);
    }
    let shown = command.done(&["show", &case]);
    assert_eq!(shown.at("/disputed"), &json!(true));
    let between = shown.list("/disputes/0/between");
    assert_eq!(between.len(), 2);
    assert!(between.contains(&json!(failed)));
    assert_eq!(command.done(&["cases", "--disputed"]).list("/rows").len(), 1);
    assert!(command.shown(&["show", &case]).contains(&failed[..8]), "the events to choose from are shown");

    one.fails(&["decide", &case, &failed, "我说了算"], "denied");
    let report = shown.text("/thread/0/event");
    command.fails(&["decide", &case, &report, "上报有效"], "invalid");
    let decided = command.done(&["decide", &case, &failed[..8], "以现场照片为准"]);
    assert_eq!((decided.text("/status"), decided.at("/disputed")), ("rework".into(), &json!(false)));
}

#[test]
fn recording_is_completed_later_and_merged_and_apart_again() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    let bare = inspector.done(&["record", "--point", "P011"]);
    assert_eq!(bare.at("/standard"), &json!(null));
    let bare = bare.text("/case");
    inspector.fails(&["complete", &bare], "nothing-to-complete");
    inspector.done(&["complete", &bare, "--standard", "S30", "停车标线看不清"]);
    let shown = inspector.done(&["show", &bare]);
    assert_eq!(
        (shown.text("/standard/id"), shown.text("/description")),
        ("S30".into(), "停车标线看不清".into())
    );
    let fields = shown.at("/thread/1/deed/fields");
    assert_eq!(fields, &json!(["standard", "description"]), "everybody sees what was completed");

    let again = inspector.done(&["record", "--point", "P011", "--standard", "S30", "又是这里"]);
    assert_eq!(again.text("/duplicates/0/id"), bare, "same standard, same point, just now");
    let again = again.text("/case");
    inspector.fails(&["merge", &again, &again], "invalid");
    inspector.fails(&["unmerge", &again, "没有并过"], "not-merged");
    assert_eq!(inspector.done(&["merge", &again, &bare]).text("/status"), "merged");
    assert_eq!(inspector.done(&["show", &again]).text("/merged_into"), bare);
    let sheet = inspector.done(&[&["score", "park-02"], &ALWAYS[..]].concat());
    assert_eq!(sheet.text("/total"), "999", "one problem, whoever found it");
    inspector.done(&["unmerge", &again, "不是一回事"]);
    let sheet = inspector.done(&[&["score", "park-02"], &ALWAYS[..]].concat());
    assert_eq!(sheet.text("/total"), "998");
}

#[test]
fn a_deadline_is_put_into_the_future_and_not_into_the_past() {
    let desk = Desk::open();
    let command = desk.enrolled("U001");
    let case = command.done(&["record", "--standard", "S30", "标线看不清"]).text("/case");
    for act in ["on-account", "extend"] {
        let past = command.fails(&["act", &case, act, "--until", "2026-02-03", "等材料"], "invalid");
        assert!(past.text("/error/message").contains("已经过去"), "{:#}", past.json);
    }
    // Put on account until a day: due at the end of that day.
    let account = command.done(&["act", &case, "on-account", "--until", "2099-02-03", "等材料"]);
    assert_eq!(account.text("/due"), "2099-02-03T18:00:00.000+08:00");
    assert!(command.done(&["cases", "--overdue"]).list("/rows").is_empty());
}

#[test]
fn lists_come_in_pages() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    let mut recorded: Vec<_> =
        (1..=5).map(|n| inspector.done(&["record", &format!("第 {n} 处")]).text("/case")).collect();
    recorded.reverse();
    let (mut listed, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut words = vec!["cases", "--limit", "2"];
        if let Some(token) = &after {
            words.extend(["--after", token]);
        }
        let page = inspector.done(&words);
        listed.extend(page.list("/rows").iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        match page.at("/next").as_str() {
            Some(token) => after = Some(token.to_owned()),
            None => break,
        }
    }
    assert_eq!(listed, recorded, "latest first, none twice, none left out");
    inspector.fails(&["cases", "--after", "zz"], "bad-token");
}

#[test]
fn a_reminder_of_ones_own_is_set_moved_listed_and_taken_back() {
    let desk = Desk::open();
    let volunteer = desk.enrolled("U170");
    let case = volunteer.done(&["record", "路灯不亮"]).text("/case");
    volunteer.done(&["remind", &case[..6], "--at", "2199-03-20"]);
    let moved = volunteer.done(&["remind", &case[..6], "--at", "2199-03-20T17:00"]);
    assert_eq!(
        (moved.text("/document"), moved.text("/at")),
        (case.clone(), "2199-03-20T17:00:00.000+08:00".into())
    );
    let listed = volunteer.done(&["reminders"]);
    assert_eq!(listed.list("/reminders").len(), 1, "in the place of the earlier one: {:#}", listed.json);
    assert_eq!(listed.text("/reminders/0/title"), "路灯不亮");
    assert_eq!(
        (listed.at("/reminders/0/due"), listed.at("/reminders/0/come")),
        (&json!(null), &json!(false))
    );
    // A matter as well; its hour has long come, and it stays first in the list until it is taken back.
    let matter = volunteer.done(&[
        "matter",
        "open",
        "shift",
        "post=南入口",
        "from=06:00",
        "until=18:00",
        "--point",
        "P011",
    ]);
    let matter = matter.text("/id");
    volunteer.done(&["remind", &matter, "--at", "2020-01-01"]);
    let listed = volunteer.done(&["reminders"]);
    assert_eq!(
        (listed.text("/reminders/0/document"), listed.at("/reminders/0/come")),
        (matter.clone(), &json!(true))
    );
    assert!(volunteer.shown(&["reminders"]).contains("2020-01-01 08:00（到时间了）"));
    volunteer.done(&["remind", &matter, "--none"]);
    let set = volunteer.shown(&["remind", &case[..6], "--in", "1d"]);
    assert!(set.contains("提醒"), "{set}");
    volunteer.done(&["remind", &case[..6], "--none"]);
    assert!(volunteer.done(&["reminders"]).list("/reminders").is_empty());
    for when in [&[][..], &["--in", "1d", "--none"], &["--in", "soon"], &["--at", "morning"]] {
        let wrong = volunteer.ask(&[&["remind", &case[..6]], when].concat());
        assert_eq!((wrong.status, wrong.text("/error/code").as_str()), (2, "usage"), "{when:?}");
    }
    volunteer.fails(&["remind", "abcdef01", "--in", "1d"], "not-found");
}
