//! What can be read from the database.

use super::connection::{array, column, number};
use super::{Session, schema};
use crate::log::columns::{CHANGE, ENTRY_OVERHEAD, NOTE, REFERENCE, cbor, int, scope};
use crate::log::{
    Citation, Counts, CursorVector, Decision, Device, Head, Invitation, Life, Linked, LogError,
    PhotoProgress, Result, Review, SecretHash, Showing, Snapshot, TrailRow,
};
use postgres::Row;
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
        self.ask(schema::life)
    }

    fn heads(&self) -> Result<BTreeMap<Scope, Head>> {
        let rows = self.all("SELECT unit, class, seq, link FROM scope", &[], |row| {
            let head = Head { seq: number(row, 2)?, link: Link(array(row, 3)?) };
            Ok((scope(column(row, 0)?, column(row, 1)?)?, head))
        })?;
        let mut heads: BTreeMap<_, _> = rows.into_iter().collect();
        heads.extend(self.ends.borrow().iter().map(|(scope, end)| (scope.clone(), end.head)));
        Ok(heads)
    }

    fn head(&self, scope: &Scope) -> Result<Option<Head>> {
        Ok(self.end(scope)?.map(|end| end.head))
    }

    fn entries(&self, scope: &Scope, after: u64, budget: usize) -> Result<Vec<Linked>> {
        let Some(end) = self.end(scope)? else { return Ok(Vec::new()) };
        let first = int(after).saturating_add(1);
        let budget = i64::try_from(budget).unwrap_or(i64::MAX);
        let overhead = i64::try_from(ENTRY_OVERHEAD).unwrap_or(i64::MAX);
        self.all(include_str!("entries.sql"), &[&end.row, &first, &budget, &overhead], linked)
    }

    fn accepted(&self, change: ChangeHash) -> Result<Option<u64>> {
        self.one("SELECT seq FROM change WHERE hash = $1", &[&change.0.as_slice()], |row| number(row, 0))
    }

    fn written(&self, document: DocumentId, actor: &[u8], actor_seq: u64) -> Result<Option<ChangeHash>> {
        let sql = "SELECT hash FROM change WHERE document = $1 AND actor = $2 AND actor_seq = $3";
        self.one(sql, &[&document.0, &actor, &int(actor_seq)], |row| Ok(ChangeHash(array(row, 0)?)))
    }

    fn document(&self, document: DocumentId) -> Result<Vec<Vec<u8>>> {
        // All in one home: its numbers are their order.
        self.all(
            "SELECT bytes FROM change WHERE document = $1 AND NOT erased ORDER BY seq",
            &[&document.0],
            |row| column(row, 0),
        )
    }

    fn begun(&self, document: DocumentId) -> Result<Option<Timestamp>> {
        let sql = "SELECT e.received FROM change c
                   JOIN shared d ON d.document = c.document AND d.rank = 0
                   JOIN entry e ON e.scope = d.scope AND e.seq = c.seq
                   WHERE c.document = $1 ORDER BY c.seq LIMIT 1";
        self.one(sql, &[&document.0], |row| Ok(Timestamp(column(row, 0)?)))
    }

    fn scopes_of(&self, document: DocumentId) -> Result<Vec<Scope>> {
        let sql = "SELECT s.unit, s.class FROM shared d JOIN scope s ON s.id = d.scope
                   WHERE d.document = $1 AND NOT d.taken_back ORDER BY d.rank";
        self.all(sql, &[&document.0], |row| scope(column(row, 0)?, column(row, 1)?))
    }

    fn taken_back(&self, document: DocumentId) -> Result<Vec<Scope>> {
        let sql = "SELECT s.unit, s.class FROM shared d JOIN scope s ON s.id = d.scope
                   WHERE d.document = $1 AND d.taken_back ORDER BY d.rank";
        self.all(sql, &[&document.0], |row| scope(column(row, 0)?, column(row, 1)?))
    }

    fn erasures(&self) -> Result<u64> {
        Ok(self.one("SELECT count(*) FROM erased", &[], |row| number(row, 0))?.unwrap_or_default())
    }

    fn all_erased(&self) -> Result<Vec<Erasure>> {
        self.all("SELECT document, at, signature FROM erased ORDER BY at, document", &[], |row| {
            let (document, at) = (DocumentId(column(row, 0)?), Timestamp(column(row, 1)?));
            Ok(Erasure { document, at, signature: Signature(column(row, 2)?) })
        })
    }

    fn erased(&self, document: DocumentId) -> Result<Option<Erasure>> {
        self.one("SELECT at, signature FROM erased WHERE document = $1", &[&document.0], |row| {
            Ok(Erasure { document, at: Timestamp(column(row, 0)?), signature: Signature(column(row, 1)?) })
        })
    }

    fn rejected(&self, change: ChangeHash, device: DeviceId) -> Result<Option<Rejection>> {
        let sql = "SELECT why FROM rejection WHERE change = $1 AND device = $2";
        self.one(sql, &[&change.0.as_slice(), &device.0], |row| cbor(column(row, 0)?))
    }

    fn review(&self, change: ChangeHash) -> Result<Option<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review WHERE change = $1";
        self.one(sql, &[&change.0.as_slice()], review)
    }

    fn waiting_for_review(&self, device: DeviceId) -> Result<u64> {
        let sql = "SELECT count(*) FROM review WHERE device = $1 AND accepted IS NULL";
        Ok(self.one(sql, &[&device.0], |row| number(row, 0))?.unwrap_or_default())
    }

    fn reviews(&self) -> Result<Vec<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review ORDER BY id";
        self.all(sql, &[], review)
    }

    fn open_reviews(&self) -> Result<Vec<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review WHERE accepted IS NULL ORDER BY id";
        self.all(sql, &[], review)
    }

    fn reviews_named(&self, beginning: &str) -> Result<Vec<Review>> {
        let sql = "SELECT change, device, manifest, bytes, why, arrived, accepted, reason, decided
                   FROM review WHERE starts_with(encode(change, 'hex'), $1) ORDER BY id";
        self.all(sql, &[&beginning], review)
    }

    fn manifest(&self, manifest: ManifestHash) -> Result<Option<Batch>> {
        let sql = "SELECT bytes, signature FROM manifest WHERE hash = $1";
        self.one(sql, &[&manifest.0.as_slice()], |row| {
            Ok(Batch {
                manifest: ByteBuf::from(column::<Vec<u8>>(row, 0)?),
                signature: Signature(column(row, 1)?),
                changes: Vec::new(),
            })
        })
    }

    fn device(&self, device: DeviceId) -> Result<Option<Device>> {
        let sql = "SELECT id, key, person, enrolled, revoked FROM device WHERE id = $1";
        self.one(sql, &[&device.0], device_row)
    }

    fn devices(&self) -> Result<Vec<Device>> {
        let sql = "SELECT id, key, person, enrolled, revoked FROM device ORDER BY enrolled, id";
        self.all(sql, &[], device_row)
    }

    fn invitation(&self, secret: SecretHash) -> Result<Option<Invitation>> {
        let sql = "SELECT person, expires, used_by FROM invitation WHERE secret = $1";
        self.one(sql, &[&secret.as_slice()], |row| {
            Ok(Invitation {
                person: PersonId(column(row, 0)?),
                expires: Timestamp(column(row, 1)?),
                used_by: column::<Option<_>>(row, 2)?.map(DeviceId),
            })
        })
    }

    fn handed(&self, device: DeviceId, digest: &[u8]) -> Result<Option<CursorVector>> {
        let sql = "SELECT cursors FROM handed WHERE device = $1 AND digest = $2";
        self.one(sql, &[&device.0, &digest], |row| cbor(column(row, 0)?))
    }

    fn citations(&self, photo: PhotoHash) -> Result<Vec<Citation>> {
        let sql = "SELECT s.unit, s.class, c.document, c.bytes
                   FROM citation c JOIN scope s ON s.id = c.scope WHERE c.photo = $1
                   ORDER BY c.scope, c.document";
        self.all(sql, &[&photo.0.as_slice()], |row| {
            let scope = scope(column(row, 0)?, column(row, 1)?)?;
            Ok(Citation { photo, scope, document: DocumentId(column(row, 2)?), bytes: number(row, 3)? })
        })
    }

    fn shown(&self, photo: PhotoHash) -> Result<Vec<Showing>> {
        let sql = "SELECT document, person FROM shown WHERE photo = $1 ORDER BY document, person";
        self.all(sql, &[&photo.0.as_slice()], |row| {
            Ok(Showing::from_row(DocumentId(column(row, 0)?), column(row, 1)?))
        })
    }

    fn photo(&self, photo: PhotoHash) -> Result<PhotoProgress> {
        let sql = "SELECT kept, received FROM photo WHERE hash = $1";
        let found = self.one(sql, &[&photo.0.as_slice()], |row| {
            let received: Option<i64> = column(row, 1)?;
            Ok(PhotoProgress { offset: number(row, 0)?, received: received.map(Timestamp) })
        })?;
        Ok(found.unwrap_or_default())
    }

    fn photos_out(&self) -> Result<Vec<(PhotoHash, DocumentId)>> {
        self.all("SELECT photo, document FROM photo_out ORDER BY photo, document", &[], |row| {
            Ok((PhotoHash(array(row, 0)?), DocumentId(column(row, 1)?)))
        })
    }

    fn trail(&self) -> Result<Vec<TrailRow>> {
        self.all("SELECT seq, link, bytes FROM trail ORDER BY seq", &[], trail_row)
    }

    fn trail_end(&self) -> Result<Option<TrailRow>> {
        self.one("SELECT seq, link, bytes FROM trail ORDER BY seq DESC LIMIT 1", &[], trail_row)
    }

    fn counts(&self) -> Result<Counts> {
        self.settle()?;
        let counts = self.one(include_str!("../counts.sql"), &[], |row| {
            Ok(Counts {
                scopes: number(row, 0)?,
                entries: number(row, 1)?,
                changes: number(row, 2)?,
                documents: number(row, 3)?,
                rejected: number(row, 4)?,
                devices: number(row, 5)?,
                photos: number(row, 6)?,
                photos_missing: number(row, 7)?,
            })
        })?;
        Ok(counts.unwrap_or_default())
    }
}

fn linked(row: &Row) -> Result<Linked> {
    let bytes = || Ok::<_, LogError>(ByteBuf::from(column::<Vec<u8>>(row, 4)?));
    let body = match column(row, 3)? {
        CHANGE => {
            let (document, hash) = (DocumentId(column(row, 5)?), ChangeHash(array(row, 6)?));
            let manifest = ManifestHash(array(row, 7)?);
            match column(row, 8)? {
                true => EntryBody::Erased { document, hash, manifest },
                false => EntryBody::Change { document, hash, manifest, bytes: bytes()? },
            }
        }
        NOTE => {
            let kind = u8::try_from(number(row, 9)?).map_err(|_| LogError::Newer)?;
            EntryBody::Note { kind, body: bytes()? }
        }
        REFERENCE => EntryBody::Reference { update: bytes()? },
        _ => return Err(LogError::Newer),
    };
    let entry = Entry { seq: number(row, 0)?, received: Timestamp(column(row, 2)?), body };
    Ok(Linked { entry, link: Link(array(row, 1)?) })
}

fn trail_row(row: &Row) -> Result<TrailRow> {
    Ok(TrailRow { seq: number(row, 0)?, link: Link(array(row, 1)?), bytes: column(row, 2)? })
}

fn review(row: &Row) -> Result<Review> {
    let decision = match column::<Option<bool>>(row, 6)? {
        Some(accepted) => {
            Some(Decision { accepted, reason: column(row, 7)?, at: Timestamp(column(row, 8)?) })
        }
        None => None,
    };
    Ok(Review {
        change: ChangeHash(array(row, 0)?),
        device: DeviceId(column(row, 1)?),
        manifest: ManifestHash(array(row, 2)?),
        bytes: column(row, 3)?,
        why: cbor(column(row, 4)?)?,
        arrived: Timestamp(column(row, 5)?),
        decision,
    })
}

fn device_row(row: &Row) -> Result<Device> {
    let revoked: Option<i64> = column(row, 4)?;
    Ok(Device {
        id: DeviceId(column(row, 0)?),
        key: PublicKey(column(row, 1)?),
        person: PersonId(column(row, 2)?),
        enrolled: Timestamp(column(row, 3)?),
        revoked: revoked.map(Timestamp),
    })
}
