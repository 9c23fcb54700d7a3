//! Recording a problem: the photo first, the point suggested by the place, the standard by search.

import Foundation
import Observation
import Sanben

/// Every edit is saved by itself, in the order it was made. The draft is begun with the first edit, so that
/// looking at an empty form leaves no ghost behind.
@MainActor
@Observable
public final class Recording {
  public private(set) var draft: Uuid?
  public private(set) var photos: [PhotoHash] = []
  public private(set) var point: String?
  public private(set) var suggestions: [Suggestion] = []
  public private(set) var standard: String?
  public private(set) var standards: [Standard] = []
  public private(set) var words = ""
  public private(set) var fix: Fix?
  public private(set) var locating = false
  public private(set) var without: Set<Without> = []
  /// An edit that is shown but not saved, and why.
  public private(set) var unsaved: FieldFailure?
  public private(set) var reported: Reported?
  private let session: Session
  @ObservationIgnored private var lastEdit: Task<Void, Never>?
  @ObservationIgnored private var toSaveAgain: [Edit] = []

  private typealias Edit = @MainActor (Field, Uuid) async throws -> Void

  public init(_ session: Session) { self.session = session }

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
    (draft, photos, point, standard) = (id, kept.photos, kept.point, kept.standard)
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
        self.save { field, draft in
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
    save { field, draft in try await field.draftSet(draft: draft, value: value) }
  }

  /// Saves one edit after those before it. What cannot be saved stays on the screen, marked as unsaved. An edit
  /// that was made is saved even where the screen has gone away.
  private func save(_ edit: @escaping Edit) {
    after { await self.perform(edit) }
  }

  private func after(_ step: @escaping @MainActor () async -> Void) {
    let before = lastEdit
    lastEdit = Task {
      await before?.value
      await step()
    }
  }

  private func perform(_ edit: @escaping Edit) async {
    do {
      let field = try session.device
      if draft == nil { draft = try await field.draft() }
      guard let draft else { return }
      try await edit(field, draft)
      if toSaveAgain.isEmpty { unsaved = nil }
    } catch let failure as FieldFailure {
      switch failure {
      case .Photo, .File: session.tell(session.texts.of(failure))
      default:
        toSaveAgain.append(edit)
        unsaved = failure
      }
    } catch {
      // The session has ended, and with it the form.
    }
  }

  /// Saves what could not be saved before: the person has made room.
  public func saveAgain() {
    after {
      let again = self.toSaveAgain
      self.toSaveAgain = []
      self.unsaved = nil
      for edit in again { await self.perform(edit) }
    }
  }

  /// Waits until every edit so far is saved or marked.
  public func settled() async { await lastEdit?.value }

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
      self.draft = nil
      self.session.syncer.trigger(.recorded)
    }
  }

  public func discard() {
    session.attempt {
      await self.settled()
      if let draft = self.draft { try await self.session.device.draftDiscard(draft: draft) }
      self.draft = nil
      self.session.navigator.back()
    }
  }
}
