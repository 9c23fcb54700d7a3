//! Photos: taken in by pieces from whoever cites them, final only when their hash fits, given only to who may
//! see what cites them.
//!
//! A hash is no permission, twice over. To deliver a photo one must have cited it, in an accepted document. To
//! get one, one must hold a scope of a document that cites it, and whoever cited it *there* must have shown
//! that they have the bytes, by sending them or by a proof over them ([`sanben_sync::photo`]). Without the
//! second half, a hash that somebody saw somewhere, cited in a report of their own, would open the photo.
//!
//! The original goes to who may see what the camera wrote into it ([`rights::may_see_original`]); all others
//! who see the document get a rendition without.

mod pictures;
mod shelf;

use self::shelf::{Finished, Shelf};
use crate::call::{Call, Code, Fault};
use crate::log::{Device, PhotoProgress, Showing, Snapshot};
use crate::tenant::{Server, ServerError};
use sanben_document::{Document, Record, cited};
use sanben_domain::case::fold;
use sanben_domain::id::{DocumentId, PersonId, PhotoHash};
use sanben_domain::reference::{Person, Reference};
use sanben_domain::rights::{self, scopes_of};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::photo::{Arrival, Challenge, MAX_ASKED, PhotoStanding, Picture, Proof, ShownIn};
use sanben_sync::wire::{OFFSET_HEADER, PHOTO_PATH};
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::sync::{MutexGuard, PoisonError};

pub use sanben_sync::photo::{MAX_PHOTO_BYTES, MAX_PIECE_BYTES};

impl From<io::Error> for Fault {
    fn from(source: io::Error) -> Self {
        Self::Server(ServerError::Directory { what: "photos/", source })
    }
}

/// What one device has begun to deliver and not finished may take so much room, bytes: some whole photos.
pub const MAX_UNFINISHED: u64 = 4 * MAX_PHOTO_BYTES;

/// Whoever holds it works on photos alone: among this process's threads, and among the processes.
struct AtTheShelf<'a> {
    _folder: File,
    _here: MutexGuard<'a, ()>,
}

/// A document that cites a photo.
struct Cited {
    document: DocumentId,
    /// Who cited it there, whoever did so first in front.
    authors: Vec<PersonId>,
    /// The photo's size, as cited, bytes; 0 where the document does not say.
    bytes: u64,
    /// One of them has shown that they have the bytes, here or where else they cite them.
    shown: bool,
}

/// Where a photo is cited, and who has shown that they have its bytes.
struct Citing {
    all: Vec<Cited>,
    have: BTreeSet<PersonId>,
}

/// Where a caller cites a photo, as far as it may be delivered.
struct Delivering {
    device: Device,
    own: Vec<Cited>,
    /// The caller has shown that they have the bytes.
    has_shown: bool,
}

impl Delivering {
    /// The largest size it may have. A citation that claims more than is ever taken must not stand in the way
    /// of the others, nor what somebody else said of the bytes before the caller cited them too.
    fn largest(&self) -> u64 {
        let others_word =
            |cited: &Cited| cited.bytes == 0 || cited.authors.first() != Some(&self.device.person);
        if self.own.iter().any(others_word) {
            return MAX_PHOTO_BYTES;
        }
        self.sizes().filter(|bytes| *bytes <= MAX_PHOTO_BYTES).max().unwrap_or(0)
    }

    fn sizes(&self) -> impl Iterator<Item = u64> {
        self.own.iter().map(|cited| cited.bytes)
    }
}

impl Server {
    fn shelf(&self, photo: PhotoHash) -> Shelf {
        Shelf::of(&self.dir.join("photos"), photo)
    }

    /// Throws away what a process that died left beside the pictures it made: for a server that begins to serve, since it
    /// looks at every name below `photos/`.
    pub fn clear_half_made_pictures(&self) {
        if let Err(error) = shelf::sweep_beside(&self.dir.join("photos")) {
            tracing::warn!(%error, "what a process that died left below photos/ takes room until the server serves again");
        }
    }

    /// Drops the files of photos that the log says have to go. Whatever stops that, it is done again after the next
    /// erasure and when the server starts.
    pub(crate) fn drop_photos(&self) {
        let out = match self.log.read().and_then(|view| view.photos_out()) {
            Ok(out) => out,
            Err(error) => return tracing::error!(%error, "it is unknown which erased photos are left"),
        };
        for (photo, document) in out {
            if let Err(fault) = self.drop_photo(photo, document) {
                tracing::error!(%photo, ?fault, "the files of an erased photo stay below photos/ until the server starts");
            }
        }
    }

    /// Whoever writes excludes everybody else: nobody cites the photo, or gets a receipt for it, between the look at who
    /// cites it and the end of its files.
    fn drop_photo(&self, photo: PhotoHash, document: DocumentId) -> Result<(), Fault> {
        let _alone = self.at_the_shelf()?;
        let (mut tx, shelf) = (self.log.begin()?, self.shelf(photo));
        if tx.citations(photo)?.is_empty() {
            shelf.drop_all()?;
        } else {
            shelf.drop_thumbnail(document)?;
        }
        tx.photo_is_out(photo, document)?;
        Ok(tx.commit()?)
    }

    /// One photo is worked on at a time, by all processes that share the folder.
    fn at_the_shelf(&self) -> io::Result<AtTheShelf<'_>> {
        let here = self.photos.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(AtTheShelf { _folder: shelf::alone(&self.dir.join("photos"))?, _here: here })
    }

    pub(crate) fn photo(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        if call.path == PHOTO_PATH {
            return if call.method == "POST" { self.arrivals(call) } else { Err(Code::WrongMethod.into()) };
        }
        let (photo, picture) = Picture::at(&call.path).ok_or(Code::Malformed)?;
        match (call.method.as_str(), picture) {
            ("GET", _) => self.picture(call, photo, picture),
            ("PUT", Picture::Thumbnail(shown_in)) => self.take_thumbnail(call, photo, shown_in),
            ("POST", Picture::Original) => {
                let _alone = self.at_the_shelf()?;
                let mut delivering = self.delivering(call, photo)?;
                let proof = (!call.body.is_empty()).then(|| unpack(&call.body, 256)).transpose()?;
                if let Some(proof) = proof {
                    self.take_proof(&mut delivering, photo, &proof)?;
                }
                Ok(pack(&self.standing(&delivering, photo)?))
            }
            ("PUT", Picture::Original) => {
                let _alone = self.at_the_shelf()?;
                let mut delivering = self.delivering(call, photo)?;
                Ok(pack(&self.take_piece(call, &mut delivering, photo)?))
            }
            _ => Err(Code::WrongMethod.into()),
        }
    }

    /// The documents that cite a photo, and who cites it there.
    fn citing(&self, view: &dyn Snapshot, photo: PhotoHash) -> Result<Citing, Fault> {
        let mut all = Vec::new();
        for citation in view.citations(photo)? {
            let document = citation.document;
            let changes = view.document(document)?;
            if let Some(authors) = cited(changes.iter().map(Vec::as_slice)).remove(&photo) {
                all.push(Cited { document, authors, bytes: citation.bytes, shown: false });
            }
        }
        let mut have = BTreeSet::new();
        for Showing { document, person } in view.shown(photo)? {
            let first = || all.iter().find(|cited| cited.document == document)?.authors.first().cloned();
            have.extend(person.or_else(first));
        }
        for cited in &mut all {
            cited.shown = cited.authors.iter().any(|author| have.contains(author));
        }
        Ok(Citing { all, have })
    }

    /// What the caller may deliver: what they cited themselves. That they do not hold the scope any more, or that the
    /// device was taken out, must not keep back what belongs to their accepted work.
    fn delivering(&self, call: &Call, photo: PhotoHash) -> Result<Delivering, Fault> {
        let view = self.log.read()?;
        let device = self.signer(&*view, call)?;
        let Citing { all: mut own, have } = self.citing(&*view, photo)?;
        own.retain(|cited| cited.authors.contains(&device.person));
        let has_shown = have.contains(&device.person);
        if own.is_empty() { Err(Code::NotCited.into()) } else { Ok(Delivering { device, own, has_shown }) }
    }

    /// The documents through which the caller sees a photo, with the caller.
    fn seeing(
        &self,
        view: &dyn Snapshot,
        call: &Call,
        photo: PhotoHash,
        reference: &Reference,
    ) -> Result<(Person, Citing), Fault> {
        let device = self.caller(view, call)?;
        let person = reference.people.get(&device.person).ok_or(Code::UnknownPerson)?;
        let held = scopes_of(person, reference, self.now());
        let (mut seen, citing) = (Vec::new(), self.citing(view, photo)?);
        for cited in citing.all {
            if view.scopes_of(cited.document)?.iter().any(|scope| held.contains(scope)) {
                seen.push(cited);
            }
        }
        if seen.is_empty() {
            return Err(Code::NotCited.into());
        }
        Ok((person.clone(), Citing { all: seen, have: citing.have }))
    }

    fn picture(&self, call: &Call, photo: PhotoHash, picture: Picture) -> Result<Vec<u8>, Fault> {
        let offset: u64 = match call.header(OFFSET_HEADER) {
            Some(text) => text.parse().map_err(|_| Code::Malformed)?,
            None => 0,
        };
        let (shelf, view) = (self.shelf(photo), self.log.read()?);
        let reference = self.reference_in(&*view)?;
        let (person, Citing { all: mut through, have }) = self.seeing(&*view, call, photo, &reference)?;
        if let Picture::Thumbnail(shown_in) = picture {
            through.retain(|cited| ShownIn::of(cited.document, photo) == shown_in);
            let cited = through.first().ok_or(Code::NotCited)?;
            drop(view);
            let _alone = self.at_the_shelf()?;
            let shown = shelf.is_whole() && cited.shown;
            return Ok(if shown {
                shelf.own_thumbnail(&self.random)
            } else {
                shelf.thumbnail(cited.document)
            }?
            .ok_or(Code::NotFound)?);
        }
        let shown: Vec<Cited> = through.into_iter().filter(|cited| cited.shown).collect();
        if shown.is_empty() || !shelf.is_whole() {
            return Err(Code::NotFound.into());
        }
        if picture == Picture::Original {
            for cited in &shown {
                let own = cited.authors.contains(&person.id) && have.contains(&person.id);
                if self.may_see_original(&*view, &person, own, cited.document, &reference)? {
                    return Ok(shelf.piece(offset)?);
                }
            }
            return Err(Code::RenditionOnly.into());
        }
        drop(view);
        {
            let _alone = self.at_the_shelf()?;
            shelf.make_rendition(&self.random)?;
        }
        Ok(shelf.piece_of_rendition(offset)?.ok_or(Code::NotFound)?)
    }

    fn may_see_original(
        &self,
        view: &dyn Snapshot,
        person: &Person,
        own: bool,
        document: DocumentId,
        reference: &Reference,
    ) -> Result<bool, Fault> {
        let now = self.now();
        if rights::may_see_original(person, own, None, reference, now) {
            return Ok(true);
        }
        let changes = view.document(document)?;
        let record = Document::from_changes(changes.iter().map(Vec::as_slice)).and_then(|held| held.record());
        let Ok(Record::Case(record)) = record else { return Ok(false) };
        let state = fold(&record, reference, None);
        let case = state.as_ref().map(|state| (&record, state));
        Ok(rights::may_see_original(person, own, case, reference, now))
    }

    /// Which of the photos asked for have arrived. What the caller may not see is not there for them.
    fn arrivals(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        let view = self.log.read()?;
        self.caller(&*view, call)?;
        let asked: Vec<PhotoHash> = unpack(&call.body, 4096)?;
        if asked.len() > MAX_ASKED {
            return Err(Code::TooLarge.into());
        }
        let reference = self.reference_in(&*view)?;
        let mut arrivals = Vec::new();
        for hash in asked {
            let through = match self.seeing(&*view, call, hash, &reference) {
                Ok((_, through)) => through.all,
                Err(Fault::Code(Code::NotCited)) => Vec::new(),
                Err(fault) => return Err(fault),
            };
            let shelf = self.shelf(hash);
            let there = shelf.is_whole() && through.iter().any(|cited| cited.shown);
            let received = if there { view.photo(hash)?.received } else { None };
            arrivals.push(Arrival { hash, received });
        }
        Ok(pack(&arrivals))
    }

    fn standing(&self, delivering: &Delivering, photo: PhotoHash) -> Result<PhotoStanding, Fault> {
        let (shelf, device) = (self.shelf(photo), &delivering.device);
        let mut standing =
            PhotoStanding { hash: photo, offset: 0, complete: false, received: None, challenge: None };
        if !shelf.is_whole() {
            // A restored folder may hold less than the log knows of: no receipt without the bytes.
            standing.offset = shelf.arrived(device.id)?;
        } else if delivering.has_shown {
            standing.offset = shelf.len()?;
            standing.complete = true;
            // Its name is the proof, also when a crash came before the log heard of it.
            let heard = self.log.read()?.photo(photo)?.received;
            standing.received = Some(match heard {
                Some(received) => received,
                None => {
                    let received = self.now();
                    let mut tx = self.log.begin()?;
                    still_cited(&*tx, photo, delivering)?;
                    tx.set_photo(photo, PhotoProgress { offset: standing.offset, received: Some(received) })?;
                    tx.commit()?;
                    received
                }
            });
        } else {
            standing.challenge = Some(Challenge::to(device.id, photo, &self.secret.seed()));
        }
        Ok(standing)
    }

    fn take_proof(&self, delivering: &mut Delivering, photo: PhotoHash, proof: &Proof) -> Result<(), Fault> {
        let shelf = self.shelf(photo);
        if !shelf.is_whole() {
            return Ok(()); // The standing says what to do instead.
        }
        let challenge = Challenge::to(delivering.device.id, photo, &self.secret.seed());
        if shelf.prove(&challenge)? != *proof {
            return Err(Code::WrongBytes.into());
        }
        self.has_shown(delivering, photo, None)
    }

    /// Keeps that the caller has shown that they have the bytes; of so many, when they have just come.
    fn has_shown(
        &self,
        delivering: &mut Delivering,
        photo: PhotoHash,
        came: Option<u64>,
    ) -> Result<(), Fault> {
        let (mut tx, shelf) = (self.log.begin()?, self.shelf(photo));
        still_cited(&*tx, photo, delivering)?;
        if let Some(end) = came {
            // While nobody can erase what cites it: a whole photo that nothing cites would stay for good.
            shelf.name(delivering.device.id, end)?;
        }
        for cited in &mut delivering.own {
            tx.show(photo, cited.document, &delivering.device.person)?;
            cited.shown = true;
        }
        delivering.has_shown = true;
        if let Some(offset) = came {
            tx.set_photo(photo, PhotoProgress { offset, received: Some(self.now()) })?;
        }
        tx.commit()?;
        // The server's own is as good for every document, and made of the bytes that the hash covers.
        for cited in &delivering.own {
            // One that stays costs its room and is never shown again.
            let _ = shelf.drop_thumbnail(cited.document);
        }
        Ok(())
    }

    fn take_piece(
        &self,
        call: &Call,
        delivering: &mut Delivering,
        photo: PhotoHash,
    ) -> Result<PhotoStanding, Fault> {
        let offset: u64 =
            call.header(OFFSET_HEADER).and_then(|text| text.parse().ok()).ok_or(Code::Malformed)?;
        if call.body.len() > MAX_PIECE_BYTES {
            return Err(Code::TooLarge.into());
        }
        let standing = self.standing(delivering, photo)?;
        if standing.complete || standing.challenge.is_some() || standing.offset != offset {
            // A piece that came twice or too early: the answer says where to go on.
            return Ok(standing);
        }
        let end = offset.saturating_add(call.body.len() as u64);
        let largest = delivering.largest();
        if end > largest {
            return Err(Code::TooLarge.into());
        }
        let (shelf, device) = (self.shelf(photo), delivering.device.id);
        if offset == 0 {
            // Whoever begins something makes room first.
            shelf::sweep(&self.dir.join("photos"))?;
        }
        let others = shelf.unfinished_beside(device)?;
        if others.saturating_add(end) > MAX_UNFINISHED {
            return Err(Code::Unfinished.into());
        }
        shelf.append(device, offset, &call.body)?;
        if let Err(erased) = still_cited(&*self.log.read()?, photo, delivering) {
            shelf.discard(device)?;
            return Err(erased);
        }
        let said = delivering.sizes().any(|bytes| bytes == end);
        let finished = if said || (call.body.is_empty() && offset > 0) {
            // Until it is whole the log does not hear of it: nothing is written there per piece.
            shelf.finished(device, end)?
        } else {
            Finished::NotYet
        };
        match finished {
            Finished::Whole => {
                let shown = self.has_shown(delivering, photo, Some(end));
                // What a full disk or a lost database stopped is whole: it is asked for again, not sent again.
                if !matches!(shown, Err(Fault::Server(_))) {
                    shelf.discard(device)?;
                }
                shown?;
            }
            Finished::NotYet if end < largest && !call.body.is_empty() => {}
            Finished::NotYet => {
                shelf.discard(device)?;
                return Err(Code::WrongBytes.into());
            }
        }
        self.standing(delivering, photo)
    }

    /// A thumbnail ahead of its original, for a document in which the caller cites it. Of several, that of whoever
    /// cited it there first stands.
    fn take_thumbnail(&self, call: &Call, photo: PhotoHash, shown_in: ShownIn) -> Result<Vec<u8>, Fault> {
        let delivering = self.delivering(call, photo)?;
        let mut own = delivering.own.iter();
        let cited = own.find(|cited| ShownIn::of(cited.document, photo) == shown_in);
        let Cited { document, authors, .. } = cited.ok_or(Code::NotCited)?;
        let (document, first) = (*document, authors.first() == Some(&delivering.device.person));
        let clean = pictures::small(&call.body)?;
        let shelf = self.shelf(photo);
        let _alone = self.at_the_shelf()?;
        let another_stands = !first && shelf.thumbnail(document)?.is_some();
        let own_is_made = shelf.is_whole() && delivering.has_shown;
        if !another_stands && !own_is_made {
            shelf.put_thumbnail(document, &clean, &self.random)?;
            if let Err(erased) = still_cited(&*self.log.read()?, photo, &delivering) {
                shelf.drop_thumbnail(document)?;
                return Err(erased);
            }
        }
        Ok(pack(&()))
    }
}

/// What cites the photo may have been erased while it was on the way: then nothing of it is kept.
fn still_cited(view: &dyn Snapshot, photo: PhotoHash, delivering: &Delivering) -> Result<(), Fault> {
    let citations = view.citations(photo)?;
    let cites = |own: &Cited| citations.iter().any(|citation| citation.document == own.document);
    if delivering.own.iter().all(cites) { Ok(()) } else { Err(Code::NotCited.into()) }
}
