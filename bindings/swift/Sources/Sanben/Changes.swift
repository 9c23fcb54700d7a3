//! Hearing of changes: one batch for each thing that happened, as a sequence or as something a view looks at.

import Foundation
import Observation

extension Field {
  /// Every change from now on, until the loop over it ends.
  public func changes() throws -> AsyncStream<Changes> {
    let (stream, continuation) = AsyncStream.makeStream(of: Changes.self)
    let observation = try observe(observer: Told { continuation.yield($0) })
    continuation.onTermination = { _ in
      // It can only fail by a bug of the core, and nobody listens any more.
      try? observation.stop()
    }
    return stream
  }
}

/// How much there is of everything, for views: it follows the store by itself.
@MainActor
@Observable
public final class FieldCounts {
  /// As of the last change; `nil` until first read.
  public private(set) var counts: Counts?
  /// Why they could not be read; the last ones stay.
  public private(set) var failure: FieldFailure?
  @ObservationIgnored private var following: Task<Void, Never>?

  public init(of field: Field) throws {
    let changes = try field.changes()
    following = Task { [weak self] in
      await self?.read(field)
      for await _ in changes {
        await self?.read(field)
      }
    }
  }

  deinit {
    following?.cancel()
  }

  private func read(_ field: Field) async {
    do {
      counts = try await field.counts()
      failure = nil
    } catch {
      failure = error as? FieldFailure ?? .Unexpected(detail: String(describing: type(of: error)))
    }
  }
}

private final class Told: FieldObserver {
  private let told: @Sendable (Changes) -> Void

  init(told: @escaping @Sendable (Changes) -> Void) {
    self.told = told
  }

  func changed(changes: Changes) {
    told(changes)
  }
}
