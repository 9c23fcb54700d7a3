//! What the system says while the app sleeps. Refused work goes quietly into the list of notifications, for which the system
//! asks nobody; reminders are said aloud, and leave for it is asked for when somebody wants to be reminded.

import Foundation
import SanbenField
import UserNotifications

@MainActor
enum Notes {
  private static let attention = "attention"
  private static let reminder = "reminder-"

  /// Takes the place of the last one.
  static func refused(_ pieces: Int64, _ texts: Texts) async {
    guard pieces > 0 else { return }
    let center = UNUserNotificationCenter.current()
    guard (try? await center.requestAuthorization(options: [.alert, .provisional])) == true else { return }
    let content = UNMutableNotificationContent()
    content.title = texts["task.refused", ["n": pieces]]
    content.body = texts["task.refused-hint"]
    // Without room for it nothing is lost: the first screen says the same.
    try? await center.add(UNNotificationRequest(identifier: attention, content: content, trigger: nil))
  }

  /// In the place of all earlier ones; `false` where the system shows none. The system keeps them when the phone restarts;
  /// what comes while the app is in front it leaves to the first screen.
  static func remind(_ alarms: [Alarm], asking: Bool) async -> Bool {
    let center = UNUserNotificationCenter.current()
    if asking { _ = try? await center.requestAuthorization(options: [.alert, .sound]) }
    let waiting = await center.pendingNotificationRequests().map(\.identifier)
    center.removePendingNotificationRequests(withIdentifiers: waiting.filter { $0.hasPrefix(reminder) })
    for (place, alarm) in alarms.enumerated() {
      let seconds = alarm.at.timeIntervalSinceNow
      guard seconds > 1 else { continue }
      let content = UNMutableNotificationContent()
      content.body = alarm.text
      content.sound = .default
      let trigger = UNTimeIntervalNotificationTrigger(timeInterval: seconds, repeats: false)
      let request = UNNotificationRequest(
        identifier: "\(reminder)\(place)", content: content, trigger: trigger)
      try? await center.add(request)
    }
    return await center.notificationSettings().authorizationStatus == .authorized
  }

  /// Whoever looks at the app needs none that were said.
  static func seen() {
    UNUserNotificationCenter.current().removeAllDeliveredNotifications()
  }
}
