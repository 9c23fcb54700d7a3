//! What can be written into the file.

use super::Session;
use super::rows::Hash;
use crate::log::columns::{CHANGE, NOTE, REFERENCE, int};
use crate::log::{
    Citation, CursorVector, Decision, Device, Invitation, LogError, NewChange, PhotoProgress, Result, Review,
    SecretHash, Snapshot, TrailRow, Transaction,
};
use rusqlite::params;
use sanben_document::{ChangeHash, encode};
use sanben_domain::id::{DeviceId, DocumentId, Epoch, PersonId, PhotoHash, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use sanben_sync::manifest::{Batch, ManifestHash};
use sanben_sync::note::{Erasure, Note};
use sanben_sync::wire::{EntryBody, Rejection};
use serde_bytes::ByteBuf;

impl Session<'_> {
    /// Notes that a document is in a scope that has entries.
    fn note_shared(&self, document: DocumentId, scope: &Scope) -> Result<()> {
        let scopes = self.scopes_of(document)?;
        let Some((row, _)) = self.scope_row(scope)? else { return Ok(()) };
        let first = scopes.is_empty();
        if !scopes.contains(scope) {
            self.run(
                "INSERT INTO shared (document, rank, scope)
                 SELECT ?1, coalesce(max(rank) + 1, 0), ?2 FROM shared WHERE document = ?1
                 ON CONFLICT (document, scope) DO UPDATE SET taken_back = 0",
                params![document.0.as_bytes(), row],
            )?;
        }
        let mut known = self.known.borrow_mut();
        match scopes.contains(scope) {
            true => drop(known.documents.insert(document, scopes)),
            false if first => drop(known.documents.insert(document, vec![scope.clone()])),
            // It may have come back to where it stood among them.
            false => drop(known.documents.remove(&document)),
        }
        Ok(())
    }

    /// Appends a note to several scopes.
    fn note(&self, scopes: &[Scope], note: &Note, received: Timestamp) -> Result<()> {
        let (kind, body) = note.written();
        self.run("INSERT INTO note (kind, bytes) VALUES (?1, ?2)", params![kind, body])?;
        let row = self.connection.last_insert_rowid();
        for scope in scopes {
            let body = EntryBody::Note { kind, body: ByteBuf::from(body.clone()) };
            self.append(scope, NOTE, row, received, body)?;
        }
        Ok(())
    }
}

impl Transaction for Session<'_> {
    fn set_tenant(&mut self, tenant: &TenantId) -> Result<()> {
        self.run("UPDATE life SET tenant = ?1", [tenant.as_str()]).map(drop)
    }

    fn keep_manifest(&mut self, device: DeviceId, batch: &Batch) -> Result<()> {
        self.run(
            "INSERT INTO manifest (hash, device, bytes, signature) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (hash) DO NOTHING",
            params![batch.hash().0, device.0.as_bytes(), batch.manifest.as_ref(), batch.signature.0],
        )
        .map(drop)
    }

    fn append_change(&mut self, home: &Scope, change: &NewChange, received: Timestamp) -> Result<u64> {
        let &NewChange { document, hash, manifest, .. } = change;
        let next = self.head(home)?.map_or(1, |head| head.seq + 1);
        self.run(
            "INSERT INTO change (hash, document, actor, actor_seq, manifest, seq, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                hash.0,
                document.0.as_bytes(),
                change.actor,
                int(change.actor_seq),
                self.manifest_row(manifest)?,
                int(next),
                change.bytes
            ],
        )?;
        let row = self.connection.last_insert_rowid();
        let echo = || EntryBody::Echo { document, hash, manifest };
        let seq = self.append(home, CHANGE, row, received, echo())?;
        self.note_shared(document, home)?;
        for scope in self.scopes_of(document)?.iter().filter(|scope| *scope != home) {
            self.append(scope, CHANGE, row, received, echo())?;
        }
        Ok(seq)
    }

    fn share(&mut self, document: DocumentId, scope: &Scope, received: Timestamp) -> Result<()> {
        if self.scopes_of(document)?.contains(scope) {
            return Ok(());
        }
        let sql = "SELECT c.id, c.hash, m.hash FROM change c JOIN manifest m ON m.id = c.manifest
                   WHERE c.document = ?1 ORDER BY c.id";
        let history = self.all(sql, [document.0.as_bytes()], |row| {
            Ok((row.get(0)?, ChangeHash(row.get::<_, Hash>(1)?.0), ManifestHash(row.get::<_, Hash>(2)?.0)))
        })?;
        for (row, hash, manifest) in history {
            self.append(scope, CHANGE, row, received, EntryBody::Echo { document, hash, manifest })?;
        }
        self.note_shared(document, scope)
    }

    fn take_back(&mut self, document: DocumentId, scope: &Scope, received: Timestamp) -> Result<bool> {
        let Some((row, _)) = self.scope_row(scope)? else { return Ok(false) };
        let out = self.run(
            "UPDATE shared SET taken_back = 1
             WHERE document = ?1 AND scope = ?2 AND rank > 0 AND taken_back = 0",
            params![document.0.as_bytes(), row],
        )?;
        if out > 0 {
            self.known.borrow_mut().documents.remove(&document);
            self.note(std::slice::from_ref(scope), &Note::DocOut { document }, received)?;
        }
        Ok(out > 0)
    }

    fn erase(&mut self, erasure: &Erasure, received: Timestamp) -> Result<Vec<PhotoHash>> {
        let document = erasure.document;
        let key = [document.0.as_bytes()];
        let new = self.run(
            "INSERT INTO erased (document, at, signature) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![document.0.as_bytes(), erasure.at.0, erasure.signature.0],
        )?;
        if new == 0 {
            return Ok(Vec::new());
        }
        self.run("UPDATE change SET bytes = x'', erased = 1 WHERE document = ?1", key)?;
        let sql = "SELECT DISTINCT photo FROM citation WHERE document = ?1 ORDER BY photo";
        let mut photos = self.all(sql, key, |row| Ok(PhotoHash(row.get::<_, Hash>(0)?.0)))?;
        let out = "INSERT INTO photo_out (photo, document) SELECT DISTINCT photo, document FROM citation
                   WHERE document = ?1";
        self.run(out, key)?;
        self.run("DELETE FROM citation WHERE document = ?1", key)?;
        self.run("DELETE FROM shown WHERE document = ?1", key)?;
        let mut kept = Vec::new();
        for photo in &photos {
            if self.citations(*photo)?.is_empty() {
                self.run("DELETE FROM photo WHERE hash = ?1", [photo.0])?;
            } else {
                kept.push(*photo);
            }
        }
        photos.retain(|photo| !kept.contains(photo));
        let sql = "SELECT s.unit, s.class FROM shared d JOIN scope s ON s.id = d.scope
                   WHERE d.document = ?1 ORDER BY d.rank";
        let scopes = self.scopes(sql, document)?;
        self.note(&scopes, &Note::Erase(erasure.clone()), received)?;
        Ok(photos)
    }

    fn photo_is_out(&mut self, photo: PhotoHash, document: DocumentId) -> Result<()> {
        let sql = "DELETE FROM photo_out WHERE photo = ?1 AND document = ?2";
        self.run(sql, params![photo.0, document.0.as_bytes()]).map(drop)
    }

    fn append_reference(&mut self, scope: &Scope, update: &[u8], received: Timestamp) -> Result<u64> {
        self.run("INSERT INTO reference (bytes) VALUES (?1)", [update])?;
        let row = self.connection.last_insert_rowid();
        let update = ByteBuf::from(update.to_vec());
        self.append(scope, REFERENCE, row, received, EntryBody::Reference { update })
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
            "INSERT INTO rejection (change, device, manifest, why, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![change.0, device.0.as_bytes(), manifest.0, encode(why), at.0],
        )
        .map(drop)
    }

    fn set_aside(&mut self, review: &Review) -> Result<()> {
        self.run(
            "INSERT INTO review (change, device, manifest, bytes, why, arrived) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (change) DO NOTHING",
            params![
                review.change.0,
                review.device.0.as_bytes(),
                review.manifest.0,
                review.bytes,
                encode(&review.why),
                review.arrived.0
            ],
        )
        .map(drop)
    }

    fn decide(&mut self, change: ChangeHash, decision: &Decision) -> Result<()> {
        self.run(
            "UPDATE review SET accepted = ?2, reason = ?3, decided = ?4, bytes = x'' WHERE change = ?1",
            params![change.0, decision.accepted, decision.reason, decision.at.0],
        )
        .map(drop)
    }

    fn set_epoch(&mut self, epoch: Epoch) -> Result<()> {
        self.run("UPDATE life SET epoch = ?1", [epoch.0.as_bytes()])?;
        self.run("DELETE FROM handed", []).map(drop)
    }

    fn relink(&mut self, scope: &Scope, first: u64, links: &[Link]) -> Result<()> {
        let Some((id, mut head)) = self.scope_row(scope)? else { return Ok(()) };
        for (seq, link) in (first..).zip(links) {
            let sql = "UPDATE entry SET link = ?3 WHERE scope = ?1 AND seq = ?2";
            self.run(sql, params![id, int(seq), link.0])?;
            if seq == head.seq {
                head.link = *link;
                self.known.borrow_mut().scopes.insert(scope.clone(), (id, head, true));
            }
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
        let device = device.0.as_bytes();
        self.run(
            "DELETE FROM handed WHERE device = ?1 AND digest IS NOT ?2 AND digest IS NOT ?3",
            params![device, base, digest],
        )?;
        self.run(
            "INSERT OR REPLACE INTO handed (device, digest, cursors) VALUES (?1, ?2, ?3)",
            params![device, digest, encode(cursors)],
        )
        .map(drop)
    }

    fn add_device(&mut self, device: &Device) -> Result<()> {
        self.run(
            "INSERT INTO device (id, key, person, enrolled, revoked) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                device.id.0.as_bytes(),
                device.key.0,
                device.person.as_str(),
                device.enrolled.0,
                device.revoked.map(|at| at.0)
            ],
        )
        .map(drop)
    }

    fn revoke_device(&mut self, device: DeviceId, at: Timestamp) -> Result<()> {
        let sql = "UPDATE device SET revoked = coalesce(revoked, ?2) WHERE id = ?1";
        self.run(sql, params![device.0.as_bytes(), at.0]).map(drop)
    }

    fn invite(&mut self, secret: SecretHash, invitation: &Invitation) -> Result<()> {
        self.run(
            "INSERT INTO invitation (secret, person, expires, used_by) VALUES (?1, ?2, ?3, ?4)",
            params![
                secret,
                invitation.person.as_str(),
                invitation.expires.0,
                invitation.used_by.map(|device| device.0.into_bytes())
            ],
        )
        .map(drop)
    }

    fn use_invitation(&mut self, secret: SecretHash, device: DeviceId) -> Result<()> {
        let sql = "UPDATE invitation SET used_by = ?2 WHERE secret = ?1";
        self.run(sql, params![secret, device.0.as_bytes()]).map(drop)
    }

    fn cite(&mut self, citation: &Citation) -> Result<()> {
        let Some((scope, _)) = self.scope_row(&citation.scope)? else { return Ok(()) };
        self.run(
            "INSERT INTO citation (photo, scope, document, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            params![citation.photo.0, scope, citation.document.0.as_bytes(), int(citation.bytes)],
        )
        .map(drop)
    }

    fn show(&mut self, photo: PhotoHash, document: DocumentId, person: &PersonId) -> Result<()> {
        let sql = "INSERT INTO shown (photo, document, person) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.run(sql, params![photo.0, document.0.as_bytes(), person.as_str()]).map(drop)
    }

    fn set_photo(&mut self, photo: PhotoHash, progress: PhotoProgress) -> Result<()> {
        self.run(
            "INSERT INTO photo (hash, kept, received) VALUES (?1, ?2, ?3)
             ON CONFLICT (hash) DO UPDATE SET kept = excluded.kept, received = excluded.received",
            params![photo.0, int(progress.offset), progress.received.map(|at| at.0)],
        )
        .map(drop)
    }

    fn append_trail(&mut self, row: &TrailRow) -> Result<()> {
        let sql = "INSERT INTO trail (seq, link, bytes) VALUES (?1, ?2, ?3)";
        self.run(sql, params![int(row.seq), row.link.0, row.bytes]).map(drop)
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        if self.failed.get() {
            return Err(LogError::Unusable("the transaction failed before; nothing was written".to_owned()));
        }
        self.settle_heads()?;
        self.connection.execute_batch("COMMIT")?;
        self.open = false;
        Ok(())
    }
}
