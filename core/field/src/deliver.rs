//! Own photos on their way, from a queue of their own after the metadata: first every small picture that waits,
//! so that the desk sees something within seconds on a bad line, then the originals, oldest first. Each goes
//! on where the line was cut, and is kept here until the server's receipt for its very hash.

use crate::Field;
use crate::budget::{Halt, Line, Stopped};
use crate::error::FieldError;
use sanben_domain::id::{DocumentId, PhotoHash};
use sanben_store::Upload;
use sanben_sync::frame::{pack, unpack};
use sanben_sync::photo::{
    Challenge, MAX_THUMBNAIL_BYTES, NOT_CITED, PhotoStanding, Picture, Proof, Prover, ShownIn,
};
use sanben_sync::wire::MAX_MESSAGE_BYTES;

/// Photos travel in pieces, bytes: as large as the line allows, and not larger than this. A cut line costs at
/// most one.
const PIECE: usize = 256 * 1024;
/// A smaller piece of a photo is not worth its request, bytes.
const LEAST_PIECE: u64 = 4 * 1024;

impl Field {
    pub(crate) fn deliver_photos(&self, line: &mut Line<'_, '_>) -> Result<(), Halt> {
        let uploads = self.store.uploads()?;
        line.report.photos_waiting = uploads.len() as u64;
        for (document, photo) in self.store.thumbnails_waiting()? {
            match self.deliver_thumbnail(document, photo, line) {
                Ok(()) => line.report.thumbnails_delivered += 1,
                Err(halt) if halt.is_final() => return Err(halt),
                // It only goes ahead: the original follows all the same.
                Err(_) => {}
            }
            line.told()?;
        }
        for upload in uploads {
            match self.deliver_photo(&upload, line) {
                Ok(arrived) => {
                    *(if arrived {
                        &mut line.report.photos_delivered
                    } else {
                        &mut line.report.photos_gone
                    }) += 1;
                    line.report.photos_waiting -= 1;
                }
                Err(halt) if halt.is_final() => return Err(halt),
                Err(Halt::Failed(FieldError::Refused(why))) if why == NOT_CITED => {
                    match self.store.set_uncited(upload.hash)? {
                        Some(changed) => {
                            self.tell(changed);
                            line.report.photos_gone += 1;
                            line.report.photos_waiting -= 1;
                        }
                        None => line.report.photos_failed += 1,
                    }
                }
                // What is wrong with one photo must not hold up those behind it; it is tried again next time.
                Err(_) => line.report.photos_failed += 1,
            }
            line.told()?;
        }
        Ok(())
    }

    fn deliver_thumbnail(
        &self,
        document: DocumentId,
        photo: PhotoHash,
        line: &mut Line<'_, '_>,
    ) -> Result<(), Halt> {
        let thumbnail = self.store.thumbnail(photo)?.unwrap_or_default();
        if thumbnail.len() > MAX_THUMBNAIL_BYTES {
            return Ok(());
        }
        let path = Picture::Thumbnail(ShownIn::of(document, photo)).path(photo);
        line.call("PUT", &path, None, thumbnail)?;
        Ok(self.store.set_thumbnail_ahead(document, photo)?)
    }

    /// `false` when it is gone.
    fn deliver_photo(&self, upload: &Upload, line: &mut Line<'_, '_>) -> Result<bool, Halt> {
        // The server knows best how much arrived: the answer to the last piece may have been lost.
        let path = Picture::Original.path(upload.hash);
        let mut state = standing(&line.call("POST", &path, None, Vec::new())?.body)?;
        if upload.dropped && !state.complete {
            // Dropped on the word of a log that was restored since to before it had come.
            let changed = self.store.set_gone(upload.hash, self.now()?)?;
            self.tell(changed);
            return Ok(false);
        }
        if let Some(challenge) = state.challenge {
            let proof = pack(&self.prove(upload, &challenge)?);
            state = standing(&line.call("POST", &path, None, proof)?.body)?;
        }
        while !state.complete {
            // After each answer: what has arrived stays there, and the next sync goes on behind it.
            line.told()?;
            let before = state.offset;
            let (rest, room) = (upload.size.saturating_sub(before), u64::from(line.room()?));
            if room < rest.min(LEAST_PIECE) {
                line.fits(rest.min(LEAST_PIECE))?;
                return Err(Halt::Stopped(Stopped::Bytes));
            }
            let piece = PIECE.min(usize::try_from(room).unwrap_or(PIECE));
            let piece = self.store.photo_bytes(upload.hash, before, piece)?;
            if piece.is_empty() && before != upload.size {
                let short = "the local photo is shorter than recorded";
                return Err(FieldError::Other(short.to_owned()).into());
            }
            // An empty piece says that this is all: a visit does not tell the server how large its photos are.
            state = standing(&line.call("PUT", &path, Some(before), piece)?.body)?;
            if !state.complete && state.offset <= before {
                return Err(FieldError::Refused("the server did not keep the photo".to_owned()).into());
            }
            self.store.set_upload_offset(upload.hash, state.offset)?;
            let grown = self.pace().succeeded();
            *self.pace() = grown;
        }
        if state.hash != upload.hash {
            return Err(FieldError::Refused("the receipt is for another photo".to_owned()).into());
        }
        // The server's clock says when; this device's may be days off.
        let received = state.received.map_or_else(|| self.now(), Ok)?;
        let changed = self.store.set_receipt(upload.hash, received)?;
        self.tell(changed);
        Ok(true)
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
}

fn standing(body: &[u8]) -> Result<PhotoStanding, FieldError> {
    unpack(body, MAX_MESSAGE_BYTES)
        .map_err(|_| FieldError::Refused("an answer that is not of this protocol".to_owned()))
}
