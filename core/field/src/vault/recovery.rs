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
use sanben_sync::recovery::{NUMBERS, RecoveryCode, RecoveryCodes, RecoveryRequest};
use serde_bytes::ByteBuf;
use zeroize::Zeroizing;

/// A device keeps this many codes, and asks for more when half of them are gone.
const KEPT: usize = 8;
const LABEL: &[u8] = b"sanben recovery 1";

/// What to ask the server for; `None` while enough are here.
pub(super) fn wanted(vault: &VaultFile, random: &dyn Random) -> Option<RecoveryRequest> {
    let held = vault.recovery.as_ref().map_or(&[][..], |held| &held.numbers);
    if held.len() > KEPT / 2 {
        return None;
    }
    let mut numbers = Vec::new();
    while held.len() + numbers.len() < KEPT {
        let mut drawn = [0; 4];
        random.fill(&mut drawn);
        let number = u32::from_be_bytes(drawn) % NUMBERS;
        if !held.contains(&number) && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    Some(RecoveryRequest { numbers })
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
    let recovery =
        held.get_or_insert(Recovery { device, numbers: Vec::new(), shown: false, boxes: ByteBuf::new() });
    for (number, code) in codes.numbers.iter().copied().zip(&codes.codes) {
        let sealed = seal(&code.key(device, number), LABEL, key.bytes(), random);
        let sealed = sealed.ok_or_else(|| FieldError::Other("a key that cannot be sealed".to_owned()))?;
        boxes.push((number, ByteBuf::from(sealed)));
        recovery.numbers.push(number);
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
