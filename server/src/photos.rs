//! Photos: taken in by pieces, final only when their hash fits, given only to who may see what cites them.
//!
//! A hash is no permission. Whoever sends or fetches a photo holds a scope with an accepted document that
//! cites it. A piece is on the disk before its answer; a photo has its final name only when it is whole,
//! so that a file with that name is the proof.

use crate::call::{Call, Code, Fault};
use crate::log::{PhotoProgress, Snapshot};
use crate::tenant::{Server, ServerError};
use sanben_domain::id::PhotoHash;
use sanben_domain::rights::scopes_of;
use sanben_sync::frame::pack;
use sanben_sync::wire::{OFFSET_HEADER, PhotoStanding};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::PoisonError;

/// No photo is larger, bytes.
pub const MAX_PHOTO_BYTES: u64 = 40 * 1024 * 1024;
/// No piece of a photo is larger, bytes.
pub const MAX_PIECE_BYTES: usize = 1024 * 1024;

impl From<io::Error> for Fault {
    fn from(source: io::Error) -> Self {
        Self::Server(ServerError::Directory { what: "photos/", source })
    }
}

/// The files of one photo.
struct Files {
    folder: PathBuf,
    part: PathBuf,
    whole: PathBuf,
}

impl Files {
    fn part_len(&self) -> io::Result<u64> {
        match fs::metadata(&self.part) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Appends a piece, durably. What a lost answer left behind the offset goes.
    fn append(&self, offset: u64, piece: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&self.part)?;
        file.set_len(offset)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(piece)?;
        file.sync_all()
    }

    fn hash(&self) -> io::Result<PhotoHash> {
        let (mut file, mut hasher) = (File::open(&self.part)?, Sha256::new());
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut buffer)?;
            match buffer.get(..read) {
                Some(bytes) if read > 0 => hasher.update(bytes),
                _ => return Ok(PhotoHash(hasher.finalize().into())),
            }
        }
    }

    fn finish(&self) -> io::Result<()> {
        fs::rename(&self.part, &self.whole)?;
        File::open(&self.folder)?.sync_all()
    }
}

impl Server {
    fn files(&self, photo: PhotoHash) -> Files {
        let folder = self.dir.join("photos");
        let whole = folder.join(photo.to_string());
        Files { part: folder.join(format!("{photo}.part")), whole, folder }
    }

    pub(crate) fn photo(&self, call: &Call, method: &str, name: &str) -> Result<Vec<u8>, Fault> {
        let photo: PhotoHash = name.parse().map_err(|_| Code::Malformed)?;
        let sizes = {
            let view = self.log.read()?;
            self.cited_sizes(&*view, call, photo)?
        };
        match method {
            "GET" => self.read_photo(call, photo),
            "POST" => {
                let _one_at_a_time = self.photos.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(pack(&self.standing(photo)?))
            }
            "PUT" => {
                let _one_at_a_time = self.photos.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(pack(&self.append_piece(call, photo, &sizes)?))
            }
            _ => Err(Code::WrongMethod.into()),
        }
    }

    /// The sizes that documents in the caller's scopes cite the photo with.
    fn cited_sizes(
        &self,
        view: &dyn Snapshot,
        call: &Call,
        photo: PhotoHash,
    ) -> Result<BTreeSet<u64>, Fault> {
        let device = self.caller(view, call)?;
        let reference = self.reference_in(view)?;
        let person = reference.people.get(&device.person).ok_or(Code::UnknownPerson)?;
        let held = scopes_of(person, &reference, self.now());
        let mut sizes = BTreeSet::new();
        for citation in view.citations(photo)? {
            if view.scopes_of(citation.document)?.iter().any(|scope| held.contains(scope)) {
                sizes.insert(citation.bytes);
            }
        }
        if sizes.is_empty() { Err(Code::NotCited.into()) } else { Ok(sizes) }
    }

    fn standing(&self, photo: PhotoHash) -> Result<PhotoStanding, Fault> {
        let files = self.files(photo);
        let progress = self.log.read()?.photo(photo)?;
        if let Ok(whole) = fs::metadata(&files.whole) {
            // Its name is the proof, also when a crash came before the log heard of it.
            let received = match progress.received {
                Some(received) => received,
                None => {
                    let received = self.now();
                    self.keep_progress(photo, whole.len(), true)?;
                    received
                }
            };
            return Ok(PhotoStanding {
                hash: photo,
                offset: whole.len(),
                complete: true,
                received: Some(received),
            });
        }
        // A restored folder may hold less than the log knows of: no receipt without the bytes.
        let offset = if progress.received.is_none() { progress.offset.min(files.part_len()?) } else { 0 };
        Ok(PhotoStanding { hash: photo, offset, complete: false, received: None })
    }

    fn append_piece(
        &self,
        call: &Call,
        photo: PhotoHash,
        sizes: &BTreeSet<u64>,
    ) -> Result<PhotoStanding, Fault> {
        let offset: u64 =
            call.header(OFFSET_HEADER).and_then(|text| text.parse().ok()).ok_or(Code::Malformed)?;
        if call.body.len() > MAX_PIECE_BYTES {
            return Err(Code::TooLarge.into());
        }
        let standing = self.standing(photo)?;
        if standing.complete || standing.offset != offset {
            // A piece that came twice or too early: the answer says where to go on.
            return Ok(standing);
        }
        let end = offset.saturating_add(u64::try_from(call.body.len()).unwrap_or(u64::MAX));
        // A citation that claims more than is ever taken must not stand in the way of the others.
        let largest = sizes.range(..=MAX_PHOTO_BYTES).next_back().copied().unwrap_or(0);
        if end > largest {
            return Err(Code::TooLarge.into());
        }
        let files = self.files(photo);
        files.append(offset, &call.body)?;
        if sizes.contains(&end) && files.hash()? == photo {
            files.finish()?;
            self.keep_progress(photo, end, true)?;
        } else if end == largest {
            fs::remove_file(&files.part)?;
            self.keep_progress(photo, 0, false)?;
            return Err(Code::WrongBytes.into());
        } else {
            self.keep_progress(photo, end, false)?;
        }
        self.standing(photo)
    }

    fn keep_progress(&self, photo: PhotoHash, offset: u64, whole: bool) -> Result<(), Fault> {
        let mut tx = self.log.begin()?;
        tx.set_photo(photo, PhotoProgress { offset, received: whole.then(|| self.now()) })?;
        Ok(tx.commit()?)
    }

    /// The photo, or its rest from an offset on.
    fn read_photo(&self, call: &Call, photo: PhotoHash) -> Result<Vec<u8>, Fault> {
        let offset: u64 = match call.header(OFFSET_HEADER) {
            Some(text) => text.parse().map_err(|_| Code::Malformed)?,
            None => 0,
        };
        let mut file = match File::open(self.files(photo).whole) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(Code::NotFound.into()),
            Err(error) => return Err(error.into()),
        };
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(MAX_PHOTO_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
