//! Where the blocking calls of the core run: never on the main thread, and never on Swift's own few threads
//! for `async` work, which must not block.

import Dispatch
import Foundation

private let blocking = DispatchQueue(label: "sanben.field", qos: .userInitiated, attributes: .concurrent)

func offTheActor<Answer: Sendable>(
  _ call: @escaping @Sendable () throws -> Answer
) async throws -> Answer {
  try await withCheckedThrowingContinuation { continuation in
    blocking.async { continuation.resume(with: Result(catching: call)) }
  }
}
