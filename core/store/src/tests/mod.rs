//! Real SQLite in temporary folders, real documents, and a small server that keeps a log in memory.

mod damage;
mod drafts;
mod listing;
mod lives;
mod opening;
mod recording;
mod rejection;
mod searching;
mod surroundings;
mod syncing;

use crate::{Changed, Options, Store, StoreError};
use chrono::{NaiveTime, TimeDelta};
use sanben_document::{ChangeHeader, Intent, IntentBody, decode};
use sanben_domain::case::{CaseAct, Handler, PhotoRef, PhotoRole, Source, Step};
use sanben_domain::id::{
    DocumentId, Epoch, EventId, PersonId, PhotoHash, PointId, StandardId, TenantId, UnitId,
};
use sanben_domain::place::{Coordinate, Fix, Ring};
use sanben_domain::reference::{
    AppliesTo, Assignment, Cell, CellLevel, DayPlan, DuplicateRule, Duty, Person, Point, ReferenceRow,
    ReferenceUpdate, Role, Standard, Tenant, TimeLimit, Unit, UnitKind, Workflow,
};
use sanben_domain::rights::{Denied, Scope, home_scope};
use sanben_domain::time::{Stamp, Timestamp, Zone};
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::device::{Arrived, Cursor, Page, Pending};
use sanben_sync::keys::SecretKey;
use sanben_sync::wire::{Rejection, Verdict};
use std::cell::Cell as Counter;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tempfile::TempDir;

/// 2026-03-20 07:00 in China.
pub(super) const MORNING: Timestamp = Timestamp(1_773_961_200_000);

thread_local! {
    static NEXT: Counter<u64> = const { Counter::new(1) };
}

/// Fresh bytes: every store, id and key of a test differs, and a run can be repeated.
pub(super) fn fresh() -> u64 {
    NEXT.with(|next| {
        next.set(next.get() + 1);
        next.get()
    })
}

pub(super) fn random(bytes: &mut [u8]) {
    let n = fresh().to_be_bytes();
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = n[i % 8].wrapping_mul(31).wrapping_add(u8::try_from(i % 251).unwrap());
    }
}

fn id_bytes() -> [u8; 16] {
    use sha2::Digest;
    sha2::Sha256::digest(fresh().to_be_bytes())[..16].try_into().unwrap()
}

pub(super) fn document_id() -> DocumentId {
    DocumentId::from_random(id_bytes())
}

pub(super) fn event_id() -> EventId {
    EventId::from_random(id_bytes())
}

pub(super) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub(super) fn open(dir: &Path) -> Store {
    try_open(dir, Options { durable: false }).unwrap()
}

/// With the feature `encrypted`, every test here is of an encrypted store.
#[cfg(feature = "encrypted")]
pub(super) fn try_open(dir: &Path, options: Options) -> Result<Store, StoreError> {
    Store::open_encrypted(dir, key(), options, &mut random)
}

#[cfg(not(feature = "encrypted"))]
pub(super) fn try_open(dir: &Path, options: Options) -> Result<Store, StoreError> {
    Store::open(dir, options, &mut random)
}

#[cfg(feature = "encrypted")]
pub(super) fn key() -> crate::StoreKey {
    crate::StoreKey::new([0x42; 32])
}

pub(super) fn salvage(dir: &Path) -> Result<Vec<crate::Salvaged>, StoreError> {
    #[cfg(feature = "encrypted")]
    return crate::salvage_encrypted(dir, &key());
    #[cfg(not(feature = "encrypted"))]
    crate::salvage(dir)
}

/// The database behind the store's back.
pub(super) fn behind(dir: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(dir.join("sanben.db")).unwrap();
    #[cfg(feature = "encrypted")]
    connection.execute_batch(&key().pragma()).unwrap();
    connection
}

/// A store with reference data, in a folder of its own.
pub(super) fn device() -> (TempDir, Store) {
    let dir = folder();
    let store = open(dir.path());
    publish(&store, park());
    (dir, store)
}

pub(super) fn publish(store: &Store, rows: Vec<ReferenceRow>) -> Changed {
    let update = ReferenceUpdate { rows, removed: Vec::new() };
    let position = store.position("reference").unwrap() + 1;
    store.apply_log(&[], &[update], ("reference", position)).unwrap()
}

pub(super) fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

pub(super) fn tenant() -> Tenant {
    Tenant {
        id: TenantId::from("park"),
        name: "公园街道".to_owned(),
        zone: Zone::CHINA,
        day: DayPlan {
            patrol_at: time(7, 0),
            look_back_at: time(17, 0),
            ends_at: time(22, 0),
            work: vec![(time(9, 0), time(12, 0)), (time(13, 0), time(18, 0))],
        },
        duplicate: DuplicateRule { metres: 20, hours: 12 },
        offline_days: Tenant::a_week(),
        workflow: Workflow {
            steps: vec![Step::Report, Step::Dispatch, Step::Handle, Step::Verify, Step::Close],
            automatic: vec![Step::Dispatch, Step::Close],
        },
    }
}

pub(super) fn unit(id: &str, kind: UnitKind, parent: Option<&str>) -> ReferenceRow {
    let name = format!("单位{id}");
    ReferenceRow::Unit(Unit { id: id.into(), name, kind, parent: parent.map(UnitId::from) })
}

pub(super) fn point(id: &str, name: &str, lat: f64, lon: f64) -> ReferenceRow {
    ReferenceRow::Point(Point {
        id: id.into(),
        name: name.to_owned(),
        kind: "小区".to_owned(),
        unit: "c1".into(),
        at: Coordinate::from_degrees(lat, lon).unwrap(),
        team: None,
    })
}

pub(super) fn person(id: &str, unit: &str, role: Role) -> ReferenceRow {
    let name = format!("人员{id}");
    ReferenceRow::Person(Person { id: id.into(), name, role, unit: unit.into(), team: None })
}

pub(super) fn head(point: &str, person: &str) -> ReferenceRow {
    ReferenceRow::Assignment(Assignment {
        point: point.into(),
        person: person.into(),
        duty: Duty::Head,
        from: Timestamp(0),
        until: None,
    })
}

pub(super) fn standard(id: &str, name: &str, limit: TimeLimit) -> ReferenceRow {
    ReferenceRow::Standard(Standard {
        id: id.into(),
        clause: "1.1".to_owned(),
        name: name.to_owned(),
        applies_to: AppliesTo::All,
        limit,
        demand: name.to_owned(),
        in_each: None,
    })
}

/// A small subdistrict: two communities, three points, two standards, four people.
pub(super) fn park() -> Vec<ReferenceRow> {
    let corner = |lat, lon| Coordinate::from_degrees(lat, lon).unwrap();
    vec![
        ReferenceRow::Tenant(tenant()),
        unit("park", UnitKind::Subdistrict, None),
        unit("c1", UnitKind::Community, Some("park")),
        unit("c2", UnitKind::Community, Some("park")),
        point("p1", "荷花小区南门", 30.0, 104.0),
        point("p2", "公园广场", 30.001, 104.0),
        point("p3", "东风市场", 30.1, 104.1),
        standard("clean", "环境卫生", TimeLimit::SameDay),
        standard("order", "停车秩序", TimeLimit::Days(3)),
        person("inspector", "park", Role::Inspector),
        person("head", "c1", Role::PointHead),
        person("other", "c2", Role::PointHead),
        person("desk", "park", Role::Command),
        head("p1", "head"),
        head("p2", "other"),
        ReferenceRow::Cell(Cell {
            id: "cell-1".into(),
            level: CellLevel::Community,
            unit: "c1".into(),
            ring: Ring(vec![
                corner(29.9, 103.9),
                corner(29.9, 104.05),
                corner(30.05, 104.05),
                corner(30.05, 103.9),
            ]),
        }),
    ]
}

pub(super) fn at_minute(minute: i64) -> Timestamp {
    MORNING.plus_ms(TimeDelta::minutes(minute).num_milliseconds())
}

/// A report at p1 against "clean".
pub(super) fn report(words: &str, at: Timestamp) -> Intent {
    Intent {
        v: 1,
        document: document_id(),
        event: event_id(),
        at: Stamp::exact(at),
        by: PersonId::from("inspector"),
        seen: Vec::new(),
        body: IntentBody::Report {
            home: UnitId::from("c1"),
            source: Source::Subdistrict,
            point: Some(PointId::from("p1")),
            standard: Some(StandardId::from("clean")),
            description: words.to_owned(),
            fix: Some(Fix {
                coordinate: Coordinate::from_degrees(30.0, 104.0).unwrap(),
                accuracy_m: Some(5),
            }),
            photos: BTreeMap::new(),
        },
    }
}

/// The same with a photo.
pub(super) fn report_with_photo(words: &str, photo: PhotoHash) -> Intent {
    let mut intent = report(words, MORNING);
    if let IntentBody::Report { photos, .. } = &mut intent.body {
        photos.insert(photo, PhotoRef { role: PhotoRole::Before, width: 4, height: 3, bytes: 5 });
    }
    intent
}

/// The same at another unit's place.
pub(super) fn report_in(home: &str, words: &str) -> Intent {
    let mut intent = report(words, MORNING);
    if let IntentBody::Report { home: unit, point, .. } = &mut intent.body {
        *unit = UnitId::from(home);
        *point = None;
    }
    intent
}

/// An act by somebody who has seen everything that the store holds of the case.
pub(super) fn act(store: &Store, of: DocumentId, by: &str, at: Timestamp, act: CaseAct) -> Intent {
    let seen = store.document(of).unwrap().unwrap().event_heads();
    Intent {
        v: 1,
        document: of,
        event: event_id(),
        at: Stamp::exact(at),
        by: PersonId::from(by),
        seen,
        body: IntentBody::Act { act, photos: BTreeMap::new() },
    }
}

pub(super) fn comment(store: &Store, of: DocumentId, words: &str) -> Intent {
    act(store, of, "inspector", at_minute(5), CaseAct::Comment { words: words.to_owned() })
}

pub(super) fn rectified(words: &str) -> CaseAct {
    CaseAct::Rectify { words: words.to_owned(), photos: Vec::new(), on_the_spot: false }
}

pub(super) fn dispatched(to: &str) -> CaseAct {
    CaseAct::Dispatch { to: Handler { unit: "c1".into(), person: Some(PersonId::from(to)) } }
}

pub(super) fn record(store: &Store, intent: &Intent) -> Changed {
    store.record(std::slice::from_ref(intent), None).unwrap().changed
}

/// The events of a case.
pub(super) fn events(store: &Store, of: DocumentId) -> BTreeSet<EventId> {
    store.case(of).unwrap().map(|row| row.record.events.into_keys().collect()).unwrap_or_default()
}

/// A log in memory. It judges by the events it is told to refuse; everything else is accepted.
pub(super) struct Log {
    key: SecretKey,
    epoch: Epoch,
    pub(super) entries: BTreeMap<Scope, Vec<Arrived>>,
    refused: BTreeSet<EventId>,
    down: BTreeSet<sanben_document::ChangeHash>,
}

impl Log {
    pub(super) fn new() -> Self {
        let mut seed = [0; 32];
        random(&mut seed);
        Self {
            key: SecretKey::from_seed(seed),
            epoch: Epoch::from_random(id_bytes()),
            entries: BTreeMap::new(),
            refused: BTreeSet::new(),
            down: BTreeSet::new(),
        }
    }

    pub(super) fn refuse(&mut self, event: EventId) {
        self.refused.insert(event);
    }

    pub(super) fn allow(&mut self, event: EventId) {
        self.refused.remove(&event);
    }

    fn judge(&mut self, pending: &Pending) -> Verdict {
        let intent: Intent = decode(&pending.intent).unwrap();
        let header = ChangeHeader::of(&pending.bytes).unwrap();
        let rejection = if header.deps.iter().any(|dep| self.down.contains(dep)) {
            Rejection::DependsOnRejected
        } else if self.refused.contains(&intent.event) {
            Rejection::NotAllowed(Denied::Role)
        } else {
            let log = self.entries.entry(pending.home.clone()).or_default();
            let seq = u64::try_from(log.len()).unwrap() + 1;
            log.push(Arrived {
                scope: pending.home.clone(),
                seq,
                received: at_minute(60),
                document: pending.document,
                hash: pending.hash,
                bytes: Some(pending.bytes.clone()),
            });
            return Verdict::Accepted { seq };
        };
        self.down.insert(pending.hash);
        Verdict::Rejected(rejection)
    }

    /// The answer to what a store would send now.
    pub(super) fn answer(&mut self, store: &Store, scopes: &[&str]) -> Page {
        let standing = store.standing().unwrap();
        let pending = store.pending(usize::MAX).unwrap();
        let own: BTreeSet<_> = pending.iter().map(|change| change.hash).collect();
        let verdicts = pending.iter().map(|change| (change.hash, self.judge(change))).collect();
        let mut page = Page {
            epoch: self.epoch,
            now: at_minute(60),
            verdicts,
            erased: Vec::new(),
            changes: Vec::new(),
            notes: Vec::new(),
            references: Vec::new(),
            cursors: Vec::new(),
            bundles: Vec::new(),
            lost: Vec::new(),
            revoked: false,
            taken_over: Vec::new(),
            more: false,
            confirmed: true,
        };
        for scope in scopes.iter().map(|unit| home_scope(&UnitId::from(*unit))) {
            let from = standing.cursors.get(&scope).map_or(0, |cursor| cursor.seq);
            let log = self.entries.entry(scope.clone()).or_default();
            for entry in log.iter().filter(|entry| entry.seq > from) {
                // The device has the bytes of what it sent in this very request.
                let bytes = entry.bytes.clone().filter(|_| !own.contains(&entry.hash));
                page.changes.push(Arrived { bytes, ..entry.clone() });
            }
            let link = Link([u8::try_from(log.len() % 251).unwrap(); 32]);
            let seq = u64::try_from(log.len()).unwrap();
            let head = SignedHead::sign(self.epoch, &scope, seq, link, &self.key);
            page.cursors.push((scope, Cursor { seq, link }, head));
        }
        page
    }

    /// One round trip for the scopes of c1 and c2.
    pub(super) fn sync(&mut self, store: &Store) -> Changed {
        let page = self.answer(store, &["c1", "c2"]);
        store.apply(&page, at_minute(59)).unwrap()
    }
}
