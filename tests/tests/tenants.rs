//! No byte crosses from one tenant to another: two real servers, the park subdistrict and the high-tech zone,
//! devices of both, and a person who works in both with a store for each.
//!
//! Everything that one tenant ever sent or holds (requests as they travelled, batches, cursors, heads, hashes of
//! photos, keys, invitation codes) is brought to the other one's server in every way that the protocol offers.
//! All of it is refused; and what was recorded here is afterwards looked for in every file of the other server
//! and in everything that it ever answered.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use ciborium::Value;
use sanben_domain::id::{DeviceId, Epoch, PersonId, PhotoHash, PointId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_field::{
    Budget, CaseQuery, Clock, Field, FieldError, Incoming, NewCase, NoConnection, Options, Outgoing,
    Platform, Transport,
};
use sanben_server::{Call, HandInError, Reply, Server, import};
use sanben_sync::device::{Identity, request_message};
use sanben_sync::enrol::{Code, EnrolRefusal, EnrolRequest, EnrolResponse};
use sanben_sync::frame::{pack, unpack, unpack_after};
use sanben_sync::keys::{Purpose, Signature};
use sanben_sync::mailbag::{MAILBAG_PATH, MailbagError, seal};
use sanben_sync::manifest::{Batch, Manifest};
use sanben_sync::photo::{Picture, ShownIn};
use sanben_sync::wire::{
    Cursors, DEVICE_HEADER, ENROL_PATH, MAX_MESSAGE_BYTES, OFFSET_HEADER, PHOTO_PATH, Rejection,
    SERVER_HEADER, SIGNATURE_HEADER, SYNC_PATH, SyncRequest, SyncResponse, VERSION, Verdict,
};
use sanben_tests::world::{Dice, MORNING, park};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The driver of the bus company, whose stops lie in both tenants.
const IN_BOTH: &str = "齐家兴";
const MINUTE_MS: i64 = 60_000;

struct Morning;

impl Clock for Morning {
    fn wall(&self) -> Timestamp {
        MORNING
    }

    fn monotonic_ms(&self) -> i64 {
        MORNING.0
    }
}

/// A tenant: its server, its devices, everything that was ever said to the server and what it answered.
struct Tenant {
    id: &'static str,
    /// What stands in every record, photo and answer of this tenant.
    marker: String,
    dir: PathBuf,
    server: Server,
    devices: BTreeMap<&'static str, (PathBuf, Field)>,
    spoken: RefCell<Vec<(Call, Reply)>>,
    /// What its own devices had said before anybody else came.
    sent: Vec<Call>,
    photos: Vec<PhotoHash>,
    /// Invited and never enrolled.
    unused: Code,
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
    fn open(dir: &Path, id: &'static str, seed: u64, inspector: &str) -> Self {
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

    fn field(&self, role: &str) -> &Field {
        &self.devices[role].1
    }

    fn identity(&self, role: &str) -> Identity {
        self.field(role).store().identity().unwrap().unwrap().identity()
    }

    fn sync(&self, role: &str) {
        let report =
            self.field(role).sync(self, Budget::unlimited(), &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((report.rejected, report.photos_waiting), (0, 0));
    }

    fn ask(&self, call: Call) -> Reply {
        let reply = self.server.handle(&call);
        self.spoken.borrow_mut().push((call, reply.clone()));
        reply
    }

    /// The inspector finds something at a stop of the bus company, its man answers, puts it right, and reports
    /// something himself; each with a photo.
    fn work(&mut self, dir: &Path) {
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
    fn secrets(&self) -> Vec<(&'static str, Vec<u8>)> {
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
    fn kept(&self) -> (u64, Vec<PathBuf>) {
        let audit = self.server.audit().unwrap();
        assert_eq!(audit.faults, []);
        (audit.entries, files(&self.dir.join("photos")))
    }

    /// The batches that its devices sent, in the order in which they came.
    fn batches(&self) -> Vec<Batch> {
        let mut batches = Vec::new();
        for call in &self.sent {
            if call.path == SYNC_PATH {
                batches.extend(unpack::<SyncRequest>(&call.body, MAX_MESSAGE_BYTES).unwrap().batches);
            }
        }
        batches
    }

    /// Asks as one of its own devices.
    fn ask_as(&self, who: &Identity, method: &str, path: &str, offset: Option<&str>, body: Vec<u8>) -> Reply {
        let message = request_message(method, path, offset.unwrap_or_default(), &body);
        let mut headers = vec![
            (DEVICE_HEADER.to_owned(), who.device.to_string()),
            (SIGNATURE_HEADER.to_owned(), in_hex(&who.key.sign(Purpose::Request, &message))),
        ];
        headers.extend(offset.map(|offset| (OFFSET_HEADER.to_owned(), offset.to_owned())));
        self.ask(Call { method: method.to_owned(), path: path.to_owned(), headers, body })
    }

    fn exchange(&self, who: &Identity, request: &SyncRequest) -> SyncResponse {
        let reply = self.ask_as(who, "POST", SYNC_PATH, None, pack(request));
        assert_eq!(reply.status, 200);
        unpack(&reply.body, MAX_MESSAGE_BYTES).unwrap()
    }

    /// Hands batches in as one of its own devices; every change of them is refused for good.
    #[track_caller]
    fn refuses(&self, who: &Identity, batches: Vec<Batch>, why: impl Fn(&Rejection) -> bool) {
        let changes: usize = batches.iter().map(|batch| batch.changes.len()).sum();
        let request = SyncRequest { batches, budget: 1, ..empty() };
        let verdicts = self.exchange(who, &request).verdicts;
        assert_eq!(verdicts.len(), changes);
        for (_, verdict) in verdicts {
            assert!(matches!(&verdict, Verdict::Rejected(reason) if why(reason)), "{verdict:?}");
        }
    }
}

fn empty() -> SyncRequest {
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

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
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
fn lies_in(dir: &Path, needle: &[u8]) -> Option<PathBuf> {
    files(dir).into_iter().find(|file| holds(&std::fs::read(file).unwrap(), needle))
}

/// An answer as it travelled and, when it is a frame, what is in it.
fn laid_open(question: &[u8], reply: &Reply) -> Vec<u8> {
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
fn refused(reply: &Reply, path: &str) -> bool {
    let unknown = || unpack::<EnrolResponse>(&reply.body, MAX_MESSAGE_BYTES);
    match reply.status {
        200 if path == ENROL_PATH => matches!(unknown(), Ok(EnrolResponse::Refused(EnrolRefusal::Unknown))),
        status => status != 200,
    }
}

/// What was said to one server is said to the other one, byte for byte.
fn replay(from: &Tenant, to: &Tenant) {
    let (before, calls) = (to.kept(), &from.sent);
    let paths = |path: &str| calls.iter().filter(|call| call.path.starts_with(path)).count();
    assert!(paths(SYNC_PATH) > 5 && paths(ENROL_PATH) == 3 && paths(PHOTO_PATH) >= 2);
    for call in calls {
        let reply = to.ask(call.clone());
        assert!(refused(&reply, &call.path), "{}: {}", call.path, reply.status);
    }
    assert_eq!(to.kept(), before);
}

/// A device goes to the other tenant's server, with its own code or with one that is put together.
fn codes(from: &Tenant, to: &Tenant, scratch: &Path) {
    let platform = |stream| Platform {
        clock: Arc::new(Morning),
        random: Arc::new(Dice::new(77, stream)),
        store: Options { durable: false },
    };
    let devices = to.server.devices().unwrap().len();
    let forged = Code { secret: from.unused.secret.clone(), fingerprint: to.unused.fingerprint.clone() };
    for (number, code) in [&from.unused, &forged].into_iter().enumerate() {
        let stream = u64::try_from(number).unwrap();
        let field = Field::open(&scratch.join(format!("{}-{number}", from.id)), platform(stream)).unwrap();
        let outcome = field.enrol("sim://server", &code.to_string(), to);
        assert!(matches!(outcome, Err(FieldError::Code(EnrolRefusal::Unknown))), "{outcome:?}");
        assert!(matches!(field.enrolment(), Err(FieldError::NotEnrolled)));
    }
    assert_eq!(to.server.devices().unwrap().len(), devices);
    // An enrolled store belongs to its tenant for good: a code of the other one changes nothing.
    let again = from.field("both").enrol("sim://server", &to.unused.to_string(), to);
    assert!(matches!(again, Err(FieldError::AlreadyEnrolled)));
    // And whom it syncs with by mistake is not its server.
    let astray = from.field("both").sync(to, Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
    assert!(astray.is_err());
    assert_eq!(from.field("both").enrolment().unwrap().tenant.0, from.id);
}

/// Cursors, heads, the life of a log: all of one tenant, asked with in the name of the other one's command post.
fn cursors(from: &Tenant, to: &Tenant) {
    let (who, theirs) = (to.identity("command"), from.field("command").store());
    let standing = theirs.standing().unwrap();
    let epoch = to.server.epoch().unwrap();
    let foreign = |scope: &Scope| standing.cursors.contains_key(scope);
    for epoch_said in [None, standing.epoch, Some(epoch)] {
        let vector: Vec<(Scope, u64)> = standing.cursors.keys().map(|scope| (scope.clone(), 0)).collect();
        let held: Vec<(Scope, u64)> =
            standing.cursors.iter().map(|(scope, cursor)| (scope.clone(), cursor.seq)).collect();
        let digest = sanben_sync::wire::digest(&held);
        for cursors in [Cursors::Vector(vector), Cursors::Vector(held), Cursors::Digest(digest)] {
            let request = SyncRequest { epoch: epoch_said, cursors, ..empty() };
            let response = to.exchange(&who, &request);
            assert_eq!(response.epoch, epoch);
            assert!(!response.scopes.iter().any(|scope| foreign(&scope.scope)), "a scope of {}", from.id);
        }
    }
    for (scope, head) in theirs.heads().unwrap().into_iter().filter(|(_, head)| head.seq > 0) {
        let request = SyncRequest { proof: Some((scope, head)), ..empty() };
        assert_eq!(to.exchange(&who, &request).epoch, epoch, "no life begins on a foreign word");
    }
    assert_eq!(to.server.epoch().unwrap(), epoch);
}

/// A hash is known here and cited there: asked for, sent, proved.
fn photos(from: &Tenant, to: &Tenant) {
    let who = to.identity("command");
    let before = to.kept();
    let documents: Vec<_> =
        to.field("command").cases(&CaseQuery { limit: 50, ..CaseQuery::default() }).unwrap().rows;
    for photo in &from.photos {
        let bytes = std::fs::read(from.dir.join("photos").join(photo.to_string())).unwrap();
        let mut pictures = vec![Picture::Original, Picture::Rendition];
        pictures.extend(documents.iter().map(|row| Picture::Thumbnail(ShownIn::of(row.id, *photo))));
        for picture in pictures {
            let path = picture.path(*photo);
            for (method, offset, body) in
                [("GET", None, Vec::new()), ("POST", None, Vec::new()), ("PUT", Some("0"), bytes.clone())]
            {
                let reply = to.ask_as(&who, method, &path, offset, body);
                assert_ne!(reply.status, 200, "{method} {path}");
            }
        }
        let arrivals = to.ask_as(&who, "POST", PHOTO_PATH, None, pack(&vec![*photo]));
        assert!(!holds(&laid_open(&[], &arrivals), from.marker.as_bytes()));
    }
    assert_eq!(to.kept(), before);
}

/// The other tenant's batches, carried by a device of this one, and put under its own name.
fn batches(from: &Tenant, to: &Tenant) {
    let before = to.kept();
    let all = from.batches();
    assert!(all.len() >= 3);
    for role in ["command", "inspector", "both"] {
        let who = to.identity(role);
        to.refuses(&who, all.clone(), |why| *why == Rejection::Unsigned);
        let root = to.server.reference().unwrap().tenant.as_ref().unwrap().id.to_string();
        let own = to.field(role).store().standing().unwrap().cursors.into_keys();
        let homes: Vec<Scope> =
            own.filter(|scope| to.server.reference().unwrap().units.contains_key(&scope.unit)).collect();
        assert!(homes.iter().any(|scope| scope.unit.as_str() == root));
        for batch in &all {
            let manifest = batch.claimed().unwrap();
            let renamed = |home: Option<&Scope>| {
                let mut manifest = Manifest {
                    tenant: who.tenant.clone(),
                    device: who.device,
                    person: who.person.clone(),
                    ..manifest.clone()
                };
                for item in &mut manifest.items {
                    item.home = home.unwrap_or(&item.home).clone();
                }
                let changes = batch.changes.iter().map(|bytes| bytes.to_vec()).collect();
                Batch::sign(&manifest, changes, &who.key)
            };
            for home in [None].into_iter().chain(homes.iter().map(Some)) {
                to.refuses(&who, vec![renamed(home)], |why| *why != Rejection::Unsigned);
            }
        }
    }
    assert_eq!(to.kept(), before);
}

/// The other tenant's work in a mailbag: sealed to its own server, and sealed by somebody to this one.
fn mailbags(from: &Tenant, to: &Tenant) {
    let (before, who, all) = (to.kept(), to.identity("inspector"), from.batches());
    let theirs = seal(&all, &from.server.key(), [7; 32]).unwrap();
    let outcome = to.server.hand_in(&theirs);
    assert!(matches!(outcome, Err(HandInError::Mailbag(MailbagError::Sealed))), "{outcome:?}");
    assert_ne!(to.ask_as(&who, "POST", MAILBAG_PATH, None, theirs).status, 200);
    let resealed = seal(&all, &to.server.key(), [8; 32]).unwrap();
    let carried = to.ask_as(&who, "POST", MAILBAG_PATH, None, resealed);
    assert_eq!(carried.status, 200, "it arrived, which is all that its carrier learns");
    assert_eq!(to.kept(), before, "and no work in it was accepted");
}

fn in_hex(signature: &Signature) -> String {
    signature.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hardest one: a program that uses one key for both tenants. The device of the person in both is enrolled
/// in the other one too, by a good code; then its requests of here bear a signature that is good there.
fn one_key_for_both(from: &Tenant, to: &Tenant) {
    let who = from.identity("both");
    let person = to.identity("both").person;
    let code = to.server.invite(&person, 15 * MINUTE_MS).unwrap();
    let ask = EnrolRequest {
        v: VERSION,
        secret: code.secret,
        device: who.device,
        key: who.key.public(),
        again: None,
    };
    let (body, signature) = ask.sign(&who.key);
    let welcome = to.ask(Call {
        method: "POST".to_owned(),
        path: ENROL_PATH.to_owned(),
        headers: vec![(SIGNATURE_HEADER.to_owned(), in_hex(&signature))],
        body,
    });
    let welcome: EnrolResponse = unpack(&welcome.body, MAX_MESSAGE_BYTES).unwrap();
    assert!(matches!(welcome, EnrolResponse::Enrolled(_)));

    let before = to.kept();
    let of_device = |call: &&Call| {
        call.header(DEVICE_HEADER).and_then(|id| id.parse::<DeviceId>().ok()) == Some(who.device)
    };
    let mut judged = 0;
    for call in from.sent.iter().filter(of_device) {
        let reply = to.ask(call.clone());
        if call.path != SYNC_PATH {
            assert_ne!(reply.status, 200, "{} {}", call.method, call.path);
            continue;
        }
        assert_eq!(reply.status, 200, "the signature is good");
        let response: SyncResponse = unpack_after(&reply.body, MAX_MESSAGE_BYTES, &call.body).unwrap();
        assert_ne!(Some(response.epoch), from.field("both").store().standing().unwrap().epoch);
        for (_, verdict) in &response.verdicts {
            judged += 1;
            assert_eq!(*verdict, Verdict::Rejected(Rejection::Unsigned), "it names the other tenant");
        }
        // The same work in a request that does not name the other life.
        let request: SyncRequest = unpack(&call.body, MAX_MESSAGE_BYTES).unwrap();
        if !request.batches.is_empty() {
            to.refuses(&who, request.batches, |why| *why == Rejection::Unsigned);
            judged += 1;
        }
    }
    assert!(judged > 0);
    assert_eq!(to.kept(), before);
    // The store of here goes to the server there, is known, and still believes no word of it.
    let astray = from.field("both").sync(to, Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(astray, Err(FieldError::Network(_))), "{astray:?}");
}

/// What is this tenant's own is in its own files and in no file and no answer of the other.
fn nothing_crossed(of: &Tenant, to: &Tenant) {
    let own = of.marker.as_bytes();
    assert!(lies_in(&of.dir, own).is_some(), "the search finds what is there");
    let answers: Vec<Vec<u8>> =
        to.spoken.borrow().iter().map(|(call, reply)| laid_open(&call.body, reply)).collect();
    assert!(
        of.spoken.borrow().iter().any(|(call, reply)| holds(&laid_open(&call.body, reply), own)),
        "and in answers"
    );
    let stored: Vec<Vec<u8>> = files(&to.dir).iter().map(|file| std::fs::read(file).unwrap()).collect();
    for (what, secret) in of.secrets() {
        assert!(!stored.iter().any(|bytes| holds(bytes, &secret)), "{what} of {} lies at {}", of.id, to.id);
        assert!(!answers.iter().any(|bytes| holds(bytes, &secret)), "{} answered {what} of {}", to.id, of.id);
    }
    // On the devices of the other tenant: the one of the person in both among them.
    for (role, (store, field)) in &to.devices {
        assert_eq!(lies_in(store, own), None, "{} of {}", role, to.id);
        let page = field.cases(&CaseQuery { limit: 50, ..CaseQuery::default() }).unwrap();
        assert_eq!(page.rows.len(), 2);
    }
}

#[test]
fn no_byte_crosses_between_tenants() {
    let dir = tempfile::tempdir().unwrap();
    let street = Tenant::open(dir.path(), "park", 41, "U008");
    let zone = Tenant::open(dir.path(), "hightech", 42, "U011");
    let lives: [Epoch; 2] = [street.server.epoch().unwrap(), zone.server.epoch().unwrap()];
    assert_ne!(lives[0], lives[1]);
    let (from_street, from_zone) = ((&street, &zone), (&zone, &street));
    for (from, to) in [from_street, from_zone] {
        replay(from, to);
        codes(from, to, dir.path());
        cursors(from, to);
        photos(from, to);
        batches(from, to);
        mailbags(from, to);
    }
    for (from, to) in [from_street, from_zone] {
        one_key_for_both(from, to);
        nothing_crossed(from, to);
        nothing_crossed(to, from);
    }
    // The person of both goes on in both, and each server keeps what is its own.
    for tenant in [&street, &zone] {
        for role in ["both", "inspector", "command"] {
            tenant.sync(role);
        }
    }
}
