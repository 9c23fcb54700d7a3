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
