//! The ground that everything is measured on: a real server with the park subdistrict's reference data,
//! and devices enrolled there, by a call in this process or over loopback HTTP.

use crate::Outcome;
use crate::measure::worked;
use sanben_domain::id::PersonId;
use sanben_domain::time::Timestamp;
use sanben_field::{
    Budget, Clock, Field, Http, Incoming, NoConnection, Options, Outgoing, Platform, SyncReport,
    SystemRandom, Transport,
};
use sanben_server::{Call, Server, import};
use sanben_sync::wire::{SERVER_HEADER, SIGNATURE_HEADER};
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// 2026-01-01 00:00 in China: the first case of the year.
pub(crate) const NEW_YEAR: Timestamp = Timestamp(1_767_196_800_000);
/// 2026-11-01 07:00 in China: when everything here takes place, so that runs are alike.
const NOW: Timestamp = Timestamp(1_793_487_600_000);
/// A day, milliseconds.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// People at the command post: they may do everything, and hold every community's work.
pub(crate) const COMMAND: [&str; 2] = ["U001", "U002"];

/// A clock that begins at [`NOW`] and goes right.
struct Watch(Instant);

impl Clock for Watch {
    fn wall(&self) -> Timestamp {
        NOW.plus_ms(self.monotonic_ms())
    }

    fn monotonic_ms(&self) -> i64 {
        i64::try_from(self.0.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// A device's surroundings. `durable` as phones have it: what was recorded survives a power cut.
pub(crate) fn platform(durable: bool) -> Platform {
    Platform {
        clock: Arc::new(Watch(Instant::now())),
        random: Arc::new(SystemRandom),
        store: Options { durable },
    }
}

/// A server in a folder, with reference data.
pub(crate) struct Desk {
    pub(crate) server: Arc<Server>,
}

impl Desk {
    pub(crate) fn open(dir: &Path) -> Outcome<Self> {
        Self::open_in(dir, None)
    }

    /// The same with its log in a database.
    pub(crate) fn open_in(dir: &Path, database: Option<&str>) -> Outcome<Self> {
        let Self { server } = Self::at(dir, database)?;
        let park = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/park");
        server.publish_import(&import::read(&park)?)?;
        Ok(Self { server })
    }

    /// The server in a folder as it was left.
    pub(crate) fn reopen(dir: &Path) -> Outcome<Self> {
        Self::at(dir, None)
    }

    fn at(dir: &Path, database: Option<&str>) -> Outcome<Self> {
        let Platform { clock, random, .. } = platform(true);
        let server = Server::open_at(
            dir,
            database,
            Arc::new(move || clock.wall()),
            Arc::new(move |bytes: &mut [u8]| random.fill(bytes)),
        )?;
        Ok(Self { server: Arc::new(server) })
    }

    /// A device of a person that holds all they may see.
    pub(crate) fn device(&self, dir: &Path, person: &str, durable: bool) -> Outcome<Field> {
        let wire = Wire::to(&self.server);
        let field = self.enrol(dir, person, durable, "", &wire)?;
        sync(&field, &wire)?;
        Ok(field)
    }

    /// Enrols a store that is open, and brings all that its person may see.
    pub(crate) fn let_in(&self, field: &Field, person: &str) -> Outcome<()> {
        let (wire, code) = (Wire::to(&self.server), self.server.invite(&PersonId::from(person), 600_000)?);
        field.enrol("", &code.to_string(), &wire)?;
        sync(field, &wire).map(drop)
    }

    /// A device that has just been enrolled, and holds nothing yet.
    pub(crate) fn enrol(
        &self,
        dir: &Path,
        person: &str,
        durable: bool,
        url: &str,
        transport: &dyn Transport,
    ) -> Outcome<Field> {
        let field = Field::open(dir, platform(durable))?;
        let code = self.server.invite(&PersonId::from(person), 600_000)?;
        field.enrol(url, &code.to_string(), transport)?;
        Ok(field)
    }
}

/// Syncs until nothing is left.
pub(crate) fn sync(field: &Field, transport: &dyn Transport) -> Outcome<SyncReport> {
    Ok(field.sync(transport, Budget::unlimited(), &mut |_| ControlFlow::Continue(()))?)
}

/// A call in this process. It keeps how long the server took, and the bodies it was sent.
pub(crate) struct Wire<'a> {
    server: &'a Server,
    pub(crate) spent: Cell<Duration>,
    /// The same in time on a processor.
    pub(crate) worked: Cell<Duration>,
    pub(crate) bodies: RefCell<Vec<Vec<u8>>>,
}

impl<'a> Wire<'a> {
    pub(crate) fn to(server: &'a Server) -> Self {
        Self { server, spent: Cell::default(), worked: Cell::default(), bodies: RefCell::default() }
    }
}

impl Transport for Wire<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let call = Call {
            method: request.method.to_owned(),
            path: request.path.clone(),
            headers: headers.collect(),
            body: request.body.clone(),
        };
        let (begun, before) = (Instant::now(), worked());
        let reply = self.server.handle(&call);
        self.spent.set(self.spent.get() + begun.elapsed());
        self.worked.set(self.worked.get() + worked().saturating_sub(before));
        self.bodies.borrow_mut().push(call.body);
        let header = |name| reply.header(name).map(str::to_owned);
        let (signature, server) = (header(SIGNATURE_HEADER), header(SERVER_HEADER));
        Ok(Incoming { status: reply.status, signature, server, body: reply.body })
    }
}

/// The server behind a socket on loopback, until dropped.
pub(crate) struct Loopback {
    pub(crate) url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    serving: Option<tokio::task::JoinHandle<()>>,
    runtime: tokio::runtime::Runtime,
}

impl Loopback {
    pub(crate) fn of(server: &Arc<Server>) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = Arc::clone(server);
        let serving = runtime.spawn(async move {
            let ended = async move { drop(stopped.await) };
            if let Err(error) = sanben_server::serve(server, listener, ended).await {
                eprintln!("{error}");
            }
        });
        Ok(Self { url, stop: Some(stop), serving: Some(serving), runtime })
    }

    pub(crate) fn http(&self) -> Http {
        Http::new(&self.url)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        if let Some(serving) = self.serving.take() {
            // An idle connection of a client must not keep the socket open for long.
            let patience = Duration::from_secs(2);
            let _ = self.runtime.block_on(async { tokio::time::timeout(patience, serving).await });
        }
    }
}
