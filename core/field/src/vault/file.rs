//! The file `vault` beside the database: the store's key, wrapped, and nothing that opens it.

use crate::error::FieldError;
use sanben_document::{decode, encode};
use sanben_domain::id::DeviceId;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

const MAGIC: &[u8] = b"SANBEN VAULT 1\n";
const SUM: usize = 32;

/// What the file holds.
#[derive(Serialize, Deserialize)]
pub(super) struct VaultFile {
    /// A [`super::pin::PinBox`], wrapped by the keystore.
    pub(super) pin: ByteBuf,
    /// The way back for a forgotten PIN, once the server has given codes.
    pub(super) recovery: Option<Recovery>,
}

/// The store's key under each of a few one-time codes.
#[derive(Serialize, Deserialize)]
pub(super) struct Recovery {
    /// Whose codes they are.
    pub(super) device: DeviceId,
    /// The numbers that are left, the next to be used first. In the open, so that a locked device can show it.
    pub(super) numbers: Vec<u32>,
    /// The first has been shown: it serves at most once more.
    pub(super) shown: bool,
    /// [`Boxes`], wrapped by the keystore.
    pub(super) boxes: ByteBuf,
}

/// The store's key sealed under the code of each number.
pub(super) type Boxes = Vec<(u32, ByteBuf)>;

/// Reads the file.
///
/// # Errors
/// [`FieldError::KeyLost`] when it is damaged.
pub(super) fn read(path: &Path) -> Result<VaultFile, FieldError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(FieldError::KeyLost("no vault")),
        Err(error) => return Err(FieldError::File(error)),
    };
    let body = bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_last_chunk::<SUM>());
    let whole = body.filter(|(body, sum)| Sha256::digest(body).as_slice() == sum.as_slice());
    whole.and_then(|(body, _)| decode(body)).ok_or(FieldError::KeyLost("a damaged vault"))
}

/// Writes the file as a whole: a kill leaves the one before or this one.
///
/// # Errors
/// [`FieldError::Full`], [`FieldError::Write`].
pub(super) fn write(path: &Path, vault: &VaultFile) -> Result<(), FieldError> {
    let aside = path.with_extension("next");
    let body = encode(vault);
    let written = File::create(&aside).and_then(|mut file| {
        file.write_all(MAGIC)?;
        file.write_all(&body)?;
        file.write_all(&Sha256::digest(&body))?;
        file.sync_all()
    });
    let written = written.and_then(|()| fs::rename(&aside, path));
    if let Err(error) = written {
        let _ = fs::remove_file(&aside);
        return Err(of_write(error));
    }
    if cfg!(unix) {
        let folder = path.parent().unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(of_write)?;
    }
    Ok(())
}

pub(super) fn of_write(error: std::io::Error) -> FieldError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => FieldError::Full,
        _ => FieldError::Write(error),
    }
}
