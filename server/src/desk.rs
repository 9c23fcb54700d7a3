//! What the desk asks: which devices, how far the log is; and takes a device out.

use crate::log::{Counts, Device};
use crate::tenant::{Server, ServerError};
use crate::trail::DeskAct;
use sanben_domain::id::{DeviceId, PersonId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DeviceRow {
    /// The device.
    pub device: DeviceId,
    /// Whom it was enrolled for.
    pub person: PersonId,
    /// When.
    pub enrolled: Timestamp,
    /// When it was taken out.
    pub revoked: Option<Timestamp>,
}

impl From<Device> for DeviceRow {
    fn from(Device { id: device, person, enrolled, revoked, .. }: Device) -> Self {
        Self { device, person, enrolled, revoked }
    }
}

/// How far the log of a scope is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// The scope.
    pub scope: Scope,
    /// The number of its last entry.
    pub seq: u64,
}

impl Server {
    /// How much there is.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn counts(&self) -> Result<Counts, ServerError> {
        Ok(self.log.read()?.counts()?)
    }

    /// The devices, oldest first.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn devices(&self) -> Result<Vec<DeviceRow>, ServerError> {
        Ok(self.log.read()?.devices()?.into_iter().map(DeviceRow::from).collect())
    }

    /// How far the log is, by scope.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn positions(&self) -> Result<Vec<Position>, ServerError> {
        let heads = self.log.read()?.heads()?;
        Ok(heads.into_iter().map(|(scope, head)| Position { scope, seq: head.seq }).collect())
    }

    /// Takes a device out: what it hands in from now on goes into review, and everything it held is lost to it but
    /// its own undelivered work. `false` when there is no such device.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn revoke(&self, device: DeviceId) -> Result<bool, ServerError> {
        let mut tx = self.log.begin()?;
        let Some(held) = tx.device(device)? else { return Ok(false) };
        tx.revoke_device(device, self.now())?;
        if held.revoked.is_none() {
            let subjects = [device.to_string(), held.person.to_string()];
            self.deed(&mut *tx, DeskAct::Revoke, subjects, "")?;
        }
        tx.commit()?;
        Ok(true)
    }
}
