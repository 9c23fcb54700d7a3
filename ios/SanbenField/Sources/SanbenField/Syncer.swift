//! Syncs when the policy says so, and says how it went.

import Foundation
import Observation
import Sanben

/// How the way to the server stands; nothing in it is a guess.
public struct SyncState: Equatable, Sendable {
  /// Own pieces of work that wait for the server.
  public var pending: Int64 = 0
  /// Own photos, and how many of them the server has confirmed.
  public var photos: Int64 = 0
  public var photosDelivered: Int64 = 0
  /// Own work that was refused.
  public var attention: Int64 = 0
  public var running = false
  /// How far the sync under way has come.
  public var progress: SyncReport?
  public var lastSuccess: Date?
  public var failure: FieldFailure?
  /// When the next try comes by itself; `nil` when none will.
  public var nextTry: Date?

  public init() {}

  public var delivered: Bool { pending == 0 && photos == photosDelivered }
}

@MainActor
@Observable
public final class Syncer {
  public private(set) var state = SyncState()
  private let device: Hold
  private let clock: @Sendable () -> Date
  private let policy: SyncPolicy
  @ObservationIgnored private var failures = 0
  @ObservationIgnored private var waiting: Task<Void, Never>?
  @ObservationIgnored private var running: Task<Void, Never>?
  /// What came while a sync was under way.
  @ObservationIgnored private var again: Trigger?
  @ObservationIgnored private var stopped = false
  /// Hears of the end of every sync while the app is in front.
  @ObservationIgnored private var ended: AsyncStream<Void>.Continuation?

  init(_ device: Hold, clock: @escaping @Sendable () -> Date, policy: SyncPolicy) {
    self.device = device
    self.clock = clock
    self.policy = policy
  }

  public func trigger(_ trigger: Trigger) {
    stopped = false
    if running == nil {
      wait(policy.pause(trigger))
    } else {
      again = trigger
    }
  }

  /// Stops the sync that is under way, and begins none before the next trigger; what was done stays done.
  public func stop() async {
    stopped = true
    again = nil
    waiting?.cancel()
    running?.cancel()
    await running?.value
  }

  /// Stays up to date while the app is in front: the server says when there is something. Runs until it is
  /// cancelled. Without pokes the waiting times still hold, so whatever goes wrong here costs time only.
  public func live() async {
    let (ends, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    ended = continuation
    continuation.yield()
    var rest = SyncPolicy.leastRest
    for await _ in ends where !state.running && state.lastSuccess != nil && state.failure == nil {
      let asked = ContinuousClock.now
      let poked = (try? await device().awaitPoke()) ?? false
      if Task.isCancelled { return }
      rest = policy.rest(after: rest, answer: ContinuousClock.now - asked)
      if poked { trigger(.noticed) }
      try? await Task.sleep(for: rest)
      continuation.yield()
    }
  }

  private func wait(_ span: Duration) {
    waiting?.cancel()
    waiting = Task { [weak self] in
      do {
        try await Task.sleep(for: span)
      } catch {
        return
      }
      self?.begin()
    }
  }

  private func begin() {
    guard running == nil, !stopped else { return }
    running = Task {
      let next = await attempt()
      running = nil
      ended?.yield()
      guard !stopped else { return }
      if let trigger = again {
        again = nil
        wait(policy.pause(trigger))
      } else if let next {
        wait(next)
      }
    }
  }

  /// How long to wait for the next; `nil` when only a person's own try makes sense.
  private func attempt() async -> Duration? {
    state.running = true
    state.progress = nil
    state.nextTry = nil
    var failure: FieldFailure?
    var cancelled = false
    do {
      try await device().sync { report in
        Task { @MainActor [weak self] in self?.advanced(report) }
      }
    } catch let failed as FieldFailure {
      failure = failed
    } catch {
      cancelled = true
    }
    var next: Duration?
    if !cancelled {
      failures = failure == nil ? 0 : failures + 1
      if let failure {
        next = policy.backoff(failure, failures: failures, asked: await askedByServer())
      } else {
        next = SyncPolicy.regularly
        state.lastSuccess = clock()
      }
      state.failure = failure
      state.nextTry = next.map { clock().addingTimeInterval(TimeInterval($0.components.seconds)) }
    }
    // Where even counting fails, the last figures stay, beside the failure.
    try? await count()
    state.running = false
    state.progress = nil
    return next
  }

  private func advanced(_ report: SyncReport) {
    if state.running { state.progress = report }
  }

  private func askedByServer() async -> Duration? {
    guard let at = try? await device().nextTry() else { return nil }
    return .seconds(Int(at.timeIntervalSince(clock())))
  }

  func count() async throws {
    let counts = try await device().counts()
    state.pending = counts.pending
    state.photos = counts.photos
    state.photosDelivered = counts.photosDelivered
    state.attention = counts.rejected
  }
}
