//! Work on its way without a network: out in a sealed file, over to a device that collects, or taken along for
//! others. Whatever leaves stays in the outbox here until the server itself has answered.

import Foundation
import Observation
import Sanben

/// The door at which others hand in their work: where it is, and who came.
public struct OpenDoor: Equatable, Sendable {
  public var address: String?
  public var taken = 0
  public var refused = 0

  mutating func told(_ door: Door) {
    switch door {
    case .open(let address): self.address = address
    case .came(.refused): refused += 1
    case .came: taken += 1
    }
  }
}

/// What was in a file that somebody brought.
public enum Brought: CaseIterable, Sendable {
  case takenAlong
  case known
  case takenOver
}

@MainActor
@Observable
public final class Carry {
  public private(set) var given: Mailbag?
  public private(set) var handed: HandedOver?
  public private(set) var brought: Brought?
  public private(set) var busy = false
  public private(set) var door: OpenDoor?
  private let session: Session
  @ObservationIgnored private var keeping: Task<Void, Never>?

  public init(_ session: Session) { self.session = session }

  /// Own pieces of work that wait for the server.
  public var waiting: Int64 { session.syncer.state.pending }

  private func busily(_ work: @escaping @MainActor () async throws -> Void) {
    busy = true
    session.attempt {
      defer { self.busy = false }
      try await work()
    }
  }

  /// All that waits, as a file that only the server can open.
  public func export() {
    busily {
      var written: Mailbag?
      let name = "\(self.session.moments.today().written).sanben"
      let theirs = try await self.session.give(name) {
        written = try await self.session.device.exportMailbag(file: $0)
      }
      if theirs { self.given = written }
    }
  }

  /// A file that somebody brought: sealed work to take along, or refused work to take over.
  public func receive() {
    busily {
      guard let file = await self.session.ports.receive() else { return }
      do {
        let new = try await self.session.device.takeMailbag(file: file)
        self.brought = new ? .takenAlong : .known
      } catch FieldFailure.Invalid(.notAMailbag) {
        let id = try await self.session.device.takeOver(file: file)
        self.brought = .takenOver
        self.session.navigator.open(.opened(id))
      }
      self.session.syncer.trigger(.recorded)
    }
  }

  /// To a device in the same network, at the address that it shows.
  public func handOver(_ address: String) {
    busily {
      let address = address.trimmingCharacters(in: .whitespacesAndNewlines)
      self.handed = try await self.session.device.handOver(address: address)
    }
  }

  /// Lets others in the same network hand in their work here.
  public func openDoor() {
    guard door == nil else { return }
    door = OpenDoor()
    keeping = session.attempt {
      defer { self.door = nil }
      for try await told in try self.session.device.collecting() { self.door?.told(told) }
    }
  }

  /// Closed too when the screen goes away.
  public func closeDoor() {
    guard let keeping else { return }
    keeping.cancel()
    session.attempt {
      await keeping.value
      self.session.syncer.trigger(.recorded)
    }
  }
}
