//! Where the database is and how to get in: a URL as every PostgreSQL program takes it.
//!
//! What goes over a network is encrypted, to a database that shows a certificate for its name, signed by the
//! authority in `sslrootcert`. On the machine itself nothing is, unless `sslmode=require` asks for it; and
//! `sslmode=disable` says that the network is safe by other means.

use crate::log::{LogError, Result};
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// A database on the network that has not answered by then is not there.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// A silent line is asked after this; unanswered bytes are given up after twice as long.
const KEEPALIVE: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(super) struct Address {
    config: Config,
    /// `None`: not encrypted.
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self> {
        let (url, authority) = ours(url);
        // What is wrong with it stays unsaid: a password may be in there.
        let mut config: Config = url.parse().map_err(|_| {
            unusable("its URL cannot be read; write postgresql://user@host/database, with %XX for special characters")
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_PATIENCE);
        }
        config.keepalives_idle(KEEPALIVE);
        config.tcp_user_timeout(2 * KEEPALIVE);
        config.notice_callback(|_| {});
        if config.get_application_name().is_none() {
            config.application_name("sanben");
        }
        let mode = match config.get_ssl_mode() {
            SslMode::Prefer if is_here(&config) => SslMode::Disable,
            SslMode::Prefer => SslMode::Require,
            said => said,
        };
        config.ssl_mode(mode);
        let tls = if mode == SslMode::Disable { None } else { Some(trusting(authority)?) };
        Ok(Self { config, tls })
    }

    pub(super) fn connect(&self) -> std::result::Result<Client, postgres::Error> {
        match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        }
    }
}

fn unusable(why: impl std::fmt::Display) -> LogError {
    LogError::Unusable(format!("the database: {why}"))
}

/// Takes out of the URL what the client does not know: the file of the authority, and the modes that ask for
/// what `require` always does here.
fn ours(url: &str) -> (String, Option<String>) {
    let Some((place, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let (mut kept, mut authority) = (Vec::new(), None);
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslrootcert", file)) => authority = Some(decoded(file)),
            Some(("sslmode", "verify-full" | "verify-ca")) => kept.push("sslmode=require"),
            _ => kept.push(pair),
        }
    }
    (format!("{place}?{}", kept.join("&")), authority)
}

/// Text with `%XX` as the bytes they stand for.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(part.as_bytes().get(2..).unwrap_or_default());
            }
            None => bytes.extend_from_slice(format!("%{part}").as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether nothing leaves the machine on the way.
fn is_here(config: &Config) -> bool {
    let named = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
        Host::Unix(_) => true,
    });
    named && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn trusting(authority: Option<String>) -> Result<MakeRustlsConnect> {
    let file = authority.ok_or_else(|| {
        unusable(
            "a connection over a network is encrypted; add sslrootcert=FILE to its URL, with the certificate of \
             the authority that signed the database's, or sslmode=disable when the network itself is safe",
        )
    })?;
    let unreadable =
        |error: &dyn std::fmt::Display| unusable(format!("sslrootcert {file} cannot be used: {error}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&file).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if roots.is_empty() {
        return Err(unreadable(&"there is no certificate in it"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}
