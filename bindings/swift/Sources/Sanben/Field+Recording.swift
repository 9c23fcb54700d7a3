//! Recording, as Swift waits for it. What returned without an error is on the disk.

import Foundation

extension Field {
  /// Begins a draft; it is durable at once.
  public func draft() async throws -> Uuid {
    try await offTheActor { try self.draft() }
  }

  /// Saves one field of a draft.
  public func draftSet(draft: Uuid, value: DraftField) async throws {
    try await offTheActor { try self.draftSet(draft: draft, value: value) }
  }

  /// Takes a photo file into a draft. The file is no longer needed afterwards.
  @discardableResult
  public func draftPhoto(draft: Uuid, file: URL) async throws -> PhotoHash {
    try await offTheActor { try self.draftPhoto(draft: draft, path: file.path) }
  }

  /// The drafts of this store.
  public func drafts() async throws -> [Draft] {
    try await offTheActor { try self.drafts() }
  }

  /// Throws a draft away.
  public func draftDiscard(draft: Uuid) async throws {
    try await offTheActor { try self.draftDiscard(draft: draft) }
  }

  /// Reports a draft: it becomes a case and waits for the next sync.
  public func report(draft: Uuid) async throws -> Reported {
    try await offTheActor { try self.report(draft: draft) }
  }

  /// Records a problem in one go.
  public func record(problem: NewCase) async throws -> Reported {
    try await offTheActor { try self.record(problem: problem) }
  }

  /// Does something to a case, with photo files where the act can have some. Returns the event.
  @discardableResult
  public func act(id: Uuid, act: CaseAct, photos: [URL] = []) async throws -> Uuid {
    try await offTheActor { try self.act(id: id, act: act, photos: photos.map(\.path)) }
  }

  /// Adds what was missing when a case was recorded; `completion` names its photos by their paths.
  public func complete(id: Uuid, completion: Completion) async throws {
    try await offTheActor { try self.complete(id: id, completion: completion) }
  }

  /// Whether this person may add to a case what was missing when it was recorded.
  public func mayComplete(id: Uuid) async throws -> Bool {
    try await offTheActor { try self.mayComplete(id: id) }
  }

  /// Whether this person may add whom a case is about.
  public func mayAddContact(id: Uuid) async throws -> Bool {
    try await offTheActor { try self.mayAddContact(id: id) }
  }

  /// Adds whom a case is about, apart from the case.
  @discardableResult
  public func addContact(id: Uuid, contact: NewContact) async throws -> Uuid {
    try await offTheActor { try self.addContact(id: id, contact: contact) }
  }

  /// Whom a case is about, as far as it is held here.
  public func contacts(id: Uuid) async throws -> [Contact] {
    try await offTheActor { try self.contacts(id: id) }
  }

  /// Says how a point of a round was found.
  public func visit(round: Round, point: String, result: VisitResult, fix: Fix? = nil) async throws {
    try await offTheActor { try self.visit(round: round, point: point, result: result, fix: fix) }
  }

  /// Own work that the server refused, oldest first.
  public func needsAttention() async throws -> [Attention] {
    try await offTheActor { try self.needsAttention() }
  }

  /// Sends refused work again as it is.
  public func resend(attention: Int64) async throws {
    try await offTheActor { try self.resend(attention: attention) }
  }

  /// Corrects refused work and sends it again.
  public func correct(attention: Int64, correction: Correction) async throws {
    try await offTheActor { try self.correct(attention: attention, correction: correction) }
  }

  /// Writes refused work into a file for somebody who may do it; `to` names the person where it is meant for one.
  public func handOn(attention: Int64, file: URL, to: String? = nil) async throws {
    try await offTheActor { try self.handOn(attention: attention, file: file.path, to: to) }
  }

  /// Takes over what somebody handed on, under one's own name. Returns the document.
  public func takeOver(file: URL) async throws -> Uuid {
    try await offTheActor { try self.takeOver(file: file.path) }
  }

  /// Writes refused work with its photos into a folder that people and programs can read.
  @discardableResult
  public func exportRefused(attention: Int64, folder: URL) async throws -> ExportedWork {
    try await offTheActor { try self.exportRefused(attention: attention, folder: folder.path) }
  }

  /// Gives refused work up. It is kept with the reason.
  public func discard(attention: Int64, reason: String) async throws {
    try await offTheActor { try self.discard(attention: attention, reason: reason) }
  }
}
