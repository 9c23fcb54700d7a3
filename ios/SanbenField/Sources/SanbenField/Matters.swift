//! Everything that has a form: what can be opened here, and the list of what was.

import Foundation
import Observation
import Sanben

/// In which of the few plain groups a person looks for something.
public enum MatterGroup: CaseIterable, Sendable {
  case inspection
  case people
  case residents

  /// A feature of a later version is still found: among the first.
  init(_ feature: String) {
    self =
      if ofPeople.contains(feature) { .people } else if ofResidents.contains(feature) { .residents } else {
        .inspection
      }
  }
}

private let ofPeople: Set<String> = [
  "daily-report", "weekly-summary", "shift", "roster", "activity", "tally",
]
private let ofResidents: Set<String> = ["meeting", "suggestion", "kiosk", "loan", "small-work"]

/// A matter as lists show it.
public struct MatterRow: Hashable, Identifiable, Sendable {
  public var id: Uuid
  public var feature: String
  public var title: String
  public var step: String
  public var day: StreetDay
  public var point: String?
  public var person: String?
  public var due: Date?
  public var late: Bool
  public var open: Bool
  public var disputed: Bool
  public var item: ItemState

  init(_ line: MatterLine, inReview: Bool, names: Names) {
    id = line.id
    feature = line.featureLabel
    title = line.title
    step = line.stepLabel
    day = StreetDay(written: line.day)
    point = line.point.map(names.point)
    person = line.person.map(names.person)
    due = line.due
    late = line.late
    open = line.open
    disputed = line.disputed
    item = ItemState(line.delivery, inReview: inReview)
  }
}

/// Of which days.
public enum Days: CaseIterable, Sendable {
  case any
  case today
  case week
}

public struct MatterFilter: Hashable, Sendable {
  public var openOnly = true
  public var days = Days.any
  public var feature: String?
  public var point: String?

  /// More is left out than what is done.
  public var narrow: Bool { days != .any || feature != nil || point != nil }
}

/// A feature to choose, by the name it is recorded under.
public struct MatterKind: Hashable, Identifiable, Sendable {
  public var name: String
  public var label: String

  public var id: String { name }
}

@MainActor
@Observable
public final class Matters {
  public private(set) var loading = true
  public private(set) var filter: MatterFilter
  /// The name of the chosen point.
  public private(set) var point: String?
  /// Points to choose from.
  public private(set) var suggestions: [Suggestion] = []
  /// What this person may open.
  public private(set) var groups: [MatterGroup: [FeatureForm]] = [:]
  /// What can be opened, then what else was seen.
  public private(set) var kinds: [MatterKind] = []
  public private(set) var rows: [MatterRow] = []
  /// Where the next page begins.
  @ObservationIgnored private var after: MatterToken?
  public private(set) var hasMore = false
  private let session: Session

  public init(_ session: Session, point: String? = nil) {
    self.session = session
    filter = MatterFilter(point: point)
  }

  /// Keeps it true until it is cancelled.
  public func run() async { await session.follow(load) }

  private func load() async throws {
    let (device, names, tongue) = (try session.device, session.names, session.texts.tongue)
    let open: [FeatureForm]
    do {
      open = try await device.features(tongue: tongue)
    } catch FieldFailure.NothingYet {
      loading = false
      return
    }
    let filter = filter
    // What was paged in stays: a change must not throw a reader back to the top.
    let page = try await device.matters(query(filter, rows: rows.count), tongue: tongue)
    let reviewed = try await device.outbox().inReview
    guard filter == self.filter else { return }
    loading = false
    point = filter.point.map(names.point)
    groups = Dictionary(grouping: open) { MatterGroup($0.name) }
    note(open.map { MatterKind(name: $0.name, label: $0.label) })
    note(page.rows.map { MatterKind(name: $0.feature, label: $0.featureLabel) })
    rows = page.rows.map { MatterRow($0, inReview: reviewed.contains($0.id), names: names) }
    ended(at: page.next)
  }

  private func note(_ seen: [MatterKind]) {
    for kind in seen where !kinds.contains(kind) { kinds.append(kind) }
  }

  private func ended(at next: MatterToken?) {
    after = next
    hasMore = next != nil
  }

  private func query(_ filter: MatterFilter, rows: Int) -> MatterQuery {
    let today = session.moments.today()
    let from: StreetDay? =
      switch filter.days {
      case .any: nil
      case .today: today
      case .week: today.moved(days: -6)
      }
    return MatterQuery(
      feature: filter.feature, from: from?.written, to: filter.days == .any ? nil : today.written,
      point: filter.point, openOnly: filter.openOnly, limit: Int32(min(max(rows, page), longest)))
  }

  public func narrow(to filter: MatterFilter) {
    self.filter = filter
    rows = []
    ended(at: nil)
    session.attempt(load)
  }

  public func searchPoints(_ text: String) {
    session.attempt { self.suggestions = try await self.session.pointsLike(text) }
  }

  /// The next page.
  public func more() {
    guard let asked = after else { return }
    let filter = filter
    session.attempt {
      let (device, names) = (try self.session.device, self.session.names)
      let next = try await device.matters(
        self.query(filter, rows: page), tongue: self.session.texts.tongue, after: asked)
      let reviewed = try await device.outbox().inReview
      guard self.after == asked, self.filter == filter else { return }
      self.rows += next.rows.map { MatterRow($0, inReview: reviewed.contains($0.id), names: names) }
      self.ended(at: next.next)
    }
  }
}

private let page = 50
private let longest = 200
