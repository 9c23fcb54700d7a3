//! A log in PostgreSQL as an earlier version of the program left it: restored, brought up to date, whole, and gone on
//! with (`server/tests/operation/versions/README.md`).

use crate::cluster;
use postgres::{Client, NoTls};
use sanben_domain::id::PersonId;
use sanben_field::{Budget, CaseQuery, Field, Incoming, NoConnection, Outgoing, Platform, Transport};
use sanben_server::{Call, ReviewError, Server, check_log};
use sanben_sync::wire::{SERVER_HEADER, SIGNATURE_HEADER};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

pub(crate) struct Line<'a>(pub(crate) &'a Server);

impl Transport for Line<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let reply = self.0.handle(&Call {
            method: request.method.to_owned(),
            path: request.path.clone(),
            headers: headers.collect(),
            body: request.body.clone(),
        });
        let header = |name| reply.header(name).map(str::to_owned);
        let (signature, server) = (header(SIGNATURE_HEADER), header(SERVER_HEADER));
        Ok(Incoming { status: reply.status, signature, server, body: reply.body })
    }
}

pub(crate) fn sync(field: &Field, server: &Server) -> sanben_field::SyncReport {
    field.sync(&Line(server), Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap()
}

pub(crate) fn words(field: &Field) -> Vec<String> {
    let mut words: Vec<String> =
        field.cases(&CaseQuery::default()).unwrap().rows.into_iter().map(|row| row.description).collect();
    words.sort();
    words
}

fn version(client: &mut Client) -> i32 {
    client.query_one("SELECT version FROM public.sanben", &[]).unwrap().get(0)
}

/// A database of its own with the log of the dump, and the folder that came with it.
fn restored(archive: &str, database: &str) -> (tempfile::TempDir, String, Client) {
    let dir = tempfile::tempdir().unwrap();
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/operation/versions/{archive}.tar.gz"));
    let done = Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(dir.path()).status().unwrap();
    assert!(done.success());
    let cluster = cluster::shared();
    cluster.client().batch_execute(&format!("CREATE DATABASE {database}")).unwrap();
    let url = cluster.url("public").replace("/postgres?", &format!("/{database}?"));
    let mut client = Client::connect(&url, NoTls).unwrap();
    let dump = std::fs::read_to_string(dir.path().join("server/log.sql")).unwrap();
    client.batch_execute(&dump).unwrap();
    (dir, url, client)
}

#[test]
fn the_sixth_log_in_postgresql_goes_on() {
    let (dir, url, mut client) = restored("postgres-6", "frozen_6");
    assert_eq!(version(&mut client), 6, "the file is what it says");
    let platform = Platform::system();
    let (clock, random) = (Arc::clone(&platform.clock), Arc::clone(&platform.random));
    let open = || {
        let (clock, random) = (Arc::clone(&clock), Arc::clone(&random));
        let random = Arc::new(move |bytes: &mut [u8]| random.fill(bytes));
        Server::open_at(&dir.path().join("server"), Some(&url), Arc::new(move || clock.wall()), random)
    };
    let server = open().unwrap();
    assert!(version(&mut client) > 6, "it was brought up to date");
    assert!(server.audit().unwrap().faults.is_empty());
    let before = server.counts().unwrap();
    assert_eq!((before.photos, before.photos_missing), (1, 0));
    assert_eq!(server.devices().unwrap().iter().filter(|row| row.revoked.is_some()).count(), 1);
    assert!(server.trail().unwrap().len() >= 10);
    let reviews = server.reviews().unwrap();
    assert!(reviews.iter().any(|row| row.decided.is_some()));
    assert!(reviews.iter().any(|row| row.decided.is_none()));
    assert_eq!(server.replica().unwrap().counts().unwrap().cases, 3, "two of the inspector's, one taken in");

    // The device knows what it knew, and sends what it still had to send.
    let field = Field::open(&dir.path().join("inspector"), Platform::system()).unwrap();
    let pending = field.counts().unwrap().pending;
    assert!(pending > 0);
    let report = sync(&field, &server);
    assert_eq!((report.accepted, report.rejected, report.photos_delivered), (pending, 0, 1));
    let after = server.counts().unwrap();
    assert_eq!((after.photos, after.photos_missing), (2, 0));
    assert_eq!(after.changes, before.changes + pending);
    let known = words(&field);
    assert!(
        ["南入口有大片垃圾", "宣传栏玻璃破损", "路灯不亮"]
            .iter()
            .all(|words| known.iter().any(|held| held == words))
    );
    assert!(!known.iter().any(|held| held == "误报"), "erased");

    // The desk decides what waits; somebody new gets the same of it all, and a third party finds nothing wrong.
    for row in reviews.iter().filter(|row| row.decided.is_none()) {
        let decided = server.decide(&row.change.to_string(), true, "情况属实");
        assert!(decided.is_ok() || matches!(decided, Err(ReviewError::Decided)));
    }
    drop(server);
    let server = open().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let command = Field::open(folder.path(), Platform::system()).unwrap();
    let code = server.invite(&PersonId::from("U001"), 600_000).unwrap().to_string();
    command.enrol("test://server", &code, &Line(&server)).unwrap();
    sync(&command, &server);
    sync(&field, &server);
    assert!(words(&command).iter().any(|held| held == "路面破损"), "{:?}", words(&command));
    assert_eq!(words(&command), words(&field));
    assert!(server.audit().unwrap().faults.is_empty());
    let mut file = Vec::new();
    server.export_log(&mut file).unwrap();
    assert_eq!(check_log(&mut file.as_slice(), Some(&server.key())).unwrap().mismatch, None);
}
