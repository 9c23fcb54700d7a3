//! Enrolment: the desk invites a person; a short code, valid for minutes and used once, gives a device its
//! certificate and pins the server's key.

use crate::device::request_message;
use crate::frame::pack;
use crate::keys::{PublicKey, Purpose, SecretKey, Signature};
use crate::wire::ENROL_PATH;
use sanben_document::encode;
use sanben_domain::id::{DeviceId, Epoch, PersonId, TenantId};
use sanben_domain::reference::Person;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::fmt;
use std::str::FromStr;

/// Crockford's Base32: no I, L, O, U, so that a code survives being read aloud.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const HALF: usize = 10;

/// What a person types into a new device: 50 random bits and 50 bits of the server key's fingerprint,
/// written `ABCDE-FGHJK-MNPQR-STVWX`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// The secret half; what the server looks up (as a hash).
    pub secret: String,
    /// The beginning of the server key's fingerprint: a device refuses any other server.
    pub fingerprint: String,
}

impl Code {
    /// A code for the server with this key, from 10 bytes of the caller's randomness.
    #[must_use]
    pub fn new(random: [u8; HALF], server: &PublicKey) -> Self {
        Self { secret: letters(&random), fingerprint: fingerprint(server) }
    }

    /// Whether the key is the one that the code was made for.
    #[must_use]
    pub fn names(&self, server: &PublicKey) -> bool {
        self.fingerprint == fingerprint(server)
    }
}

fn fingerprint(server: &PublicKey) -> String {
    letters(server.fingerprint().get(..HALF).unwrap_or_default())
}

pub(crate) fn letters(bytes: &[u8]) -> String {
    bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31))).map(|c| char::from(*c)).collect()
}

/// A code as somebody typed it, without what only helps the eye.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = format!("{}{}", self.secret, self.fingerprint);
        let parts: Vec<&str> = (0..all.len()).step_by(5).filter_map(|i| all.get(i..i + 5)).collect();
        f.write_str(&parts.join("-"))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

/// The text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment code: it has 20 letters and digits, such as ABCDE-FGHJK-MNPQR-STVWX")]
pub struct BadCode;

impl FromStr for Code {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        let plain = plain(text);
        let valid = plain.len() == 2 * HALF && plain.bytes().all(|byte| ALPHABET.contains(&byte));
        let (secret, fingerprint) = plain.split_at_checked(HALF).filter(|_| valid).ok_or(BadCode)?;
        Ok(Self { secret: secret.to_owned(), fingerprint: fingerprint.to_owned() })
    }
}

/// What a device sends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// [`crate::wire::VERSION`].
    pub v: u16,
    /// The secret half of the code.
    pub secret: String,
    /// The device's id, chosen by itself; asking twice with the same id and key has no second effect.
    pub device: DeviceId,
    /// Its public key.
    pub key: PublicKey,
    /// Whom it was enrolled for, by a server that was put back to a state from before: nobody else's code lets it in again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<PersonId>,
}

impl EnrolRequest {
    /// As it is sent, with the signature that goes along: nobody knows the key yet, but a line that alters a byte
    /// must not use the code up for another key.
    #[must_use]
    pub fn sign(&self, key: &SecretKey) -> (Vec<u8>, Signature) {
        let body = pack(self);
        let signature = key.sign(Purpose::Request, &request_message("POST", ENROL_PATH, "", &body));
        (body, signature)
    }
}

impl fmt::Debug for EnrolRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnrolRequest").field("device", &self.device).finish_non_exhaustive()
    }
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnrolResponse {
    /// Welcome.
    Enrolled(Box<Enrolled>),
    /// No.
    Refused(EnrolRefusal),
}

/// Why a device was not enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum EnrolRefusal {
    /// Nobody was given this code.
    #[error("unknown code; check it or ask the desk for a new one")]
    Unknown,
    /// Another device has used it.
    #[error("code was used already; ask the desk for a new one")]
    Used,
    /// It is too old.
    #[error("code has expired; ask the desk for a new one")]
    Expired,
}

/// A successful enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The server's key; it must fit the code.
    pub server: PublicKey,
    /// The certificate, as signed.
    pub certificate: ByteBuf,
    /// The server's signature over it.
    pub signature: Signature,
    /// The life of the log.
    pub epoch: Epoch,
    /// The server's clock.
    pub now: Timestamp,
}

/// What the server says of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The tenant.
    pub tenant: TenantId,
    /// The device.
    pub device: DeviceId,
    /// Its key.
    pub key: PublicKey,
    /// Whom it was enrolled for.
    pub person: PersonId,
    /// When.
    pub issued: Timestamp,
    /// The same person as the reference data knew them then: a volunteer's device never receives the staff
    /// list, and still has to know its holder's role and unit. Certificates of before name nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Person>,
}

impl Enrolled {
    /// Signs a certificate.
    #[must_use]
    pub fn sign(certificate: &Certificate, epoch: Epoch, now: Timestamp, key: &SecretKey) -> Self {
        let bytes = encode(certificate);
        let signature = key.sign(Purpose::Certificate, &bytes);
        Self { server: key.public(), certificate: ByteBuf::from(bytes), signature, epoch, now }
    }

    /// Whether the server that it names has signed it, whoever that is.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.server.verify(Purpose::Certificate, &self.certificate, &self.signature)
    }

    /// The certificate, when the server that the code names signed it for this device and key.
    #[must_use]
    pub fn verify(&self, code: &Code, device: DeviceId, key: &PublicKey) -> Option<Certificate> {
        let genuine = code.names(&self.server) && self.is_signed();
        let certificate: Certificate = sanben_document::decode(&self.certificate)?;
        (genuine && certificate.device == device && certificate.key == *key).then_some(certificate)
    }
}
