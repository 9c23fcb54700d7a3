//! A line without TLS alters what it carries: told as such and tried again, never taken for another server, and
//! without a trace.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::id::{PersonId, PointId};
use sanben_field::{
    Budget, Field, FieldError, Follower, Heard, Incoming, NewCase, NoConnection, Options, Outgoing, Platform,
    Transport,
};
use sanben_server::{Server, import};
use sanben_tests::network::Wire;
use sanben_tests::world::{World, park};
use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::Duration;

/// What is altered.
#[derive(Debug, Clone, Copy)]
enum At {
    /// A byte of the request's body.
    Asked(usize),
    /// A digit of the request's last header: its signature, or the offset of a photo's piece.
    AskedHead(usize),
    /// A byte of the answer's body.
    Answered(usize),
    /// A digit of the answer's signature.
    AnsweredHead(usize),
}

/// A line that alters its first call in one place.
struct Altering<'a> {
    line: Wire<'a>,
    at: Cell<Option<At>>,
}

impl<'a> Altering<'a> {
    fn new(server: &'a Server, at: At) -> Self {
        Self { line: Wire::perfect(server), at: Cell::new(Some(at)) }
    }
}

impl Transport for Altering<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let at = self.at.take();
        let mut request = request.clone();
        match at {
            Some(At::Asked(byte)) => flip(&mut request.body, byte),
            Some(At::AskedHead(byte)) => digit(&mut request.headers.last_mut().unwrap().1, byte),
            _ => {}
        }
        let mut answer = self.line.call(&request)?;
        match at {
            Some(At::Answered(byte)) => flip(&mut answer.body, byte),
            Some(At::AnsweredHead(byte)) => answer.signature.iter_mut().for_each(|text| digit(text, byte)),
            _ => {}
        }
        Ok(answer)
    }
}

fn flip(bytes: &mut [u8], at: usize) {
    let len = bytes.len().max(1);
    if let Some(byte) = bytes.get_mut(at % len) {
        *byte ^= 1 << (at % 8);
    }
}

fn digit(text: &mut String, at: usize) {
    let at = at % text.len();
    let other = if text.get(at..=at) == Some("7") { "8" } else { "7" };
    text.replace_range(at..=at, other);
}

fn places(step: usize) -> impl Iterator<Item = At> {
    [At::Asked, At::AskedHead, At::Answered, At::AnsweredHead]
        .into_iter()
        .flat_map(move |at| (0..400).step_by(step).map(at))
}

fn sync(field: &Field, line: &dyn Transport) -> Result<(), FieldError> {
    field.sync(line, Budget::unlimited(), &mut |_| ControlFlow::Continue(())).map(drop)
}

fn record(field: &Field) {
    let point = Some(PointId::from("P011"));
    field
        .record(NewCase { point, description: "南入口有大片垃圾".to_owned(), ..NewCase::default() })
        .unwrap();
}

fn changed_on_the_way(outcome: &Result<(), FieldError>, at: At) {
    let code = outcome.as_ref().err().map(FieldError::code);
    assert_eq!(code, Some("network"), "{at:?}: {outcome:?}");
}

#[test]
fn a_sync_over_a_line_that_alters_it_is_no_connection() {
    let world = World::new(31, &["U008"]);
    let (field, server) = (world.devices[0].field(), world.server());
    for at in places(37) {
        record(field);
        let (before, pending) = (server.counts().unwrap().changes, field.counts().unwrap().pending);
        changed_on_the_way(&sync(field, &Altering::new(server, at)), at);
        let asked = matches!(at, At::Asked(_) | At::AskedHead(_));
        assert!(!asked || server.counts().unwrap().changes == before, "{at:?}");
        sync(field, &Wire::perfect(server)).unwrap();
        assert_eq!(server.counts().unwrap().changes, before + pending, "{at:?}");
    }
}

/// Goes on for so many syncs.
struct Patient {
    syncs: usize,
    lost: usize,
}

impl Follower for Patient {
    fn heard(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Synced(_) => self.syncs -= 1,
            Heard::Failed(..) => self.lost += 1,
        }
    }

    fn goes_on(&mut self) -> bool {
        self.syncs > 0
    }

    fn rest(&mut self, _: Duration) {}
}

#[test]
fn a_device_that_follows_goes_on_after_an_altered_call() {
    let world = World::new(32, &["U008"]);
    let (field, server) = (world.devices[0].field(), world.server());
    for at in [At::Asked(40), At::Answered(40)] {
        record(field);
        let mut patient = Patient { syncs: 1, lost: 0 };
        field.follow(&Altering::new(server, at), Budget::unlimited(), &mut patient).unwrap();
        assert_eq!((patient.syncs, patient.lost), (0, 1), "{at:?}");
        assert_eq!(field.counts().unwrap().pending, 0);
    }
}

fn fresh(folder: &std::path::Path) -> Field {
    Field::open(folder, Platform { store: Options { durable: false }, ..Platform::system() }).unwrap()
}

#[test]
fn an_altered_enrolment_uses_no_code_up() {
    let world = World::new(33, &["U008"]);
    let server = world.server();
    for at in places(13) {
        let folder = tempfile::tempdir().unwrap();
        let field = fresh(folder.path());
        let code = server.invite(&PersonId::from("U001"), 600_000).unwrap().to_string();
        let devices = server.devices().unwrap().len();
        let first = field.enrol("sim://server", &code, &Altering::new(server, at)).map(drop);
        // What comes beside the certificate and is not signed is not believed either.
        if first.is_err() {
            changed_on_the_way(&first, at);
            let asked = matches!(at, At::Asked(_) | At::AskedHead(_));
            assert!(!asked || server.devices().unwrap().len() == devices, "{at:?}");
            field.enrol("sim://server", &code, &Wire::perfect(server)).unwrap();
        }
        assert_eq!(server.devices().unwrap().len(), devices + 1, "{at:?}");
        sync(&field, &Wire::perfect(server)).unwrap();
    }
}

#[test]
fn another_server_is_still_told_as_another_server() {
    let world = World::new(34, &["U008"]);
    let folder = tempfile::tempdir().unwrap();
    let other = Server::open_system(folder.path()).unwrap();
    other.publish_import(&import::read(&park()).unwrap()).unwrap();
    let field = world.devices[0].field();
    record(field);
    assert_eq!(sync(field, &Wire::perfect(&other)).unwrap_err().code(), "wrong-server");
    let here = tempfile::tempdir().unwrap();
    let code = world.server().invite(&PersonId::from("U001"), 600_000).unwrap().to_string();
    let stranger = fresh(here.path()).enrol("sim://other", &code, &Wire::perfect(&other)).unwrap_err();
    assert_eq!(stranger.code(), "code-unknown", "it never had this code");
    sync(field, &Wire::perfect(world.server())).unwrap();
}
