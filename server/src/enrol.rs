//! Enrolment: the desk invites a person, a device comes with the code and gets its certificate.

use crate::tenant::{Server, ServerError};
use sanben_domain::id::PersonId;
use sanben_sync::enrol::Code;

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

impl Server {
    /// A code for one device of a person, valid for this many milliseconds.
    ///
    /// # Errors
    /// [`InviteError`].
    pub fn invite(&self, person: &PersonId, valid_for_ms: i64) -> Result<Code, InviteError> {
        let _ = (person, valid_for_ms);
        unimplemented!()
    }
}
