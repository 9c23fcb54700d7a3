//! Matters of all features, as Swift waits for them: one form and one view serve every feature.

import Foundation

extension Field {
  /// What this person may open, each with its form.
  public func features(tongue: Tongue) async throws -> [FeatureForm] {
    try await offTheActor { try self.features(tongue: tongue) }
  }

  @discardableResult
  public func openMatter(_ matter: NewMatter) async throws -> Uuid {
    try await offTheActor { try self.openMatter(matter: matter) }
  }

  /// Does something to a matter, with photo files by field; returns the event.
  @discardableResult
  public func actOnMatter(
    id: Uuid, act: String, fields: [String: FieldValue], photos: [String: [URL]] = [:]
  ) async throws -> Uuid {
    let files = photos.mapValues { $0.map(\.path) }
    return try await offTheActor {
      try self.actOnMatter(id: id, act: act, fields: fields, photos: files)
    }
  }

  /// A page of matters, latest opened first, beginning after the place where the last page ended.
  public func matters(
    _ query: MatterQuery, tongue: Tongue, after: MatterToken? = nil
  ) async throws -> MatterPage {
    try await offTheActor { try self.mattersPage(query: query, after: after, tongue: tongue) }
  }

  /// One matter with its thread, its figures and what this person may do to it now.
  public func matter(id: Uuid, tongue: Tongue) async throws -> MatterDetail {
    try await offTheActor { try self.matter(id: id, tongue: tongue) }
  }
}

// MARK: Forms that save themselves, field by field

extension Field {
  /// Begins the form that opens a matter of this feature.
  public func draftMatter(feature: String) async throws -> Uuid {
    try await offTheActor { try self.draftMatter(feature: feature) }
  }

  /// Begins the form of an act on a matter.
  public func draftAct(matter: Uuid, act: String) async throws -> Uuid {
    try await offTheActor { try self.draftAct(matter: matter, act: act) }
  }

  /// Saves one field, or a part of the header such as `@point`; `nil` empties it.
  public func matterDraftSet(draft: Uuid, name: String, value: FieldValue?) async throws {
    try await offTheActor { try self.matterDraftSet(draft: draft, name: name, value: value) }
  }

  /// Takes a photo file into a field. The file is no longer needed afterwards.
  public func matterDraftPhoto(draft: Uuid, name: String, file: URL) async throws {
    try await offTheActor { try self.matterDraftPhoto(draft: draft, name: name, path: file.path) }
  }

  /// The forms that were begun, latest first.
  public func matterDrafts(tongue: Tongue) async throws -> [MatterDraft] {
    try await offTheActor { try self.matterDrafts(tongue: tongue) }
  }

  public func matterDraftDiscard(draft: Uuid) async throws {
    try await offTheActor { try self.matterDraftDiscard(draft: draft) }
  }

  /// Opens the matter, or acts on it; returns the matter.
  @discardableResult
  public func submitMatterDraft(draft: Uuid) async throws -> Uuid {
    try await offTheActor { try self.submitMatterDraft(draft: draft) }
  }
}

// MARK: Briefs and coverage

extension Field {
  /// Puts the problems of a day, today by default, into its brief.
  @discardableResult
  public func fillWorkBrief(title: String, day: Day? = nil) async throws -> FilledBrief {
    try await offTheActor { try self.fillWorkBrief(title: title, day: day) }
  }

  /// Where in the grid something is lacking that a standard asks for in each node.
  public func uncovered(period: Period) async throws -> [Uncovered] {
    try await offTheActor { try self.uncovered(period: period) }
  }
}
