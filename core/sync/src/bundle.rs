//! Beginning with a bundle instead of every entry: what a scope's log came to at a head, prepared by the server
//! in blocks that a device fetches one by one, in whatever order lines allow, and keeps without looking into every
//! document first.
//!
//! An offer says to which signed head the bundle reaches and what each block is by its hash, and is signed by the
//! server. So a block is believed wherever it came from, and the log goes on behind it as from any other cursor.

use crate::chain::SignedHead;
use crate::keys::{PublicKey, Purpose, SecretKey, Signature};
use crate::note::{Note, Noted};
use crate::wire::{Entry, EntryBody};
use sanben_document::{decode, encode};
use sanben_domain::id::Epoch;
use sanben_domain::rights::Scope;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};

/// Blocks lie below this path: the name of the offer, then the number of the block from 0.
pub const BUNDLE_PATH: &str = "/v1/bundles/";
/// The form of a block: what stands in it and how.
pub const BUNDLE_FORM: u32 = 3;
/// No block is larger, packed, bytes.
pub const MAX_BLOCK_BYTES: usize = 2 * 1024 * 1024;
/// No block is larger, inflated, bytes.
pub const MAX_BLOCK_INFLATED: usize = 8 * 1024 * 1024;

/// A block of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// SHA-256 of its bytes as they travel.
    pub hash: ByteBuf,
    /// How many there are.
    pub bytes: u32,
}

impl Block {
    /// What some bytes are as a block.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let hash = ByteBuf::from(Sha256::digest(bytes).to_vec());
        Self { hash, bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX) }
    }
}

/// What a bundle holds: everything of a scope's log up to a head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// [`BUNDLE_FORM`].
    pub form: u32,
    /// The life of the log.
    pub epoch: Epoch,
    /// The scope.
    pub scope: Scope,
    /// How far it reaches.
    pub head: SignedHead,
    /// What was erased until then, and what was taken back out of the scope and did not come into it again: none of
    /// it is in the blocks. The notes as they stand in the log, in its order.
    pub gone: Vec<Entry>,
    /// Its blocks; what was worked on last comes first.
    pub blocks: Vec<Block>,
}

impl Offer {
    /// What it says is gone; `None` when one of these is no such note, comes after the head, is out of order, or is
    /// without the server's own word.
    #[must_use]
    pub fn noted(&self, key: &PublicKey) -> Option<Vec<Noted>> {
        let ordered = self.gone.is_sorted_by(|before, after| before.seq < after.seq);
        let noted = |entry: &Entry| {
            let EntryBody::Note { kind, body } = &entry.body else { return None };
            let note =
                Note::told(*kind, body, key).ok().filter(|note| !matches!(note, Note::Later { .. }))?;
            let (seq, received) = (entry.seq, entry.received);
            (1..=self.head.seq).contains(&seq).then(|| Noted {
                scope: self.scope.clone(),
                seq,
                received,
                note,
            })
        };
        self.gone.iter().map(noted).collect::<Option<_>>().filter(|_| ordered)
    }
}

/// An offer with the server's signature over its bytes, which are never encoded again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOffer {
    offer: ByteBuf,
    signature: Signature,
}

impl SignedOffer {
    /// Signs an offer.
    #[must_use]
    pub fn sign(offer: &Offer, key: &SecretKey) -> Self {
        let offer = encode(offer);
        let signature = key.sign(Purpose::Bundle, &offer);
        Self { offer: ByteBuf::from(offer), signature }
    }

    /// The offer, if this key signed it, of this form and in this life of the log; its head too.
    #[must_use]
    pub fn open(&self, epoch: Epoch, key: &PublicKey) -> Option<Offer> {
        if !key.verify(Purpose::Bundle, &self.offer, &self.signature) {
            return None;
        }
        let offer: Offer = decode(&self.offer)?;
        let fits = offer.form == BUNDLE_FORM
            && offer.epoch == epoch
            && offer.head.verify(epoch, &offer.scope, key)
            && !offer.blocks.is_empty()
            && offer.blocks.iter().all(|block| block.bytes as usize <= MAX_BLOCK_BYTES);
        fits.then_some(offer)
    }

    /// About what it takes in an answer, bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        const SIGNATURE: usize = 80;
        SIGNATURE + self.offer.len()
    }

    /// Its name: SHA-256 of its bytes.
    #[must_use]
    pub fn name(&self) -> [u8; 32] {
        Sha256::digest(&self.offer).into()
    }

    /// The path of one of its blocks.
    #[must_use]
    pub fn path(&self, block: usize) -> String {
        let name = self.name().map(|byte| format!("{byte:02x}")).concat();
        format!("{BUNDLE_PATH}{name}/{block}")
    }
}

/// The name and the number in the path of a block.
#[must_use]
pub fn block_at(path: &str) -> Option<(&str, usize)> {
    let (name, block) = path.strip_prefix(BUNDLE_PATH)?.split_once('/')?;
    let plain = name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    Some((name, block.parse().ok().filter(|_| plain)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Link;
    use crate::note::Erasure;
    use sanben_domain::id::DocumentId;
    use sanben_domain::rights::ScopeClass;
    use sanben_domain::time::Timestamp;

    #[test]
    fn what_is_gone_is_the_servers_own_word_of_before_the_head() {
        let (key, other) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
        let (epoch, document) = (Epoch::from_random([3; 16]), DocumentId::from_random([7; 16]));
        let scope = Scope { unit: "hill".into(), class: ScopeClass::Work };
        let note = |seq, note: Note| {
            let (kind, body) = note.written();
            let body = EntryBody::Note { kind, body: ByteBuf::from(body) };
            Entry { seq, received: Timestamp(5), body }
        };
        let erased = |seq, key| note(seq, Note::Erase(Erasure::sign(document, Timestamp(5), key)));
        let out = |seq| note(seq, Note::DocOut { document });
        let noted = |gone: Vec<Entry>| {
            let head = SignedHead::sign(epoch, &scope, 9, Link([4; 32]), &key);
            let blocks = vec![Block::of(b"block")];
            let offer = Offer { form: BUNDLE_FORM, epoch, scope: scope.clone(), head, gone, blocks };
            let read = offer.noted(&key.public())?;
            Some(read.into_iter().map(|noted| noted.seq).collect::<Vec<_>>())
        };
        assert_eq!(noted(vec![]), Some(vec![]));
        assert_eq!(noted(vec![out(1), erased(8, &key), out(9)]), Some(vec![1, 8, 9]));
        assert_eq!(noted(vec![erased(8, &other)]), None, "the word of another server");
        assert_eq!(noted(vec![out(10)]), None, "said after the head");
        assert_eq!(noted(vec![out(0)]), None, "no entry has this number");
        assert_eq!(noted(vec![out(3), out(3)]), None, "two under one number");
        assert_eq!(noted(vec![out(4), out(3)]), None, "not as the log has them");
        let later = note(2, Note::Later { kind: 200, body: vec![1] });
        assert_eq!(noted(vec![later]), None, "nobody here can tell what that takes away");
        let update = EntryBody::Reference { update: ByteBuf::new() };
        assert_eq!(noted(vec![Entry { seq: 2, received: Timestamp(5), body: update }]), None, "no note");
    }
}
