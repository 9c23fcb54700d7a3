//! `field sync`: delivers and fetches until nothing is left. Needs a network.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading;
use crate::table::Table;
use sanben_field::{Budget, Field, Http, Stopped, SyncReport, Transport};
use serde::Serialize;
use std::ops::ControlFlow;

/// Where the server is now.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct SyncArgs {
    /// The server's address, when it has moved; it must still be the same server.
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// No longer than this, milliseconds.
    #[arg(long = "for", value_name = "TIME", value_parser = reading::span, conflicts_with = "watch")]
    pub(crate) time: Option<u64>,
    /// No more than this, up and down.
    #[arg(long, value_name = "SIZE", value_parser = reading::size)]
    pub(crate) bytes: Option<u64>,
    /// No more than these.
    #[arg(long, value_name = "N")]
    pub(crate) requests: Option<u64>,
    /// Stay, and tell what changes.
    #[arg(long)]
    pub(crate) watch: bool,
}

impl SyncArgs {
    pub(crate) fn budget(&self) -> Budget {
        Budget { time_ms: self.time, bytes: self.bytes, requests: self.requests }
    }
}

/// Syncs over HTTP with the server at which the store was enrolled.
///
/// # Errors
/// As [`Field::sync`].
pub(crate) fn run(args: &SyncArgs, field: &Field) -> Result<Synced, CommandError> {
    let Some(url) = &args.url else { return over(&Http::new(&field.enrolment()?.url), args.budget(), field) };
    let synced = over(&Http::new(url), args.budget(), field)?;
    // It is the same server when it has told something: its answers are signed.
    if !synced.report.more || synced.report.accepted + synced.report.received > 0 {
        field.set_url(url)?;
    }
    Ok(synced)
}

/// Syncs over any transport.
///
/// # Errors
/// As [`Field::sync`].
pub(crate) fn over(transport: &dyn Transport, budget: Budget, field: &Field) -> Result<Synced, CommandError> {
    let report = field.sync(transport, budget, &mut |_| ControlFlow::Continue(()))?;
    let counts = field.counts()?;
    Ok(Synced { report, needs_attention: counts.rejected, quarantined: counts.quarantined })
}

/// What travelled.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Synced {
    /// The figures.
    #[serde(flatten)]
    pub(crate) report: SyncReport,
    /// Own work that the server refused and that waits for the person.
    pub(crate) needs_attention: u64,
    /// Arrived changes that could not be applied.
    pub(crate) quarantined: u64,
}

impl Synced {
    /// What was used up, and what waits because of it.
    fn left(&self, why: Stopped, language: Language) -> String {
        let (changes, photos) = (self.report.changes_waiting, self.report.photos_waiting);
        let more = if self.report.more { "yes" } else { "no" };
        match why {
            Stopped::Time => {
                say!(language, "sync-stopped-time", changes = changes, photos = photos, more = more)
            }
            Stopped::Bytes => {
                say!(language, "sync-stopped-bytes", changes = changes, photos = photos, more = more)
            }
            Stopped::Requests => {
                say!(language, "sync-stopped-requests", changes = changes, photos = photos, more = more)
            }
        }
    }
}

impl Outcome for Synced {
    fn show(&self, language: Language) -> String {
        let SyncReport { accepted, rejected, in_review, received, photos_delivered, photos_waiting, .. } =
            self.report;
        let mut table = Table::of_pairs();
        // What was sent more than once is one thing that was to be delivered.
        let of = accepted + rejected + in_review + self.report.changes_waiting;
        let delivered = say!(language, "sync-delivered", accepted = accepted, of = of);
        table.pair(say!(language, "label-delivered"), delivered);
        table.pair(say!(language, "label-received"), received.to_string());
        let all = photos_delivered + photos_waiting;
        let photos = say!(language, "delivery-photos", photos = all, delivered = photos_delivered);
        table.pair(say!(language, "label-photos"), (all > 0).then_some(photos));
        let (up, down) = (self.report.bytes_up, self.report.bytes_down);
        let traffic = say!(language, "sync-traffic", requests = self.report.requests, up = up, down = down);
        table.pair(say!(language, "label-traffic"), traffic);
        let mut text = table.lines();
        if let Some(why) = self.report.stopped {
            text.push_str(&self.left(why, language));
            text.push('\n');
        }
        if self.needs_attention > 0 {
            text.push_str(&say!(language, "sync-attention", n = self.needs_attention));
            text.push('\n');
        }
        if self.report.in_review > 0 {
            text.push_str(&say!(language, "sync-in-review", n = self.report.in_review));
            text.push('\n');
        }
        if self.report.erased > 0 {
            text.push_str(&say!(language, "sync-erased", n = self.report.erased));
            text.push('\n');
        }
        if self.report.restored {
            text.push_str(&say!(language, "sync-restored"));
            text.push('\n');
        }
        if self.report.carried > 0 {
            text.push_str(&say!(language, "sync-carried", n = self.report.carried));
            text.push('\n');
        }
        if self.report.carried_later > 0 {
            text.push_str(&say!(language, "sync-carried-later", n = self.report.carried_later));
            text.push('\n');
        }
        if self.report.carried_refused > 0 {
            text.push_str(&say!(language, "sync-carried-refused", n = self.report.carried_refused));
            text.push('\n');
        }
        if self.report.photos_failed > 0 {
            text.push_str(&say!(language, "sync-photos-failed", n = self.report.photos_failed));
            text.push('\n');
        }
        if self.report.photos_gone > 0 {
            text.push_str(&say!(language, "sync-photos-gone", n = self.report.photos_gone));
            text.push('\n');
        }
        if self.quarantined > 0 {
            text.push_str(&say!(language, "sync-quarantined", n = self.quarantined));
            text.push('\n');
        }
        text
    }
}
