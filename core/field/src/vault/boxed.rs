//! Small things sealed with a key: XChaCha20-Poly1305 under a random nonce, which stands in front.

use crate::platform::Random;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

const NONCE: usize = 24;

/// Seals `plain`; `label` says what it is for and has to be the same when it is opened.
pub(super) fn seal(key: &[u8; 32], label: &[u8], plain: &[u8], random: &dyn Random) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE];
    random.fill(&mut nonce);
    let cipher = XChaCha20Poly1305::new(GenericArray::from_slice(key));
    let sealed = cipher.encrypt(GenericArray::from_slice(&nonce), Payload { msg: plain, aad: label }).ok()?;
    Some([nonce.as_slice(), &sealed].concat())
}

/// Opens it; `None` for another key or label, or when anything was changed.
pub(super) fn open(key: &[u8; 32], label: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let cipher = XChaCha20Poly1305::new(GenericArray::from_slice(key));
    let plain = cipher.decrypt(GenericArray::from_slice(nonce), Payload { msg: sealed, aad: label }).ok()?;
    Some(Zeroizing::new(plain))
}
