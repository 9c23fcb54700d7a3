//! The way back for a forgotten PIN: the store's key under one-time codes of the server, which the device forgets as soon
//! as it has sealed with them.

use super::boxed::{open, seal};
use super::file::{self, Boxes, Recovery, VaultFile};
use super::keystore::Keystore;
use crate::error::FieldError;
use crate::platform::Random;
use sanben_document::{decode, encode};
use sanben_domain::id::DeviceId;
use sanben_store::StoreKey;
use sanben_sync::recovery::{END, RecoveryCode, RecoveryCodes, RecoveryRequest};
use serde_bytes::ByteBuf;
use zeroize::Zeroizing;

/// A device keeps this many codes, and asks for more when half of them are gone.
const KEPT: u16 = 8;
const LABEL: &[u8] = b"sanben recovery 1";

/// What to ask the server for; `None` while enough are here.
pub(super) fn wanted(vault: &VaultFile) -> Option<RecoveryRequest> {
    let (held, first) = vault.recovery.as_ref().map_or((0, 0), |held| (held.numbers.len(), held.next));
    let held = u16::try_from(held).unwrap_or(KEPT);
    (held <= KEPT / 2 && first < END).then(|| RecoveryRequest { first, count: KEPT - held })
}

/// Seals the store's key under new codes. They are forgotten with this call.
pub(super) fn add(
    vault: &mut VaultFile,
    device: DeviceId,
    codes: &RecoveryCodes,
    key: &StoreKey,
    keystore: &dyn Keystore,
    random: &dyn Random,
) -> Result<(), FieldError> {
    let mut held = vault.recovery.take();
    let mut boxes = held.as_ref().map_or(Ok(Boxes::new()), |held| boxes(held, keystore))?;
    let recovery = held.get_or_insert(Recovery {
        device,
        numbers: Vec::new(),
        shown: false,
        next: 0,
        boxes: ByteBuf::new(),
    });
    for (number, code) in (codes.first..END).zip(&codes.codes) {
        let sealed = seal(&code.key(device, number), LABEL, key.bytes(), random);
        let sealed = sealed.ok_or_else(|| FieldError::Other("a key that cannot be sealed".to_owned()))?;
        boxes.push((number, ByteBuf::from(sealed)));
        recovery.numbers.push(number);
        recovery.next = number + 1;
    }
    recovery.boxes = ByteBuf::from(keystore.wrap(&Zeroizing::new(encode(&boxes)))?);
    vault.recovery = held;
    Ok(())
}

/// The store's key by the code of the number that is shown.
pub(super) fn key(
    vault: &VaultFile,
    code: &RecoveryCode,
    keystore: &dyn Keystore,
) -> Result<Option<StoreKey>, FieldError> {
    let Some((recovery, number)) =
        vault.recovery.as_ref().and_then(|held| Some((held, *held.numbers.first()?)))
    else {
        return Err(FieldError::NoRecovery);
    };
    let boxes = boxes(recovery, keystore)?;
    let sealed = boxes.iter().find(|(held, _)| *held == number).map(|(_, sealed)| sealed);
    let plain = sealed.and_then(|sealed| open(&code.key(recovery.device, number), LABEL, sealed));
    Ok(plain.and_then(|plain| Some(StoreKey::new(plain.as_slice().try_into().ok()?))))
}

/// The number that was shown serves no more.
pub(super) fn burn(vault: &mut VaultFile, keystore: &dyn Keystore) -> Result<(), FieldError> {
    let Some(recovery) = &mut vault.recovery else { return Ok(()) };
    let mut boxes = boxes(recovery, keystore)?;
    if !recovery.numbers.is_empty() {
        let number = recovery.numbers.remove(0);
        boxes.retain(|(held, _)| *held != number);
    }
    recovery.shown = false;
    recovery.boxes = ByteBuf::from(keystore.wrap(&encode(&boxes))?);
    Ok(())
}

fn boxes(recovery: &Recovery, keystore: &dyn Keystore) -> Result<Boxes, FieldError> {
    let plain = Zeroizing::new(keystore.unwrap(&recovery.boxes)?);
    decode(&plain).ok_or(FieldError::KeyLost("a damaged vault"))
}

/// What is left of the file's own business: showing a number.
pub(super) fn show(path: &std::path::Path, vault: &mut VaultFile) -> Result<(), FieldError> {
    match &mut vault.recovery {
        Some(recovery) if !recovery.shown => recovery.shown = true,
        _ => return Ok(()),
    }
    file::write(path, vault)
}
