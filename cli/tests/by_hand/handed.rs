//! No internet: two devices hand their work to a tablet in the same network, which brings it to the server later.

use crate::desk::{Desk, Device, sanben};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

/// `mailbag` of a tablet.
struct Collecting {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Collecting {
    fn on(tablet: &Device) -> Self {
        let mut command = sanben();
        command.args(["--json", "field", "--store"]).arg(&tablet.store);
        command.args(["mailbag", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut collecting = Self { child, lines, address: String::new() };
        collecting.address = collecting.hears("collecting")["address"].as_str().unwrap().to_owned();
        collecting
    }

    #[track_caller]
    fn hears(&mut self, event: &str) -> Value {
        let line: Value = serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(line["event"], json!(event), "{line:#}");
        line
    }

    /// Ctrl-C; how many it took.
    fn closed(mut self) -> Value {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let taken = self.hears("closed")["taken"].clone();
        assert!(self.child.wait().unwrap().success());
        taken
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        // It may be gone already; either way it is gone now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_tablet_brings_the_work_of_two_devices_that_have_no_way_to_the_server() {
    let mut desk = Desk::open();
    let (inspector, head, tablet) = (desk.enrolled("U008"), desk.enrolled("U060"), desk.enrolled("U170"));
    let command = desk.enrolled("U001");
    // From now on there is no server.
    desk.cut();
    let photo = crate::desk::data("park/photos/open-bin-upright.jpg");
    let found =
        inspector.done(&["record", "--point", "P011", "--photo", photo.to_str().unwrap(), "垃圾桶破损"]);
    let other = head.done(&["record", "--point", "P011", "绿化带里有白色垃圾"]).text("/case");
    inspector.fails(&["sync"], "network");

    let mut collecting = Collecting::on(&tablet);
    let address = collecting.address.clone();
    let given = inspector.done(&["hand-in", &address]);
    assert_eq!((given.at("/mailbags"), given.at("/known")), (&json!(1), &json!(0)));
    assert_eq!(given.at("/photos_left"), &json!(1));
    assert!(collecting.hears("taken")["bytes"].as_u64() > Some(100));
    // Carried is not delivered: it all stays here, and a second time it is known again.
    let waiting = inspector.done(&["outbox"]).at("/pending").clone();
    assert_eq!(&waiting, given.at("/changes"));
    assert_eq!(inspector.done(&["hand-in", &address]).at("/known"), &json!(1));
    collecting.hears("known");
    assert!(head.shown(&["hand-in", &address]).contains("还不算送达"));
    collecting.hears("taken");
    // A wrong code, an address that is none.
    let (base, _) = address.split_once('#').unwrap();
    let wrong = inspector.fails(&["hand-in", &format!("{base}#0000-0000")], "not-taken");
    assert!(wrong.text("/error/message").contains("扫码"), "{:#}", wrong.json);
    assert_eq!(collecting.hears("refused")["why"], json!("wrong-code"));
    assert_eq!(inspector.ask(&["hand-in", "http://127.0.0.1:1"]).status, 2);
    assert_eq!(collecting.closed(), json!(2));
    inspector.fails(&["hand-in", &address], "network");

    // Another tenant's tablet takes nothing of ours.
    let stranger_desk = Desk::open();
    let stranger = stranger_desk.enrolled("U170");
    let mut astray = Collecting::on(&stranger);
    inspector.fails(&["hand-in", &astray.address.clone()], "not-taken");
    assert_eq!(astray.hears("refused")["why"], json!("another-server"));
    assert_eq!(astray.closed(), json!(0));

    // The tablet has a network again: everything arrives, once, judged by its authors.
    desk.serve_again();
    assert_eq!(tablet.done(&["sync"]).at("/carried"), &json!(2));
    command.done(&["sync"]);
    for case in [&found.text("/case"), &other] {
        command.done(&["show", case]);
    }
    for (device, photos) in [(&inspector, 1), (&head, 0)] {
        let synced = device.done(&["sync"]);
        assert_eq!((synced.at("/rejected"), synced.at("/changes_waiting")), (&json!(0), &json!(0)));
        assert_eq!(synced.at("/photos_delivered"), &json!(photos), "photos go with their own device");
        device.fails(&["hand-in", &address], "invalid");
    }
    assert_eq!(command.done(&["cases"]).list("/rows").len(), 2);
}
