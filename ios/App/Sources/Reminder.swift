//! Refused work is told while the app sleeps, quietly and never at night: into the list of notifications, for which the
//! system asks nobody. What waits is delivered by itself and needs no reminder.

import Foundation
import SanbenField
import UserNotifications

@MainActor
enum Reminder {
  private static let name = "attention"

  /// Takes the place of the last one.
  static func remind(_ refused: Int64, _ session: Session) async {
    guard refused > 0, mayRemind(minute: session.moments.minute()) else { return }
    let center = UNUserNotificationCenter.current()
    guard (try? await center.requestAuthorization(options: [.alert, .provisional])) == true else { return }
    let content = UNMutableNotificationContent()
    content.title = session.texts["task.refused", ["n": refused]]
    content.body = session.texts["task.refused-hint"]
    // Without room for it nothing is lost: the first screen says the same.
    try? await center.add(UNNotificationRequest(identifier: name, content: content, trigger: nil))
  }

  /// Whoever looks at the app needs none.
  static func seen() {
    UNUserNotificationCenter.current().removeDeliveredNotifications(withIdentifiers: [name])
  }
}
