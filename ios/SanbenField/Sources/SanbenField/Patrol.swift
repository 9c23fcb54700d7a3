//! The morning round, or the look-back list that the day's findings make.

import Observation
import Sanben

/// A point of a round.
public struct Stop: Hashable, Identifiable, Sendable {
  public var point: String
  public var name: String
  public var community: String
  public var head: String?
  public var result: VisitResult?
  public var cases: [Uuid]
  public var metres: Int?

  public var id: String { point }
}

@MainActor
@Observable
public final class Patrol {
  public private(set) var round: Round
  public private(set) var stops: [Stop] = []
  public private(set) var coverage = Coverage(points: 0, visited: 0, clean: 0, found: 0, notAccessible: 0)
  public private(set) var without: Without?
  public private(set) var nothingYet = false
  private let session: Session
  @ObservationIgnored private var fix: Fix?

  public init(_ session: Session, _ round: Round) {
    self.session = session
    self.round = round
  }

  /// Keeps it true until it is cancelled.
  public func run() async { await session.follow(load) }

  public func choose(_ round: Round) {
    self.round = round
    session.attempt(load)
  }

  /// Puts the nearest points first; read once, at the tap.
  public func nearestFirst() {
    session.attempt {
      switch await self.session.ports.place() {
      case .at(let fix):
        self.fix = fix
        self.without = nil
      case .denied: self.without = .placeDenied
      case .nowhere: self.without = .noPlace
      }
      try await self.load()
    }
  }

  public func clean(_ point: String) { visit(point, .clean) }

  public func notAccessible(_ point: String, reason: String) { visit(point, .notAccessible(reason: reason)) }

  private func visit(_ point: String, _ result: VisitResult) {
    let round = round
    session.attempt {
      try await self.session.device.visit(round: round, point: point, result: result, fix: self.fix)
      self.session.syncer.trigger(.recorded)
    }
  }

  private func load() async throws {
    let device = try session.device
    let day: TodayView
    do {
      day = try await device.today()
    } catch FieldFailure.NothingYet {
      nothingYet = true
      return
    }
    let near = try await nearness(device)
    let morning = round == .morning
    let visits = morning ? day.morning : day.lookBack
    // To do before done; then nearest first where that is known, else in the office's order.
    stops = visits.map { stop($0, near[$0.point]) }.enumerated().sorted { one, other in
      place(one.element, one.offset) < place(other.element, other.offset)
    }.map(\.element)
    coverage = morning ? day.morningCoverage : day.lookBackCoverage
    nothingYet = false
  }

  private func place(_ stop: Stop, _ offset: Int) -> (Int, Int, Int) {
    (stop.result == nil ? 0 : 1, stop.metres ?? .max, offset)
  }

  private func stop(_ visit: PointVisit, _ metres: Int?) -> Stop {
    let known = session.names.points[visit.point]
    return Stop(
      point: visit.point, name: session.names.point(visit.point), community: known?.community ?? "",
      head: known?.head, result: visit.result, cases: visit.cases, metres: metres)
  }

  private func nearness(_ device: Field) async throws -> [String: Int] {
    guard let fix else { return [:] }
    let all = Int32(session.names.points.count)
    let near = try await device.whereabouts(latitude: fix.latitude, longitude: fix.longitude, nearest: all)
    return Dictionary(near.nearest.map { ($0.point, Int($0.metres)) }) { first, _ in first }
  }
}
