//! What a device signs: a manifest of a batch of changes. The signed bytes are never encoded again, and
//! the server keeps them, so that a third party can check the author of any change years later.

use crate::chain::Link;
use crate::keys::{PublicKey, Purpose, SecretKey, Signature};
use sanben_document::{ChangeHash, decode, encode};
use sanben_domain::id::{DeviceId, DocumentId, PersonId, TenantId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};

/// The signed list of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form; 1.
    pub v: u16,
    /// The tenant the work is for.
    pub tenant: TenantId,
    /// The device that made the changes.
    pub device: DeviceId,
    /// The person who acted on it.
    pub person: PersonId,
    /// When the batch was made, by the device's clock.
    pub made: Timestamp,
    /// How far the author had the reference data and the people when they acted: their rights are judged
    /// by what held there. A head that is not of the log that judges is passed over.
    #[serde(default)]
    pub cited: Vec<Cited>,
    /// The changes, in order.
    pub items: Vec<ManifestItem>,
}

/// The head of a scope that an author had when they acted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cited {
    /// The scope.
    pub scope: Scope,
    /// The number of its last entry.
    pub seq: u64,
    /// The chain after it.
    pub link: Link,
}

/// One change of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestItem {
    /// The document.
    pub document: DocumentId,
    /// The scope the document lives in.
    pub home: Scope,
    /// The change.
    pub change: ChangeHash,
    /// SHA-256 of the intent beside it.
    #[serde(with = "serde_bytes")]
    pub intent: [u8; 32],
}

/// The reference data and the people: nothing else is cited.
const MAX_CITED: usize = 2;
/// A manifest without items is never larger, bytes.
const MANIFEST_BYTES: usize = 2048;
/// Nor is an item, bytes.
const ITEM_BYTES: usize = 1024;

/// A batch as it travels: the manifest's raw bytes, their signature, the changes in the manifest's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The manifest, as signed.
    pub manifest: ByteBuf,
    /// The device's signature over these bytes.
    pub signature: Signature,
    /// The changes.
    pub changes: Vec<ByteBuf>,
}

/// SHA-256 of a manifest's raw bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ManifestHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl Batch {
    /// Signs a manifest over changes given in the order of its items.
    #[must_use]
    pub fn sign(manifest: &Manifest, changes: Vec<Vec<u8>>, key: &SecretKey) -> Self {
        let manifest = encode(manifest);
        let signature = key.sign(Purpose::Manifest, &manifest);
        Self {
            manifest: ByteBuf::from(manifest),
            signature,
            changes: changes.into_iter().map(ByteBuf::from).collect(),
        }
    }

    /// The manifest, unverified: it says whose key to verify with.
    #[must_use]
    pub fn claimed(&self) -> Option<Manifest> {
        self.signed_list().filter(|manifest| manifest.items.len() == self.changes.len())
    }

    /// The manifest of a batch that was kept without its changes.
    #[must_use]
    pub fn signed_list(&self) -> Option<Manifest> {
        let manifest: Manifest = decode(&self.manifest)?;
        // It is kept for good: nothing but what it has to say.
        let room = MANIFEST_BYTES + ITEM_BYTES * manifest.items.len();
        let sound = manifest.v == 1 && manifest.cited.len() <= MAX_CITED && self.manifest.len() <= room;
        sound.then_some(manifest)
    }

    /// Whether the key signed this manifest.
    #[must_use]
    pub fn signed_by(&self, key: &PublicKey) -> bool {
        key.verify(Purpose::Manifest, &self.manifest, &self.signature)
    }

    /// The manifest's hash, part of the chain of every entry it brought.
    #[must_use]
    pub fn hash(&self) -> ManifestHash {
        ManifestHash(Sha256::digest(&self.manifest).into())
    }
}
