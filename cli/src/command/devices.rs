//! `devices --dir DIR` and `revoke --dir DIR DEVICE`: which devices the desk has let in, and taking one out.

use super::home::{Desk, Home};
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use crate::view::{Moment, Named, one_of, short};
use sanben_domain::id::DeviceId;
use sanben_domain::reference::Reference;
use sanben_domain::time::Zone;
use sanben_field::Platform;
use sanben_server::{DeviceRow, Server};
use serde::Serialize;

/// Whose devices.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DevicesArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
}

/// Which device.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RevokeArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// The device, by id or prefix.
    pub(crate) device: String,
}

/// Lists them.
///
/// # Errors
/// [`CommandError::NoServer`]; [`CommandError::Server`].
pub(crate) fn run(args: &DevicesArgs, platform: &Platform) -> Result<Devices, CommandError> {
    let server = args.home.open_existing(platform)?;
    Ok(Devices { devices: rows(&server)? })
}

/// Takes one out. One that was taken out before stays as it is.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::Prefix`], [`CommandError::Ambiguous`], not found.
pub(crate) fn revoke(args: &RevokeArgs, platform: &Platform) -> Result<Revoked, CommandError> {
    let server = args.home.open_existing(platform)?;
    let prefix = reading::id_prefix(&args.device).ok_or_else(|| CommandError::Prefix(args.device.clone()))?;
    let held = server.devices()?;
    let found = held.iter().filter(|row| reading::begins_with(row.device, &prefix));
    let id = one_of(found.clone().map(|row| row.device).collect(), "device", &args.device)?;
    let already = found.into_iter().any(|row| row.revoked.is_some());
    if !already {
        server.revoke(id)?;
    }
    let device = rows(&server)?.into_iter().find(|row| row.device == id);
    Ok(Revoked { already, device })
}

fn rows(server: &Server) -> Result<Vec<DeviceView>, CommandError> {
    let reference = server.reference()?;
    Ok(server.devices()?.into_iter().map(|row| DeviceView::of(row, &reference)).collect())
}

/// A device.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DeviceView {
    /// The device.
    pub(crate) device: DeviceId,
    /// Whom it was enrolled for.
    pub(crate) person: Named,
    /// When.
    pub(crate) enrolled: Moment,
    /// When it was taken out.
    pub(crate) revoked: Option<Moment>,
}

impl DeviceView {
    fn of(row: DeviceRow, reference: &Reference) -> Self {
        let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
        let name = reference.people.get(&row.person).map(|person| person.name.clone());
        Self {
            device: row.device,
            person: Named { id: row.person.to_string(), name: name.unwrap_or_default() },
            enrolled: Moment { at: row.enrolled, zone },
            revoked: row.revoked.map(|at| Moment { at, zone }),
        }
    }
}

/// The devices.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Devices {
    /// Oldest first.
    pub(crate) devices: Vec<DeviceView>,
}

impl Outcome for Devices {
    fn show(&self, language: Language) -> String {
        if self.devices.is_empty() {
            return say!(language, "devices-none") + "\n";
        }
        let mut table = Table::new([
            say!(language, "label-device"),
            say!(language, "label-person"),
            say!(language, "label-enrolled-at"),
            say!(language, "label-revoked-at"),
        ]);
        for row in &self.devices {
            table.row([
                short(row.device),
                row.person.with_code(),
                row.enrolled.to_string(),
                row.revoked.map(|at| at.to_string()).unwrap_or_default(),
            ]);
        }
        table.lines()
    }
}

/// A device that is not answered any more.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Revoked {
    /// It had been taken out before.
    pub(crate) already: bool,
    /// The device.
    pub(crate) device: Option<DeviceView>,
}

impl Outcome for Revoked {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        if let Some(row) = &self.device {
            table.pair(say!(language, "label-device"), short(row.device));
            table.pair(say!(language, "label-person"), row.person.with_code());
            table.pair(say!(language, "label-enrolled-at"), row.enrolled.to_string());
            table.pair(say!(language, "label-revoked-at"), row.revoked.map(|at| at.to_string()));
        }
        let note =
            if self.already { say!(language, "revoke-already") } else { say!(language, "revoke-done") };
        table.lines() + &note + "\n"
    }
}
