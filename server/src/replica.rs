//! The server's own replica: the same read model that devices have, filled from the log. It answers what the
//! desk asks about cases, ledgers and sheets. It is disposable: nothing is judged by it, and what is wrong
//! with it is thrown away and read from the log again.

use crate::log::LogError;
use crate::tenant::{Server, ServerError, make_folder};
use sanben_document::decode;
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_store::{Options, Store, StoreError};
use sanben_sync::device::Arrived;
use sanben_sync::note::{Note, Noted};
use sanben_sync::wire::EntryBody;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

/// The log is read in pages of about this many bytes.
const PAGE_BYTES: usize = 1024 * 1024;
/// Where the replica keeps which life of the log it was read from.
const LIFE: &str = "log-life";

/// Begins the names of replicas beside the served one; a process's number follows.
const ASIDE: &str = "replica-";

/// A replica of one process's own, removed when nobody asks any more.
pub(crate) struct Aside {
    store: Arc<Store>,
    dir: PathBuf,
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.dir) {
            tracing::warn!(%error, "remove the folders replica-*: they hold a copy of all records");
        }
    }
}

fn unusable(source: std::io::Error) -> ServerError {
    ServerError::Directory { what: "replica/", source }
}

impl Server {
    /// The replica, with everything that is in the log. From the first call on it follows what this server
    /// accepts.
    ///
    /// # Errors
    /// [`ServerError::Replica`], [`StoreError::Busy`] among them when another process holds it.
    pub fn replica(&self) -> Result<Arc<Store>, ServerError> {
        let mut held = self.replica.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match &*held {
            Some(store) => Arc::clone(store),
            None => Arc::new(self.open_replica(false)?),
        };
        let store = match self.catch_up(&store) {
            Err(ServerError::Replica(StoreError::Corrupt(_) | StoreError::Document(_)))
            | Ok(Reached::Further) => {
                *held = None;
                drop(store);
                let store = Arc::new(self.open_replica(true)?);
                self.catch_up(&store)?;
                store
            }
            Ok(Reached::Head) => store,
            Err(error) => return Err(error),
        };
        Ok(Arc::clone(held.insert(store)))
    }

    /// A replica for a question of the desk: while another process serves and holds the one in `replica/`, one of this
    /// process's own, read from the whole log and gone with it.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn replica_to_ask(&self) -> Result<Arc<Store>, ServerError> {
        match self.replica() {
            Err(ServerError::Replica(StoreError::Busy)) => {}
            answer => return answer,
        }
        let mut held = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
        let aside = match held.take() {
            Some(aside) => aside,
            None => {
                tracing::info!("the server holds its replica: one of our own is read from the log");
                let dir = self.dir.join(format!("{ASIDE}{}", std::process::id()));
                Aside { store: Arc::new(self.open_in(&dir)?), dir }
            }
        };
        match self.catch_up(&aside.store)? {
            Reached::Head => Ok(Arc::clone(&held.insert(aside).store)),
            // Another life of the log began meanwhile: the next question reads it from its beginning.
            Reached::Further => Err(ServerError::Replica(StoreError::Busy)),
        }
    }

    /// Removes what a process that was killed in the middle of a question left behind.
    pub(crate) fn clear_asides(&self) {
        for entry in std::fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(ASIDE)
                && let Err(error) = std::fs::remove_dir_all(entry.path())
            {
                tracing::warn!(%error, "remove the folders replica-*: they hold a copy of all records");
            }
        }
    }

    /// Lets the replica follow, if this process has it. Nobody's work waits for it or fails with it.
    pub(crate) fn follow(&self) {
        let open = self.replica.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if !open {
            return;
        }
        // What was accepted is durable by now: a panic here must not take the answer away.
        match catch_unwind(AssertUnwindSafe(|| self.replica().map(drop))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the replica did not follow; it catches up later"),
            Err(_) => tracing::error!("the replica panicked; it catches up later"),
        }
    }

    fn open_replica(&self, anew: bool) -> Result<Store, ServerError> {
        let dir = self.dir.join("replica");
        if !anew {
            match self.open_in(&dir) {
                Err(ServerError::Replica(StoreError::Corrupt(_) | StoreError::Newer { .. })) => {}
                opened => return opened,
            }
        }
        tracing::warn!("the replica is made again from the log");
        std::fs::remove_dir_all(&dir).map_err(unusable)?;
        self.open_in(&dir)
    }

    fn open_in(&self, dir: &Path) -> Result<Store, ServerError> {
        make_folder(dir).map_err(unusable)?;
        // What a power cut takes from it, the log gives back.
        let options = Options { durable: false };
        Ok(Store::open(dir, options, &mut |bytes| (self.random)(bytes))?)
    }

    fn catch_up(&self, store: &Store) -> Result<Reached, ServerError> {
        let (epoch, heads) = {
            let view = self.log.read()?;
            (view.life()?.epoch, view.heads()?)
        };
        // What only an earlier life of the log had must not stay.
        let life = epoch.to_string();
        match store.meta(LIFE)? {
            Some(read) if read != life.as_bytes() => return Ok(Reached::Further),
            Some(_) => {}
            None => store.set_meta(LIFE, Some(life.as_bytes()))?,
        }
        let mut scopes: Vec<_> = heads.into_iter().map(|(scope, head)| (scope, head.seq)).collect();
        // What changes are folded with comes first.
        scopes.sort_by_key(|(scope, _)| !matches!(scope.class, ScopeClass::Reference | ScopeClass::People));
        for (scope, head) in scopes {
            // Keyed by the life of the log: another one is read from its beginning.
            let key = format!("{epoch}/{scope}");
            let mut after = store.position(&key)?;
            if after > head {
                return Ok(Reached::Further);
            }
            while after < head {
                after = self.read_page(store, &scope, &key, after)?;
            }
        }
        Ok(Reached::Head)
    }

    fn read_page(&self, store: &Store, scope: &Scope, key: &str, after: u64) -> Result<u64, ServerError> {
        let page = self.log.read()?.entries(scope, after, PAGE_BYTES)?;
        let reached = page.last().map(|last| last.entry.seq);
        let reached = reached.ok_or_else(|| LogError::Damaged("an entry is missing".to_owned()))?;
        let (mut changes, mut notes, mut references) = (Vec::new(), Vec::new(), Vec::new());
        for entry in page.into_iter().map(|linked| linked.entry) {
            match entry.body {
                EntryBody::Change { document, hash, bytes, .. } => changes.push(Arrived {
                    scope: scope.clone(),
                    seq: entry.seq,
                    received: entry.received,
                    document,
                    hash,
                    bytes: Some(bytes.into_vec()),
                }),
                EntryBody::Reference { update } => {
                    references.push(decode(&update).ok_or(LogError::Newer)?);
                }
                EntryBody::Note { kind, body } => {
                    let note = Note::read(kind, &body).ok_or(LogError::Newer)?;
                    let (scope, seq, received) = (scope.clone(), entry.seq, entry.received);
                    notes.push(Noted { scope, seq, received, note });
                }
                // Of echoes the log itself holds none.
                EntryBody::Erased { .. } | EntryBody::Echo { .. } => {}
            }
        }
        store.follow_log(&changes, &notes, &references, (key, reached))?;
        Ok(reached)
    }
}

/// How far the replica is.
enum Reached {
    /// As far as the log.
    Head,
    /// Further, or in another life: the log was restored from an older backup.
    Further,
}
