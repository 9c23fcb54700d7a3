//! A full disk, on the device and under the server: told, nothing half done, and everything goes through once
//! there is room.
//!
//! On a small file system of its own where this may be mounted (as root); else by the process's limit on the
//! size of files, which fails the same writes in the same places with another number.

use crate::desk::{Answer, Desk, Device, answer, data, sanben};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The command in a shell that has the limit on file sizes reported as an error instead of a signal.
pub(crate) fn unkillable(command: &Command) -> Command {
    limited(command, "unlimited")
}

/// The same with a limit in blocks of 512 bytes.
fn limited(command: &Command, blocks: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    let script = "trap '' XFSZ; ulimit -S -f \"$0\"; exec \"$@\"";
    shell.env_clear().stdin(Stdio::null()).args(["-c", script, blocks]);
    shell.arg(command.get_program()).args(command.get_args());
    shell
}

/// A disk of few megabytes.
struct SmallDisk {
    at: PathBuf,
    mounted: bool,
}

impl SmallDisk {
    fn at(path: &Path) -> Self {
        std::fs::create_dir(path).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs"]).arg(path);
        let mounted = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        if !mounted {
            eprintln!("may not mount: by the limit on the size of files");
        }
        Self { at: path.to_owned(), mounted }
    }

    fn filler(&self) -> PathBuf {
        self.at.join("filler")
    }

    /// Leaves so much room, KiB.
    fn fill(&self, room: u64) {
        self.clear();
        let mut filler = File::create(self.filler()).unwrap();
        let mut size = 0;
        while filler.write_all(&[0x5a; 4096]).is_ok() {
            size += 4096;
        }
        filler.set_len(size - room * 1024).unwrap();
    }

    fn clear(&self) {
        if self.filler().exists() {
            std::fs::remove_file(self.filler()).unwrap();
        }
    }

    /// Runs a command of a device while there is only so much room, KiB.
    fn ask(&self, room: u64, device: &Device, words: &[&str]) -> Answer {
        let mut command = sanben();
        command.args(["field", "--store", device.store.to_str().unwrap()]).args(words);
        if !self.mounted {
            return answer(&mut limited(&command, &(room * 2).to_string()));
        }
        self.fill(room);
        let answer = answer(&mut command);
        self.clear();
        answer
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if self.mounted {
            // Lazily: the server below may still hold its files.
            let _ = Command::new("umount").arg("-l").arg(&self.at).status();
        }
    }
}

#[test]
fn a_full_device_says_so_and_loses_nothing() {
    let desk = Desk::open();
    let disk = SmallDisk::at(&desk.dir().join("card"));
    let inspector = desk.device("card/U008");
    std::fs::create_dir_all(&inspector.store).unwrap();
    inspector.done(&["enroll", &desk.url, &desk.invite("U008", &[]).text("/code")]);
    inspector.done(&["sync"]);
    let photo = data("park/photos/south-entrance-rubbish-before.jpg");
    let photo = photo.to_str().unwrap();
    let first =
        inspector.done(&["record", "--point", "P011", "--photo", photo, "有空间的时候"]).text("/case");

    // With no room, with a little more, with nearly enough: each time recorded whole, or not at all.
    let (mut recorded, mut refused) = (BTreeSet::from([first]), Vec::new());
    for room in (0..200).step_by(20) {
        let words = format!("还剩 {room} KiB");
        let told = disk.ask(room, &inspector, &["record", "--point", "P013", "--photo", photo, &words]);
        if told.status == 0 {
            recorded.insert(told.text("/case"));
            continue;
        }
        assert_eq!(told.status, 1);
        if disk.mounted {
            assert_eq!(told.text("/error/code"), "full", "{:#}", told.json);
            assert!(told.text("/error/message").contains("清理空间"), "it says what to do");
        }
        let draft = told.json.pointer("/error/draft").and_then(|draft| draft.as_str()).map(str::to_owned);
        refused.push((words, draft));
    }
    assert!(refused.len() > 2, "{refused:?}");
    let listed = |device: &Device| -> BTreeSet<String> {
        let cases = device.done(&["cases"]);
        cases.list("/rows").iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(listed(&inspector), recorded, "what was said to be recorded, and nothing else");
    if disk.mounted {
        let told = disk.ask(0, &inspector, &["cases"]);
        assert_eq!((told.status, told.text("/error/code").as_str()), (1, "full"));
    }

    // There is room again: the drafts go through as they are, the rest is typed again.
    for (words, draft) in refused {
        let again = match &draft {
            Some(draft) => inspector.done(&["record", "--draft", &draft[..8], "--photo", photo]),
            None => inspector.done(&["record", "--point", "P013", "--photo", photo, &words]),
        };
        assert_eq!((again.text("/description"), again.at("/photos")), (words, &json!(1)));
        recorded.insert(again.text("/case"));
    }
    assert_eq!(listed(&inspector), recorded);
    let synced = inspector.done(&["sync"]);
    assert_eq!((synced.at("/needs_attention"), synced.at("/photos_waiting")), (&json!(0), &json!(0)));
    assert_eq!(listed(&desk.enrolled("U001")), recorded);
}

#[test]
fn a_full_server_says_so_and_takes_everything_later() {
    let mut desk = Desk::closed();
    let disk = SmallDisk::at(&desk.server_dir());
    desk.start();
    let (inspector, command) = (desk.enrolled("U008"), desk.enrolled("U001"));
    let photo = data("park/photos/south-entrance-rubbish-before.jpg");
    let limit = |size: &str| {
        let process = desk.process().to_string();
        let status = Command::new("prlimit").args(["--pid", &process, &format!("--fsize={size}:")]).status();
        assert!(status.unwrap().success());
    };
    let words = ["record", "--point", "P011", "--photo", photo.to_str().unwrap(), "服务器满了"];
    let case = inspector.done(&words).text("/case");
    match disk.mounted {
        true => disk.fill(0),
        false => limit("1024"),
    }
    for _ in 0..2 {
        let told = inspector.fails(&["sync"], "network");
        assert!(told.text("/error/message").contains("磁盘已满"), "{:#}", told.json);
    }
    if disk.mounted {
        assert!(desk.told().contains("full"), "its keeper is told: {}", desk.told());
    }
    assert!(inspector.done(&["show", &case]).at("/delivery/pending").as_u64() > Some(0));

    match disk.mounted {
        true => disk.clear(),
        false => limit("unlimited"),
    }
    let synced = inspector.done(&["sync"]);
    assert_eq!((synced.at("/accepted"), synced.at("/photos_delivered")), (synced.at("/sent"), &json!(1)));
    command.done(&["sync"]);
    assert_eq!(command.done(&["show", &case]).text("/description"), "服务器满了");
    let dir = desk.server_dir();
    let audit = crate::desk::ask(["audit", "--dir", dir.to_str().unwrap()]);
    assert_eq!((audit.status, audit.at("/faults")), (0, &json!([])), "{:#}", audit.json);
}
