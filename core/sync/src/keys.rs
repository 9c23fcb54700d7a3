//! Keys and signatures: Ed25519 (RFC 8032) with an algorithm id in front, so that SM2/SM3 can follow
//! without a new wire.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const ED25519: u8 = 1;

/// A public key: algorithm id, then the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(#[serde(with = "serde_bytes")] pub Vec<u8>);

/// A signature: algorithm id, then the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Signature(#[serde(with = "serde_bytes")] pub Vec<u8>);

/// A secret key of a device or a server. It is never printed or serialised as part of something else,
/// and is wiped when it is let go (by ed25519-dalek).
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

impl SecretKey {
    /// From 32 bytes of the caller's randomness, or as stored.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The seed, to be stored. It does not stay in memory.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.0.verifying_key().as_bytes());
        PublicKey(bytes)
    }

    /// The same key on the Montgomery form of the curve, with which others seal to it (RFC 7748).
    pub(crate) fn montgomery(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_scalar_bytes())
    }

    /// Signs `bytes` for a purpose; a signature for one purpose never fits another.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, bytes: &[u8]) -> Signature {
        let mut signature = vec![ED25519];
        signature.extend_from_slice(&self.0.sign(&purpose.message(bytes)).to_bytes());
        Signature(signature)
    }
}

impl PublicKey {
    /// Whether `signature` over `bytes` was made by this key for this purpose.
    #[must_use]
    pub fn verify(&self, purpose: Purpose, bytes: &[u8], signature: &Signature) -> bool {
        let (Some((&ED25519, key)), Some((&ED25519, signature))) =
            (self.0.split_first(), signature.0.split_first())
        else {
            return false;
        };
        let (Ok(key), Ok(signature)) =
            (<[u8; 32]>::try_from(key), ed25519_dalek::Signature::from_slice(signature))
        else {
            return false;
        };
        VerifyingKey::from_bytes(&key)
            .is_ok_and(|key| key.verify_strict(&purpose.message(bytes), &signature).is_ok())
    }

    /// The same key on the Montgomery form of the curve (RFC 7748); `None` when it is no key.
    pub(crate) fn montgomery(&self) -> Option<[u8; 32]> {
        let Some((&ED25519, key)) = self.0.split_first() else { return None };
        let key = VerifyingKey::from_bytes(&<[u8; 32]>::try_from(key).ok()?).ok()?;
        Some(key.to_montgomery().to_bytes())
    }

    /// SHA-256 of the key: what an invitation pins.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A device's manifest of a batch.
    Manifest,
    /// A device's request: method, path and body.
    Request,
    /// The server's answer to a request that its device has signed.
    Answer,
    /// The server's refusal of a request, as it came, that nobody known has signed.
    Refusal,
    /// The head of a scope's log.
    Head,
    /// A device's certificate.
    Certificate,
    /// The server's word that a document was erased.
    Erasure,
    /// What a bundle holds.
    Bundle,
}

impl Purpose {
    fn message(self, bytes: &[u8]) -> [u8; 32] {
        let name: &[u8] = match self {
            Self::Manifest => b"sanben manifest 1",
            Self::Request => b"sanben request 1",
            Self::Answer => b"sanben answer 1",
            Self::Refusal => b"sanben refusal 1",
            Self::Head => b"sanben head 1",
            Self::Certificate => b"sanben certificate 1",
            Self::Erasure => b"sanben erasure 1",
            Self::Bundle => b"sanben bundle 1",
        };
        Sha256::new().chain_update(name).chain_update([0]).chain_update(bytes).finalize().into()
    }
}
