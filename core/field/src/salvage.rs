//! Work out of a damaged store into a fresh one of the same person, enrolled and synced once. An event keeps
//! its id, so what was delivered after all, or is brought in twice, has no second effect.

use crate::Field;
use crate::error::FieldError;
use sanben_domain::id::PhotoHash;
use sanben_store::{Salvaged, StoreError, StoreKey, photo_in};
use std::path::Path;

/// What became of one piece of salvaged work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BroughtIn {
    /// Recorded here: it waits for the server.
    Recorded,
    /// Known here already: it was delivered, or brought in before.
    Known,
    /// It was delivered, not so all of its photos: they are offered to the server from here.
    Photos,
    /// The person had given it up.
    GivenUp,
    /// It is the work of another person, whose own store has to take it.
    OfAnother,
    /// It is about a record that is not here.
    NoRecord,
}

impl Field {
    /// Records salvaged work here and takes the photos over that it cites, from the folder it was salvaged
    /// from, with its key when it is encrypted; what became of each piece, in the same order.
    ///
    /// # Errors
    /// [`FieldError::NotEnrolled`], [`FieldError::NothingYet`] before the first sync, [`FieldError::Full`]:
    /// what was brought in until then stays, and doing it again goes on.
    pub fn bring_in(
        &self,
        salvaged: &[Salvaged],
        from: &Path,
        key: Option<&StoreKey>,
    ) -> Result<Vec<BroughtIn>, FieldError> {
        let me = self.enrolment()?.person;
        if self.store.reference()?.tenant.is_none() {
            return Err(FieldError::NothingYet);
        }
        let mut became: Vec<_> = salvaged.iter().map(|work| (work, BroughtIn::Known)).collect();
        // What makes a record comes before what is about it, whatever the clock said.
        let creates = |work: &Salvaged| work.intent.body.creates_in().is_some();
        let mut order: Vec<_> = became.iter_mut().collect();
        order.sort_by_key(|(work, _)| !creates(work));
        for (work, became) in order {
            *became = match work {
                Salvaged { accepted: Some(true), photos, .. } if photos.is_empty() => BroughtIn::Known,
                Salvaged { discarded: true, .. } => BroughtIn::GivenUp,
                _ if work.intent.by != me => BroughtIn::OfAnother,
                _ => self.bring(work, from, key)?,
            };
        }
        Ok(became.into_iter().map(|(_, became)| became).collect())
    }

    fn bring(&self, work: &Salvaged, from: &Path, key: Option<&StoreKey>) -> Result<BroughtIn, FieldError> {
        let mut photos = 0;
        for hash in &work.photos {
            photos += u32::from(self.bring_photo(*hash, from, key)?);
        }
        if work.accepted != Some(true) {
            match self.store.record(std::slice::from_ref(&work.intent), None) {
                Ok(recorded) if recorded.changes.is_empty() => {}
                Ok(recorded) => {
                    self.tell(recorded.changed);
                    return Ok(BroughtIn::Recorded);
                }
                Err(StoreError::NoDocument(_) | StoreError::Document(_)) => return Ok(BroughtIn::NoRecord),
                Err(error) => return Err(error.into()),
            }
        }
        if photos == 0 {
            return Ok(BroughtIn::Known);
        }
        let (adopted, changed) = self.store.adopt(work)?;
        self.tell(changed);
        Ok(if adopted { BroughtIn::Photos } else { BroughtIn::Known })
    }

    /// Whether the photo is here afterwards. One that is gone or damaged does not hold its work up.
    fn bring_photo(&self, hash: PhotoHash, from: &Path, key: Option<&StoreKey>) -> Result<bool, FieldError> {
        if self.store.photo(hash)?.is_some() {
            return Ok(true);
        }
        // One that cannot be read is as good as gone.
        let Ok(Some(bytes)) = photo_in(from, key, hash) else { return Ok(false) };
        match self.take_in(&bytes) {
            Ok(taken) => Ok(PhotoHash(taken.hash) == hash),
            Err(FieldError::Photo(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
