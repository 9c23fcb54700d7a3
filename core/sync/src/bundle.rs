//! Beginning with a bundle instead of every entry: what a scope's log came to at a head, prepared by the server
//! in blocks that a device fetches one by one, in whatever order lines allow, and keeps without looking into every
//! document first.
//!
//! An offer says to which signed head the bundle reaches and what each block is by its hash, and is signed by the
//! server. So a block is believed wherever it came from, and the log goes on behind it as from any other cursor.

use crate::chain::SignedHead;
use crate::keys::{PublicKey, Purpose, SecretKey, Signature};
use crate::note::{Note, Noted};
use sanben_document::{decode, encode};
use sanben_domain::id::Epoch;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
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

/// What the log says beside changes, in an offer: its bytes as they stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its number in the scope.
    pub seq: u64,
    /// When the server made it durable.
    pub received: Timestamp,
    /// Kind and bytes ([`Note::written`]).
    pub kind: u8,
    /// See `kind`.
    pub body: ByteBuf,
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
    /// it is in the blocks.
    pub gone: Vec<Said>,
    /// Its blocks; what was worked on last comes first.
    pub blocks: Vec<Block>,
}

impl Offer {
    /// What it says is gone; nothing when a part is unreadable, of a later version or without the server's own word.
    #[must_use]
    pub fn noted(&self, key: &PublicKey) -> Option<Vec<Noted>> {
        let noted = |said: &Said| {
            let note = Note::read(said.kind, &said.body)?;
            let known = match &note {
                Note::Erase(erasure) => erasure.verify(key),
                Note::DocOut { .. } => true,
                Note::Later { .. } => false,
            };
            let (seq, received) = (said.seq, said.received);
            (known && seq <= self.head.seq).then(|| Noted { scope: self.scope.clone(), seq, received, note })
        };
        self.gone.iter().map(noted).collect()
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
