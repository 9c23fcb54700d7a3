//! Work on its way without the server: sealed, in a file or to a device near by. It stays in the outbox here until
//! the server itself has answered.

import Foundation

/// What an open door tells: first its address, then who came.
public enum Door: Equatable, Sendable {
  /// Shown, so that others can type or scan it.
  case open(address: String)
  case came(DoorEvent)
}

extension Field {
  /// Writes all that waits, sealed, into a new file that only the server can open; anybody may carry it.
  public func exportMailbag(file: URL) async throws -> Mailbag {
    try await offTheActor { try self.exportMailbag(file: file.path) }
  }

  /// Takes somebody's mailbag along; the next sync hands it in. `false` when it was here before.
  public func takeMailbag(file: URL) async throws -> Bool {
    try await offTheActor { try self.takeMailbag(file: file.path) }
  }

  /// Hands all that waits, sealed, to the device that collects at this address, as that one shows it.
  public func handOver(address: String) async throws -> HandedOver {
    try await offTheActor { try self.handOver(address: address) }
  }

  /// Collects the sealed work of others in the same network for as long as somebody loops over this; the next sync
  /// hands it to the server. Leaving the loop closes the door.
  public func collecting(listen: String = "0.0.0.0:0") throws -> AsyncThrowingStream<Door, any Error> {
    let closed = try CancelToken()
    let (doors, continuation) = AsyncThrowingStream.makeStream(of: Door.self)
    continuation.onTermination = { _ in
      // It can only fail by a bug of the core.
      try? closed.cancel()
    }
    // It is open for as long as it is open: not one of the threads that calls share.
    Thread.detachNewThread {
      do {
        try self.collect(listen: listen, listener: Doorbell { continuation.yield($0) }, closed: closed)
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    return doors
  }
}

private final class Doorbell: DoorListener {
  private let rung: @Sendable (Door) -> Void

  init(rung: @escaping @Sendable (Door) -> Void) {
    self.rung = rung
  }

  func opened(address: String) {
    rung(.open(address: address))
  }

  func came(event: DoorEvent) {
    rung(.came(event))
  }
}
