//! Bundles: what a scope's log came to at a head, made in the background and kept as files beside the log, so that a
//! new device begins with it instead of with every entry.
//!
//! A bundle is made from the log alone and is disposable: it is offered only while it is signed with this server's
//! key, its head is in the log, and nothing after that head takes anything back. A block is served only while its
//! bytes have the hash that the offer names. In doubt a bundle is thrown away and made again; devices read the log
//! meanwhile. Each process makes its own: they need not agree, each vouches for what it serves.

use crate::call::{Call, Code, Fault};
use crate::hex;
use crate::log::{Head, Linked, LogError, Snapshot};
use crate::tenant::{Server, ServerError, make_folder};
use sanben_document::{Document, encode};
use sanben_domain::id::{DocumentId, Epoch};
use sanben_domain::reference::Reference;
use sanben_domain::rights::{Scope, ScopeClass, scopes_of};
use sanben_store::Packed;
use sanben_sync::bundle::{BUNDLE_FORM, Block, MAX_BLOCK_BYTES, Offer, SignedOffer, block_at};
use sanben_sync::chain::SignedHead;
use sanben_sync::frame;
use sanben_sync::note::Note;
use sanben_sync::wire::{Entry, EntryBody};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

/// A scope with fewer entries is read as fast from the log.
pub const WORTH_A_BUNDLE: u64 = 200;
/// The first block comes at once, so that there is a page to look at; inflated bytes.
const FIRST_BLOCK: usize = 96 * 1024;
/// The others, inflated bytes.
const BLOCK: usize = 384 * 1024;
/// Made once and sent to many.
const LEVEL: i32 = 12;
/// The log is read in pages of about this many bytes.
const PAGE_BYTES: usize = 1024 * 1024;
/// With more that is gone than this, a device reads the log: an offer travels whole, at about 150 bytes for each.
const MOST_GONE: usize = 500;
/// Longer offers are none of ours.
const MAX_OFFER: u32 = 1024 * 1024;

/// What became of making a bundle.
enum Made {
    Whole,
    /// There is something in the log that no bundle can stand for, or nothing to put into one.
    Without,
    /// Something was taken away while it was made.
    Outrun,
}

/// A bundle on disk: the length of its offer, the offer, its blocks.
struct Kept {
    path: PathBuf,
    signed: SignedOffer,
    offer: Offer,
    /// Where the blocks begin.
    body: u64,
}

fn unusable(source: std::io::Error) -> ServerError {
    ServerError::Directory { what: "bundles/", source }
}

impl Server {
    fn bundles_dir(&self) -> PathBuf {
        self.dir.join("bundles")
    }

    /// Makes the bundles of all scopes of work that have enough entries (`worth`) and no fresh one: one is made again when
    /// as many came after it, or a quarter of the log where that is more. Returns how many were made. One process makes
    /// one at a time, while others go on reading and writing the log.
    ///
    /// # Errors
    /// When the log or the folder fails; what was made until then stays.
    pub fn make_bundles(&self, worth: u64) -> Result<usize, ServerError> {
        // One at a time.
        let mut without = self.bundling.lock().unwrap_or_else(PoisonError::into_inner);
        let (epoch, heads) = {
            let view = self.log.read()?;
            let epoch = view.life()?.epoch;
            self.sweep(&*view, epoch)?;
            (epoch, view.heads()?)
        };
        let mut made = 0;
        for (scope, head) in heads {
            if scope.class != ScopeClass::Work || head.seq < worth {
                continue;
            }
            let soon = |seq: u64| head.seq.saturating_sub(seq) < worth.max(head.seq / 4);
            let kept = self.kept(&*self.log.read()?, &scope, epoch)?;
            let tried = without.get(&(epoch, scope.clone())).copied();
            if kept.map(|kept| kept.offer.head.seq).or(tried).is_some_and(soon) {
                continue;
            }
            match self.make_bundle(&scope)? {
                Made::Whole => made += 1,
                // The whole log was read for nothing; not again for every few that come.
                Made::Without => drop(without.insert((epoch, scope), head.seq)),
                Made::Outrun => {}
            }
        }
        Ok(made)
    }

    /// Removes what belongs to another life of the log, what was left half made, and what the log has taken something
    /// of back since: another server of the group may have erased it.
    fn sweep(&self, view: &dyn Snapshot, epoch: Epoch) -> Result<(), LogError> {
        let Ok(files) = std::fs::read_dir(self.bundles_dir()) else { return Ok(()) };
        for path in files.flatten().map(|file| file.path()) {
            let stays = match open(&path).ok().and_then(|(signed, _)| signed.open(epoch, &self.key())) {
                Some(offer) => stands(view, &offer)?,
                None => false,
            };
            if !stays {
                let _ = std::fs::remove_file(path);
            }
        }
        Ok(())
    }

    /// The latest bundle of a scope that may be offered.
    fn kept(&self, view: &dyn Snapshot, scope: &Scope, epoch: Epoch) -> Result<Option<Kept>, LogError> {
        let prefix = file_prefix(scope);
        let files = std::fs::read_dir(self.bundles_dir());
        let mut names: Vec<PathBuf> = files
            .into_iter()
            .flatten()
            .flatten()
            .filter(|file| file.file_name().to_string_lossy().starts_with(&format!("{prefix}-")))
            .map(|file| file.path())
            .collect();
        // The number comes next in the name.
        names.sort();
        let Some(path) = names.pop() else { return Ok(None) };
        let kept = self.open_bundle(path, epoch).filter(|kept| kept.offer.scope == *scope);
        match kept {
            Some(kept) if stands(view, &kept.offer)? => Ok(Some(kept)),
            _ => Ok(None),
        }
    }

    fn open_bundle(&self, path: PathBuf, epoch: Epoch) -> Option<Kept> {
        let (signed, body) = open(&path).ok()?;
        let offer = signed.open(epoch, &self.key())?;
        Some(Kept { path, signed, offer, body })
    }

    /// What a device may begin a scope with; `None` when there is nothing better than the log.
    pub(crate) fn offer(
        &self,
        view: &dyn Snapshot,
        scope: &Scope,
        epoch: Epoch,
    ) -> Result<Option<SignedOffer>, LogError> {
        if scope.class != ScopeClass::Work {
            return Ok(None);
        }
        Ok(self.kept(view, scope, epoch)?.map(|kept| kept.signed))
    }

    /// Makes the bundle of a scope.
    fn make_bundle(&self, scope: &Scope) -> Result<Made, ServerError> {
        let view = self.log.survey()?;
        let Some(head) = view.head(scope)? else { return Ok(Made::Without) };
        let Some(Contents { order, gone }) = contents(&*view, scope, head)? else {
            return Ok(Made::Without);
        };
        let reference = self.reference_in(&*view)?;
        let epoch = view.life()?.epoch;
        make_folder(&self.bundles_dir()).map_err(unusable)?;
        let temporary = self.half_made(scope, "new");
        let blocks = pack_all(&*view, &order, &reference, &temporary)?;
        let Some(blocks) = blocks.filter(|blocks| !blocks.is_empty()) else {
            let _ = std::fs::remove_file(temporary);
            return Ok(Made::Without);
        };
        let offer = Offer {
            form: BUNDLE_FORM,
            epoch,
            scope: scope.clone(),
            head: SignedHead::sign(epoch, scope, head.seq, head.link, &self.secret),
            gone,
            blocks,
        };
        drop(view);
        let signed = SignedOffer::sign(&offer, &self.secret);
        let path = self.put(scope, head, &signed, &temporary).map_err(unusable)?;
        // Something may have been erased since the view was taken, and the folder cleared before the file was in it.
        if !stands(&*self.log.read()?, &offer)? {
            let _ = std::fs::remove_file(path);
            return Ok(Made::Outrun);
        }
        tracing::info!(%scope, seq = head.seq, documents = order.len(), "a bundle was made");
        Ok(Made::Whole)
    }

    /// The offer goes before its blocks, and the whole gets its name at once. The bundle before it stays for those
    /// who are fetching it; older ones go. Gives where it is.
    fn put(
        &self,
        scope: &Scope,
        head: Head,
        signed: &SignedOffer,
        blocks: &Path,
    ) -> std::io::Result<PathBuf> {
        let prefix = file_prefix(scope);
        let whole = self.half_made(scope, "whole");
        let offer = encode(signed);
        let mut file = File::create(&whole)?;
        file.write_all(&u32::try_from(offer.len()).unwrap_or(u32::MAX).to_be_bytes())?;
        file.write_all(&offer)?;
        std::io::copy(&mut File::open(blocks)?, &mut file)?;
        file.sync_all()?;
        std::fs::remove_file(blocks)?;
        let mut before: Vec<PathBuf> = std::fs::read_dir(self.bundles_dir())?
            .flatten()
            .filter(|file| file.file_name().to_string_lossy().starts_with(&format!("{prefix}-")))
            .map(|file| file.path())
            .collect();
        before.sort();
        before.pop();
        let name = format!("{prefix}-{:016x}-{}.bundle", head.seq, hex::write(&signed.name()));
        let path = self.bundles_dir().join(name);
        std::fs::rename(&whole, &path)?;
        before.iter().try_for_each(std::fs::remove_file)?;
        Ok(path)
    }

    /// Where this process writes what is no bundle yet: another one of the same folder may be making its own.
    fn half_made(&self, scope: &Scope, what: &str) -> PathBuf {
        self.bundles_dir().join(format!("{}.{}.{what}", file_prefix(scope), std::process::id()))
    }

    /// A block of a bundle, for who holds its scope.
    pub(crate) fn bundle(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        if call.method != "GET" {
            return Err(Code::WrongMethod.into());
        }
        let (name, block) = block_at(&call.path).ok_or(Code::NotFound)?;
        let view = self.log.read()?;
        let device = self.caller(&*view, call)?;
        let end = format!("-{name}.bundle");
        let files = std::fs::read_dir(self.bundles_dir()).map_err(|_| Code::NotFound)?;
        let path = files
            .flatten()
            .find(|file| file.file_name().to_string_lossy().ends_with(&end))
            .ok_or(Code::NotFound)?
            .path();
        let kept = self.open_bundle(path, view.life()?.epoch).ok_or(Code::NotFound)?;
        let reference = self.reference_in(&*view)?;
        let person = reference.people.get(&device.person).ok_or(Code::UnknownPerson)?;
        if !scopes_of(person, &reference, self.now()).contains(&kept.offer.scope)
            || !stands(&*view, &kept.offer)?
        {
            return Err(Code::NotFound.into());
        }
        match kept.block(block) {
            Some(bytes) => Ok(bytes),
            None => {
                // Damaged: whoever asks next begins with the log, until it was made again.
                if block < kept.offer.blocks.len() {
                    tracing::warn!(scope = %kept.offer.scope, "a damaged bundle was thrown away");
                    let _ = std::fs::remove_file(&kept.path);
                }
                Err(Code::NotFound.into())
            }
        }
    }
}

impl Kept {
    /// The bytes of a block, if they are what the offer says.
    fn block(&self, number: usize) -> Option<Vec<u8>> {
        let block = self.offer.blocks.get(number)?;
        let before: u64 = self.offer.blocks.get(..number)?.iter().map(|block| u64::from(block.bytes)).sum();
        let mut file = File::open(&self.path).ok()?;
        file.seek(SeekFrom::Start(self.body + before)).ok()?;
        let mut bytes = Vec::new();
        file.take(u64::from(block.bytes)).read_to_end(&mut bytes).ok()?;
        (Block::of(&bytes) == *block).then_some(bytes)
    }
}

/// How the files of a scope's bundles begin.
fn file_prefix(scope: &Scope) -> String {
    let hash = Sha256::digest(encode(scope));
    hex::write(hash.get(..12).unwrap_or_default())
}

/// The offer in a file, and where its blocks begin.
fn open(path: &Path) -> std::io::Result<(SignedOffer, u64)> {
    let damaged = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let mut file = File::open(path)?;
    let mut length = [0; 4];
    file.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > MAX_OFFER {
        return Err(damaged());
    }
    let mut offer = Vec::new();
    file.take(u64::from(length)).read_to_end(&mut offer)?;
    let signed = sanben_document::decode(&offer).ok_or_else(damaged)?;
    Ok((signed, 4 + u64::from(length)))
}

/// Whether a bundle may stand for the beginning of the log as it is now: its head is in it, and nothing that came
/// after takes anything back.
fn stands(view: &dyn Snapshot, offer: &Offer) -> Result<bool, LogError> {
    let head = &offer.head;
    let Some(before) = head.seq.checked_sub(1) else { return Ok(false) };
    if view.entries(&offer.scope, before, 1)?.first().is_none_or(|entry| entry.link != head.link) {
        return Ok(false);
    }
    let mut after = head.seq;
    loop {
        let page = view.entries(&offer.scope, after, PAGE_BYTES)?;
        let Some(last) = page.last() else { return Ok(true) };
        after = last.entry.seq;
        if !page.iter().all(|linked| adds(&linked.entry.body)) {
            return Ok(false);
        }
    }
}

/// Whether an entry only adds to what was there.
fn adds(body: &EntryBody) -> bool {
    matches!(body, EntryBody::Change { .. } | EntryBody::Echo { .. })
}

/// What a scope's log came to.
struct Contents {
    /// Its documents, those that were worked on last first.
    order: Vec<DocumentId>,
    /// What devices have to hear of that they do not read in the log.
    gone: Vec<Entry>,
}

/// Reads a scope's log up to a head; `None` when there is something in it that no bundle can stand for, or too much
/// that is gone.
fn contents(view: &dyn Snapshot, scope: &Scope, head: Head) -> Result<Option<Contents>, LogError> {
    let mut last: HashMap<DocumentId, u64> = HashMap::new();
    let mut gone: HashMap<DocumentId, Entry> = HashMap::new();
    let mut after = 0;
    while after < head.seq {
        let page = view.entries(scope, after, PAGE_BYTES)?;
        let Some(end) = page.last() else { return Ok(None) };
        after = end.entry.seq;
        for Linked { entry, .. } in &page {
            match &entry.body {
                EntryBody::Change { document, .. } | EntryBody::Echo { document, .. } => {
                    // It came into the scope again.
                    gone.remove(document);
                    last.insert(*document, entry.seq);
                }
                // The note that says so follows.
                EntryBody::Erased { .. } => {}
                EntryBody::Note { kind, body } => {
                    let document = match Note::read(*kind, body) {
                        Some(Note::Erase(erasure)) => erasure.document,
                        Some(Note::DocOut { document }) => document,
                        Some(Note::Later { .. }) | None => return Ok(None),
                    };
                    last.remove(&document);
                    gone.insert(document, entry.clone());
                }
                EntryBody::Reference { .. } => return Ok(None),
            }
        }
    }
    let mut order: Vec<(u64, DocumentId)> = last.into_iter().map(|(id, seq)| (seq, id)).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    let mut gone: Vec<Entry> = gone.into_values().collect();
    gone.sort_unstable_by_key(|entry| entry.seq);
    let few = gone.len() <= MOST_GONE;
    let order = order.into_iter().map(|(_, id)| id).collect();
    Ok(few.then_some(Contents { order, gone }))
}

/// Writes the blocks, one in memory at a time; `None` when a document cannot be packed.
fn pack_all(
    view: &dyn Snapshot,
    order: &[DocumentId],
    reference: &Reference,
    to: &Path,
) -> Result<Option<Vec<Block>>, ServerError> {
    let mut file = File::create(to).map_err(unusable)?;
    let mut blocks = Vec::new();
    let (mut held, mut size): (Vec<Packed>, usize) = (Vec::new(), 0);
    let mut left = order.iter().peekable();
    while let Some(id) = left.next() {
        let changes = view.document(*id)?;
        let document = Document::from_changes(changes.iter().map(Vec::as_slice));
        let packed = document.and_then(|document| Packed::of(&document, reference));
        let Ok(packed) = packed else { return Ok(None) };
        size += packed.size();
        held.push(packed);
        let full = if blocks.is_empty() { FIRST_BLOCK } else { BLOCK };
        if size >= full || left.peek().is_none() {
            let bytes = frame::pack_at(&held, LEVEL);
            if bytes.len() > MAX_BLOCK_BYTES {
                return Ok(None);
            }
            file.write_all(&bytes).map_err(unusable)?;
            blocks.push(Block::of(&bytes));
            (held, size) = (Vec::new(), 0);
        }
    }
    file.sync_all().map_err(unusable)?;
    Ok(Some(blocks))
}
