//! The pieces of one run: a server, devices, a clock that only the run moves, randomness from one seed.

use crate::check::{Invariant, broken};
use crate::contact::Resident;
use crate::disk::{Backup, Cut, Disk};
use crate::genesis::Genesis;
use crate::nature::{DeviceClock, Repeating};
use crate::network::{Fate, Wire};
use crate::planted::{Bug, Seam};
use crate::truth::Truth;
use crate::versions::{self, Translator, Version};
use sanben_domain::id::{DocumentId, PersonId, PhotoHash};
use sanben_domain::time::Timestamp;
use sanben_field::{Budget, FieldError, Options, OutboxState, Platform, SyncReport, Transport};
use sanben_server::{Call, Server};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

pub use crate::device::{Device, Done};
pub use crate::nature::{Dice, TrueTime};

/// 2026-03-20 07:00 in China: a Friday morning.
pub const MORNING: Timestamp = Timestamp(1_773_961_200_000);

/// One run.
pub struct World {
    pub(crate) seed: u64,
    dir: tempfile::TempDir,
    /// The true time.
    pub time: TrueTime,
    /// The dice of the people.
    pub dice: Dice,
    server_dice: Dice,
    network_dice: Dice,
    pub(crate) version_dice: Dice,
    /// What the server's databases lie on.
    pub server_disk: Disk,
    /// The server.
    pub server: Option<Server>,
    /// The devices.
    pub devices: Vec<Device>,
    /// Requests that are still on the way and will arrive later.
    pub late: Vec<Call>,
    /// How bad the network is, percent.
    pub trouble: usize,
    /// What happened, one line each.
    pub trace: Vec<String>,
    /// People whom the desk has moved, and those it has taken out.
    pub(crate) moved: BTreeSet<PersonId>,
    pub(crate) removed: BTreeSet<PersonId>,
    pub(crate) ever_moved: BTreeSet<PersonId>,
    /// Contacts that people added.
    pub(crate) contacts: BTreeMap<DocumentId, Resident>,
    /// What the desk was asked to erase.
    pub(crate) erased: BTreeSet<DocumentId>,
    pub(crate) server_backup: Option<Backup>,
    /// The server was rolled back, and not everybody has offered their work again.
    pub(crate) healing: bool,
    /// What the run has seen so far.
    pub tally: crate::check::Summary,
    pub(crate) bug: Option<&'static Bug>,
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
        Self::with_bug(seed, people, None)
    }

    /// The same with a planted bug.
    #[must_use]
    pub fn with_bug(seed: u64, people: &[&str], bug: Option<&'static Bug>) -> Self {
        let first = Genesis::of(people);
        let mut world = Self::empty(seed, first.time);
        first.server.put(&world.server_dir(), &world.server_disk);
        world.open_server();
        for (number, (person, folder)) in people.iter().zip(&first.devices).enumerate() {
            let mut device = world.device(number, person);
            folder.put(&device.dir, &device.disk);
            device.turn_on();
            world.devices.push(device);
        }
        world.bug = bug;
        if let Some(bug) = bug {
            bug.plant(&mut world);
        }
        world
    }

    pub(crate) fn empty(seed: u64, time: Timestamp) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server_disk = Disk::mount(&dir.path().canonicalize().unwrap().join("server"), Dice::new(seed, 4));
        Self {
            seed,
            dir,
            time: TrueTime::new(time),
            dice: Dice::new(seed, 1),
            server_dice: Dice::new(seed, 2),
            network_dice: Dice::new(seed, 3),
            version_dice: Dice::new(seed, 5),
            server_disk,
            server: None,
            devices: Vec::new(),
            late: Vec::new(),
            trouble: 0,
            trace: Vec::new(),
            moved: BTreeSet::new(),
            removed: BTreeSet::new(),
            ever_moved: BTreeSet::new(),
            contacts: BTreeMap::new(),
            erased: BTreeSet::new(),
            server_backup: None,
            healing: false,
            tally: crate::check::Summary::default(),
            bug: None,
        }
    }

    pub(crate) fn server_dir(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("server")
    }

    /// How many bytes of a photo the server has under its name.
    #[must_use]
    pub fn server_photo(&self, hash: PhotoHash) -> Option<u64> {
        let whole = self.server_dir().join("photos").join(hash.to_string());
        std::fs::metadata(whole).ok().map(|file| file.len())
    }

    /// The server.
    #[must_use]
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("the server is on")
    }

    /// Kills the server and starts it again.
    pub fn start_server(&mut self) {
        self.crash_server(Cut::Process);
    }

    /// Lets the server go down and starts it again on what is left.
    pub fn crash_server(&mut self, cut: Cut) {
        self.stop_server();
        self.server_disk.revive(cut);
        self.open_server();
    }

    pub(crate) fn stop_server(&mut self) {
        self.server_disk.die();
        self.server = None;
    }

    pub(crate) fn open_server(&mut self) {
        let (time, dice) = (self.time.clone(), self.server_dice.clone());
        let server = Server::open(
            &self.server_dir(),
            Arc::new(move || time.now()),
            Arc::new(move |bytes: &mut [u8]| dice.fill_bytes(bytes)),
        );
        let server = server.unwrap_or_else(|error| broken(Invariant::Opens, &format!("the server: {error}")));
        // The only real clock in a server: on a machine that stands still a story would not repeat.
        let server = server.judging_for(Duration::MAX);
        // As when it serves: from here on the replica follows what is accepted.
        if let Err(error) = server.replica() {
            broken(Invariant::Opens, &format!("the server's replica: {error}"));
        }
        self.server = Some(server);
    }

    /// A device that is still off.
    pub(crate) fn device(&self, number: usize, person: &str) -> Device {
        let error_ms = Arc::new(AtomicI64::new(0));
        let clock = DeviceClock { time: self.time.clone(), error_ms: Arc::clone(&error_ms) };
        let stream = 100 + u64::try_from(number).unwrap();
        let dir = self.dir.path().canonicalize().unwrap().join(format!("device-{number}"));
        let platform = Platform {
            clock: Arc::new(clock),
            random: Arc::new(Dice::new(self.seed, stream)),
            store: Options { durable: true },
        };
        let disk = Disk::mount(&dir, Dice::new(self.seed, 1000 + stream));
        Device {
            person: PersonId::from(person),
            dir,
            disk,
            platform,
            error_ms,
            field: None,
            done: BTreeSet::new(),
            acknowledged: BTreeMap::new(),
            looked: 0,
            backup: None,
            version: Version::Current,
        }
    }

    /// A device whose randomness begins anew at every opening: the bug that makes actors come twice.
    pub(crate) fn repeat_randomness(&mut self) {
        for (number, device) in self.devices.iter_mut().enumerate() {
            let stream = 100 + u64::try_from(number).unwrap();
            device.platform.random = Arc::new(Repeating { seed: self.seed, stream });
        }
    }

    /// Syncs one device over the network as it is now.
    ///
    /// # Errors
    /// What the device reports.
    pub fn sync(&mut self, number: usize) -> Result<SyncReport, FieldError> {
        self.sync_within(number, Budget::unlimited())
    }

    /// The same within a budget.
    ///
    /// # Errors
    /// What the device reports.
    pub fn sync_within(&mut self, number: usize, budget: Budget) -> Result<SyncReport, FieldError> {
        self.deliver_late();
        versions::change(self, number);
        let device = &self.devices[number];
        let (outcome, late, fates) = {
            let (trouble, dice) = (self.trouble, self.network_dice.clone());
            let fate = move || Fate::roll(&dice, trouble);
            let mut wire = Wire::new(self.server(), Box::new(fate), self.time.clone());
            wire.watch(&device.person, &self.server_disk, self.network_dice.clone());
            if let Some(Bug { seam: Seam::Wire(tamper), .. }) = self.bug {
                wire.tamper(*tamper, &self.server_dir());
            }
            let translator = Translator::new(device.version, &wire, device.field(), &self.server_dir());
            let line: &dyn Transport = translator.as_ref().map_or(&wire, |translator| translator);
            let outcome = device.field().sync(line, budget, &mut |_| ControlFlow::Continue(()));
            drop(translator);
            let (late, fates) = wire.into_parts();
            (outcome, late, fates)
        };
        self.late.extend(late);
        let told = match &outcome {
            Ok(report) => format!(
                "ok sent={} accepted={} rejected={} received={} photos={} {}",
                report.sent,
                report.accepted,
                report.rejected,
                report.received,
                report.photos_delivered,
                report.stopped.map_or(String::new(), |why| format!("{why:?}"))
            ),
            Err(error) => error.code().to_owned(),
        };
        self.trace.push(format!("sync {number} [{fates}] {told}"));
        self.explained(number, &fates, outcome.as_ref().err());
        if let Ok(report) = &outcome {
            self.tally.rejected += usize::try_from(report.rejected).unwrap();
        }
        self.note_acknowledged(number);
        self.tend(number);
        outcome
    }

    /// An error needs a cause that the run knows of.
    fn explained(&self, number: usize, fates: &str, error: Option<&FieldError>) {
        let device = &self.devices[number];
        let disk = device.disk.troubled();
        let known = match error {
            None | Some(FieldError::Network(_)) => true,
            Some(FieldError::Refused(_)) => {
                self.ever_moved.contains(&device.person) || fates.contains("RequestDamaged")
            }
            // A line that alters something is told as such: no connection.
            Some(FieldError::Server(_)) => self.healing,
            Some(_) => disk,
        };
        if !known {
            broken(Invariant::Told, &format!("device {number} could not sync for no known cause: {error:?}"));
        }
    }

    pub(crate) fn deliver_late(&mut self) {
        // What was delayed arrives before, in any order.
        while !self.late.is_empty() && (self.trouble == 0 || self.network_dice.chance(50)) {
            let call = self.late.swap_remove(self.network_dice.roll(self.late.len()));
            if !self.server_disk.dead() {
                let reply = self.server().handle(&call);
                self.trace.push(format!("late {} -> {}", call.path, reply.status));
            }
        }
    }

    /// Whoever died in the middle of something is started again.
    pub fn tend(&mut self, number: usize) {
        let cut = |dice: &Dice| if dice.chance(60) { Cut::Power } else { Cut::Process };
        if self.devices[number].disk.dead() {
            let cut = cut(&self.dice);
            self.trace.push(format!("device {number} died in a write: {cut:?}"));
            self.tally.deaths += 1;
            self.devices[number].crash(cut);
            crate::check::somewhere(self, number);
        }
        if self.server_disk.dead() {
            let cut = cut(&self.dice);
            self.trace.push(format!("the server died in a write: {cut:?}"));
            self.tally.deaths += 1;
            self.crash_server(cut);
            crate::check::acknowledged(self);
        }
    }

    /// What the device has been told is in the log has to be there.
    fn note_acknowledged(&mut self, number: usize) {
        let device = &mut self.devices[number];
        if device.disk.dead() {
            return;
        }
        let Ok(rows) = device.field().outbox(usize::MAX) else { return };
        let accepted = rows.iter().filter(|row| matches!(row.state, OutboxState::Accepted { seq: 1.., .. }));
        let before = device.acknowledged.len();
        device.acknowledged.extend(accepted.map(|row| (row.hash, (row.document, row.intent.event))));
        if device.acknowledged.len() > before && !self.server_disk.dead() {
            crate::check::acknowledged_by(self, number, &Truth::of(self));
        }
    }
}

impl Drop for World {
    /// A run that failed tells its last steps, if `FLEET_TRACE` says how many.
    fn drop(&mut self) {
        let wanted = std::env::var("FLEET_TRACE").ok().and_then(|lines| lines.parse().ok());
        if let Some(lines) = wanted.filter(|_| std::thread::panicking()) {
            let skipped = self.trace.len().saturating_sub(lines);
            self.trace.iter().skip(skipped).for_each(|line| eprintln!("{line}"));
        }
    }
}
