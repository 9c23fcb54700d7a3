//! Recording a problem: the photo first, the point suggested by the place, the standard by search.

import Foundation
import Observation
import Sanben

/// A draft from the first edit on.
@MainActor
@Observable
public final class Recording {
  public private(set) var photos: [PhotoHash] = []
  public private(set) var point: String?
  public private(set) var suggestions: [Suggestion] = []
  public private(set) var standard: String?
  public private(set) var standards: [Standard] = []
  public private(set) var words = ""
  public private(set) var fix: Fix?
  public private(set) var locating = false
  public private(set) var without: Set<Without> = []
  public private(set) var reported: Reported?
  private let session: Session
  private let edits: Edits

  public init(_ session: Session) {
    self.session = session
    edits = Edits(session) { try await $0.draft() }
  }

  public var draft: Uuid? { edits.draft }

  /// An edit that is shown but not saved, and why.
  public var unsaved: FieldFailure? { edits.unsaved }

  /// Anything at all is enough; the rest is completed later. What is not saved is not reported.
  public var canReport: Bool {
    unsaved == nil && (!photos.isEmpty || point != nil || standard != nil || !words.isBlank || fix != nil)
  }

  /// Begins anew, at a point where that is known, or goes on with a draft.
  public func begin(draft: Uuid? = nil, point: String? = nil) {
    if let draft { session.attempt { try await self.resume(draft) } }
    searchStandards("")
    if let point { choosePoint(point) }
  }

  private func resume(_ id: Uuid) async throws {
    guard let kept = try await session.device.drafts().first(where: { $0.id == id }) else {
      throw FieldFailure.NotFound(what: "draft", id: id.uuidString)
    }
    edits.goOn(with: id)
    (photos, point, standard) = (kept.photos, kept.point, kept.standard)
    (words, fix) = (kept.description, kept.fix)
    if let fix { try await suggest(fix) }
    searchStandards("")
  }

  // MARK: Edits

  /// One picture, and where it was taken.
  public func photo() {
    session.attempt {
      switch await self.session.ports.picture() {
      case .taken(let file):
        self.edits.save { field, draft in
          let hash = try await field.draftPhoto(draft: draft, file: file)
          if !self.photos.contains(hash) { self.photos.append(hash) }
        }
      case .denied: self.without.insert(.cameraDenied)
      case .failed: self.without.insert(.cameraFailed)
      case .cancelled: break
      }
    }
    if fix == nil { locate() }
  }

  public func locate() {
    if locating { return }
    locating = true
    session.attempt {
      let place = await self.session.ports.place()
      self.locating = false
      switch place {
      case .at(let fix):
        self.fix = fix
        self.without.subtract([.noPlace, .placeDenied])
        self.set(.place(fix: fix))
        try await self.suggest(fix)
      case .denied: self.without.insert(.placeDenied)
      case .nowhere: self.without.insert(.noPlace)
      }
    }
  }

  public func choosePoint(_ code: String?) {
    point = code
    set(.point(code: code))
    searchStandards("")
  }

  public func chooseStandard(_ code: String?) {
    standard = code
    set(.standard(code: code))
  }

  public func write(_ words: String) {
    if words == self.words { return }
    self.words = words
    set(.description(words: words))
  }

  private func set(_ value: DraftField) {
    edits.save { field, draft in try await field.draftSet(draft: draft, value: value) }
  }

  /// Saves what could not be saved before: the person has made room.
  public func saveAgain() { edits.saveAgain() }

  /// Waits until every edit so far is saved or marked.
  public func settled() async { await edits.settled() }

  // MARK: Suggestions

  private func suggest(_ fix: Fix) async throws {
    // Before the first sync the fix is kept all the same.
    if let near = try await session.near(fix) { suggestions = near }
  }

  public func searchPoints(_ text: String) {
    session.attempt { self.suggestions = try await self.session.pointsLike(text) }
  }

  public func searchStandards(_ text: String) {
    session.attempt { self.standards = try await self.session.standardsLike(text, point: self.point) }
  }

  // MARK: The end of it

  /// It becomes a case and waits for the next sync.
  public func report() {
    session.attempt {
      await self.settled()
      guard let draft = self.draft, self.unsaved == nil else { return }
      self.reported = try await self.session.device.report(draft: draft)
      self.edits.goOn(with: nil)
      self.session.syncer.trigger(.recorded)
    }
  }

  public func discard() {
    session.attempt {
      await self.settled()
      if let draft = self.draft { try await self.session.device.draftDiscard(draft: draft) }
      self.edits.goOn(with: nil)
      self.session.navigator.back()
    }
  }
}
