//! A server on its log: what becomes of a crash, of several servers, of the key beside the log.

use crate::device::{CLERK_01, Device, HEAD_01, MORNING, fill, park, response};
use crate::store::Store;
use sanben_domain::id::PersonId;
use sanben_server::log::LogError;
use sanben_server::{Server, ServerError, import};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

every_store![
    a_log_survives_its_server,
    a_request_is_all_or_nothing,
    several_servers_write_one_log,
    the_key_is_the_owners_alone_and_belongs_to_the_log,
];

/// Where a server lives whose log is in a store.
pub(crate) struct Home<'a> {
    store: &'a Store,
    own: TempDir,
}

impl<'a> Home<'a> {
    pub(crate) fn of(store: &'a Store) -> Self {
        Self { store, own: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        match self.store {
            Store::Sqlite(dir) => dir.path().to_owned(),
            Store::Postgres { .. } => self.own.path().to_owned(),
        }
    }

    pub(crate) fn try_open(&self) -> Result<Server, ServerError> {
        let database = match self.store {
            Store::Sqlite(_) => None,
            Store::Postgres { url, .. } => Some(url.as_str()),
        };
        Server::open_at(&self.folder(), database, Arc::new(|| MORNING), Arc::new(fill))
    }

    pub(crate) fn open(&self) -> Server {
        self.try_open().unwrap()
    }

    /// A server that has the park's reference data.
    pub(crate) fn park(&self) -> Server {
        let server = self.open();
        server.publish_import(&import::read(&park()).unwrap()).unwrap();
        server
    }
}

pub(crate) fn device(server: &Server, person: &str) -> Device {
    let code = server.invite(&PersonId::from(person), 60_000).unwrap();
    let mut device = Device::enrol(server, &code, MORNING);
    device.sync(server);
    device
}

fn a_log_survives_its_server(store: &Store) {
    let home = Home::of(store);
    let first = home.park();
    let mut clerk = device(&first, CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    let call = clerk.ask();
    let answer = first.handle(&call);
    // Killed after the commit, before anything else: the next one begins with what is durable.
    let server = home.open();
    assert_eq!(server.epoch().unwrap(), first.epoch().unwrap());
    assert_eq!(server.key(), first.key());
    let again = server.handle(&call);
    assert_eq!(response(&again).verdicts, response(&answer).verdicts);
    clerk.take(&call, &again);
    let head = device(&server, HEAD_01);
    assert_eq!(head.documents[&case].heads(), clerk.documents[&case].heads());
}

fn a_request_is_all_or_nothing(store: &Store) {
    let home = Home::of(store);
    let server = home.park();
    let mut clerk = device(&server, CLERK_01);
    let (case, _) = clerk.report("park-01", "P001");
    clerk.comment(case, "之一");
    clerk.comment(case, "之二");
    let before = server.counts().unwrap();
    // The disk refuses the third change of three.
    store.meddle(
        "CREATE TRIGGER refuse BEFORE INSERT ON change WHEN NEW.seq = 3
         BEGIN SELECT RAISE(ABORT, 'refused'); END",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON change FOR EACH ROW WHEN (NEW.seq = 3) EXECUTE FUNCTION refuse()",
    );
    let call = clerk.ask();
    let reply = server.handle(&call);
    assert_eq!(reply.status, 500);
    assert!(!clerk.believes(&call, &reply), "a failure is no word of the server");
    assert_eq!(server.counts().unwrap(), before);
    store.meddle("DROP TRIGGER refuse", "DROP TRIGGER refuse ON change");
    clerk.sync(&server);
    assert_eq!(server.counts().unwrap().changes, 3);
}

fn several_servers_write_one_log(store: &Store) {
    let home = Home::of(store);
    let first = home.park();
    let devices: Vec<Device> = (0..4).map(|_| device(&first, CLERK_01)).collect();
    std::thread::scope(|threads| {
        for mut device in devices {
            let server = home.open();
            threads.spawn(move || {
                for _ in 0..10 {
                    device.report("park-01", "P001");
                    device.sync(&server);
                }
            });
        }
    });
    let last = device(&first, CLERK_01);
    assert_eq!(last.documents.len(), 40, "and its chain verified on the way");
    assert_eq!(first.audit().unwrap().faults, []);
}

fn the_key_is_the_owners_alone_and_belongs_to_the_log(store: &Store) {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::of(store);
    drop(home.open());
    let path = home.folder().join("server.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let key = std::fs::read(&path).unwrap();

    std::fs::remove_file(&path).unwrap();
    assert!(matches!(home.try_open(), Err(ServerError::Key(_))));
    assert!(!path.exists(), "a new key would lock every device out");
    std::fs::write(&path, &key[1..]).unwrap();
    assert!(matches!(home.try_open(), Err(ServerError::Key(_))));
    let stranger = Store::sqlite();
    drop(Home::of(&stranger).open());
    std::fs::copy(Home::of(&stranger).folder().join("server.key"), &path).unwrap();
    assert!(matches!(home.try_open(), Err(ServerError::Key(_))));
    std::fs::write(&path, &key).unwrap();
    drop(home.open());
}

/// Whoever forgets the database's URL, or gives one that is not meant, gets no second log.
#[test]
fn a_log_is_looked_for_where_it_is() {
    let store = Store::postgres();
    let home = Home::of(&store);
    drop(home.open());
    let forgotten = open_file(&home.folder());
    assert!(matches!(forgotten, Err(ServerError::Elsewhere { in_database: true })), "{forgotten:?}");
    assert!(!home.folder().join("log.db").exists());
    drop(home.open());

    let (store, file) = (Store::postgres(), tempfile::tempdir().unwrap());
    drop(open_file(file.path()).unwrap());
    let not_meant =
        Server::open_at(file.path(), Some(&store.address()), Arc::new(|| MORNING), Arc::new(fill));
    assert!(matches!(not_meant, Err(ServerError::Elsewhere { in_database: false })), "{not_meant:?}");
    drop(open_file(file.path()).unwrap());
}

fn open_file(dir: &Path) -> Result<Server, ServerError> {
    Server::open(dir, Arc::new(|| MORNING), Arc::new(fill))
}

#[test]
fn servers_that_start_at_once_agree_on_one_key_and_one_log() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let start = || open_file(path).unwrap();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(opened.iter().all(|server| server.key() == opened[0].key()));
    assert!(opened.iter().all(|server| server.epoch().unwrap() == opened[0].epoch().unwrap()));
}

#[test]
fn damage_is_named_and_nothing_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    drop(open_file(dir.path()).unwrap());
    let path = dir.path().join("log.db");
    {
        let log = rusqlite::Connection::open(&path).unwrap();
        log.pragma_update(None, "wal_checkpoint", "TRUNCATE").ok();
    }
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..100].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let opened = open_file(dir.path());
    assert!(matches!(opened, Err(ServerError::Log(LogError::Damaged(_)))), "{opened:?}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}
