//! Numbers and chains: without gaps, one order for everybody, whoever else writes.

use crate::processes::{Process, WRITES};
use crate::scribe::{NOON, Scribe, document, whole, work};
use crate::store::Store;
use sanben_domain::id::UnitId;
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_server::log::Snapshot;

every_store![
    many_writers_leave_no_gap,
    what_is_dropped_never_was,
    a_transaction_sees_itself,
    a_reader_sees_one_moment,
    after_an_error_nothing_can_be_committed,
    handles_see_each_other,
    the_last_number_survives,
];

fn many_writers_leave_no_gap(store: &Store) {
    let log = store.open();
    let processes: Vec<_> = (0..2).map(|_| Process::start("write", &store.address(), None)).collect();
    std::thread::scope(|threads| {
        for own in [true, true, false, false] {
            let (log, store) = (&log, &store);
            threads.spawn(move || {
                let handle = own.then(|| store.open());
                let log = handle.as_deref().unwrap_or(&**log);
                let mut scribe = Scribe::new();
                for turn in 0..WRITES {
                    let mut tx = log.begin().unwrap();
                    let before = tx.head(&work("park-01")).unwrap().map_or(0, |head| head.seq);
                    let seq = scribe.append(&mut *tx, &work("park-01"), document(1));
                    assert_eq!(seq, before + 1, "what was judged is what is appended to");
                    if turn % 3 == 0 {
                        // Whoever gives up leaves no hole.
                        drop(tx);
                    } else {
                        tx.commit().unwrap();
                    }
                    whole(&*log.read().unwrap());
                }
            });
        }
    });
    processes.into_iter().for_each(Process::finish);
    let view = log.read().unwrap();
    whole(&*view);
    let heads = view.heads().unwrap();
    assert_eq!(heads[&work("park-01")].seq, 2 * WRITES + 4 * (WRITES - WRITES.div_ceil(3)));
    assert_eq!(heads[&work("park-02")].seq, 2 * WRITES);
    assert_eq!(heads[&work("park-03")].seq, heads[&work("park-01")].seq, "shared, whoever wrote");
}

fn what_is_dropped_never_was(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    scribe.write(&*log, &work("park-01"), document(1));
    let everything = |view: &dyn Snapshot| (view.heads().unwrap(), view.counts().unwrap());
    let before = everything(&*log.read().unwrap());
    let mut tx = log.begin().unwrap();
    let kept = scribe.change(document(1), 10);
    scribe.append(&mut *tx, &work("park-01"), document(1));
    scribe.append(&mut *tx, &work("park-09"), document(9));
    tx.share(document(1), &work("park-02"), NOON).unwrap();
    tx.append_reference(&Scope { unit: UnitId::from("park"), class: ScopeClass::Reference }, b"x", NOON)
        .unwrap();
    assert!(tx.counts().unwrap().entries > before.1.entries);
    drop(tx);
    let view = log.read().unwrap();
    assert_eq!(everything(&*view), before);
    assert_eq!(view.scopes_of(document(9)).unwrap(), []);
    assert_eq!(view.scopes_of(document(1)).unwrap(), [work("park-01")]);
    assert_eq!(view.accepted(kept.hash).unwrap(), None);
    drop(view);
    assert_eq!(scribe.write(&*log, &work("park-09"), document(10)), 1);
    whole(&*log.read().unwrap());
}

fn a_transaction_sees_itself(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    let mut tx = log.begin().unwrap();
    for _ in 0..5 {
        scribe.append(&mut *tx, &work("park-01"), document(1));
    }
    tx.share(document(1), &work("park-02"), NOON).unwrap();
    assert_eq!(whole(&*tx), 10);
    assert_eq!(log.read().unwrap().heads().unwrap().len(), 0, "others do not, yet");
    scribe.append(&mut *tx, &work("park-01"), document(1));
    assert_eq!(whole(&*tx), 12);
    assert_eq!(tx.document(document(1)).unwrap().len(), 6);
    tx.commit().unwrap();
    assert_eq!(whole(&*log.read().unwrap()), 12);
}

fn a_reader_sees_one_moment(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    scribe.write(&*log, &work("park-01"), document(1));
    let view = log.read().unwrap();
    let heads = view.heads().unwrap();
    scribe.write(&*log, &work("park-01"), document(1));
    scribe.write(&*log, &work("park-02"), document(2));
    assert_eq!(view.heads().unwrap(), heads);
    assert_eq!(view.entries(&work("park-01"), 0, 1 << 20).unwrap().len(), 1);
    assert_eq!(view.scopes_of(document(2)).unwrap(), []);
    drop(view);
    assert_eq!(log.read().unwrap().heads().unwrap().len(), 2);
}

fn after_an_error_nothing_can_be_committed(store: &Store) {
    let log = store.open();
    let mut scribe = Scribe::new();
    let mut tx = log.begin().unwrap();
    scribe.append(&mut *tx, &work("park-01"), document(1));
    let change = scribe.change(document(1), 10);
    tx.append_change(&work("park-01"), &change, NOON).unwrap();
    tx.append_change(&work("park-01"), &change, NOON).unwrap_err();
    tx.commit().unwrap_err();
    assert_eq!(whole(&*log.read().unwrap()), 0);
    scribe.write(&*log, &work("park-01"), document(1));
    assert_eq!(whole(&*log.read().unwrap()), 1);
}

fn handles_see_each_other(store: &Store) {
    let (one, other) = (store.open(), store.open());
    let mut scribe = Scribe::new();
    for round in 1..6 {
        let writer = if round % 2 == 0 { &one } else { &other };
        assert_eq!(scribe.write(&**writer, &work("park-01"), document(1)), round);
        for log in [&one, &other] {
            assert_eq!(log.read().unwrap().document(document(1)).unwrap().len() as u64, round);
        }
    }
}

fn the_last_number_survives(store: &Store) {
    let mut scribe = Scribe::new();
    for number in 1..4 {
        let log = store.open();
        assert_eq!(scribe.write(&*log, &work("park-01"), document(1)), number);
        assert_eq!(log.read().unwrap().life().unwrap(), crate::store::NEW);
    }
    assert_eq!(whole(&*store.open().read().unwrap()), 3);
}
