//! People who lose what they held, and work that cannot be judged: recording goes on, what was done is not lost, and
//! what is said about it is true. Real devices, the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::CaseAct;
use sanben_domain::id::{CaseId, PersonId, PhotoHash, PointId, StandardId, UnitId};
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate, Role, RowKey};
use sanben_field::{Budget, Field, FieldError, NewCase, OutboxState, Platform, SyncReport};
use sanben_server::{Server, import};
use sanben_sync::wire::Rejection;
use sanben_tests::network::Wire;
use sanben_tests::world::park;
use sha2::{Digest, Sha256};
use std::ops::ControlFlow;
use std::path::Path;
use tempfile::TempDir;

fn office() -> (TempDir, Server) {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::open_system(&dir.path().join("server")).unwrap();
    server.publish_import(&import::read(&park()).unwrap()).unwrap();
    (dir, server)
}

fn try_sync(field: &Field, server: &Server) -> Result<SyncReport, FieldError> {
    field.sync(&Wire::perfect(server), Budget::default(), &mut |_| ControlFlow::Continue(()))
}

fn sync(field: &Field, server: &Server) -> SyncReport {
    try_sync(field, server).unwrap()
}

fn device(server: &Server, dir: &Path, person: &str) -> Field {
    let field = Field::open(dir, Platform::system()).unwrap();
    let code = server.invite(&PersonId::from(person), 600_000).unwrap();
    field.enrol("test://server", &code.to_string(), &Wire::perfect(server)).unwrap();
    sync(&field, server);
    field
}

fn at_p011(words: &str) -> NewCase {
    NewCase { point: Some(PointId::from("P011")), description: words.to_owned(), ..NewCase::default() }
}

fn record(field: &Field, words: &str) -> CaseId {
    field.record(at_p011(words)).unwrap().case
}

fn key(kind: &str, key: &str) -> RowKey {
    RowKey { kind: kind.to_owned(), key: key.to_owned() }
}

fn person(server: &Server, id: &str) -> sanben_domain::reference::Person {
    server.reference().unwrap().people[&PersonId::from(id)].clone()
}

fn publish(server: &Server, rows: Vec<ReferenceRow>, removed: Vec<RowKey>) {
    server.publish(ReferenceUpdate { rows, removed }).unwrap();
}

fn take_everything_in(server: &Server) {
    for row in server.reviews().unwrap() {
        server.decide(&row.change.to_string(), true, "确有其事").unwrap();
    }
}

/// Whoever is out, by device or by person, is told so, and delivers what belongs to their accepted work.
#[test]
fn the_photos_of_work_that_was_taken_in_come_from_a_device_that_was_taken_out() {
    let taken_out: [fn(&Server, &Field); 2] = [
        |server, field| assert!(server.revoke(field.enrolment().unwrap().device).unwrap()),
        |server, _| publish(server, Vec::new(), vec![key("person", "U008")]),
    ];
    for take_out in taken_out {
        let (dir, server) = office();
        let inspector = device(&server, &dir.path().join("inspector"), "U008");
        let file = park().join("photos/open-bin-upright.jpg");
        let bytes = std::fs::read(&file).unwrap();
        let photo = PhotoHash(Sha256::digest(&bytes).into());
        let case = inspector.record(NewCase { photos: vec![file], ..at_p011("垃圾桶倒了") }).unwrap().case;
        take_out(&server, &inspector);
        let told = try_sync(&inspector, &server).unwrap_err();
        assert!(matches!(&told, FieldError::Refused(why) if why == "revoked-device"), "{told}");
        take_everything_in(&server);
        assert!(try_sync(&inspector, &server).is_err());
        assert!(inspector.store().photo(photo).unwrap().is_none_or(|row| row.receipt.is_some()));
        assert!(inspector.store().uploads().unwrap().is_empty(), "delivered");

        let post = device(&server, &dir.path().join("post"), "U001");
        assert_eq!(post.case(case).unwrap().record.photos.len(), 1);
        assert_eq!(post.fetch_photo(photo, &Wire::perfect(&server)).unwrap(), bytes);
        // Delivering is all it may, and with the next sync it holds nothing of it any more.
        assert!(try_sync(&inspector, &server).is_err());
        assert!(inspector.store().photo(photo).unwrap().is_none());
        assert!(inspector.fetch_photo(photo, &Wire::perfect(&server)).is_err());
    }
}

/// Nobody else has the report on which these comments build: the log was put back, and its author never came again.
#[test]
fn what_cannot_be_judged_does_not_hide_what_lies_behind_it() {
    let (dir, server) = office();
    let author = device(&server, &dir.path().join("author"), "U008");
    let head = device(&server, &dir.path().join("head"), "U060");
    drop(server);
    let (log, kept) = (dir.path().join("server/log.db"), dir.path().join("kept.db"));
    std::fs::copy(&log, &kept).unwrap();
    let server = Server::open_system(&dir.path().join("server")).unwrap();
    let case = record(&author, "南入口有大片垃圾");
    sync(&author, &server);
    sync(&head, &server);
    drop(server);
    for name in ["log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(dir.path().join("server").join(name));
    }
    std::fs::copy(&kept, &log).unwrap();
    let server = Server::open_system(&dir.path().join("server")).unwrap();

    // More than the smallest budget of a request.
    for n in 0..6 {
        let words = format!("{n}").repeat(20_000);
        head.act(case, CaseAct::Comment { words }, &[]).unwrap();
    }
    let behind = record(&head, "排在后面的一条");
    let report = sync(&head, &server);
    assert!(report.restored);
    assert_eq!(report.accepted, 1, "{report:?}");
    assert_eq!(server.replica().unwrap().case(behind).unwrap().unwrap().record.description, "排在后面的一条");
    assert_eq!(head.counts().unwrap().pending, 6, "they wait for what they build on");
    assert!(head.needs_attention().unwrap().is_empty());
    let again = sync(&head, &server);
    assert!(again.sent <= 6, "each at most once while nothing comes of it: {again:?}");

    // And it comes after all.
    sync(&author, &server);
    assert_eq!(sync(&head, &server).accepted, 6);
    assert_eq!(head.counts().unwrap().pending, 0);
}

#[test]
fn a_person_who_was_taken_out_records_at_a_point_all_the_same() {
    let (dir, server) = office();
    let inspector = device(&server, &dir.path().join("inspector"), "U008");
    let was = person(&server, "U008");
    publish(&server, Vec::new(), vec![key("person", "U008")]);
    assert!(try_sync(&inspector, &server).is_err());
    let held = inspector.reference().unwrap();
    assert!(held.people.is_empty() && held.assignments.is_empty() && held.teams.is_empty(), "nobody's name");

    let case = record(&inspector, "南入口有大片垃圾");
    assert!(try_sync(&inspector, &server).is_err());
    let row = inspector.outbox(1).unwrap().remove(0);
    assert!(matches!(row.state, OutboxState::InReview { .. }), "{row:?}");
    take_everything_in(&server);
    assert!(try_sync(&inspector, &server).is_err());
    assert_eq!(server.replica().unwrap().case(case).unwrap().unwrap().record.point, Some("P011".into()));

    // Back again, they have what holds now: nothing of the map they had kept outlives what was withdrawn meanwhile.
    publish(&server, vec![ReferenceRow::Person(was)], vec![key("standard", "S28")]);
    sync(&inspector, &server);
    let newcomer = device(&server, &dir.path().join("newcomer"), "U008");
    let (here, there) = (inspector.reference().unwrap(), newcomer.reference().unwrap());
    assert!(!here.standards.contains_key(&StandardId::from("S28")));
    assert_eq!(*here, *there);
    assert!(inspector.case(case).is_ok());
}

#[test]
fn who_holds_no_place_records_and_is_told_the_reason() {
    let (dir, server) = office();
    // A head who answers for no point, in a community: nothing is theirs to see.
    let head = sanben_domain::reference::Person {
        id: PersonId::from("U999"),
        name: "钱无点".to_owned(),
        role: Role::PointHead,
        unit: UnitId::from("park-09"),
        team: None,
    };
    publish(&server, vec![ReferenceRow::Person(head)], Vec::new());
    let field = device(&server, &dir.path().join("head"), "U999");
    let new = NewCase { description: "路灯不亮".to_owned(), ..NewCase::default() };
    let case = field.record(new).unwrap().case;
    assert_eq!(field.case(case).unwrap().record.description, "路灯不亮");
    assert_eq!(sync(&field, &server).rejected, 1);
    assert_eq!(field.needs_attention().unwrap()[0].rejection, Rejection::OutOfScope);
}

#[test]
fn who_becomes_a_volunteer_keeps_no_staff_list() {
    let (dir, server) = office();
    let inspector = device(&server, &dir.path().join("inspector"), "U008");
    assert!(!inspector.reference().unwrap().people.is_empty());
    let mut now = person(&server, "U008");
    now.role = Role::Volunteer;
    now.unit = UnitId::from("park-02");
    now.team = None;
    publish(&server, vec![ReferenceRow::Person(now)], Vec::new());
    sync(&inspector, &server);
    assert!(inspector.reference().unwrap().people.is_empty());
    assert!(inspector.reference().unwrap().points.len() > 100);
}
