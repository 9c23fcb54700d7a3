//! A log in PostgreSQL in a backup and back, and from one kind of database into the other: nothing is lost on the way,
//! and what the backup lacks comes from the devices.

use crate::served::Home;
use crate::store::Store;
use crate::versions::{sync, words};
use postgres::{Client, NoTls};
use sanben_domain::id::PersonId;
use sanben_field::{Field, NewCase, Platform};
use sanben_server::log::{Life, Log};
use sanben_server::{Clock, Random, RestoreError, Restored, Server, restore};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

fn url(store: &Store) -> Option<&str> {
    match store {
        Store::Sqlite(_) => None,
        Store::Postgres { url, .. } => Some(url),
    }
}

fn back(file: &Path, dir: &Path, into: &Store) -> Result<Restored, RestoreError> {
    let (clock, random) = system();
    restore(file, dir, url(into), true, &clock, &random)
}

fn system() -> (Clock, Random) {
    let platform = Platform::system();
    let (clock, random) = (Arc::clone(&platform.clock), Arc::clone(&platform.random));
    (Arc::new(move || clock.wall()), Arc::new(move |bytes: &mut [u8]| random.fill(bytes)))
}

fn open(dir: &Path, store: &Store) -> Server {
    let (clock, random) = system();
    Server::open_at(dir, url(store), clock, random).unwrap()
}

struct Inspector {
    field: Field,
    _dir: TempDir,
}

fn inspector(server: &Server) -> Inspector {
    let dir = tempfile::tempdir().unwrap();
    let field = Field::open(dir.path(), Platform::system()).unwrap();
    let code = server.invite(&PersonId::from("U007"), 600_000).unwrap().to_string();
    field.enrol("test://server", &code, &crate::versions::Line(server)).unwrap();
    sync(&field, server);
    Inspector { field, _dir: dir }
}

impl Inspector {
    fn report(&self, words: &str) {
        let (point, description) = (Some("P001".into()), words.to_owned());
        self.field.record(NewCase { point, description, ..NewCase::default() }).unwrap();
    }
}

/// Serves, is backed up, goes on, and comes back from the backup into another place.
fn goes_on(from: &Store, into: &Store) {
    let home = Home::of(from);
    drop(home.park());
    let old = open(&home.folder(), from);
    let inspector = inspector(&old);
    inspector.report("路灯不亮");
    sync(&inspector.field, &old);
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("monday.tar");
    old.backup(&file).unwrap();
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside it");
    let then = old.counts().unwrap();
    inspector.report("井盖松动");
    sync(&inspector.field, &old);
    let since = old.counts().unwrap();
    assert!(since.changes > then.changes);
    let (was, key) = (old.epoch().unwrap(), old.key());
    drop(old);

    let dir = place.path().join("again");
    let restored = back(&file, &dir, into).unwrap();
    assert_eq!((restored.entries, restored.documents), (then.entries, then.documents));
    assert_eq!(dir.join("log.db").exists(), url(into).is_none(), "the log is in one place");
    let new = open(&dir, into);
    assert_eq!((new.counts().unwrap(), new.key()), (then, key));
    assert_ne!(new.epoch().unwrap(), was, "another life");
    // Accepted once, and not in the backup: it is there again.
    sync(&inspector.field, &new);
    sync(&inspector.field, &new);
    assert_eq!(new.counts().unwrap().changes, since.changes);
    assert!(new.audit().unwrap().faults.is_empty());
    // It goes on, with numbers of its own for new rows, and gives others all of it.
    inspector.report("垃圾满溢");
    sync(&inspector.field, &new);
    let colleague = self::inspector(&new);
    assert_eq!(words(&colleague.field), words(&inspector.field));
    assert_eq!(words(&colleague.field).len(), 3);
    assert!(new.audit().unwrap().faults.is_empty());
}

#[test]
fn from_postgres_into_postgres() {
    goes_on(&Store::postgres(), &Store::postgres());
}

#[test]
fn from_sqlite_into_postgres() {
    goes_on(&Store::sqlite(), &Store::postgres());
}

#[test]
fn from_postgres_into_sqlite() {
    goes_on(&Store::postgres(), &Store::sqlite());
}

#[test]
fn a_log_in_the_database_is_never_touched() {
    let (from, taken) = (Store::postgres(), Store::postgres());
    let (home, other) = (Home::of(&from), Home::of(&taken));
    let place = tempfile::tempdir().unwrap();
    let (file, dir) = (place.path().join("x.tar"), place.path().join("dir"));
    home.park().backup(&file).unwrap();
    let held = other.park().counts().unwrap();
    assert!(matches!(back(&file, &dir, &taken), Err(RestoreError::Taken)));
    assert!(!dir.exists());
    assert_eq!(other.open().counts().unwrap(), held);
}

/// A row in every table, with something in every column.
const FULL: &str = r"
    INSERT INTO scope (unit, class, seq, link) VALUES ('荷花池社区', 'work', 3, '\x01');
    INSERT INTO manifest (hash, device, bytes, signature) VALUES ('\x02', gen_random_uuid(), '\x03', '\x04');
    INSERT INTO change (hash, document, actor, actor_seq, manifest, seq, bytes, erased)
      SELECT '\x05', gen_random_uuid(), '\x06', 7, id, 8, '\x00ff', true FROM manifest;
    INSERT INTO reference (bytes) VALUES ('\x09');
    INSERT INTO note (kind, bytes) VALUES (2, '\x0a');
    INSERT INTO entry SELECT id, 1, '\x0b', -5, 'change', 1 FROM scope;
    INSERT INTO shared SELECT gen_random_uuid(), 9223372036854775807, id, true FROM scope;
    INSERT INTO rejection VALUES ('\x0c', gen_random_uuid(), '\x0d', '\x', 11);
    INSERT INTO device VALUES (gen_random_uuid(), '\x0e', 'U007', 12, 13), (gen_random_uuid(), '\x', '', 0, NULL);
    INSERT INTO invitation VALUES ('\x0f', 'U001', 14, gen_random_uuid()), ('\x10', 'U001', 14, NULL);
    INSERT INTO handed VALUES (gen_random_uuid(), '\x11', '\x12');
    INSERT INTO citation SELECT '\x13', id, gen_random_uuid(), 15 FROM scope;
    INSERT INTO photo VALUES ('\x14', 16, 17), ('\x15', 18, NULL);
    INSERT INTO photo_out VALUES ('\x16', gen_random_uuid());
    INSERT INTO shown VALUES ('\x17', gen_random_uuid(), 'U007');
    INSERT INTO review (change, device, manifest, bytes, why, arrived, accepted, reason, decided)
      VALUES ('\x18', gen_random_uuid(), '\x19', '\x1a', '\x1b', 19, false, '不属实', 20),
             ('\x1c', gen_random_uuid(), '\x1d', '\x1e', '\x1f', 21, NULL, NULL, NULL);
    INSERT INTO erased VALUES (gen_random_uuid(), 22, '\x20', true);
    INSERT INTO trail VALUES (1, '\x21', '\x22');
    UPDATE life SET tenant = 'park';
";

/// Every table with all its rows as text.
fn all(client: &mut Client) -> Vec<(String, Vec<String>)> {
    let names = client
        .query("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1", &[])
        .unwrap();
    let rows = |table: String| {
        let found = client.query(&format!("SELECT t::text FROM \"{table}\" t ORDER BY 1"), &[]).unwrap();
        (table, found.iter().map(|row| row.get(0)).collect())
    };
    names.iter().map(|row| row.get(0)).collect::<Vec<String>>().into_iter().map(rows).collect()
}

/// A full log, and a copy of it as backups take one.
struct Copied {
    log: Box<dyn Log>,
    life: Life,
    file: PathBuf,
    place: TempDir,
}

fn copied(from: &Store) -> Copied {
    let log = from.open();
    from.meddle("", FULL);
    let life = log.read().unwrap().life().unwrap();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("copy.db");
    log.copy(&file).unwrap();
    Copied { log, life, file, place }
}

#[test]
fn every_column_of_every_table_comes_along() {
    let (from, into) = (Store::postgres(), Store::postgres());
    let Copied { log, life, file, place: _place } = copied(&from);
    assert!(log.copy(&file).is_err(), "never over another");
    let url = url(&into).unwrap();
    sanben_server::log::Postgres::create(url, &file, &life).unwrap();
    let mut clients = [from.address(), into.address()].map(|url| Client::connect(&url, NoTls).unwrap());
    let [was, is] = clients.each_mut().map(all);
    for (table, rows) in &was {
        assert!(!rows.is_empty(), "{table} has a row in this test");
    }
    assert_eq!(was, is);
    assert!(sanben_server::log::Postgres::create(url, &file, &life).is_err(), "there is one");
    // PostgreSQL counts on from there.
    clients[1].batch_execute("INSERT INTO reference (bytes) VALUES ('\\x01')").unwrap();
}

#[test]
fn a_file_that_is_cut_short_leaves_no_log() {
    let (from, into) = (Store::postgres(), Store::postgres());
    let Copied { life, file, place: _place, .. } = copied(&from);
    rusqlite::Connection::open(&file).unwrap().execute_batch("DROP TABLE trail").unwrap();
    let url = url(&into).unwrap();
    assert!(sanben_server::log::Postgres::create(url, &file, &life).is_err());
    assert!(!sanben_server::log::Postgres::is_at(url).unwrap());
}
