//! `field reminders`: what this device reminds its person of, and when it keeps quiet.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Names, short};
use chrono::NaiveTime;
use sanben_domain::id::DocumentId;
use sanben_domain::reminder::Plan;
use sanben_field::Field;
use serde::Serialize;

/// When to remind from now on; without these the list is shown.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct RemindersArgs {
    /// So long before something is due.
    #[arg(long, value_name = "TIME", value_delimiter = ',', value_parser = span)]
    pub(crate) before: Vec<u32>,
    /// From when until when it is quiet.
    #[arg(long, value_name = "HH:MM-HH:MM", value_parser = quiet)]
    pub(crate) quiet: Option<(NaiveTime, NaiveTime)>,
    /// The usual plan.
    #[arg(long, conflicts_with_all = ["before", "quiet"])]
    pub(crate) usual: bool,
}

/// Minutes, hours or days: `30m`, `2h`, `1d`.
pub(crate) fn span(text: &str) -> Result<u32, String> {
    let wrong = || "30m, 2h, 1d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return Err(wrong()),
    };
    let number: u32 = text.strip_suffix(unit).and_then(|number| number.parse().ok()).ok_or_else(wrong)?;
    number.checked_mul(minutes).filter(|minutes| (1..=60 * 24 * 60).contains(minutes)).ok_or_else(wrong)
}

fn quiet(text: &str) -> Result<(NaiveTime, NaiveTime), String> {
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let read = text.split_once('-').and_then(|(from, until)| Some((time(from)?, time(until)?)));
    read.ok_or_else(|| "21:00-07:00".to_owned())
}

/// Sets the plan if one is given, and lists what is to come.
///
/// # Errors
/// As [`Field::reminders`].
pub(crate) fn run(args: &RemindersArgs, field: &Field) -> Result<Reminders, CommandError> {
    let mut plan = field.reminder_plan()?;
    if !args.before.is_empty() {
        plan.before.clone_from(&args.before);
    }
    if let Some((from, until)) = args.quiet {
        (plan.quiet_from, plan.quiet_until) = (from, until);
    }
    if args.usual {
        field.set_reminder_plan(None)?;
    } else if !args.before.is_empty() || args.quiet.is_some() {
        field.set_reminder_plan(Some(&plan))?;
    }
    let (names, now) = (Names::of(field)?, field.now()?);
    let by_itself = field.reminders()?.into_iter().map(|it| Line {
        at: names.moment(it.at),
        due: Some(names.moment(it.due.at)),
        come: false,
        document: it.due.document,
        title: it.due.title,
    });
    let own = field.own_reminders()?.into_iter().map(|it| Line {
        at: names.moment(it.at),
        due: None,
        come: it.at <= now,
        document: it.document,
        title: it.title,
    });
    let mut reminders: Vec<_> = by_itself.chain(own).collect();
    reminders.sort_by_key(|line| (line.at.at, line.document));
    Ok(Reminders { plan: field.reminder_plan()?, reminders })
}

/// A reminder.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    at: Moment,
    /// By when it has to be done; nothing where the person set the reminder.
    due: Option<Moment>,
    /// Its hour has come, and nobody took it back.
    come: bool,
    document: DocumentId,
    title: String,
}

/// The reminders to come.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reminders {
    plan: Plan,
    reminders: Vec<Line>,
}

impl Outcome for Reminders {
    fn show(&self, language: Language) -> String {
        let time = |time: NaiveTime| time.format("%H:%M").to_string();
        let before: Vec<_> = self.plan.before.iter().map(|minutes| words(*minutes)).collect();
        let mut text = say!(
            language,
            "reminders-plan",
            before = before.join(", "),
            from = time(self.plan.quiet_from),
            until = time(self.plan.quiet_until)
        );
        text.push('\n');
        if self.reminders.is_empty() {
            return text + &say!(language, "reminders-none") + "\n";
        }
        let mut table = Table::new([
            say!(language, "label-remind"),
            say!(language, "label-due"),
            say!(language, "label-id"),
            say!(language, "label-words"),
        ]);
        for line in &self.reminders {
            let at = match line.come {
                true => say!(language, "reminder-come", at = line.at.to_string()),
                false => line.at.to_string(),
            };
            let due = line.due.map_or_else(|| say!(language, "reminder-own"), |due| due.to_string());
            table.row([at, due, short(line.document), line.title.clone()]);
        }
        text + &table.lines()
    }
}

/// As it is typed.
fn words(minutes: u32) -> String {
    match minutes {
        days if days.is_multiple_of(24 * 60) => format!("{}d", days / (24 * 60)),
        hours if hours.is_multiple_of(60) => format!("{}h", hours / 60),
        minutes => format!("{minutes}m"),
    }
}
