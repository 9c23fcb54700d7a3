//! `recovery-code --dir DIR SHOWN`: what a person who forgot the PIN is told over the telephone.

use super::home::Desk;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Named, short};
use sanben_domain::id::DeviceId;
use sanben_field::Platform;
use sanben_sync::recovery::Challenge;
use serde::Serialize;

/// For what.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RecoveryArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// What the locked device shows.
    pub(crate) shown: String,
}

/// Reads the code out, and notes that.
///
/// # Errors
/// [`CommandError::Shown`], [`CommandError::Recovery`].
pub(crate) fn run(args: &RecoveryArgs, platform: &Platform) -> Result<Recovery, CommandError> {
    let shown: Challenge = args.shown.parse().map_err(|_| CommandError::Shown)?;
    let server = args.home.open_existing(platform)?;
    let (device, code) = server.recovery_code(&shown)?;
    let reference = server.reference()?;
    let name = reference.people.get(&device.person).map(|person| person.name.clone());
    Ok(Recovery {
        device: device.device,
        person: Named { id: device.person.to_string(), name: name.unwrap_or_default() },
        code: code.to_string(),
    })
}

/// A code for one device, once.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Recovery {
    /// The device that shows it.
    pub(crate) device: DeviceId,
    /// Whose it is.
    pub(crate) person: Named,
    /// What to read out.
    pub(crate) code: String,
}

impl Outcome for Recovery {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-device"), short(self.device));
        table.pair(say!(language, "label-person"), self.person.with_code());
        table.pair(say!(language, "label-recovery-code"), self.code.clone());
        table.lines() + &say!(language, "recovery-next") + "\n"
    }
}
