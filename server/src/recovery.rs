//! A forgotten PIN: the codes that a device seals its store's key with, and reading one of them out at the desk. None is
//! kept here: each follows from the server's key, the device and a number.

use crate::call::{Call, Code as Refused, Fault};
use crate::desk::DeviceRow;
use crate::log::LogError;
use crate::tenant::{Server, ServerError};
use crate::trail::DeskAct;
use sanben_sync::frame::unpack;
use sanben_sync::recovery::{Challenge, RecoveryCode, RecoveryCodes, RecoveryRequest, code};

/// A request is a few bytes.
const MAX_REQUEST_BYTES: usize = 1024;

/// Why no code is read out.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// No device of this server shows that.
    #[error("no device enrolled here shows this; have it read out again")]
    UnknownDevice,
    /// The device was taken out, as lost or stolen devices are.
    #[error("this device was taken out: it gets no code any more")]
    Revoked,
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<LogError> for RecoveryError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

impl Server {
    /// The next codes of the device that asks, sealed to its key.
    pub(crate) fn recovery_codes(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        let device = self.caller(&*self.log.read()?, call)?;
        let request: RecoveryRequest = unpack(&call.body, MAX_REQUEST_BYTES)?;
        let mut random = [0; 32];
        (self.random)(&mut random);
        let sealed = RecoveryCodes::seal(&request, &self.secret, (device.id, &device.key), random);
        sealed.ok_or_else(|| Refused::Malformed.into())
    }

    /// The code for what a locked device shows, and whose device it is. The trail notes for which device, never the code.
    ///
    /// # Errors
    /// [`RecoveryError`].
    pub fn recovery_code(&self, challenge: &Challenge) -> Result<(DeviceRow, RecoveryCode), RecoveryError> {
        let mut tx = self.log.begin()?;
        let shown = tx.devices()?.into_iter().find(|device| challenge.is_of(device.id));
        let device = shown.ok_or(RecoveryError::UnknownDevice)?;
        if device.revoked.is_some() {
            return Err(RecoveryError::Revoked);
        }
        let code = code(&self.secret, device.id, challenge.number);
        self.deed(&mut *tx, DeskAct::RecoveryCode, [device.id.to_string(), device.person.to_string()], "")?;
        tx.commit()?;
        Ok((device.into(), code))
    }
}
