//! The platform's keystore: a key that never leaves this device.

use super::boxed::{open, seal};
use crate::platform::Random;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Why the keystore did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeystoreError {
    /// Its key is gone (the phone was reset, its lock was taken off, the app's data were copied to another one), or
    /// what should be opened was not sealed with it.
    #[error("the keystore has lost the key")]
    Lost,
    /// It cannot answer now: the device is locked, or its hardware is busy.
    #[error("the keystore does not answer now")]
    Unavailable,
}

/// Seals and opens small things with a key that never leaves the device, authenticated. A phone brings its own
/// (Android's keystore, the keychain); calls may take tens of milliseconds.
pub trait Keystore: Send + Sync {
    /// Seals a few hundred bytes.
    ///
    /// # Errors
    /// [`KeystoreError`].
    fn wrap(&self, plain: &[u8]) -> Result<Vec<u8>, KeystoreError>;

    /// Opens what [`Keystore::wrap`] sealed.
    ///
    /// # Errors
    /// [`KeystoreError::Lost`] for anything else.
    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, KeystoreError>;
}

/// A keystore that is a file: whoever copies it has the key, so that it **does not protect**. For tests, and for
/// machines that have nothing better; the PIN alone is then what stands before the data.
pub struct UnprotectedKeystore {
    file: PathBuf,
    random: Arc<dyn Random>,
}

impl std::fmt::Debug for UnprotectedKeystore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnprotectedKeystore")
    }
}

const LABEL: &[u8] = b"sanben unprotected keystore 1";

impl UnprotectedKeystore {
    /// The key in this file, made when it is first needed. Keep it out of the store's folder.
    #[must_use]
    pub fn at(file: &Path, random: Arc<dyn Random>) -> Self {
        Self { file: file.to_owned(), random }
    }

    fn key(&self) -> Result<Zeroizing<[u8; 32]>, KeystoreError> {
        let bytes = Zeroizing::new(fs::read(&self.file).map_err(|error| match error.kind() {
            ErrorKind::NotFound => KeystoreError::Lost,
            _ => KeystoreError::Unavailable,
        })?);
        let key = bytes.as_slice().try_into().map_err(|_| KeystoreError::Lost)?;
        Ok(Zeroizing::new(key))
    }

    fn make(&self) -> std::io::Result<()> {
        let mut key = Zeroizing::new([0; 32]);
        self.random.fill(key.as_mut_slice());
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.file)?;
        file.write_all(key.as_slice())?;
        file.sync_all()
    }
}

impl Keystore for UnprotectedKeystore {
    fn wrap(&self, plain: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        if !self.file.exists() {
            self.make().map_err(|_| KeystoreError::Unavailable)?;
        }
        seal(&*self.key()?, LABEL, plain, &*self.random).ok_or(KeystoreError::Unavailable)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        let plain = open(&*self.key()?, LABEL, wrapped).ok_or(KeystoreError::Lost)?;
        Ok(plain.to_vec())
    }
}
