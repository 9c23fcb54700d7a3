//! The tenant of one story: its server, its people's devices, and what is known of every record.

mod asked;

use super::Step;
use super::rules::{Answers, Lies, POINTS, Published, ROLES, ROOT, Staff, UNITS, unit_of, whose};
use super::secrets::{Secret, Secrets, photo, picture};
use crate::device::{Device, MORNING, bytes, fill, photo_hash};
use crate::store::Store;
use chrono::NaiveTime;
use sanben_document::{Actor, ChangeHash, Document, IntentBody, MatterHeader, Record as Content};
use sanben_domain::case::{self, CaseAct, Handler, PhotoRef, PhotoRole, Source};
use sanben_domain::id::{DeviceId, DocumentId, PersonId, PhotoHash, PointId, TenantId, UnitId};
use sanben_domain::matter::{MatterAct, OPEN, Value};
use sanben_domain::place::Coordinate;
use sanben_domain::reference::*;
use sanben_domain::rights::ScopeClass;
use sanben_domain::time::{Timestamp, Zone};
use sanben_server::Server;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub(crate) const PEOPLE: &[&str] = &["u1", "u2", "u3", "u4", "u5", "u6", "u7"];
const TEAMS: &[Option<&str>] = &[None, Some("a"), Some("b")];
const HOUR_MS: i64 = 3_600_000;

/// What a change does to where its record lies.
enum Effect {
    Nothing,
    Handed {
        to: &'static str,
        named: Option<&'static str>,
        handles: bool,
    },
    /// It goes to that person alone.
    Addressed {
        to: &'static str,
    },
}

struct Change {
    record: DocumentId,
    device: DeviceId,
    bytes: Vec<u8>,
    effect: Effect,
    accepted: bool,
}

struct Record {
    author: &'static str,
    home: &'static str,
    cites: Option<PhotoHash>,
    lies: Lies,
}

struct Photo {
    bytes: Vec<u8>,
    /// Who has the bytes, and who of those has shown it to the server.
    held: BTreeSet<&'static str>,
    shown: BTreeSet<&'static str>,
}

pub(crate) struct Town {
    server: Server,
    _folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    published: Published,
    secrets: Secrets,
    devices: Vec<Device>,
    /// Those that were taken out, with whose they were.
    out: Vec<(usize, Device)>,
    records: BTreeMap<DocumentId, Record>,
    changes: BTreeMap<ChangeHash, Change>,
    photos: BTreeMap<PhotoHash, Photo>,
    /// What was accepted, as documents.
    truth: BTreeMap<DocumentId, Document>,
    /// What the answers to the device asking now held.
    found: BTreeSet<Secret>,
    /// The blocks of every bundle that anybody was ever offered, by path.
    blocks: BTreeSet<String>,
}

impl Town {
    pub(crate) fn new(store: &Store) -> Self {
        // Nothing is lost here: memory does for a disk.
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let (folder, clock) = (folder.unwrap(), Arc::new(AtomicI64::new(MORNING.0)));
        let database = match store {
            Store::Sqlite(_) => None,
            Store::Postgres { url, .. } => Some(url.as_str()),
        };
        let time = Arc::clone(&clock);
        let time = Arc::new(move || Timestamp(time.load(Ordering::Relaxed)));
        let server = Server::open_at(folder.path(), database, time, Arc::new(fill)).unwrap();
        let mut town = Self {
            server,
            _folder: folder,
            clock,
            published: Published::default(),
            secrets: Secrets::new(),
            devices: Vec::new(),
            out: Vec::new(),
            records: BTreeMap::new(),
            changes: BTreeMap::new(),
            photos: BTreeMap::new(),
            truth: BTreeMap::new(),
            found: BTreeSet::new(),
            blocks: BTreeSet::new(),
        };
        town.found_tenant();
        for who in 0..PEOPLE.len() {
            let device = town.enrol(who);
            town.devices.push(device);
        }
        town
    }

    fn found_tenant(&mut self) {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let mut rows = vec![ReferenceRow::Tenant(Tenant {
            id: TenantId::from(ROOT),
            name: ROOT.to_owned(),
            zone: Zone::CHINA,
            day: DayPlan {
                patrol_at: time(7),
                look_back_at: time(17),
                ends_at: time(18),
                work: vec![(time(8), time(12))],
            },
            duplicate: DuplicateRule { metres: 20, hours: 6 },
            offline_days: 7,
            workflow: Workflow { steps: vec![case::Step::Report], automatic: Vec::new() },
        })];
        rows.extend(UNITS.iter().map(|(code, kind, parent)| {
            let kind = match *kind {
                "subdistrict" => UnitKind::Subdistrict,
                "community" => UnitKind::Community,
                "compound" => UnitKind::Compound,
                "department" => UnitKind::Department,
                _ => UnitKind::PropertyFirm,
            };
            let (id, name) = (UnitId::from(*code), (*code).to_owned());
            ReferenceRow::Unit(Unit { id, name, kind, parent: parent.map(UnitId::from) })
        }));
        self.server.publish(ReferenceUpdate { rows, removed: Vec::new() }).unwrap();
        for (point, team) in [("p1", 1), ("p2", 2), ("p3", 1), ("p4", 0), ("p5", 2), ("p6", 0)] {
            self.walk(point, TEAMS[team]);
        }
        let at_first: [(&str, &str, usize); 7] = [
            ("command", ROOT, 0),
            ("inspector", ROOT, 1),
            ("clerk", "c1", 0),
            ("head", "f1", 0),
            ("grid-member", "x1", 0),
            ("volunteer", "c2", 0),
            ("clerk", "d1", 0),
        ];
        for (person, (role, unit, team)) in PEOPLE.iter().zip(at_first) {
            self.list(person, Staff { role, unit, team: TEAMS[team] });
        }
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    fn enrol(&self, who: usize) -> Device {
        let code = self.server.invite(&PersonId::from(PEOPLE[who]), 60_000).unwrap();
        Device::enrol(&self.server, &code, Timestamp(self.now()))
    }

    // What the desk publishes.

    fn publish(&self, row: ReferenceRow) {
        self.server.publish(ReferenceUpdate { rows: vec![row], removed: Vec::new() }).unwrap();
    }

    fn walk(&mut self, point: &'static str, team: Option<&'static str>) {
        self.published.walked.insert(point, team);
        self.publish(ReferenceRow::Point(Point {
            id: PointId::from(point),
            name: point.to_owned(),
            kind: "街巷".to_owned(),
            unit: UnitId::from(unit_of(point)),
            at: Coordinate::from_degrees(38.3, 116.8).unwrap(),
            team: team.map(Into::into),
        }));
    }

    fn list(&mut self, person: &'static str, staff: Staff) {
        let name = self.secrets.letters();
        self.secrets.keep(name.as_bytes(), Secret::Name(person));
        self.publish(ReferenceRow::Person(Person {
            id: PersonId::from(person),
            name,
            role: match staff.role {
                "command" => Role::Command,
                "inspector" => Role::Inspector,
                "head" => Role::PointHead,
                "grid-member" => Role::GridMember,
                "volunteer" => Role::Volunteer,
                "clerk" => Role::Clerk,
                _ => Role::Discipline,
            },
            unit: UnitId::from(staff.unit),
            team: staff.team.map(Into::into),
        }));
        self.published.people.insert(person, staff);
    }

    fn head(&mut self, person: &'static str, point: &'static str, hours: Option<i64>) {
        let from = self.now();
        let until = hours.map(|hours| from + hours * HOUR_MS);
        let heads = &mut self.published.heads;
        heads.retain(|held| (held.point, held.person, held.from) != (point, person, from));
        heads.push(Answers { point, person, from, until });
        self.publish(ReferenceRow::Assignment(Assignment {
            point: PointId::from(point),
            person: PersonId::from(person),
            duty: Duty::Head,
            from: Timestamp(from),
            until: until.map(Timestamp),
        }));
    }

    /// One step of the story.
    pub(crate) fn take(&mut self, step: &Step) {
        match *step {
            Step::Report { who, home, point, photo } => {
                let photo = photo.then(|| self.new_photo(who));
                self.report(who, UNITS[home].0, point.map(|point| POINTS[point].0), photo);
            }
            Step::Cite { who, home, photo } => {
                let photo = nth(self.photos.keys(), photo);
                self.report(who, UNITS[home].0, None, photo);
            }
            Step::Comment { who, record } => {
                let words = self.secrets.letters();
                let act = CaseAct::Comment { words: words.clone() };
                self.act(who, record, &words, act, Effect::Nothing);
            }
            Step::Complete { who, record, point } => self.complete(who, record, POINTS[point].0),
            Step::Dispatch { who, record, unit, person } => {
                let (to, named) = (UNITS[unit].0, person.map(|person| PEOPLE[person]));
                let handler = Handler { unit: UnitId::from(to), person: named.map(PersonId::from) };
                let effect = Effect::Handed { to, named, handles: true };
                self.act(who, record, "", CaseAct::Dispatch { to: handler }, effect);
            }
            Step::Escalate { who, record, unit } => {
                let (to, reason) = (UNITS[unit].0, self.secrets.letters());
                let act = CaseAct::Escalate { to: UnitId::from(to), reason: reason.clone() };
                let effect = Effect::Handed { to, named: None, handles: false };
                self.act(who, record, &reason, act, effect);
            }
            Step::Contact { who, record } => {
                let Some(case) = nth(self.cases().iter(), record) else { return };
                let (words, home) = (self.secrets.letters(), self.records[&case].home);
                let contact = DocumentId::from_random(bytes());
                let body = IntentBody::AddContact {
                    home: UnitId::from(home),
                    case,
                    name: words.clone(),
                    telephone: words.clone(),
                    note: String::new(),
                };
                let lies = Lies { contact: true, ..Lies::default() };
                self.begin(
                    who,
                    contact,
                    Record { author: PEOPLE[who], home, cites: None, lies },
                    &words,
                    body,
                );
            }
            Step::Matter { who, class, home, to } => self.matter(who, class, UNITS[home].0, PEOPLE[to]),
            Step::TakeBack { record, unit } => {
                let Some(case) = nth(self.cases().iter(), record) else { return };
                if self.server.take_back(case, &UnitId::from(UNITS[unit].0), "误派").is_ok() {
                    let lies = &mut self.records.get_mut(&case).unwrap().lies;
                    lies.in_work_of.remove(whose(UNITS[unit].0));
                }
            }
            Step::Erase { record } => {
                let Some(record) = nth(self.truth.keys(), record) else { return };
                if let Ok(erased) = self.server.erase(record, true, "本人要求") {
                    for record in erased.documents {
                        self.records.get_mut(&record).unwrap().lies.erased = true;
                        self.truth.remove(&record);
                    }
                }
            }
            Step::Sync { who, budget } => {
                self.devices[who].budget = budget;
                self.sync(who);
            }
            Step::Send { who, photo } => {
                if let Some(photo) = nth(self.photos.keys(), photo) {
                    self.send(who, photo);
                }
            }
            Step::Probe { who } => {
                self.probe(who, &self.devices[who].clone());
                if let Some((who, device)) = self.out.last().cloned() {
                    self.probe(who, &device);
                }
            }
            // Somebody has to dispatch, and the desk needs a place to stand.
            Step::Move { who, .. } | Step::Remove { who } if who == 0 => {}
            Step::Move { who, role, unit, team } => {
                self.list(PEOPLE[who], Staff { role: ROLES[role], unit: UNITS[unit].0, team: TEAMS[team] });
            }
            Step::Remove { who } => {
                self.published.people.remove(PEOPLE[who]);
                let key = RowKey { kind: "person".to_owned(), key: PEOPLE[who].to_owned() };
                self.server.publish(ReferenceUpdate { rows: Vec::new(), removed: vec![key] }).unwrap();
            }
            Step::Head { who, point, hours } => self.head(PEOPLE[who], POINTS[point].0, hours),
            Step::Walk { point, team } => self.walk(POINTS[point].0, TEAMS[team]),
            Step::Revoke { who } => {
                if self.published.people.contains_key(PEOPLE[who]) {
                    self.server.revoke(self.devices[who].identity.device).unwrap();
                    let new = self.enrol(who);
                    let old = std::mem::replace(&mut self.devices[who], new);
                    self.out.push((who, old));
                }
            }
            Step::Decide { nth: n, accept } => {
                let open: Vec<_> = self.server.reviews().unwrap();
                let open = open.into_iter().filter(|row| row.decided.is_none()).map(|row| row.change);
                let open: Vec<ChangeHash> = open.collect();
                if let Some(change) = nth(open.iter(), n) {
                    self.decide(change, accept);
                }
            }
            Step::Wait { hours } => drop(self.clock.fetch_add(hours * HOUR_MS, Ordering::Relaxed)),
        }
    }

    fn decide(&mut self, change: ChangeHash, accept: bool) {
        let reason = self.secrets.letters();
        self.secrets.keep(reason.as_bytes(), Secret::Reason(change));
        if self.server.decide(&change.to_string(), accept, &reason).is_ok() && accept {
            self.accept(change);
        }
    }

    // What people record.

    fn new_photo(&mut self, who: usize) -> PhotoHash {
        let camera = self.secrets.letters();
        let seed = u64::from_str_radix(&camera, 16).unwrap();
        let bytes = photo(seed, &camera);
        let hash = photo_hash(&bytes);
        let own = sanben_photo::intake(&bytes).unwrap().thumbnail.unwrap();
        self.secrets.keep(camera.as_bytes(), Secret::Camera(hash));
        self.secrets.keep(picture(&bytes), Secret::Picture(hash));
        self.secrets.keep(picture(&own), Secret::Picture(hash));
        self.photos
            .insert(hash, Photo { bytes, held: BTreeSet::from([PEOPLE[who]]), shown: BTreeSet::new() });
        hash
    }

    fn report(
        &mut self,
        who: usize,
        home: &'static str,
        point: Option<&'static str>,
        photo: Option<PhotoHash>,
    ) {
        let words = self.secrets.letters();
        let record = DocumentId::from_random(bytes());
        let cite = |hash: PhotoHash| {
            let size = u64::try_from(self.photos[&hash].bytes.len()).unwrap();
            (hash, PhotoRef { role: PhotoRole::Before, width: 24, height: 16, bytes: size })
        };
        let body = IntentBody::Report {
            home: UnitId::from(home),
            source: Source::Own,
            point: point.map(PointId::from),
            standard: None,
            description: words.clone(),
            fix: None,
            photos: photo.map(cite).into_iter().collect(),
        };
        let lies = Lies::default();
        self.begin(who, record, Record { author: PEOPLE[who], home, cites: photo, lies }, &words, body);
    }

    fn begin(&mut self, who: usize, id: DocumentId, record: Record, words: &str, body: IntentBody) {
        self.secrets.keep(id.0.as_bytes(), Secret::Record(id));
        self.records.insert(id, record);
        self.run(who, id, words, body, Effect::Nothing);
    }

    fn matter(&mut self, who: usize, class: usize, home: &'static str, to: &'static str) {
        let (words, id) = (self.secrets.letters(), DocumentId::from_random(bytes()));
        let text = || Value::Text(words.clone());
        let (feature, home, fields) = match class {
            0 => (
                "tally",
                home,
                vec![("counted", Value::Choice("spaces-marked".to_owned())), ("title", text())],
            ),
            1 => ("suggestion", home, vec![("words", text()), ("anonymous", Value::Yes(true))]),
            _ => {
                let unit = Value::Unit(UnitId::from("c1"));
                let until = Value::Day(chrono::NaiveDate::from_ymd_opt(2026, 3, 25).unwrap());
                ("notice", ROOT, vec![("what", text()), ("unit", unit), ("until", until)])
            }
        };
        let scopes = [ScopeClass::Work, ScopeClass::Resident, ScopeClass::Discipline];
        let header = MatterHeader {
            feature: feature.to_owned(),
            home: UnitId::from(home),
            class: scopes[class],
            day: chrono::NaiveDate::from_ymd_opt(2026, 3, 20).unwrap(),
            point: None,
            person: (class == 2).then(|| PersonId::from(to)),
            about: None,
        };
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let act = MatterAct::new(OPEN, fields);
        let lies = Lies { matter: true, contact: class == 1, discipline: class == 2, ..Lies::default() };
        self.secrets.keep(id.0.as_bytes(), Secret::Record(id));
        self.records.insert(id, Record { author: PEOPLE[who], home, cites: None, lies });
        let effect = if class == 2 { Effect::Addressed { to } } else { Effect::Nothing };
        let body = IntentBody::OpenMatter { header, act, photos: BTreeMap::new() };
        self.run(who, id, &words, body, effect);
    }

    /// What was accepted and is a case.
    fn cases(&self) -> Vec<DocumentId> {
        self.truth
            .keys()
            .copied()
            .filter(|id| !self.records[id].lies.contact && !self.records[id].lies.matter)
            .collect()
    }

    fn complete(&mut self, who: usize, record: usize, point: &'static str) {
        let Some(record) = nth(self.cases().iter(), record) else { return };
        let words = self.secrets.letters();
        let body = IntentBody::Amend {
            point: Some(PointId::from(point)),
            standard: None,
            description: Some(words.clone()),
            fix: None,
            photos: BTreeMap::new(),
        };
        self.run(who, record, &words, body, Effect::Nothing);
    }

    fn act(&mut self, who: usize, record: usize, words: &str, act: CaseAct, effect: Effect) {
        let Some(record) = nth(self.cases().iter(), record) else { return };
        self.run(who, record, words, IntentBody::Act { act, photos: BTreeMap::new() }, effect);
    }

    /// Records it on the person's device, whether they hold the record or have it from elsewhere.
    fn run(&mut self, who: usize, record: DocumentId, words: &str, body: IntentBody, effect: Effect) {
        let now = Timestamp(self.now());
        let device = &mut self.devices[who];
        (device.now, device.actor) = (now, Actor(bytes()));
        let waits = device.outbox.iter().any(|pending| pending.document == record);
        if !waits && let Some(held) = self.truth.get(&record) {
            device.documents.insert(record, held.clone());
        }
        let intent = device.intent(record, body);
        let hash = device.record(&intent);
        let change = Change {
            record,
            device: device.identity.device,
            bytes: device.outbox.last().unwrap().bytes.clone(),
            effect,
            accepted: false,
        };
        self.secrets.keep(intent.event.0.as_bytes(), Secret::Words(hash));
        self.secrets.keep(&hash.0, Secret::Hash(hash));
        if !words.is_empty() {
            self.secrets.keep(words.as_bytes(), Secret::Words(hash));
        }
        self.changes.insert(hash, change);
    }

    /// It is in the log: from here on whoever sees the record sees it.
    fn accept(&mut self, hash: ChangeHash) {
        let change = self.changes.get_mut(&hash).unwrap();
        if std::mem::replace(&mut change.accepted, true) {
            return;
        }
        let record = self.records.get_mut(&change.record).unwrap();
        match self.truth.get_mut(&change.record) {
            Some(document) => drop(document.apply(&change.bytes).unwrap()),
            None => {
                let document = Document::from_changes([change.bytes.as_slice()]).unwrap();
                self.truth.insert(change.record, document);
            }
        }
        let code = |code: &PointId| POINTS.iter().find(|(point, _)| *point == code.as_str()).unwrap().0;
        let mut now_in = BTreeSet::from([record.home]);
        if let Content::Case(content) = self.truth[&change.record].record().unwrap() {
            record.lies.point = content.point.as_ref().map(code);
            now_in.extend(record.lies.point.map(|point| whose(unit_of(point))));
        }
        if let Effect::Handed { to, named, handles } = change.effect {
            now_in.insert(whose(to));
            record.lies.handlers.extend(handles.then_some((to, named)));
        }
        if let Effect::Addressed { to } = change.effect {
            // Whom the office does not list has no place of their own.
            record.lies.to = Some(to).filter(|to| self.published.people.contains_key(to));
        }
        record.lies.ever_in_work_of.extend(&now_in);
        record.lies.in_work_of.extend(now_in);
    }
}

fn nth<'a, T: Copy + 'a>(of: impl ExactSizeIterator<Item = &'a T>, nth: usize) -> Option<T> {
    let len = of.len().max(1);
    of.copied().nth(nth % len)
}
