//! What can be written into the database.

use super::connection::{array, column};
use super::{End, Session};
use crate::log::columns::{CHANGE, NOTE, REFERENCE, class_name, int, scope as scope_of};
use crate::log::{
    Citation, CursorVector, Decision, Device, Head, Invitation, LogError, NewChange, PhotoProgress, Result,
    Review, SecretHash, Snapshot, TrailRow, Transaction,
};
use sanben_document::{ChangeHash, encode};
use sanben_domain::id::{DeviceId, DocumentId, Epoch, PersonId, PhotoHash, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use sanben_sync::manifest::{Batch, ManifestHash};
use sanben_sync::note::{Erasure, Note};
use sanben_sync::wire::{Entry, EntryBody, Rejection};
use serde_bytes::ByteBuf;

/// Entries of several scopes, column by column: where, which number, which chain.
#[derive(Default)]
struct Appended {
    scopes: Vec<i64>,
    numbers: Vec<i64>,
    links: Vec<Vec<u8>>,
}

impl Session<'_> {
    /// Moves the head of a scope over a further entry, and gives its number.
    fn advance(
        &mut self,
        scope: &Scope,
        received: Timestamp,
        body: EntryBody,
        appended: &mut Appended,
    ) -> Result<u64> {
        let End { row, head, .. } = match self.end(scope)? {
            Some(end) => end,
            None => self.found(scope)?,
        };
        let entry = Entry { seq: head.seq + 1, received, body };
        let head = Head { seq: entry.seq, link: head.link.then(&entry) };
        self.ends.get_mut().insert(scope.clone(), End { row, head, moved: true });
        self.appended = true;
        appended.scopes.push(row);
        appended.numbers.push(int(head.seq));
        appended.links.push(head.link.0.to_vec());
        Ok(head.seq)
    }

    /// A scope gets its counter row.
    fn found(&self, scope: &Scope) -> Result<End> {
        let head = Head { seq: 0, link: Link::genesis(self.life()?.epoch, scope) };
        let sql = "INSERT INTO scope (unit, class, seq, link) VALUES ($1, $2, 0, $3) RETURNING id";
        let params: [&(dyn postgres::types::ToSql + Sync); 3] =
            [&scope.unit.as_str(), &class_name(scope.class), &head.link.0.as_slice()];
        let row = self.one(sql, &params, |row| column(row, 0))?;
        let row = row.ok_or_else(|| LogError::Damaged("a new row has no number".to_owned()))?;
        Ok(End { row, head, moved: false })
    }

    /// Notes that a document is in a scope that has entries.
    fn note_shared(&self, document: DocumentId, scope: &Scope) -> Result<()> {
        let Some(end) = self.end(scope)? else { return Ok(()) };
        self.run(
            "INSERT INTO shared (document, rank, scope)
             SELECT $1, coalesce(max(rank) + 1, 0), $2 FROM shared WHERE document = $1
             ON CONFLICT (document, scope) DO UPDATE SET taken_back = false",
            &[&document.0, &end.row],
        )
        .map(drop)
    }

    /// Appends a note to several scopes.
    fn note(&mut self, scopes: &[Scope], note: &Note, received: Timestamp) -> Result<()> {
        let (kind, body) = note.written();
        let mut appended = Appended::default();
        for scope in scopes {
            let body = EntryBody::Note { kind, body: ByteBuf::from(body.clone()) };
            self.advance(scope, received, body, &mut appended)?;
        }
        self.run(
            "WITH added AS (INSERT INTO note (kind, bytes) VALUES ($1, $2) RETURNING id)
             INSERT INTO entry (scope, seq, link, received, kind, ref)
             SELECT e.scope, e.seq, e.link, $3, $4, added.id
             FROM added, unnest($5::bigint[], $6::bigint[], $7::bytea[]) AS e (scope, seq, link)",
            &[
                &i64::from(kind),
                &body,
                &received.0,
                &NOTE,
                &appended.scopes,
                &appended.numbers,
                &appended.links,
            ],
        )
        .map(drop)
    }
}

impl Transaction for Session<'_> {
    fn set_tenant(&mut self, tenant: &TenantId) -> Result<()> {
        self.run("UPDATE life SET tenant = $1", &[&tenant.as_str()]).map(drop)
    }

    fn keep_manifest(&mut self, device: DeviceId, batch: &Batch) -> Result<()> {
        self.run(
            "INSERT INTO manifest (hash, device, bytes, signature) VALUES ($1, $2, $3, $4)
             ON CONFLICT (hash) DO NOTHING",
            &[&batch.hash().0.as_slice(), &device.0, &batch.manifest.as_slice(), &batch.signature.0],
        )
        .map(drop)
    }

    fn append_change(&mut self, home: &Scope, change: &NewChange, received: Timestamp) -> Result<u64> {
        let &NewChange { document, hash, manifest, .. } = change;
        let echo = || EntryBody::Echo { document, hash, manifest };
        let scopes = self.scopes_of(document)?;
        let mut appended = Appended::default();
        let seq = self.advance(home, received, echo(), &mut appended)?;
        for scope in scopes.iter().filter(|scope| *scope != home) {
            self.advance(scope, received, echo(), &mut appended)?;
        }
        self.run(
            include_str!("append_change.sql"),
            &[
                &hash.0.as_slice(),
                &document.0,
                &change.actor,
                &int(change.actor_seq),
                &manifest.0.as_slice(),
                &int(seq),
                &change.bytes,
                &received.0,
                &CHANGE,
                &appended.scopes,
                &appended.numbers,
                &appended.links,
            ],
        )?;
        if !scopes.contains(home) {
            self.note_shared(document, home)?;
        }
        Ok(seq)
    }

    fn share(&mut self, document: DocumentId, scope: &Scope, received: Timestamp) -> Result<()> {
        if self.scopes_of(document)?.contains(scope) {
            return Ok(());
        }
        let sql = "SELECT c.id, c.hash, m.hash FROM change c JOIN manifest m ON m.id = c.manifest
                   WHERE c.document = $1 ORDER BY c.seq";
        let history = self.all(sql, &[&document.0], |row| {
            Ok((column::<i64>(row, 0)?, ChangeHash(array(row, 1)?), ManifestHash(array(row, 2)?)))
        })?;
        let (mut appended, mut changes) = (Appended::default(), Vec::new());
        for (row, hash, manifest) in history {
            changes.push(row);
            self.advance(scope, received, EntryBody::Echo { document, hash, manifest }, &mut appended)?;
        }
        self.run(
            "INSERT INTO entry (scope, seq, link, received, kind, ref)
             SELECT e.scope, e.seq, e.link, $1, $2, e.ref
             FROM unnest($3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[]) AS e (scope, seq, link, ref)",
            &[&received.0, &CHANGE, &appended.scopes, &appended.numbers, &appended.links, &changes],
        )?;
        self.note_shared(document, scope)
    }

    fn take_back(&mut self, document: DocumentId, scope: &Scope, received: Timestamp) -> Result<bool> {
        let Some(End { row, .. }) = self.end(scope)? else { return Ok(false) };
        let out = self.run(
            "UPDATE shared SET taken_back = true
             WHERE document = $1 AND scope = $2 AND rank > 0 AND NOT taken_back",
            &[&document.0, &row],
        )?;
        if out > 0 {
            self.note(std::slice::from_ref(scope), &Note::DocOut { document }, received)?;
        }
        Ok(out > 0)
    }

    fn erase(&mut self, erasure: &Erasure, received: Timestamp) -> Result<Vec<PhotoHash>> {
        let document = erasure.document;
        let new = self.run(
            "INSERT INTO erased (document, at, signature) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[&document.0, &erasure.at.0, &erasure.signature.0],
        )?;
        if new == 0 {
            return Ok(Vec::new());
        }
        self.run("UPDATE change SET bytes = '', erased = true WHERE document = $1", &[&document.0])?;
        self.run("DELETE FROM shown WHERE document = $1", &[&document.0])?;
        let out = "INSERT INTO photo_out (photo, document) SELECT DISTINCT photo, document FROM citation
                   WHERE document = $1";
        self.run(out, &[&document.0])?;
        // What a statement deletes, the same statement still sees.
        let photos = self.all(
            "WITH gone AS (DELETE FROM citation WHERE document = $1 RETURNING photo)
             SELECT DISTINCT photo FROM gone g
             WHERE NOT EXISTS (SELECT 1 FROM citation c WHERE c.photo = g.photo AND c.document <> $1)
             ORDER BY photo",
            &[&document.0],
            |row| Ok(PhotoHash(array(row, 0)?)),
        )?;
        for photo in &photos {
            self.run("DELETE FROM photo WHERE hash = $1", &[&photo.0.as_slice()])?;
        }
        let sql = "SELECT s.unit, s.class FROM shared d JOIN scope s ON s.id = d.scope
                   WHERE d.document = $1 ORDER BY d.rank";
        let scopes = self.all(sql, &[&document.0], |row| scope_of(column(row, 0)?, column(row, 1)?))?;
        self.note(&scopes, &Note::Erase(erasure.clone()), received)?;
        Ok(photos)
    }

    fn photo_is_out(&mut self, photo: PhotoHash, document: DocumentId) -> Result<()> {
        let sql = "DELETE FROM photo_out WHERE photo = $1 AND document = $2";
        self.run(sql, &[&photo.0.as_slice(), &document.0]).map(drop)
    }

    fn append_reference(&mut self, scope: &Scope, update: &[u8], received: Timestamp) -> Result<u64> {
        let mut appended = Appended::default();
        let body = EntryBody::Reference { update: ByteBuf::from(update.to_vec()) };
        let seq = self.advance(scope, received, body, &mut appended)?;
        self.run(
            "WITH added AS (INSERT INTO reference (bytes) VALUES ($1) RETURNING id)
             INSERT INTO entry (scope, seq, link, received, kind, ref)
             SELECT e.scope, e.seq, e.link, $2, $3, added.id
             FROM added, unnest($4::bigint[], $5::bigint[], $6::bytea[]) AS e (scope, seq, link)",
            &[&update, &received.0, &REFERENCE, &appended.scopes, &appended.numbers, &appended.links],
        )?;
        Ok(seq)
    }

    fn reject(
        &mut self,
        change: ChangeHash,
        device: DeviceId,
        manifest: ManifestHash,
        why: &Rejection,
        at: Timestamp,
    ) -> Result<()> {
        self.run(
            "INSERT INTO rejection (change, device, manifest, why, at) VALUES ($1, $2, $3, $4, $5)",
            &[&change.0.as_slice(), &device.0, &manifest.0.as_slice(), &encode(why), &at.0],
        )
        .map(drop)
    }

    fn set_aside(&mut self, review: &Review) -> Result<()> {
        self.run(
            "INSERT INTO review (change, device, manifest, bytes, why, arrived) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (change) DO NOTHING",
            &[
                &review.change.0.as_slice(),
                &review.device.0,
                &review.manifest.0.as_slice(),
                &review.bytes,
                &encode(&review.why),
                &review.arrived.0,
            ],
        )
        .map(drop)
    }

    fn decide(&mut self, change: ChangeHash, decision: &Decision) -> Result<()> {
        self.run(
            "UPDATE review SET accepted = $2, reason = $3, decided = $4, bytes = '' WHERE change = $1",
            &[&change.0.as_slice(), &decision.accepted, &decision.reason, &decision.at.0],
        )
        .map(drop)
    }

    fn set_epoch(&mut self, epoch: Epoch) -> Result<()> {
        self.run("UPDATE life SET epoch = $1", &[&epoch.0])?;
        self.run("DELETE FROM handed", &[]).map(drop)
    }

    fn relink(&mut self, scope: &Scope, first: u64, links: &[Link]) -> Result<()> {
        let Some(End { row, head, .. }) = self.end(scope)? else { return Ok(()) };
        let (numbers, bytes): (Vec<i64>, Vec<&[u8]>) =
            (first..).zip(links).map(|(seq, link)| (int(seq), link.0.as_slice())).unzip();
        self.run(
            "UPDATE entry e SET link = n.link FROM unnest($2::bigint[], $3::bytea[]) AS n (seq, link)
             WHERE e.scope = $1 AND e.seq = n.seq",
            &[&row, &numbers, &bytes],
        )?;
        let at_head = head.seq.checked_sub(first).and_then(|place| links.get(usize::try_from(place).ok()?));
        if let Some(link) = at_head {
            let head = Head { seq: head.seq, link: *link };
            self.ends.get_mut().insert(scope.clone(), End { row, head, moved: true });
        }
        Ok(())
    }

    fn hand_out(
        &mut self,
        device: DeviceId,
        base: Option<&[u8]>,
        digest: &[u8],
        cursors: &CursorVector,
    ) -> Result<()> {
        self.run(
            "WITH forgotten AS (
               DELETE FROM handed WHERE device = $1 AND digest IS DISTINCT FROM $2 AND digest <> $3
             )
             INSERT INTO handed (device, digest, cursors) VALUES ($1, $3, $4)
             ON CONFLICT (device, digest) DO UPDATE SET cursors = excluded.cursors",
            &[&device.0, &base, &digest, &encode(cursors)],
        )
        .map(drop)
    }

    fn add_device(&mut self, device: &Device) -> Result<()> {
        self.run(
            "INSERT INTO device (id, key, person, enrolled, revoked) VALUES ($1, $2, $3, $4, $5)",
            &[
                &device.id.0,
                &device.key.0.as_slice(),
                &device.person.as_str(),
                &device.enrolled.0,
                &device.revoked.map(|at| at.0),
            ],
        )
        .map(drop)
    }

    fn revoke_device(&mut self, device: DeviceId, at: Timestamp) -> Result<()> {
        let sql = "UPDATE device SET revoked = coalesce(revoked, $2) WHERE id = $1";
        self.run(sql, &[&device.0, &at.0]).map(drop)
    }

    fn invite(&mut self, secret: SecretHash, invitation: &Invitation) -> Result<()> {
        self.run(
            "INSERT INTO invitation (secret, person, expires, used_by) VALUES ($1, $2, $3, $4)",
            &[
                &secret.as_slice(),
                &invitation.person.as_str(),
                &invitation.expires.0,
                &invitation.used_by.map(|device| device.0),
            ],
        )
        .map(drop)
    }

    fn use_invitation(&mut self, secret: SecretHash, device: DeviceId) -> Result<()> {
        let sql = "UPDATE invitation SET used_by = $2 WHERE secret = $1";
        self.run(sql, &[&secret.as_slice(), &device.0]).map(drop)
    }

    fn cite(&mut self, citation: &Citation) -> Result<()> {
        let Some(end) = self.end(&citation.scope)? else { return Ok(()) };
        self.run(
            "INSERT INTO citation (photo, scope, document, bytes) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            &[&citation.photo.0.as_slice(), &end.row, &citation.document.0, &int(citation.bytes)],
        )
        .map(drop)
    }

    fn show(&mut self, photo: PhotoHash, document: DocumentId, person: &PersonId) -> Result<()> {
        let sql = "INSERT INTO shown (photo, document, person) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        self.run(sql, &[&photo.0.as_slice(), &document.0, &person.as_str()]).map(drop)
    }

    fn set_photo(&mut self, photo: PhotoHash, progress: PhotoProgress) -> Result<()> {
        self.run(
            "INSERT INTO photo (hash, kept, received) VALUES ($1, $2, $3)
             ON CONFLICT (hash) DO UPDATE SET kept = excluded.kept, received = excluded.received",
            &[&photo.0.as_slice(), &int(progress.offset), &progress.received.map(|at| at.0)],
        )
        .map(drop)
    }

    fn append_trail(&mut self, row: &TrailRow) -> Result<()> {
        let sql = "INSERT INTO trail (seq, link, bytes) VALUES ($1, $2, $3)";
        self.run(sql, &[&int(row.seq), &row.link.0.as_slice(), &row.bytes]).map(drop)
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        self.settle()?;
        if self.failed.get() {
            return Err(LogError::Unusable("the transaction failed before; nothing was written".to_owned()));
        }
        self.ask(|connection| connection.batch("COMMIT"))?;
        self.open = false;
        if self.appended {
            self.notify();
        }
        Ok(())
    }
}

impl Session<'_> {
    /// Says that the log grew. In a transaction of its own, which waits for no disk: PostgreSQL lets only one
    /// transaction that notifies commit at a time, in all of its databases. The log is durable already, and
    /// whoever listens looks by themselves now and then: nothing depends on the word.
    fn notify(&mut self) {
        let sql =
            format!("BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {}; COMMIT", self.place.channel());
        let lent = self.lent.get_mut();
        if let Err(error) = lent.connection().and_then(|connection| connection.batch(&sql)) {
            tracing::warn!(%error, "others were not told that the log grew; they see it a little later");
            lent.discard();
        }
    }
}
