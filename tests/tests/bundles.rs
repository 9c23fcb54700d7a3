//! Beginning with bundles: a device that came by a bundle holds what one holds that read the log, whatever the line and
//! the files do; and what rests is kept as one save without anybody noticing. Real devices, the real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use sanben_domain::case::{CaseAct, Handler, Outcome};
use sanben_domain::id::{CaseId, PersonId, PointId, UnitId};
use sanben_domain::patrol::{Round, VisitResult};
use sanben_domain::rights::home_scope;
use sanben_domain::score::Period;
use sanben_domain::time::{Timestamp, Zone};
use sanben_field::{Budget, CaseQuery, Field, FieldError, NewCase, Platform, SyncReport};
use sanben_server::{Server, import};
use sanben_store::Packed;
use sanben_sync::bundle::{Block, Offer, SignedOffer};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::keys::SecretKey;
use sanben_tests::network::Wire;
use sanben_tests::world::park;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn sync(field: &Field, server: &Server) -> SyncReport {
    field.sync(&Wire::perfect(server), Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap()
}

fn enrolled(server: &Server, dir: &Path, person: &str) -> Field {
    let field = Field::open(dir, Platform::system()).unwrap();
    let code = server.invite(&PersonId::from(person), 600_000).unwrap();
    field.enrol("test://server", &code.to_string(), &Wire::perfect(server)).unwrap();
    field
}

fn record(field: &Field, words: &str) -> CaseId {
    let new =
        NewCase { point: Some(PointId::from("P011")), description: words.to_owned(), ..NewCase::default() };
    field.record(new).unwrap().case
}

/// A server with some days of work, and the devices it came from.
struct Town {
    dir: TempDir,
    server: Server,
    inspector: Field,
    head: Field,
    cases: Vec<CaseId>,
}

impl Town {
    fn new(cases: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::open_system(&dir.path().join("server")).unwrap();
        server.publish_import(&import::read(&park()).unwrap()).unwrap();
        let inspector = enrolled(&server, &dir.path().join("inspector"), "U008");
        let head = enrolled(&server, &dir.path().join("head"), "U060");
        sync(&inspector, &server);
        sync(&head, &server);
        let cases: Vec<_> =
            (0..cases).map(|n| record(&inspector, &format!("第{n}处:垃圾堆放在消防通道"))).collect();
        inspector.visit(Round::Morning, &PointId::from("P011"), VisitResult::Clean, None).unwrap();
        sync(&inspector, &server);
        sync(&head, &server);
        for (n, case) in cases.iter().enumerate() {
            if n % 2 == 0 {
                head.acknowledge(*case, "收到,马上落实!").unwrap();
            }
            if n % 4 == 0 {
                head.rectify(*case, "已清理", false, &[]).unwrap();
            }
        }
        sync(&head, &server);
        sync(&inspector, &server);
        for case in cases.iter().step_by(8) {
            inspector.look_back(*case, Outcome::Passed, "确已清理", &[]).unwrap();
        }
        if let [kept, .., merged] = cases.as_slice() {
            inspector.merge(*merged, *kept).unwrap();
        }
        sync(&inspector, &server);
        Self { dir, server, inspector, head, cases }
    }

    fn device(&self, name: &str) -> Field {
        enrolled(&self.server, &self.dir.path().join(name), "U001")
    }

    fn bundle_files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.dir.path().join("server/bundles")).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }

    /// Makes another bundle out of the one there is, signed as the server would.
    fn forge(&self, change: impl Fn(&mut Vec<Packed>)) {
        let seed = std::fs::read(self.dir.path().join("server/server.key")).unwrap();
        let key = SecretKey::from_seed(seed.try_into().unwrap());
        for path in self.bundle_files() {
            let bytes = std::fs::read(&path).unwrap();
            let (length, rest) = bytes.split_at(4);
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
            let (signed, body) = rest.split_at(length);
            let signed: SignedOffer = sanben_document::decode(signed).unwrap();
            let offer = signed.open(self.server.epoch().unwrap(), &self.server.key()).unwrap();
            let (mut at, mut blocks) = (0, Vec::new());
            for block in &offer.blocks {
                let end = at + block.bytes as usize;
                let mut packed: Vec<Packed> = unpack(&body[at..end], usize::MAX >> 1).unwrap();
                change(&mut packed);
                blocks.push(pack(&packed));
                at = end;
            }
            let offer = Offer { blocks: blocks.iter().map(|block| Block::of(block)).collect(), ..offer };
            let signed = SignedOffer::sign(&offer, &key);
            let name = signed.name().map(|byte| format!("{byte:02x}")).concat();
            let file = path.file_name().unwrap().to_str().unwrap();
            let to = path.with_file_name(format!("{}{name}.bundle", &file[..file.len() - 71]));
            let signed = sanben_document::encode(&signed);
            let mut whole = u32::try_from(signed.len()).unwrap().to_be_bytes().to_vec();
            whole.extend(signed);
            whole.extend(blocks.concat());
            std::fs::remove_file(path).unwrap();
            std::fs::write(to, whole).unwrap();
        }
    }
}

fn all(field: &Field) -> Vec<sanben_store::CaseSummary> {
    field.cases(&CaseQuery { limit: 200, ..CaseQuery::default() }).unwrap().rows
}

/// Everything that two devices of the same person can be asked.
fn alike(one: &Field, other: &Field, cases: &[CaseId]) {
    assert!(all(one) == all(other), "other lists");
    assert_eq!(one.store().standing().unwrap().cursors, other.store().standing().unwrap().cursors);
    for case in cases {
        let heads = |field: &Field| field.store().document(*case).unwrap().unwrap().heads();
        assert_eq!(heads(one), heads(other));
        assert_eq!(one.case(*case).unwrap(), other.case(*case).unwrap());
    }
    let found = |field: &Field| field.store().search("消防通道", 200).unwrap();
    assert!(!found(one).is_empty());
    assert_eq!(found(one), found(other));
    assert_eq!(one.counts().unwrap(), other.counts().unwrap());
    let day = Zone::CHINA.day(one.now().unwrap());
    let patrols = |field: &Field| field.store().patrols(&sanben_field::PatrolQuery::on(day)).unwrap();
    assert_eq!(patrols(one), patrols(other));
    let now = one.now().unwrap();
    let sheet = |field: &Field| {
        field.score(&UnitId::from("park-02"), Period::month_of(Zone::CHINA.day(now)), Some(now)).unwrap()
    };
    assert_eq!(sheet(one).to_bytes().unwrap(), sheet(other).to_bytes().unwrap());
}

#[test]
fn by_bundle_or_by_log_a_device_holds_the_same() {
    let town = Town::new(60);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    assert!(town.server.make_bundles(1).unwrap() > 0);
    assert_eq!(town.server.make_bundles(1).unwrap(), 0, "they are fresh");

    let by_bundle = town.device("by-bundle");
    let report = sync(&by_bundle, &town.server);
    assert!(report.received >= town.cases.len() as u64);
    // The list is there before anybody has looked into a document.
    let at_once = all(&by_bundle);
    assert!(at_once == all(&by_log), "the same list");
    assert!(by_bundle.store().examine(1).unwrap().more, "nobody had to");
    alike(&by_bundle, &by_log, &town.cases);
    assert_eq!(by_bundle.store().examine(9).unwrap().documents, 0, "a question about all looked into all");

    // The log goes on behind it, for what others do and for own work.
    town.head.act(town.cases[1], CaseAct::Comment { words: "还在处理".to_owned() }, &[]).unwrap();
    record(&town.inspector, "后来的");
    sync(&town.head, &town.server);
    sync(&town.inspector, &town.server);
    by_bundle.act(town.cases[2], CaseAct::Comment { words: "看过了".to_owned() }, &[]).unwrap();
    for field in [&by_bundle, &by_log, &by_bundle] {
        sync(field, &town.server);
    }
    assert_eq!(by_bundle.store().quarantined().unwrap(), []);
    for case in &town.cases {
        assert_eq!(by_bundle.case(*case).unwrap().record, by_log.case(*case).unwrap().record);
    }
}

#[test]
fn a_cut_line_goes_on_with_the_next_block() {
    let town = Town::new(120);
    town.server.make_bundles(1).unwrap();
    let device = town.device("cut");
    let mut stopped = 0;
    loop {
        let (mut calls, before) = (0, device.store().bundles_begun().unwrap());
        let outcome = device.sync(&Wire::perfect(&town.server), Budget::unlimited(), &mut |_| {
            calls += 1;
            if calls >= 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match outcome {
            Ok(_) => break,
            Err(FieldError::Cancelled) => stopped += 1,
            Err(error) => panic!("{error}"),
        }
        if !before.is_empty() {
            assert!(!all(&device).is_empty(), "a page to look at before the rest is here");
        }
        assert!(stopped < 50);
    }
    assert!(stopped > 1);
    let whole = town.device("whole");
    sync(&whole, &town.server);
    alike(&device, &whole, &town.cases);
}

#[test]
fn a_damaged_bundle_is_thrown_away_and_the_log_read() {
    let town = Town::new(40);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    town.server.make_bundles(1).unwrap();
    for (n, path) in town.bundle_files().into_iter().enumerate() {
        let mut bytes = std::fs::read(&path).unwrap();
        let at = if n % 2 == 0 { bytes.len() - 9 } else { 40 };
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    let device = town.device("device");
    sync(&device, &town.server);
    alike(&device, &by_log, &town.cases);
    assert!(town.server.make_bundles(1).unwrap() > 0, "and made again");
}

#[test]
fn a_document_that_is_not_what_the_bundle_claims_is_fetched_from_the_log() {
    let town = Town::new(40);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    town.server.make_bundles(1).unwrap();
    let reference = by_log.reference().unwrap();
    // One document's save under another's name.
    let foreign = by_log.store().document(town.cases[3]).unwrap().unwrap();
    let foreign = sanben_document::encode(&Packed::of(&foreign, &reference).unwrap());
    town.forge(|packed| {
        for one in packed.iter_mut().filter(|one| one.id() == town.cases[5]) {
            let mut bytes = foreign.clone();
            let (from, to) = (town.cases[3].0.into_bytes(), town.cases[5].0.into_bytes());
            let at = bytes.windows(16).position(|window| window == from).unwrap();
            bytes[at..at + 16].copy_from_slice(&to);
            *one = sanben_document::decode(&bytes).unwrap();
        }
    });
    let device = town.device("device");
    sync(&device, &town.server);
    assert!(device.case(town.cases[5]).is_err(), "seen when it is opened");
    assert!(device.store().distrusts_bundles().unwrap());
    sync(&device, &town.server);
    alike(&device, &by_log, &town.cases);
}

#[test]
fn what_a_bundle_left_out_or_had_old_is_noticed_with_the_next_word_about_it() {
    let town = Town::new(40);
    town.server.make_bundles(1).unwrap();
    let by_log = town.device("by-log");
    let reference = town.inspector.reference().unwrap();
    town.forge(|packed| {
        packed.retain(|one| one.id() != town.cases[7]);
        for one in packed.iter_mut().filter(|one| one.id() == town.cases[8]) {
            let document = town.inspector.store().document(town.cases[8]).unwrap().unwrap();
            let (_, first) = document.changes().remove(0);
            let old = sanben_document::Document::from_changes([first.as_slice()]).unwrap();
            *one = Packed::of(&old, &reference).unwrap();
        }
    });
    let device = town.device("device");
    sync(&device, &town.server);
    for case in [town.cases[7], town.cases[8]] {
        town.inspector.act(case, CaseAct::Comment { words: "再看".to_owned() }, &[]).unwrap();
    }
    sync(&town.inspector, &town.server);
    sync(&device, &town.server);
    sync(&device, &town.server);
    for path in town.bundle_files() {
        std::fs::remove_file(path).unwrap();
    }
    sync(&by_log, &town.server);
    alike(&device, &by_log, &town.cases);
    assert_eq!(device.store().quarantined().unwrap(), []);
}

/// Takes a device out; what it does not hold any more it has to let go of.
fn taken_out(town: &Town, device: &Field) {
    assert!(town.server.revoke(device.enrolment().unwrap().device).unwrap());
    let outcome =
        device.sync(&Wire::perfect(&town.server), Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(outcome, Err(FieldError::Refused(_))), "{outcome:?}");
    assert!(all(device).is_empty());
    for case in &town.cases {
        assert!(device.store().document(*case).unwrap().is_none());
    }
}

#[test]
fn what_is_in_doubt_goes_with_its_lost_scope() {
    let town = Town::new(40);
    town.server.make_bundles(1).unwrap();
    town.forge(|packed| packed.retain(|one| one.id() != town.cases[7]));
    let device = town.device("device");
    sync(&device, &town.server);
    let held = device.store().standing().unwrap().cursors.len();
    town.inspector.act(town.cases[7], CaseAct::Comment { words: "再看".to_owned() }, &[]).unwrap();
    sync(&town.inspector, &town.server);
    sync(&device, &town.server);
    assert!(device.store().distrusts_bundles().unwrap());
    assert!(device.store().standing().unwrap().cursors.len() < held, "its log is to be read again");
    assert!(all(&device).len() >= town.cases.len() - 2, "and it is shown until then");
    taken_out(&town, &device);
}

#[test]
fn half_a_bundle_goes_with_its_lost_scope() {
    let town = Town::new(120);
    town.server.make_bundles(1).unwrap();
    for give_up in [false, true] {
        let device = town.device(&format!("half-{give_up}"));
        while device.store().bundles_begun().unwrap().iter().all(|begun| begun.blocks == 0) {
            let mut calls = 0;
            let _ = device.sync(&Wire::perfect(&town.server), Budget::unlimited(), &mut |_| {
                calls += 1;
                if calls >= 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        }
        assert!(!all(&device).is_empty());
        if give_up {
            device.store().give_up_bundles().unwrap();
            assert!(!all(&device).is_empty(), "it stays until the log was read");
        }
        taken_out(&town, &device);
    }
}

#[test]
fn a_bundle_is_made_again_when_it_is_worth_it() {
    let town = Town::new(20);
    let by_log = town.device("by-log");
    sync(&by_log, &town.server);
    let length = || by_log.store().standing().unwrap().cursors[&home_scope(&UnitId::from("park-02"))].seq;
    // How many entries had come when it was made again, how many a little earlier, and how many there were then.
    let until_made = |worth: u64| {
        let (begin, mut before) = (length(), 0);
        loop {
            record(&town.inspector, "又一处");
            sync(&town.inspector, &town.server);
            sync(&by_log, &town.server);
            town.server.make_bundles(worth).unwrap();
            let (came, whole) = (length() - begin, length());
            // Its number is in its name; other scopes have fewer.
            let reaches = format!("-{whole:016x}-");
            if town.bundle_files().iter().any(|path| path.to_string_lossy().contains(&reaches)) {
                return (came, before, whole);
            }
            before = came;
        }
    };
    assert!(town.server.make_bundles(1).unwrap() > 0);
    // A quarter of the log, and where that is less than makes one worth it, as many.
    let (came, before, whole) = until_made(1);
    assert!(came >= whole / 4 && before < whole / 4, "{before}, {came} of {whole}");
    let (came, before, whole) = until_made(40);
    assert!(before < 40 && came >= 40 && whole / 4 < 40, "{before}, {came} of {whole}");
}

#[test]
fn a_bundle_of_what_another_server_erased_is_swept_away() {
    let town = Town::new(30);
    assert!(town.server.make_bundles(1).unwrap() > 0);
    let kept: Vec<_> =
        town.bundle_files().into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    // As another process has its own, that it made before it could know.
    town.server.erase(town.cases[3], true, "本人要求").unwrap();
    assert!(!town.dir.path().join("server/bundles").exists());
    std::fs::create_dir(town.dir.path().join("server/bundles")).unwrap();
    for (bytes, path) in &kept {
        std::fs::write(path, bytes).unwrap();
    }
    town.server.make_bundles(u64::MAX).unwrap();
    let left = town.bundle_files();
    for (_, path) in kept {
        assert!(!left.contains(&path), "{}", path.display());
    }
}

#[test]
fn a_bundle_says_what_was_erased_and_taken_back() {
    let town = Town::new(30);
    let education = UnitId::from("dept-jiaoyu");
    let command = town.device("command");
    sync(&command, &town.server);
    // Three go to a department, and are taken back from it; the second goes there again.
    let dispatched = [town.cases[5], town.cases[6], town.cases[7]];
    let dispatch = |case| {
        let to = Handler { unit: education.clone(), person: None };
        command.act(case, CaseAct::Dispatch { to }, &[]).unwrap();
        sync(&command, &town.server);
    };
    dispatched.into_iter().for_each(dispatch);
    for case in &dispatched[..2] {
        town.server.take_back(*case, &education, "派错部门").unwrap();
    }
    dispatch(dispatched[1]);
    // They begin with bundles, later: enrolled now, so that the older log knows them.
    let enrol = |name: &str, person: &str| enrolled(&town.server, &town.dir.path().join(name), person);
    let by_bundle = [enrol("bundle-command", "U001"), enrol("bundle-department", "U056")];
    let older = town.dir.path().join("older");
    std::fs::create_dir_all(&older).unwrap();
    for name in ["log.db", "log.db-wal", "server.key"] {
        std::fs::copy(town.dir.path().join("server").join(name), older.join(name)).unwrap();
    }
    let erased = town.cases[3];
    town.server.erase(erased, true, "本人要求").unwrap();
    sync(&command, &town.server);

    let by_log = [enrol("log-command", "U001"), enrol("log-department", "U056")];
    for field in &by_log {
        sync(field, &town.server);
    }
    assert!(town.server.make_bundles(1).unwrap() >= 2, "of the community and of the department");
    for field in &by_bundle {
        sync(field, &town.server);
    }
    let unseen = |field: &Field| field.store().examine(usize::MAX).unwrap().documents;
    assert!(by_bundle.iter().all(|field| unseen(field) >= 2), "they began with them");
    let left = town.cases.iter().copied().filter(|case| *case != erased).collect::<Vec<_>>();
    alike(&by_bundle[0], &by_log[0], &left);
    assert!(by_bundle[0].case(erased).is_err());
    let theirs = |field: &Field| all(field).into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(theirs(&by_bundle[1]).len(), 2);
    assert_eq!(theirs(&by_bundle[1]), theirs(&by_log[1]));

    // Who began with a bundle has the server's word, and tells a log that was put back to before.
    let older = Server::open_system(&older).unwrap();
    let held = older.replica().unwrap().counts().unwrap().cases;
    assert!(sync(&by_bundle[0], &older).restored);
    assert_eq!(older.replica().unwrap().counts().unwrap().cases, held - 1);
}

#[test]
fn a_bundle_does_not_outlive_its_log() {
    let town = Town::new(30);
    let files = |name: &str| town.dir.path().join(name);
    let copy = |from: &Path, to: &Path| {
        std::fs::create_dir_all(to).unwrap();
        for name in ["log.db", "log.db-wal", "server.key"] {
            if from.join(name).exists() {
                std::fs::copy(from.join(name), to.join(name)).unwrap();
            }
        }
    };
    copy(&files("server"), &files("older"));
    for n in 0..9 {
        record(&town.inspector, &format!("备份之后{n}"));
    }
    sync(&town.inspector, &town.server);
    town.server.make_bundles(1).unwrap();
    // The older log beside the newer bundles: nobody is offered them.
    std::fs::create_dir_all(files("older/bundles")).unwrap();
    for path in town.bundle_files() {
        std::fs::copy(&path, files("older/bundles").join(path.file_name().unwrap())).unwrap();
    }
    let older = Server::open_system(&files("older")).unwrap();
    let device = enrolled(&older, &files("device"), "U001");
    sync(&device, &older);
    assert_eq!(all(&device).len(), town.cases.len());
    assert!(!device.store().distrusts_bundles().unwrap());
    // A new life makes its own.
    assert!(sync(&town.inspector, &older).restored);
    assert!(older.make_bundles(1).unwrap() > 0);
    assert!(sync(&device, &older).restored);
    let newcomer = enrolled(&older, &files("newcomer"), "U001");
    sync(&newcomer, &older);
    assert_eq!(all(&newcomer).len(), town.cases.len() + 9);
    assert!(all(&device) == all(&newcomer), "the same list");
}

/// What it is like to be there, be away while the log is put back to yesterday's backup, and come again when the server
/// has made its bundles anew.
#[test]
fn a_device_at_rest_keeps_all_of_a_new_life_that_comes_in_bundles() {
    let town = Town::new(30);
    let education = UnitId::from("dept-jiaoyu");
    let command = town.device("command");
    sync(&command, &town.server);
    let away = town.cases[5];
    for case in [away, town.cases[6]] {
        let to = Handler { unit: education.clone(), person: None };
        command.act(case, CaseAct::Dispatch { to }, &[]).unwrap();
    }
    sync(&command, &town.server);
    town.server.take_back(away, &education, "派错部门").unwrap();
    assert!(town.server.make_bundles(1).unwrap() > 0);
    // One began with bundles, the other read the log and rests.
    let by_bundle = town.device("by-bundle");
    sync(&by_bundle, &town.server);
    sync(&command, &town.server);
    while command.store().compact(Timestamp(i64::MAX), 100).unwrap().more {}
    let older = town.dir.path().join("older");
    std::fs::create_dir_all(&older).unwrap();
    for name in ["log.db", "log.db-wal", "server.key"] {
        if town.dir.path().join("server").join(name).exists() {
            std::fs::copy(town.dir.path().join("server").join(name), older.join(name)).unwrap();
        }
    }
    record(&town.inspector, "备份之后");
    sync(&town.inspector, &town.server);
    sync(&town.head, &town.server);
    for device in [&command, &by_bundle] {
        sync(device, &town.server);
        assert_eq!(all(device).len(), town.cases.len() + 1);
    }
    let older = Server::open_system(&older).unwrap();
    // Somebody else was there first, and since then the server has made bundles.
    assert!(sync(&town.head, &older).restored);
    assert!(older.make_bundles(1).unwrap() > 0);
    for device in [&command, &by_bundle] {
        assert!(sync(device, &older).restored);
        let held: Vec<_> = all(device).into_iter().map(|row| row.id).collect();
        for case in &town.cases {
            assert!(held.contains(case), "{case} is in the log");
        }
        assert!(device.case(away).is_ok());
        assert_eq!(held.len(), town.cases.len(), "and what the log does not have is gone");
        sync(device, &older);
        assert_eq!(device.store().quarantined().unwrap(), []);
    }
}

#[test]
fn what_rests_is_kept_as_one_save_and_nobody_notices() {
    let town = Town::new(60);
    let (rests, moves) = (town.device("rests"), town.device("moves"));
    for field in [&rests, &moves] {
        sync(field, &town.server);
    }
    let far = Timestamp(i64::MAX);
    let mut compacted = 0;
    loop {
        let step = rests.store().compact(far, 7).unwrap();
        compacted += step.documents;
        if !step.more {
            break;
        }
    }
    assert!(compacted >= town.cases.len());
    rests.store().give_back_room().unwrap();
    alike(&rests, &moves, &town.cases);
    // An author's own device too: what it wrote comes out byte for byte, and is offered again to a new life.
    let own: Vec<_> = town.inspector.outbox(usize::MAX).unwrap();
    let before: Vec<_> = town
        .cases
        .iter()
        .map(|case| town.inspector.store().document(*case).unwrap().unwrap().changes())
        .collect();
    town.inspector.store().compact(far, usize::MAX).unwrap();
    let after: Vec<_> = town
        .cases
        .iter()
        .map(|case| town.inspector.store().document(*case).unwrap().unwrap().changes())
        .collect();
    let sorted = |mut all: Vec<Vec<_>>| {
        all.iter_mut().for_each(|changes: &mut Vec<_>| changes.sort());
        all
    };
    assert_eq!(sorted(before), sorted(after));
    let salvaged = sanben_store::salvage(town.inspector.store().dir()).unwrap();
    assert!(salvaged.iter().all(|work| work.change.is_some()), "salvage finds them in the save");
    let life = sanben_domain::id::Epoch::from_random([5; 16]);
    town.inspector.store().begin_life(life, Timestamp(0)).unwrap();
    let offered = town.inspector.store().pending(usize::MAX).unwrap();
    assert_eq!(offered.len(), own.len(), "all of it");
    // And work goes on in what rested.
    let own = rests.act(town.cases[4], CaseAct::Comment { words: "又来了".to_owned() }, &[]).unwrap();
    town.head.act(town.cases[5], CaseAct::Comment { words: "还有".to_owned() }, &[]).unwrap();
    for field in [&rests, &town.head, &rests, &moves] {
        sync(field, &town.server);
    }
    for case in &town.cases {
        assert_eq!(rests.case(*case).unwrap().record, moves.case(*case).unwrap().record);
    }
    assert!(moves.case(town.cases[4]).unwrap().record.events.contains_key(&own));
}
