//! Files to and from the person: what is given goes through the system's sharing, what is brought is chosen in Files.

import Observation
import SwiftUI
import UIKit

@MainActor
@Observable
final class Papers {
  /// What is being handed to the person.
  var given: Written?
  /// Whether a file is being chosen.
  var choosing = false
  @ObservationIgnored private var taken: CheckedContinuation<Bool, Never>?
  @ObservationIgnored private var chosen: CheckedContinuation<URL?, Never>?

  struct Written: Identifiable {
    let file: URL

    var id: URL { file }
  }

  func give(_ written: URL) async -> Bool {
    guard taken == nil else { return false }
    return await withCheckedContinuation {
      taken = $0
      given = Written(file: written)
    }
  }

  /// The sharing is over, however it went.
  func shared(_ completed: Bool) {
    taken?.resume(returning: completed)
    taken = nil
    given = nil
  }

  func receive() async -> URL? {
    guard chosen == nil else { return nil }
    return await withCheckedContinuation {
      chosen = $0
      choosing = true
    }
  }

  /// Files lends what was chosen: it is copied while it may be read.
  func chose(_ file: URL?) {
    let copy = file.flatMap { try? Self.copied($0) }
    chosen?.resume(returning: copy)
    chosen = nil
    choosing = false
  }

  private static let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brought")

  /// What was brought before has long been taken in.
  static func sweep() { try? FileManager.default.removeItem(at: folder) }

  private static func copied(_ file: URL) throws -> URL {
    let lent = file.startAccessingSecurityScopedResource()
    defer { if lent { file.stopAccessingSecurityScopedResource() } }
    sweep()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let copy = folder.appendingPathComponent(file.lastPathComponent)
    try FileManager.default.copyItem(at: file, to: copy)
    return copy
  }
}

/// The system's own sheet for keeping, sending and sharing.
struct ShareSheet: UIViewControllerRepresentable {
  let file: URL
  let shared: @MainActor (Bool) -> Void

  func makeUIViewController(context: Context) -> UIActivityViewController {
    let sheet = UIActivityViewController(activityItems: [file], applicationActivities: nil)
    sheet.completionWithItemsHandler = { _, completed, _, _ in shared(completed) }
    return sheet
  }

  func updateUIViewController(_ sheet: UIActivityViewController, context: Context) {}
}
