//! The sheet (千分制) of a community for a month, with the reason of every line.

import Observation
import Sanben

/// One line of a sheet with what a person needs to check it.
public struct Reason: Hashable, Sendable {
  public var line: ScoreLine
  public var title: String
  public var why: String
  public var point: String?
  public var person: String?
}

@MainActor
@Observable
public final class Score {
  public private(set) var community: String
  /// Every community, by code.
  public private(set) var all: [String] = []
  /// Its first day.
  public private(set) var month: StreetDay
  public private(set) var sheet: ScoreSheet?
  public private(set) var counts: [Reason] = []
  public private(set) var suspended: [Reason] = []
  private let session: Session

  public init(_ session: Session, _ community: String) {
    self.session = session
    self.community = community
    month = session.moments.today().firstOfMonth
  }

  /// Keeps it true until it is cancelled.
  public func run() async { await session.follow(load) }

  /// Whether the month after this one has begun.
  public var later: Bool { month.turned(months: 1) <= session.moments.today() }

  /// Another month, by so many steps; never one that has not begun.
  public func turn(_ months: Int) {
    let turned = month.turned(months: months)
    guard turned <= session.moments.today() else { return }
    month = turned
    session.attempt(load)
  }

  public func choose(_ community: String) {
    self.community = community
    session.attempt(load)
  }

  private func load() async throws {
    let (community, month) = (community, month)
    let sheet = try await session.device.score(community: community, period: .month(day: month.written))
    let counts = try await reasons(sheet.lines)
    let suspended = try await reasons(sheet.suspended)
    guard (community, month) == (self.community, self.month) else { return }
    all = session.names.communities
    (self.sheet, self.counts, self.suspended) = (sheet, counts, suspended)
  }

  private func reasons(_ lines: [ScoreLine]) async throws -> [Reason] {
    let (texts, names) = (session.texts, session.names)
    var reasons: [Reason] = []
    for line in lines {
      let words = try await words(line.caseId)
      let why = line.suspended.map(texts.of) ?? (words == nil ? texts.of(line.reason) : line.title)
      reasons.append(
        Reason(
          line: line, title: words ?? line.title, why: why, point: line.point.map(names.point),
          person: line.person.map(names.person)))
    }
    return reasons
  }

  /// What the case is about; a sheet may name cases of which this device holds no more than the line.
  private func words(_ id: Uuid?) async throws -> String? {
    guard let id else { return nil }
    do {
      let words = try await session.device.case(id: id).description
      return words.isBlank ? nil : words
    } catch FieldFailure.NotFound {
      return nil
    }
  }
}
