//! The phone around the shell: its folder, its camera, its receiver, and its sleep.

import CryptoKit
import Foundation
import Network
import Observation
import Sanben
import SanbenField
import UIKit

@MainActor
@Observable
final class Machine: Ports {
  /// The one of this process; a sync in the background begins with it too.
  static private(set) weak var running: Machine?

  @ObservationIgnored private(set) var shell: Shell!
  let keystore: (any Keystore)? = SecureEnclave.isAvailable ? Enclave() : nil
  var camera = Camera()
  var papers = Papers()
  @ObservationIgnored private let receiver = Receiver()
  @ObservationIgnored private let network = NWPathMonitor()

  init() throws {
    Papers.sweep()
    shell = try Shell(try Self.folder(), ports: self)
    Self.running = self
    // News of a network only sets a sync off; whether the server answers is seen then.
    network.pathUpdateHandler = { [weak self] path in
      guard path.status == .satisfied else { return }
      Task { @MainActor in self?.shell.noticed() }
    }
    network.start(queue: .global(qos: .utility))
  }

  func place() async -> Located { await receiver.once() }

  func picture() async -> Pictured { await camera.picture() }

  func give(_ written: URL) async -> Bool { await papers.give(written) }

  func receive() async -> URL? { await papers.receive() }

  func remind(_ alarms: [Alarm], asking: Bool) async -> Bool { await Notes.remind(alarms, asking: asking) }

  func awake() {
    Notes.seen()
    shell.wake()
  }

  /// The system grants some seconds: what is under way stops at its next answer, and the store is closed.
  func asleep() {
    BackgroundSync.schedule()
    let application = UIApplication.shared
    var granted = UIBackgroundTaskIdentifier.invalid
    granted = application.beginBackgroundTask { application.endBackgroundTask(granted) }
    Task {
      await shell.sleep()
      application.endBackgroundTask(granted)
    }
  }

  /// Files are readable from the first unlock on, so that a sync in the background can open them. They stay on
  /// this phone: a store that came back from a backup would be the same device twice.
  private static func folder() throws -> URL {
    var folder = URL.applicationSupportDirectory.appendingPathComponent("Sanben")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true,
      attributes: [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication])
    var values = URLResourceValues()
    values.isExcludedFromBackup = true
    try folder.setResourceValues(values)
    return folder
  }
}
