//! A sync while the app sleeps, when the system has a moment for it. A bonus, never a need: everything is sent
//! at the latest when the app is opened again.

import BackgroundTasks
import Sanben
import SanbenField

enum BackgroundSync {
  /// As in Info.plist.
  static let name = "org.sanben.sync"

  static func schedule() {
    let request = BGAppRefreshTaskRequest(identifier: name)
    request.earliestBeginDate = Date(timeIntervalSinceNow: 15 * 60)
    // Without leave to run in the background there is nothing to do about it.
    try? BGTaskScheduler.shared.submit(request)
  }

  /// The system grants about half a minute and cancels the task after it; what was acknowledged stays.
  @MainActor
  static func run() async {
    schedule()
    guard let shell = Machine.running?.shell else { return }
    // The system may have started the app for this alone.
    await shell.settled()
    guard let session = shell.session, let device = try? session.device else { return }
    // How it went is in the store, and shown when somebody looks.
    _ = try? await device.sync(within: SyncBudget(millis: 20_000))
    if let counts = try? await device.counts(), let plan = try? await device.reminderPlan(),
      !plan.isQuiet(minute: session.moments.minute())
    {
      await Notes.refused(counts.rejected, session.texts)
    }
    if !shell.front { try? await device.suspend() }
  }
}
