//! The server's secret key in its directory: made once, readable by its owner alone.

use crate::tenant::{Random, ServerError};
use sanben_sync::keys::SecretKey;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;
use zeroize::Zeroizing;

const NAME: &str = "server.key";

/// Reads the key, or makes one when there is none and no log that was signed with it.
pub(crate) fn open(dir: &Path, log_exists: bool, random: &Random) -> Result<SecretKey, ServerError> {
    let path = dir.join(NAME);
    match read(&path)? {
        Some(key) => Ok(key),
        None if log_exists => Err(ServerError::Key("gone")),
        None => {
            make(dir, &path, random).map_err(unusable)?;
            read(&path)?.ok_or(ServerError::Key("gone"))
        }
    }
}

fn unusable(source: std::io::Error) -> ServerError {
    ServerError::Directory { what: NAME, source }
}

fn read(path: &Path) -> Result<Option<SecretKey>, ServerError> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let bytes = Zeroizing::new(bytes);
            let seed = bytes.as_slice().try_into().map_err(|_| ServerError::Key("damaged"))?;
            Ok(Some(SecretKey::from_seed(seed)))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(error)),
    }
}

/// Writes aside and links into place: of two processes that start at once, one key holds.
fn make(dir: &Path, path: &Path, random: &Random) -> std::io::Result<()> {
    let (mut seed, mut mark) = (Zeroizing::new([0; 32]), [0; 8]);
    random(&mut *seed);
    random(&mut mark);
    let aside = dir.join(format!("{NAME}.{:016x}", u64::from_be_bytes(mark)));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let linked = options.open(&aside).and_then(|mut file| {
        file.write_all(&*seed)?;
        file.sync_all()?;
        std::fs::hard_link(&aside, path)
    });
    // Whatever became of it, no key lies about.
    let removed = std::fs::remove_file(&aside);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => removed.and_then(|()| std::fs::File::open(dir)?.sync_all()),
    }
}
