//! The file of the log and the key beside it: whose they are, what becomes of a crash.

use crate::device::*;
use sanben_domain::id::PersonId;
use sanben_domain::time::Timestamp;
use sanben_server::{Server, ServerError, log::LogError};
use std::path::Path;
use std::sync::Arc;

fn try_open(dir: &Path) -> Result<Server, ServerError> {
    Server::open(dir, Arc::new(|| Timestamp(0)), Arc::new(fill))
}

#[test]
fn a_log_survives_its_server() {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    let (case, _) = device.report("park-01", "P001");
    let call = device.ask();
    let answer = desk.server.handle(&call);
    // Killed after the commit, before anything else: the next one begins with what is durable.
    let server = desk.another();
    assert_eq!(server.epoch(), desk.server.epoch());
    assert_eq!(server.key(), desk.server.key());
    let again = server.handle(&call);
    assert_eq!(response(&again).verdicts, response(&answer).verdicts);
    device.take(&call, &again);
    let code = server.invite(&PersonId::from(HEAD_01), 1_000).unwrap();
    let mut head = Device::enrol(&server, &code, desk.now());
    head.sync(&server);
    assert_eq!(head.documents[&case].heads(), device.documents[&case].heads());
}

#[test]
fn a_request_is_all_or_nothing() {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    let (case, _) = device.report("park-01", "P001");
    device.comment(case, "之一");
    device.comment(case, "之二");
    let before = desk.server.counts().unwrap();
    // The disk refuses the third change of three.
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    log.execute_batch(
        "CREATE TRIGGER refuse BEFORE INSERT ON change WHEN NEW.seq = 3
         BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )
    .unwrap();
    let call = device.ask();
    let reply = desk.server.handle(&call);
    assert_eq!(reply.status, 500);
    assert!(!device.believes(&call, &reply), "a failure is no word of the server");
    assert_eq!(desk.server.counts().unwrap(), before);
    log.execute_batch("DROP TRIGGER refuse").unwrap();
    device.sync(&desk.server);
    assert_eq!(desk.server.counts().unwrap().changes, 3);
}

#[test]
fn a_log_of_a_later_version_is_left_alone() {
    let desk = Desk::park();
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    log.pragma_update(None, "user_version", 99).unwrap();
    let opened = try_open(desk.dir.path());
    assert!(matches!(opened, Err(ServerError::Log(LogError::Newer))), "{opened:?}");
}

#[test]
fn damage_is_named_and_nothing_is_replaced() {
    let desk = Desk::park();
    let dir = desk.dir.path().to_owned();
    let path = dir.join("log.db");
    {
        let log = rusqlite::Connection::open(&path).unwrap();
        log.pragma_update(None, "wal_checkpoint", "TRUNCATE").ok();
    }
    let Desk { server, dir: _kept, .. } = desk;
    drop(server);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..100].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let opened = try_open(&dir);
    assert!(matches!(opened, Err(ServerError::Log(LogError::Damaged(_)))), "{opened:?}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn the_file_of_another_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(made_key().path().join("server.key"), dir.path().join("server.key")).unwrap();
    let other = rusqlite::Connection::open(dir.path().join("log.db")).unwrap();
    other.execute_batch("CREATE TABLE ledger (id INTEGER PRIMARY KEY)").unwrap();
    let opened = try_open(dir.path());
    assert!(matches!(opened, Err(ServerError::Log(LogError::Foreign))), "{opened:?}");
}

fn made_key() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    try_open(dir.path()).unwrap();
    dir
}

#[test]
fn the_key_is_the_owners_alone_and_belongs_to_the_log() {
    use std::os::unix::fs::PermissionsExt;
    let dir = made_key();
    let path = dir.path().join("server.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let key = std::fs::read(&path).unwrap();

    std::fs::remove_file(&path).unwrap();
    assert!(matches!(try_open(dir.path()), Err(ServerError::Key(_))));
    assert!(!path.exists(), "a new key would lock every device out");
    std::fs::write(&path, &key[1..]).unwrap();
    assert!(matches!(try_open(dir.path()), Err(ServerError::Key(_))));
    std::fs::copy(made_key().path().join("server.key"), &path).unwrap();
    assert!(matches!(try_open(dir.path()), Err(ServerError::Key(_))));
    std::fs::write(&path, &key).unwrap();
    try_open(dir.path()).unwrap();
}

#[test]
fn processes_that_start_at_once_agree_on_one_key_and_one_log() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let start = || try_open(path).unwrap();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(opened.iter().all(|server| server.key() == opened[0].key()));
    assert!(opened.iter().all(|server| server.epoch() == opened[0].epoch()));
}

#[test]
fn several_processes_write_one_log() {
    let desk = Desk::park();
    let devices: Vec<Device> = (0..4).map(|_| desk.synced(CLERK_01)).collect();
    std::thread::scope(|scope| {
        for mut device in devices {
            let server = desk.another();
            scope.spawn(move || {
                for _ in 0..10 {
                    device.report("park-01", "P001");
                    device.sync(&server);
                }
            });
        }
    });
    let mut last = desk.device(CLERK_01);
    last.sync(&desk.server);
    assert_eq!(last.documents.len(), 40, "and its chain verified on the way");
}
