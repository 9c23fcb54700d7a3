//! The pieces of one run: a server, devices, a clock that only the run moves, randomness from one seed.

use crate::network::{Fate, Wire};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sanben_domain::id::{DocumentId, EventId, PersonId};
use sanben_domain::time::Timestamp;
use sanben_field::{Clock, Field, FieldError, Options, Platform, Random, SyncReport};
use sanben_server::{Server, import};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// 2026-03-20 07:00 in China: a Friday morning.
pub const MORNING: Timestamp = Timestamp(1_773_961_200_000);

/// The true time of the run.
#[derive(Debug, Clone)]
pub struct TrueTime(Arc<AtomicI64>);

impl TrueTime {
    fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.0)))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    /// Lets milliseconds pass.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

/// A device's clock: the true time, moved by an error of its own.
struct DeviceClock {
    time: TrueTime,
    error_ms: Arc<AtomicI64>,
}

impl Clock for DeviceClock {
    fn wall(&self) -> Timestamp {
        self.time.now().plus_ms(self.error_ms.load(Ordering::Relaxed))
    }

    fn monotonic_ms(&self) -> i64 {
        self.time.now().0
    }
}

/// Randomness out of the run's seed.
#[derive(Clone)]
pub struct Dice(Arc<Mutex<ChaCha8Rng>>);

impl Dice {
    /// The dice of a seed, on a stream of their own.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(Arc::new(Mutex::new(rng)))
    }

    /// A number below `sides`.
    #[must_use]
    pub fn roll(&self, sides: usize) -> usize {
        let sides = u64::try_from(sides.max(1)).unwrap();
        usize::try_from(self.0.lock().unwrap().next_u64() % sides).unwrap()
    }

    /// Whether something of `percent` happens.
    #[must_use]
    pub fn chance(&self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    /// One of these.
    #[must_use]
    pub fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }

    fn fill_bytes(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.fill_bytes(bytes);
    }
}

/// Something a person did on a device, as the device confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Done {
    /// The document.
    pub document: DocumentId,
    /// The event; `None` for a report, whose event the caller does not learn.
    pub event: Option<EventId>,
}

/// One device and the person who holds it.
pub struct Device {
    /// Who.
    pub person: PersonId,
    dir: PathBuf,
    platform: Platform,
    error_ms: Arc<AtomicI64>,
    /// The open store.
    pub field: Option<Field>,
    /// Everything the device said it had recorded.
    pub done: Vec<Done>,
}

impl Device {
    /// The open store.
    #[must_use]
    pub fn field(&self) -> &Field {
        self.field.as_ref().expect("the device is on")
    }

    /// Kills the process and starts it again.
    pub fn restart(&mut self) {
        self.field = None;
        self.field = Some(Field::open(&self.dir, self.platform.clone()).unwrap());
    }

    /// Moves the wall clock.
    pub fn set_clock_error(&self, ms: i64) {
        self.error_ms.store(ms, Ordering::Relaxed);
    }
}

/// One run.
pub struct World {
    dir: tempfile::TempDir,
    /// The true time.
    pub time: TrueTime,
    /// The dice of the people.
    pub dice: Dice,
    server_dice: Dice,
    network_dice: Dice,
    /// The server.
    pub server: Option<Server>,
    /// The devices.
    pub devices: Vec<Device>,
    /// Requests that are still on the way and will arrive later.
    pub late: Vec<sanben_server::Call>,
    /// How bad the network is, percent.
    pub trouble: usize,
    /// What happened, one line each.
    pub trace: Vec<String>,
}

/// The reference data that every run starts with.
#[must_use]
pub fn park() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/park")
}

impl World {
    /// A server with the reference data of the park subdistrict and one enrolled, synced device per person.
    #[must_use]
    pub fn new(seed: u64, people: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut world = Self {
            dir,
            time: TrueTime::new(MORNING),
            dice: Dice::new(seed, 1),
            server_dice: Dice::new(seed, 2),
            network_dice: Dice::new(seed, 3),
            server: None,
            devices: Vec::new(),
            late: Vec::new(),
            trouble: 0,
            trace: Vec::new(),
        };
        world.start_server();
        world.server().publish_import(&import::read(&park()).unwrap()).unwrap();
        for (number, person) in people.iter().enumerate() {
            world.enrol(seed, number, person);
        }
        world
    }

    /// The server.
    #[must_use]
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("the server is on")
    }

    /// Kills the server and starts it again on what is durable.
    pub fn start_server(&mut self) {
        self.server = None;
        let (time, dice) = (self.time.clone(), self.server_dice.clone());
        let server = Server::open(
            &self.dir.path().join("server"),
            Arc::new(move || time.now()),
            Arc::new(move |bytes: &mut [u8]| dice.fill_bytes(bytes)),
        );
        let server = server.unwrap();
        // As when it serves: from here on the replica follows what is accepted.
        drop(server.replica().unwrap());
        self.server = Some(server);
    }

    fn enrol(&mut self, seed: u64, number: usize, person: &str) {
        let error_ms = Arc::new(AtomicI64::new(0));
        let clock = DeviceClock { time: self.time.clone(), error_ms: Arc::clone(&error_ms) };
        let stream = 100 + u64::try_from(number).unwrap();
        let platform = Platform {
            clock: Arc::new(clock),
            random: Arc::new(Dice::new(seed, stream)),
            store: Options { durable: false },
        };
        let dir = self.dir.path().join(format!("device-{number}"));
        let field = Field::open(&dir, platform.clone()).unwrap();
        let code = self.server().invite(&PersonId::from(person), 600_000).unwrap();
        field.enrol("sim://server", &code.to_string(), &Wire::perfect(self.server())).unwrap();
        let person = PersonId::from(person);
        self.devices.push(Device { person, dir, platform, error_ms, field: Some(field), done: Vec::new() });
        self.sync(number).unwrap();
    }

    /// Syncs one device over the network as it is now.
    ///
    /// # Errors
    /// What the device reports.
    pub fn sync(&mut self, number: usize) -> Result<SyncReport, FieldError> {
        // What was delayed arrives before, in any order.
        while !self.late.is_empty() && (self.trouble == 0 || self.network_dice.chance(50)) {
            let call = self.late.swap_remove(self.network_dice.roll(self.late.len()));
            let reply = self.server().handle(&call);
            self.trace.push(format!("late {} -> {}", call.path, reply.status));
        }
        let (outcome, late, fates) = {
            let (trouble, dice) = (self.trouble, self.network_dice.clone());
            let fate = move || Fate::roll(&dice, trouble);
            let wire = Wire::new(self.server(), Box::new(fate), self.time.clone());
            let outcome = self.devices[number].field().sync(&wire, &mut |_| ControlFlow::Continue(()));
            let (late, fates) = wire.into_parts();
            (outcome, late, fates)
        };
        self.late.extend(late);
        let told = match &outcome {
            Ok(report) => format!(
                "ok sent={} accepted={} rejected={} received={}",
                report.sent, report.accepted, report.rejected, report.received
            ),
            Err(error) => error.code().to_owned(),
        };
        self.trace.push(format!("sync {number} [{fates}] {told}"));
        outcome
    }
}
