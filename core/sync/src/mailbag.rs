//! Work carried by hand: signed batches in a file that another device or a person takes along to the server.
//!
//! A mailbag is sealed to the server's key, which every device pins at enrolment, so its carrier can neither read
//! nor change it, and its work is judged by who signed it, as if its author had sent it. The seal is an ephemeral
//! X25519 key and XChaCha20-Poly1305 (the construction of NaCl's sealed boxes); the server's X25519 key is its
//! Ed25519 key on the other form of the same curve (RFC 7748, section 4.1).

use crate::frame::{pack, unpack_of};
use crate::keys::{PublicKey, SecretKey};
use crate::manifest::Batch;
use crate::wire::MAX_MESSAGE_BYTES;
use crate::wire::MAX_REQUEST_PARTS;
use crypto_box::aead::Aead;
use crypto_box::{ChaChaBox, Nonce};
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Mailbags are handed in by `POST` at this path; the answer is [`Carried`].
pub const MAILBAG_PATH: &str = "/v1/mailbag";
/// A mailbag is never larger, bytes.
pub const MAX_MAILBAG_BYTES: usize = MAX_MESSAGE_BYTES;

const MAGIC: &[u8] = b"SANBEN MAILBAG 1\n";
const KEY_BYTES: usize = 32;

/// The receipt for a mailbag: it arrived and was opened. What becomes of the work in it only its author learns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// SHA-256 of the mailbag.
    #[serde(with = "serde_bytes")]
    pub hash: [u8; 32],
    /// How many changes were in it.
    pub changes: u64,
    /// When it arrived.
    pub received: Timestamp,
}

/// Why a mailbag cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailbagError {
    /// It is none, or of a later version.
    #[error("this file is no mailbag of this program: export it again")]
    NotOne,
    /// It was sealed for another server, or changed on the way.
    #[error("this mailbag is for another server or was damaged on the way: export it again")]
    Sealed,
    /// It is larger than a mailbag can be.
    #[error("this mailbag is too large: export it again")]
    TooLarge,
}

/// Seals batches to the server. `random` is used for this mailbag and for nothing else.
///
/// # Errors
/// [`MailbagError::TooLarge`]: export less; [`MailbagError::Sealed`] when the key is none.
pub fn seal(batches: &[Batch], server: &PublicKey, random: [u8; 32]) -> Result<Vec<u8>, MailbagError> {
    let bytes = seal_to(MAGIC, &pack(&batches), server, random).ok_or(MailbagError::Sealed)?;
    if bytes.len() > MAX_MAILBAG_BYTES { Err(MailbagError::TooLarge) } else { Ok(bytes) }
}

/// Whether these bytes look like a mailbag: all that a carrier can see.
///
/// # Errors
/// [`MailbagError`].
pub fn look(bytes: &[u8]) -> Result<(), MailbagError> {
    if bytes.len() > MAX_MAILBAG_BYTES {
        return Err(MailbagError::TooLarge);
    }
    parts(MAGIC, bytes).map(drop).ok_or(MailbagError::NotOne)
}

/// Opens a mailbag with the server's key.
///
/// # Errors
/// [`MailbagError`].
pub fn open(bytes: &[u8], server: &SecretKey) -> Result<Vec<Batch>, MailbagError> {
    look(bytes)?;
    let plain = open_sealed(MAGIC, bytes, server).ok_or(MailbagError::Sealed)?;
    unpack_of(&plain, MAX_MAILBAG_BYTES, MAX_REQUEST_PARTS).map_err(|_| MailbagError::Sealed)
}

/// Seals to the owner of a key; `magic` says what it is, and keeps one kind from standing for another.
pub(crate) fn seal_to(magic: &[u8], plain: &[u8], to: &PublicKey, random: [u8; 32]) -> Option<Vec<u8>> {
    let theirs = crypto_box::PublicKey::from(to.montgomery()?);
    let ours = crypto_box::SecretKey::from(random);
    let public = *ours.public_key().as_bytes();
    let nonce = nonce(magic, &public, theirs.as_bytes());
    let sealed = ChaChaBox::new(&theirs, &ours).encrypt(&nonce, plain).ok()?;
    Some([magic, &public, &sealed].concat())
}

/// Opens what [`seal_to`] sealed.
pub(crate) fn open_sealed(magic: &[u8], bytes: &[u8], key: &SecretKey) -> Option<Vec<u8>> {
    let (public, sealed) = parts(magic, bytes)?;
    let ours = crypto_box::SecretKey::from(*key.montgomery());
    let nonce = nonce(magic, &public, ours.public_key().as_bytes());
    ChaChaBox::new(&crypto_box::PublicKey::from(public), &ours).decrypt(&nonce, sealed).ok()
}

fn parts<'a>(magic: &[u8], bytes: &'a [u8]) -> Option<([u8; KEY_BYTES], &'a [u8])> {
    let (public, sealed) = bytes.strip_prefix(magic)?.split_first_chunk()?;
    Some((*public, sealed))
}

/// Both keys go in: an ephemeral key is never used twice, so neither is this.
fn nonce(magic: &[u8], ours: &[u8; KEY_BYTES], theirs: &[u8; KEY_BYTES]) -> Nonce {
    let hash = Sha256::new().chain_update(magic).chain_update(ours).chain_update(theirs).finalize();
    let mut nonce = Nonce::default();
    nonce.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_bytes::ByteBuf;

    fn batch(work: &[u8]) -> Batch {
        let signature = crate::keys::Signature(vec![1; 65]);
        Batch {
            manifest: ByteBuf::from(work.to_vec()),
            signature,
            changes: vec![ByteBuf::from(work.to_vec())],
        }
    }

    #[test]
    fn only_its_server_opens_a_mailbag_and_its_carrier_reads_nothing() {
        let (server, other) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
        let batches = vec![batch("南入口有大片垃圾".as_bytes())];
        let bag = seal(&batches, &server.public(), [3; 32]).unwrap();
        assert_eq!(look(&bag), Ok(()));
        let words = "大片垃圾".as_bytes();
        assert!(!bag.windows(words.len()).any(|window| window == words));
        assert_eq!(open(&bag, &server).unwrap(), batches);
        assert_eq!(open(&bag, &other), Err(MailbagError::Sealed));
        assert_eq!(open(b"PK\x03\x04", &server), Err(MailbagError::NotOne));
        assert_eq!(look(&vec![0; MAX_MAILBAG_BYTES + 1]), Err(MailbagError::TooLarge));
    }

    proptest! {
        #[test]
        fn a_changed_mailbag_is_not_opened(at in any::<prop::sample::Index>(), flip in 1u8..) {
            let server = SecretKey::from_seed([1; 32]);
            let mut bag = seal(&[batch(b"work")], &server.public(), [3; 32]).unwrap();
            let place = at.index(bag.len());
            bag[place] ^= flip;
            // The topmost bit of an X25519 key says nothing (RFC 7748, section 5), but the nonce covers it.
            prop_assert!(open(&bag, &server).is_err());
        }
    }
}
