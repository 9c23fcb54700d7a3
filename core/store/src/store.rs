//! The store as a whole: opening, suspending, and what a write reports.

use crate::connection;
use crate::encrypt;
use crate::error::StoreError;
use crate::files::PhotoFiles;
use crate::gone;
use crate::hot::Hot;
use crate::identity::{self, Remembered};
use crate::installation::{Actors, Installation};
use crate::key::StoreKey;
use crate::migrate;
use crate::project;
use crate::writing::Writing;
use rusqlite::Connection;
use sanben_domain::id::{CaseId, MatterId, PatrolId, PhotoHash};
use sanben_domain::reference::Reference;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How a store treats the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Every write survives a power cut (`synchronous=FULL`): what a person recorded. Without it the last
    /// writes may be missing after one: replicas that can be filled again, simulated fleets.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { durable: true }
    }
}

/// What a write touched, for observers: one batch per write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// Cases whose row changed, came or went.
    pub cases: BTreeSet<CaseId>,
    /// Patrols whose row changed, came or went.
    pub patrols: BTreeSet<PatrolId>,
    /// Matters whose row changed, came or went.
    pub matters: BTreeSet<MatterId>,
    /// Photos whose delivery changed.
    pub photos: BTreeSet<PhotoHash>,
    /// Reference data changed.
    pub reference: bool,
    /// The outbox or what needs attention changed.
    pub outbox: bool,
    /// Drafts changed.
    pub drafts: bool,
}

/// The file of the database in the store's folder.
pub(crate) const DATABASE: &str = "sanben.db";
/// The file that holds the wrapped key of an encrypted store, in the same folder. The store never reads it.
pub const VAULT: &str = "vault";
/// Where the database keeps the marker of its folder.
const INSTALLATION: &str = "installation";
/// Readers kept open beside the writer.
const READERS: usize = 4;

/// The store of one replica. Shared between threads by reference; no lock is held while calling out.
#[derive(Debug)]
pub struct Store {
    files: PhotoFiles,
    options: Options,
    restored: bool,
    /// Taken before the others where several are.
    writer: Mutex<WriterSeat>,
    /// The read model has the form of this program and holds every document.
    projected: AtomicBool,
    /// Reference data as of the last commit; written only while the writer's seat is held.
    reference: Mutex<Option<Arc<Reference>>>,
    remembered: Mutex<Remembered>,
    readers: Mutex<Readers>,
    returned: Condvar,
}

#[derive(Debug)]
struct WriterSeat {
    actors: Actors,
    hot: Hot,
    /// `None` while suspended.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    _installation: Installation,
}

#[derive(Debug, Default)]
struct Readers {
    open: bool,
    idle: Vec<Connection>,
    lent: usize,
}

impl Store {
    /// Opens the store in a folder, which is made when it is not there. `random` is asked once.
    ///
    /// The time does not grow with the data. A projection of another form is made again in batches by the
    /// first call that needs it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another program holds it, [`StoreError::Newer`], [`StoreError::Corrupt`],
    /// [`StoreError::Full`], [`StoreError::Io`].
    pub fn open(dir: &Path, options: Options, random: &mut dyn FnMut(&mut [u8])) -> Result<Self, StoreError> {
        if dir.join(VAULT).exists() || encrypt::decided(dir) {
            return Err(StoreError::Locked);
        }
        if encrypt::is_sealed(dir)? {
            return Err(StoreError::KeyLost);
        }
        Self::open_files(PhotoFiles { dir: dir.to_owned(), key: None }, options, random)
    }

    /// Opens the encrypted store in a folder, or makes one: nothing of it lies on the disk as it is, neither rows nor
    /// photos.
    ///
    /// # Errors
    /// As [`Store::open`]; [`StoreError::Corrupt`] too when the key is that of another store, and
    /// [`StoreError::NotEncrypting`] in a build without it.
    pub fn open_encrypted(
        dir: &Path,
        key: StoreKey,
        options: Options,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, StoreError> {
        if !Self::ENCRYPTS {
            return Err(StoreError::NotEncrypting);
        }
        Self::open_files(PhotoFiles { dir: dir.to_owned(), key: Some(key) }, options, random)
    }

    /// Whether this build keeps encrypted stores.
    pub const ENCRYPTS: bool = cfg!(feature = "encrypted");

    fn open_files(
        files: PhotoFiles,
        options: Options,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, StoreError> {
        make_folder(&files.dir)?;
        let mut actors = Actors::new(random);
        let Opened { open, restored, projected } = open(&files, options, &mut actors)?;
        let seat = WriterSeat { actors, hot: Hot::default(), open: Some(open) };
        Ok(Self {
            files,
            options,
            restored,
            writer: Mutex::new(seat),
            projected: AtomicBool::new(projected),
            reference: Mutex::new(None),
            remembered: Mutex::default(),
            readers: Mutex::new(Readers { open: true, ..Readers::default() }),
            returned: Condvar::new(),
        })
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.files.dir
    }

    pub(crate) fn files(&self) -> &PhotoFiles {
        &self.files
    }

    /// Whether the folder was found to be a restored or copied one when it was opened: its outbox may have
    /// been sent by the original.
    #[must_use]
    pub fn restored(&self) -> bool {
        self.restored
    }

    pub(crate) fn durable(&self) -> bool {
        self.options.durable
    }

    /// Waits for calls under way, checkpoints, closes every connection and lets go of the folder's lock
    /// (iOS kills an app that holds one while suspended). The next call opens again.
    ///
    /// # Errors
    /// [`StoreError`] when the checkpoint failed; the store is closed nevertheless.
    pub fn suspend(&self) -> Result<(), StoreError> {
        let mut seat = lock(&self.writer);
        let mut readers = lock(&self.readers);
        readers.open = false;
        while readers.lent > 0 {
            readers = self.returned.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
        readers.idle.clear();
        drop(readers);
        let Some(open) = seat.open.take() else { return Ok(()) };
        // Without room for it, it is done another time.
        if gone::remnants(&open.connection)? {
            let _ = gone::scrub(&open.connection);
        }
        seat.hot = Hot::default();
        *lock(&self.reference) = None;
        self.remembered().forget();
        let checkpoint =
            open.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        open.connection.close().map_err(|(_, error)| error)?;
        if checkpoint? == 0 { Ok(()) } else { Err(StoreError::Busy) }
    }

    /// Runs one transaction. Nothing of it is kept when `work` or the commit fails.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut seat = self.awake()?;
        self.project_all(&mut seat)?;
        self.transact(&mut seat, work)
    }

    /// Asks a question on a reader connection, beside whatever is being written. All of `work` sees the
    /// same commit.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let loan = self.lend()?;
        let snapshot = loan.connection()?.unchecked_transaction()?;
        work(&snapshot)
    }

    /// Reference data as of the last commit; loaded by the first who asks.
    pub(crate) fn reference_now(&self) -> Result<Arc<Reference>, StoreError> {
        if let Some(reference) = &*lock(&self.reference) {
            return Ok(Arc::clone(reference));
        }
        self.write(|writing| writing.reference())
    }

    /// Small values that were read before.
    pub(crate) fn remembered(&self) -> MutexGuard<'_, Remembered> {
        lock(&self.remembered)
    }

    /// A copy of a loaded document.
    pub(crate) fn hot(&self, id: CaseId) -> Option<sanben_document::Document> {
        lock(&self.writer).hot.copy(id)
    }

    /// Writes the file anew without the room of what was removed, if that is more than a quarter of it.
    pub(crate) fn vacuum(&self) -> Result<bool, StoreError> {
        let seat = self.awake()?;
        let Some(open) = &seat.open else { return Err(StoreError::Busy) };
        let pages = |name| open.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        if pages("freelist_count")? * 4 < pages("page_count")? {
            return Ok(false);
        }
        open.connection.execute_batch("VACUUM")?;
        open.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(true)
    }

    fn awake(&self) -> Result<MutexGuard<'_, WriterSeat>, StoreError> {
        let mut seat = lock(&self.writer);
        if seat.open.is_none() {
            seat.actors.rotate();
            let opened = open(&self.files, self.options, &mut seat.actors)?;
            seat.open = Some(opened.open);
            self.remembered().forget();
            self.projected.store(opened.projected, Ordering::Release);
            lock(&self.readers).open = true;
        }
        Ok(seat)
    }

    fn lend(&self) -> Result<Loan<'_>, StoreError> {
        loop {
            let mut readers = lock(&self.readers);
            if readers.open {
                // Counted before it is opened: a suspension waits for it.
                readers.lent += 1;
                let idle = readers.idle.pop();
                drop(readers);
                let mut loan = Loan { store: self, connection: idle };
                if loan.connection.is_none() {
                    loan.connection =
                        Some(connection::reader(&self.dir().join(DATABASE), self.files.key.as_ref())?);
                }
                return Ok(loan);
            }
            drop(readers);
            drop(self.awake()?);
        }
    }

    /// Works on the connection that writes, outside of a transaction.
    pub(crate) fn alone<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let seat = self.awake()?;
        work(&seat.open.as_ref().ok_or(StoreError::Busy)?.connection)
    }

    /// Makes the read model again if it has another form; called by what reads it.
    pub(crate) fn projected(&self) -> Result<(), StoreError> {
        if self.projected.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut seat = self.awake()?;
        self.project_all(&mut seat)
    }

    fn project_all(&self, seat: &mut WriterSeat) -> Result<(), StoreError> {
        while !self.projected.load(Ordering::Acquire) {
            // A batch per transaction: a kill in between loses one batch of work.
            let more = self.transact(seat, project::continue_rebuild)?;
            self.projected.store(!more, Ordering::Release);
        }
        Ok(())
    }

    fn transact<T>(
        &self,
        seat: &mut WriterSeat,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let WriterSeat { actors, hot, open } = seat;
        let open = open.as_mut().ok_or(StoreError::Busy)?;
        let known = lock(&self.reference).clone();
        let mut writing = Writing::begin(&mut open.connection, hot, actors, known)?;
        let result = work(&mut writing)?;
        *lock(&self.reference) = writing.commit()?;
        Ok(result)
    }
}

/// A reader connection on loan; it comes back whatever happens.
struct Loan<'a> {
    store: &'a Store,
    connection: Option<Connection>,
}

impl Loan<'_> {
    fn connection(&self) -> Result<&Connection, StoreError> {
        self.connection.as_ref().ok_or(StoreError::Busy)
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut readers = lock(&self.store.readers);
        readers.lent -= 1;
        if readers.open && readers.idle.len() < READERS {
            readers.idle.extend(self.connection.take());
        }
        // Closed before anybody who waits for it goes on.
        drop(self.connection.take());
        self.store.returned.notify_all();
    }
}

/// A poisoned lock means that a caller's thread panicked; a transaction under way was rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the folder when it is not there, for its owner alone: names, places and photos are in it. One that
/// is there keeps the permissions somebody gave it.
fn make_folder(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

struct Opened {
    open: Open,
    restored: bool,
    projected: bool,
}

fn open(files: &PhotoFiles, options: Options, actors: &mut Actors) -> Result<Opened, StoreError> {
    let dir = files.dir.as_path();
    let mut installation = Installation::lock(dir)?;
    encrypt::settle_held(dir)?;
    let path = dir.join(DATABASE);
    let empty = std::fs::metadata(&path).map_or(true, |file| file.len() == 0);
    if empty && !installation.marker.is_empty() {
        return Err(StoreError::Corrupt("the database file is missing or empty".to_owned()));
    }
    let mut connection = connection::writer(&path, options, files.key.as_ref())?;
    migrate::migrate(&mut connection)?;
    let projected = project::prepare(&mut connection)?;
    let known = identity::get(&connection, INSTALLATION)?;
    let restored = known.as_ref().is_some_and(|known| known != installation.marker.as_bytes());
    if restored || known.is_none() {
        let marker = actors.marker();
        identity::set(&connection, INSTALLATION, Some(marker.as_bytes()))?;
        installation.mark(&marker)?;
    }
    Ok(Opened { open: Open { connection, _installation: installation }, restored, projected })
}
