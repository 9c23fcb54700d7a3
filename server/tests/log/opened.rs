//! Opening: what belongs to others is left alone, what is there is gone on with.

use crate::cluster;
use crate::scribe::{Scribe, document, work};
use crate::store::{NEW, Store};
use sanben_domain::id::Epoch;
use sanben_server::log::{Life, LogError, Postgres};

every_store![
    a_log_keeps_its_life,
    processes_that_start_at_once_agree,
    a_log_of_a_later_version_is_left_alone,
    what_belongs_to_another_program_is_left_alone,
];

fn other() -> Life {
    Life { epoch: Epoch(uuid::Uuid::from_u128(99)), server: [9; 32], tenant: None }
}

fn a_log_keeps_its_life(store: &Store) {
    assert_eq!(store.open().read().unwrap().life().unwrap(), NEW);
    assert_eq!(store.try_open(&other()).unwrap().read().unwrap().life().unwrap(), NEW);
}

fn processes_that_start_at_once_agree(store: &Store) {
    let lives: Vec<Life> = std::thread::scope(|threads| {
        let start = |number| {
            let new = Life { epoch: Epoch(uuid::Uuid::from_u128(number)), ..NEW };
            threads.spawn(move || store.try_open(&new).unwrap().read().unwrap().life().unwrap())
        };
        (1..12).map(start).collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(lives.iter().all(|life| *life == lives[0]), "{lives:?}");
}

fn a_log_of_a_later_version_is_left_alone(store: &Store) {
    drop(store.open());
    store.meddle("PRAGMA user_version = 99", "UPDATE sanben SET version = 99");
    let opened = store.try_open(&NEW).map(drop);
    assert!(matches!(opened, Err(LogError::Newer)), "{opened:?}");
}

fn what_belongs_to_another_program_is_left_alone(store: &Store) {
    let ledger = "CREATE TABLE ledger (id INTEGER PRIMARY KEY)";
    store.meddle(ledger, ledger);
    let opened = store.try_open(&NEW).map(drop);
    assert!(matches!(opened, Err(LogError::Foreign)), "{opened:?}");
    store.meddle("INSERT INTO ledger VALUES (1)", "INSERT INTO ledger VALUES (1)");
}

fn unusable(url: &str) -> String {
    match Postgres::open(url, &NEW) {
        Err(LogError::Unusable(text)) => text,
        other => panic!("{:?}", other.map(drop)),
    }
}

#[test]
fn a_database_that_cannot_be_used_says_what_to_do() {
    let cluster = cluster::shared();
    let url = cluster.url("public");
    assert!(unusable(&cluster.url("nowhere")).contains("create it first"));
    let text = unusable(&url.replace("/postgres?", "/nobody?"));
    assert!(text.contains("check user, password and database"), "{text}");
    let text = unusable(&url.replace("sanben@", "stranger:s3cret@"));
    assert!(text.contains("check user, password and database") && !text.contains("s3cret"), "{text}");
    let text = unusable("postgresql://sanben:s3cret@host/x?colour=red");
    assert!(text.contains("write postgresql:") && !text.contains("s3cret"), "{text}");
    assert!(matches!(
        Postgres::open("postgresql://sanben@127.0.0.1:1/postgres", &NEW).map(drop),
        Err(LogError::Lost(_))
    ));
    let mut client = cluster.client();
    let _ = client.batch_execute("DROP DATABASE latin");
    client.batch_execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0").unwrap();
    let text = unusable(&url.replace("/postgres?", "/latin?"));
    assert!(text.contains("ENCODING 'UTF8'"), "{text}");
    client
        .batch_execute("CREATE ROLE guest LOGIN; CREATE SCHEMA closed; GRANT USAGE ON SCHEMA closed TO guest")
        .unwrap();
    let text = unusable(&cluster.url("closed").replace("sanben@", "guest@"));
    assert!(text.contains("let the user own"), "{text}");
}

/// What a careless administrator has set does not make 'accepted' mean less.
#[test]
fn every_commit_waits_for_the_disk() {
    let store = Store::postgres();
    let Store::Postgres { url, schema } = &store else { unreachable!() };
    let mut client = cluster::shared().client();
    client
        .batch_execute(&format!(
            "CREATE ROLE hasty LOGIN; GRANT ALL ON SCHEMA {schema} TO hasty;
             ALTER ROLE hasty SET synchronous_commit = off"
        ))
        .unwrap();
    let url = url.replace("sanben@", "hasty@");
    drop(Postgres::open(&url, &NEW).unwrap());
    client
        .batch_execute(&format!(
            "CREATE FUNCTION {schema}.waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               IF current_setting('synchronous_commit') <> 'on' THEN RAISE EXCEPTION 'does not wait'; END IF;
               RETURN NEW;
             END $$;
             CREATE TRIGGER waits BEFORE INSERT ON {schema}.entry FOR EACH ROW EXECUTE FUNCTION {schema}.waits()"
        ))
        .unwrap();
    let log = Postgres::open(&url, &NEW).unwrap();
    let mut scribe = Scribe::new();
    for _ in 0..3 {
        // After a commit and its word, too.
        scribe.write(&log, &work("park-01"), document(1));
    }
}

#[test]
fn two_tenants_in_one_database_know_nothing_of_each_other() {
    let (park, zone) = (Store::postgres(), Store::postgres());
    let (one, other) = (park.open(), zone.open());
    let mut scribe = Scribe::new();
    let mut watch = other.watch().unwrap();
    // Neither waits for the other.
    let held = other.begin().unwrap();
    scribe.write(&*one, &work("park-01"), document(1));
    drop(held);
    assert!(!watch.wait(std::time::Duration::from_millis(150)).unwrap());
    assert!(other.read().unwrap().heads().unwrap().is_empty());
}
