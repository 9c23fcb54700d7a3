//! Photos: files by hash, and a queue of their own after the metadata.

use crate::columns::{cbor_or_none, count, document, photo_hash, signed};
use crate::error::StoreError;
use crate::outbox;
use crate::store::{Changed, Store};
use rusqlite::{Connection, OptionalExtension};
use sanben_document::encode;
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_domain::place::Fix;
use sanben_domain::time::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What is known of a photo on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRow {
    /// SHA-256 of its bytes.
    pub hash: PhotoHash,
    /// Its media type, such as `image/jpeg`.
    pub mime: String,
    /// Width in pixels as displayed.
    pub width: u32,
    /// Height in pixels as displayed.
    pub height: u32,
    /// Size of the original in bytes.
    pub bytes_len: u64,
    /// When the camera says it was taken, in the caller's form.
    pub taken_at: Option<String>,
    /// Where the camera says it stood.
    pub place: Option<Fix>,
    /// A small JPEG, when one could be made.
    pub thumbnail: Option<Vec<u8>>,
    /// When the server confirmed this very hash; `None` until then.
    pub receipt: Option<Timestamp>,
}

/// A photo that has to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// Its hash.
    pub hash: PhotoHash,
    /// Its size in bytes.
    pub size: u64,
    /// How far it has been sent, as the server last said.
    pub offset: u64,
    /// Its original was dropped to make room: the server said once that it has it, and may say so again.
    pub dropped: bool,
}

impl Store {
    /// Keeps a photo: the file first (written aside, synced, renamed), then the row. Doing it twice changes
    /// nothing; `row.receipt` is ignored.
    ///
    /// # Errors
    /// [`StoreError::WrongBytes`] when they do not fit the hash, [`StoreError::Full`], [`StoreError::Io`].
    pub fn put_photo(&self, row: &PhotoRow, bytes: &[u8]) -> Result<Changed, StoreError> {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if digest != row.hash.0 || size != row.bytes_len {
            return Err(StoreError::WrongBytes(row.hash));
        }
        let path = self.photo_path(row.hash);
        if self.photo_len(row.hash) != Some(size) {
            self.put_file(&path, row.hash, bytes)?;
        }
        self.write(|writing| {
            // A purge may have removed it a moment ago.
            if !path.exists() {
                self.put_file(&path, row.hash, bytes)?;
            }
            let insert = "INSERT INTO photo (hash, mime, width, height, size, taken_at, place, thumbnail)
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
            let added = writing.prepare_cached(insert)?.execute((
                row.hash.0,
                &row.mime,
                row.width,
                row.height,
                signed(row.bytes_len),
                &row.taken_at,
                row.place.map(|fix| encode(&fix)),
                &row.thumbnail,
            ))?;
            // One that was dropped to make room is here again.
            let back = writing
                .prepare_cached(
                    "UPDATE photo SET dropped = NULL, gone = NULL WHERE hash = ?1 AND dropped IS NOT NULL",
                )?
                .execute([row.hash.0])?;
            Ok(if added + back > 0 { photo_changed(row.hash) } else { Changed::default() })
        })
    }

    /// Nobody ever sees half a photo under its name, not even after a power cut.
    fn put_file(&self, path: &Path, hash: PhotoHash, bytes: &[u8]) -> Result<(), StoreError> {
        let folder = path.parent().unwrap_or(self.dir());
        std::fs::create_dir_all(folder)?;
        let aside = path.with_extension("part");
        let written = File::create(&aside).and_then(|mut file| {
            self.files().write_original(hash, bytes, &mut file)?;
            if self.durable() { file.sync_all() } else { Ok(()) }
        });
        let renamed = written.and_then(|()| std::fs::rename(&aside, path));
        if let Err(error) = renamed {
            // Leave no half file on a disk that is full.
            let _ = std::fs::remove_file(&aside);
            return Err(error.into());
        }
        if self.durable() {
            for folder in [Some(folder), folder.parent(), Some(self.dir())].into_iter().flatten() {
                sync_folder(folder)?;
            }
        }
        Ok(())
    }

    /// A photo of this device.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo(&self, hash: PhotoHash) -> Result<Option<PhotoRow>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT mime, width, height, size, taken_at, place, thumbnail, receipt FROM photo WHERE hash = ?1",
            )?;
            let photo = statement.query_row([hash.0], |row| {
                Ok(PhotoRow {
                    hash,
                    mime: row.get(0)?,
                    width: row.get(1)?,
                    height: row.get(2)?,
                    bytes_len: count(row, 3)?,
                    taken_at: row.get(4)?,
                    place: cbor_or_none(row, 5)?,
                    thumbnail: row.get(6)?,
                    receipt: row.get::<_, Option<i64>>(7)?.map(Timestamp),
                })
            });
            Ok(photo.optional()?)
        })
    }

    /// Where the file of a photo lies, whether or not it is there.
    #[must_use]
    pub fn photo_path(&self, hash: PhotoHash) -> PathBuf {
        self.files().original(hash)
    }

    /// How long a photo is whose file is here, bytes.
    #[must_use]
    pub fn photo_len(&self, hash: PhotoHash) -> Option<u64> {
        self.files().len(hash)
    }

    /// Up to `len` bytes of a photo from `offset`; fewer at its end.
    ///
    /// # Errors
    /// [`StoreError::NoPhoto`], [`StoreError::Io`].
    pub fn photo_bytes(&self, hash: PhotoHash, offset: u64, len: usize) -> Result<Vec<u8>, StoreError> {
        match self.files().read_original(hash, offset, len) {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::NoPhoto(hash)),
            read => Ok(read?),
        }
    }

    /// Originals to send: cited by own work that the server has accepted, without a receipt, and not gone; oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn uploads(&self) -> Result<Vec<Upload>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT hash, size, sent, dropped IS NOT NULL FROM photo WHERE receipt IS NULL AND gone IS NULL AND EXISTS (
                     SELECT 1 FROM outbox_photo c JOIN outbox o ON o.id = c.outbox
                     WHERE c.hash = photo.hash AND o.state = 1
                 ) ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Upload {
                    hash: photo_hash(row, 0)?,
                    size: count(row, 1)?,
                    offset: count(row, 2)?,
                    dropped: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Notes how far a photo has been sent.
    ///
    /// # Errors
    /// [`StoreError::NoPhoto`].
    pub fn set_upload_offset(&self, hash: PhotoHash, offset: u64) -> Result<Changed, StoreError> {
        self.note(hash, "UPDATE photo SET sent = ?2 WHERE hash = ?1", signed(offset))
    }

    /// Notes the server's receipt for this very hash.
    ///
    /// # Errors
    /// [`StoreError::NoPhoto`].
    pub fn set_receipt(&self, hash: PhotoHash, at: Timestamp) -> Result<Changed, StoreError> {
        self.note(hash, "UPDATE photo SET receipt = ?2, sent = size, gone = NULL WHERE hash = ?1", at.0)
    }

    /// Notes that the server does not have an original that was dropped here: nothing waits for it any more.
    ///
    /// # Errors
    /// [`StoreError::NoPhoto`].
    pub fn set_gone(&self, hash: PhotoHash, at: Timestamp) -> Result<Changed, StoreError> {
        self.note(hash, "UPDATE photo SET gone = ?2 WHERE hash = ?1 AND dropped IS NOT NULL", at.0)
    }

    /// The server knows of no work of this person's that cites a photo. Where a document with accepted work that cites
    /// it is in a scope that is held, the scope's log says why. Where it is in none, nobody will: the document was erased
    /// after the scope had been lost. Then nothing waits for the photo there, and the document can go with its scope.
    /// Work that waits in it may yet cite the photo. `None` when nothing changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_uncited(&self, hash: PhotoHash) -> Result<Option<Changed>, StoreError> {
        self.write(|writing| {
            let beyond: Vec<DocumentId> = writing
                .prepare_cached(
                    "DELETE FROM outbox_photo AS p WHERE hash = ?1
                     AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = p.document AND o.state IN (0, 2, 4))
                     AND NOT EXISTS (SELECT 1 FROM document_scope JOIN cursor USING (scope)
                                     WHERE document = p.document)
                     RETURNING document",
                )?
                .query_map([hash.0], |row| document(row, 0))?
                .collect::<Result<_, _>>()?;
            for id in &beyond {
                outbox::moved(writing, *id)?;
            }
            let Changed { cases, patrols, .. } = std::mem::take(&mut writing.changed);
            Ok((!beyond.is_empty()).then(|| Changed { cases, patrols, ..photo_changed(hash) }))
        })
    }

    fn note(&self, hash: PhotoHash, update: &str, value: i64) -> Result<Changed, StoreError> {
        self.write(|writing| {
            let noted = writing.prepare_cached(update)?.execute((hash.0, value))?;
            if noted == 0 {
                return Err(StoreError::NoPhoto(hash));
            }
            for id in citing(writing, hash)? {
                outbox::moved(writing, id)?;
            }
            let Changed { cases, patrols, .. } = std::mem::take(&mut writing.changed);
            Ok(Changed { cases, patrols, ..photo_changed(hash) })
        })
    }
}

/// Documents whose own work cites a photo: their "3 of 4 delivered" may have moved.
fn citing(connection: &Connection, hash: PhotoHash) -> Result<BTreeSet<DocumentId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT document FROM outbox_photo WHERE hash = ?1")?;
    Ok(statement.query_map([hash.0], |row| document(row, 0))?.collect::<Result<_, _>>()?)
}

pub(crate) fn photo_changed(hash: PhotoHash) -> Changed {
    Changed { photos: BTreeSet::from([hash]), ..Changed::default() }
}

/// Makes a rename survive a power cut. Windows has no such call and does it by itself.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
