//! A tenant with its server and devices, and everything that was ever said there.

use ciborium::Value;
use sanben_domain::id::{PersonId, PhotoHash, PointId};
use sanben_domain::time::Timestamp;
use sanben_field::{
    Budget, CaseQuery, Clock, Field, Incoming, NewCase, NoConnection, Options, Outgoing, Platform, Transport,
};
use sanben_server::{Call, Reply, Server, import};
use sanben_sync::device::{Identity, request_message};
use sanben_sync::enrol::{Code, EnrolRefusal, EnrolResponse};
use sanben_sync::frame::{pack, unpack, unpack_after};
use sanben_sync::keys::{Purpose, Signature};
use sanben_sync::manifest::Batch;
use sanben_sync::wire::{
    Cursors, DEVICE_HEADER, ENROL_PATH, MAX_MESSAGE_BYTES, OFFSET_HEADER, Rejection, SERVER_HEADER,
    SIGNATURE_HEADER, SYNC_PATH, SyncRequest, SyncResponse, VERSION, Verdict,
};
use sanben_tests::world::{Dice, MORNING, park};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The driver of the bus company, whose stops lie in both tenants.
pub(crate) const IN_BOTH: &str = "齐家兴";
pub(crate) const MINUTE_MS: i64 = 60_000;

pub(crate) struct Morning;

impl Clock for Morning {
    fn wall(&self) -> Timestamp {
        MORNING
    }

    fn monotonic_ms(&self) -> i64 {
        MORNING.0
    }
}

/// A tenant: its server, its devices, everything that was ever said to the server and what it answered.
pub(crate) struct Tenant {
    pub(crate) id: &'static str,
    /// What stands in every record, photo and answer of this tenant.
    pub(crate) marker: String,
    pub(crate) dir: PathBuf,
    pub(crate) server: Server,
    pub(crate) devices: BTreeMap<&'static str, (PathBuf, Field)>,
    pub(crate) spoken: RefCell<Vec<(Call, Reply)>>,
    /// What its own devices had said before anybody else came.
    pub(crate) sent: Vec<Call>,
    pub(crate) photos: Vec<PhotoHash>,
    /// Invited and never enrolled.
    pub(crate) unused: Code,
}

impl Transport for Tenant {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let headers =
            request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let (method, path, body) = (request.method.to_owned(), request.path.clone(), request.body.clone());
        let reply = self.ask(Call { method, path, headers, body });
        let header = |name| reply.header(name).map(str::to_owned);
        let (signature, server) = (header(SIGNATURE_HEADER), header(SERVER_HEADER));
        Ok(Incoming { status: reply.status, signature, server, body: reply.body })
    }
}

impl Tenant {
    /// A server with its reference data, an inspector, the command post, and the person of both.
    pub(crate) fn open(dir: &Path, id: &'static str, seed: u64, inspector: &str) -> Self {
        let root = dir.join(id);
        let dice = Dice::new(seed, 1);
        let random = move |bytes: &mut [u8]| sanben_field::Random::fill(&dice, bytes);
        let server = Server::open(&root.join("server"), Arc::new(|| MORNING), Arc::new(random)).unwrap();
        server.publish_import(&import::read(&park().join("..").join(id)).unwrap()).unwrap();
        drop(server.replica().unwrap());
        let reference = server.reference().unwrap();
        let both = reference.people.values().find(|person| person.name == IN_BOTH).unwrap().id.clone();
        let unused = server.invite(&both, 15 * MINUTE_MS).unwrap();
        let marker = format!("{id}-只属于本辖区-{:016x}", seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut tenant = Self {
            id,
            marker,
            dir: root.join("server"),
            server,
            devices: BTreeMap::new(),
            spoken: RefCell::default(),
            sent: Vec::new(),
            photos: Vec::new(),
            unused,
        };
        for (number, (role, person)) in
            [("command", "U001"), ("inspector", inspector), ("both", both.as_str())].into_iter().enumerate()
        {
            let store = root.join(role);
            let random = Arc::new(Dice::new(seed, 10 + u64::try_from(number).unwrap()));
            let platform = Platform { clock: Arc::new(Morning), random, store: Options { durable: false } };
            let field = Field::open(&store, platform).unwrap();
            let code = tenant.server.invite(&PersonId::from(person), 15 * MINUTE_MS).unwrap();
            field.enrol("sim://server", &code.to_string(), &tenant).unwrap();
            tenant.devices.insert(role, (store, field));
            tenant.sync(role);
        }
        tenant.work(dir);
        tenant.sent = tenant.spoken.borrow().iter().map(|(call, _)| call.clone()).collect();
        tenant
    }

    pub(crate) fn field(&self, role: &str) -> &Field {
        &self.devices[role].1
    }

    pub(crate) fn identity(&self, role: &str) -> Identity {
        self.field(role).store().identity().unwrap().unwrap().identity()
    }

    pub(crate) fn sync(&self, role: &str) {
        let report =
            self.field(role).sync(self, Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((report.rejected, report.photos_waiting), (0, 0));
    }

    pub(crate) fn ask(&self, call: Call) -> Reply {
        let reply = self.server.handle(&call);
        self.spoken.borrow_mut().push((call, reply.clone()));
        reply
    }

    /// The inspector finds something at a stop of the bus company, its man answers, puts it right, and reports
    /// something himself; each with a photo.
    pub(crate) fn work(&mut self, dir: &Path) {
        let both = self.identity("both").person;
        let reference = self.server.reference().unwrap();
        let stop = reference
            .points
            .keys()
            .find(|point| reference.head_of(point, MORNING).is_some_and(|head| head.person == both));
        let stop: PointId = stop.unwrap().clone();
        let mut cases = Vec::new();
        for (role, name) in [("inspector", "damaged-paving.jpg"), ("both", "tilted-torn-poster.jpg")] {
            let mut bytes = std::fs::read(park().join("photos").join(name)).unwrap();
            bytes.extend_from_slice(self.marker.as_bytes());
            let file = dir.join(format!("{}-{name}", self.id));
            std::fs::write(&file, &bytes).unwrap();
            self.photos.push(PhotoHash(Sha256::digest(&bytes).into()));
            let new = NewCase {
                point: Some(stop.clone()),
                description: format!("候车亭座椅松动 {}", self.marker),
                photos: vec![file],
                ..NewCase::default()
            };
            cases.push(self.field(role).record(new).unwrap().case);
            self.sync(role);
        }
        self.sync("both");
        self.field("both").acknowledge(cases[0], &format!("收到,马上落实! {}", self.marker)).unwrap();
        for role in ["both", "inspector", "command"] {
            self.sync(role);
        }
        for role in self.devices.keys() {
            let page = self.field(role).cases(&CaseQuery { limit: 50, ..CaseQuery::default() }).unwrap();
            assert_eq!(page.rows.len(), 2, "{role} of {}", self.id);
        }
    }

    /// Everything of this tenant that nobody in another one may ever see.
    pub(crate) fn secrets(&self) -> Vec<(&'static str, Vec<u8>)> {
        let photo = std::fs::read(self.dir.join("photos").join(self.photos[0].to_string())).unwrap();
        let mut secrets = vec![
            ("what was recorded", self.marker.clone().into_bytes()),
            ("the server's key", std::fs::read(self.dir.join("server.key")).unwrap()),
            // The camera's picture is in the sample data for both; only the end is this tenant's own.
            ("a photo", photo[photo.len() - self.marker.len() - 16..].to_vec()),
        ];
        let names = self.server.reference().unwrap();
        let names = names.people.values().filter(|person| person.name != IN_BOTH);
        secrets.extend(names.map(|person| ("a name", person.name.clone().into_bytes())));
        for (_, field) in self.devices.values() {
            let seed = field.store().identity().unwrap().unwrap().seed;
            secrets.push(("a device's key", seed.to_vec()));
        }
        secrets
    }

    /// What a server keeps: the entries of its log and the files of its photos.
    pub(crate) fn kept(&self) -> (u64, Vec<PathBuf>) {
        let audit = self.server.audit().unwrap();
        assert_eq!(audit.faults, []);
        (audit.entries, files(&self.dir.join("photos")))
    }

    /// The batches that its devices sent, in the order in which they came.
    pub(crate) fn batches(&self) -> Vec<Batch> {
        let mut batches = Vec::new();
        for call in &self.sent {
            if call.path == SYNC_PATH {
                batches.extend(unpack::<SyncRequest>(&call.body, MAX_MESSAGE_BYTES).unwrap().batches);
            }
        }
        batches
    }

    /// Asks as one of its own devices.
    pub(crate) fn ask_as(
        &self,
        who: &Identity,
        method: &str,
        path: &str,
        offset: Option<&str>,
        body: Vec<u8>,
    ) -> Reply {
        let message = request_message(method, path, offset.unwrap_or_default(), &body);
        let mut headers = vec![
            (DEVICE_HEADER.to_owned(), who.device.to_string()),
            (SIGNATURE_HEADER.to_owned(), in_hex(&who.key.sign(Purpose::Request, &message))),
        ];
        headers.extend(offset.map(|offset| (OFFSET_HEADER.to_owned(), offset.to_owned())));
        self.ask(Call { method: method.to_owned(), path: path.to_owned(), headers, body })
    }

    pub(crate) fn exchange(&self, who: &Identity, request: &SyncRequest) -> SyncResponse {
        let reply = self.ask_as(who, "POST", SYNC_PATH, None, pack(request));
        assert_eq!(reply.status, 200);
        unpack(&reply.body, MAX_MESSAGE_BYTES).unwrap()
    }

    /// Hands batches in as one of its own devices; every change of them is refused for good.
    #[track_caller]
    pub(crate) fn refuses(&self, who: &Identity, batches: Vec<Batch>, why: impl Fn(&Rejection) -> bool) {
        let changes: usize = batches.iter().map(|batch| batch.changes.len()).sum();
        let request = SyncRequest { batches, budget: 1, ..empty() };
        let verdicts = self.exchange(who, &request).verdicts;
        assert_eq!(verdicts.len(), changes);
        for (_, verdict) in verdicts {
            assert!(matches!(&verdict, Verdict::Rejected(reason) if why(reason)), "{verdict:?}");
        }
    }
}

pub(crate) fn empty() -> SyncRequest {
    SyncRequest {
        v: VERSION,
        epoch: None,
        cursors: Cursors::Vector(Vec::new()),
        links: None,
        bundles: 0,
        batches: Vec::new(),
        in_review: Vec::new(),
        handed_on: Vec::new(),
        proof: None,
        after: false,
        erased: Vec::new(),
        budget: 1 << 20,
    }
}

pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

pub(crate) fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    let first = needle[0];
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        rest = &rest[at..];
        if rest.starts_with(needle) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

/// Where these bytes lie below a folder.
pub(crate) fn lies_in(dir: &Path, needle: &[u8]) -> Option<PathBuf> {
    files(dir).into_iter().find(|file| holds(&std::fs::read(file).unwrap(), needle))
}

/// An answer as it travelled and, when it is a frame, what is in it.
pub(crate) fn laid_open(question: &[u8], reply: &Reply) -> Vec<u8> {
    let mut bytes = reply.body.clone();
    if let Ok(message) = unpack_after::<Value>(&reply.body, MAX_MESSAGE_BYTES, question) {
        ciborium::into_writer(&message, &mut bytes).unwrap();
    }
    for (_, value) in &reply.headers {
        bytes.extend_from_slice(value.as_bytes());
    }
    bytes
}

/// Whether the answer gives nothing: a refusal, with or without a status of its own.
pub(crate) fn refused(reply: &Reply, path: &str) -> bool {
    let unknown = || unpack::<EnrolResponse>(&reply.body, MAX_MESSAGE_BYTES);
    match reply.status {
        200 if path == ENROL_PATH => matches!(unknown(), Ok(EnrolResponse::Refused(EnrolRefusal::Unknown))),
        status => status != 200,
    }
}

pub(crate) fn in_hex(signature: &Signature) -> String {
    signature.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
