//! Enrolment: the desk invites a person, a device comes with the code and gets its certificate.

use crate::call::{Call, Code as Refused, Fault};
use crate::log::{Device, Invitation, Life, LogError, SecretHash, Snapshot};
use crate::tenant::{Server, ServerError, asked_for, signature};
use crate::trail::DeskAct;
use sanben_domain::id::{Epoch, PersonId, TenantId};
use sanben_domain::reference::Reference;
use sanben_domain::time::Timestamp;
use sanben_sync::enrol::{Certificate, Code, EnrolRefusal, EnrolRequest, EnrolResponse, Enrolled};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::keys::Purpose;
use sanben_sync::wire::VERSION;
use sha2::{Digest, Sha256};
use std::sync::PoisonError;

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The reference data knows no such person.
    #[error("no person has the id {0}; import people first, or check the id")]
    UnknownPerson(PersonId),
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<LogError> for InviteError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

/// An enrolment request is a few hundred bytes.
pub(crate) const MAX_REQUEST_BYTES: usize = 4 * 1024;
/// An Ed25519 key with its algorithm id.
const KEY_BYTES: usize = 33;
/// This many wrong codes within [`WINDOW_MS`] are forgiven; 50 random bits leave nothing to guess even so.
const FORGIVEN: usize = 30;
const WINDOW_MS: i64 = 10 * 60_000;

/// When wrong codes were tried lately.
#[derive(Debug, Default)]
pub(crate) struct WrongCodes(Vec<Timestamp>);

impl WrongCodes {
    fn spent(&mut self, now: Timestamp) -> bool {
        // A clock that was set back must not lock anybody out until it catches up.
        self.0.retain(|at| (0..WINDOW_MS).contains(&now.since(*at)));
        self.0.len() >= FORGIVEN
    }
}

fn secret_hash(secret: &str) -> SecretHash {
    Sha256::new().chain_update(b"sanben invitation 1").chain_update(secret).finalize().into()
}

impl Server {
    /// A code for one device of a person, valid for this many milliseconds.
    ///
    /// # Errors
    /// [`InviteError`].
    pub fn invite(&self, person: &PersonId, valid_for_ms: i64) -> Result<Code, InviteError> {
        let mut random = [0; 10];
        (self.random)(&mut random);
        let code = Code::new(random, &self.key());
        let expires = self.now().plus_ms(valid_for_ms);
        let mut tx = self.log.begin()?;
        if !self.reference_in(&*tx)?.people.contains_key(person) {
            return Err(InviteError::UnknownPerson(person.clone()));
        }
        let invitation = Invitation { person: person.clone(), expires, used_by: None };
        tx.invite(secret_hash(&code.secret), &invitation)?;
        self.deed(&mut *tx, DeskAct::Invite, [person.to_string()], "")?;
        tx.commit()?;
        Ok(code)
    }

    pub(crate) fn enrol(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        let request: EnrolRequest = unpack(&call.body, MAX_REQUEST_BYTES)?;
        // Keys and signatures of another version may be of another kind.
        if request.v != VERSION {
            return Err(Refused::Version.into());
        }
        if request.key.0.len() != KEY_BYTES {
            return Err(Refused::Malformed.into());
        }
        // By the key that it brings itself: no byte altered on the way uses the code up.
        let signed = |signature| request.key.verify(Purpose::Request, &asked_for(call), &signature);
        if !signature(call).is_some_and(signed) {
            return Err(Refused::BadSignature.into());
        }
        let now = self.now();
        let secret = secret_hash(&request.secret);
        // Looked up first: whoever holds a good code comes in, however many others guess.
        if self.log.read()?.invitation(secret)?.is_none() {
            return self.wrong_code(now);
        }
        let mut tx = self.log.begin()?;
        let Life { epoch, tenant, .. } = tx.life()?;
        let reference = self.reference_in(&*tx)?;
        let response = match (tenant, self.admit(&*tx, &request, secret, now)?) {
            (Some(tenant), Ok(Admission::Again(device))) => {
                self.welcome(tenant, device, &reference, epoch, now)
            }
            (Some(tenant), Ok(Admission::New(device))) => {
                tx.add_device(&device)?;
                tx.use_invitation(secret, device.id)?;
                tx.commit()?;
                tracing::info!("a device was enrolled");
                self.welcome(tenant, device, &reference, epoch, now)
            }
            (_, refused) => EnrolResponse::Refused(refused.err().unwrap_or(EnrolRefusal::Unknown)),
        };
        Ok(pack(&response))
    }

    /// The answer to a code that nobody was given; beyond what is forgiven it says only: wait.
    fn wrong_code(&self, now: Timestamp) -> Result<Vec<u8>, Fault> {
        let mut lately = self.wrong_codes.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.spent(now) {
            return Err(Refused::TooMany.into());
        }
        lately.0.push(now);
        Ok(pack(&EnrolResponse::Refused(EnrolRefusal::Unknown)))
    }

    fn admit(
        &self,
        view: &dyn Snapshot,
        request: &EnrolRequest,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<Result<Admission, EnrolRefusal>, Fault> {
        let Some(invitation) = view.invitation(secret)? else { return Ok(Err(EnrolRefusal::Unknown)) };
        let held = view.device(request.device)?;
        Ok(match (invitation.used_by, held) {
            (Some(by), Some(held)) if by == held.id && held.key == request.key => {
                // The answer was lost: nothing happens a second time. One that has had it is told that it is known.
                let lost = held.revoked.is_none() && request.again.is_none();
                if lost { Ok(Admission::Again(held)) } else { Err(EnrolRefusal::Used) }
            }
            // A device id names one key for good.
            (Some(_), _) | (None, Some(_)) => Err(EnrolRefusal::Used),
            (None, None) if now >= invitation.expires => Err(EnrolRefusal::Expired),
            (None, None) if request.again.as_ref().is_some_and(|person| *person != invitation.person) => {
                Err(EnrolRefusal::Unknown)
            }
            (None, None) if !self.reference_in(view)?.people.contains_key(&invitation.person) => {
                Err(EnrolRefusal::Unknown)
            }
            (None, None) => Ok(Admission::New(Device {
                id: request.device,
                key: request.key.clone(),
                person: invitation.person,
                enrolled: now,
                revoked: None,
            })),
        })
    }

    fn welcome(
        &self,
        tenant: TenantId,
        device: Device,
        reference: &Reference,
        epoch: Epoch,
        now: Timestamp,
    ) -> EnrolResponse {
        let certificate = Certificate {
            tenant,
            device: device.id,
            key: device.key,
            issued: device.enrolled,
            holder: reference.people.get(&device.person).cloned(),
            person: device.person,
        };
        EnrolResponse::Enrolled(Box::new(Enrolled::sign(&certificate, epoch, now, &self.secret)))
    }
}

/// How a device comes in.
enum Admission {
    /// For the first time.
    New(Device),
    /// It has been enrolled with this very code and key.
    Again(Device),
}
