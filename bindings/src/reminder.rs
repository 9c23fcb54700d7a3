//! Reminders, made on the device: a shell hands them to the system's own alarms and shows them when they come.

use crate::failure::{FieldFailure, InvalidInput};
use crate::field::Field;
use crate::value::{Uuid, instant, timestamp};
use chrono::NaiveTime;
use sanben_domain::id::DocumentId;
use sanben_domain::reminder;
use std::time::SystemTime;

/// A reminder still to come.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reminder {
    /// When to remind.
    pub at: SystemTime,
    /// By when it has to be done.
    pub due: SystemTime,
    /// The case or matter.
    pub document: Uuid,
    /// What it is called.
    pub title: String,
}

/// A reminder of one case or matter that the person set.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OwnReminder {
    /// When to remind.
    pub at: SystemTime,
    /// The case or matter.
    pub document: Uuid,
    /// What it is called.
    pub title: String,
}

/// When this device reminds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReminderPlan {
    /// So many minutes before something is due, each once.
    pub before: Vec<u32>,
    /// From this local time on it is quiet: `21:00`.
    pub quiet_from: String,
    /// Until this one; the same for none.
    pub quiet_until: String,
}

#[uniffi::export]
impl Field {
    /// The reminders still to come, soonest first. Ask again after every change, and put these in the place of the
    /// earlier ones.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`] before the first sync.
    pub fn reminders(&self) -> Result<Vec<Reminder>, FieldFailure> {
        self.call(|field| {
            let reminders = field.reminders()?.into_iter().map(|it| Reminder {
                at: instant(it.at),
                due: instant(it.due.at),
                document: it.due.document.0,
                title: it.due.title,
            });
            Ok(reminders.collect())
        })
    }

    /// When this device reminds.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn reminder_plan(&self) -> Result<ReminderPlan, FieldFailure> {
        self.call(|field| {
            let plan = field.reminder_plan()?;
            let shown = |time: NaiveTime| time.format("%H:%M").to_string();
            let (quiet_from, quiet_until) = (shown(plan.quiet_from), shown(plan.quiet_until));
            Ok(ReminderPlan { before: plan.before, quiet_from, quiet_until })
        })
    }

    /// Sets when this device reminds; absent for the usual plan.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for a time that is none.
    pub fn set_reminder_plan(&self, plan: Option<ReminderPlan>) -> Result<(), FieldFailure> {
        self.call(|field| {
            let read = |text: &str| {
                let time = NaiveTime::parse_from_str(text, "%H:%M");
                time.map_err(|_| FieldFailure::invalid(InvalidInput::NotADay))
            };
            let plan = plan.map(|plan| {
                let (quiet_from, quiet_until) = (read(&plan.quiet_from)?, read(&plan.quiet_until)?);
                Ok::<_, FieldFailure>(reminder::Plan { before: plan.before, quiet_from, quiet_until })
            });
            Ok(field.set_reminder_plan(plan.transpose()?.as_ref())?)
        })
    }

    /// Reminds of a case or matter once, at an instant that the person chose, quiet hours or not, and in the place of one
    /// set earlier; absent for not any more. It stays when its hour has come, until it is taken back.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn remind_of(&self, document: Uuid, at: Option<SystemTime>) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.remind_of(DocumentId(document), at.map(timestamp))?))
    }

    /// Those that the person set, soonest first; also those whose hour has come.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn own_reminders(&self) -> Result<Vec<OwnReminder>, FieldFailure> {
        self.call(|field| {
            let own = field.own_reminders()?.into_iter().map(|it| OwnReminder {
                at: instant(it.at),
                document: it.document.0,
                title: it.title,
            });
            Ok(own.collect())
        })
    }
}
