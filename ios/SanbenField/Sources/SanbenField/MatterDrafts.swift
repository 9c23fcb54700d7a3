//! Forms that were begun: what they keep, and how they are found again.

import Foundation
import Sanben

extension Session {
  /// The forms that were begun, as what there is to do; the longest words say most about one.
  func begunForms() async throws -> [TodayTask] {
    var tasks: [TodayTask] = []
    for draft in try await device.matterDrafts(tongue: texts.tongue) {
      let words = draft.fields.values.compactMap { if case .text(let text) = $0 { text } else { nil } }
      guard let matter = draft.matter else {
        let route = FormRoute.opening(feature: draft.feature, draft: draft.id)
        let about = words.max { $0.count < $1.count } ?? ""
        tasks.append(.fill(route, title: draft.featureLabel, about: about))
        continue
      }
      let route = FormRoute.act(on: matter, draft.act, draft: draft.id)
      tasks.append(.fill(route, title: draft.actLabel, about: try await called(matter)))
    }
    return tasks
  }

  /// A field as the draft kept it.
  func restored(
    _ entry: FieldEntry, _ kept: FieldValue?, in matter: MatterDetail?
  ) async throws -> FieldEntry {
    var entry = entry
    var values: [FieldValue] = []
    switch kept {
    case nil: break
    case .text(let text): entry.typed = text
    case .count(let count): entry.typed = "\(count)"
    case .fraction(let part, let whole): entry.typed = "\(part)/\(whole)"
    case .time(let time): entry.typed = time
    case .photos(let hashes): entry.photos = hashes
    case .points(let codes): values = codes.map { .point(code: $0) }
    case .documents(let ids): values = ids.map { .document(id: $0) }
    case .some(let value): values = [value]
    }
    entry.chosen = []
    for value in values { entry.chosen.append(try await option(value, entry.shape, in: matter)) }
    return entry
  }

  private func option(
    _ value: FieldValue, _ shape: FieldShape, in matter: MatterDetail?
  ) async throws -> Option {
    let title: String
    switch value {
    case .day(let day): title = moments.date(StreetDay(written: day))
    case .person(let code): title = names.person(code)
    case .unit(let code): title = names.unit(code)
    case .point(let code): title = names.point(code)
    case .standard(let code): title = names.standard(code)
    case .document(let id): title = try await called(id)
    default:
      let offered = try await offers("", shape, like: "", in: matter)
      title = offered.first { $0.value == value }?.title ?? ""
    }
    return Option(value: value, title: title)
  }

  /// A case or matter: what it is called, and where it is shown; `nil` where this device does not hold it.
  public func shown(_ document: Uuid) async throws -> (title: String, route: Route)? {
    do {
      return (try await device.matter(id: document, tongue: texts.tongue).title, .matter(document))
    } catch FieldFailure.NotFound {}
    do {
      let found = try await device.case(id: document)
      let title = found.description.isBlank ? found.standard.map(names.standard) ?? "" : found.description
      return (title, .opened(document))
    } catch FieldFailure.NotFound {
      return nil
    }
  }

  /// What a case or matter is called; this device may not hold it.
  func called(_ document: Uuid) async throws -> String {
    try await shown(document)?.title ?? texts["figure.not-here"]
  }
}
