//! What the server refused. Nothing of it is lost, and nothing else waits for it.

import Foundation
import Observation
import Sanben

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
}

@MainActor
@Observable
public final class NeedsAttention {
  public private(set) var loading = true
  public private(set) var refused: [RefusedWork] = []
  private let session: Session

  public init(_ session: Session) { self.session = session }

  /// Keeps it true until it is cancelled.
  public func run() async {
    await session.follow {
      var shown: [RefusedWork] = []
      for one in try await self.session.device.needsAttention() { shown.append(try await self.shown(one)) }
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
      recorded: refused.recordedAt, why: said.why, remedy: said.remedy, isCase: found != nil)
  }

  /// As it is, after rights or reference data changed.
  public func resend(_ id: Int64) {
    session.attempt {
      try await self.session.device.resend(attention: id)
      self.session.syncer.trigger(.asked)
    }
  }

  /// Given up, with the reason; it is kept.
  public func discard(_ id: Int64, reason: String) {
    session.attempt { try await self.session.device.discard(attention: id, reason: reason) }
  }
}
