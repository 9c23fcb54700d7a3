//! One case as somebody has it open: what, where, who answers, before and after, and the thread.

import Foundation
import Observation
import Sanben

/// What this person can do to a case now.
public enum Deed: Hashable, Sendable {
  case acknowledge
  case rectify
  case pass
  case fail
  case decide
  case comment
}

/// One event as the thread shows it.
public struct ThreadLine: Hashable, Identifiable, Sendable {
  public var id: Uuid
  public var kind: ActKind
  public var who: String
  public var at: Date
  public var clockDoubtful: Bool
  public var words: String
  public var outcome: Outcome?
  public var to: String?
  public var photos: [PhotoHash]
  public var ignored: Ignored?
  /// One of those that contradict each other.
  public var disputed: Bool

  init(_ entry: ThreadEntry, _ names: Names, disputed: [Uuid]) {
    id = entry.event
    kind = entry.kind
    who = names.person(entry.person)
    at = entry.at
    clockDoubtful = entry.clockDoubtful
    words = entry.words
    outcome = entry.outcome
    to = entry.toPerson.map(names.person) ?? entry.toUnit.map(names.unit)
    photos = entry.photos
    ignored = entry.ignored
    self.disputed = disputed.contains(entry.event)
  }
}

@MainActor
@Observable
public final class OpenCase {
  public private(set) var detail: CaseDetail?
  public private(set) var gone = false
  public private(set) var title = ""
  public private(set) var point: String?
  public private(set) var standard: String?
  public private(set) var head: String?
  public private(set) var contacts: [String] = []
  public private(set) var handler: String?
  public private(set) var before: [PhotoHash] = []
  public private(set) var after: [PhotoHash] = []
  public private(set) var thread: [ThreadLine] = []
  public private(set) var deeds: [Deed] = []
  public private(set) var item = ItemState.notOwn
  /// Photos taken for the next deed, not yet part of one.
  public private(set) var attached: [URL] = []
  public private(set) var without: Without?
  public private(set) var mayComplete = false
  /// How many contacts are held here; `nil` for somebody who keeps none.
  public private(set) var residents: Int?
  /// What is typed for the next deed.
  public var words = ""
  public let id: Uuid
  private let session: Session

  public init(_ session: Session, _ id: Uuid) {
    self.session = session
    self.id = id
  }

  /// Keeps it true until it is cancelled.
  public func run() async { await session.follow(load) }

  private func load() async throws {
    let (device, names) = (try session.device, session.names)
    let found: CaseDetail
    do {
      found = try await device.case(id: id)
    } catch FieldFailure.NotFound {
      gone = true
      detail = nil
      return
    }
    var ledgers: Ledgers?
    if let code = found.point, names.points[code] != nil { ledgers = try await device.ledgers(point: code) }
    let deeds = try await deeds(found, device)
    let inReview = try await device.outbox().inReview.contains(id)
    let mayComplete = ended.contains(found.status) ? false : try await device.mayComplete(id: id)
    let held = try await device.contacts(id: id).count
    let keeps = held > 0 ? true : try await device.mayAddContact(id: id)
    let disputed = found.disputes.flatMap { $0 }
    gone = false
    title = found.description.isBlank ? found.standard.map(names.standard) ?? "" : found.description
    point = found.point.map(names.point)
    standard = found.standard.map(names.standard)
    head = ledgers?.head.map { shown($0, names) }
    contacts = (ledgers?.contacts ?? []).filter { $0.duty == .contact }.map { shown($0, names) }
    handler = found.handler.map(names.person) ?? found.handlerUnit.map(names.unit)
    before = found.photos.filter { $0.role == .before }.map(\.hash)
    after = found.photos.filter { $0.role != .before }.map(\.hash)
    thread = found.thread.map { ThreadLine($0, names, disputed: disputed) }
    self.deeds = deeds
    self.mayComplete = mayComplete
    residents = keeps ? held : nil
    item = ItemState(found.delivery, inReview: inReview)
    detail = found
  }

  private func shown(_ answering: Answering, _ names: Names) -> String {
    answering.name.isEmpty ? names.person(answering.person) : answering.name
  }

  private func deeds(_ found: CaseDetail, _ device: Field) async throws -> [Deed] {
    func may(_ act: CaseAct) async throws -> Bool { try await device.may(id: id, act: act) }
    if ended.contains(found.status) { return [] }
    let open = found.status != .rectified && found.status != .verified
    let contested = found.disputes.first?.first
    var deeds: [Deed] = []
    if let contested, try await may(.decide(upholds: contested, reason: "-")) { deeds.append(.decide) }
    if open, found.status != .acknowledged, try await may(.acknowledge(words: "")) {
      deeds.append(.acknowledge)
    }
    if open, try await may(.rectify(words: "", onTheSpot: false)) { deeds.append(.rectify) }
    if contested == nil, found.status == .rectified, try await may(.lookBack(outcome: .passed, words: "")) {
      deeds += [.pass, .fail]
    }
    if try await may(.comment(words: "-")) { deeds.append(.comment) }
    return deeds
  }

  /// A picture for the next deed.
  public func photo() {
    session.attempt {
      switch await self.session.ports.picture() {
      case .taken(let file):
        self.attached.append(file)
        self.without = nil
      case .denied: self.without = .cameraDenied
      case .failed: self.without = .cameraFailed
      case .cancelled: break
      }
    }
  }

  public func act(_ deed: Deed) {
    let words = words.trimmingCharacters(in: .whitespacesAndNewlines)
    switch deed {
    case .acknowledge:
      perform(
        .acknowledge(words: words.isEmpty ? session.texts["deed.acknowledged"] : words), withPhotos: false)
    case .rectify: perform(.rectify(words: words, onTheSpot: false), withPhotos: true)
    case .pass: perform(.lookBack(outcome: .passed, words: words), withPhotos: true)
    case .fail: perform(.lookBack(outcome: .failed, words: words), withPhotos: true)
    case .comment: perform(.comment(words: words), withPhotos: false)
    case .decide: break
    }
  }

  /// Settles the dispute: this event stands.
  public func decide(upholds: Uuid) {
    let reason = words.trimmingCharacters(in: .whitespacesAndNewlines)
    perform(.decide(upholds: upholds, reason: reason), withPhotos: false)
  }

  private func perform(_ act: CaseAct, withPhotos: Bool) {
    session.attempt {
      let photos = withPhotos ? self.attached : []
      try await self.session.device.act(id: self.id, act: act, photos: photos)
      self.words = ""
      self.attached.removeAll(where: photos.contains)
      self.session.syncer.trigger(.recorded)
    }
  }
}

private let ended: Set<CaseStatus> = [.closed, .voided, .merged]
