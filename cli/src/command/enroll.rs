//! `field enroll URL CODE`: makes this store a device of a person. Needs a network.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use sanben_field::{Field, FieldError, Transport};
use serde::Serialize;

/// Where, and with which code.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct EnrollArgs {
    /// The server's address.
    pub(crate) url: String,
    /// The code from the desk.
    pub(crate) code: String,
}

/// Enrols. `transport` leads to the address.
///
/// # Errors
/// As [`Field::enrol`]; [`CommandError::NotEnrolled`] when the server was not reached.
pub(crate) fn run(
    args: &EnrollArgs,
    field: &Field,
    transport: &dyn Transport,
) -> Result<Enrolled, CommandError> {
    let enrolment = field.enrol(&args.url, &args.code, transport).map_err(|error| match error {
        FieldError::Network(why) => CommandError::NotEnrolled(why),
        error => error.into(),
    })?;
    Ok(Enrolled {
        tenant: enrolment.tenant.to_string(),
        person: enrolment.person.to_string(),
        device: enrolment.device.to_string(),
        url: enrolment.url,
    })
}

/// Whom the store belongs to.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Enrolled {
    /// The tenant.
    pub(crate) tenant: String,
    /// The person.
    pub(crate) person: String,
    /// The device.
    pub(crate) device: String,
    /// The server's address.
    pub(crate) url: String,
}

impl Outcome for Enrolled {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-enrolled"), self.person.clone());
        table.pair(say!(language, "label-tenant"), self.tenant.clone());
        table.pair(say!(language, "label-device"), self.device.clone());
        table.pair(say!(language, "label-address"), self.url.clone());
        table.lines() + &say!(language, "enrolled-next") + "\n"
    }
}
