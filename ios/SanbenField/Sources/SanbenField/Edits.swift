//! The edits of a draft, one after the other.

import Foundation
import Observation
import Sanben

/// Each is saved by itself, in the order it was made. The draft is begun with the first, so that looking at an empty
/// form leaves no ghost behind. What cannot be saved is kept, to be saved again.
@MainActor
@Observable
final class Edits {
  private(set) var draft: Uuid?
  /// An edit that is shown but not saved, and why.
  private(set) var unsaved: FieldFailure?
  private let session: Session
  private let beginning: @MainActor (Field) async throws -> Uuid
  @ObservationIgnored private var last: Task<Void, Never>?
  @ObservationIgnored private var toSaveAgain: [Edit] = []

  typealias Edit = @MainActor (Field, Uuid) async throws -> Void

  init(_ session: Session, beginning: @escaping @MainActor (Field) async throws -> Uuid) {
    self.session = session
    self.beginning = beginning
  }

  /// Goes on with a draft; with none, another is begun by the next edit.
  func goOn(with draft: Uuid?) { self.draft = draft }

  /// The draft, begun if there is none yet.
  func begun() async throws -> Uuid {
    if let draft { return draft }
    let new = try await beginning(try session.device)
    draft = new
    return new
  }

  /// Saves one edit after those before it. What cannot be saved stays on the screen, marked as unsaved. An edit
  /// that was made is saved even where the screen has gone away.
  func save(_ edit: @escaping Edit) {
    after { await self.perform(edit) }
  }

  private func after(_ step: @escaping @MainActor () async -> Void) {
    let before = last
    last = Task {
      await before?.value
      await step()
    }
  }

  private func perform(_ edit: @escaping Edit) async {
    do {
      let draft = try await begun()
      try await edit(try session.device, draft)
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
  func saveAgain() {
    after {
      let again = self.toSaveAgain
      self.toSaveAgain = []
      self.unsaved = nil
      for edit in again { await self.perform(edit) }
    }
  }

  /// Waits until every edit so far is saved or marked.
  func settled() async { await last?.value }
}
