//! Files that remember what of them is safe.

use crate::world::Dice;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A write reaches the disk in pieces of this size or not at all.
const SECTOR: usize = 512;

/// The databases of a disk: names and contents.
pub(super) type Image = BTreeMap<PathBuf, Vec<u8>>;

/// What was done to a file and is not safe yet.
#[derive(Debug)]
enum Step {
    Write { at: usize, bytes: Vec<u8> },
    Cut { len: usize },
}

impl Step {
    fn take(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => write(content, *at, bytes),
            Self::Cut { len } => content.truncate(*len),
        }
    }

    /// What a power cut leaves of it.
    fn torn(&self, content: &mut Vec<u8>, dice: &Dice) {
        match (self, dice.roll(5)) {
            (_, 0 | 1) => self.take(content),
            (Self::Write { at, bytes }, 2) => {
                let mut done = 0;
                while done < bytes.len() {
                    let end = bytes.len().min(done + SECTOR - (at + done) % SECTOR);
                    if dice.chance(50) {
                        write(content, at + done, &bytes[done..end]);
                    }
                    done = end;
                }
            }
            _ => {}
        }
    }
}

fn write(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[at..end].copy_from_slice(bytes);
}

/// The locks that connections take on a database, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

/// The file behind a name; it lives on while a handle is open.
#[derive(Debug, Default)]
pub(super) struct File {
    now: Vec<u8>,
    safe: Vec<u8>,
    steps: Vec<Step>,
    /// Its name is safe too.
    named: bool,
    pub(super) locks: BTreeMap<u64, Level>,
    pub(super) shared: super::vfs::SharedMemory,
    pub(super) handles: usize,
}

impl File {
    pub(super) fn read(&self, at: usize, into: &mut [u8]) -> bool {
        let held = self.now.get(at..).unwrap_or_default();
        let len = held.len().min(into.len());
        into[..len].copy_from_slice(&held[..len]);
        into[len..].fill(0);
        len == into.len()
    }

    pub(super) fn write(&mut self, at: usize, bytes: &[u8]) {
        write(&mut self.now, at, bytes);
        self.steps.push(Step::Write { at, bytes: bytes.to_vec() });
    }

    pub(super) fn cut(&mut self, len: usize) {
        self.now.truncate(len);
        self.steps.push(Step::Cut { len });
    }

    pub(super) fn len(&self) -> usize {
        self.now.len()
    }

    fn sync(&mut self) {
        for step in self.steps.drain(..) {
            step.take(&mut self.safe);
        }
    }

    fn lose_power(&mut self, dice: &Dice) {
        // Sometimes the system had just written everything out, or nothing at all.
        let luck = dice.roll(3);
        for step in self.steps.drain(..) {
            match luck {
                0 => {}
                1 => step.take(&mut self.safe),
                _ => step.torn(&mut self.safe, dice),
            }
        }
        self.now.clone_from(&self.safe);
        self.named = true;
    }
}

/// All files of a disk.
#[derive(Debug, Default)]
pub(super) struct Files {
    names: BTreeMap<PathBuf, u64>,
    files: BTreeMap<u64, File>,
    /// Removed, but the folder was not synced since: they may be there again.
    ghosts: Image,
    /// Databases that there ever were.
    seen: BTreeSet<PathBuf>,
    made: u64,
}

impl Files {
    pub(super) fn holds(&self, name: &Path) -> bool {
        self.names.contains_key(name)
    }

    pub(super) fn file(&mut self, number: u64) -> &mut File {
        self.files.get_mut(&number).expect("a handle's file")
    }

    /// A number never given before: for files and handles.
    pub(super) fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub(super) fn open(&mut self, name: &Path, create: bool) -> Option<u64> {
        let number = match self.names.get(name) {
            Some(number) => *number,
            None if create => {
                let number = self.number();
                self.names.insert(name.to_owned(), number);
                self.files.insert(number, File::default());
                number
            }
            None => return None,
        };
        self.file(number).handles += 1;
        Some(number)
    }

    pub(super) fn close(&mut self, number: u64, handle: u64) {
        let file = self.file(number);
        file.locks.remove(&handle);
        file.handles -= 1;
        if file.handles == 0 && !self.names.values().any(|named| *named == number) {
            self.files.remove(&number);
        }
    }

    pub(super) fn all_closed(&self) -> bool {
        self.files.values().all(|file| file.handles == 0)
    }

    pub(super) fn note_database(&mut self, name: &Path) {
        self.seen.insert(name.to_owned());
    }

    pub(super) fn seen(&self) -> impl Iterator<Item = PathBuf> {
        self.seen.iter().cloned().collect::<Vec<_>>().into_iter()
    }

    /// Content and, as SQLite syncs the folder with the first sync of a log, all names.
    pub(super) fn sync(&mut self, number: u64) {
        self.file(number).sync();
        for number in self.names.values() {
            self.files.get_mut(number).expect("a name has a file").named = true;
        }
        self.ghosts.clear();
    }

    pub(super) fn remove(&mut self, name: &Path, safely: bool) -> bool {
        let Some(number) = self.names.remove(name) else { return false };
        let file = self.file(number);
        let ghost = (file.named && !safely).then(|| file.safe.clone());
        if file.handles == 0 {
            self.files.remove(&number);
        }
        if safely {
            self.ghosts.clear();
        }
        self.ghosts.extend(ghost.map(|content| (name.to_owned(), content)));
        true
    }

    pub(super) fn lose_power(&mut self, dice: &Dice) {
        let ghosts = std::mem::take(&mut self.ghosts);
        let names: Vec<_> = self.names.iter().map(|(name, number)| (name.clone(), *number)).collect();
        for (name, number) in names {
            let file = self.file(number);
            if file.named || dice.chance(50) {
                file.lose_power(dice);
            } else {
                self.names.remove(&name);
                self.files.remove(&number);
            }
        }
        for (name, content) in ghosts {
            if !self.holds(&name) && dice.chance(50) {
                self.put(name, content);
            }
        }
    }

    fn put(&mut self, name: PathBuf, content: Vec<u8>) {
        let number = self.number();
        let file = File { safe: content.clone(), now: content, named: true, ..File::default() };
        self.names.insert(name, number);
        self.files.insert(number, file);
    }

    pub(super) fn image(&self) -> Image {
        self.names.iter().map(|(name, number)| (name.clone(), self.files[number].now.clone())).collect()
    }

    pub(super) fn put_image(&mut self, image: &Image) {
        self.names.clear();
        self.files.clear();
        self.ghosts.clear();
        for (name, content) in image {
            if name.extension().is_some_and(|kind| kind == "db") {
                self.note_database(name);
            }
            self.put(name.clone(), content.clone());
        }
    }

    pub(super) fn contain(&self, bytes: &[u8]) -> bool {
        let mut files = self.names.values().map(|number| &self.files[number].now);
        files.any(|content| content.windows(bytes.len()).any(|window| window == bytes))
    }

    pub(super) fn bytes(&self) -> usize {
        self.files.values().map(File::len).sum()
    }
}
