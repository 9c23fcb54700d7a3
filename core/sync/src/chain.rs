//! The chain of a scope's log: each entry binds everything before it, and the server signs the head. A
//! device that kept an earlier head sees a log that was rolled back, forked or edited.

use crate::keys::{PublicKey, Purpose, SecretKey, Signature};
use crate::wire::{Entry, EntryBody};
use sanben_document::encode;
use sanben_domain::id::Epoch;
use sanben_domain::rights::Scope;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The chain value after an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Link(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl Link {
    /// Where the chain of a scope begins in a life of the log.
    #[must_use]
    pub fn genesis(epoch: Epoch, scope: &Scope) -> Self {
        Self(Sha256::digest(encode(&("sanben chain 1", epoch, scope))).into())
    }

    /// The chain after `entry`. It covers number, kind, receipt time, document, change hash and manifest
    /// hash, not the bytes themselves: the hashes stand for them, so that an erased document's bytes can
    /// go while the chain still verifies.
    #[must_use]
    pub fn then(self, entry: &Entry) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        hasher.update(entry.seq.to_be_bytes());
        hasher.update(entry.received.0.to_be_bytes());
        match &entry.body {
            EntryBody::Change { document, hash, manifest, .. }
            | EntryBody::Echo { document, hash, manifest }
            | EntryBody::Erased { document, hash, manifest } => {
                hasher.update([1]);
                hasher.update(document.0.as_bytes());
                hasher.update(hash.0);
                hasher.update(manifest.0);
            }
            EntryBody::Reference { update } => {
                hasher.update([2]);
                hasher.update(Sha256::digest(update));
            }
            EntryBody::Note { kind, body } => {
                hasher.update([*kind]);
                hasher.update(Sha256::digest(body));
            }
        }
        Self(hasher.finalize().into())
    }
}

/// The head of a scope's log, signed by the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// Number of the last entry.
    pub seq: u64,
    /// The chain after it.
    pub link: Link,
    /// The server's signature over epoch, scope, number and chain.
    pub signature: Signature,
}

impl SignedHead {
    /// Signs a head.
    #[must_use]
    pub fn sign(epoch: Epoch, scope: &Scope, seq: u64, link: Link, key: &SecretKey) -> Self {
        Self { seq, link, signature: key.sign(Purpose::Head, &encode(&(epoch, scope, seq, link))) }
    }

    /// Whether the server signed this head of this scope.
    #[must_use]
    pub fn verify(&self, epoch: Epoch, scope: &Scope, key: &PublicKey) -> bool {
        key.verify(Purpose::Head, &encode(&(epoch, scope, self.seq, self.link)), &self.signature)
    }
}
