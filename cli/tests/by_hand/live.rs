//! A device that stays up to date, and syncs that may take only so much.

use crate::desk::{Desk, sanben};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// `sync --watch` of a device; its lines come as they are written.
struct Watching {
    child: Child,
    lines: Receiver<(Value, Instant)>,
}

impl Watching {
    fn of(device: &crate::desk::Device) -> Self {
        let mut command = sanben();
        command.args(["--json", "field", "--store"]).arg(&device.store).args(["sync", "--watch"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let (told, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = told.send((serde_json::from_str(&line).unwrap(), Instant::now()));
            }
        });
        Self { child, lines }
    }

    /// The next line about this, and when it came.
    #[track_caller]
    fn hears(&self, event: &str) -> (Value, Instant) {
        loop {
            let (line, at) = self.lines.recv_timeout(Duration::from_secs(30)).unwrap();
            if line["event"] == event {
                return (line, at);
            }
        }
    }

    /// Ctrl-C.
    fn ended(mut self) -> (bool, Duration) {
        let begun = Instant::now();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        (self.child.wait().unwrap().success(), begun.elapsed())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may be gone already; either way it is gone now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_one_records_another_sees_within_two_seconds_also_after_the_server_was_gone() {
    let mut desk = Desk::open();
    let (inspector, head) = (desk.enrolled("U008"), desk.enrolled("U060"));
    let watching = Watching::of(&head);
    watching.hears("live");
    let case = inspector.done(&["record", "--point", "P011", "垃圾桶破损"]).text("/case");
    inspector.done(&["sync"]);
    let durable = Instant::now();
    let (line, seen) = watching.hears("case");
    assert_eq!((&line["case"], &line["description"]), (&json!(case), &json!("垃圾桶破损")));
    assert_eq!(line["point"]["id"], json!("P011"));
    assert!(seen.saturating_duration_since(durable) < Duration::from_secs(2), "{:?}", seen - durable);

    desk.cut();
    watching.hears("offline");
    desk.serve_again();
    let case = inspector.done(&["record", "--point", "P011", "窨井盖破损"]).text("/case");
    inspector.done(&["sync"]);
    let (line, _) = watching.hears("case");
    assert_eq!(line["case"], json!(case));
    let (well, took) = watching.ended();
    assert!(well && took < Duration::from_secs(3), "{took:?}");
    // Whoever stops leaves a store that others can use at once.
    assert_eq!(head.done(&["cases"]).list("/rows").len(), 2);
}

#[test]
fn a_sync_takes_no_more_than_it_may_and_says_what_is_left() {
    let desk = Desk::open();
    let device = desk.enrolled("U008");
    device.done(&["record", "--point", "P011", "垃圾"]);
    let report = device.done(&["sync", "--requests", "0"]);
    assert_eq!((report.at("/stopped"), report.at("/changes_waiting")), (&json!("requests"), &json!(3)));
    assert_eq!(device.done(&["sync", "--for", "0s"]).at("/stopped"), &json!("time"));
    assert_eq!(device.done(&["sync", "--bytes", "100"]).at("/stopped"), &json!("bytes"));
    assert!(device.shown(&["sync", "--for", "0s"]).contains("还剩 3 条改动"));
    let report = device.done(&["sync", "--for", "1m", "--bytes", "2MB"]);
    assert_eq!((report.at("/stopped"), report.at("/accepted")), (&Value::Null, &json!(3)));
    let misread = device.ask(&["sync", "--for", "soon"]);
    assert!(misread.text("/error/message").contains("20s"), "{:#}", misread.json);
}
