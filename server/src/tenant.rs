//! The server of one directory: its key, its log, its clock, and the way of a call through it.

use crate::bundles::Standing;
use crate::call::{Call, Code, Fault, Reply};
use crate::enrol::WrongCodes;
use crate::log::{Device, Life, Log, LogError, Postgres, Snapshot, Sqlite};
use crate::publish::Known;
use crate::replica::Aside;
use crate::{hex, key};
use sanben_domain::id::{DeviceId, Epoch, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_store::{Store, StoreError};
use sanben_sync::bundle::BUNDLE_PATH;
use sanben_sync::device::{answer_message, refusal_message, request_message};
use sanben_sync::keys::{PublicKey, Purpose, SecretKey, Signature};
use sanben_sync::mailbag::MAILBAG_PATH;
use sanben_sync::poke::POKE_PATH;
use sanben_sync::recovery::RECOVERY_PATH;
use sanben_sync::wire::{
    DEVICE_HEADER, ENROL_PATH, OFFSET_HEADER, PHOTO_PATH, SERVER_HEADER, SIGNATURE_HEADER, SYNC_PATH,
};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The server's clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// A source of randomness: fills the bytes.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// In the directory of a server whose log is in a database: says so to whoever forgets the database's URL.
const IN_DATABASE: &str = "log.in-database";

/// Why a server could not be opened or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The directory or a file in it cannot be used.
    #[error("cannot use {what} in the server's directory: {source}; check that it exists and may be written")]
    Directory {
        /// Which file.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The key file is not a key, is gone, or is not the one that this log was signed with.
    #[error("server.key is {0}; restore it from a backup: with another key every device would be locked out")]
    Key(&'static str),
    /// Its log is not where it was looked for: a server that began another one would lose all of its devices.
    #[error("this server's log is {}", if *.in_database {
        "in a database: give its URL"
    } else {
        "in log.db: leave the database's URL out, or take another directory"
    })]
    Elsewhere {
        /// In a database, and not in `log.db`.
        in_database: bool,
    },
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The server's own replica failed; the log is not touched by it.
    #[error("the server's replica failed: {0}")]
    Replica(#[from] StoreError),
}

/// A request that is honest and full, a thousand changes of small cases, takes a fifth of a second; other writers give up after twenty.
const JUDGING: Duration = Duration::from_secs(5);

/// The server of one tenant.
pub struct Server {
    pub(crate) dir: PathBuf,
    pub(crate) secret: SecretKey,
    pub(crate) log: Box<dyn Log>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Whose deeds are noted in the trail.
    pub(crate) by: String,
    pub(crate) known: Mutex<Known>,
    pub(crate) wrong_codes: Mutex<WrongCodes>,
    /// How long the work of one request is judged.
    pub(crate) judging: Duration,
    /// One piece of a photo at a time.
    pub(crate) photos: Mutex<()>,
    /// One bundle is made at a time.
    /// Scopes of which no bundle could be made, with the life of the log and how far it was read for that.
    pub(crate) bundling: Mutex<BTreeMap<(Epoch, Scope), u64>>,
    /// Which bundles stand, and up to where that is known.
    pub(crate) standing: Mutex<Standing>,
    /// `None` until somebody asks for it.
    pub(crate) replica: Mutex<Option<Arc<Store>>>,
    /// The one to ask while another process holds that.
    pub(crate) aside: Mutex<Option<Aside>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Server {
    /// Opens the server in a directory, which is created when missing, for its owner alone: its key in `server.key` (readable by
    /// its owner alone), its log in `log.db`, photos in `photos/`.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn open(dir: &Path, clock: Clock, random: Random) -> Result<Self, ServerError> {
        Self::open_at(dir, None, clock, random)
    }

    /// As [`Server::open`], with the log in a PostgreSQL database instead when its URL is given. Several
    /// servers may share one: each with the same key, and `photos/` being one folder for all of them.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn open_at(
        dir: &Path,
        database: Option<&str>,
        clock: Clock,
        random: Random,
    ) -> Result<Self, ServerError> {
        make_folder(&dir.join("photos"))
            .map_err(|source| ServerError::Directory { what: "photos/", source })?;
        let (file, note) = (dir.join("log.db"), dir.join(IN_DATABASE));
        if if database.is_some() { file.exists() } else { note.exists() } {
            return Err(ServerError::Elsewhere { in_database: database.is_none() });
        }
        let exists = match database {
            Some(url) => Postgres::is_at(url)?,
            None => file.exists(),
        };
        let secret = key::open(dir, exists, &random)?;
        let mut life = [0; 16];
        random(&mut life);
        let new =
            Life { epoch: Epoch::from_random(life), server: secret.public().fingerprint(), tenant: None };
        let log: Box<dyn Log> = match database {
            Some(url) => Box::new(Postgres::open(url, &new)?),
            None => Box::new(Sqlite::open(&file, &new)?),
        };
        let life = log.read()?.life()?;
        if life.server != new.server {
            return Err(ServerError::Key("not the key of this log"));
        }
        if database.is_some() && !note.exists() {
            note_database(dir)?;
        }
        let server = Self {
            dir: dir.to_owned(),
            secret,
            log,
            clock,
            random,
            by: crate::trail::operator(),
            known: Mutex::default(),
            wrong_codes: Mutex::default(),
            judging: JUDGING,
            photos: Mutex::default(),
            bundling: Mutex::default(),
            standing: Mutex::default(),
            replica: Mutex::default(),
            aside: Mutex::default(),
        };
        // A crash may have come between an erasure and its line in the list, or the end of its photos.
        server.complete_list();
        server.drop_photos();
        Ok(server)
    }

    /// Opens the server with the machine's clock and randomness.
    ///
    /// # Errors
    /// [`ServerError`].
    #[expect(
        clippy::expect_used,
        reason = "without randomness no key and no code can be made: nothing may go on"
    )]
    pub fn open_system(dir: &Path) -> Result<Self, ServerError> {
        let clock = || {
            let since =
                std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
        };
        let random = |bytes: &mut [u8]| getrandom::fill(bytes).expect("the operating system's randomness");
        Self::open(dir, Arc::new(clock), Arc::new(random))
    }

    /// Judges the work of one request for so long, 5 s unless told: what is left is `later`, and comes again. Whatever
    /// a request brings, others wait for the log no longer than that and one change.
    #[must_use]
    pub fn judging_for(mut self, limit: Duration) -> Self {
        self.judging = limit;
        self
    }

    /// The server's public key.
    #[must_use]
    pub fn key(&self) -> PublicKey {
        self.secret.public()
    }

    /// The life of the log.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn epoch(&self) -> Result<Epoch, ServerError> {
        Ok(self.log.read()?.life()?.epoch)
    }

    /// The tenant; `None` until reference data was published.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn tenant(&self) -> Result<Option<TenantId>, ServerError> {
        Ok(self.log.read()?.life()?.tenant)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Answers a call: never panics, and what it accepted is durable when it returns.
    #[must_use]
    pub fn handle(&self, call: &Call) -> Reply {
        // Whatever was begun was rolled back while unwinding.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.route(call)));
        let body = match outcome {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(Fault::Code(code))) => Err(code),
            Ok(Err(Fault::Server(error))) => {
                tracing::error!(%error, "a call failed");
                Err(Code::Failed)
            }
            Err(_) => {
                tracing::error!("a call panicked");
                Err(Code::Failed)
            }
        };
        let mut reply = match body {
            Ok(body) => Reply::ok(body),
            Err(code) => {
                tracing::info!(%code, "a call was refused");
                Reply::from(code)
            }
        };
        if let Some(signature) = self.vouch(call, &reply) {
            reply.headers.push((SIGNATURE_HEADER, hex::write(&signature.0)));
            // Of a call that was altered on its way the device cannot check the refusal: whose it is stands beside it.
            if reply.status != 200 {
                reply.headers.push((SERVER_HEADER, hex::write(&self.secret.public().0)));
            }
        }
        reply
    }

    /// The signature under a reply. What it is for says whether the call was its device's: over an open line anybody can
    /// put a device's signature on a call of their own, and its refusal is no word to that device.
    fn vouch(&self, call: &Call, reply: &Reply) -> Option<Signature> {
        let asked = signature(call).unwrap_or(Signature(Vec::new()));
        // A failure is left unsigned: it is no word of the server on anything, the device tries again. A certificate
        // has a signature of its own.
        if reply.status == Code::Failed.status() || call.path == ENROL_PATH {
            return None;
        }
        let answer = answer_message(&asked, &reply.body);
        if reply.status == 200 || self.has_signed(call) {
            return Some(self.secret.sign(Purpose::Answer, &answer));
        }
        let device = call.header(DEVICE_HEADER).unwrap_or_default();
        let refusal = refusal_message(device, &asked_for(call), &asked, &reply.body);
        Some(self.secret.sign(Purpose::Refusal, &refusal))
    }

    fn route(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        match (call.method.as_str(), call.path.as_str()) {
            ("POST", SYNC_PATH) => self.sync(call),
            ("POST", MAILBAG_PATH) => self.mailbag(call),
            ("POST", ENROL_PATH) => self.enrol(call),
            ("POST", RECOVERY_PATH) => self.recovery_codes(call),
            (_, SYNC_PATH | MAILBAG_PATH | ENROL_PATH | RECOVERY_PATH) => Err(Code::WrongMethod.into()),
            ("GET", path) if path.starts_with(POKE_PATH) => self.poke(call),
            (_, path) if path.starts_with(POKE_PATH) => Err(Code::WrongMethod.into()),
            (_, path) if path.starts_with(PHOTO_PATH) => self.photo(call),
            (_, path) if path.starts_with(BUNDLE_PATH) => self.bundle(call),
            _ => Err(Code::NotFound.into()),
        }
    }

    /// Whether the device that a call names has signed it, whatever the answer was.
    pub(crate) fn has_signed(&self, call: &Call) -> bool {
        self.log.read().is_ok_and(|view| self.signer(&*view, call).is_ok())
    }

    /// The device that signed the call, and is still enrolled.
    pub(crate) fn caller(&self, view: &dyn Snapshot, call: &Call) -> Result<Device, Fault> {
        let device = self.signer(view, call)?;
        if device.revoked.is_some() { Err(Code::RevokedDevice.into()) } else { Ok(device) }
    }

    /// The device that signed the call, even if it was taken out since.
    pub(crate) fn signer(&self, view: &dyn Snapshot, call: &Call) -> Result<Device, Fault> {
        let id: DeviceId =
            call.header(DEVICE_HEADER).ok_or(Code::BadSignature)?.parse().map_err(|_| Code::Malformed)?;
        let device = view.device(id)?.ok_or(Code::UnknownDevice)?;
        let signature = signature(call).ok_or(Code::BadSignature)?;
        if !device.key.verify(Purpose::Request, &asked_for(call), &signature) {
            return Err(Code::BadSignature.into());
        }
        Ok(device)
    }
}

/// Notes in a folder that its log is in a database: nobody begins another log with its key.
pub(crate) fn note_database(dir: &Path) -> Result<(), ServerError> {
    std::fs::write(dir.join(IN_DATABASE), "The log of this server is in a database.\n")
        .map_err(|source| ServerError::Directory { what: IN_DATABASE, source })
}

/// Makes a folder that only its owner may enter; one that is there stays as it is.
pub(crate) fn make_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// What a call asks for, as its device signs it.
pub(crate) fn asked_for(call: &Call) -> Vec<u8> {
    request_message(&call.method, &call.path, call.header(OFFSET_HEADER).unwrap_or_default(), &call.body)
}

/// What a call says its device's signature is.
pub(crate) fn signature(call: &Call) -> Option<Signature> {
    call.header(SIGNATURE_HEADER).and_then(hex::read).map(Signature)
}
