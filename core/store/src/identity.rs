//! Who the device is, and small values by key.

use crate::error::StoreError;
use crate::store::Store;
use sanben_domain::id::{DeviceId, PersonId, TenantId};
use sanben_sync::device::Identity;
use sanben_sync::keys::{PublicKey, SecretKey};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What enrolment gave the device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredIdentity {
    /// The tenant.
    pub tenant: TenantId,
    /// The device.
    pub device: DeviceId,
    /// The person it was enrolled for.
    pub person: PersonId,
    /// The seed of its key.
    pub seed: [u8; 32],
    /// The server's key, pinned.
    pub server: PublicKey,
    /// The certificate, as the server signed it.
    pub certificate: ByteBuf,
    /// Where the server is.
    pub url: String,
}

impl std::fmt::Debug for StoredIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredIdentity").field("device", &self.device).finish_non_exhaustive()
    }
}

impl StoredIdentity {
    /// What the sync session needs of it.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            tenant: self.tenant.clone(),
            device: self.device,
            person: self.person.clone(),
            key: SecretKey::from_seed(self.seed),
            server: self.server.clone(),
        }
    }
}

impl Store {
    /// Who the device is; `None` before enrolment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn identity(&self) -> Result<Option<StoredIdentity>, StoreError> {
        unimplemented!()
    }

    /// Keeps who the device is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_identity(&self, identity: &StoredIdentity) -> Result<(), StoreError> {
        let _ = identity;
        unimplemented!()
    }

    /// A small value of the caller's by key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let _ = key;
        unimplemented!()
    }

    /// Keeps a small value; `None` removes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        let _ = (key, value);
        unimplemented!()
    }
}
