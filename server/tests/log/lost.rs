//! A database that goes away and comes back: no call waits for ever, none has to be told to connect again.

use crate::cluster::Cluster;
use crate::scribe::{NOON, Scribe, document, whole, work};
use crate::store::{NEW, Store};
use sanben_server::log::{Log, LogError, Postgres};
use std::time::{Duration, Instant};

#[test]
fn a_database_may_be_restarted() {
    let mut cluster = Cluster::start();
    let log = Postgres::open(&cluster.url("public"), &NEW).unwrap();
    let mut scribe = Scribe::new();
    scribe.write(&log, &work("park-01"), document(1));
    let mut watch = log.watch().unwrap();

    // Its power is cut while a transaction is open.
    let mut tx = log.begin().unwrap();
    scribe.append(&mut *tx, &work("park-01"), document(1));
    cluster.stop();
    assert!(matches!(tx.commit(), Err(LogError::Lost(_))));
    let begun = Instant::now();
    assert!(matches!(log.read().map(drop), Err(LogError::Lost(_))));
    assert!(matches!(log.begin().map(drop), Err(LogError::Lost(_))));
    assert!(watch.wait(Duration::from_millis(10)).is_err());
    assert!(begun.elapsed() < Duration::from_secs(5), "no call waits for ever");
    cluster.start_again();
    assert_eq!(whole(&*log.read().unwrap()), 1, "what was acknowledged, and nothing half");
    scribe.write(&log, &work("park-01"), document(1));
    assert!(watch.wait(Duration::from_secs(20)).unwrap());

    // What follows another database can be read.
    cluster.turn_into_standby();
    assert_eq!(whole(&*log.read().unwrap()), 2);
    assert!(matches!(log.begin().map(drop), Err(LogError::ReadOnly)));
    let opened = Postgres::open(&cluster.url("public"), &NEW).map(drop);
    assert!(matches!(opened, Err(LogError::ReadOnly)), "{opened:?}");
}

/// The desk and the socket call from threads of their runtime now and then.
#[test]
fn a_thread_of_a_runtime_may_call() {
    let store = Store::postgres();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let work_on = || {
        let (log, mut scribe) = (store.open(), Scribe::new());
        scribe.write(&*log, &work("park-01"), document(1));
        assert!(log.watch().unwrap().wait(Duration::ZERO).is_ok());
        let mut tx = log.begin().unwrap();
        tx.append_reference(&work("park-01"), b"x", NOON).unwrap();
    };
    runtime.block_on(async { work_on() });
    runtime.block_on(async { tokio::spawn(async { Scribe::new() }).await.unwrap() });
    let log = store.open();
    runtime.block_on(async { drop(log) });
}
