//! `field act CASE …`: the steps and words of the thread that have no command of their own, and what every
//! act on a case brings back.

use crate::deed::Deed;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading::{self, LocalTime};
use crate::table::Table;
use crate::view::{Moment, Names, case_named, short, standing};
use crate::words;
use clap::{Args, Subcommand};
use sanben_domain::case::{CaseAct, Handler, Lateness, Status, lateness};
use sanben_domain::id::{CaseId, EventId, UnitId};
use sanben_domain::time::Timestamp;
use sanben_field::{Field, FieldError};
use serde::Serialize;
use std::path::PathBuf;

/// Which case, and what is done to it.
#[derive(Debug, Clone, Args)]
pub(crate) struct ActArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// The act.
    #[command(subcommand)]
    pub(crate) act: Act,
}

/// The acts.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Act {
    /// 核实.
    Confirm,
    /// 立案.
    File,
    /// 派遣.
    Dispatch {
        /// To which unit, and to whom in it.
        #[arg(long, value_parser = reading::handler)]
        to: Handler,
    },
    /// 结案.
    Close,
    /// 返工.
    Rework {
        /// Why.
        reason: String,
    },
    /// 挂账.
    OnAccount {
        /// Until when.
        #[arg(long, value_parser = reading::local_time)]
        until: LocalTime,
        /// Why.
        reason: String,
    },
    /// 作废.
    Void {
        /// Why.
        reason: String,
    },
    /// 延期.
    Extend {
        /// Until when.
        #[arg(long, value_parser = reading::local_time)]
        until: LocalTime,
        /// Why.
        reason: String,
    },
    /// An exception to the same-day rule.
    Except {
        /// Until when.
        #[arg(long, value_parser = reading::local_time)]
        until: LocalTime,
        /// Why.
        reason: String,
    },
    /// 层层反映.
    Escalate {
        /// To which unit.
        #[arg(long)]
        to: UnitId,
        /// Why.
        reason: String,
    },
    /// The answer to an escalation.
    Answer {
        /// What was decided.
        words: String,
    },
    /// The same problem again.
    FindAgain {
        /// Photos of it.
        #[arg(long = "photo", value_name = "FILE")]
        photos: Vec<PathBuf>,
        /// The words.
        #[arg(default_value = "")]
        words: String,
    },
    /// A word in the thread.
    Comment {
        /// The words.
        words: String,
    },
}

/// Does it.
///
/// # Errors
/// As [`Field::act`]; [`FieldError::NotFound`] for an unknown unit or person.
pub(crate) fn run(args: &ActArgs, field: &Field) -> Result<Acted, CommandError> {
    let case = case_named(field, &args.case)?;
    let names = Names::of(field)?;
    let (act, photos) = meant(&args.act, &names)?;
    let event = field.act(case, act, &photos)?;
    Acted::on(field, case, Some(event))
}

fn meant(act: &Act, names: &Names) -> Result<(CaseAct, Vec<PathBuf>), FieldError> {
    // A day alone lasts until the tenant's day ends.
    let end = names.reference.tenant.as_ref().ok_or(FieldError::NothingYet)?.day.ends_at;
    let due = |until: &LocalTime| until.instant(names.zone, end);
    let unit_known = |unit: &UnitId| match names.reference.units.contains_key(unit) {
        true => Ok(()),
        false => Err(FieldError::NotFound { what: "unit", id: unit.to_string() }),
    };
    Ok(match act.clone() {
        Act::Confirm => (CaseAct::Confirm, Vec::new()),
        Act::File => (CaseAct::File, Vec::new()),
        Act::Dispatch { to } => {
            unit_known(&to.unit)?;
            if let Some(person) = to.person.as_ref().filter(|id| !names.reference.people.contains_key(id)) {
                return Err(FieldError::NotFound { what: "person", id: person.to_string() });
            }
            (CaseAct::Dispatch { to }, Vec::new())
        }
        Act::Close => (CaseAct::Close, Vec::new()),
        Act::Rework { reason } => (CaseAct::Rework { reason }, Vec::new()),
        Act::OnAccount { until, reason } => (CaseAct::PutOnAccount { reason, due: due(&until) }, Vec::new()),
        Act::Void { reason } => (CaseAct::Void { reason }, Vec::new()),
        Act::Extend { until, reason } => (CaseAct::Extend { reason, due: due(&until) }, Vec::new()),
        Act::Except { until, reason } => (CaseAct::Except { reason, due: due(&until) }, Vec::new()),
        Act::Escalate { to, reason } => {
            unit_known(&to)?;
            (CaseAct::Escalate { to, reason }, Vec::new())
        }
        Act::Answer { words } => (CaseAct::Answer { words }, Vec::new()),
        Act::FindAgain { photos, words } => (CaseAct::FindAgain { words, photos: Vec::new() }, photos),
        Act::Comment { words } => (CaseAct::Comment { words }, Vec::new()),
    })
}

/// Where a case stands after an act.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Acted {
    /// The case.
    pub(crate) case: CaseId,
    /// What was done.
    pub(crate) deed: Deed,
    /// The act, for its words.
    #[serde(skip)]
    act: CaseAct,
    /// The event that it became.
    pub(crate) event: Option<EventId>,
    /// How far the case has come.
    pub(crate) status: Status,
    /// Whether a person has to decide.
    pub(crate) disputed: bool,
    /// By when.
    pub(crate) due: Option<Moment>,
    /// Whether it is late.
    pub(crate) lateness: Lateness,
}

impl Acted {
    /// Where the case stands now; without an event, the latest one of the thread counts as the act.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub(crate) fn on(field: &Field, case: CaseId, event: Option<EventId>) -> Result<Self, CommandError> {
        let (row, names, now): (_, _, Timestamp) = (field.case(case)?, Names::of(field)?, field.now()?);
        let event = event.or_else(|| row.state.thread.last().map(|taken| taken.event));
        let act = event.and_then(|event| row.record.events.get(&event)).map(|event| event.act.clone());
        let act = act.unwrap_or(CaseAct::Unknown);
        Ok(Self {
            case,
            deed: Deed::of(&act, &names),
            act,
            event,
            status: row.status,
            disputed: row.state.disputed(),
            due: row.state.due.map(|due| names.moment(due.at)),
            lateness: lateness(&row.state, now),
        })
    }
}

impl Outcome for Acted {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        let done = self.deed.say(&words::act(language, &self.act), language);
        table.pair(say!(language, "label-done"), done);
        table.pair(say!(language, "label-case"), short(self.case));
        let status = standing(language, self.status, self.disputed, self.lateness);
        table.pair(say!(language, "label-status"), status);
        table.pair(say!(language, "label-due"), self.due.map(|due| due.to_string()));
        table.lines()
    }
}
