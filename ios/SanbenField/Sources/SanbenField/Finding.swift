//! Finding points and standards, for whoever records, completes or corrects.

import Foundation
import Sanben

/// A point that may be meant, with the distance in metres where a fix says so.
public struct Suggestion: Hashable, Identifiable, Sendable {
  public var code: String
  public var name: String
  public var head: String?
  public var metres: Int?

  public var id: String { code }
}

extension Session {
  /// The points nearest to a place; `nil` before the first sync.
  func near(_ fix: Fix) async throws -> [Suggestion]? {
    let names = names
    do {
      let found = try await device.whereabouts(latitude: fix.latitude, longitude: fix.longitude, nearest: 3)
      return found.nearest.map {
        Suggestion(
          code: $0.point, name: names.point($0.point), head: $0.head.map(names.person), metres: Int($0.metres)
        )
      }
    } catch FieldFailure.NothingYet {
      return nil
    }
  }

  /// The points whose name, kind, code or community has this in it.
  func pointsLike(_ text: String) async throws -> [Suggestion] {
    try await device.points(text: text.isBlank ? nil : text).prefix(20).map {
      Suggestion(code: $0.code, name: $0.name, head: $0.head)
    }
  }

  /// The standards for a point, or all of them, by a part of name or clause.
  func standardsLike(_ text: String, point: String?) async throws -> [Standard] {
    let known = point.flatMap { names.points[$0]?.code }
    return try await device.standards(point: known, text: text.isBlank ? nil : text)
  }

  /// What a wide screen shows beside a list of which nothing has been opened yet.
  public func beside(_ tab: Route) async -> Route? {
    switch tab {
    case .today:
      guard let me = names.me else { return nil }
      let own = try? await device.casesPage(query: CaseQuery(mine: me.code, limit: 1)).rows.first
      return own.map { .opened($0.id) }
    case .patrol(let round): return try? await next(round)
    case .points: return names.points.keys.min().map { .ledgers($0) }
    case .matters(let point):
      let first = MatterQuery(point: point, openOnly: true, limit: 1)
      return try? await device.matters(first, tongue: texts.tongue).rows.first.map { .matter($0.id) }
    default: return .settings
    }
  }

  /// The first stop of a round that is still to do: what was found there, or its ledgers.
  private func next(_ round: Round) async throws -> Route? {
    let day = try await device.today()
    let stops = round == .morning ? day.morning : day.lookBack
    guard let stop = stops.first(where: { $0.result == nil }) ?? stops.first else { return nil }
    return round == .morning ? .ledgers(stop.point) : stop.cases.first.map { .opened($0) }
  }
}
