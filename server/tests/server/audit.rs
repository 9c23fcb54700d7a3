//! An edited log is found, whatever was edited.

use crate::device::*;
use sanben_server::Wrong;

fn found_after(sql: &str) -> Vec<(String, u64, Wrong)> {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.comment(case, "还在");
    clerk.comment(case, "清了");
    clerk.sync(&desk.server);
    let log = rusqlite::Connection::open(desk.dir.path().join("log.db")).unwrap();
    log.pragma_update(None, "foreign_keys", false).unwrap();
    log.execute_batch(sql).unwrap();
    let audit = desk.server.audit().unwrap();
    assert_eq!(audit.scopes, 3);
    audit.faults.into_iter().map(|fault| (fault.scope.to_string(), fault.seq, fault.what)).collect()
}

#[test]
fn a_log_as_it_was_written_has_no_fault() {
    assert_eq!(found_after(""), []);
}

#[test]
fn every_edit_is_found() {
    let work = |seq, what| ("park-01:work".to_owned(), seq, what);
    // Another time of receipt.
    let edit = "UPDATE entry SET received = received + 60000 WHERE kind = 'change' AND seq = 2";
    assert_eq!(found_after(edit), [work(2, Wrong::Chain)]);
    // Other words, and a hash that fits nothing.
    assert_eq!(found_after("UPDATE change SET bytes = zeroblob(80) WHERE seq = 1"), [work(1, Wrong::Bytes)]);
    // Two entries change places.
    let edit = "UPDATE entry SET ref = 5 - ref WHERE kind = 'change' AND seq IN (2, 3)";
    assert_eq!(found_after(edit), [work(2, Wrong::Chain), work(3, Wrong::Chain)]);
    // One is cut out of the middle.
    let edit = "DELETE FROM entry WHERE kind = 'change' AND seq = 2";
    assert_eq!(found_after(edit), [work(3, Wrong::Gap)]);
    // The last one goes.
    let edit = "DELETE FROM entry WHERE kind = 'change' AND seq = 3";
    assert_eq!(found_after(edit), [work(3, Wrong::Chain)]);
    // Somebody else is said to have signed.
    let forged = (1..=3).map(|seq| work(seq, Wrong::Manifest)).collect::<Vec<_>>();
    assert_eq!(found_after("UPDATE manifest SET signature = zeroblob(65)"), forged);
    // Reference data is bound, too.
    let edited = found_after("UPDATE reference SET bytes = x'a16472657374f6' WHERE id = 1");
    assert_eq!(edited, [("park:reference".to_owned(), 1, Wrong::Chain)]);
}
