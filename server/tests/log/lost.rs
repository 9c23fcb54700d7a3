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

/// The database over a network: whoever cannot show a certificate of the named authority is not spoken to.
#[test]
fn what_leaves_the_machine_is_encrypted() {
    let mut cluster = Cluster::start();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    cluster.listen(port, &made.cert.pem(), &made.signing_key.serialize_pem());
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(dir.path().join(name), text).unwrap();
        dir.path().join(name).display().to_string().replace('/', "%2F")
    };
    let trusted = write("ca 1.pem", &made.cert.pem()).replace(' ', "%20");
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
    let (stranger, empty) = (write("other.pem", &other), write("empty.pem", ""));
    let url = |host: &str, query: &str| format!("postgresql://sanben@{host}:{port}/postgres?{query}");

    for mode in ["require", "verify-full"] {
        let query = format!("sslmode={mode}&sslrootcert={trusted}");
        let log = Postgres::open(&url("localhost", &query), &NEW).unwrap();
        Scribe::new().write(&log, &work("park-01"), document(1));
        assert!(log.watch().is_ok());
    }
    let mut client = cluster.client_at(port);
    let encrypted = |client: &mut postgres::Client| -> i64 {
        let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                   WHERE ssl AND application_name = 'sanben'";
        client.query_one(sql, &[]).unwrap().get(0)
    };
    let log =
        Postgres::open(&url("localhost", &format!("sslmode=require&sslrootcert={trusted}")), &NEW).unwrap();
    let view = log.read().unwrap();
    view.life().unwrap();
    assert!(encrypted(&mut client) >= 1);

    let refused =
        |host: &str, query: &str| Postgres::open(&url(host, query), &NEW).map(drop).unwrap_err().to_string();
    let text = refused("localhost", &format!("sslmode=require&sslrootcert={stranger}"));
    assert!(text.contains("certificate"), "{text}");
    let text = refused("127.0.0.1", &format!("sslmode=require&sslrootcert={trusted}"));
    assert!(text.contains("certificate"), "the certificate is for another name: {text}");
    assert!(
        refused("localhost", &format!("sslmode=require&sslrootcert={empty}"))
            .contains("no certificate in it")
    );
    for query in ["sslmode=require", "sslmode=prefer"] {
        let text = refused("database.example", query);
        assert!(text.contains("add sslrootcert=FILE"), "{text}");
    }
    // On the machine itself it may go as it is.
    drop(Postgres::open(&url("localhost", ""), &NEW).unwrap());
}
