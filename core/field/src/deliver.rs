//! Own photos on their way, from a queue of their own after the metadata: first every small picture that waits,
//! so that the desk sees something within seconds on a bad line, then the originals, oldest first. Each goes
//! on where the line was cut, and is kept here until the server's receipt for its very hash.

use crate::Field;
use crate::error::FieldError;
use crate::sync::{SyncReport, Watch};
use crate::transport::Transport;
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_store::Upload;
use sanben_sync::device::Identity;
use sanben_sync::frame::{pack, unpack};
use sanben_sync::photo::{Challenge, MAX_THUMBNAIL_BYTES, PhotoStanding, Picture, Proof, Prover, ShownIn};
use sanben_sync::wire::MAX_MESSAGE_BYTES;

/// Photos travel in pieces of this size, bytes: a cut line costs at most one.
const PIECE: usize = 256 * 1024;

/// A delivery under way: who delivers, over which line, watched by whom.
pub(crate) struct Delivering<'a, 'w> {
    pub(crate) identity: &'a Identity,
    pub(crate) transport: &'a dyn Transport,
    pub(crate) report: &'a mut SyncReport,
    pub(crate) watch: Watch<'w>,
}

impl Delivering<'_, '_> {
    fn told_to_stop(&mut self) -> bool {
        (self.watch)(self.report).is_break()
    }
}

impl Field {
    pub(crate) fn deliver_photos(
        &self,
        identity: &Identity,
        transport: &dyn Transport,
        report: &mut SyncReport,
        watch: Watch<'_>,
    ) -> Result<(), FieldError> {
        let uploads = self.store.uploads()?;
        report.photos_waiting = uploads.len() as u64;
        let mut under_way = Delivering { identity, transport, report, watch };
        for (document, photo) in self.store.thumbnails_waiting()? {
            match self.deliver_thumbnail(document, photo, &mut under_way) {
                Ok(()) => under_way.report.thumbnails_delivered += 1,
                Err(stop @ (FieldError::Network(_) | FieldError::Cancelled)) => return Err(stop),
                // It only goes ahead: the original follows all the same.
                Err(_) => {}
            }
            if under_way.told_to_stop() {
                return Err(FieldError::Cancelled);
            }
        }
        for upload in uploads {
            match self.deliver_photo(&upload, &mut under_way) {
                Ok(()) => {
                    under_way.report.photos_delivered += 1;
                    under_way.report.photos_waiting -= 1;
                }
                Err(stop @ (FieldError::Network(_) | FieldError::Cancelled)) => return Err(stop),
                // What is wrong with one photo must not hold up those behind it; it is tried again next time.
                Err(_) => under_way.report.photos_failed += 1,
            }
            if under_way.told_to_stop() {
                return Err(FieldError::Cancelled);
            }
        }
        Ok(())
    }

    fn deliver_thumbnail(
        &self,
        document: DocumentId,
        photo: PhotoHash,
        under_way: &mut Delivering<'_, '_>,
    ) -> Result<(), FieldError> {
        let thumbnail = self.store.thumbnail(photo)?.unwrap_or_default();
        if thumbnail.len() > MAX_THUMBNAIL_BYTES {
            return Ok(());
        }
        let path = Picture::Thumbnail(ShownIn::of(document, photo)).path(photo);
        let Delivering { identity, transport, report, .. } = under_way;
        self.signed_call(identity, *transport, "PUT", &path, None, thumbnail, report)?;
        Ok(self.store.set_thumbnail_ahead(document, photo)?)
    }

    fn deliver_photo(&self, upload: &Upload, under_way: &mut Delivering<'_, '_>) -> Result<(), FieldError> {
        // The server knows best how much arrived: the answer to the last piece may have been lost.
        let mut state = self.ask_standing(upload.hash, Vec::new(), under_way)?;
        if let Some(challenge) = state.challenge {
            let proof = self.prove(upload, &challenge)?;
            state = self.ask_standing(upload.hash, pack(&proof), under_way)?;
        }
        while !state.complete {
            // After each answer: what has arrived stays there, and the next sync goes on behind it.
            if under_way.told_to_stop() {
                return Err(FieldError::Cancelled);
            }
            let before = state.offset;
            let piece = self.store.photo_bytes(upload.hash, before, PIECE)?;
            if piece.is_empty() && before != upload.size {
                return Err(FieldError::Other("the local photo is shorter than recorded".to_owned()));
            }
            // An empty piece says that this is all: a visit does not tell the server how large its photos are.
            state = self.put_piece(upload.hash, before, piece, under_way)?;
            if !state.complete && state.offset <= before {
                return Err(FieldError::Refused("the server did not keep the photo".to_owned()));
            }
            self.store.set_upload_offset(upload.hash, state.offset)?;
        }
        if state.hash != upload.hash {
            return Err(FieldError::Refused("the receipt is for another photo".to_owned()));
        }
        // The server's clock says when; this device's may be days off.
        let received = state.received.map_or_else(|| self.now(), Ok)?;
        let changed = self.store.set_receipt(upload.hash, received)?;
        self.tell(changed);
        Ok(())
    }

    /// Shows that the photo is here, over its bytes as they lie on the disk.
    fn prove(&self, upload: &Upload, challenge: &Challenge) -> Result<Proof, FieldError> {
        let (mut prover, mut offset) = (Prover::new(challenge), 0);
        while offset < upload.size {
            let piece = self.store.photo_bytes(upload.hash, offset, PIECE)?;
            if piece.is_empty() {
                return Err(FieldError::Other("the local photo is shorter than recorded".to_owned()));
            }
            prover.update(&piece);
            offset += piece.len() as u64;
        }
        Ok(prover.finish())
    }

    fn ask_standing(
        &self,
        photo: PhotoHash,
        proof: Vec<u8>,
        under_way: &mut Delivering<'_, '_>,
    ) -> Result<PhotoStanding, FieldError> {
        let path = Picture::Original.path(photo);
        let Delivering { identity, transport, report, .. } = under_way;
        standing(&self.signed_call(identity, *transport, "POST", &path, None, proof, report)?.body)
    }

    fn put_piece(
        &self,
        photo: PhotoHash,
        offset: u64,
        piece: Vec<u8>,
        under_way: &mut Delivering<'_, '_>,
    ) -> Result<PhotoStanding, FieldError> {
        let path = Picture::Original.path(photo);
        let Delivering { identity, transport, report, .. } = under_way;
        standing(&self.signed_call(identity, *transport, "PUT", &path, Some(offset), piece, report)?.body)
    }
}

fn standing(body: &[u8]) -> Result<PhotoStanding, FieldError> {
    unpack(body, MAX_MESSAGE_BYTES)
        .map_err(|_| FieldError::Refused("an answer that is not of this protocol".to_owned()))
}
