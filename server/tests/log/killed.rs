//! Whoever dies while writing leaves nothing half, and nobody waiting.

use crate::cluster;
use crate::processes::Process;
use crate::scribe::{NOON, Scribe, document, whole, work};
use crate::store::Store;
use sanben_server::log::LogError;
use std::time::{Duration, Instant};

every_store![
    a_killed_writer_leaves_nothing,
    a_panic_while_writing_leaves_nothing,
    a_full_disk_leaves_nothing,
];

fn a_killed_writer_leaves_nothing(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    scribe.write(&*log, &work("park-01"), document(1));
    for _ in 0..2 {
        let mut holding = Process::start("hold", &store.address(), None);
        holding.said("holding");
        assert_eq!(whole(&*log.read().unwrap()), 1, "a writer is in no reader's way");
        holding.kill();
        let begun = Instant::now();
        drop(log.begin().unwrap());
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(whole(&*log.read().unwrap()), 1);
    }
    assert_eq!(scribe.write(&*log, &work("park-01"), document(1)), 2);
    // One that lives waits its turn, and then all of it is there.
    let mut holding = Process::start("hold", &store.address(), None);
    holding.said("holding");
    holding.go_on();
    scribe.write(&*log, &work("park-01"), document(1));
    holding.finish();
    assert_eq!(whole(&*log.read().unwrap()), 3 + crate::processes::WRITES);
}

fn a_panic_while_writing_leaves_nothing(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut tx = log.begin().unwrap();
        scribe.append(&mut *tx, &work("park-01"), document(1));
        // Not through the hook that prints it.
        std::panic::resume_unwind(Box::new(()));
    }));
    assert!(panicked.is_err());
    assert_eq!(whole(&*log.read().unwrap()), 0);
    scribe.write(&*log, &work("park-01"), document(1));
    assert_eq!(whole(&*log.read().unwrap()), 1);
}

/// The third change of three is refused by the database itself, with the words it has for a full disk.
fn a_full_disk_leaves_nothing(store: &Store) {
    let log = store.open();
    store.meddle(
        "CREATE TRIGGER refuse BEFORE INSERT ON change WHEN NEW.seq = 3
         BEGIN SELECT RAISE(ABORT, 'refused'); END",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON change FOR EACH ROW WHEN (NEW.seq = 3) EXECUTE FUNCTION refuse()",
    );
    let mut scribe = Scribe::new();
    let mut tx = log.begin().unwrap();
    scribe.append(&mut *tx, &work("park-01"), document(1));
    scribe.append(&mut *tx, &work("park-02"), document(2));
    scribe.append(&mut *tx, &work("park-01"), document(1));
    let refused = tx.append_change(&work("park-01"), &scribe.change(document(1), 10), NOON);
    match store {
        Store::Postgres { .. } => assert!(matches!(refused, Err(LogError::Full)), "{refused:?}"),
        Store::Sqlite(_) => assert!(refused.is_err()),
    }
    drop(tx);
    assert_eq!(whole(&*log.read().unwrap()), 0);
    store.meddle("DROP TRIGGER refuse", "DROP TRIGGER refuse ON change");
    scribe.write(&*log, &work("park-01"), document(1));
    assert_eq!(whole(&*log.read().unwrap()), 1);
}

/// Ends all connections to a schema, as an administrator does; gives how many there were.
fn terminate(schema: &str) -> i64 {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1";
    cluster::shared().client().query_one(sql, &[&schema]).unwrap().get(0)
}

#[test]
fn a_connection_that_is_ended_amid_a_transaction_leaves_nothing() {
    let store = Store::postgres();
    let Store::Postgres { schema, .. } = &store else { unreachable!() };
    let log = store.open();
    let mut watch = log.watch().unwrap();
    let mut scribe = Scribe::new();
    scribe.write(&*log, &work("park-01"), document(1));
    assert!(watch.wait(Duration::from_secs(20)).unwrap());
    for _ in 0..2 {
        let view = log.read().unwrap();
        let mut tx = log.begin().unwrap();
        scribe.append(&mut *tx, &work("park-01"), document(1));
        assert!(terminate(schema) >= 2, "the reader and the writer");
        let lost = tx.append_change(&work("park-01"), &scribe.change(document(1), 10), NOON);
        assert!(matches!(lost, Err(LogError::Lost(_))), "{lost:?}");
        let lost = tx.commit();
        assert!(matches!(lost, Err(LogError::Lost(_))), "{lost:?}");
        assert!(matches!(view.heads(), Err(LogError::Lost(_))));
        drop(view);
        assert_eq!(whole(&*log.read().unwrap()), 1);
    }
    // The watch lost its line too; it may say so, and then hears again.
    scribe.write(&*log, &work("park-01"), document(1));
    let heard = watch.wait(Duration::from_secs(20)).or_else(|_| watch.wait(Duration::from_secs(20)));
    assert!(heard.unwrap());
    // A connection that was lost while nobody used it is nobody's concern.
    terminate(schema);
    scribe.write(&*log, &work("park-01"), document(1));
    assert_eq!(whole(&*log.read().unwrap()), 3);
}
