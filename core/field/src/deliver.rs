//! Photos on their way: delivered after the metadata, from a queue of their own, and fetched on demand.

use crate::Field;
use crate::error::FieldError;
use crate::sync::{SyncReport, Watch};
use crate::transport::Transport;
use sanben_domain::id::PhotoHash;
use sanben_store::Upload;
use sanben_sync::device::Identity;
use sanben_sync::frame::unpack;
use sanben_sync::wire::{MAX_MESSAGE_BYTES, PHOTO_PATH};

/// Photos travel in pieces of this size, bytes: a cut line costs at most one.
const PIECE: usize = 256 * 1024;

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
        for upload in uploads {
            match self.deliver_photo(identity, transport, &upload, report, watch) {
                Ok(()) => {
                    report.photos_delivered += 1;
                    report.photos_waiting -= 1;
                }
                Err(stop @ (FieldError::Network(_) | FieldError::Cancelled)) => return Err(stop),
                // What is wrong with one photo must not hold up those behind it; it is tried again next time.
                Err(_) => report.photos_failed += 1,
            }
            if watch(report).is_break() {
                return Err(FieldError::Cancelled);
            }
        }
        Ok(())
    }

    fn deliver_photo(
        &self,
        identity: &Identity,
        transport: &dyn Transport,
        upload: &Upload,
        report: &mut SyncReport,
        watch: Watch<'_>,
    ) -> Result<(), FieldError> {
        let path = format!("{PHOTO_PATH}{}", upload.hash);
        // The server knows best how much arrived: the answer to the last piece may have been lost.
        let mut state = self.photo_call(identity, transport, "POST", &path, None, Vec::new(), report)?;
        while !state.complete {
            // After each answer: what has arrived stays there, and the next sync goes on behind it.
            if watch(report).is_break() {
                return Err(FieldError::Cancelled);
            }
            let piece = self.store.photo_bytes(upload.hash, state.offset, PIECE)?;
            if piece.is_empty() {
                return Err(FieldError::Other("the local photo is shorter than recorded".to_owned()));
            }
            let before = state.offset;
            state = self.photo_call(identity, transport, "PUT", &path, Some(before), piece, report)?;
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

    #[expect(clippy::too_many_arguments, reason = "one request, spelled out")]
    fn photo_call(
        &self,
        identity: &Identity,
        transport: &dyn Transport,
        method: &'static str,
        path: &str,
        offset: Option<u64>,
        body: Vec<u8>,
        report: &mut SyncReport,
    ) -> Result<sanben_sync::wire::PhotoStanding, FieldError> {
        let answer = self.signed_call(identity, transport, method, path, offset, body, report)?;
        unpack(&answer.body, MAX_MESSAGE_BYTES)
            .map_err(|_| FieldError::Refused("an answer that is not of this protocol".to_owned()))
    }

    /// Fetches a photo that others took; it is kept here afterwards.
    ///
    /// # Errors
    /// [`FieldError::Refused`] when the server does not show it to this person.
    pub fn fetch_photo(&self, hash: PhotoHash, transport: &dyn Transport) -> Result<Vec<u8>, FieldError> {
        if let Some(row) = self.store.photo(hash)? {
            let whole = usize::try_from(row.bytes_len).unwrap_or(usize::MAX);
            return Ok(self.store.photo_bytes(hash, 0, whole)?);
        }
        let identity = self.identity()?;
        let path = format!("{PHOTO_PATH}{hash}");
        let mut report = SyncReport::default();
        let answer = self.signed_call(&identity, transport, "GET", &path, None, Vec::new(), &mut report)?;
        let taken = self.take_in(&answer.body)?;
        if PhotoHash(taken.hash) == hash {
            Ok(answer.body)
        } else {
            Err(FieldError::Refused("another photo".to_owned()))
        }
    }
}
