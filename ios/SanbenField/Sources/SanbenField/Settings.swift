//! What a person set on this device.

import Foundation
import Observation

public enum Look: String, CaseIterable, Codable, Sendable {
  case system
  case light
  case dark
  case highContrast
}

public struct Settled: Equatable, Codable, Sendable {
  public var language = Language.chinese
  public var look = Look.system

  public init() {}
}

@MainActor
@Observable
public final class Settings {
  public private(set) var settled: Settled
  private let file: URL

  public init(_ file: URL) {
    self.file = file
    settled = Kept.read(file, as: Settled.self) ?? Settled()
  }

  /// Holds from now on, and after the next start too where there is room to keep it.
  public func change(_ how: (inout Settled) -> Void) {
    how(&settled)
    try? Kept.write(settled, to: file)
  }
}
