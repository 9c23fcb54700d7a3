//! The server as an office runs it: TLS with an invitation that names the key, a monitor, SIGTERM in the middle
//! of a sync, a backup while it serves, a restore, and a log for a third party.

use crate::desk::{Answer, Desk, Device, answer, ask, data, sanben};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server with flags of its own.
struct Serving {
    child: Child,
    said: Value,
}

impl Serving {
    fn with(dir: &Path, more: &[&str]) -> Self {
        let mut child = sanben()
            .args(["--json", "serve", "--dir"])
            .arg(dir)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(dir.with_extension("log")).unwrap())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        while !text.ends_with("}\n") {
            assert_ne!(out.read_line(&mut text).unwrap(), 0, "the server ended: {text}");
        }
        Self { child, said: serde_json::from_str(&text).unwrap() }
    }

    fn url(&self) -> String {
        self.said["url"].as_str().unwrap().to_owned()
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits until it ends by itself, and says how.
    fn ended(mut self) -> bool {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may be gone already; either way it is gone now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn enrolled(desk: &Desk, name: &str, person: &str) -> Device {
    let invited = desk.invite(person, &[]);
    let device = desk.device(name);
    device.done(&["enroll", &invited.text("/url"), &invited.text("/code")]);
    device.done(&["sync"]);
    device
}

fn imported() -> Desk {
    let desk = Desk::closed();
    assert_eq!(desk.import(&data("park")).status, 0);
    desk
}

fn on(desk: &Desk, words: &[&str]) -> Answer {
    let dir = desk.server_dir();
    ask([&[words[0], "--dir", dir.to_str().unwrap()], &words[1..]].concat())
}

#[test]
fn an_invitation_names_the_key_and_another_certificate_is_told() {
    let desk = imported();
    let dir = desk.server_dir();
    let serving = Serving::with(&dir, &["--listen", "127.0.0.1:0", "--tls", "--monitor", "127.0.0.1:0"]);
    let url = serving.url();
    assert!(url.starts_with("https://127.0.0.1:") && url.contains("/#sha256="), "{url}");
    let inspector = enrolled(&desk, "inspector", "U008");
    // Behind a name of its own, the address still names the key.
    let port = url.split([':', '/']).nth(4).unwrap();
    let named = desk.invite("U060", &["--url", &format!("https://localhost:{port}")]);
    assert!(
        named.text("/url").starts_with(&format!("https://localhost:{port}/#sha256=")),
        "{:#}",
        named.json
    );
    let head = desk.device("head");
    head.done(&["enroll", &named.text("/url"), &named.text("/code")]);

    let monitor = serving.said["monitor"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let mut line = TcpStream::connect(monitor).unwrap();
    write!(line, "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut metrics = String::new();
    line.read_to_string(&mut metrics).unwrap();
    assert!(metrics.contains("\nsanben_devices 2\n"), "{metrics}");

    // The certificate's key is gone and made anew: whoever has the old address is told what to do.
    inspector.done(&["record", "--point", "P011", "垃圾桶破损"]);
    let address = url.trim_start_matches("https://").split('/').next().unwrap().to_owned();
    serving.terminate();
    assert!(serving.ended());
    std::fs::remove_file(dir.join("tls.key")).unwrap();
    let serving = Serving::with(&dir, &["--listen", &address, "--tls"]);
    let refused = inspector.fails(&["sync"], "network");
    assert!(refused.text("/error/message").contains("向他们要新地址"), "{:#}", refused.json);
    assert!(inspector.done(&["sync", "--url", &serving.url()]).at("/accepted").as_u64() > Some(0));
    inspector.done(&["sync"]);
}

#[test]
fn what_cannot_be_a_certificate_is_told() {
    let desk = imported();
    let dir = desk.server_dir();
    let file = desk.dir().join("no.pem");
    std::fs::write(&file, "nothing").unwrap();
    let file = file.to_str().unwrap();
    let serve = |words: &[&str]| on(&desk, &[&["serve", "--listen", "127.0.0.1:0"], words].concat());
    assert_eq!(serve(&["--cert", file, "--key", file]).text("/error/code"), "tls");
    assert_eq!(serve(&["--cert", "/nowhere", "--key", file]).text("/error/code"), "tls");
    assert_eq!(serve(&["--cert", file]).status, 2);
    assert!(!dir.join("tls.key").exists());
}

/// Photos take long enough for the signal to come in between.
#[test]
fn sigterm_in_the_middle_of_a_sync_loses_nothing() {
    let desk = imported();
    let dir = desk.server_dir();
    let serving = Serving::with(&dir, &["--listen", "127.0.0.1:0", "--log", "json"]);
    let url = serving.url();
    let inspector = enrolled(&desk, "inspector", "U008");
    let photo = data("../core/photo/src/fixtures/rgb.jpg");
    for n in 0..12 {
        // Another picture each time: bytes after its end are no part of it, but of its hash.
        let mut bytes = std::fs::read(&photo).unwrap();
        bytes.extend_from_slice(format!("{n}").as_bytes());
        let file = desk.dir().join(format!("{n}.jpg"));
        std::fs::write(&file, bytes).unwrap();
        inspector.done(&["record", "--point", "P011", "--photo", file.to_str().unwrap(), "路面坑洼"]);
    }
    let store = inspector.store.clone();
    let syncing =
        std::thread::spawn(move || answer(sanben().args(["field", "--store"]).arg(store).arg("sync")));
    std::thread::sleep(Duration::from_millis(150));
    serving.terminate();
    let first = syncing.join().unwrap();
    assert!(first.status == 0 || first.text("/error/code") == "network", "{:#}", first.json);
    assert!(serving.ended(), "stopped in good order");
    let log = std::fs::read_to_string(dir.with_extension("log")).unwrap();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string());
    }
    assert_eq!(on(&desk, &["audit"]).status, 0);
    let address = url.trim_start_matches("http://").to_owned();
    let _again = Serving::with(&dir, &["--listen", &address]);
    inspector.done(&["sync"]);
    let outbox = inspector.done(&["outbox"]);
    assert_eq!((outbox.at("/pending"), outbox.at("/photos_delivered")), (&0.into(), &12.into()));
    assert_eq!(outbox.list("/needs_attention").len(), 0, "{:#}", outbox.json);
    let names = std::fs::read_dir(dir.join("photos")).unwrap().map(|file| file.unwrap().file_name());
    assert_eq!(names.filter(|name| name.len() == 64).count(), 12, "named by their hash: they are whole");
}

#[test]
fn back_from_a_backup_devices_go_on_and_a_third_party_finds_nothing_wrong() {
    let desk = imported();
    let dir = desk.server_dir();
    let serving = Serving::with(&dir, &["--listen", "127.0.0.1:0", "--tls"]);
    let url = serving.url();
    let inspector = enrolled(&desk, "inspector", "U008");
    let kept = inspector.done(&["record", "--point", "P011", "围栏倒了"]).text("/case");
    inspector.done(&["sync"]);
    let file = desk.dir().join("monday.tar");
    let file = file.to_str().unwrap();
    let backup = on(&desk, &["backup", file]);
    assert_eq!(backup.status, 0, "{:#}", backup.json);
    assert_eq!(on(&desk, &["backup", file]).text("/error/code"), "backup", "none replaces another");
    // After the backup, and gone with the server.
    let later = inspector.done(&["record", "--point", "P011", "下水道堵了"]).text("/case");
    inspector.done(&["sync"]);
    serving.terminate();
    assert!(serving.ended());
    let address = url.trim_start_matches("https://").split('/').next().unwrap().to_owned();
    std::fs::rename(&dir, desk.dir().join("broken")).unwrap();

    let dir = dir.to_str().unwrap();
    let restored = ask(["restore", file, "--dir", dir, "--verify"]);
    assert_eq!((restored.status, restored.at("/verified")), (0, &true.into()), "{:#}", restored.json);
    assert_eq!(ask(["restore", file, "--dir", dir]).text("/error/code"), "restore", "not into what is there");
    let _serving = Serving::with(Path::new(dir), &["--listen", &address, "--tls"]);
    // The certificate came back too. What the backup lacks, the device brings again.
    for _ in 0..3 {
        inspector.done(&["sync"]);
    }
    let head = enrolled(&desk, "head", "U060");
    head.done(&["show", &kept]);
    head.done(&["show", &later]);

    let log = desk.dir().join("park.log");
    let log = log.to_str().unwrap();
    let exported = on(&desk, &["export-log", log]);
    assert_eq!(exported.status, 0, "{:#}", exported.json);
    let key = exported.text("/key");
    let proven = ask(["verify-log", log, "--server-key", &key]);
    assert_eq!((proven.status, proven.at("/entries")), (0, exported.at("/entries")), "{:#}", proven.json);
    assert_eq!(ask(["verify-log", log]).at("/server").as_str(), Some(key.as_str()));
    let other = format!("{}{}", &key[..key.len() - 2], if key.ends_with("00") { "01" } else { "00" });
    let refused = ask(["verify-log", log, "--server-key", &other]);
    assert_eq!(refused.text("/error/proof/mismatch/what"), "other-server");
    assert_eq!(ask(["verify-log", log, "--server-key", "xyz"]).status, 2);
    let mut bytes = std::fs::read(log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(log, bytes).unwrap();
    let refused = ask(["verify-log", log]);
    assert_eq!(
        (refused.status, refused.text("/error/code").as_str()),
        (1, "verify-log"),
        "{:#}",
        refused.json
    );
    assert!(refused.text("/error/message").starts_with("账本对不上"), "{:#}", refused.json);
    assert_eq!(ask(["verify-log", "/nowhere"]).text("/error/code"), "read");
}
