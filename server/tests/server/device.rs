//! A desk with the park subdistrict's reference data, and devices as small as the protocol allows.

use sanben_document::{Actor, ChangeHash, Document, Intent, IntentBody};
use sanben_domain::case::{CaseAct, PhotoRef, PhotoRole, Source};
use sanben_domain::id::{DeviceId, DocumentId, EventId, PersonId, PhotoHash, PointId, UnitId};
use sanben_domain::patrol::Round;
use sanben_domain::rights::ScopeClass;
use sanben_domain::time::{Stamp, Timestamp};
use sanben_server::{Call, Reply, Server, import};
use sanben_sync::device::{Answer, AnswerError, Cursor, Identity, Page, Pending, Standing};
use sanben_sync::device::{answered, check, refused, request, request_message};
use sanben_sync::enrol::{Code, EnrolRequest, EnrolResponse};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::keys::{Purpose, SecretKey, Signature};
use sanben_sync::manifest::Cited;
use sanben_sync::wire::{
    DEVICE_HEADER, ENROL_PATH, MAX_MESSAGE_BYTES, OFFSET_HEADER, SIGNATURE_HEADER, SYNC_PATH, SyncRequest,
    SyncResponse, VERSION, Verdict,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tempfile::TempDir;

/// 2026-03-20 07:00 in China.
pub(crate) const MORNING: Timestamp = Timestamp(1_773_961_200_000);
/// People of the park: a command post, an inspector of team 1, heads and clerks by community.
pub(crate) const COMMAND: &str = "U001";
pub(crate) const INSPECTOR: &str = "U007";
pub(crate) const CLERK_01: &str = "U023";
pub(crate) const CLERK_02: &str = "U024";
pub(crate) const HEAD_01: &str = "U051";

pub(crate) fn park() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/park")
}

/// Bytes that never repeat within a test run.
pub(crate) fn fill(bytes: &mut [u8]) {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    let block = Sha256::digest(DRAWN.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes.iter_mut().zip(block.iter().cycle()).for_each(|(byte, drawn)| *byte = *drawn);
}

pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

pub(crate) struct Desk {
    pub(crate) dir: TempDir,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) server: Server,
}

impl Desk {
    pub(crate) fn empty() -> Self {
        let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(MORNING.0)));
        let server = open(dir.path(), &clock);
        Self { dir, clock, server }
    }

    pub(crate) fn park() -> Self {
        let desk = Self::empty();
        desk.server.publish_import(&import::read(&park()).unwrap()).unwrap();
        desk
    }

    /// Another process on the same directory.
    pub(crate) fn another(&self) -> Server {
        open(self.dir.path(), &self.clock)
    }

    pub(crate) fn wait(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::Relaxed))
    }

    pub(crate) fn device(&self, person: &str) -> Device {
        let code = self.server.invite(&PersonId::from(person), 60_000).unwrap();
        Device::enrol(&self.server, &code, self.now())
    }

    /// A device that has everything its person may see.
    pub(crate) fn synced(&self, person: &str) -> Device {
        let mut device = self.device(person);
        device.sync(&self.server);
        device
    }
}

pub(crate) fn open(dir: &Path, clock: &Arc<AtomicI64>) -> Server {
    let clock = Arc::clone(clock);
    let clock = Arc::new(move || Timestamp(clock.load(Ordering::Relaxed)));
    Server::open(dir, clock, Arc::new(fill)).unwrap()
}

pub(crate) fn enrol(server: &Server, code: &Code, device: DeviceId, key: &SecretKey) -> EnrolResponse {
    let request =
        EnrolRequest { v: VERSION, secret: code.secret.clone(), device, key: key.public(), again: None };
    let reply = server.handle(&enrolling(&request, key));
    assert_eq!(reply.status, 200, "{reply:?}");
    unpack(&reply.body, MAX_MESSAGE_BYTES).unwrap()
}

pub(crate) fn enrolling(request: &EnrolRequest, key: &SecretKey) -> Call {
    let (body, signature) = request.sign(key);
    let headers = vec![(SIGNATURE_HEADER.to_owned(), hex(&signature.0))];
    Call { method: "POST".to_owned(), path: ENROL_PATH.to_owned(), headers, body }
}

/// The name of a refusal.
pub(crate) fn refusal(reply: &Reply) -> (u16, String) {
    (reply.status, unpack(&reply.body, 1024).unwrap())
}

#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) identity: Identity,
    pub(crate) standing: Standing,
    pub(crate) documents: BTreeMap<DocumentId, Document>,
    pub(crate) outbox: Vec<Pending>,
    pub(crate) verdicts: BTreeMap<ChangeHash, Verdict>,
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
    pub(crate) budget: u32,
}

impl Device {
    pub(crate) fn enrol(server: &Server, code: &Code, now: Timestamp) -> Self {
        let (device, key) = (DeviceId::from_random(bytes()), SecretKey::from_seed(bytes()));
        let EnrolResponse::Enrolled(enrolled) = enrol(server, code, device, &key) else {
            panic!("not enrolled")
        };
        let certificate =
            enrolled.verify(code, device, &key.public()).expect("a certificate for this device");
        Self {
            identity: Identity {
                tenant: certificate.tenant,
                device,
                person: certificate.person,
                key,
                server: enrolled.server,
            },
            standing: Standing { epoch: Some(enrolled.epoch), ..Standing::default() },
            documents: BTreeMap::new(),
            outbox: Vec::new(),
            verdicts: BTreeMap::new(),
            actor: Actor(bytes()),
            now,
            budget: 1 << 20,
        }
    }

    pub(crate) fn intent(&self, document: DocumentId, body: IntentBody) -> Intent {
        let seen = self.documents.get(&document).map(Document::event_heads).unwrap_or_default();
        Intent {
            v: 1,
            document,
            event: EventId::from_random(bytes()),
            at: Stamp::exact(self.now),
            by: self.identity.person.clone(),
            seen,
            body,
        }
    }

    /// How far the reference data is here.
    pub(crate) fn cited(&self) -> Vec<Cited> {
        let published = self
            .standing
            .cursors
            .iter()
            .filter(|(scope, _)| matches!(scope.class, ScopeClass::Reference | ScopeClass::People));
        published
            .map(|(scope, cursor)| Cited { scope: scope.clone(), seq: cursor.seq, link: cursor.link })
            .collect()
    }

    /// Records and leaves it in the outbox.
    pub(crate) fn record(&mut self, intent: &Intent) -> ChangeHash {
        let change = if intent.body.creates_in().is_some() {
            let (document, change) = Document::create(intent, self.actor).unwrap();
            self.documents.insert(intent.document, document);
            change
        } else {
            self.documents.get_mut(&intent.document).unwrap().run(intent, self.actor).unwrap()
        };
        let home = self.documents[&intent.document].record().unwrap().scope();
        self.outbox.push(Pending {
            document: intent.document,
            home,
            person: intent.by.clone(),
            hash: change.hash,
            bytes: change.bytes,
            intent: sanben_document::encode(intent),
            cited: self.cited(),
        });
        change.hash
    }

    pub(crate) fn report_intent(&self, home: &str, point: &str, photos: &[Vec<u8>]) -> Intent {
        let cite = |photo: &Vec<u8>| {
            let cited = PhotoRef {
                role: PhotoRole::Before,
                width: 4,
                height: 3,
                bytes: u64::try_from(photo.len()).unwrap(),
            };
            (photo_hash(photo), cited)
        };
        self.intent(
            DocumentId::from_random(bytes()),
            IntentBody::Report {
                home: UnitId::from(home),
                source: Source::Own,
                point: Some(PointId::from(point)),
                standard: None,
                description: "南门垃圾成堆".to_owned(),
                fix: None,
                photos: photos.iter().map(cite).collect(),
            },
        )
    }

    pub(crate) fn report(&mut self, home: &str, point: &str) -> (DocumentId, ChangeHash) {
        let intent = self.report_intent(home, point, &[]);
        (intent.document, self.record(&intent))
    }

    pub(crate) fn act(&mut self, document: DocumentId, act: CaseAct) -> ChangeHash {
        let intent = self.intent(document, IntentBody::Act { act, photos: BTreeMap::new() });
        self.record(&intent)
    }

    /// Team 1's morning round of 20 March in park-01.
    pub(crate) fn start_round(&mut self) -> DocumentId {
        let body = IntentBody::StartPatrol {
            home: "park-01".into(),
            team: "T1".into(),
            day: chrono::NaiveDate::from_ymd_opt(2026, 3, 20).unwrap(),
            round: Round::Morning,
        };
        let intent = self.intent(DocumentId::from_random(bytes()), body);
        self.record(&intent);
        intent.document
    }

    pub(crate) fn comment(&mut self, document: DocumentId, words: &str) -> ChangeHash {
        self.act(document, CaseAct::Comment { words: words.to_owned() })
    }

    pub(crate) fn signed(&self, method: &str, path: &str, offset: Option<u64>, body: Vec<u8>) -> Call {
        let offset = offset.map(|offset| offset.to_string());
        let message = request_message(method, path, offset.as_deref().unwrap_or_default(), &body);
        let signature = self.identity.key.sign(Purpose::Request, &message);
        let mut headers = vec![
            (DEVICE_HEADER.to_owned(), self.identity.device.to_string()),
            (SIGNATURE_HEADER.to_owned(), hex(&signature.0)),
        ];
        headers.extend(offset.map(|offset| (OFFSET_HEADER.to_owned(), offset)));
        Call { method: method.to_owned(), path: path.to_owned(), headers, body }
    }

    pub(crate) fn request(&self) -> SyncRequest {
        request(&self.identity, &self.standing, &self.outbox, self.budget, self.now)
    }

    pub(crate) fn ask(&self) -> Call {
        self.signed("POST", SYNC_PATH, None, pack(&self.request()))
    }

    /// Checks an answer as a device does; nothing is applied.
    pub(crate) fn check(&self, call: &Call, reply: &Reply) -> Result<Answer, AnswerError> {
        assert!(self.believes(call, reply), "an answer of another server or to another request");
        assert_eq!(reply.status, 200, "{:?}", refusal(reply));
        check(&self.identity, &self.standing, response(reply))
    }

    pub(crate) fn believes(&self, call: &Call, reply: &Reply) -> bool {
        let asked = Signature(unhex(call.header(SIGNATURE_HEADER).unwrap()));
        let signature = reply.header(SIGNATURE_HEADER).map(|text| Signature(unhex(text)));
        signature.is_some_and(|signature| match reply.status {
            200 => answered(&self.identity, &asked, &reply.body, &signature),
            _ => {
                let offset = call.header(OFFSET_HEADER).unwrap_or_default();
                let message = request_message(&call.method, &call.path, offset, &call.body);
                refused(&self.identity, &message, &asked, &reply.body, &signature)
            }
        })
    }

    /// Applies an answer.
    pub(crate) fn take(&mut self, call: &Call, reply: &Reply) -> Page {
        let Answer::Apply(page) = self.check(call, reply).unwrap() else { panic!("cursors were asked for") };
        for arrived in &page.changes {
            let Some(bytes) = &arrived.bytes else {
                assert!(self.documents[&arrived.document].holds(arrived.hash), "an echo of what is not here");
                continue;
            };
            match self.documents.get_mut(&arrived.document) {
                Some(document) => drop(document.apply(bytes).unwrap()),
                None => {
                    let document = Document::from_changes([bytes.as_slice()]).unwrap();
                    self.documents.insert(arrived.document, document);
                }
            }
        }
        for (hash, verdict) in &page.verdicts {
            self.verdicts.insert(*hash, verdict.clone());
            self.standing.in_review.retain(|asked| asked != hash);
            if let Verdict::Review { .. } = verdict {
                self.standing.in_review.push(*hash);
            }
            if *verdict != Verdict::Later {
                self.outbox.retain(|pending| pending.hash != *hash);
            }
        }
        for (scope, cursor, _) in &page.cursors {
            self.standing.cursors.insert(scope.clone(), Cursor { ..*cursor });
        }
        for scope in &page.lost {
            self.standing.cursors.remove(scope);
        }
        self.standing.epoch = Some(page.epoch);
        self.standing.confirmed = page.confirmed;
        *page
    }

    /// Round trips until nothing is left; returns how many.
    pub(crate) fn sync(&mut self, server: &Server) -> usize {
        for round in 1.. {
            let call = self.ask();
            if !self.take(&call, &server.handle(&call)).more {
                return round;
            }
        }
        unreachable!()
    }
}

pub(crate) fn response(reply: &Reply) -> SyncResponse {
    unpack(&reply.body, MAX_MESSAGE_BYTES).unwrap()
}

pub(crate) fn photo_hash(photo: &[u8]) -> PhotoHash {
    PhotoHash(Sha256::digest(photo).into())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
