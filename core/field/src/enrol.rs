//! Enrolment: the only other thing that needs a network. A short code from the desk gives this store its
//! key, its certificate and the server's name; from then on no other server is believed.

use crate::error::FieldError;
use crate::transport::{ALTERED, NOT_OURS, NoConnection, Outgoing, Transport};
use crate::{Field, hex};
use sanben_domain::id::{DeviceId, PersonId, TenantId};
use sanben_store::StoredIdentity;
use sanben_sync::device::{AnswerError, Identity};
use sanben_sync::enrol::{Code, EnrolRefusal, EnrolRequest, EnrolResponse};
use sanben_sync::frame::unpack;
use sanben_sync::keys::SecretKey;
use sanben_sync::wire::{ENROL_PATH, MAX_MESSAGE_BYTES, SIGNATURE_HEADER, VERSION};
use zeroize::Zeroizing;

/// Whom this store belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The tenant.
    pub tenant: TenantId,
    /// The person.
    pub person: PersonId,
    /// The device.
    pub device: DeviceId,
    /// The server's address.
    pub url: String,
}

impl Field {
    /// Enrols this store at the server that `transport` reaches; `url` is kept for later syncs. Doing it
    /// again after a lost answer is safe: device id and key are stored before they are first sent. A store whose
    /// server was restored from a backup of before its enrolment, and does not know it, comes in again as the same
    /// device by another code of the same person: what it had delivered since is offered again.
    ///
    /// # Errors
    /// [`FieldError::BadCode`], [`FieldError::Code`], [`FieldError::Server`] for a server other than the
    /// one the code names, [`FieldError::AlreadyEnrolled`].
    pub fn enrol(&self, url: &str, code: &str, transport: &dyn Transport) -> Result<Enrolment, FieldError> {
        let held = self.store.identity()?;
        let code: Code = match (&held, code.parse::<Code>()) {
            (Some(held), code) => {
                code.ok().filter(|code| code.names(&held.server)).ok_or(FieldError::AlreadyEnrolled)?
            }
            (None, code) => code?,
        };
        let (device, key) = match &held {
            Some(held) => (held.device, SecretKey::from_seed(*held.seed)),
            None => self.enrolment_key()?,
        };
        let again = held.map(|held| held.person);
        let (secret, public) = (code.secret.clone(), key.public());
        let ask = EnrolRequest { v: VERSION, secret, device, key: public, again: again.clone() };
        let (body, signature) = ask.sign(&key);
        let request = Outgoing {
            method: "POST",
            path: ENROL_PATH.to_owned(),
            headers: vec![(SIGNATURE_HEADER, hex::write(&signature.0))],
            body,
            within: None,
        };
        let answer = transport.call(&request)?;
        // The login page of a public network, or whatever else stands at a mistyped address: no word of ours.
        let stranger = |_| NoConnection(format!("{NOT_OURS} (status {})", answer.status));
        if answer.status != 200 {
            let reason: String = unpack(&answer.body, MAX_MESSAGE_BYTES).map_err(stranger)?;
            // What this device sent is well formed and signed: it did not arrive so.
            return Err(match reason.as_str() {
                "bad-signature" | "malformed" | "too-large" => NoConnection(ALTERED.to_owned()).into(),
                _ => FieldError::Refused(reason),
            });
        }
        let response: EnrolResponse = unpack(&answer.body, MAX_MESSAGE_BYTES).map_err(stranger)?;
        let enrolled = match response {
            EnrolResponse::Enrolled(enrolled) => enrolled,
            // The server knows it.
            EnrolResponse::Refused(EnrolRefusal::Used) if again.is_some() => {
                return Err(FieldError::AlreadyEnrolled);
            }
            EnrolResponse::Refused(refusal) => return Err(FieldError::Code(refusal)),
        };
        if !code.names(&enrolled.server) && enrolled.is_signed() {
            return Err(AnswerError::Forged("not the server that the code names").into());
        }
        let certificate =
            enrolled.verify(&code, device, &key.public()).ok_or_else(|| NoConnection(ALTERED.to_owned()))?;
        if again.is_some_and(|person| person != certificate.person) {
            return Err(FieldError::AlreadyEnrolled);
        }
        self.store.set_identity(&StoredIdentity {
            tenant: certificate.tenant,
            device,
            person: certificate.person,
            seed: key.seed(),
            server: enrolled.server,
            certificate: enrolled.certificate,
            url: url.to_owned(),
        })?;
        self.enrolment()
    }

    /// Whom this store belongs to.
    ///
    /// # Errors
    /// [`FieldError::NotEnrolled`].
    pub fn enrolment(&self) -> Result<Enrolment, FieldError> {
        let StoredIdentity { tenant, person, device, url, .. } =
            self.store.identity()?.ok_or(FieldError::NotEnrolled)?;
        Ok(Enrolment { tenant, person, device, url })
    }

    /// Keeps another address of the same server for later syncs: it has moved, or its certificate has another
    /// key. Nobody else's answers are believed there.
    ///
    /// # Errors
    /// [`FieldError::NotEnrolled`].
    pub fn set_url(&self, url: &str) -> Result<(), FieldError> {
        let identity = self.store.identity()?.ok_or(FieldError::NotEnrolled)?;
        Ok(self.store.set_identity(&StoredIdentity { url: url.to_owned(), ..identity })?)
    }

    pub(crate) fn identity(&self) -> Result<Identity, FieldError> {
        Ok(self.store.identity()?.ok_or(FieldError::NotEnrolled)?.identity())
    }

    /// The device id and key that this store asks with, the same at every try.
    fn enrolment_key(&self) -> Result<(DeviceId, SecretKey), FieldError> {
        const NAME: &str = "enrolment-key";
        let kept = self.store.meta(NAME)?.map(Zeroizing::new);
        let kept = kept.and_then(|bytes| Some(Zeroizing::new(<[u8; 48]>::try_from(bytes.as_slice()).ok()?)));
        let bytes = match kept {
            Some(bytes) => bytes,
            None => {
                let mut fresh = Zeroizing::new([0; 48]);
                self.platform.random.fill(&mut *fresh);
                self.store.set_meta(NAME, Some(&*fresh))?;
                fresh
            }
        };
        let (mut id, mut seed) = ([0; 16], Zeroizing::new([0; 32]));
        let (first, rest) = bytes.split_at(16);
        id.copy_from_slice(first);
        seed.copy_from_slice(rest);
        Ok((DeviceId::from_random(id), SecretKey::from_seed(*seed)))
    }
}
