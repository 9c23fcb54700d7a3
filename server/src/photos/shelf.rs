//! The files of one photo below `photos/`.
//!
//! - `<hash>`: the original. It has this name only when it is whole and its hash fits, so that a file with the
//!   name is the proof.
//! - `arriving/<hash>-<device>/<offset>`: what one device has sent so far. The name says how much of the file
//!   is certain, what lies behind it was never answered. Each device has its own: what another has sent
//!   neither spoils it nor counts as shown.
//! - `thumbnails/<hash>-<document>`: came ahead of the original. `thumbnails/<hash>`: made from it here.
//! - `renditions/<hash>`: the original without metadata, made when first asked for.
//! - `lock`: held by whoever works on photos; several processes may share the folder.

use crate::tenant::{Random, make_folder};
use sanben_domain::id::{DeviceId, DocumentId, PhotoHash};
use sanben_photo::{MAX_BYTES, RenditionError, intake, rendition};
use sanben_sync::photo::{Challenge, MAX_PIECE_BYTES, Proof, Prover};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Files are read in pieces of this size, bytes.
const STEP: usize = 64 * 1024;

pub(super) struct Shelf {
    photo: PhotoHash,
    folder: PathBuf,
    whole: PathBuf,
    thumbnail: PathBuf,
    rendition: PathBuf,
}

/// Whether what arrived is the photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finished {
    Whole,
    NotYet,
}

/// What arrived of a photo and was not gone on with for so long is given up: its device begins it again.
const ABANDONED: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// A picture is made in seconds.
const BESIDE: Duration = Duration::from_secs(60 * 60);

/// Keeps all others from the shelf, in whatever process, until the file is closed. What arrived is opened only by whoever
/// holds it: nobody still has a handle on what is verified and gets its name.
pub(super) fn alone(folder: &Path) -> io::Result<File> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
    loop {
        match lock.lock() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            held => return held.map(|()| lock),
        }
    }
}

/// Throws away what a process that died left beside the pictures it made. Looked for when a server begins to serve: there are as
/// many names as photos.
pub(crate) fn sweep_beside(folder: &Path) -> io::Result<()> {
    for made in ["thumbnails", "renditions"] {
        for file in or_none(fs::read_dir(folder.join(made)))?.into_iter().flatten() {
            let path = file?.path();
            // Only what is being written has an ending. Another process may be at it just now.
            let written =
                path.extension().and_then(|_| path.metadata().ok()).and_then(|found| found.modified().ok());
            if written.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > BESIDE) {
                or_none(fs::remove_file(&path))?;
            }
        }
    }
    Ok(())
}

/// Throws away what nobody went on with.
pub(crate) fn sweep(folder: &Path) -> io::Result<()> {
    let Some(begun) = or_none(fs::read_dir(folder.join("arriving")))? else { return Ok(()) };
    for one in begun {
        let one = one?;
        // Each piece renames its file, and so touches the folder.
        let touched = or_none(one.metadata())?.and_then(|found| found.modified().ok());
        if touched.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > ABANDONED) {
            or_none(fs::remove_dir_all(one.path()))?;
        }
    }
    Ok(())
}

impl Shelf {
    /// How much a device has begun of other photos and not finished, bytes.
    pub(super) fn unfinished_beside(&self, device: DeviceId) -> io::Result<u64> {
        let Some(begun) = or_none(fs::read_dir(self.folder.join("arriving")))? else { return Ok(0) };
        let (own, mine) = (self.arriving(device), format!("-{device}"));
        let mut bytes = 0_u64;
        for one in begun {
            let path = one?.path();
            let of_device =
                path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(&mine));
            if !of_device || path == own {
                continue;
            }
            for piece in or_none(fs::read_dir(&path))?.into_iter().flatten() {
                bytes = bytes.saturating_add(or_none(piece?.metadata())?.map_or(0, |found| found.len()));
            }
        }
        Ok(bytes)
    }

    pub(super) fn of(folder: &Path, photo: PhotoHash) -> Self {
        let name = photo.to_string();
        Self {
            photo,
            folder: folder.to_owned(),
            whole: folder.join(&name),
            thumbnail: folder.join("thumbnails").join(&name),
            rendition: folder.join("renditions").join(&name),
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.whole.is_file()
    }

    pub(super) fn len(&self) -> io::Result<u64> {
        Ok(fs::metadata(&self.whole)?.len())
    }

    fn arriving(&self, device: DeviceId) -> PathBuf {
        self.folder.join("arriving").join(format!("{}-{device}", self.photo))
    }

    /// How much of what a device has sent is certain, bytes.
    pub(super) fn arrived(&self, device: DeviceId) -> io::Result<u64> {
        let files = match fs::read_dir(self.arriving(device)) {
            Ok(files) => files,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        let mut certain = 0;
        for file in files {
            let file = file?;
            let offset: Option<u64> = file.file_name().to_str().and_then(|name| name.parse().ok());
            // A power cut may have kept a name and lost the bytes; that one begins again.
            let length = file.metadata()?.len();
            certain = certain.max(offset.filter(|offset| *offset <= length).unwrap_or(0));
        }
        Ok(certain)
    }

    /// Appends a piece, durably, behind what is certain.
    pub(super) fn append(&self, device: DeviceId, offset: u64, piece: &[u8]) -> io::Result<()> {
        let folder = self.arriving(device);
        make_folder(&folder)?;
        let before = folder.join(offset.to_string());
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&before)?;
        file.set_len(offset)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(piece)?;
        file.sync_all()?;
        fs::rename(&before, folder.join((offset + piece.len() as u64).to_string()))
    }

    /// Whether what arrived is the photo.
    pub(super) fn finished(&self, device: DeviceId, end: u64) -> io::Result<Finished> {
        let mut hasher = Sha256::new();
        each_step(&self.arriving(device).join(end.to_string()), |bytes| hasher.update(bytes))?;
        let whole = PhotoHash(hasher.finalize().into()) == self.photo;
        Ok(if whole { Finished::Whole } else { Finished::NotYet })
    }

    /// Gives what arrived and is the photo its name, durably: a name that may not be on the disk is no proof.
    pub(super) fn name(&self, device: DeviceId, end: u64) -> io::Result<()> {
        let arrived = self.arriving(device).join(end.to_string());
        fs::rename(&arrived, &self.whole)?;
        self.sync_names().inspect_err(|_| drop(fs::rename(&self.whole, &arrived)))
    }

    fn sync_names(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// Throws away what a device has sent.
    pub(super) fn discard(&self, device: DeviceId) -> io::Result<()> {
        match fs::remove_dir_all(self.arriving(device)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes every file of the photo, for good: itself first, then what was made of it, what was arriving. Whoever makes
    /// something of it looks afterwards whether it is still there.
    pub(super) fn drop_all(&self) -> io::Result<()> {
        let name = self.photo.to_string();
        for folder in ["", "thumbnails", "renditions", "arriving"] {
            let folder = self.folder.join(folder);
            let Some(files) = or_none(fs::read_dir(&folder))? else { continue };
            let mut removed = false;
            for file in files {
                let file = file?;
                if !file.file_name().to_str().is_some_and(|file| file.starts_with(&name)) {
                    continue;
                }
                if file.file_type()?.is_dir() {
                    fs::remove_dir_all(file.path())?;
                } else {
                    fs::remove_file(file.path())?;
                }
                removed = true;
            }
            if removed {
                File::open(&folder)?.sync_all()?;
            }
        }
        Ok(())
    }

    /// What the proof of somebody who has the bytes must be. A receipt may follow, and whoever gave the photo its name
    /// may have died before the name was on the disk.
    pub(super) fn prove(&self, challenge: &Challenge) -> io::Result<Proof> {
        self.sync_names()?;
        let mut prover = Prover::new(challenge);
        each_step(&self.whole, |bytes| prover.update(bytes))?;
        Ok(prover.finish())
    }

    /// A piece of the original.
    pub(super) fn piece(&self, offset: u64) -> io::Result<Vec<u8>> {
        piece_of(&self.whole, offset)
    }

    /// Makes the rendition, if it is not there. A photo that cannot be read as one has none.
    pub(super) fn make_rendition(&self, random: &Random) -> io::Result<()> {
        if self.rendition.is_file() {
            return Ok(());
        }
        make_folder(&self.folder.join("renditions"))?;
        let aside = aside(&self.rendition, random);
        let file = File::create(&aside)?;
        let made = rendition(
            BufReader::with_capacity(STEP, File::open(&self.whole)?),
            BufWriter::with_capacity(STEP, &file),
        );
        let kept = match made {
            Ok(()) => file.sync_all().and_then(|()| fs::rename(&aside, &self.rendition)),
            Err(RenditionError::Photo(_)) => Ok(()),
            Err(RenditionError::Io(error)) => Err(error),
        };
        match fs::remove_file(&aside) {
            Err(error) if error.kind() != ErrorKind::NotFound => kept.and(Err(error)),
            _ => kept.and(self.unless_gone(&self.rendition)),
        }
    }

    /// Another process may have erased the photo while something was made of it.
    fn unless_gone(&self, made: &Path) -> io::Result<()> {
        if !self.is_whole() {
            or_none(fs::remove_file(made))?;
        }
        Ok(())
    }

    /// A piece of the rendition; `None` when the photo has none.
    pub(super) fn piece_of_rendition(&self, offset: u64) -> io::Result<Option<Vec<u8>>> {
        or_none(piece_of(&self.rendition, offset))
    }

    /// The thumbnail made from the original, which is whole; `None` when the photo cannot be read as one.
    pub(super) fn own_thumbnail(&self, random: &Random) -> io::Result<Option<Vec<u8>>> {
        if let Some(made) = or_none(fs::read(&self.thumbnail))? {
            return Ok(Some(made).filter(|made| !made.is_empty()));
        }
        let length = usize::try_from(self.len()?).unwrap_or(usize::MAX);
        let mut bytes = Vec::with_capacity(length.min(MAX_BYTES));
        File::open(&self.whole)?.read_to_end(&mut bytes)?;
        // An empty file says that there is none: it is not tried again at each asking.
        let made = intake(&bytes).ok().and_then(|found| found.thumbnail).unwrap_or_default();
        make_folder(&self.folder.join("thumbnails"))?;
        write_aside(&self.thumbnail, &made, random)?;
        self.unless_gone(&self.thumbnail)?;
        Ok(Some(made).filter(|made| !made.is_empty()))
    }

    fn thumbnail_for(&self, document: DocumentId) -> PathBuf {
        self.folder.join("thumbnails").join(format!("{}-{document}", self.photo))
    }

    /// The thumbnail that came ahead, for a document.
    pub(super) fn thumbnail(&self, document: DocumentId) -> io::Result<Option<Vec<u8>>> {
        or_none(fs::read(self.thumbnail_for(document)))
    }

    pub(super) fn put_thumbnail(
        &self,
        document: DocumentId,
        bytes: &[u8],
        random: &Random,
    ) -> io::Result<()> {
        make_folder(&self.folder.join("thumbnails"))?;
        let path = self.thumbnail_for(document);
        write_aside(&path, bytes, random)
    }

    pub(super) fn drop_thumbnail(&self, document: DocumentId) -> io::Result<()> {
        or_none(fs::remove_file(self.thumbnail_for(document))).map(drop)
    }
}

fn aside(path: &Path, random: &Random) -> PathBuf {
    let mut name = [0; 8];
    random(&mut name);
    path.with_extension(format!("{:016x}", u64::from_be_bytes(name)))
}

/// Nobody ever sees half of it, and on a full disk half of it takes no room.
fn write_aside(path: &Path, bytes: &[u8], random: &Random) -> io::Result<()> {
    let aside = aside(path, random);
    let written = File::create(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&aside, path)
    });
    written.inspect_err(|_| drop(fs::remove_file(&aside)))
}

fn or_none<T>(read: io::Result<T>) -> io::Result<Option<T>> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn piece_of(path: &Path, offset: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    // Behind the end there is nothing; no file system can even point to everywhere there.
    file.seek(SeekFrom::Start(offset.min(file.metadata()?.len())))?;
    let mut bytes = Vec::new();
    file.take(MAX_PIECE_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn each_step(path: &Path, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let (mut file, mut buffer) = (File::open(path)?, vec![0; STEP]);
    loop {
        let read = file.read(&mut buffer)?;
        match buffer.get(..read) {
            Some(bytes) if read > 0 => take(bytes),
            _ => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two processes have the folder, and a device's last piece came to both: what the second one does with its piece,
    /// which need not be the same bytes, must not touch what the first has verified.
    #[test]
    fn what_was_verified_is_what_gets_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let (begin, end, other) = (vec![1; 5000], vec![2; 300], vec![3; 300]);
        let whole = [begin.clone(), end.clone()].concat();
        let photo = PhotoHash(Sha256::digest(&whole).into());
        let (one, another) = (Shelf::of(dir.path(), photo), Shelf::of(dir.path(), photo));
        let device = DeviceId::from_random([7; 16]);
        one.append(device, 0, &begin).unwrap();
        assert_eq!(another.arrived(device).unwrap(), 5000, "both say where to go on");
        let held = alone(dir.path()).unwrap();
        one.append(device, 5000, &end).unwrap();
        assert_eq!(one.finished(device, 5300).unwrap(), Finished::Whole);
        std::thread::scope(|threads| {
            let (came, comes) = std::sync::mpsc::channel();
            let folder = dir.path();
            threads.spawn(move || {
                let _held = alone(folder).unwrap();
                came.send(()).unwrap();
                // As the server does: whoever comes to the shelf looks first.
                if !another.is_whole() && another.arrived(device).unwrap() == 5000 {
                    another.append(device, 5000, &other).unwrap();
                }
            });
            let early = comes.recv_timeout(Duration::from_millis(300));
            assert!(early.is_err(), "the second one waits");
            one.name(device, 5300).unwrap();
            drop(held);
            comes.recv().unwrap();
        });
        assert!(fs::read(dir.path().join(photo.to_string())).unwrap() == whole);
    }
}
