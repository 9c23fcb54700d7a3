//! What the server refused. Nothing of it is lost, and nothing else waits for it.

import Foundation
import Observation
import Sanben

/// What of refused work its author can put right.
public enum Correctable: Sendable {
  case nothing
  case words
  case wordsAndPoint
}

/// A piece of refused work: what it was, why it was refused, what can be done.
public struct RefusedWork: Hashable, Identifiable, Sendable {
  public var id: Int64
  public var document: Uuid
  public var kind: ActKind
  public var title: String
  public var words: String
  public var recorded: Date
  public var why: String
  public var remedy: String
  public var isCase: Bool
  /// Whom it was handed on to; empty when nobody was named.
  public var handedOnTo: String?

  public var correctable: Correctable {
    switch kind {
    case .report, .amend: .wordsAndPoint
    case .confirm, .file, .close, .dispatch, .mergeInto, .addContact, .matter, .unknown: .nothing
    default: ofARound ? .nothing : .words
    }
  }

  /// A round is only its walker's own.
  public var canBeHandedOn: Bool { !ofARound && kind != .addContact }

  private var ofARound: Bool { [.startPatrol, .visit, .finishPatrol].contains(kind) }
}

@MainActor
@Observable
public final class NeedsAttention {
  public private(set) var loading = true
  public private(set) var refused: [RefusedWork] = []
  /// To whom work can be handed on.
  public private(set) var people: [PersonView] = []
  /// What a search for another point found.
  public private(set) var points: [PointView] = []
  private let session: Session

  public init(_ session: Session) { self.session = session }

  /// Keeps it true until it is cancelled.
  public func run() async {
    await session.follow {
      var shown: [RefusedWork] = []
      for one in try await self.session.device.needsAttention() { shown.append(try await self.shown(one)) }
      let names = self.session.names
      self.people = names.people.values.filter { $0.code != names.me?.code }.sorted { $0.code < $1.code }
      self.refused = shown
      self.loading = false
    }
  }

  private func shown(_ refused: Attention) async throws -> RefusedWork {
    let found: CaseDetail?
    do {
      found = try await session.device.case(id: refused.document)
    } catch FieldFailure.NotFound {
      found = nil
    }
    let said = session.texts.of(refused.why)
    let words = found.flatMap { $0.description.isBlank ? nil : $0.description }
    return RefusedWork(
      id: refused.id, document: refused.document, kind: refused.kind,
      title: words ?? found?.point.map(session.names.point) ?? "", words: refused.words,
      recorded: refused.recordedAt, why: said.why, remedy: said.remedy, isCase: found != nil,
      handedOnTo: refused.handedOnTo.map { $0.isEmpty ? $0 : session.names.person($0) })
  }

  /// As it is, after rights or reference data changed.
  public func resend(_ id: Int64) {
    session.attempt {
      try await self.session.device.resend(attention: id)
      self.session.syncer.trigger(.asked)
    }
  }

  public func searchPoints(_ text: String) {
    session.attempt {
      self.points = text.isBlank ? [] : Array(try await self.session.device.points(text: text).prefix(4))
    }
  }

  /// With other words, or at another point, and sent again.
  public func correct(_ id: Int64, words: String, point: String? = nil) {
    session.attempt {
      let before = self.refused.first { $0.id == id }?.words
      let correction = Correction(point: point, words: words == before ? nil : words)
      try await self.session.device.correct(attention: id, correction: correction)
      self.session.syncer.trigger(.asked)
    }
  }

  /// As a file for somebody who may do it; it waits here until theirs is in the log.
  public func handOn(_ id: Int64, to: String?) {
    session.attempt {
      try await self.session.give("sanben-\(id).work") {
        try await self.session.device.handOn(attention: id, file: $0, to: to)
      }
    }
  }

  /// As a folder that people can read, with its photos.
  public func export(_ id: Int64) {
    session.attempt {
      try await self.session.give("sanben-\(id)") {
        try await self.session.device.exportRefused(attention: id, folder: $0)
      }
    }
  }

  /// Given up, with the reason; it is kept.
  public func discard(_ id: Int64, reason: String) {
    session.attempt { try await self.session.device.discard(attention: id, reason: reason) }
  }
}
