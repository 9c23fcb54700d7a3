//! Bundles: what a scope's log came to at a head, made in the background and kept as files beside the log, so that a
//! new device begins with it instead of with every entry.
//!
//! A bundle is made from the log alone and is disposable: it is offered only while it is signed with this server's
//! key, its head is in the log, and nothing after that head takes anything back. Its rows were folded with the
//! reference data of that time, so it is not offered either once something was published that folds look at. A block
//! is served only while its bytes have the hash that the offer names. In doubt a bundle is thrown away and made again;
//! devices read the log meanwhile. Each process makes its own: they need not agree, each vouches for what it serves.

mod contents;
mod standing;

pub(crate) use standing::Standing;

use crate::call::{Call, Code, Fault};
use crate::hex;
use crate::log::{Head, LogError, Snapshot};
use crate::publish::reference_scopes;
use crate::tenant::{Server, ServerError, make_folder};
use contents::{Contents, contents, pack_all};
use sanben_document::{decode, encode};
use sanben_domain::id::Epoch;
use sanben_domain::rights::{Scope, ScopeClass, scopes_of};
use sanben_sync::bundle::{BUNDLE_FORM, Block, Offer, SignedOffer, block_at};
use sanben_sync::chain::{Link, SignedHead};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
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

/// A bundle on disk: the length of what comes before its blocks, that ([`Front`]), its blocks.
struct Kept {
    path: PathBuf,
    signed: SignedOffer,
    offer: Offer,
    /// The ends of the reference data's logs that its rows were folded with.
    folded_with: Vec<(Scope, u64, Link)>,
    /// Where the blocks begin.
    body: u64,
}

/// What stands before the blocks of a bundle: its offer, and [`Kept::folded_with`].
type Front = (SignedOffer, Vec<(Scope, u64, Link)>);

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

    /// Removes what belongs to another life of the log, what was left half made, and what does not stand any more:
    /// another server of the group may have erased something of it.
    fn sweep(&self, view: &dyn Snapshot, epoch: Epoch) -> Result<(), LogError> {
        let Ok(files) = std::fs::read_dir(self.bundles_dir()) else { return Ok(()) };
        let mut left = BTreeSet::new();
        for path in files.flatten().map(|file| file.path()) {
            let kept = self.open_bundle(path.clone(), epoch);
            match kept {
                Some(kept) if self.stands(view, &kept)? => drop(left.insert(kept.signed.name())),
                _ => drop(std::fs::remove_file(path)),
            }
        }
        self.forget_standing(&left);
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
        while let Some(path) = names.pop() {
            let kept = self.open_bundle(path, epoch).filter(|kept| kept.offer.scope == *scope);
            if let Some(kept) = kept
                && self.stands(view, &kept)?
            {
                return Ok(Some(kept));
            }
        }
        Ok(None)
    }

    fn open_bundle(&self, path: PathBuf, epoch: Epoch) -> Option<Kept> {
        let ((signed, folded_with), body) = open(&path).ok()?;
        let offer = signed.open(epoch, &self.key())?;
        Some(Kept { path, signed, offer, folded_with, body })
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
        let folded_with = reference_ends(&*view)?;
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
        let front = (signed, folded_with);
        let path = self.put(scope, head, &front, &temporary).map_err(unusable)?;
        let (signed, folded_with) = front;
        let kept = Kept { path, signed, offer, folded_with, body: 0 };
        // Something may have been erased since the view was taken, and the folder cleared before the file was in it.
        if !self.stands(&*self.log.read()?, &kept)? {
            let _ = std::fs::remove_file(kept.path);
            return Ok(Made::Outrun);
        }
        tracing::info!(%scope, seq = head.seq, documents = order.len(), "a bundle was made");
        Ok(Made::Whole)
    }

    /// What comes before the blocks is written first, and the whole gets its name at once. The bundle before it stays for those
    /// who are fetching it; older ones go. Gives where it is.
    fn put(&self, scope: &Scope, head: Head, front: &Front, blocks: &Path) -> std::io::Result<PathBuf> {
        let prefix = file_prefix(scope);
        let whole = self.half_made(scope, "whole");
        let before_blocks = encode(front);
        let mut file = File::create(&whole)?;
        file.write_all(&u32::try_from(before_blocks.len()).unwrap_or(u32::MAX).to_be_bytes())?;
        file.write_all(&before_blocks)?;
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
        let name = format!("{prefix}-{:016x}-{}.bundle", head.seq, hex::write(&front.0.name()));
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
            || !self.stands(&*view, &kept)?
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
    /// The ends of all logs that it was made from.
    fn ends(&self) -> Vec<(Scope, Head)> {
        let own = (&self.offer.scope, self.offer.head.seq, self.offer.head.link);
        let others = self.folded_with.iter().map(|(scope, seq, link)| (scope, *seq, *link));
        let ends = std::iter::once(own).chain(others);
        ends.map(|(scope, seq, link)| (scope.clone(), Head { seq, link })).collect()
    }

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

/// Where the logs of the reference data end.
fn reference_ends(view: &dyn Snapshot) -> Result<Vec<(Scope, u64, Link)>, LogError> {
    let life = view.life()?;
    let mut ends = Vec::new();
    for scope in life.tenant.iter().flat_map(reference_scopes) {
        let end = view.head(&scope)?;
        let (seq, link) = end.map_or((0, Link::genesis(life.epoch, &scope)), |end| (end.seq, end.link));
        ends.push((scope, seq, link));
    }
    Ok(ends)
}

/// How the files of a scope's bundles begin.
fn file_prefix(scope: &Scope) -> String {
    let hash = Sha256::digest(encode(scope));
    hex::write(hash.get(..12).unwrap_or_default())
}

/// What stands in a file before its blocks, and where they begin.
fn open(path: &Path) -> std::io::Result<(Front, u64)> {
    let damaged = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let mut file = File::open(path)?;
    let mut length = [0; 4];
    file.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > MAX_OFFER {
        return Err(damaged());
    }
    let mut front = Vec::new();
    file.take(u64::from(length)).read_to_end(&mut front)?;
    let front = decode(&front).ok_or_else(damaged)?;
    Ok((front, 4 + u64::from(length)))
}
