//! What needs a network, and going to sleep. A cancelled task stops a sync after the piece it is in; what was
//! acknowledged until then is kept.

import Foundation

extension Field {
  /// Enrols this store with the address and the short code from the desk.
  public func enrol(url: URL, code: String) async throws -> Enrolment {
    try await offTheActor { try self.enrol(url: url.absoluteString, code: code) }
  }

  /// Syncs until there is nothing more to send or fetch, or the budget is used up.
  ///
  /// - Throws: `CancellationError` when the task was cancelled, else `FieldFailure`.
  @discardableResult
  public func sync(
    within budget: SyncBudget? = nil, advanced: (@Sendable (SyncReport) -> Void)? = nil
  ) async throws -> SyncReport {
    let cancel = try CancelToken()
    return try await withTaskCancellationHandler {
      do {
        return try await offTheActor {
          try self.sync(progress: advanced.map(Progress.init), cancel: cancel, budget: budget)
        }
      } catch FieldFailure.Cancelled {
        throw CancellationError()
      }
    } onCancel: {
      // It can only fail by a bug of the core, and then the sync ends by itself.
      try? cancel.cancel()
    }
  }

  /// The own work, newest first, with what became of it.
  public func outbox(limit: Int32 = 200) async throws -> [OutboxEntry] {
    try await offTheActor { try self.outbox(limit: limit) }
  }

  /// Before when the server asked not to come again.
  public func nextTry() async throws -> Date? {
    try await offTheActor { try self.nextTry() }
  }

  /// Waits for news at the server, which holds the request open for most of a minute: whether to sync now. A task
  /// that is cancelled leaves at once; the question cannot be taken back, and its answer is not heard.
  public func awaitPoke() async throws -> Bool {
    let answer = Answer<Bool>()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiting in
        answer.awaited(by: waiting)
        Thread.detachNewThread { answer.came(Result { try self.awaitPoke() }) }
      }
    } onCancel: {
      answer.came(.failure(CancellationError()))
    }
  }

  /// The whole photo, fetched from the server where this store does not have it.
  public func photo(photo: PhotoHash) async throws -> Data {
    try await offTheActor { try self.photo(photo: photo) }
  }

  /// Writes everything out and closes the database until the next call.
  public func suspend() async throws {
    try await offTheActor { try self.suspend() }
  }
}

private final class Progress: SyncProgress {
  private let advanced: @Sendable (SyncReport) -> Void

  init(advanced: @escaping @Sendable (SyncReport) -> Void) {
    self.advanced = advanced
  }

  func advanced(report: SyncReport) {
    advanced(report)
  }
}

/// What somebody waits for and comes once: what comes later is not heard.
private final class Answer<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var waiting: CheckedContinuation<Value, any Error>?
  private var answer: Result<Value, any Error>?

  func awaited(by continuation: CheckedContinuation<Value, any Error>) {
    let here: Result<Value, any Error>? = lock.withLock {
      if answer == nil { waiting = continuation }
      return answer
    }
    if let here { continuation.resume(with: here) }
  }

  func came(_ result: Result<Value, any Error>) {
    let told: CheckedContinuation<Value, any Error>? = lock.withLock {
      guard answer == nil else { return nil }
      answer = result
      defer { waiting = nil }
      return waiting
    }
    told?.resume(with: result)
  }
}
