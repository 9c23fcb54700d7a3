//! `field outbox`: what this device recorded and what became of it, and what needs attention.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, Names, short};
use crate::words;
use sanben_document::IntentBody;
use sanben_domain::id::DocumentId;
use sanben_field::{Attention, Field, FieldError, OutboxRow, OutboxState};
use sanben_sync::wire::Rejection;
use serde::Serialize;

/// How much of it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OutboxArgs {
    /// How many changes, latest first.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) limit: u16,
}

impl Default for OutboxArgs {
    fn default() -> Self {
        Self { limit: 50 }
    }
}

/// Lists it.
///
/// # Errors
/// A store error.
pub(crate) fn run(args: &OutboxArgs, field: &Field) -> Result<Outbox, CommandError> {
    let (names, counts) = (Names::of(field)?, field.counts()?);
    let rows = field.outbox(usize::from(args.limit))?;
    let attention = field.needs_attention()?;
    Ok(Outbox {
        pending: counts.pending,
        photos: counts.photos,
        photos_delivered: counts.photos_delivered,
        next_try: field.next_try().map(|at| names.moment(at)),
        changes: rows
            .into_iter()
            .map(|row| Ok(ChangeView::of(row, &names, field)?))
            .collect::<Result<_, CommandError>>()?,
        needs_attention: attention.into_iter().map(|row| AttentionView::of(row, &names)).collect(),
    })
}

/// The outbox.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Outbox {
    /// Changes that wait for the server.
    pub(crate) pending: u64,
    /// Own photos cited by recorded work.
    pub(crate) photos: u64,
    /// Of those, confirmed by the server.
    pub(crate) photos_delivered: u64,
    /// When a waiting program would try again; nothing means at the next `sync`.
    pub(crate) next_try: Option<Moment>,
    /// The changes, latest first.
    pub(crate) changes: Vec<ChangeView>,
    /// What the server refused, oldest first.
    pub(crate) needs_attention: Vec<AttentionView>,
}

/// One recorded change.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChangeView {
    /// Its number.
    pub(crate) id: i64,
    /// The case or patrol.
    pub(crate) document: DocumentId,
    /// When it was recorded.
    pub(crate) recorded: Moment,
    /// What became of it.
    pub(crate) state: State,
    /// What was meant.
    #[serde(skip)]
    meant: IntentBody,
}

/// What became of a change.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub(crate) enum State {
    /// It waits for the server.
    Pending,
    /// It is in the log for good.
    Accepted {
        /// The receipt: its number in the log of its scope.
        receipt: u64,
        /// The unit of that scope; each has a log of its own and counts from 1.
        unit: String,
        /// When the server made it durable.
        received: Moment,
    },
    /// The server refused it.
    Rejected {
        /// Why.
        reason: Rejection,
        /// When the answer came.
        at: Moment,
    },
    /// A person of the desk has to look at it.
    InReview {
        /// What speaks against it.
        reason: Rejection,
        /// When the answer came.
        at: Moment,
    },
    /// A person gave it up.
    Discarded {
        /// Why.
        reason: String,
        /// When.
        at: Moment,
    },
}

impl ChangeView {
    fn of(row: OutboxRow, names: &Names, field: &Field) -> Result<Self, FieldError> {
        let state = match row.state {
            OutboxState::Pending => State::Pending,
            OutboxState::Accepted { seq, received } => {
                let document = field.store().document(row.document)?;
                let home = document.map(|document| document.record()).transpose()?;
                let unit = home.map(|record| record.home().to_string()).unwrap_or_default();
                State::Accepted { receipt: seq, unit, received: names.moment(received) }
            }
            OutboxState::Rejected { rejection, at } => {
                State::Rejected { reason: rejection, at: names.moment(at) }
            }
            OutboxState::InReview { why, at } => State::InReview { reason: why, at: names.moment(at) },
            OutboxState::Discarded { reason, at } => State::Discarded { reason, at: names.moment(at) },
        };
        Ok(Self {
            id: row.id.0,
            document: row.document,
            recorded: names.moment(row.recorded),
            state,
            meant: row.intent.body,
        })
    }
}

/// One refused change.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AttentionView {
    /// Its number, for `resend` and `discard`.
    pub(crate) id: i64,
    /// The case or patrol.
    pub(crate) document: DocumentId,
    /// Why it was refused.
    pub(crate) reason: Rejection,
    /// When the answer came.
    pub(crate) at: Moment,
    /// To whom it was handed on meanwhile.
    pub(crate) handed_on: Option<HandedOnView>,
    /// What was meant.
    #[serde(skip)]
    meant: IntentBody,
}

/// To whom refused work was handed on.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct HandedOnView {
    /// To whom, when it was said.
    pub(crate) to: Option<Named>,
    /// When.
    pub(crate) at: Moment,
}

impl HandedOnView {
    fn say(&self, language: Language) -> String {
        let time = self.at.to_string();
        match &self.to {
            Some(who) => say!(language, "attention-handed-on", who = who.to_string(), time = time),
            None => say!(language, "attention-handed-on-open", time = time),
        }
    }
}

impl AttentionView {
    fn of(row: Attention, names: &Names) -> Self {
        Self {
            id: row.id.0,
            document: row.document,
            reason: row.rejection,
            at: names.moment(row.at),
            handed_on: row.handed_on.map(|handed| HandedOnView {
                to: handed.to.as_ref().map(|to| names.person(to)),
                at: names.moment(handed.at),
            }),
            meant: row.intent.body,
        }
    }
}

impl Outcome for Outbox {
    fn show(&self, language: Language) -> String {
        if self.changes.is_empty() && self.needs_attention.is_empty() {
            return say!(language, "outbox-empty") + "\n";
        }
        let mut table = Table::new([
            say!(language, "label-number"),
            say!(language, "label-recorded"),
            say!(language, "label-done"),
            say!(language, "label-document"),
            say!(language, "label-state"),
        ]);
        for change in &self.changes {
            let state = match &change.state {
                State::Pending => say!(language, "outbox-pending"),
                // Through another device, with the same event.
                State::Accepted { receipt: 0, received, .. } => {
                    say!(language, "outbox-elsewhere", time = received.to_string())
                }
                State::Accepted { receipt, unit, received } => {
                    let (receipt, time) = (format!("{unit}#{receipt}"), received.to_string());
                    say!(language, "outbox-accepted", receipt = receipt, time = time)
                }
                State::Rejected { reason, .. } => {
                    say!(language, "outbox-rejected", why = words::rejection(language, reason))
                }
                State::InReview { reason, .. } => {
                    say!(language, "outbox-in-review", why = words::rejection(language, reason))
                }
                State::Discarded { reason, .. } => {
                    say!(language, "outbox-discarded", why = reason.as_str())
                }
            };
            table.row([
                change.id.to_string(),
                change.recorded.to_string(),
                words::intent(language, &change.meant),
                short(change.document),
                state,
            ]);
        }
        let mut text = table.whole().lines();
        if self.photos > 0 {
            text.push_str(&say!(
                language,
                "delivery-photos",
                photos = self.photos,
                delivered = self.photos_delivered
            ));
            text.push('\n');
        }
        if self.pending > 0 {
            text.push_str(&match self.next_try {
                Some(time) => say!(language, "outbox-next-try", n = self.pending, time = time.to_string()),
                None => say!(language, "outbox-next-sync", n = self.pending),
            });
            text.push('\n');
        }
        if !self.needs_attention.is_empty() {
            text.push('\n');
            text.push_str(&say!(language, "attention-head", n = self.needs_attention.len()));
            text.push('\n');
            let mut table = Table::new([
                say!(language, "label-number"),
                say!(language, "label-done"),
                say!(language, "label-document"),
                say!(language, "label-reason"),
                say!(language, "label-what-to-do"),
            ]);
            for row in &self.needs_attention {
                table.row([
                    row.id.to_string(),
                    words::intent(language, &row.meant),
                    short(row.document),
                    words::rejection(language, &row.reason),
                    match &row.handed_on {
                        Some(handed) => handed.say(language),
                        None => words::remedy(language, &row.reason),
                    },
                ]);
            }
            text.push_str(&table.whole().lines());
        }
        text
    }
}
