//! Reminders, made on the device: the app hands them to the system's own alarms.

import Foundation

extension Field {
  /// What this device reminds of by itself, soonest first; to be asked again after every change.
  public func reminders() async throws -> [Reminder] {
    try await offTheActor { try self.reminders() }
  }

  public func reminderPlan() async throws -> ReminderPlan {
    try await offTheActor { try self.reminderPlan() }
  }

  /// When this device reminds from now on; `nil` for the usual plan.
  public func setReminderPlan(plan: ReminderPlan?) async throws {
    try await offTheActor { try self.setReminderPlan(plan: plan) }
  }

  /// Reminds of a case or matter once, at an instant that the person chose; `nil` for not any more.
  public func remindOf(document: Uuid, at: Date?) async throws {
    try await offTheActor { try self.remindOf(document: document, at: at) }
  }

  public func ownReminders() async throws -> [OwnReminder] {
    try await offTheActor { try self.ownReminders() }
  }
}
