//! The server's own replica: as far as the log, whatever happened in between.

use crate::device::*;
use sanben_domain::id::PersonId;
use sanben_server::{Server, ServerError, import};
use sanben_store::{CaseQuery, Store, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn cases(store: &Store) -> usize {
    store.cases(&CaseQuery::default()).unwrap().rows.len()
}

#[test]
fn the_replica_holds_what_devices_hold() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    let replica = desk.server.replica().unwrap();
    assert_eq!(*replica.reference().unwrap(), *desk.server.reference().unwrap());
    // From now on it follows.
    clerk.comment(case, "还在");
    clerk.report("park-01", "P002");
    clerk.sync(&desk.server);
    assert_eq!(cases(&replica), 2);
    let held = replica.document(case).unwrap().unwrap();
    assert_eq!(held.heads(), clerk.documents[&case].heads());
    assert_eq!(replica.case(case).unwrap().unwrap().record.id, case);
    assert!(replica.quarantined().unwrap().is_empty());
}

#[test]
fn a_crash_between_the_log_and_the_replica_is_caught_up() {
    let mut desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    assert_eq!(cases(&desk.server.replica().unwrap()), 1);
    // This server commits and never comes to its replica.
    desk.server = desk.another();
    let (case, _) = clerk.report("park-01", "P002");
    clerk.sync(&desk.server);
    desk.server = desk.another();
    let replica = desk.server.replica().unwrap();
    assert_eq!(cases(&replica), 2);
    assert_eq!(replica.document(case).unwrap().unwrap().heads(), clerk.documents[&case].heads());
}

#[test]
fn the_desk_asks_while_another_process_serves() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    let served = desk.server.replica().unwrap();
    let other = desk.another();
    assert!(matches!(other.replica(), Err(ServerError::Replica(StoreError::Busy))));
    assert_eq!(cases(&other.replica_to_ask().unwrap()), cases(&served));
    clerk.report("park-01", "P002");
    clerk.sync(&desk.server);
    assert_eq!(cases(&other.replica_to_ask().unwrap()), 2, "as far as the log, each time");
    drop(other);
    let left = std::fs::read_dir(desk.dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.filter(|name| name.to_string_lossy().starts_with("replica-")).count(), 0);
}

#[test]
fn a_replica_that_panics_takes_no_answer_away() {
    let dir = tempfile::tempdir().unwrap();
    let broken = Arc::new(AtomicBool::new(false));
    let server = {
        let broken = Arc::clone(&broken);
        let random = move |bytes: &mut [u8]| {
            assert!(!broken.load(Ordering::Relaxed), "no randomness");
            fill(bytes);
        };
        Server::open(dir.path(), Arc::new(|| MORNING), Arc::new(random)).unwrap()
    };
    server.publish_import(&import::read(&park()).unwrap()).unwrap();
    let code = server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let mut clerk = Device::enrol(&server, &code, MORNING);
    clerk.sync(&server);
    drop(server.replica().unwrap());
    // It is ahead of the log and will be made again, which needs randomness.
    let ahead = rusqlite::Connection::open(dir.path().join("replica/sanben.db")).unwrap();
    assert!(ahead.execute("UPDATE position SET seq = seq + 1000", []).unwrap() > 0);
    drop(ahead);
    broken.store(true, Ordering::Relaxed);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.sync(&server);
    assert!(clerk.outbox.is_empty(), "accepted and answered");
    broken.store(false, Ordering::Relaxed);
    let replica = server.replica().unwrap();
    assert_eq!(replica.document(case).unwrap().unwrap().heads(), clerk.documents[&case].heads());
}

#[cfg(unix)]
#[test]
fn what_the_server_keeps_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let above = tempfile::tempdir().unwrap();
    let dir = above.path().join("park");
    let server = Server::open(&dir, Arc::new(|| MORNING), Arc::new(fill)).unwrap();
    drop(server.replica().unwrap());
    for folder in [dir.clone(), dir.join("photos"), dir.join("replica")] {
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
    }
}

#[test]
fn a_replica_that_is_damaged_or_ahead_is_made_again() {
    let mut desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    clerk.report("park-01", "P001");
    clerk.sync(&desk.server);
    let backup = desk.dir.path().join("backup.db");
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    log.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    drop(log);
    clerk.report("park-01", "P002");
    clerk.sync(&desk.server);
    assert_eq!(cases(&desk.server.replica().unwrap()), 2);

    // The log is restored from the backup.
    let dir = desk.dir.path().to_owned();
    desk.server = open(tempfile::tempdir().unwrap().path(), &desk.clock);
    for file in ["log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(dir.join(file));
    }
    std::fs::copy(&backup, dir.join("log.db")).unwrap();
    desk.server = open(&dir, &desk.clock);
    assert_eq!(cases(&desk.server.replica().unwrap()), 1);

    // The replica's file is damaged.
    desk.server = open(tempfile::tempdir().unwrap().path(), &desk.clock);
    let file = dir.join("replica/sanben.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..100].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    desk.server = open(&dir, &desk.clock);
    assert_eq!(cases(&desk.server.replica().unwrap()), 1);
}
