//! A server's log goes back to an older state: what devices had delivered since is offered again, by whoever comes,
//! and everybody agrees in the end. Real devices, the real server, its files put back by hand.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::CaseAct;
use sanben_domain::id::{CaseId, EventId, PersonId, PointId, UnitId};
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate, Role, RowKey};
use sanben_domain::score::{Announcement, Fact, Period};
use sanben_domain::time::{Timestamp, Zone};
use sanben_field::{Budget, Field, FieldError, NewCase, PhotoPolicy, Platform, SyncReport};
use sanben_server::{ReviewError, Server, import};
use sanben_tests::network::Wire;
use sanben_tests::world::park;
use std::ops::ControlFlow;
use std::path::Path;

fn sync(field: &Field, server: &Server) -> SyncReport {
    field.sync(&Wire::perfect(server), Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap()
}

fn device(server: &Server, dir: &Path, person: &str) -> Field {
    let field = Field::open(dir, Platform::system()).unwrap();
    let code = server.invite(&PersonId::from(person), 600_000).unwrap();
    field.enrol("test://server", &code.to_string(), &Wire::perfect(server)).unwrap();
    sync(&field, server);
    field
}

fn record(field: &Field, words: &str) -> CaseId {
    let new =
        NewCase { point: Some(PointId::from("P011")), description: words.to_owned(), ..NewCase::default() };
    field.record(new).unwrap().case
}

/// The files of the log of a server that stands still, into another folder.
fn copy_log(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for name in ["log.db", "log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(to.join(name));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

#[test]
fn what_a_rolled_back_log_forgot_comes_back_from_the_devices() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let server = Server::open_system(&at("server")).unwrap();
    server.publish_import(&import::read(&park()).unwrap()).unwrap();
    let inspector = device(&server, &at("inspector"), "U008");
    let head = device(&server, &at("head"), "U060");
    let before = record(&inspector, "备份之前");
    sync(&inspector, &server);
    drop(server);
    copy_log(&at("server"), &at("copy"));
    let server = Server::open_system(&at("server")).unwrap();

    // Delivered, answered, seen: and then the disk dies.
    let after = record(&inspector, "备份之后");
    sync(&inspector, &server);
    sync(&head, &server);
    let answer = head.acknowledge(after, "收到,马上落实!").unwrap();
    sync(&head, &server);
    sync(&inspector, &server);
    let told = inspector.case(after).unwrap();
    assert!(told.record.events.contains_key(&answer));
    drop(server);
    copy_log(&at("copy"), &at("server"));
    let server = Server::open_system(&at("server")).unwrap();
    let old_life = server.epoch().unwrap();

    // The head comes first: its answer builds on a report that the log does not have, and waits.
    let report = sync(&head, &server);
    assert!(report.restored);
    assert_ne!(server.epoch().unwrap(), old_life, "nobody takes this life for the one they knew");
    assert_eq!(head.store().counts().unwrap().pending, 1);
    assert!(head.store().needs_attention().unwrap().is_empty(), "waiting is not a refusal");
    // Recording goes on meanwhile.
    let meanwhile = head.act(before, CaseAct::Comment { words: "看过了".to_owned() }, &[]).unwrap();

    let replica = server.replica().unwrap();
    assert!(replica.case(before).unwrap().is_some());
    assert!(replica.case(after).unwrap().is_none(), "the running replica has no ghosts");
    let report = sync(&inspector, &server);
    assert!(report.restored && report.accepted > 0);
    for field in [&head, &inspector, &head] {
        sync(field, &server);
    }
    let (of_head, of_inspector) = (head.case(after).unwrap(), inspector.case(after).unwrap());
    assert_eq!(of_head.record, told.record, "nothing of it is lost");
    assert_eq!(of_inspector.record, told.record);
    assert!(inspector.case(before).unwrap().record.events.contains_key(&meanwhile));
    for field in [&head, &inspector] {
        assert_eq!(field.store().counts().unwrap().pending, 0);
        assert!(!sync(field, &server).restored, "healed once");
    }
    let newcomer = device(&server, &at("newcomer"), "U001");
    assert_eq!(newcomer.case(after).unwrap().record, told.record);
    assert!(server.audit().unwrap().faults.is_empty());
}

#[test]
fn devices_show_the_same_once_they_have_read_a_new_life() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let server = Server::open_system(&at("server")).unwrap();
    server.publish_import(&import::read(&park()).unwrap()).unwrap();
    let inspector = device(&server, &at("inspector"), "U008");
    let desk = device(&server, &at("desk"), "U001");
    let kept = record(&inspector, "备份之前");
    sync(&inspector, &server);
    sync(&desk, &server);
    drop(server);
    copy_log(&at("server"), &at("copy"));
    let server = Server::open_system(&at("server")).unwrap();

    // Lost with the disk, and so is the device it was recorded on: a case, a word in another, an announcement.
    let lost = record(&inspector, "备份之后");
    inspector.act(kept, CaseAct::Comment { words: "看过了".to_owned() }, &[]).unwrap();
    sync(&inspector, &server);
    let gone = announcement();
    let update =
        ReferenceUpdate { rows: vec![ReferenceRow::Announcement(gone.clone())], removed: Vec::new() };
    server.publish(update).unwrap();
    sync(&desk, &server);
    assert!(desk.case(lost).is_ok());
    assert!(desk.reference().unwrap().announcements.contains_key(&gone.id));
    drop((server, inspector));
    copy_log(&at("copy"), &at("server"));
    let server = Server::open_system(&at("server")).unwrap();

    assert!(sync(&desk, &server).restored);
    let newcomer = device(&server, &at("newcomer"), "U001");
    assert_eq!(desk.case(kept).unwrap().record, newcomer.case(kept).unwrap().record);
    assert!(desk.case(lost).is_err(), "what the log does not have is shown by nobody");
    assert_eq!(*desk.reference().unwrap(), *newcomer.reference().unwrap());
    let now = newcomer.now().unwrap();
    let community = UnitId::from("park-02");
    let sheet = |field: &Field| {
        field
            .score(&community, Period::month_of(Zone::CHINA.day(now)), Some(now))
            .unwrap()
            .to_bytes()
            .unwrap()
    };
    assert_eq!(sheet(&desk), sheet(&newcomer), "the same cut, the same bytes");
}

fn announcement() -> Announcement {
    Announcement {
        id: EventId::from_random([9; 16]),
        community: UnitId::from("park-02"),
        fact: Fact::PraiseCity,
        point: None,
        check: None,
        at: Timestamp(1_773_961_200_000),
        words: "表扬".to_owned(),
        evidence: Vec::new(),
        named: None,
        mark: None,
    }
}

/// A server with a copy of its log, and everybody of these.
struct Office {
    dir: tempfile::TempDir,
    server: Option<Server>,
}

impl Office {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::open_system(&dir.path().join("server")).unwrap();
        server.publish_import(&import::read(&park()).unwrap()).unwrap();
        Self { dir, server: Some(server) }
    }

    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    fn device(&self, person: &str) -> Field {
        device(self.server(), &self.dir.path().join(person), person)
    }

    fn keep(&mut self) {
        self.move_log("server", "copy");
    }

    fn roll_back(&mut self) {
        self.move_log("copy", "server");
    }

    fn move_log(&mut self, from: &str, to: &str) {
        self.server = None;
        copy_log(&self.dir.path().join(from), &self.dir.path().join(to));
        self.server = Some(Server::open_system(&self.dir.path().join("server")).unwrap());
    }

    /// Takes a person out; gives the row with which they come back.
    fn take_out(&self, person: &str) -> ReferenceRow {
        let row = self.server().reference().unwrap().people[&PersonId::from(person)].clone();
        let key = RowKey { kind: "person".to_owned(), key: person.to_owned() };
        self.server().publish(ReferenceUpdate { rows: Vec::new(), removed: vec![key] }).unwrap();
        ReferenceRow::Person(row)
    }
}

fn try_sync(field: &Field, server: &Server) -> Result<SyncReport, FieldError> {
    field.sync(&Wire::perfect(server), Budget::unlimited(), &mut |_| ControlFlow::Continue(()))
}

/// Originals were dropped to make room, on the word of a log that goes back to before it had them.
#[test]
fn an_original_that_nobody_has_any_more_is_told_and_not_waited_for() {
    for files_are_lost_too in [true, false] {
        let mut office = Office::new();
        let (author, command) = (office.device("U008"), office.device("U001"));
        let with_photo = |name: &str| {
            let photos = vec![park().join("photos").join(name)];
            let new = NewCase { point: Some(PointId::from("P011")), photos, ..NewCase::default() };
            author.record(new).unwrap().case
        };
        let deliver = |office: &Office, case: CaseId| {
            sync(&author, office.server());
            sync(&command, office.server());
            command.act(case, CaseAct::Void { reason: "重复".to_owned() }, &[]).unwrap();
            sync(&command, office.server());
            assert_eq!(sync(&author, office.server()).photos_waiting, 0);
        };
        let before = with_photo("open-bin-upright.jpg");
        deliver(&office, before);
        office.keep();
        let after = with_photo("damaged-paving.jpg");
        deliver(&office, after);
        std::thread::sleep(std::time::Duration::from_millis(5));
        let dropped = author.drop_originals(PhotoPolicy { after_days: 0 }).unwrap();
        assert_eq!(dropped.len(), 2);
        office.roll_back();
        if files_are_lost_too {
            let lost = author.photos_of(after).unwrap()[0].hash.to_string();
            let shelf = office.dir.path().join("server/photos").join(lost);
            std::fs::remove_file(shelf).unwrap();
        }

        let report = sync(&author, office.server());
        assert!(report.restored);
        assert_eq!((report.photos_gone, report.photos_failed, report.photos_waiting), (1, 0, 0));
        let kept = author.photos_of(before).unwrap()[0].whereabouts;
        assert!(kept.delivered.is_some() && kept.gone.is_none(), "the log has that one");
        let gone = author.photos_of(after).unwrap()[0].whereabouts;
        assert!(gone.delivered.is_none() && gone.gone.is_some() && gone.thumbnail, "{gone:?}");
        let report = sync(&author, office.server());
        assert_eq!((report.photos_gone, report.photos_failed, report.photos_waiting), (0, 0, 0), "told once");
        assert_eq!(author.counts().unwrap().photos_gone, 1);
        // Whoever has the picture still gives it back, and it is delivered.
        let again = with_photo("damaged-paving.jpg");
        let report = sync(&author, office.server());
        assert_eq!((report.photos_delivered, report.photos_waiting), (1, 0));
        for case in [after, again] {
            let back = author.photos_of(case).unwrap()[0].whereabouts;
            assert!(back.delivered.is_some() && back.gone.is_none() && back.dropped.is_none());
        }
    }
}

/// A report is delivered, forgotten by the log, refused when it is offered again, and sent anew: another beginning of
/// its document. Somebody else has recorded something in the first one.
#[test]
fn who_worked_in_a_report_that_was_begun_anew_goes_on_in_the_new_one() {
    for comes_before_it_is_back in [true, false] {
        let mut office = Office::new();
        let (author, other) = (office.device("U008"), office.device("U009"));
        office.keep();
        let case = record(&author, "备份之后");
        sync(&author, office.server());
        sync(&other, office.server());
        let delivered = other.act(case, CaseAct::Comment { words: "看过了".to_owned() }, &[]).unwrap();
        sync(&other, office.server());
        let own = other.act(case, CaseAct::Comment { words: "还在".to_owned() }, &[]).unwrap();
        office.roll_back();

        let was = office.take_out("U008");
        assert!(try_sync(&author, office.server()).is_err());
        let waiting = office.server().reviews().unwrap();
        assert!(!waiting.is_empty(), "the report and the round");
        for row in waiting {
            // Refusing the report refuses what builds on it.
            let outcome = office.server().decide(&row.change.to_string(), false, "请重新上报");
            assert!(matches!(outcome, Ok(_) | Err(ReviewError::Decided)), "{outcome:?}");
        }
        office.server().publish(ReferenceUpdate { rows: vec![was], removed: Vec::new() }).unwrap();
        if comes_before_it_is_back {
            sync(&other, office.server());
            assert_eq!(other.counts().unwrap().pending, 2, "they wait for what they build on");
        }
        sync(&author, office.server());
        // The report, and the round it was found on.
        while let Some(refused) = author.needs_attention().unwrap().first() {
            author.resend(refused.id).unwrap();
        }
        sync(&author, office.server());

        sync(&other, office.server());
        assert_eq!(other.store().quarantined().unwrap(), []);
        assert_eq!(other.counts().unwrap().pending, 0);
        assert!(other.needs_attention().unwrap().is_empty());
        sync(&author, office.server());
        let here = author.case(case).unwrap().record;
        assert!(here.events.contains_key(&delivered) && here.events.contains_key(&own));
        assert_eq!(here, other.case(case).unwrap().record);
    }
}

#[test]
fn who_is_taken_out_before_they_see_a_rollback_offers_first_what_it_forgot() {
    let mut office = Office::new();
    let inspector = office.device("U008");
    office.keep();
    let case = record(&inspector, "备份之后");
    sync(&inspector, office.server());
    office.roll_back();
    let was = office.take_out("U008");
    let told = try_sync(&inspector, office.server()).unwrap_err();
    assert!(matches!(&told, FieldError::Refused(why) if why == "revoked-device"), "{told}");
    // What they had seen is in the log of this life too: it was theirs to do, and a person decides.
    assert_eq!(inspector.needs_attention().unwrap(), []);
    let waiting = office.server().reviews().unwrap();
    assert!(waiting.iter().any(|row| row.document == case), "{waiting:?}");
    for row in waiting {
        office.server().decide(&row.change.to_string(), true, "情况属实").unwrap();
    }
    office.server().publish(ReferenceUpdate { rows: vec![was], removed: Vec::new() }).unwrap();
    sync(&inspector, office.server());
    assert_eq!(inspector.case(case).unwrap().record.description, "备份之后");
    let replica = office.server().replica().unwrap();
    assert_eq!(replica.case(case).unwrap().unwrap().record.description, "备份之后");
}

#[test]
fn a_device_that_was_enrolled_after_the_backup_comes_in_again_with_all_it_had_delivered() {
    let mut office = Office::new();
    office.keep();
    let inspector = office.device("U008");
    let case = record(&inspector, "备份之后");
    sync(&inspector, office.server());
    let own = inspector.enrolment().unwrap();
    let enrol = |office: &Office, person: &str| {
        let code = office.server().invite(&PersonId::from(person), 600_000).unwrap().to_string();
        inspector.enrol("test://server", &code, &Wire::perfect(office.server()))
    };
    assert!(matches!(enrol(&office, "U008"), Err(FieldError::AlreadyEnrolled)), "it is known");
    let used = office.server().invite(&PersonId::from("U012"), 600_000).unwrap().to_string();
    let other = Field::open(&office.dir.path().join("other"), Platform::system()).unwrap();
    let again = || other.enrol("test://server", &used, &Wire::perfect(office.server()));
    assert!(again().is_ok());
    assert!(matches!(again(), Err(FieldError::AlreadyEnrolled)), "by the very same code too");
    office.roll_back();
    let told = try_sync(&inspector, office.server()).unwrap_err();
    assert!(matches!(&told, FieldError::Refused(why) if why == "unknown-device"), "{told}");
    assert!(matches!(enrol(&office, "U009"), Err(FieldError::Code(_))), "not as somebody else");
    assert!(inspector.case(case).is_ok());

    assert_eq!(enrol(&office, "U008").unwrap(), own);
    assert!(sync(&inspector, office.server()).restored);
    let replica = office.server().replica().unwrap();
    assert_eq!(replica.case(case).unwrap().unwrap().record.description, "备份之后");
    assert_eq!(inspector.counts().unwrap().pending, 0);
}

/// Its device had no place in the scope any more when the work was accepted, and so nothing to prove the rollback by.
#[test]
fn what_was_accepted_into_a_lost_scope_is_offered_again_when_that_scope_comes_back_without_it() {
    let mut office = Office::new();
    let inspector = office.device("U008");
    office.keep();
    let photos = vec![park().join("photos").join("south-entrance-rubbish-before.jpg")];
    let new = NewCase { point: Some(PointId::from("P011")), photos, ..NewCase::default() };
    let case = inspector.record(new).unwrap().case;
    let mut moved = office.server().reference().unwrap().people[&PersonId::from("U008")].clone();
    (moved.role, moved.unit, moved.team) = (Role::Volunteer, UnitId::from("park-09"), None);
    let update = ReferenceUpdate { rows: vec![ReferenceRow::Person(moved)], removed: Vec::new() };
    office.server().publish(update).unwrap();
    // The photo does not go any more: that keeps the case here.
    let once = Budget { requests: Some(1), ..Budget::unlimited() };
    let report =
        inspector.sync(&Wire::perfect(office.server()), once, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(report.accepted > 0 && report.rejected == 0, "judged by what its author had seen");
    office.roll_back();
    for _ in 0..2 {
        sync(&inspector, office.server());
    }
    assert!(office.server().replica().unwrap().case(case).unwrap().is_some());
    let counts = inspector.store().counts().unwrap();
    assert_eq!((counts.pending, counts.photos - counts.photos_delivered), (0, 0));
}
