//! What outside bytes are brought to: a server that holds accepted work, and a device with work still to send.

use crate::world::{MORNING, World, park};
use sanben_domain::case::{CaseAct, Handler};
use sanben_domain::id::{CaseId, Epoch, PhotoHash, PointId, UnitId};
use sanben_field::{Budget, Field, Incoming, NewCase, NoConnection, Outgoing, Transport};
use sanben_server::{Call, Reply, Server};
use sanben_sync::device::{Identity, answer_message, request_message};
use sanben_sync::keys::{Purpose, SecretKey, Signature};
use sanben_sync::wire::{
    DEVICE_HEADER, OFFSET_HEADER, SERVER_HEADER, SIGNATURE_HEADER, SyncResponse, VERSION, Verdict,
};
use std::cell::{OnceCell, RefCell};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// The inspector whose device it is, and the command post.
const PEOPLE: [&str; 2] = ["U008", "U001"];

/// A server, a device, and what they said to each other.
pub struct Scene {
    world: World,
    /// The device's name and key.
    pub identity: Identity,
    /// The server's key: an enemy who holds it signs what they like.
    pub server_key: SecretKey,
    /// What the honest device said and was answered.
    pub spoken: Vec<(Call, Reply)>,
    /// A case in the log, with a photo.
    pub case: CaseId,
    /// Its photo, which has not arrived.
    pub photo: PhotoHash,
    /// How many changes the log held at first.
    pub accepted: u64,
    /// Bring what was read once more, with checksums, chains and signatures repaired.
    pub repairs: bool,
    backup: OnceCell<Vec<u8>>,
}

/// A line on which nothing goes wrong, and which remembers.
struct Line<'a> {
    server: &'a Server,
    spoken: RefCell<Vec<(Call, Reply)>>,
    /// Photos do not get through.
    no_photos: bool,
}

impl Transport for Line<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        if self.no_photos && request.path.starts_with("/v1/photos/") {
            return Err(NoConnection("a thin line".to_owned()));
        }
        let headers =
            request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let (method, path, body) = (request.method.to_owned(), request.path.clone(), request.body.clone());
        let call = Call { method, path, headers, body };
        let reply = self.server.handle(&call);
        let header = |name| reply.header(name).map(str::to_owned);
        let (signature, server) = (header(SIGNATURE_HEADER), header(SERVER_HEADER));
        let answer = Incoming { status: reply.status, signature, server, body: reply.body.clone() };
        self.spoken.borrow_mut().push((call, reply));
        Ok(answer)
    }
}

/// What somebody answers: a status and a body, or the line is cut.
type Says<'a> = &'a dyn Fn(&Outgoing) -> Option<(u16, Vec<u8>)>;

/// A server that answers as it likes, well signed.
struct Liar<'a> {
    says: Says<'a>,
    key: &'a SecretKey,
}

impl Transport for Liar<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let Some((status, body)) = (self.says)(request) else {
            return Err(NoConnection("a line that is cut".to_owned()));
        };
        let asked = request.headers.iter().find(|(name, _)| *name == SIGNATURE_HEADER);
        let asked = Signature(asked.map(|(_, text)| unhex(text)).unwrap_or_default());
        let signature = self.key.sign(Purpose::Answer, &answer_message(&asked, &body));
        Ok(Incoming { status, signature: Some(hex(&signature.0)), server: None, body })
    }
}

impl Default for Scene {
    fn default() -> Self {
        Self::new()
    }
}

impl Scene {
    /// Always the same.
    #[must_use]
    pub fn new() -> Self {
        let world = World::new(7, &PEOPLE);
        let seed = std::fs::read(world.server_dir().join("server.key")).unwrap();
        let server_key = SecretKey::from_seed(seed.try_into().unwrap());
        let line = Line { server: world.server(), spoken: RefCell::default(), no_photos: true };
        let author = world.devices[0].field();
        let command = world.devices[1].field();
        let sync =
            |field: &Field| drop(field.sync(&line, Budget::unlimited(), &mut |_| ControlFlow::Continue(())));
        let new = NewCase {
            point: Some(PointId::from("P011")),
            description: "南入口有大片垃圾".to_owned(),
            photos: vec![park().join("photos/open-bin-upright.jpg")],
            ..NewCase::default()
        };
        let case = author.record(new).unwrap().case;
        author.act(case, CaseAct::Comment { words: "请尽快".to_owned() }, &[]).unwrap();
        sync(author);
        sync(command);
        let to = Handler { unit: UnitId::from("park-02"), person: None };
        command.act(case, CaseAct::Dispatch { to }, &[]).unwrap();
        sync(command);
        sync(author);
        // What still waits.
        author.act(case, CaseAct::Comment { words: "还在".to_owned() }, &[]).unwrap();
        let new = NewCase { description: "地砖翘起".to_owned(), ..NewCase::default() };
        author.record(new).unwrap();
        let photo = *author.case(case).unwrap().record.photos.keys().next().unwrap();
        let identity = author.store().identity().unwrap().unwrap().identity();
        let spoken = line.spoken.into_inner();
        let accepted = world.server().counts().unwrap().changes;
        Self {
            world,
            identity,
            server_key,
            spoken,
            case,
            photo,
            accepted,
            repairs: true,
            backup: OnceCell::new(),
        }
    }

    /// The server.
    #[must_use]
    pub fn server(&self) -> &Server {
        self.world.server()
    }

    /// The device.
    #[must_use]
    pub fn field(&self) -> &Field {
        self.world.devices[0].field()
    }

    /// The same from the beginning, once the log has grown by what was rightly accepted.
    pub fn begin_again_when_grown(&mut self) {
        let grown = self.server().counts().unwrap().changes > self.accepted + 200;
        if grown || self.world.devices[0].disk.bytes() > 8 << 20 {
            *self = Self::new();
        }
    }

    /// A folder for files.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        let folder = self.world.server_dir().with_file_name("files");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// What the device would send now.
    #[must_use]
    pub fn asking(&self) -> sanben_sync::wire::SyncRequest {
        let store = self.field().store();
        let (standing, pending) = (store.standing().unwrap(), store.pending(usize::MAX).unwrap());
        sanben_sync::device::request(&self.identity, &standing, &pending, 1 << 16, MORNING)
    }

    /// A call of the device with these bytes, well signed.
    #[must_use]
    pub fn signed(&self, method: &str, path: &str, offset: Option<u64>, body: Vec<u8>) -> Call {
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

    /// The server answers, whatever it is, without failing inside.
    pub fn ask(&self, call: &Call) -> Reply {
        let reply = self.server().handle(call);
        assert_ne!(reply.status, 500, "the server failed on {} {}", call.method, call.path);
        reply
    }

    /// A server that says this.
    #[must_use]
    pub fn liar<'a>(&'a self, says: Says<'a>) -> impl Transport + 'a {
        Liar { says, key: &self.server_key }
    }

    /// The device syncs with a server that gives these bytes to everything it asks.
    pub fn answer(&self, body: &[u8]) {
        self.sync_with(&|_| Some((200, body.to_vec())));
    }

    /// The device syncs with a server that says this, for a few rounds.
    pub fn sync_with(&self, says: Says<'_>) {
        let mut rounds = 0;
        let _ = self.field().sync(&self.liar(says), Budget::unlimited(), &mut |_| {
            rounds += 1;
            if rounds > 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    /// The life of the log that the device knows.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.field().store().standing().unwrap().epoch.unwrap()
    }

    /// An answer that says nothing but that the server is there: what waits waits on.
    #[must_use]
    pub fn nothing_new(&self) -> SyncResponse {
        let pending = self.field().store().pending(usize::MAX).unwrap();
        SyncResponse {
            v: VERSION,
            epoch: self.epoch(),
            now: MORNING,
            send_cursors: false,
            verdicts: pending.into_iter().map(|pending| (pending.hash, Verdict::Later)).collect(),
            erased: Vec::new(),
            revoked: false,
            taken_over: Vec::new(),
            scopes: Vec::new(),
            bundles: Vec::new(),
            lost: Vec::new(),
            more: false,
            prove: None,
        }
    }

    /// A device that met a bundle with what should not be in it asks for no more of them; here it does.
    pub fn trust_again(&self) {
        let store = self.world.devices[0].dir.join("sanben.db");
        let forget = "DELETE FROM meta WHERE key = 'bundles-distrusted'";
        rusqlite::Connection::open(store).and_then(|connection| connection.execute_batch(forget)).unwrap();
    }

    /// A backup of the server.
    #[must_use]
    pub fn backup(&self) -> &[u8] {
        self.backup.get_or_init(|| {
            let file = self.folder().join("backup.tar");
            self.server().backup(&file).unwrap();
            std::fs::read(file).unwrap()
        })
    }

    /// How far the log is, in all scopes.
    #[must_use]
    pub fn heads(&self) -> Vec<(String, u64)> {
        let positions = self.server().positions().unwrap();
        positions.into_iter().map(|at| (at.scope.to_string(), at.seq)).collect()
    }
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).filter_map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
