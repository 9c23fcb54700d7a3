//! Finding a point, and its three ledgers (三本台账).

import Observation
import Sanben

/// Finding a point by a part of its name, kind, code or community.
@MainActor
@Observable
public final class Points {
  public private(set) var text = ""
  public private(set) var found: [PointView] = []
  private let session: Session

  public init(_ session: Session) { self.session = session }

  /// Keeps it true until it is cancelled.
  public func run() async { await session.follow(load) }

  public func search(_ text: String) {
    self.text = text
    session.attempt(load)
  }

  private func load() async throws {
    let asked = text
    let found = try await session.device.points(text: asked.isBlank ? nil : asked)
    if asked == text { self.found = found }
  }
}

/// Which of the three ledgers is open.
public enum Ledger: CaseIterable, Sendable {
  case standards
  case problems
  case responsibility
}

@MainActor
@Observable
public final class PointLedgers {
  public let code: String
  public private(set) var point: PointView?
  public private(set) var ledgers: Ledgers?
  public private(set) var unit = ""
  public var ledger = Ledger.problems
  private let session: Session

  public init(_ session: Session, _ code: String) {
    self.session = session
    self.code = code
  }

  /// Keeps it true until it is cancelled.
  public func run() async {
    await session.follow {
      self.ledgers = try await self.session.device.ledgers(point: self.code)
      self.point = self.session.names.points[self.code]
      self.unit = self.point.map { self.session.names.unit($0.unit) } ?? ""
    }
  }
}
