package sanben.device

import sanben.OwnReminder
import sanben.Reminder
import sanben.ReminderPlan
import java.time.Instant
import java.util.UUID

/** What this device reminds of by itself, soonest first; to be asked again after every change. */
suspend fun Device.reminders(): List<Reminder> = call { reminders() }

suspend fun Device.reminderPlan(): ReminderPlan = call { reminderPlan() }

/** When this device reminds from now on; `null` for the usual plan. */
suspend fun Device.setReminderPlan(plan: ReminderPlan?) = call { setReminderPlan(plan) }

/** Reminds of a case or matter once, at an instant that the person chose; `null` for not any more. */
suspend fun Device.remindOf(
    document: UUID,
    at: Instant?,
) = call { remindOf(document, at) }

/** Those that the person set, soonest first; one whose hour has come stays until it is taken back. */
suspend fun Device.ownReminders(): List<OwnReminder> = call { ownReminders() }
