//! Completing or correcting a case: a wrong point, a missing photo. Visible in its thread, as an event of its own.

import Foundation
import Observation
import Sanben

@MainActor
@Observable
public final class Completing {
  public private(set) var detail: CaseDetail?
  public private(set) var point: String?
  public private(set) var suggestions: [Suggestion] = []
  public private(set) var standard: String?
  public private(set) var standards: [Standard] = []
  public var words = ""
  /// Files, not yet part of the case.
  public private(set) var photos: [URL] = []
  public private(set) var without: Without?
  public let id: Uuid
  private let session: Session

  public init(_ session: Session, _ id: Uuid) {
    self.session = session
    self.id = id
  }

  /// Something is other than it was. Point and standard are replaced, never taken away.
  public var changed: Bool {
    guard let detail else { return false }
    return !photos.isEmpty || other(point, than: detail.point) != nil
      || other(standard, than: detail.standard) != nil || words != detail.description
  }

  private func other(_ now: String?, than before: String?) -> String? { now == before ? nil : now }

  public func begin() {
    session.attempt {
      let found = try await self.session.device.case(id: self.id)
      (self.point, self.standard, self.words) = (found.point, found.standard, found.description)
      self.detail = found
      if let fix = found.fix, let near = try await self.session.near(fix) { self.suggestions = near }
      self.searchStandards("")
    }
  }

  public func searchPoints(_ text: String) {
    session.attempt { self.suggestions = try await self.session.pointsLike(text) }
  }

  public func choosePoint(_ code: String?) { point = code }

  public func searchStandards(_ text: String) {
    session.attempt { self.standards = try await self.session.standardsLike(text, point: self.point) }
  }

  public func chooseStandard(_ code: String?) { standard = code }

  public func photo() {
    session.attempt {
      switch await self.session.ports.picture() {
      case .taken(let file):
        self.photos.append(file)
        self.without = nil
      case .denied: self.without = .cameraDenied
      case .failed: self.without = .cameraFailed
      case .cancelled: break
      }
    }
  }

  /// Records what is different and goes back to the case.
  public func save() {
    session.attempt {
      guard let detail = self.detail else { return }
      let different = Completion(
        point: self.other(self.point, than: detail.point),
        standard: self.other(self.standard, than: detail.standard),
        description: self.words == detail.description ? nil : self.words, photos: self.photos.map(\.path))
      try await self.session.device.complete(id: self.id, completion: different)
      self.session.syncer.trigger(.recorded)
      self.session.navigator.back()
    }
  }
}
