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

/// A file of mailbags is never larger, bytes.
pub const MAX_FILE_BYTES: usize = 256 * 1024 * 1024;

const MAGIC: &[u8] = b"SANBEN MAILBAG 1\n";
/// Several in one file, each behind its length.
const MANY: &[u8] = b"SANBEN MAILBAGS 1\n";
const KEY_BYTES: usize = 32;

/// The receipt for a mailbag: it arrived and was opened. What becomes of the work in it only its author learns, but
/// whoever carries it has to know whether the server has all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// SHA-256 of the mailbag.
    #[serde(with = "serde_bytes")]
    pub hash: [u8; 32],
    /// How many changes were in it.
    pub changes: u64,
    /// When it arrived.
    pub received: Timestamp,
    /// Of the changes, how many the server could not judge yet and kept nothing of: the mailbag has to come again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub later: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
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

/// The bytes of a file with these mailbags, in their order. One is its own file.
#[must_use]
pub fn to_file(mailbags: &[Vec<u8>]) -> Vec<u8> {
    if let [one] = mailbags {
        return one.clone();
    }
    let mut file = MANY.to_vec();
    for mailbag in mailbags {
        file.extend(u32::try_from(mailbag.len()).unwrap_or(u32::MAX).to_be_bytes());
        file.extend(mailbag);
    }
    file
}

/// The mailbags in a file, in their order, as far as a carrier can see.
///
/// # Errors
/// [`MailbagError`] when one of them is none: then nothing of the file is taken.
pub fn in_file(file: &[u8]) -> Result<Vec<&[u8]>, MailbagError> {
    if file.len() > MAX_FILE_BYTES {
        return Err(MailbagError::TooLarge);
    }
    let Some(mut rest) = file.strip_prefix(MANY) else {
        look(file)?;
        return Ok(vec![file]);
    };
    let mut found = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (mailbag, behind) = behind.split_at_checked(length).ok_or(MailbagError::NotOne)?;
        look(mailbag)?;
        found.push(mailbag);
        rest = behind;
    }
    if rest.is_empty() && !found.is_empty() { Ok(found) } else { Err(MailbagError::NotOne) }
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
    use crate::frame::unpack;
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

    #[test]
    fn a_file_holds_its_mailbags_in_order_and_half_of_it_is_none() {
        let server = SecretKey::from_seed([1; 32]).public();
        let bags: Vec<Vec<u8>> =
            (1..4).map(|n| seal(&[batch(&[n; 40])], &server, [n; 32]).unwrap()).collect();
        let file = to_file(&bags);
        assert_eq!(in_file(&file).unwrap(), bags);
        assert_eq!(to_file(&bags[..1]), bags[0], "one is what it always was");
        assert_eq!(in_file(&bags[0]).unwrap(), bags[..1]);
        for end in 0..file.len() {
            let whole = in_file(&file[..end]).is_ok_and(|found| found == bags[..found.len()]);
            assert!(whole || in_file(&file[..end]).is_err(), "{end}");
        }
        assert_eq!(in_file(&to_file(&[])), Err(MailbagError::NotOne));
        assert_eq!(in_file(&[MANY, &[0xff; 40]].concat()), Err(MailbagError::NotOne));
    }

    #[test]
    fn a_receipt_of_an_older_server_leaves_nothing_for_later() {
        #[derive(Serialize)]
        struct Older {
            #[serde(with = "serde_bytes")]
            hash: [u8; 32],
            changes: u64,
            received: Timestamp,
        }
        let (hash, changes, received) = ([7; 32], 3, Timestamp(5));
        let older = pack(&Older { hash, changes, received });
        let carried = Carried { hash, changes, received, later: 0 };
        assert_eq!(unpack::<Carried>(&older, 1024).as_ref(), Ok(&carried));
        assert_eq!(pack(&carried), older, "and an older device reads ours");
        let later = Carried { later: 2, ..carried };
        assert_eq!(unpack::<Carried>(&pack(&later), 1024), Ok(later));
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
