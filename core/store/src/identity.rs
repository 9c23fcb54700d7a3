//! Who the device is, and small values by key.

use crate::error::StoreError;
use crate::store::Store;
use rusqlite::{Connection, OptionalExtension};
use sanben_document::{decode, encode};
use sanben_domain::id::{DeviceId, PersonId, TenantId};
use sanben_sync::device::Identity;
use sanben_sync::keys::{PublicKey, SecretKey};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use zeroize::Zeroizing;

const IDENTITY: &str = "identity";
/// Before the caller's keys, so that they never meet ours.
const CALLER: &str = "caller/";

/// What enrolment gave the device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredIdentity {
    /// The tenant.
    pub tenant: TenantId,
    /// The device.
    pub device: DeviceId,
    /// The person it was enrolled for.
    pub person: PersonId,
    /// The seed of its key, wiped when it is let go.
    pub seed: Zeroizing<[u8; 32]>,
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
            key: SecretKey::from_seed(*self.seed),
            server: self.server.clone(),
        }
    }
}

/// What every act asks for, kept from the first who asked until it is written again.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    /// How often it was forgotten: what was read from the file before is not kept after.
    pub(crate) generation: u64,
    identity: Option<StoredIdentity>,
    pub(crate) clock_offset: Option<Option<i64>>,
}

impl Remembered {
    pub(crate) fn forget(&mut self) {
        *self = Self { generation: self.generation + 1, ..Self::default() };
    }
}

impl Store {
    /// Who the device is; `None` before enrolment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn identity(&self) -> Result<Option<StoredIdentity>, StoreError> {
        let (identity, generation) = {
            let remembered = self.remembered();
            (remembered.identity.clone(), remembered.generation)
        };
        if identity.is_some() {
            return Ok(identity);
        }
        let Some(bytes) = self.read(|connection| get(connection, IDENTITY))? else { return Ok(None) };
        let identity: Option<StoredIdentity> = decode(&bytes);
        let identity =
            identity.ok_or_else(|| StoreError::Corrupt("the identity is unreadable".to_owned()))?;
        let mut remembered = self.remembered();
        if remembered.generation == generation {
            remembered.identity = Some(identity.clone());
        }
        Ok(Some(identity))
    }

    /// Keeps who the device is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_identity(&self, identity: &StoredIdentity) -> Result<(), StoreError> {
        self.write(|writing| set(writing, IDENTITY, Some(&encode(identity))))?;
        self.remembered().forget();
        Ok(())
    }

    /// A small value of the caller's by key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|connection| get(connection, &format!("{CALLER}{key}")))
    }

    /// Keeps a small value; `None` removes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        self.write(|writing| set(writing, &format!("{CALLER}{key}"), value))
    }
}

pub(crate) fn get(connection: &Connection, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn set(connection: &Connection, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
    match value {
        Some(value) => connection
            .prepare_cached(
                "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
            )?
            .execute((key, value))?,
        None => connection.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?,
    };
    Ok(())
}
