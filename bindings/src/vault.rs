//! An encrypted store and its PIN. The platform's keystore is the shell's, given in as [`Keystore`].

use crate::failure::{FieldFailure, guarded};
use crate::field::Field;
use sanben_field::{KeystoreError, Platform};
use std::path::Path;
use std::sync::Arc;

/// Why the keystore did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeystoreFailure {
    /// Its key is gone, or what should be opened was not sealed with it. The store is kept as it is.
    #[error("lost")]
    Lost,
    /// It cannot answer now: the device is locked, or its hardware is busy.
    #[error("unavailable")]
    Unavailable,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeystoreFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable
    }
}

/// The platform's keystore: seals a few hundred bytes with a key that never leaves the device, and opens them again.
/// Authenticated encryption, such as AES-GCM.
#[uniffi::export(with_foreign)]
pub trait Keystore: Send + Sync {
    /// Seals.
    ///
    /// # Errors
    /// [`KeystoreFailure`].
    fn wrap(&self, plain: Vec<u8>) -> Result<Vec<u8>, KeystoreFailure>;

    /// Opens what was sealed here.
    ///
    /// # Errors
    /// [`KeystoreFailure::Lost`] for anything else.
    fn open(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, KeystoreFailure>;
}

/// A foreign keystore as the core knows it.
struct OfShell(Arc<dyn Keystore>);

impl sanben_field::Keystore for OfShell {
    fn wrap(&self, plain: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        self.0.wrap(plain.to_vec()).map_err(KeystoreError::from)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        self.0.open(wrapped.to_vec()).map_err(KeystoreError::from)
    }
}

impl From<KeystoreFailure> for KeystoreError {
    fn from(failure: KeystoreFailure) -> Self {
        match failure {
            KeystoreFailure::Lost => Self::Lost,
            KeystoreFailure::Unavailable => Self::Unavailable,
        }
    }
}

impl From<KeystoreError> for KeystoreFailure {
    fn from(error: KeystoreError) -> Self {
        match error {
            KeystoreError::Lost => Self::Lost,
            KeystoreError::Unavailable => Self::Unavailable,
        }
    }
}

/// A keystore that is a file: it does not protect. For tests and for machines without one.
#[derive(Debug, uniffi::Object)]
pub struct UnprotectedKeystore(sanben_field::UnprotectedKeystore);

#[uniffi::export]
impl UnprotectedKeystore {
    /// The key in this file, made when it is first needed.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(file: &str) -> Self {
        Self(sanben_field::UnprotectedKeystore::at(Path::new(file), Platform::system().random))
    }

    /// Seals.
    ///
    /// # Errors
    /// [`KeystoreFailure`].
    pub fn wrap(&self, plain: Vec<u8>) -> Result<Vec<u8>, KeystoreFailure> {
        Ok(sanben_field::Keystore::wrap(&self.0, &plain)?)
    }

    /// Opens what was sealed here.
    ///
    /// # Errors
    /// [`KeystoreFailure::Lost`] for anything else.
    pub fn open(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, KeystoreFailure> {
        Ok(sanben_field::Keystore::unwrap(&self.0, &wrapped)?)
    }
}

/// How the store of a folder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum VaultState {
    /// There is none yet.
    New,
    /// There is one that is not encrypted: `Field.open` opens it.
    Plain,
    /// It wants its PIN.
    Locked {
        /// How long no PIN is tried, ms; 0 for not at all.
        wait_millis: i64,
        /// There is a way back for a forgotten PIN.
        recoverable: bool,
    },
    /// What would open it is damaged; the files are left as they are.
    Lost,
}

impl From<sanben_field::VaultState> for VaultState {
    fn from(state: sanben_field::VaultState) -> Self {
        match state {
            sanben_field::VaultState::New => Self::New,
            sanben_field::VaultState::Plain => Self::Plain,
            sanben_field::VaultState::Locked { wait_ms, recoverable } => {
                Self::Locked { wait_millis: wait_ms, recoverable }
            }
            sanben_field::VaultState::Lost => Self::Lost,
        }
    }
}

/// Whether this library keeps encrypted stores.
#[uniffi::export]
#[must_use]
pub fn encrypts() -> bool {
    sanben_field::ENCRYPTS
}

/// Whether a PIN would be refused as guessed at once; for saying so while it is typed.
#[uniffi::export]
#[must_use]
pub fn is_weak_pin(pin: &str) -> bool {
    sanben_field::is_weak(pin)
}

/// The encrypted store of one folder. Keep one for as long as the folder may be unlocked: the wait after wrong PINs is
/// counted while it lives. Every call that takes a PIN works for a noticeable part of a second, on purpose.
#[derive(Debug, uniffi::Object)]
pub struct Vault(sanben_field::Vault);

#[uniffi::export]
impl Vault {
    /// The vault of a folder; nothing is read yet.
    #[uniffi::constructor]
    pub fn new(dir: &str, keystore: Arc<dyn Keystore>) -> Self {
        Self(sanben_field::Vault::at(Path::new(dir), Platform::system(), Arc::new(OfShell(keystore))))
    }

    /// How the folder's store stands.
    ///
    /// # Errors
    /// [`FieldFailure::File`].
    pub fn state(&self) -> Result<VaultState, FieldFailure> {
        guarded(|| Ok(self.0.state()?.into()))
    }

    /// Makes an encrypted store under a PIN.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for a weak PIN, [`FieldFailure::AlreadyEnrolled`] where there is a store,
    /// [`FieldFailure::KeyUnavailable`], [`FieldFailure::NotEncrypting`].
    pub fn create(&self, pin: &str) -> Result<Field, FieldFailure> {
        guarded(|| Ok(Field(self.0.create(pin)?)))
    }

    /// Makes a store that is not encrypted ([`VaultState::Plain`]) an encrypted one under a PIN. Nobody may have it open;
    /// takes as long as writing all of it anew. A kill leaves the one or the other, whole.
    ///
    /// # Errors
    /// As `create`; [`FieldFailure::Busy`], [`FieldFailure::Full`], [`FieldFailure::CorruptStore`]. The store is as it
    /// was then.
    pub fn encrypt(&self, pin: &str) -> Result<Field, FieldFailure> {
        guarded(|| Ok(Field(self.0.encrypt(pin)?)))
    }

    /// Opens the store with its PIN.
    ///
    /// # Errors
    /// [`FieldFailure::WrongPin`], [`FieldFailure::PinWait`], [`FieldFailure::KeyLost`],
    /// [`FieldFailure::KeyUnavailable`]; as `Field.open`.
    pub fn unlock(&self, pin: &str) -> Result<Field, FieldFailure> {
        guarded(|| Ok(Field(self.0.unlock(pin)?)))
    }

    /// What somebody who forgot the PIN reads to the desk; `None` while the server has given no codes.
    ///
    /// # Errors
    /// [`FieldFailure::KeyLost`], [`FieldFailure::Full`].
    pub fn challenge(&self) -> Result<Option<String>, FieldFailure> {
        guarded(|| Ok(self.0.challenge()?.map(|challenge| challenge.to_string())))
    }

    /// Opens the store with the code from the desk, and gives it a new PIN.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for a mistyped code or a weak PIN, [`FieldFailure::WrongRecoveryCode`],
    /// [`FieldFailure::NoRecovery`]; as `unlock`.
    pub fn recover(&self, code: &str, pin: &str) -> Result<Field, FieldFailure> {
        guarded(|| Ok(Field(self.0.recover(code, pin)?)))
    }
}

#[uniffi::export]
impl Field {
    /// Whether this store is encrypted.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn is_encrypted(&self) -> Result<bool, FieldFailure> {
        self.call(|field| Ok(field.is_encrypted()))
    }

    /// Gives an encrypted store another PIN; a wrong old one counts as a try.
    ///
    /// # Errors
    /// [`FieldFailure::WrongPin`], [`FieldFailure::PinWait`], [`FieldFailure::Invalid`] for a weak one,
    /// [`FieldFailure::NotEncrypting`].
    pub fn change_pin(&self, old: &str, new: &str) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.change_pin(old, new)?))
    }
}
