//! Other processes: this very program, started again to play one part.

use crate::device::{MORNING, fill};
use crate::scribe::{Scribe, document, whole, work};
use crate::store::{NEW, Store, open};
use sanben_server::{Server, serve};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const PART: &str = "SANBEN_TEST_PART";
const ADDRESS: &str = "SANBEN_TEST_ADDRESS";
const FOLDER: &str = "SANBEN_TEST_FOLDER";

/// How much a writing process writes.
pub(crate) const WRITES: u64 = 15;

/// A process; killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Process {
    /// Starts a part on the store at an address.
    pub(crate) fn start(part: &str, address: &str, folder: Option<&Path>) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "processes::plays_its_part", "--nocapture"]);
        command.env(PART, part).env(ADDRESS, address);
        if let Some(folder) = folder {
            command.env(FOLDER, folder);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Waits for a line `» word value` and gives the value.
    pub(crate) fn said(&mut self, word: &str) -> String {
        for line in self.lines.by_ref().lines() {
            let line = line.unwrap();
            // The test runner may have begun the line.
            if let Some((_, value)) = line.split_once(&format!("» {word}")) {
                return value.trim().to_owned();
            }
        }
        panic!("the process ended without saying {word}")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn go_on(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    pub(crate) fn finish(mut self) {
        drop(self.child.stdin.take());
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
    }

    /// As `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Played by itself it writes into a store of its own.
#[test]
fn plays_its_part() {
    let part = std::env::var(PART).unwrap_or_else(|_| "write".to_owned());
    let own = Store::sqlite();
    let address = std::env::var(ADDRESS).unwrap_or_else(|_| own.address());
    match part.as_str() {
        "write" => write(&address),
        "hold" => hold(&address),
        "serve" => serve_at(&address, Path::new(&std::env::var(FOLDER).unwrap())),
        other => panic!("there is no part {other}"),
    }
}

/// Writes into two scopes and into a document that all share.
fn write(address: &str) {
    let log = open(address, &NEW).unwrap();
    let mut scribe = Scribe::new();
    for turn in 0..WRITES {
        let mut tx = log.begin().unwrap();
        scribe.append(&mut *tx, &work("park-01"), document(1));
        scribe.append(&mut *tx, &work("park-02"), document(u128::from(turn % 3) + 2));
        tx.share(document(1), &work("park-03"), crate::scribe::NOON).unwrap();
        tx.commit().unwrap();
    }
    assert!(whole(&*log.read().unwrap()) >= 3 * WRITES);
}

/// Stands still in the middle of a transaction.
fn hold(address: &str) {
    let log = open(address, &NEW).unwrap();
    let mut tx = log.begin().unwrap();
    let mut scribe = Scribe::new();
    for _ in 0..WRITES {
        scribe.append(&mut *tx, &work("park-01"), document(1));
    }
    println!("» holding");
    let _ = std::io::stdin().read(&mut [0]);
    tx.commit().unwrap();
}

/// Serves until it is killed or its input ends.
fn serve_at(address: &str, folder: &Path) {
    let database = Some(address).filter(|address| address.starts_with("postgresql:"));
    let server = Server::open_at(folder, database, Arc::new(|| MORNING), Arc::new(fill)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("» address {}", listener.local_addr().unwrap());
        let end = tokio::task::spawn_blocking(|| drop(std::io::stdin().read(&mut [0])));
        serve(Arc::new(server), listener, async { end.await.unwrap() }).await.unwrap();
    });
}
