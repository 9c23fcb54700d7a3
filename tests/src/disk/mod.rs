//! A disk in memory under SQLite: what was written but not synced is lost, torn or kept when the power goes,
//! and chosen operations fail.
//!
//! [`Disk::mount`] puts everything that SQLite opens below a folder onto such a disk (module `vfs`); stores and
//! server open their databases by path as ever and know nothing of it. A database has a plain file of one
//! byte in the real folder to stand for it, because both look whether it is there. What they write without
//! SQLite (photos, keys, the folder's marker) lies on the real disk and suffers nothing here.

mod file;
mod vfs;

use crate::world::Dice;
use file::{Files, Image};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What goes wrong, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A write finds no room.
    Full,
    /// A write fails.
    Write,
    /// A sync fails.
    Sync,
    /// A read fails.
    Read,
    /// The process dies in the middle of a write or sync; nothing reaches the disk afterwards.
    Death,
}

/// How a device or a server goes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The process dies; the system writes out what it was given.
    Process,
    /// The power goes: what was not synced may be lost, torn or kept, each write by itself.
    Power,
}

/// One disk, shared by all handles on it.
#[derive(Debug, Clone)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    root: PathBuf,
    files: Files,
    dice: Dice,
    /// Nothing goes through any more: the process is dead.
    dead: bool,
    armed: Option<Armed>,
    /// So many look at it without meeting or counting towards what is armed.
    aside: usize,
    /// Troubles that happened since somebody asked.
    troubles: usize,
    /// Syncs do nothing: a disk that lies. Only planted bugs ask for it.
    lying: bool,
}

#[derive(Debug, Clone, Copy)]
struct Armed {
    what: Trouble,
    /// Operations of its kind that still go well.
    after: usize,
}

/// What SQLite is told instead of the result it wanted.
type Refusal = std::ffi::c_int;

/// A copy of the databases of a disk, as a backup takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup(Image);

impl Disk {
    /// Puts what SQLite opens below this folder onto a disk of its own, until the last handle is gone.
    ///
    /// # Panics
    /// When SQLite does not take the VFS.
    #[must_use]
    pub fn mount(root: &Path, dice: Dice) -> Self {
        let files = Files::default();
        let state = State {
            root: root.to_owned(),
            files,
            dice,
            dead: false,
            armed: None,
            aside: 0,
            troubles: 0,
            lying: false,
        };
        let disk = Self(Arc::new(Mutex::new(state)));
        vfs::mount(root, &disk);
        disk
    }

    /// Lets something go wrong after so many operations of its kind.
    pub fn arm(&self, what: Trouble, after: usize) {
        self.state().armed = Some(Armed { what, after });
    }

    /// Nothing goes wrong from here on.
    pub fn calm(&self) {
        self.state().armed = None;
    }

    /// Whether anything went wrong since this was last asked.
    #[must_use]
    pub fn troubled(&self) -> bool {
        std::mem::take(&mut self.state().troubles) > 0
    }

    /// Whether the process that used it died in the middle of something.
    #[must_use]
    pub fn dead(&self) -> bool {
        self.state().dead
    }

    /// From here on nothing that is asked reaches the disk.
    pub fn die(&self) {
        self.state().dead = true;
    }

    /// What the next process finds. All handles must be closed.
    ///
    /// # Panics
    /// When a handle is open.
    pub fn revive(&self, cut: Cut) {
        let mut state = self.state();
        let State { files, dice, .. } = &mut *state;
        assert!(files.all_closed(), "a dead process holds no file");
        if cut == Cut::Power {
            files.lose_power(dice);
        }
        state.dead = false;
        state.armed = None;
        state.troubles = 0;
        state.show();
    }

    /// Until this is dropped, nothing that is armed happens: the harness looks for itself.
    #[must_use]
    pub fn aside(&self) -> Aside {
        self.state().aside += 1;
        Aside(self.clone())
    }

    /// Syncs do nothing from here on: a disk that lies, for planted bugs.
    pub fn lie(&self) {
        self.state().lying = true;
    }

    /// The databases as they are. All handles must be closed.
    #[must_use]
    pub fn back_up(&self) -> Backup {
        Backup(self.state().files.image())
    }

    /// Puts a backup in the place of what is there. All handles must be closed.
    pub fn restore(&self, backup: &Backup) {
        let mut state = self.state();
        state.files.put_image(&backup.0);
        state.show();
    }

    /// Whether these bytes are in any file, in a gap of a page too.
    #[must_use]
    pub fn holds(&self, bytes: &[u8]) -> bool {
        self.state().files.contain(bytes)
    }

    /// Bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.state().files.bytes()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Disk::aside`].
#[derive(Debug)]
pub struct Aside(Disk);

impl Drop for Aside {
    fn drop(&mut self) {
        self.0.state().aside -= 1;
    }
}

/// The kinds of operations that troubles choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
    Sync,
}

impl State {
    /// Asks whether an operation may go through.
    fn admit(&mut self, kind: Kind) -> Result<(), Refusal> {
        use rusqlite::ffi;
        let refusal = match kind {
            Kind::Read => ffi::SQLITE_IOERR_READ,
            Kind::Write => ffi::SQLITE_IOERR_WRITE,
            Kind::Sync => ffi::SQLITE_IOERR_FSYNC,
        };
        if self.dead {
            return Err(refusal);
        }
        let Some(armed) = self.armed.as_mut().filter(|_| self.aside == 0) else { return Ok(()) };
        let meant = match armed.what {
            Trouble::Full | Trouble::Write => kind == Kind::Write,
            Trouble::Sync => kind == Kind::Sync,
            Trouble::Read => kind == Kind::Read,
            Trouble::Death => kind != Kind::Read,
        };
        if !meant {
            return Ok(());
        }
        if armed.after > 0 {
            armed.after -= 1;
            return Ok(());
        }
        self.troubles += 1;
        let what = armed.what;
        self.armed = None;
        match what {
            Trouble::Full => Err(ffi::SQLITE_FULL),
            Trouble::Death => {
                self.dead = true;
                Err(refusal)
            }
            Trouble::Read | Trouble::Write | Trouble::Sync => Err(refusal),
        }
    }

    /// Lets the plain files that stand for databases be what the disk says.
    fn show(&self) {
        for path in self.files.seen() {
            let sign = self.root.join(&path);
            if self.files.holds(&path) {
                if !sign.exists() {
                    std::fs::create_dir_all(sign.parent().expect("a file is in a folder"))
                        .expect("the folder of a store can be made");
                    std::fs::write(&sign, b"*").expect("the folder of a store can be written");
                }
            } else if sign.exists() {
                std::fs::remove_file(&sign).expect("the folder of a store can be written");
            }
        }
    }
}
