//! What can be read from the file.

use super::rows::{Hash, Id, Number};
use super::{Session, life};
use crate::log::columns::{CHANGE, ENTRY_OVERHEAD, NOTE, REFERENCE, cbor, int, scope};
use crate::log::{
    Citation, Counts, CursorVector, Decision, Device, Head, Invitation, Life, Linked, LogError,
    PhotoProgress, Result, Review, SecretHash, Showing, Snapshot, TrailRow,
};
use rusqlite::{Row, params};
use sanben_document::ChangeHash;
use sanben_domain::id::{DeviceId, DocumentId, PersonId, PhotoHash};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use sanben_sync::keys::{PublicKey, Signature};
use sanben_sync::manifest::{Batch, ManifestHash};
use sanben_sync::note::Erasure;
use sanben_sync::wire::{Entry, EntryBody, Rejection};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

impl Snapshot for Session<'_> {
    fn life(&self) -> Result<Life> {
        life(&self.connection)
    }

    fn heads(&self) -> Result<BTreeMap<Scope, Head>> {
        self.settle_heads()?;
        let rows = self.all("SELECT unit, class, seq, link FROM scope", [], |row| {
            let head = Head { seq: row.get::<_, Number>(2)?.0, link: Link(row.get::<_, Hash>(3)?.0) };
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, head))
        })?;
        rows.into_iter().map(|(unit, class, head)| Ok((scope(unit, &class)?, head))).collect()
    }

    fn head(&self, scope: &Scope) -> Result<Option<Head>> {
        Ok(self.scope_row(scope)?.map(|(_, head)| head))
    }

    fn entries(&self, scope: &Scope, after: u64, budget: usize) -> Result<Vec<Linked>> {
        let Some((id, _)) = self.scope_row(scope)? else { return Ok(Vec::new()) };
        let mut statement = self.connection.prepare_cached(
            "SELECT e.seq, e.link, e.received, e.kind, coalesce(c.bytes, r.bytes, n.bytes), c.document, c.hash, m.hash,
                    c.erased, n.kind
             FROM entry e
             LEFT JOIN change c ON e.kind = 'change' AND c.id = e.ref
             LEFT JOIN manifest m ON m.id = c.manifest
             LEFT JOIN reference r ON e.kind = 'reference' AND r.id = e.ref
             LEFT JOIN note n ON e.kind = 'note' AND n.id = e.ref
             WHERE e.scope = ?1 AND e.seq > ?2 ORDER BY e.seq",
        )?;
        let mut rows = statement.query(params![id, int(after)])?;
        let (mut entries, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let kind = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
            let kind =
                [CHANGE, REFERENCE, NOTE].into_iter().find(|known| *known == kind).ok_or(LogError::Newer)?;
            let bytes = ByteBuf::from(row.get::<_, Vec<u8>>(4)?);
            size += bytes.len() + ENTRY_OVERHEAD;
            if size > budget && !entries.is_empty() {
                break;
            }
            let body = match kind {
                REFERENCE => EntryBody::Reference { update: bytes },
                NOTE => EntryBody::Note { kind: row.get(9)?, body: bytes },
                _ => {
                    let document = DocumentId(row.get::<_, Id>(5)?.0);
                    let hash = ChangeHash(row.get::<_, Hash>(6)?.0);
                    let manifest = ManifestHash(row.get::<_, Hash>(7)?.0);
                    match row.get(8)? {
                        true => EntryBody::Erased { document, hash, manifest },
                        false => EntryBody::Change { document, hash, manifest, bytes },
                    }
                }
            };
            let (seq, received) = (row.get::<_, Number>(0)?.0, Timestamp(row.get(2)?));
            entries
                .push(Linked { entry: Entry { seq, received, body }, link: Link(row.get::<_, Hash>(1)?.0) });
        }
        Ok(entries)
    }

    fn accepted(&self, change: ChangeHash) -> Result<Option<u64>> {
        let sql = "SELECT seq FROM change WHERE hash = ?1";
        self.one(sql, [change.0], |row| Ok(row.get::<_, Number>(0)?.0))
    }

    fn written(&self, document: DocumentId, actor: &[u8], actor_seq: u64) -> Result<Option<ChangeHash>> {
        let sql = "SELECT hash FROM change WHERE document = ?1 AND actor = ?2 AND actor_seq = ?3";
        self.one(sql, params![document.0.as_bytes(), actor, int(actor_seq)], |row| {
            Ok(ChangeHash(row.get::<_, Hash>(0)?.0))
        })
    }

    fn document(&self, document: DocumentId) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT bytes FROM change WHERE document = ?1 AND erased = 0 ORDER BY id";
        self.all(sql, [document.0.as_bytes()], |row| row.get(0))
    }

    fn begun(&self, document: DocumentId) -> Result<Option<Timestamp>> {
        let sql = "SELECT e.received FROM change c
                   JOIN shared d ON d.document = c.document AND d.rank = 0
                   JOIN entry e ON e.scope = d.scope AND e.seq = c.seq
                   WHERE c.document = ?1 ORDER BY c.seq LIMIT 1";
        self.one(sql, [document.0.as_bytes()], |row| Ok(Timestamp(row.get(0)?)))
    }

    fn scopes_of(&self, document: DocumentId) -> Result<Vec<Scope>> {
        if let Some(scopes) = self.known.borrow().documents.get(&document) {
            return Ok(scopes.clone());
        }
        let sql = "SELECT s.unit, s.class FROM shared d JOIN scope s ON s.id = d.scope
                   WHERE d.document = ?1 AND d.taken_back = 0 ORDER BY d.rank";
        self.scopes(sql, document)
    }

    fn taken_back(&self, document: DocumentId) -> Result<Vec<Scope>> {
        let sql = "SELECT s.unit, s.class FROM shared d JOIN scope s ON s.id = d.scope
                   WHERE d.document = ?1 AND d.taken_back = 1 ORDER BY d.rank";
        self.scopes(sql, document)
    }

    fn erasures(&self) -> Result<u64> {
        let count = self.one("SELECT count(*) FROM erased", [], |row| Ok(row.get::<_, Number>(0)?.0))?;
        Ok(count.unwrap_or_default())
    }

    fn all_erased(&self) -> Result<Vec<Erasure>> {
        self.all("SELECT document, at, signature FROM erased ORDER BY at, document", [], |row| {
            let document = DocumentId(row.get::<_, Id>(0)?.0);
            Ok(Erasure { document, at: Timestamp(row.get(1)?), signature: Signature(row.get(2)?) })
        })
    }

    fn erased(&self, document: DocumentId) -> Result<Option<Erasure>> {
        let sql = "SELECT at, signature FROM erased WHERE document = ?1";
        self.one(sql, [document.0.as_bytes()], |row| {
            Ok(Erasure { document, at: Timestamp(row.get(0)?), signature: Signature(row.get(1)?) })
        })
    }

    fn rejected(&self, change: ChangeHash, device: DeviceId) -> Result<Option<Rejection>> {
        let sql = "SELECT why FROM rejection WHERE change = ?1 AND device = ?2";
        let why: Option<Vec<u8>> = self.one(sql, params![change.0, device.0.as_bytes()], |row| row.get(0))?;
        why.map(|why| cbor(&why)).transpose()
    }

    fn review(&self, change: ChangeHash) -> Result<Option<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review WHERE change = ?1";
        self.one(sql, [change.0], |row| Ok(review(row)))?.transpose()
    }

    fn waiting_for_review(&self, device: DeviceId) -> Result<u64> {
        let sql = "SELECT count(*) FROM review WHERE device = ?1 AND accepted IS NULL";
        let count = self.one(sql, [device.0.as_bytes()], |row| Ok(row.get::<_, Number>(0)?.0))?;
        Ok(count.unwrap_or_default())
    }

    fn reviews(&self) -> Result<Vec<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review ORDER BY id";
        self.all(sql, [], |row| Ok(review(row)))?.into_iter().collect()
    }

    fn open_reviews(&self) -> Result<Vec<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review WHERE accepted IS NULL ORDER BY id";
        self.all(sql, [], |row| Ok(review(row)))?.into_iter().collect()
    }

    fn reviews_named(&self, beginning: &str) -> Result<Vec<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review WHERE substr(lower(hex(change)), 1, length(?1)) = ?1 ORDER BY id";
        self.all(sql, [beginning], |row| Ok(review(row)))?.into_iter().collect()
    }

    fn manifest(&self, manifest: ManifestHash) -> Result<Option<Batch>> {
        self.one("SELECT bytes, signature FROM manifest WHERE hash = ?1", [manifest.0], |row| {
            Ok(Batch {
                manifest: ByteBuf::from(row.get::<_, Vec<u8>>(0)?),
                signature: Signature(row.get(1)?),
                changes: Vec::new(),
            })
        })
    }

    fn device(&self, device: DeviceId) -> Result<Option<Device>> {
        let sql = "SELECT id, key, person, enrolled, revoked FROM device WHERE id = ?1";
        self.one(sql, [device.0.as_bytes()], device_row)
    }

    fn devices(&self) -> Result<Vec<Device>> {
        let sql = "SELECT id, key, person, enrolled, revoked FROM device ORDER BY enrolled, id";
        self.all(sql, [], device_row)
    }

    fn invitation(&self, secret: SecretHash) -> Result<Option<Invitation>> {
        self.one("SELECT person, expires, used_by FROM invitation WHERE secret = ?1", [secret], |row| {
            Ok(Invitation {
                person: PersonId(row.get(0)?),
                expires: Timestamp(row.get(1)?),
                used_by: row.get::<_, Option<Id>>(2)?.map(|id| DeviceId(id.0)),
            })
        })
    }

    fn handed(&self, device: DeviceId, digest: &[u8]) -> Result<Option<CursorVector>> {
        let sql = "SELECT cursors FROM handed WHERE device = ?1 AND digest = ?2";
        let cursors: Option<Vec<u8>> =
            self.one(sql, params![device.0.as_bytes(), digest], |row| row.get(0))?;
        cursors.map(|cursors| cbor(&cursors)).transpose()
    }

    fn citations(&self, photo: PhotoHash) -> Result<Vec<Citation>> {
        let sql = "SELECT s.unit, s.class, c.document, c.bytes
                   FROM citation c JOIN scope s ON s.id = c.scope WHERE c.photo = ?1
                   ORDER BY c.scope, c.document";
        let rows = self.all(sql, [photo.0], |row| {
            let (unit, class): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((unit, class, DocumentId(row.get::<_, Id>(2)?.0), row.get::<_, Number>(3)?.0))
        })?;
        rows.into_iter()
            .map(|(unit, class, document, bytes)| {
                Ok(Citation { photo, scope: scope(unit, &class)?, document, bytes })
            })
            .collect()
    }

    fn shown(&self, photo: PhotoHash) -> Result<Vec<Showing>> {
        let sql = "SELECT document, person FROM shown WHERE photo = ?1 ORDER BY document, person";
        self.all(sql, [photo.0], |row| Ok(Showing::from_row(DocumentId(row.get::<_, Id>(0)?.0), row.get(1)?)))
    }

    fn photo(&self, photo: PhotoHash) -> Result<PhotoProgress> {
        let found = self.one("SELECT kept, received FROM photo WHERE hash = ?1", [photo.0], |row| {
            let received: Option<i64> = row.get(1)?;
            Ok(PhotoProgress { offset: row.get::<_, Number>(0)?.0, received: received.map(Timestamp) })
        })?;
        Ok(found.unwrap_or_default())
    }

    fn photos_out(&self) -> Result<Vec<(PhotoHash, DocumentId)>> {
        self.all("SELECT photo, document FROM photo_out ORDER BY photo, document", [], |row| {
            Ok((PhotoHash(row.get::<_, Hash>(0)?.0), DocumentId(row.get::<_, Id>(1)?.0)))
        })
    }

    fn trail(&self) -> Result<Vec<TrailRow>> {
        self.all("SELECT seq, link, bytes FROM trail ORDER BY seq", [], trail_row)
    }

    fn trail_end(&self) -> Result<Option<TrailRow>> {
        self.one("SELECT seq, link, bytes FROM trail ORDER BY seq DESC LIMIT 1", [], trail_row)
    }

    fn counts(&self) -> Result<Counts> {
        self.settle_heads()?;
        let counts = self.one(include_str!("../counts.sql"), [], |row| {
            let number = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Number>(column)?.0);
            Ok(Counts {
                scopes: number(0)?,
                entries: number(1)?,
                changes: number(2)?,
                documents: number(3)?,
                rejected: number(4)?,
                devices: number(5)?,
                photos: number(6)?,
                photos_missing: number(7)?,
            })
        })?;
        Ok(counts.unwrap_or_default())
    }
}

impl Session<'_> {
    /// The scopes that a question about a document finds.
    pub(super) fn scopes(&self, sql: &str, document: DocumentId) -> Result<Vec<Scope>> {
        let rows: Vec<(String, String)> =
            self.all(sql, [document.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.into_iter().map(|(unit, class)| scope(unit, &class)).collect()
    }
}

fn trail_row(row: &Row<'_>) -> rusqlite::Result<TrailRow> {
    Ok(TrailRow { seq: row.get::<_, Number>(0)?.0, link: Link(row.get::<_, Hash>(1)?.0), bytes: row.get(2)? })
}

fn review(row: &Row<'_>) -> Result<Review> {
    let decision = match row.get::<_, Option<bool>>(6)? {
        Some(accepted) => Some(Decision { accepted, reason: row.get(7)?, at: Timestamp(row.get(8)?) }),
        None => None,
    };
    Ok(Review {
        change: ChangeHash(row.get::<_, Hash>(0)?.0),
        device: DeviceId(row.get::<_, Id>(1)?.0),
        manifest: ManifestHash(row.get::<_, Hash>(2)?.0),
        bytes: row.get(3)?,
        why: cbor(&row.get::<_, Vec<u8>>(4)?)?,
        arrived: Timestamp(row.get(5)?),
        decision,
    })
}

fn device_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    let revoked: Option<i64> = row.get(4)?;
    Ok(Device {
        id: DeviceId(row.get::<_, Id>(0)?.0),
        key: PublicKey(row.get(1)?),
        person: PersonId(row.get(2)?),
        enrolled: Timestamp(row.get(3)?),
        revoked: revoked.map(Timestamp),
    })
}
