//! The vault: a store whose key lies on the disk only wrapped, and opens with a PIN, offline.
//!
//! The store's key is 32 random bytes. Argon2id makes a key of the PIN, which seals it; what comes out is wrapped by the
//! platform's keystore ([`Keystore`]). So a copied disk is of no use even with the PIN, and the keystore alone neither.
//! Wrong PINs make whoever tries wait ([`attempts`]); nothing is ever wiped, because unsent work may be inside.
//!
//! Files, beside what the store keeps: `vault` ([`file`]) and `vault-attempts`. What protects against whom, and what
//! does not: docs/adr/0030.
//!
//! - [`Vault::create`], [`Vault::unlock`] give the open [`Field`]; [`Field::change_pin`] needs the old PIN.
//! - [`Vault::encrypt`]: the same of a store that lies open, from a build without encryption.
//! - [`Vault::challenge`], [`Vault::recover`]: the way back for a forgotten PIN, without a network.
//! - [`FieldError::KeyLost`]: the keystore has no key for this any more. The files are left as they are.

mod attempts;
mod boxed;
mod file;
mod keystore;
mod pin;
mod recovery;

pub use keystore::{Keystore, KeystoreError, UnprotectedKeystore};
pub use pin::{LEAST_PIN, PinCost, is_weak};

use crate::Field;
use crate::error::FieldError;
use crate::invalid::Invalid;
use crate::platform::Platform;
use attempts::Attempts;
use file::VaultFile;
use pin::PinBox;
use sanben_document::{decode, encode};
use sanben_domain::id::DeviceId;
use sanben_store::{Encrypting, Salvaged, Store, StoreKey, VAULT, is_sealed, salvage_encrypted, settle};
use sanben_sync::recovery::{Challenge, RecoveryCode, RecoveryCodes, RecoveryRequest};
use serde_bytes::ByteBuf;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

/// Whether this build keeps encrypted stores.
pub const ENCRYPTS: bool = Store::ENCRYPTS;
const ATTEMPTS: &str = "vault-attempts";

/// How a folder's store stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// There is no store yet.
    New,
    /// There is one that is not encrypted.
    Plain,
    /// It wants its PIN.
    Locked {
        /// How long no PIN is tried, ms; 0 for not at all.
        wait_ms: i64,
        /// There is a way back for a forgotten PIN.
        recoverable: bool,
    },
    /// What would open it is damaged. The files are left as they are.
    Lost,
}

/// The encrypted store of one folder. Keep one for as long as its folder may be unlocked: the wait after wrong PINs is
/// counted while it lives.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    platform: Platform,
    keystore: Arc<dyn Keystore>,
    cost: PinCost,
    /// Held while a PIN is tried or the file is written; read when first needed.
    attempts: Mutex<Option<Attempts>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// The vault of a folder. Nothing is read yet.
    #[must_use]
    pub fn at(dir: &Path, platform: Platform, keystore: Arc<dyn Keystore>) -> Self {
        Self::with_cost(dir, platform, keystore, PinCost::default())
    }

    /// The same with another price of a guess.
    #[must_use]
    pub fn with_cost(dir: &Path, platform: Platform, keystore: Arc<dyn Keystore>, cost: PinCost) -> Self {
        Self(Arc::new(Inner { dir: dir.to_owned(), platform, keystore, cost, attempts: Mutex::new(None) }))
    }

    /// How the folder's store stands.
    ///
    /// # Errors
    /// [`FieldError::File`]; [`FieldError::Busy`] while somebody encrypts it.
    pub fn state(&self) -> Result<VaultState, FieldError> {
        settle(&self.0.dir)?;
        if !self.path().exists() {
            return Ok(match self.0.dir.join("sanben.db").exists() {
                false => VaultState::New,
                true if is_sealed(&self.0.dir)? => VaultState::Lost,
                true => VaultState::Plain,
            });
        }
        let recoverable = match file::read(&self.path()) {
            Ok(file) => file.recovery.is_some_and(|recovery| !recovery.numbers.is_empty()),
            Err(FieldError::KeyLost(_)) => return Ok(VaultState::Lost),
            Err(error) => return Err(error),
        };
        let wait_ms = self.counted(|attempts, now| Ok(attempts.wait_ms(now)))?;
        Ok(VaultState::Locked { wait_ms, recoverable })
    }

    /// Makes an encrypted store under a PIN.
    ///
    /// # Errors
    /// [`Invalid::WeakPin`], [`FieldError::AlreadyEnrolled`] where there is a store, [`FieldError::KeyUnavailable`],
    /// [`FieldError::NotEncrypting`].
    pub fn create(&self, pin: &str) -> Result<Field, FieldError> {
        if !Store::ENCRYPTS {
            return Err(FieldError::NotEncrypting);
        }
        strong(pin)?;
        if self.state()? != VaultState::New {
            return Err(FieldError::AlreadyEnrolled);
        }
        std::fs::create_dir_all(&self.0.dir).map_err(file::of_write)?;
        let key = self.new_key();
        // The key is kept before anything is written with it.
        self.begin(&key, pin, &self.0.dir)?;
        self.open(key)
    }

    /// Makes the store of the folder, which lies open, an encrypted one under a PIN: for an app that was updated from a
    /// build without encryption. Nobody may have it open. Takes as long as writing it anew, and as much room; a kill
    /// leaves the one store or the other, whole.
    ///
    /// # Errors
    /// [`Invalid::WeakPin`], [`FieldError::AlreadyEnrolled`] where there is no such store, [`FieldError::Busy`],
    /// [`FieldError::Full`], [`FieldError::Corrupt`], [`FieldError::KeyUnavailable`], [`FieldError::NotEncrypting`];
    /// the store is as it was then.
    pub fn encrypt(&self, pin: &str) -> Result<Field, FieldError> {
        if !Store::ENCRYPTS {
            return Err(FieldError::NotEncrypting);
        }
        strong(pin)?;
        if self.state()? != VaultState::Plain {
            return Err(FieldError::AlreadyEnrolled);
        }
        let key = self.new_key();
        let encrypting = Encrypting::begin(&self.0.dir, &key)?;
        self.begin(&key, pin, encrypting.folder())?;
        encrypting.decide()?;
        self.open(key)
    }

    fn new_key(&self) -> StoreKey {
        let mut bytes = Zeroizing::new([0; 32]);
        self.0.platform.random.fill(bytes.as_mut_slice());
        StoreKey::new(*bytes)
    }

    /// Keeps a new key, wrapped, in a folder; nobody has tried a PIN yet.
    fn begin(&self, key: &StoreKey, pin: &str, folder: &Path) -> Result<(), FieldError> {
        let now = self.0.platform.clock.monotonic_ms();
        let begun = Attempts::begin(self.0.dir.join(ATTEMPTS), now).map_err(file::of_write)?;
        file::write(&folder.join(VAULT), &VaultFile { pin: self.boxed(key, pin)?, recovery: None })?;
        *crate::lock(&self.0.attempts) = Some(begun);
        Ok(())
    }

    /// Opens the store with its PIN. A wrong one is counted before it is tried.
    ///
    /// # Errors
    /// [`FieldError::WrongPin`] and [`FieldError::PinWait`] with the time until the next try; [`FieldError::KeyLost`],
    /// [`FieldError::KeyUnavailable`]; as [`Field::open`].
    pub fn unlock(&self, pin: &str) -> Result<Field, FieldError> {
        let key = self.key_by(pin)?;
        self.open(key)
    }

    /// What a person who forgot the PIN reads to the desk; `None` while the server has given no codes. From here on this
    /// number serves once, or, when the PIN comes back to mind, never.
    ///
    /// # Errors
    /// [`FieldError::KeyLost`], [`FieldError::Full`].
    pub fn challenge(&self) -> Result<Option<Challenge>, FieldError> {
        settle(&self.0.dir)?;
        let _one_at_a_time = crate::lock(&self.0.attempts);
        let mut file = file::read(&self.path())?;
        recovery::show(&self.path(), &mut file)?;
        Ok(file.recovery.and_then(|held| Some(Challenge::new(held.device, *held.numbers.first()?))))
    }

    /// Opens the store with the code from the desk for the number that is shown, and gives it a new PIN.
    ///
    /// # Errors
    /// [`Invalid::NotARecoveryCode`] for a mistyped one, [`FieldError::WrongRecoveryCode`] for one of another device or
    /// number, [`FieldError::NoRecovery`], [`Invalid::WeakPin`]; as [`Vault::unlock`].
    pub fn recover(&self, code: &str, pin: &str) -> Result<Field, FieldError> {
        strong(pin)?;
        let code: RecoveryCode = code.parse().map_err(|_| Invalid::NotARecoveryCode)?;
        let key = self.counted(|attempts, now| {
            let mut file = file::read(&self.path())?;
            let key = recovery::key(&file, &code, &*self.0.keystore)?.ok_or(FieldError::WrongRecoveryCode)?;
            file.pin = self.boxed(&key, pin)?;
            recovery::burn(&mut file, &*self.0.keystore)?;
            file::write(&self.path(), &file)?;
            attempts.right(now).map_err(file::of_write)?;
            Ok(key)
        })?;
        self.open(key)
    }

    /// What can still be read of the outbox when the store is damaged, and the key for its photos
    /// ([`Field::bring_in`]).
    ///
    /// # Errors
    /// As [`Vault::unlock`].
    pub fn salvage(&self, pin: &str) -> Result<(Vec<Salvaged>, StoreKey), FieldError> {
        let key = self.key_by(pin)?;
        Ok((salvage_encrypted(&self.0.dir, &key)?, key))
    }

    fn path(&self) -> PathBuf {
        self.0.dir.join(VAULT)
    }

    fn open(&self, key: StoreKey) -> Result<Field, FieldError> {
        let random = Arc::clone(&self.0.platform.random);
        let store = Store::open_encrypted(&self.0.dir, key.clone(), self.0.platform.store, &mut |bytes| {
            random.fill(bytes);
        })?;
        Ok(Field::begin(store, self.0.platform.clone(), Some(Unlocked { vault: self.clone(), key })))
    }

    /// The store's key, if this is the PIN.
    fn key_by(&self, pin: &str) -> Result<StoreKey, FieldError> {
        if !Store::ENCRYPTS {
            return Err(FieldError::NotEncrypting);
        }
        self.counted(|attempts, now| {
            let wait_ms = attempts.wait_ms(now);
            if wait_ms > 0 {
                return Err(FieldError::PinWait { wait_ms });
            }
            let mut file = file::read(&self.path())?;
            // Whether the keystore answers is no matter of the PIN.
            let boxed = Zeroizing::new(self.0.keystore.unwrap(&file.pin)?);
            let boxed: PinBox = decode(&boxed).ok_or(FieldError::KeyLost("a damaged vault"))?;
            attempts.trying(now).map_err(file::of_write)?;
            let Some(key) = boxed.open(pin) else {
                return Err(FieldError::WrongPin { wait_ms: attempts.wait_ms(now) });
            };
            attempts.right(now).map_err(file::of_write)?;
            if file.recovery.as_ref().is_some_and(|recovery| recovery.shown) {
                // Somebody may have heard its code. Where it cannot be done now, the next unlocking does it.
                let burnt = recovery::burn(&mut file, &*self.0.keystore);
                let _ = burnt.and_then(|()| file::write(&self.path(), &file));
            }
            Ok(key)
        })
    }

    fn boxed(&self, key: &StoreKey, pin: &str) -> Result<ByteBuf, FieldError> {
        let boxed = PinBox::seal(key, pin, self.0.cost, &*self.0.platform.random);
        let boxed = boxed.ok_or_else(|| FieldError::Other("a PIN that cannot be stretched".to_owned()))?;
        Ok(ByteBuf::from(self.0.keystore.wrap(&Zeroizing::new(encode(&boxed)))?))
    }

    /// Works with the tries at this vault, one caller at a time.
    fn counted<T>(
        &self,
        work: impl FnOnce(&mut Attempts, i64) -> Result<T, FieldError>,
    ) -> Result<T, FieldError> {
        settle(&self.0.dir)?;
        let now = self.0.platform.clock.monotonic_ms();
        let mut held = crate::lock(&self.0.attempts);
        let attempts = match &mut *held {
            Some(attempts) => attempts,
            none => none.insert(Attempts::open(self.0.dir.join(ATTEMPTS), now).map_err(FieldError::File)?),
        };
        work(attempts, now)
    }
}

fn strong(pin: &str) -> Result<(), FieldError> {
    if is_weak(pin) { Err(Invalid::WeakPin.into()) } else { Ok(()) }
}

/// An open store's own way to its vault.
#[derive(Debug)]
pub(crate) struct Unlocked {
    vault: Vault,
    key: StoreKey,
}

impl Unlocked {
    /// What to ask the server for, if codes run out.
    pub(crate) fn codes_wanted(&self) -> Option<RecoveryRequest> {
        recovery::wanted(&file::read(&self.vault.path()).ok()?, &*self.vault.0.platform.random)
    }

    /// Keeps the store's key under new codes.
    pub(crate) fn keep_codes(&self, device: DeviceId, codes: &RecoveryCodes) -> Result<(), FieldError> {
        let Inner { keystore, platform, .. } = &*self.vault.0;
        let _one_at_a_time = crate::lock(&self.vault.0.attempts);
        let mut file = file::read(&self.vault.path())?;
        recovery::add(&mut file, device, codes, &self.key, &**keystore, &*platform.random)?;
        file::write(&self.vault.path(), &file)
    }
}

impl Field {
    /// Whether this store is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.unlocked.is_some()
    }

    /// Gives the store another PIN. The old one counts as a try.
    ///
    /// # Errors
    /// [`FieldError::WrongPin`], [`FieldError::PinWait`], [`Invalid::WeakPin`], [`FieldError::NotEncrypting`] for a store
    /// that is not encrypted.
    pub fn change_pin(&self, old: &str, new: &str) -> Result<(), FieldError> {
        strong(new)?;
        let vault = &self.unlocked.as_ref().ok_or(FieldError::NotEncrypting)?.vault;
        let key = vault.key_by(old)?;
        let _one_at_a_time = crate::lock(&vault.0.attempts);
        let mut file = file::read(&vault.path())?;
        file.pin = vault.boxed(&key, new)?;
        file::write(&vault.path(), &file)
    }
}
