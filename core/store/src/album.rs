//! Photos beyond the upload queue: small pictures that go ahead, pictures of others, originals that make room.

use crate::columns::{count, document, photo_hash};
use crate::error::StoreError;
use crate::files::Fetched;
use crate::photos::photo_changed;
use crate::store::{Changed, Store};
use rusqlite::OptionalExtension;
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_domain::time::Timestamp;
use std::fs::{self, File};
use std::io::ErrorKind;

pub(crate) const RENDITION: &str = "rendition";
pub(crate) const ORIGINAL_FETCHED: &str = "original-fetched";
pub(crate) const RENDITION_FETCHED: &str = "rendition-fetched";

/// What this device has of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// The original.
    Original,
    /// The picture without what the camera wrote beside it.
    Rendition,
    /// No more than the small picture, if any.
    Nothing,
}

/// Where a photo is, as far as this device knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whereabouts {
    /// Own work on this document cites it (what was discarded does not count).
    pub own: bool,
    /// What is here.
    pub held: Held,
    /// A small picture is here.
    pub thumbnail: bool,
    /// When the server had it whole: for own photos its receipt; for photos of others what it said when it was
    /// last asked. `None` says that it has not come, or that nobody asked.
    pub delivered: Option<Timestamp>,
    /// When the original was dropped here to make room; it can be fetched again.
    pub dropped: Option<Timestamp>,
    /// When the server, whose log was restored since, turned out not to have what was dropped here: nobody that this device
    /// knows of has the original any more, and it is not waited for.
    pub gone: Option<Timestamp>,
}

/// An original that was dropped to make room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped {
    /// Which.
    pub hash: PhotoHash,
    /// The room it took, bytes.
    pub bytes: u64,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Small pictures that go ahead of their originals, with the document they are for: of own accepted work,
    /// oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn thumbnails_waiting(&self) -> Result<Vec<(DocumentId, PhotoHash)>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT c.document, p.hash, p.id FROM photo p
                 JOIN outbox_photo c ON c.hash = p.hash JOIN outbox o ON o.id = c.outbox
                 WHERE p.receipt IS NULL AND p.thumbnail IS NOT NULL AND o.state = 1
                 AND NOT EXISTS (SELECT 1 FROM photo_ahead a
                                 WHERE a.document = c.document AND a.hash = c.hash)
                 ORDER BY p.id, c.document",
            )?;
            let rows = statement.query_map([], |row| Ok((document(row, 0)?, photo_hash(row, 1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Notes that the server took a small picture.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_thumbnail_ahead(&self, of: DocumentId, hash: PhotoHash) -> Result<(), StoreError> {
        self.write(|writing| {
            writing
                .prepare_cached("INSERT OR IGNORE INTO photo_ahead (document, hash) VALUES (?1, ?2)")?
                .execute((of.0.as_bytes(), hash.0))?;
            Ok(())
        })
    }

    /// The small picture of a photo, own or of others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn thumbnail(&self, hash: PhotoHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT coalesce((SELECT thumbnail FROM photo WHERE hash = ?1),
                                 (SELECT thumbnail FROM photo_elsewhere WHERE hash = ?1))",
            )?;
            Ok(statement.query_row([hash.0], |row| row.get(0))?)
        })
    }

    /// Keeps the small picture of a photo of others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_thumbnail(&self, hash: PhotoHash, thumbnail: &[u8]) -> Result<Changed, StoreError> {
        self.write(|writing| {
            writing
                .prepare_cached(
                    "INSERT INTO photo_elsewhere (hash, thumbnail) VALUES (?1, ?2)
                     ON CONFLICT DO UPDATE SET thumbnail = excluded.thumbnail",
                )?
                .execute((hash.0, thumbnail))?;
            Ok(photo_changed(hash))
        })
    }

    /// Notes what the server said about photos of others: when they were whole, or that they are not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_arrivals(&self, arrivals: &[(PhotoHash, Option<Timestamp>)]) -> Result<Changed, StoreError> {
        self.write(|writing| {
            let mut changed = Changed::default();
            for (hash, received) in arrivals {
                writing
                    .prepare_cached(
                        "INSERT INTO photo_elsewhere (hash, received) VALUES (?1, ?2)
                         ON CONFLICT DO UPDATE SET received = excluded.received",
                    )?
                    .execute((hash.0, received.map(|at| at.0)))?;
                changed.photos.insert(*hash);
            }
            Ok(changed)
        })
    }

    /// Where a photo that a document cites is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn whereabouts(&self, of: DocumentId, hash: PhotoHash) -> Result<Whereabouts, StoreError> {
        let known = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM outbox_photo c JOIN outbox o ON o.id = c.outbox
                                WHERE c.document = ?1 AND c.hash = ?2 AND o.state <> 3),
                        p.receipt, p.dropped, e.received,
                        p.thumbnail IS NOT NULL OR e.thumbnail IS NOT NULL, p.gone
                 FROM (SELECT 1) LEFT JOIN photo p ON p.hash = ?2
                 LEFT JOIN photo_elsewhere e ON e.hash = ?2",
            )?;
            Ok(statement.query_row((of.0.as_bytes(), hash.0), |row| {
                let time =
                    |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Timestamp));
                let (own, receipt) = (row.get(0)?, time(1)?);
                let (dropped, elsewhere) = (time(2)?, time(3)?);
                let delivered = if own { receipt } else { receipt.or(elsewhere) };
                let (thumbnail, gone) = (row.get(4)?, time(5)?);
                Ok(Whereabouts { own, held: Held::Nothing, thumbnail, delivered, dropped, gone })
            })?)
        })?;
        let held = if self.photo_path(hash).is_file() {
            Held::Original
        } else if self.files().rendition(hash).is_file() {
            Held::Rendition
        } else {
            Held::Nothing
        };
        Ok(Whereabouts { held, ..known })
    }

    /// The rendition of a photo of others; `None` when it is not here.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn rendition(&self, hash: PhotoHash) -> Result<Option<Vec<u8>>, StoreError> {
        match self.files().read_rendition(hash) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps the rendition of a photo of others. It can be fetched again, so that nothing waits for the disk.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Io`].
    pub fn keep_rendition(&self, hash: PhotoHash, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.files().rendition(hash);
        fs::create_dir_all(path.parent().unwrap_or(self.dir()))?;
        let aside = path.with_extension("rendition-part");
        self.files().write_rendition(hash, bytes, &mut File::create(&aside)?)?;
        Ok(fs::rename(&aside, &path)?)
    }

    /// What was fetched of a picture before the line was cut, to be gone on with.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn fetched(&self, hash: PhotoHash, original: bool) -> Result<Fetched, StoreError> {
        let (path, key) = self.files().fetching(hash, original);
        Fetched::open(path, key)
    }

    /// Drops originals from this device to make room, and says which: only those that the server has confirmed
    /// (its receipt, or it gave them to this device) by `before`, server's clock: a backup from then on has them. Nothing
    /// waits for them (a draft, work without a verdict), their own work was recorded before `before` too, and their
    /// cases are closed or no longer here. The small pictures stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drop_originals(&self, before: Timestamp, now: Timestamp) -> Result<Vec<Dropped>, StoreError> {
        let dropped = self.write(|writing| {
            let found: Vec<(PhotoHash, u64)> = writing
                .prepare_cached(include_str!("droppable.sql"))?
                .query_map([before.0], |row| Ok((photo_hash(row, 0)?, count(row, 1)?)))?
                .collect::<Result<_, _>>()?;
            for (hash, _) in &found {
                writing
                    .prepare_cached("UPDATE photo SET dropped = ?2 WHERE hash = ?1")?
                    .execute((hash.0, now.0))?;
                // After the commit: a file that stays behind costs room and nothing else.
                writing.obsolete.push(self.files().original(*hash));
            }
            Ok(found)
        })?;
        Ok(dropped.into_iter().map(|(hash, bytes)| Dropped { hash, bytes, at: now }).collect())
    }

    /// The originals that were dropped here and not fetched again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dropped(&self) -> Result<Vec<Dropped>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT hash, size, dropped FROM photo WHERE dropped IS NOT NULL ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Dropped { hash: photo_hash(row, 0)?, bytes: count(row, 1)?, at: Timestamp(row.get(2)?) })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// When an original was dropped here; `None` when it is here, or never was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dropped_at(&self, hash: PhotoHash) -> Result<Option<Timestamp>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT dropped FROM photo WHERE hash = ?1")?;
            let at: Option<Option<i64>> = statement.query_row([hash.0], |row| row.get(0)).optional()?;
            Ok(at.flatten().map(Timestamp))
        })
    }
}
