//! Looking things up, as Swift waits for it. The core's own calls block; where a call of the same name is
//! awaited, Swift chooses the one here.

import Foundation
@_exported import SanbenCore

extension Field {
  /// Opens the store in a folder, making a new one where there is none.
  public static func open(_ folder: URL) async throws -> Field {
    try await offTheActor { try Field.open(dir: folder.path) }
  }

  /// Whom this store belongs to.
  public func enrolment() async throws -> Enrolment {
    try await offTheActor { try self.enrolment() }
  }

  /// The person of this store, as the reference data has them.
  public func ownPerson() async throws -> PersonView {
    try await offTheActor { try self.ownPerson() }
  }

  /// The people, by code.
  public func people() async throws -> [PersonView] {
    try await offTheActor { try self.people() }
  }

  /// The units, communities among them, by code.
  public func units() async throws -> [UnitView] {
    try await offTheActor { try self.units() }
  }

  /// The points, by code; `text` narrows by a part of name, kind, code or community.
  public func points(text: String? = nil) async throws -> [PointView] {
    try await offTheActor { try self.points(text: text) }
  }

  /// The standards, by code; for one point only those that hold there.
  public func standards(point: String? = nil, text: String? = nil) async throws -> [Standard] {
    try await offTheActor { try self.standards(point: point, text: text) }
  }

  /// From a place (WGS-84 degrees) to who answers: cells, community, the nearest points.
  public func whereabouts(
    latitude: Double, longitude: Double, nearest: Int32 = 5
  ) async throws -> Whereabouts {
    try await offTheActor {
      try self.whereabouts(latitude: latitude, longitude: longitude, nearest: nearest)
    }
  }

  /// The three ledgers of a point; who answers as it stood at `at`, now by default.
  public func ledgers(point: String, at: Date? = nil) async throws -> Ledgers {
    try await offTheActor { try self.ledgers(point: point, at: at) }
  }

  /// A page of cases, beginning after the place where the last page ended.
  public func casesPage(query: CaseQuery, after: PageToken? = nil) async throws -> CasePage {
    try await offTheActor { try self.casesPage(query: query, after: after) }
  }

  /// All cases that a question finds, page by page as they are asked for.
  public func cases(_ query: CaseQuery) -> AsyncThrowingStream<CaseSummary, any Error> {
    let pages = Pages(field: self, query: query)
    return AsyncThrowingStream { try await pages.next() }
  }

  /// One case with its thread.
  public func `case`(id: Uuid) async throws -> CaseDetail {
    try await offTheActor { try self.case(id: id) }
  }

  /// Whether this person may do something to a case, by the rights this store knows of.
  public func may(id: Uuid, act: CaseAct) async throws -> Bool {
    try await offTheActor { try self.may(id: id, act: act) }
  }

  /// Today's lists: of the person's team, else of the points the person answers for.
  public func today() async throws -> TodayView {
    try await offTheActor { try self.today() }
  }

  /// The sheet of a community for a period, as far as it was known at `asOf`, now by default.
  public func score(community: String, period: Period, asOf: Date? = nil) async throws -> ScoreSheet {
    try await offTheActor { try self.score(community: community, period: period, asOf: asOf) }
  }

  /// How much there is of everything.
  public func counts() async throws -> Counts {
    try await offTheActor { try self.counts() }
  }

  /// The small picture of a photo, a JPEG of at most 320 pixels.
  public func thumbnail(photo: PhotoHash) async throws -> Data? {
    try await offTheActor { try self.thumbnail(photo: photo) }
  }

  /// The small picture of a photo of somebody else's, fetched from the server; `document` is what shows it.
  public func fetchThumbnail(document: Uuid, photo: PhotoHash) async throws -> Data {
    try await offTheActor { try self.fetchThumbnail(document: document, photo: photo) }
  }
}

/// One page at a time, so that a long list costs no more memory than what is looked at.
private actor Pages {
  private let field: Field
  private let query: CaseQuery
  private var rows: ArraySlice<CaseSummary> = []
  private var after: PageToken?
  private var ended = false

  init(field: Field, query: CaseQuery) {
    self.field = field
    self.query = query
  }

  func next() async throws -> CaseSummary? {
    while rows.isEmpty && !ended {
      let page = try await field.casesPage(query: query, after: after)
      rows = page.rows[...]
      after = page.next
      ended = page.next == nil
    }
    return rows.popFirst()
  }
}
