//! The tenant of one story: its server, its people's devices, and what is known of every record.

mod asked;
mod work;

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
}

fn nth<'a, T: Copy + 'a>(of: impl ExactSizeIterator<Item = &'a T>, nth: usize) -> Option<T> {
    let len = of.len().max(1);
    of.copied().nth(nth % len)
}
