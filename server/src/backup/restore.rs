//! Back from a backup: into an empty folder, everything compared with what the server signed.
//!
//! A restored log lacks what was accepted after the backup, and devices have seen that. So that nobody takes
//! it for the log they knew, it begins another life: the same entries under the same numbers, another epoch,
//! other chains. Devices notice at their next sync and bring again what the backup lacks.

use super::{
    CONTENTS, Contents, FileRow, Hashed, LOG, PHOTOS, SERVER_KEY, SIGNATURE, VERSION, archive, seal,
};
use crate::audit::Audit;
use crate::hex;
use crate::log::{Life, Log, LogError, Postgres, Snapshot, Sqlite, begin_life};
use crate::tenant::{Clock, Random, Server, ServerError, make_folder, note_database};
use crate::tls;
use crate::trail::{self, Deed, DeskAct};
use sanben_domain::id::{Epoch, PhotoHash, TenantId};
use sanben_domain::time::Timestamp;
use sanben_sync::keys::{Purpose, SecretKey, Signature};
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// No list of a backup is longer, bytes: a row takes about 200.
const MAX_LIST: u64 = 512 * 1024 * 1024;
/// While the rest is being checked, no server may find its key.
const KEY_ASIDE: &str = "server.key.restored";

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// When the backup was made.
    pub made: Timestamp,
    /// The tenant.
    pub tenant: Option<TenantId>,
    /// The life that the log begins.
    pub epoch: Epoch,
    /// Files, all as they were.
    pub files: u64,
    /// Entries of the log.
    pub entries: u64,
    /// Documents; all of them were built again when that was asked for.
    pub documents: u64,
    /// Photos that were lacking in the backup already.
    pub missing: Vec<PhotoHash>,
    /// Whether chains, signatures and documents were checked too.
    pub verified: bool,
}

/// Why nothing was restored. The folder is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// There is something in the folder.
    #[error("{0} is not empty: restore into a new folder, and keep the old one until all is well")]
    NotEmpty(PathBuf),
    /// There is a log in the database.
    #[error(
        "there is a log in the database: restore into an empty one, and keep the old one until all is well"
    )]
    Taken,
    /// The file cannot be read as a backup.
    #[error("this is no backup, or it is cut off: {0}")]
    Archive(String),
    /// It was made by a later version.
    #[error("the backup was made by a later version of this program: update this one")]
    Newer,
    /// A file in it is not what was backed up.
    #[error("{0} in the backup is not what was backed up: use another backup")]
    Changed(String),
    /// A file is missing or does not belong there.
    #[error("{0} is missing in the backup, or does not belong there: use another backup")]
    Odd(String),
    /// The list of the files is not signed by the server whose key is in the backup.
    #[error("the server did not sign what is in this backup: somebody changed it, use another")]
    Unsigned,
    /// The log does not hold.
    #[error("the log in the backup does not hold: {} faults, the first at entry {} of {}; use another backup",
        .0.faults.len(),
        .0.faults.first().map_or(0, |fault| fault.seq),
        .0.faults.first().map_or_else(String::new, |fault| fault.scope.to_string()))]
    Audit(Audit),
    /// A file cannot be written.
    #[error("cannot use {file}: {source}")]
    File {
        /// Which.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<LogError> for RestoreError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

fn with(file: &Path) -> impl Fn(io::Error) -> RestoreError + '_ {
    |source| RestoreError::File { file: file.to_owned(), source }
}

/// Restores a backup into a folder that is empty or not there yet, its log into an empty database where one is
/// named, whatever it was in before. Every file is compared with what the
/// server signed; with `verify` the whole log is checked too, and every document built again from it: before it goes into a
/// database, and once more as the database gives it.
///
/// # Errors
/// [`RestoreError`]; then the folder is as it was, and the database too. Only where a disk fails after the database has the
/// log, or what the database gives back does not hold, both are left as they are: begin again with another database.
pub fn restore(
    file: &Path,
    dir: &Path,
    database: Option<&str>,
    verify: bool,
    clock: &Clock,
    random: &Random,
) -> Result<Restored, RestoreError> {
    let there = dir.exists();
    if there && std::fs::read_dir(dir).map_err(with(dir))?.next().is_some() {
        return Err(RestoreError::NotEmpty(dir.to_owned()));
    }
    if database.map(Postgres::is_at).transpose()? == Some(true) {
        return Err(RestoreError::Taken);
    }
    make_folder(&dir.join(PHOTOS)).map_err(with(dir))?;
    let filled = fill(file, dir, verify, clock, random).and_then(|(restored, life)| {
        if let Some(url) = database {
            note_database(dir)?;
            Postgres::create(url, &dir.join(LOG), &life)?;
        }
        Ok(restored)
    });
    if filled.is_err() {
        // It was empty: all in it is ours.
        let emptied = std::fs::remove_dir_all(dir);
        if there && emptied.is_ok() {
            let _ = make_folder(dir);
        }
    }
    // From here on nothing is taken away again: the database has the log.
    let restored = filled?;
    if database.is_some() {
        let log = dir.join(LOG);
        std::fs::remove_file(&log).map_err(with(&log))?;
        if verify {
            check(dir, database, clock, random)?;
        }
    }
    let key = dir.join(SERVER_KEY);
    std::fs::rename(dir.join(KEY_ASIDE), &key).map_err(with(&key))?;
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(with(dir))?;
    if let Some(above) = dir.parent().filter(|above| !above.as_os_str().is_empty()) {
        File::open(above).and_then(|above| above.sync_all()).map_err(with(above))?;
    }
    Ok(restored)
}

/// Everything but the key's name, by which a server could start; and the life that the log begins.
fn fill(
    file: &Path,
    dir: &Path,
    verify: bool,
    clock: &Clock,
    random: &Random,
) -> Result<(Restored, Life), RestoreError> {
    let (contents, key) = unpack(file, dir)?;
    let new = Life { epoch: contents.epoch, server: key.public().fingerprint(), tenant: None };
    let log = Sqlite::open(&dir.join(LOG), &new)?;
    let counts = {
        let view = log.read()?;
        fits(&*view, &contents, &new)?;
        view.counts()?
    };
    if verify {
        check(dir, None, clock, random)?;
    }
    let mut life = [0; 16];
    random(&mut life);
    let epoch = Epoch::from_random(life);
    let mut tx = log.begin()?;
    begin_life(&mut *tx, epoch)?;
    let deed = Deed {
        at: clock(),
        by: trail::operator(),
        act: DeskAct::Restore,
        subjects: vec![contents.epoch.to_string(), epoch.to_string()],
        reason: String::new(),
    };
    trail::note(&mut *tx, &deed)?;
    tx.commit()?;
    drop(log);
    // The names of the photos are on the disk before there is a key that a server could start with.
    let photos = dir.join(PHOTOS);
    File::open(&photos).and_then(|photos| photos.sync_all()).map_err(with(&photos))?;
    let life = Life { epoch, server: new.server, tenant: contents.tenant.clone() };
    let restored = Restored {
        made: contents.made,
        tenant: contents.tenant,
        epoch,
        files: contents.files.len() as u64,
        entries: counts.entries,
        documents: counts.documents,
        missing: contents.missing,
        verified: verify,
    };
    Ok((restored, life))
}

/// Reads the whole log and builds every document, as a server would find them; the key has its name meanwhile.
fn check(dir: &Path, database: Option<&str>, clock: &Clock, random: &Random) -> Result<(), RestoreError> {
    let key = dir.join(SERVER_KEY);
    std::fs::hard_link(dir.join(KEY_ASIDE), &key).map_err(with(&key))?;
    let audited = audited(dir, database, clock, random);
    std::fs::remove_file(&key).map_err(with(&key))?;
    let audit = audited?;
    if audit.is_sound() { Ok(()) } else { Err(RestoreError::Audit(audit)) }
}

fn audited(dir: &Path, database: Option<&str>, clock: &Clock, random: &Random) -> Result<Audit, ServerError> {
    let server = Server::open_at(dir, database, Arc::clone(clock), Arc::clone(random))?;
    drop(server.replica()?);
    server.audit()
}

/// The log is the one of the list: its life, and the end of every scope.
fn fits(view: &dyn Snapshot, contents: &Contents, new: &Life) -> Result<(), RestoreError> {
    let life = view.life()?;
    let heads = view.heads()?;
    let same = contents.heads.len() == heads.len()
        && contents.heads.iter().all(|(scope, signed)| {
            heads.get(scope).is_some_and(|head| (head.seq, head.link) == (signed.seq, signed.link))
        });
    let end = view.trail_end()?.map(|end| (end.seq, end.link));
    let trail = contents.trail.is_none() || contents.trail == end;
    if life.epoch == contents.epoch && life.server == new.server && same && trail {
        Ok(())
    } else {
        Err(RestoreError::Changed(LOG.to_owned()))
    }
}

/// Unpacks into the folder; what is read is hashed, and compared with the signed list at the end.
fn unpack(file: &Path, dir: &Path) -> Result<(Contents, SecretKey), RestoreError> {
    let damaged = |error: io::Error| RestoreError::Archive(error.to_string());
    let mut from = BufReader::with_capacity(1 << 20, File::open(file).map_err(with(file))?);
    let (mut found, mut list, mut signature) = (Vec::new(), Vec::new(), Vec::new());
    while let Some((name, size)) = archive::next(&mut from).map_err(damaged)? {
        let mut content = (&mut from).take(size);
        match name.as_str() {
            CONTENTS if size <= MAX_LIST => {
                content.read_to_end(&mut list).map_err(damaged)?;
            }
            SIGNATURE if size <= 1024 => {
                content.read_to_end(&mut signature).map_err(damaged)?;
            }
            _ => found.push(keep(dir, &name, size, &mut content)?),
        }
        archive::skip(&mut from, size).map_err(damaged)?;
    }
    let seed = std::fs::read(dir.join(KEY_ASIDE)).ok().map(Zeroizing::new);
    let seed = seed.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
    let key = SecretKey::from_seed(seed.ok_or_else(|| RestoreError::Odd(SERVER_KEY.to_owned()))?);
    if !key.public().verify(Purpose::Head, &seal(&list), &Signature(signature)) {
        return Err(RestoreError::Unsigned);
    }
    let contents: Contents = serde_json::from_slice(&list).map_err(|_| RestoreError::Newer)?;
    if contents.v > VERSION {
        return Err(RestoreError::Newer);
    }
    for (held, listed) in found.iter().zip(&contents.files) {
        if held.name != listed.name {
            return Err(RestoreError::Odd(listed.name.clone()));
        }
        if held != listed {
            return Err(RestoreError::Changed(held.name.clone()));
        }
    }
    let odd = |row: Option<&FileRow>| row.map(|row| RestoreError::Odd(row.name.clone()));
    let beyond = odd(contents.files.get(found.len())).or_else(|| odd(found.get(contents.files.len())));
    beyond.map_or(Ok((contents, key)), Err)
}

/// Writes one file of the archive, if it is one of ours.
fn keep(dir: &Path, name: &str, size: u64, content: &mut dyn Read) -> Result<FileRow, RestoreError> {
    let below = name.strip_prefix(PHOTOS);
    let photo = below.and_then(|file| file.parse::<PhotoHash>().ok());
    let path = match (name, photo) {
        (SERVER_KEY, _) => dir.join(KEY_ASIDE),
        (LOG | tls::KEY | tls::CERTIFICATE, _) => dir.join(name),
        // It is a hash, and so no way to anywhere.
        (_, Some(_)) => dir.join(name),
        _ => return Err(RestoreError::Odd(name.chars().take(80).collect())),
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&path).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => RestoreError::Odd(name.to_owned()),
        _ => RestoreError::File { file: path.clone(), source },
    })?;
    let mut hashed = Hashed::over(content);
    let bytes = io::copy(&mut hashed, &mut out).map_err(with(&path))?;
    if bytes != size {
        return Err(RestoreError::Archive("it ends too early".to_owned()));
    }
    out.sync_all().map_err(with(&path))?;
    Ok(FileRow { name: name.to_owned(), bytes, sha256: hex::write(&hashed.digest()) })
}
