//! One matter of any feature: how it stands, what is open, what happened, and what this person may do now.

import Foundation
import Observation
import Sanben

/// What something is called, and what it says.
public struct Labelled: Hashable, Sendable {
  public var label: String
  public var words: String
}

/// One event of the thread in words.
public struct MatterEvent: Hashable, Identifiable, Sendable {
  public var id: Uuid
  public var what: String
  public var who: String
  public var at: Date
  public var doubtful: Bool
  public var facts: [Labelled]
  public var photos: [PhotoHash]
  public var idle: Bool
  public var disputed: Bool
}

/// What is open: what, until when, with whom.
public struct MatterTodo: Hashable, Sendable {
  public var what: String
  public var due: Date?
  public var late: Bool
  public var who: String?
}

@MainActor
@Observable
public final class MatterView {
  public private(set) var matter: MatterDetail?
  public private(set) var gone = false
  public private(set) var point: String?
  public private(set) var person: String?
  public private(set) var home = ""
  public private(set) var day: StreetDay?
  public private(set) var todo: [MatterTodo] = []
  public private(set) var figures: [Labelled] = []
  public private(set) var thread: [MatterEvent] = []
  public private(set) var belonging: [MatterRow] = []
  /// What can be opened as a part of this.
  public private(set) var parts: [FeatureForm] = []
  public private(set) var item = ItemState.notOwn
  public let id: Uuid
  private let session: Session

  public init(_ session: Session, _ id: Uuid) {
    self.session = session
    self.id = id
  }

  /// Keeps it true until it is cancelled.
  public func run() async { await session.follow(load) }

  /// What stands under the thumb; the rest comes on demand, and what can be done to every matter is of the rest.
  public var first: [ActForm] {
    Array((matter?.next ?? []).filter { !toEvery.contains($0.name) }.prefix(2))
  }

  /// What is seldom done.
  public var others: [ActForm] { (matter?.next ?? []).filter { !first.contains($0) } }

  private func load() async throws {
    let (device, names, tongue) = (try session.device, session.names, session.texts.tongue)
    let found: MatterDetail
    do {
      found = try await device.matter(id: id, tongue: tongue)
    } catch FieldFailure.NotFound {
      gone = true
      matter = nil
      return
    }
    let reviewed = try await device.outbox().inReview
    let belonging = try await device.matters(MatterQuery(about: id), tongue: tongue).rows
    let features = try await device.features(tongue: tongue)
    let thread = try await told(found, names, device)
    gone = false
    point = found.point.map(names.point)
    person = found.person.map(names.person)
    home = names.unit(found.home)
    day = StreetDay(written: found.day)
    todo = found.open.map { open in
      MatterTodo(
        what: open.what, due: open.due, late: open.due.map { $0 < session.moments.now() } ?? false,
        who: open.person.map(names.person) ?? open.unit.map(names.unit))
    }
    figures = found.figures.map { Labelled(label: $0.label, words: words($0)) }
    self.thread = thread
    self.belonging = belonging.map { MatterRow($0, inReview: reviewed.contains($0.id), names: names) }
    parts = found.closed ? [] : features.filter { $0.header.contains { $0.name == "about" } }
    item = ItemState(found.delivery, inReview: reviewed.contains(id))
    matter = found
  }

  private func words(_ figure: MatterFigure) -> String {
    let texts = session.texts
    if figure.minutes {
      return texts["figure.minutes", ["h": figure.amount / 60, "m": figure.amount % 60]]
    }
    guard let whole = figure.whole else { return "\(figure.amount)" }
    guard let share = figure.perMille else { return "\(figure.amount)/\(whole)" }
    let percent = "\(share / 10).\(share % 10)"
    return texts["figure.share", ["part": figure.amount, "whole": whole, "percent": percent]]
  }

  private func told(
    _ matter: MatterDetail, _ names: Names, _ device: Field
  ) async throws -> [MatterEvent] {
    var told: [MatterEvent] = []
    for entry in matter.thread {
      var facts: [Labelled] = []
      var photos: [PhotoHash] = []
      for field in entry.fields {
        if case .photos(let hashes) = field.value {
          photos += hashes
        } else {
          facts.append(Labelled(label: field.label, words: try await words(field, matter, names, device)))
        }
      }
      told.append(
        MatterEvent(
          id: entry.event, what: entry.actLabel.isEmpty ? session.texts["act.unknown"] : entry.actLabel,
          who: names.person(entry.by), at: entry.at, doubtful: entry.doubtful, facts: facts,
          photos: photos, idle: entry.idle, disputed: entry.disputed))
    }
    return told
  }

  private func words(
    _ field: ShownField, _ matter: MatterDetail, _ names: Names, _ device: Field
  ) async throws -> String {
    let texts = session.texts
    switch field.value {
    case .text(let text): return text
    case .count(let count): return "\(count)"
    case .fraction(let part, let whole): return "\(part)/\(whole)"
    case .day(let day): return session.moments.day(StreetDay(written: day))
    case .time(let time): return time
    case .person(let code): return names.person(code)
    case .unit(let code): return names.unit(code)
    case .point(let code): return names.point(code)
    case .points(let codes): return listed(codes.prefix(named).map(names.point), of: codes.count)
    case .standard(let code): return names.standard(code)
    case .document(let id): return try await session.called(id)
    case .documents(let ids):
      var few: [String] = []
      for id in ids.prefix(named) { few.append(try await session.called(id)) }
      return listed(few, of: ids.count)
    case .event(let id):
      let meant = matter.thread.first { $0.event == id }
      return meant.map { "\(names.person($0.by)) · \($0.actLabel)" } ?? texts["figure.not-here"]
    case .choice(let name): return field.choiceLabel ?? name
    case .yes(let yes): return texts[yes ? "form.yes" : "form.no"]
    case .photos(let hashes): return "\(hashes.count)"
    }
  }

  /// A few by name, of many how many.
  private func listed(_ few: [String], of all: Int) -> String {
    let names = few.joined(separator: session.texts["list.and"])
    return all > few.count ? session.texts["figure.and-others", ["names": names, "n": all]] : names
  }
}

private let named = 6
private let toEvery: Set<String> = ["comment", "strike", "withdraw"]
