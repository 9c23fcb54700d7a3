//! The server was restored from a backup of before this device was enrolled. The same person comes in again on the same
//! device, with all that is on it.

import Foundation
import Observation
import Sanben

@MainActor
@Observable
public final class EnrolAgain {
  public private(set) var busy = false
  public private(set) var failure: FieldFailure?
  private let session: Session

  public init(_ session: Session) { self.session = session }

  /// With a new code of the same person; without an address, where the server was.
  public func enrol(_ code: String, at address: String = "") {
    (busy, failure) = (true, nil)
    session.attempt {
      defer { self.busy = false }
      do {
        try await self.known(code.trimmed, address.trimmed)
        self.session.syncer.trigger(.asked)
        self.session.navigator.close(.enrolAgain)
      } catch let failure as FieldFailure {
        self.failure = failure
      }
    }
  }

  private func known(_ code: String, _ address: String) async throws {
    let device = try session.device
    let kept = try await device.enrolment().url
    guard let url = URL(string: address.isEmpty ? kept : address) else {
      throw FieldFailure.Network(detail: "no address")
    }
    do {
      _ = try await device.enrol(url: url, code: code)
    } catch FieldFailure.AlreadyEnrolled {
      // Only the answer to an earlier try may have been lost: whom the server knows by now can sync.
      try await device.sync()
    }
  }
}

extension String {
  var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
