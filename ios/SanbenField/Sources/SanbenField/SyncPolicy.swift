//! When to sync. Waiting times are spans, never points on the wall clock: a clock that is moved back two days
//! must not make two days of it.

import Sanben

/// Why a sync is thought of.
public enum Trigger: Sendable {
  /// A person asked for it. It happens at once, whatever went wrong before.
  case asked
  /// The app came to the front, or the network came back.
  case noticed
  /// Something was recorded. A moment later, because more may follow.
  case recorded
}

public struct SyncPolicy: Sendable {
  public static let afterRecording = Duration.seconds(2)
  public static let regularly = Duration.seconds(10 * 60)
  public static let first = Duration.seconds(15)
  public static let longest = Duration.seconds(15 * 60)
  public static let leastRest = Duration.seconds(1)
  public static let longestRest = Duration.seconds(60)

  /// A question for a poke that is let go sooner than this was not held open at all.
  public static let heldAtLeast = Duration.seconds(5)

  /// By how many parts of a hundred a waiting time differs: phones that lost the same network do not all come
  /// back in the same second.
  private let spread: @Sendable () -> Int

  public init(spread: @escaping @Sendable () -> Int = { Int.random(in: -20...20) }) {
    self.spread = spread
  }

  /// How long to wait after something set it off.
  public func pause(_ trigger: Trigger) -> Duration { trigger == .recorded ? Self.afterRecording : .zero }

  /// How long to wait after so many failures in a row, at least as long as the server asked for; `nil` when only
  /// a person's own try makes sense.
  public func backoff(_ failure: FieldFailure, failures: Int, asked: Duration? = nil) -> Duration? {
    guard passes(failure) else { return nil }
    let doublings = min(max(failures - 1, 0), 10)
    let capped = min(Self.first * (1 << doublings), Self.longest)
    let spreadOut = capped + capped * spread() / 100
    let server = min(max(asked ?? .zero, .zero), Self.longest)
    return max(spreadOut, server)
  }

  /// How long to rest before the server is asked again for a poke, after the last answer took so long to come. Who
  /// answers at once, again and again, is asked less and less often.
  public func rest(after last: Duration, answer: Duration) -> Duration {
    answer >= Self.heldAtLeast ? Self.leastRest : min(last * 2, Self.longestRest)
  }

  /// Whether waiting can help.
  private func passes(_ failure: FieldFailure) -> Bool {
    switch failure {
    case .Network, .Busy, .Unexpected, .Full: true
    default: false
    }
  }
}
