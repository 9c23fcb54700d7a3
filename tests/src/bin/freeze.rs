//! Plays a morning of work with something in every table, and leaves a server and an inspector's device behind as this version of
//! the program keeps them. `server/tests/operation/versions/README.md` says what becomes of it.

#![expect(clippy::unwrap_used, reason = "it stops at the first surprise")]

use sanben_document::{Intent, IntentBody};
use sanben_domain::case::{CaseAct, Handler, Source};
use sanben_domain::id::{CaseId, DocumentId, EventId, PersonId, PointId, UnitId};
use sanben_domain::patrol::{Round, VisitResult};
use sanben_domain::time::Stamp;
use sanben_field::{Budget, Field, NewCase, NewContact, PhotoPolicy, Platform};
use sanben_server::{Server, import};
use sanben_tests::network::Wire;
use sanben_tests::world::park;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// As `server/tests/operation/versions.rs` asks for them.
const WORDS: [&str; 3] = ["南入口有大片垃圾", "宣传栏玻璃破损", "路灯不亮"];

fn main() {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: freeze FOLDER");
        std::process::exit(2);
    };
    play(&folder);
}

fn sync(field: &Field, server: &Server) {
    field.sync(&Wire::perfect(server), Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap();
}

fn enrolled(server: &Server, folder: &Path, person: &str) -> Field {
    let field = Field::open(folder, Platform::system()).unwrap();
    let code = server.invite(&PersonId::from(person), 600_000).unwrap();
    field.enrol("test://server", &code.to_string(), &Wire::perfect(server)).unwrap();
    sync(&field, server);
    field
}

/// The files of the log of a server that stands still.
fn copy_log(from: &Path, to: &Path) {
    for name in ["log.db", "log.db-wal", "log.db-shm"] {
        let _ = std::fs::remove_file(to.join(name));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

fn record(field: &Field, words: &str, photos: &[&str]) -> CaseId {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/photo/src/fixtures");
    let new = NewCase {
        point: Some(PointId::from("P011")),
        description: words.to_owned(),
        photos: photos.iter().map(|name| fixtures.join(name)).collect(),
        ..NewCase::default()
    };
    field.record(new).unwrap().case
}

/// A report in a unit that is not the author's: the device lets nobody record it, the server refuses it.
fn refused(field: &Field, n: u8) {
    let intent = Intent {
        v: 1,
        document: DocumentId::from_random([n; 16]),
        event: EventId::from_random([n + 100; 16]),
        at: Stamp::exact(field.now().unwrap()),
        by: field.enrolment().unwrap().person,
        seen: Vec::new(),
        body: IntentBody::Report {
            home: UnitId::from("park-09"),
            source: Source::Own,
            point: None,
            standard: None,
            description: "别处的事".to_owned(),
            fix: None,
            photos: BTreeMap::new(),
        },
    };
    field.store().record(&[intent], None).unwrap();
}

fn play(folder: &Path) {
    let aside = tempfile::tempdir().unwrap();
    let server = Server::open_system(&folder.join("server")).unwrap();
    server.publish_import(&import::read(&park()).unwrap()).unwrap();
    let command = enrolled(&server, &aside.path().join("command"), "U001");
    let head = enrolled(&server, &aside.path().join("head"), "U060");

    let inspector = enrolled(&server, &folder.join("inspector"), "U008");

    // The log is put back to before what a device brought that never comes again, and to before a photo that was dropped here.
    drop(server);
    copy_log(&folder.join("server"), aside.path());
    let server = Server::open_system(&folder.join("server")).unwrap();
    let lost = enrolled(&server, &aside.path().join("lost"), "U001");
    record(&lost, "没有回来的设备", &[]);
    let dropped = record(&inspector, "原图已删", &["exif.jpg"]);
    sync(&lost, &server);
    sync(&inspector, &server);
    sync(&lost, &server);
    lost.act(dropped, CaseAct::Void { reason: "重复".to_owned() }, &[]).unwrap();
    sync(&lost, &server);
    sync(&inspector, &server);
    std::thread::sleep(std::time::Duration::from_millis(5));
    assert_eq!(inspector.drop_originals(PhotoPolicy { after_days: 0 }).unwrap().len(), 1);
    drop(server);
    copy_log(aside.path(), &folder.join("server"));
    let server = Server::open_system(&folder.join("server")).unwrap();
    // What was there before the inspector came again begins with a bundle there.
    let earlier = record(&command, "消防通道堵塞", &["grey-progressive.jpg"]);
    record(&command, "路面破损", &[]);
    sync(&command, &server);
    server.make_bundles(1).unwrap();
    sync(&inspector, &server);
    assert_eq!(inspector.counts().unwrap().photos_gone, 1);
    inspector.ask_for_photos(earlier, &Wire::perfect(&server)).unwrap();

    // Delivered and put right, its photo closed and dropped here; delivered.
    let first = record(&inspector, WORDS[0], &["baseline-422.jpg"]);
    sync(&inspector, &server);
    sync(&head, &server);
    head.acknowledge(first, "收到,马上落实!").unwrap();
    head.rectify(first, "已清理", false, &[]).unwrap();
    sync(&head, &server);
    let second = record(&inspector, WORDS[1], &[]);
    inspector.visit(Round::Morning, &PointId::from("P011"), VisitResult::Clean, None).unwrap();
    sync(&inspector, &server);

    // Handed on and taken back; a resident's contact, erased; a whole case, erased.
    sync(&command, &server);
    let to = Handler { unit: UnitId::from("park-03"), person: None };
    command.act(second, CaseAct::Dispatch { to }, &[]).unwrap();
    let gone = record(&command, "误报", &["rgb.jpg"]);
    let contact =
        NewContact { name: "周女士".to_owned(), telephone: "13800000042".to_owned(), note: String::new() };
    let contact = command.add_contact(first, contact).unwrap();
    sync(&command, &server);
    sync(&inspector, &server);
    server.take_back(second, &UnitId::from("park-03"), "派错了").unwrap();
    server.erase(contact, false, "本人要求").unwrap();
    server.erase(gone, true, "本人要求").unwrap();

    // Refused: one waits for its person, one was handed on, one given up.
    for n in 1..=3 {
        refused(&inspector, n);
    }
    sync(&inspector, &server);
    let waiting: Vec<_> = inspector.needs_attention().unwrap().iter().map(|refused| refused.id).collect();
    assert_eq!(waiting.len(), 3);
    inspector.hand_on(waiting[1], None, &aside.path().join("handed-on")).unwrap();
    inspector.discard(waiting[2], "记错了").unwrap();

    // From a device that was taken out: one decided, one still in review.
    let spare = enrolled(&server, &aside.path().join("spare"), "U008");
    for words in ["第一条", "第二条"] {
        record(&spare, words, &[]);
    }
    server.revoke(spare.enrolment().unwrap().device).unwrap();
    let _ = spare.sync(&Wire::perfect(&server), Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
    let review = server.reviews().unwrap();
    server.decide(&review[0].change.to_string(), false, "平板已报失").unwrap();

    // Carried for others: one that the server cannot open, and one that waits.
    record(&head, "代为捎带", &[]);
    let (good, bad) = (aside.path().join("good"), aside.path().join("bad"));
    head.export_mailbag(&good).unwrap();
    let mut bytes = std::fs::read(&good).unwrap();
    bytes.pop();
    std::fs::write(&bad, bytes).unwrap();
    inspector.take_mailbag(&bad).unwrap();
    sync(&inspector, &server);
    inspector.take_mailbag(&good).unwrap();

    // At rest.
    let _ = inspector.tidy(usize::MAX).unwrap();

    // Not sent any more before noon: a case with its photo, and a draft.
    record(&inspector, WORDS[2], &["grey.jpg"]);
    let draft = inspector.draft().unwrap();
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/photo/src/fixtures/interlaced.png");
    inspector.draft_photo(draft, &photo).unwrap();
}
