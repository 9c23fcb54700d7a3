//! `invite --dir DIR PERSON`: a code with which a person's device can enrol.

use super::home::Desk;
use super::serve::last_address;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named};
use sanben_domain::id::PersonId;
use sanben_domain::time::Zone;
use sanben_field::Platform;
use serde::Serialize;

/// Whom, and for how long.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct InviteArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// The person, by code.
    pub(crate) person: PersonId,
    /// How long the code is valid, minutes.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(0..=10_080))]
    pub(crate) minutes: u32,
    /// The address that devices use, where it is not the one the server listens on.
    #[arg(long)]
    pub(crate) url: Option<String>,
}

/// Makes the code.
///
/// # Errors
/// As [`sanben_server::Server::invite`].
pub(crate) fn run(args: &InviteArgs, platform: &Platform) -> Result<Invited, CommandError> {
    let server = args.home.open_existing(platform)?;
    let valid_for = i64::from(args.minutes) * 60_000;
    let code = server.invite(&args.person, valid_for)?;
    let reference = server.reference()?;
    let name = reference.people.get(&args.person).map(|person| person.name.clone());
    let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
    Ok(Invited {
        person: Named { id: args.person.to_string(), name: name.unwrap_or_default() },
        code: code.to_string(),
        url: address(args),
        valid_until: Moment { at: platform.clock.wall().plus_ms(valid_for), zone },
    })
}

/// The address that devices use, with the pin of the server's certificate if it has one of its own.
fn address(args: &InviteArgs) -> String {
    let noted = last_address(&args.home.dir);
    match (&args.url, noted.split_once('#')) {
        (None, _) => noted,
        (Some(url), Some((_, pin))) if url.starts_with("https://") && !url.contains('#') => {
            format!("{}/#{pin}", url.trim_end_matches('/'))
        }
        (Some(url), _) => url.clone(),
    }
}

/// An invitation.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Invited {
    /// Whom.
    pub(crate) person: Named,
    /// The code to type into the device.
    pub(crate) code: String,
    /// The address to type into the device.
    pub(crate) url: String,
    /// The code is no use afterwards.
    pub(crate) valid_until: Moment,
}

impl Outcome for Invited {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-invited"), self.person.with_code());
        table.pair(say!(language, "label-enrol-code"), self.code.clone());
        table.pair(say!(language, "label-address"), self.url.clone());
        table.pair(say!(language, "label-valid-until"), self.valid_until.to_string());
        let next = say!(language, "invited-next", url = self.url.as_str(), code = self.code.as_str());
        table.lines() + &next + "\n"
    }
}
