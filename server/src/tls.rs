//! TLS in the server itself: a certificate of its own, made at the first start, or one that was given.
//!
//! A device trusts the server's own certificate by its **pin**, the SHA-256 of the certificate's public key
//! (as RFC 7469 has it), which stands in the address of the invitation: no authority is needed, and none can
//! be tricked. A certificate that a public authority signed needs no pin.

use crate::hex;
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// In the server's folder: its own certificate and the key of it.
pub(crate) const CERTIFICATE: &str = "tls.crt";
/// Readable by its owner alone.
pub(crate) const KEY: &str = "tls.key";

/// SHA-256 of a certificate's public key (its `SubjectPublicKeyInfo` in DER).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pin(pub [u8; 32]);

impl fmt::Display for Pin {
    /// As it stands at the end of an address: `#sha256=` and 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#sha256={}", hex::write(&self.0))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read or written.
    #[error("cannot use {file}: {source}; check that it exists and who may read it")]
    File {
        /// Which.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It holds no certificate or key.
    #[error("{0} holds no {1} in PEM form; give the file that begins with -----BEGIN")]
    Form(PathBuf, &'static str),
    /// Key and certificate do not fit, or are of a kind that is not known.
    #[error(
        "certificate and key cannot be used together ({0}); give the key that this certificate was made for"
    )]
    Unfit(String),
}

/// A certificate with its key, ready to serve.
#[derive(Clone)]
pub struct Tls {
    pub(crate) config: Arc<ServerConfig>,
    /// The pin of its public key.
    pub pin: Pin,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("pin", &self.pin).finish_non_exhaustive()
    }
}

impl Tls {
    /// The server's own certificate, from its folder. What is missing is made: without the certificate a new
    /// one with the same key, so that every device goes on; without the key both, and every device has to be
    /// told the new address.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn own(dir: &Path) -> Result<Self, TlsError> {
        let (cert, key) = (dir.join(CERTIFICATE), dir.join(KEY));
        if !exists(&key)? {
            // It was for a key that is gone.
            match std::fs::remove_file(&cert) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(TlsError::File { file: cert, source: error });
                }
                _ => {}
            }
            let fresh = rcgen::KeyPair::generate().map_err(unfit)?;
            write(&key, &fresh.serialize_pem(), 0o600)?;
            certify(&key, &cert)?;
        } else if !exists(&cert)? {
            certify(&key, &cert)?;
        }
        Self::given(&cert, &key)
    }

    /// A certificate chain and its key, from PEM files.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn given(cert: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_file_iter(cert).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|error| unread(cert, "certificate", error))?;
        let first = chain.first().ok_or_else(|| TlsError::Form(cert.to_owned(), "certificate"))?;
        let pin = ParsedCertificate::try_from(first).map_err(unfit)?.subject_public_key_info();
        let pin = Pin(Sha256::digest(pin).into());
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unread(key, "private key", error))?;
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
            .map_err(unfit)?;
        Ok(Self { config: Arc::new(config), pin })
    }
}

fn unfit(error: impl fmt::Display) -> TlsError {
    TlsError::Unfit(error.to_string())
}

fn unread(file: &Path, what: &'static str, error: pem::Error) -> TlsError {
    match error {
        pem::Error::Io(source) => TlsError::File { file: file.to_owned(), source },
        _ => TlsError::Form(file.to_owned(), what),
    }
}

fn exists(file: &Path) -> Result<bool, TlsError> {
    file.try_exists().map_err(|source| TlsError::File { file: file.to_owned(), source })
}

/// A certificate for the key in the file. Names and dates in it mean nothing: the pin decides.
fn certify(key: &Path, cert: &Path) -> Result<(), TlsError> {
    let pem =
        std::fs::read_to_string(key).map_err(|source| TlsError::File { file: key.to_owned(), source })?;
    let key = rcgen::KeyPair::from_pem(&pem).map_err(unfit)?;
    let params = rcgen::CertificateParams::new(vec!["sanben".to_owned()]).map_err(unfit)?;
    write(cert, &params.self_signed(&key).map_err(unfit)?.pem(), 0o644)
}

/// Writes aside and links into place: half a file is never read, and of two processes that start at once one
/// file holds.
fn write(file: &Path, text: &str, mode: u32) -> Result<(), TlsError> {
    let aside = file.with_extension(format!("new.{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let linked = options.open(&aside).and_then(|mut opened| {
        opened.write_all(text.as_bytes())?;
        opened.sync_all()?;
        std::fs::hard_link(&aside, file)
    });
    // Whatever became of it, no key lies about.
    let removed = std::fs::remove_file(&aside);
    let written = match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        // Invitations name this key: after a power cut it must not be another one.
        _ => removed.and_then(|()| match file.parent() {
            Some(dir) => std::fs::File::open(dir)?.sync_all(),
            None => Ok(()),
        }),
    };
    written.map_err(|source| TlsError::File { file: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_certificate_is_made_once_and_its_key_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let first = Tls::own(dir.path()).unwrap();
        assert_eq!(Tls::own(dir.path()).unwrap().pin, first.pin);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join(KEY)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::remove_file(dir.path().join(CERTIFICATE)).unwrap();
        assert_eq!(Tls::own(dir.path()).unwrap().pin, first.pin, "the key decides");
        std::fs::remove_file(dir.path().join(KEY)).unwrap();
        assert_ne!(Tls::own(dir.path()).unwrap().pin, first.pin);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "nothing is left aside");
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        Tls::own(one.path()).unwrap();
        Tls::own(other.path()).unwrap();
        let (cert, key) = (one.path().join(CERTIFICATE), one.path().join(KEY));
        let said = |cert: &Path, key: &Path| Tls::given(cert, key).unwrap_err().to_string();
        assert!(said(&cert, &other.path().join(KEY)).contains("the key that this certificate was made for"));
        assert!(said(&key, &key).contains("holds no certificate"));
        assert!(said(&cert, &cert).contains("holds no private key"));
        assert!(said(&one.path().join("nothing"), &key).contains("check that it exists"));
    }
}
