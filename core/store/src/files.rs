//! The files beside the database: photos, what can be fetched again of them, and what is being fetched. In an
//! encrypted store each is sealed and lies under a name that says nothing; otherwise they are as they came.

use crate::album::{ORIGINAL_FETCHED, RENDITION, RENDITION_FETCHED};
use crate::error::StoreError;
use crate::key::StoreKey;
use crate::seal;
use sanben_domain::id::PhotoHash;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What an original is called where its key is derived.
const ORIGINAL: &str = "original";

/// The folder of the photos and how they lie in it.
#[derive(Debug)]
pub(crate) struct PhotoFiles {
    pub(crate) dir: PathBuf,
    pub(crate) key: Option<StoreKey>,
}

impl PhotoFiles {
    /// The file of an original, whether or not it is there.
    pub(crate) fn original(&self, hash: PhotoHash) -> PathBuf {
        let name = self.key.as_ref().map_or(hash, |key| key.name_of(hash)).to_string();
        self.dir.join("photos").join(name.get(..2).unwrap_or_default()).join(name)
    }

    /// The file of a picture without what the camera wrote.
    pub(crate) fn rendition(&self, hash: PhotoHash) -> PathBuf {
        self.original(hash).with_extension(RENDITION)
    }

    /// What is fetched of a picture.
    pub(crate) fn fetching(&self, hash: PhotoHash, original: bool) -> (PathBuf, Option<Zeroizing<[u8; 32]>>) {
        let what = if original { ORIGINAL_FETCHED } else { RENDITION_FETCHED };
        let key = self.key.as_ref().map(|key| key.of_file(what, hash));
        (self.original(hash).with_extension(what), key)
    }

    /// What may lie beside an original, and can be fetched again.
    pub(crate) fn derived(&self, hash: PhotoHash) -> [PathBuf; 3] {
        [RENDITION, ORIGINAL_FETCHED, RENDITION_FETCHED].map(|what| self.original(hash).with_extension(what))
    }

    /// How long the content of an original is; `None` when it is not here.
    pub(crate) fn len(&self, hash: PhotoHash) -> Option<u64> {
        let len = fs::metadata(self.original(hash)).ok()?.len();
        if self.key.is_some() { seal::content_len(len) } else { Some(len) }
    }

    /// Writes an original.
    pub(crate) fn write_original(
        &self,
        hash: PhotoHash,
        content: &[u8],
        out: &mut impl Write,
    ) -> io::Result<()> {
        self.write(ORIGINAL, hash, content, out)
    }

    /// Writes a rendition.
    pub(crate) fn write_rendition(
        &self,
        hash: PhotoHash,
        content: &[u8],
        out: &mut impl Write,
    ) -> io::Result<()> {
        self.write(RENDITION, hash, content, out)
    }

    fn write(&self, what: &str, hash: PhotoHash, content: &[u8], out: &mut impl Write) -> io::Result<()> {
        match &self.key {
            Some(key) => seal::write(&key.of_file(what, hash), content, out),
            None => out.write_all(content),
        }
    }

    /// Up to `len` bytes of an original from `offset`.
    pub(crate) fn read_original(&self, hash: PhotoHash, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.read(ORIGINAL, &self.original(hash), hash, offset, len)
    }

    /// All of a rendition.
    pub(crate) fn read_rendition(&self, hash: PhotoHash) -> io::Result<Vec<u8>> {
        self.read(RENDITION, &self.rendition(hash), hash, 0, usize::MAX)
    }

    fn read(&self, what: &str, path: &Path, hash: PhotoHash, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        if let Some(key) = &self.key {
            return seal::read(&key.of_file(what, hash), &mut file, offset, len);
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(u64::try_from(len).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A picture that is being fetched: piece after piece, so that a cut line costs one at most.
#[derive(Debug)]
pub struct Fetched {
    file: File,
    path: PathBuf,
    key: Option<Zeroizing<[u8; 32]>>,
    len: u64,
}

/// Pieces in a sealed file follow their length, four bytes.
const LENGTH: u64 = 4;

impl Fetched {
    pub(crate) fn open(path: PathBuf, key: Option<Zeroizing<[u8; 32]>>) -> Result<Self, StoreError> {
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let file = File::options().create(true).truncate(false).write(true).read(true).open(&path)?;
        let mut fetched = Self { file, path, key, len: 0 };
        if fetched.key.is_some() {
            // What was torn off while it was written goes.
            let (whole, len) = fetched.each(|_| {})?;
            fetched.file.set_len(whole)?;
            fetched.len = len;
        } else {
            fetched.len = fetched.file.metadata()?.len();
        }
        fetched.file.seek(SeekFrom::End(0))?;
        Ok(fetched)
    }

    /// How much of it is here, bytes.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn len(&self) -> Result<u64, StoreError> {
        Ok(self.len)
    }

    /// Whether nothing of it is here.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    /// Keeps the next piece.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Io`].
    pub fn append(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        match self.piece_key() {
            Some(key) => {
                let mut sealed = Vec::with_capacity(piece.len() + seal::PIECE);
                seal::write(&key, piece, &mut sealed)?;
                let length =
                    u32::try_from(sealed.len()).map_err(|_| io::Error::from(ErrorKind::FileTooLarge))?;
                self.file.write_all(&length.to_be_bytes())?;
                self.file.write_all(&sealed)?;
            }
            None => self.file.write_all(piece)?,
        }
        self.len += piece.len() as u64;
        Ok(())
    }

    /// All of it; the file is gone afterwards.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn take(mut self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        if self.key.is_some() {
            self.each(|piece| bytes.extend_from_slice(&piece))?;
        } else {
            self.file.rewind()?;
            self.file.read_to_end(&mut bytes)?;
        }
        fs::remove_file(&self.path)?;
        Ok(bytes)
    }

    /// Every piece has a key of its own: none can stand in another's place.
    fn piece_key(&self) -> Option<Zeroizing<[u8; 32]>> {
        let key = self.key.as_ref()?;
        let place = Sha256::new().chain_update(key.as_slice()).chain_update(self.len.to_be_bytes());
        Some(Zeroizing::new(place.finalize().into()))
    }

    /// Reads the sealed pieces that are whole; gives where they end, and how much was in them.
    fn each(&mut self, mut piece: impl FnMut(Vec<u8>)) -> io::Result<(u64, u64)> {
        let size = self.file.metadata()?.len();
        let (mut at, kept) = (0, self.len);
        self.len = 0;
        while at + LENGTH <= size {
            let mut length = [0; 4];
            self.file.seek(SeekFrom::Start(at))?;
            self.file.read_exact(&mut length)?;
            let end = at + LENGTH + u64::from(u32::from_be_bytes(length));
            if end > size {
                break;
            }
            let mut sealed = vec![0; u32::from_be_bytes(length) as usize];
            self.file.read_exact(&mut sealed)?;
            let Some(key) = self.piece_key() else { break };
            let Ok(opened) = seal::read(&key, &mut io::Cursor::new(sealed), 0, usize::MAX) else { break };
            self.len += opened.len() as u64;
            piece(opened);
            at = end;
        }
        let len = std::mem::replace(&mut self.len, kept);
        Ok((at, len))
    }
}
