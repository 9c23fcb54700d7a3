//! `trail --dir DIR`: what the desk did, when, who said so and why. Rows are chained; `audit` checks them, and backups and
//! exported logs are signed over their end.

use super::home::Home;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::Moment;
use sanben_domain::time::Zone;
use sanben_field::Platform;
use sanben_server::{DeskAct, TrailEntry};
use serde::Serialize;

/// Whose trail.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TrailArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Home,
}

/// Lists it.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::Server`].
pub(crate) fn run(args: &TrailArgs, platform: &Platform) -> Result<Trail, CommandError> {
    let server = args.home.open_existing(platform)?;
    let reference = server.reference()?;
    let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
    Ok(Trail { zone, deeds: server.trail()? })
}

/// So many subjects fit beside each other; `--json` has them all.
const SHOWN: usize = 4;

fn subjects(all: &[String]) -> String {
    let shown = all.iter().take(SHOWN).map(String::as_str);
    shown.chain((all.len() > SHOWN).then_some("…")).collect::<Vec<_>>().join(" ")
}

/// The trail.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Trail {
    #[serde(skip)]
    zone: Zone,
    /// Oldest first.
    deeds: Vec<TrailEntry>,
}

impl Outcome for Trail {
    fn show(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-number"),
            say!(language, "label-time"),
            say!(language, "label-who"),
            say!(language, "label-done"),
            say!(language, "label-subjects"),
            say!(language, "label-reason"),
        ])
        .whole();
        for TrailEntry { seq, deed } in &self.deeds {
            table.row([
                seq.to_string(),
                Moment { at: deed.at, zone: self.zone }.to_string(),
                deed.by.clone(),
                done(language, deed.act),
                subjects(&deed.subjects),
                deed.reason.clone(),
            ]);
        }
        table.lines()
    }
}

fn done(language: Language, act: DeskAct) -> String {
    match act {
        DeskAct::Publish => say!(language, "desk-publish"),
        DeskAct::Invite => say!(language, "desk-invite"),
        DeskAct::Revoke => say!(language, "desk-revoke"),
        DeskAct::RecoveryCode => say!(language, "desk-recovery-code"),
        DeskAct::Accept => say!(language, "desk-accept"),
        DeskAct::Refuse => say!(language, "desk-refuse"),
        DeskAct::Erase => say!(language, "desk-erase"),
        DeskAct::EraseAgain => say!(language, "desk-erase-again"),
        DeskAct::TakeBack => say!(language, "desk-take-back"),
        DeskAct::Restore => say!(language, "desk-restore"),
        DeskAct::NewLife => say!(language, "desk-new-life"),
        DeskAct::Unknown => say!(language, "act-unknown"),
    }
}
