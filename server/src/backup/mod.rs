//! Backups: everything that a server cannot make again, in one file, taken while it serves.
//!
//! The log is copied as of one instant, then the photos: these never change, so that every photo that the log
//! knew of is there. What is derived (the replica) and what devices send again (pieces of photos) stays out.
//! The file holds the server's keys: whoever has it can be the server.

mod archive;
mod restore;

pub use restore::{RestoreError, Restored, restore};

use crate::hex;
use crate::tenant::Server;
use crate::tls;
use rusqlite::{Connection, OpenFlags};
use sanben_domain::id::{Epoch, PhotoHash, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::{Link, SignedHead};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// What every backup has.
const LOG: &str = "log.db";
const SERVER_KEY: &str = "server.key";
const PHOTOS: &str = "photos/";
/// Last in the file: the list of everything before it, and the server's signature over the list.
const CONTENTS: &str = "contents.json";
const SIGNATURE: &str = "contents.sig";
/// The version of this form.
const VERSION: u16 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Version of this form.
    pub v: u16,
    /// The program's version.
    pub program: String,
    /// When it was made, by the server's clock.
    pub made: Timestamp,
    /// The tenant.
    pub tenant: Option<TenantId>,
    /// The life of the log.
    pub epoch: Epoch,
    /// The server's public key in hexadecimal.
    pub server: String,
    /// The signed end of each scope.
    pub heads: Vec<(Scope, SignedHead)>,
    /// Number and chain of the last row of the desk's trail.
    #[serde(default)]
    pub trail: Option<(u64, Link)>,
    /// The files, in their order.
    pub files: Vec<FileRow>,
    /// Photos that the log has a receipt for and that are not there or damaged: to be fetched from devices
    /// that took them.
    pub missing: Vec<PhotoHash>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file of this name.
    #[error("{0} exists: a backup never replaces another, choose a new name")]
    Exists(PathBuf),
    /// The log cannot be copied.
    #[error("the log cannot be copied: {0}; check the room on the backup's disk")]
    Log(String),
    /// A file cannot be read or written.
    #[error("cannot use {file}: {source}; nothing was left behind")]
    File {
        /// Which.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Log(error.to_string())
    }
}

impl From<crate::log::LogError> for BackupError {
    fn from(error: crate::log::LogError) -> Self {
        Self::Log(error.to_string())
    }
}

fn with(file: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    |source| BackupError::File { file: file.to_owned(), source }
}

impl Server {
    /// Writes a backup into a new file, which only its owner may read. The server may be at work, in this
    /// process and in others.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no such file.
    pub fn backup(&self, file: &Path) -> Result<Contents, BackupError> {
        if file.exists() {
            return Err(BackupError::Exists(file.to_owned()));
        }
        let beside = |ending: &str| {
            let mut name = file.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let (part, copy) = (beside(".part"), beside(".log"));
        let written = self.write_backup(file, &part, &copy);
        // What was erased meanwhile could not be scrubbed while the log was being read.
        let _ = self.log.scrub();
        for leftover in [&part, &copy, &beside(".log-wal"), &beside(".log-shm")] {
            match std::fs::remove_file(leftover) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    tracing::warn!(%error, "a temporary file of the backup stays behind");
                }
                _ => {}
            }
        }
        written
    }

    fn write_backup(&self, file: &Path, part: &Path, copy: &Path) -> Result<Contents, BackupError> {
        let photos = self.copy_log(copy)?;
        let life = self.log_of(copy)?;
        let mut contents = Contents {
            v: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made: self.now(),
            tenant: life.tenant,
            epoch: life.epoch,
            server: hex::write(&self.key().0),
            heads: life.heads,
            trail: life.trail,
            files: Vec::new(),
            missing: Vec::new(),
        };
        let failed = with(part);
        let mut out = BufWriter::with_capacity(1 << 20, owned(part).map_err(&failed)?);
        let keys = [SERVER_KEY, tls::KEY, tls::CERTIFICATE].map(|name| (name, self.dir.join(name)));
        let keys = keys.into_iter().filter(|(name, path)| *name == SERVER_KEY || path.exists());
        for (name, path) in keys.chain([(LOG, copy.to_owned())]) {
            let size = std::fs::metadata(&path).map_err(with(&path))?.len();
            contents.files.push(add(&mut out, name, &path, size).map_err(with(&path))?);
        }
        for photo in photos {
            let path = self.dir.join(PHOTOS).join(photo.to_string());
            match whole(&path, photo) {
                Ok(Some(size)) => {
                    let name = format!("{PHOTOS}{photo}");
                    contents.files.push(add(&mut out, &name, &path, size).map_err(with(&path))?);
                }
                // Better a backup that says what it lacks than none.
                Ok(None) => contents.missing.push(photo),
                Err(error) => return Err(with(&path)(error)),
            }
        }
        let list = serde_json::to_vec_pretty(&contents).map_err(io::Error::from).map_err(&failed)?;
        let signature = self.secret.sign(sanben_sync::keys::Purpose::Head, &seal(&list)).0;
        for (name, bytes) in [(CONTENTS, &list), (SIGNATURE, &signature)] {
            archive::write(&mut out, name, bytes.len() as u64, &mut bytes.as_slice()).map_err(&failed)?;
        }
        archive::end(&mut out).map_err(&failed)?;
        let out = out.into_inner().map_err(|error| failed(error.into_error()))?;
        out.sync_all().map_err(&failed)?;
        // Not renamed: that would replace a file that was made meanwhile.
        std::fs::hard_link(part, file).map_err(with(file))?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(with(folder))?;
        Ok(contents)
    }

    /// Copies the log as of one instant, and says which photos it has a receipt for.
    fn copy_log(&self, copy: &Path) -> Result<Vec<PhotoHash>, BackupError> {
        // Only its owner reads it, as the backup itself.
        owned(copy).map_err(with(copy))?;
        self.log.copy(copy)?;
        let copied = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut rows = copied.prepare("SELECT hash FROM photo WHERE received IS NOT NULL ORDER BY hash")?;
        let photos = rows.query_map([], |row| row.get(0).map(PhotoHash))?.collect::<Result<_, _>>()?;
        Ok(photos)
    }

    /// What identifies the copied log, and its ends, signed.
    fn log_of(&self, copy: &Path) -> Result<Ends, BackupError> {
        // The copy's own words, not those of the log that has grown since.
        let new = crate::log::Life {
            epoch: Epoch(uuid::Uuid::nil()),
            server: self.key().fingerprint(),
            tenant: None,
        };
        let log = crate::log::Sqlite::open(copy, &new)?;
        let view = crate::log::Log::read(&log)?;
        let life = view.life()?;
        let sign = |(scope, head): (Scope, crate::log::Head)| {
            let signed = SignedHead::sign(life.epoch, &scope, head.seq, head.link, &self.secret);
            (scope, signed)
        };
        let heads = view.heads()?.into_iter().map(sign).collect();
        let trail = view.trail_end()?.map(|end| (end.seq, end.link));
        Ok(Ends { epoch: life.epoch, tenant: life.tenant, heads, trail })
    }
}

/// A new file that only its owner reads.
fn owned(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

struct Ends {
    epoch: Epoch,
    tenant: Option<TenantId>,
    heads: Vec<(Scope, SignedHead)>,
    trail: Option<(u64, Link)>,
}

/// What the server signs of a backup. No head of a scope has this form.
fn seal(list: &[u8]) -> Vec<u8> {
    let digest: [u8; 32] = Sha256::digest(list).into();
    sanben_document::encode(&("sanben backup 1", serde_bytes::ByteBuf::from(digest)))
}

/// The size of a photo that is there and what its name says.
fn whole(path: &Path, photo: PhotoHash) -> io::Result<Option<u64>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut hashed = Hashed::over(&mut file);
    let size = io::copy(&mut hashed, &mut io::sink())?;
    Ok((hashed.digest() == photo.0).then_some(size))
}

fn add(out: &mut dyn Write, name: &str, path: &Path, size: u64) -> io::Result<FileRow> {
    let mut file = File::open(path)?;
    let mut hashed = Hashed::over(&mut file);
    archive::write(out, name, size, &mut hashed)?;
    Ok(FileRow { name: name.to_owned(), bytes: size, sha256: hex::write(&hashed.digest()) })
}

/// Hashes what is read through it.
struct Hashed<'a> {
    from: &'a mut dyn Read,
    hasher: Sha256,
}

impl<'a> Hashed<'a> {
    fn over(from: &'a mut dyn Read) -> Self {
        Self { from, hasher: Sha256::new() }
    }

    fn digest(self) -> [u8; 32] {
        self.hasher.finalize().into()
    }
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
