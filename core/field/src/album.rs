//! Looking at photos: where those of a case are, fetching what is not here, and making room.

use crate::error::FieldError;
use crate::sync::SyncReport;
use crate::transport::Transport;
use crate::{Field, SyncCall};
use sanben_domain::case::PhotoRef;
use sanben_domain::id::{CaseId, DocumentId, PhotoHash};
use sanben_domain::time::Timestamp;
use sanben_store::{Dropped, Fetched, Whereabouts};
use sanben_sync::device::Identity;
use sanben_sync::frame::{pack, unpack};
use sanben_sync::photo::{Arrival, MAX_ASKED, MAX_PHOTO_BYTES, MAX_PIECE_BYTES, Picture, ShownIn};
use sanben_sync::wire::{MAX_MESSAGE_BYTES, PHOTO_PATH};
use sha2::{Digest, Sha256};

/// A photo of a case, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePhoto {
    /// Its hash.
    pub hash: PhotoHash,
    /// As the case cites it.
    pub cited: PhotoRef,
    /// Where it is. "3 of 4 delivered" counts `delivered` over all photos of a case; for own photos it is exact,
    /// for those of others as of the last [`Field::ask_for_photos`].
    pub whereabouts: Whereabouts,
}

/// Which originals may be dropped from this device to make room. None ever goes without the server's receipt,
/// while a draft or work without a verdict needs it, or while its case is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoPolicy {
    /// Only those recorded at least this long ago, days.
    pub after_days: u32,
}

impl Default for PhotoPolicy {
    fn default() -> Self {
        Self { after_days: 30 }
    }
}

impl Field {
    /// The photos of a case, in the order of their hashes, and where each of them is.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn photos_of(&self, case: CaseId) -> Result<Vec<CasePhoto>, FieldError> {
        let record = self.case(case)?.record;
        let photos = record.photos.iter().map(|(hash, cited)| {
            let whereabouts = self.store.whereabouts(case, *hash)?;
            Ok(CasePhoto { hash: *hash, cited: *cited, whereabouts })
        });
        photos.collect()
    }

    /// Asks the server which photos of others have come that this case cites, and fetches the small pictures
    /// that are not here; gives the photos as [`Field::photos_of`] does.
    ///
    /// # Errors
    /// [`FieldError::Network`], [`FieldError::NotFound`].
    pub fn ask_for_photos(
        &self,
        case: CaseId,
        transport: &dyn Transport,
    ) -> Result<Vec<CasePhoto>, FieldError> {
        let identity = self.identity()?;
        let photos = self.photos_of(case)?;
        let unsure: Vec<PhotoHash> = photos
            .iter()
            .filter(|photo| !photo.whereabouts.own && photo.whereabouts.delivered.is_none())
            .map(|photo| photo.hash)
            .collect();
        for asked in unsure.chunks(MAX_ASKED) {
            let mut report = SyncReport::default();
            let body = pack(&asked);
            let call = SyncCall::new("POST", PHOTO_PATH, None, body);
            let answer = self.signed_call(&identity, transport, call, &mut report)?;
            let arrivals: Vec<Arrival> = unpack(&answer.body, MAX_MESSAGE_BYTES)
                .map_err(|_| FieldError::Refused("an answer that is not of this protocol".to_owned()))?;
            let arrivals: Vec<_> = arrivals
                .iter()
                .filter(|arrival| asked.contains(&arrival.hash))
                .map(|arrival| (arrival.hash, arrival.received))
                .collect();
            let changed = self.store.keep_arrivals(&arrivals)?;
            self.tell(changed);
        }
        for photo in photos.iter().filter(|photo| !photo.whereabouts.thumbnail) {
            let fetched = self.fetch_thumbnail(case, photo.hash, transport);
            // Otherwise it has not come yet, or has none.
            if let Err(stop @ FieldError::Network(_)) = fetched {
                return Err(stop);
            }
        }
        self.photos_of(case)
    }

    /// The small picture of a photo as a document shows it, a JPEG of at most 320 pixels; it is kept here.
    ///
    /// # Errors
    /// [`FieldError::Refused`] when the server has none yet or does not show it to this person.
    pub fn fetch_thumbnail(
        &self,
        document: DocumentId,
        photo: PhotoHash,
        transport: &dyn Transport,
    ) -> Result<Vec<u8>, FieldError> {
        if let Some(thumbnail) = self.store.thumbnail(photo)? {
            return Ok(thumbnail);
        }
        let (identity, mut report) = (self.identity()?, SyncReport::default());
        let path = Picture::Thumbnail(ShownIn::of(document, photo)).path(photo);
        let call = SyncCall::new("GET", &path, None, Vec::new());
        let answer = self.signed_call(&identity, transport, call, &mut report)?;
        let changed = self.store.keep_thumbnail(photo, &answer.body)?;
        self.tell(changed);
        Ok(answer.body)
    }

    /// A photo as this person may see it: the original, or for those who are not shown what the camera wrote
    /// into it, the same picture without. What is not here is fetched, going on where an earlier try was cut,
    /// and kept.
    ///
    /// # Errors
    /// [`FieldError::Refused`] when the server does not have it yet or does not show it to this person.
    pub fn fetch_photo(&self, hash: PhotoHash, transport: &dyn Transport) -> Result<Vec<u8>, FieldError> {
        let dropped = self.store.dropped_at(hash)?.is_some();
        if let Some(row) = self.store.photo(hash)?.filter(|_| !dropped) {
            let whole = usize::try_from(row.bytes_len).unwrap_or(usize::MAX);
            return Ok(self.store.photo_bytes(hash, 0, whole)?);
        }
        if let Some(rendition) = self.store.rendition(hash)? {
            return Ok(rendition);
        }
        let identity = self.identity()?;
        match self.fetch(&identity, hash, Picture::Original, transport) {
            Ok(bytes) => {
                if Sha256::digest(&bytes).as_slice() != hash.0 {
                    return Err(FieldError::Refused("another photo".to_owned()));
                }
                self.take_in(&bytes)?;
                // The server gave it, so that it need not stay here for the server's sake.
                let changed = self.store.keep_arrivals(&[(hash, Some(self.now()?))])?;
                self.tell(changed);
                Ok(bytes)
            }
            Err(FieldError::Refused(reason)) if reason == "rendition-only" => {
                let bytes = self.fetch(&identity, hash, Picture::Rendition, transport)?;
                crate::photo::intake(&bytes)?;
                self.store.keep_rendition(hash, &bytes)?;
                Ok(bytes)
            }
            Err(error) => Err(error),
        }
    }

    fn fetch(
        &self,
        identity: &Identity,
        hash: PhotoHash,
        picture: Picture,
        transport: &dyn Transport,
    ) -> Result<Vec<u8>, FieldError> {
        let mut fetched: Fetched = self.store.fetched(hash, picture == Picture::Original)?;
        let mut report = SyncReport::default();
        loop {
            let offset = fetched.len()?;
            if offset > MAX_PHOTO_BYTES {
                fetched.take()?;
                return Err(FieldError::Refused("a photo without an end".to_owned()));
            }
            let path = picture.path(hash);
            let call = SyncCall::new("GET", &path, Some(offset), Vec::new());
            let piece = self.signed_call(identity, transport, call, &mut report)?.body;
            fetched.append(&piece)?;
            if piece.len() < MAX_PIECE_BYTES {
                return Ok(fetched.take()?);
            }
        }
    }

    /// Drops originals from this device to make room, as the policy allows, and says which; the small pictures
    /// stay, and [`Field::fetch_photo`] brings one back.
    ///
    /// # Errors
    /// A store error.
    pub fn drop_originals(&self, policy: PhotoPolicy) -> Result<Vec<Dropped>, FieldError> {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        let now = self.now()?;
        let before = Timestamp(now.0.saturating_sub(i64::from(policy.after_days) * DAY_MS));
        Ok(self.store.drop_originals(before, now)?)
    }

    /// The originals that were dropped here and not fetched again.
    ///
    /// # Errors
    /// A store error.
    pub fn dropped_originals(&self) -> Result<Vec<Dropped>, FieldError> {
        Ok(self.store.dropped()?)
    }
}
