//! A town with some days of work, the devices it came from, and whether two of them hold the same.

use sanben_domain::case::Outcome;
use sanben_domain::id::{CaseId, PersonId, PointId, UnitId};
use sanben_domain::patrol::{Round, VisitResult};
use sanben_domain::rights::Scope;
use sanben_domain::score::Period;
use sanben_domain::time::Zone;
use sanben_field::{Budget, CaseQuery, Field, NewCase, Platform, SyncReport};
use sanben_server::{Server, import};
use sanben_store::Packed;
use sanben_sync::bundle::{Block, Offer, SignedOffer};
use sanben_sync::chain::Link;
use sanben_sync::frame::{pack, unpack};
use sanben_sync::keys::SecretKey;
use sanben_tests::network::Wire;
use sanben_tests::world::park;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) fn sync(field: &Field, server: &Server) -> SyncReport {
    field.sync(&Wire::perfect(server), Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap()
}

pub(crate) fn enrolled(server: &Server, dir: &Path, person: &str) -> Field {
    let field = Field::open(dir, Platform::system()).unwrap();
    let code = server.invite(&PersonId::from(person), 600_000).unwrap();
    field.enrol("test://server", &code.to_string(), &Wire::perfect(server)).unwrap();
    field
}

pub(crate) fn record(field: &Field, words: &str) -> CaseId {
    let new =
        NewCase { point: Some(PointId::from("P011")), description: words.to_owned(), ..NewCase::default() };
    field.record(new).unwrap().case
}

/// A server with some days of work, and the devices it came from.
pub(crate) struct Town {
    pub(crate) dir: TempDir,
    pub(crate) server: Server,
    pub(crate) inspector: Field,
    pub(crate) head: Field,
    pub(crate) cases: Vec<CaseId>,
}

impl Town {
    pub(crate) fn new(cases: usize) -> Self {
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

    pub(crate) fn device(&self, name: &str) -> Field {
        enrolled(&self.server, &self.dir.path().join(name), "U001")
    }

    /// The server's log as it is now, in another folder, as if from a backup.
    pub(crate) fn set_aside(&self) -> PathBuf {
        let (from, to) = (self.dir.path().join("server"), self.dir.path().join("older"));
        std::fs::create_dir_all(&to).unwrap();
        for name in ["log.db", "log.db-wal", "server.key"] {
            if from.join(name).exists() {
                std::fs::copy(from.join(name), to.join(name)).unwrap();
            }
        }
        to
    }

    pub(crate) fn bundle_files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.dir.path().join("server/bundles")).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }

    /// Makes another bundle out of the one there is, signed as the server would.
    pub(crate) fn forge(&self, change: impl Fn(&mut Vec<Packed>)) {
        let seed = std::fs::read(self.dir.path().join("server/server.key")).unwrap();
        let key = SecretKey::from_seed(seed.try_into().unwrap());
        for path in self.bundle_files() {
            let bytes = std::fs::read(&path).unwrap();
            let (length, rest) = bytes.split_at(4);
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
            let (signed, body) = rest.split_at(length);
            let (signed, folded_with): (SignedOffer, Vec<(Scope, u64, Link)>) =
                sanben_document::decode(signed).unwrap();
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
            let signed = sanben_document::encode(&(signed, folded_with));
            let mut whole = u32::try_from(signed.len()).unwrap().to_be_bytes().to_vec();
            whole.extend(signed);
            whole.extend(blocks.concat());
            std::fs::remove_file(path).unwrap();
            std::fs::write(to, whole).unwrap();
        }
    }
}

pub(crate) fn all(field: &Field) -> Vec<sanben_store::CaseSummary> {
    field.cases(&CaseQuery { limit: 200, ..CaseQuery::default() }).unwrap().rows
}

/// Everything that two devices of the same person can be asked.
pub(crate) fn alike(one: &Field, other: &Field, cases: &[CaseId]) {
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
