//! Hearing that the log grew, from this process and from others.

use crate::processes::Process;
use crate::scribe::{NOON, Scribe, device, document, work};
use crate::store::Store;
use std::time::{Duration, Instant};

every_store![growth_is_heard_and_nothing_else, another_process_is_heard, nothing_is_missed];

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(150);

fn growth_is_heard_and_nothing_else(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    scribe.write(&*log, &work("park-01"), document(1));
    let (mut watch, mut other) = (log.watch().unwrap(), store.open().watch().unwrap());
    assert!(!watch.wait(SHORT).unwrap(), "what was there before is no news");
    let mut tx = log.begin().unwrap();
    scribe.append(&mut *tx, &work("park-01"), document(1));
    assert!(!watch.wait(SHORT).unwrap(), "not yet");
    drop(tx);
    // A device that asks makes the server remember its cursors: were that news, everybody would ask for ever.
    let mut tx = log.begin().unwrap();
    tx.hand_out(device(1), None, b"x", &vec![(work("park-01"), 1)]).unwrap();
    tx.commit().unwrap();
    assert!(!watch.wait(SHORT).unwrap());
    for _ in 0..3 {
        let begun = Instant::now();
        scribe.write(&*log, &work("park-01"), document(1));
        assert!(watch.wait(LONG).unwrap());
        assert!(begun.elapsed() < LONG / 4, "{:?}", begun.elapsed());
        assert!(!watch.wait(SHORT).unwrap(), "once");
    }
    assert!(other.wait(LONG).unwrap(), "all together");
    assert!(!other.wait(Duration::ZERO).unwrap());
    let mut tx = log.begin().unwrap();
    tx.share(document(1), &work("firm"), NOON).unwrap();
    tx.commit().unwrap();
    assert!(watch.wait(LONG).unwrap());
    assert!(other.wait(LONG).unwrap());
}

fn another_process_is_heard(store: &Store) {
    let mut watch = store.open().watch().unwrap();
    let writing = Process::start("write", &store.address(), None);
    assert!(watch.wait(LONG).unwrap());
    writing.finish();
}

/// Whoever looks after each word has seen the last entry in the end.
fn nothing_is_missed(store: &Store) {
    let (log, mut watch) = (store.open(), store.open().watch().unwrap());
    std::thread::scope(|threads| {
        threads.spawn(|| {
            let (log, mut scribe) = (store.open(), Scribe::new());
            for _ in 0..60 {
                scribe.write(&*log, &work("park-01"), document(1));
            }
        });
        let mut seen = 0;
        while seen < 60 {
            assert!(watch.wait(LONG).unwrap(), "{seen} seen and no word");
            seen = log.read().unwrap().head(&work("park-01")).unwrap().unwrap().seq;
        }
    });
}
