//! What the machine around the app can do. Each may be missing or denied, and recording goes on without.

import Foundation
import Sanben

@MainActor
public protocol Ports: AnyObject {
  /// What keeps the key of encrypted records; `nil` on a machine without: records are then not encrypted.
  var keystore: (any Keystore)? { get }

  /// Reads the place once, at a tap; never in the background.
  func place() async -> Located

  /// Lets the person take one picture.
  func picture() async -> Pictured

  /// Hands something that was written, a file or a folder, to the person: to keep, send or share. It is theirs when
  /// this returns `true`; `false` when they thought better of it.
  func give(_ written: URL) async throws -> Bool

  /// Lets the person choose a file; `nil` when they thought better of it. What is chosen is a copy of the app's own.
  func receive() async -> URL?

  /// Has the system say these, in the place of all earlier ones, though the app sleeps. Leave for it is asked for only
  /// where the person is `asking` to be reminded; `false` where the system shows none.
  func remind(_ alarms: [Alarm], asking: Bool) async -> Bool
}

extension Ports {
  public var keystore: (any Keystore)? { nil }

  public func remind(_ alarms: [Alarm], asking: Bool) async -> Bool { false }
}

public enum Located: Sendable {
  case at(Fix)
  /// The person, or the system, does not allow it.
  case denied
  /// No fix to be had here.
  case nowhere
}

public enum Pictured: Sendable {
  case taken(URL)
  case denied
  /// The camera broke, or its storage is full.
  case failed
  /// The person thought better of it.
  case cancelled
}

/// What the machine could not do.
public enum Without: Hashable, CaseIterable, Sendable {
  case placeDenied
  case noPlace
  case cameraDenied
  case cameraFailed
}
