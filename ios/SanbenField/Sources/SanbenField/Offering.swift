//! What there is to choose in a form.

import Sanben

private let offered = 20

/// Short words are written the same way twice, so that they are counted together: a kiosk's pump.
private let short: Int32 = 60

extension Session {
  /// What a field of this shape can name, nearest first, with these letters in it; nothing for one that is only typed.
  func offers(
    _ name: String, _ shape: FieldShape, like text: String, in matter: MatterDetail?
  ) async throws -> [Option] {
    switch shape {
    case .text(let max): return max <= short ? written(name, matter) : []
    case .person: return peopleLike(text)
    case .unit: return unitsLike(text)
    case .point, .points:
      return try await pointsLike(text).map { near in
        Option(
          value: .point(code: near.code), title: near.name,
          hint: near.head.map { texts["record.head", ["name": $0]] })
      }
    case .standard:
      return try await standardsLike(text, point: matter?.point).map {
        Option(value: .standard(code: $0.code), title: $0.name, hint: $0.clause)
      }
    case .document, .documents: return try await documentsLike(text)
    case .event: return entries(matter)
    case .choice(let choices):
      return choices.map { Option(value: .choice(name: $0.name), title: $0.label) }
    case .yes:
      return [true, false].map {
        Option(value: .yes(yes: $0), title: texts[$0 ? "form.yes" : "form.no"])
      }
    case .count, .fraction, .day, .time, .photos: return []
    }
  }

  /// What stands under the same name in the matter already.
  private func written(_ name: String, _ matter: MatterDetail?) -> [Option] {
    var seen: [Option] = []
    for field in (matter?.thread ?? []).filter({ !$0.idle }).flatMap(\.fields) where field.name == name {
      guard case .text(let text) = field.value else { continue }
      let option = Option(value: field.value, title: text)
      if !seen.contains(option) { seen.append(option) }
    }
    return seen
  }

  /// Oneself first, then those of one's own unit.
  private func peopleLike(_ text: String) -> [Option] {
    let (names, me) = (names, names.me)
    var all = Array(names.people.values)
    if let me, names.people[me.code] == nil { all.append(me) }
    func place(_ person: PersonView) -> (Int, Int, String) {
      (person.code == me?.code ? 0 : 1, person.unit == me?.unit ? 0 : 1, person.code)
    }
    return all.filter { text.isBlank || $0.name.contains(text) || $0.code.contains(text) }
      .sorted { place($0) < place($1) }
      .prefix(offered)
      .map {
        Option(
          value: .person(code: $0.code), title: $0.name,
          hint: "\(texts.of($0.role)) · \(names.unit($0.unit))")
      }
  }

  private func unitsLike(_ text: String) -> [Option] {
    let own = [names.me?.community, names.me?.unit]
    func place(_ code: String) -> (Int, String) { (own.contains(code) ? 0 : 1, code) }
    return names.units.filter { text.isBlank || $0.value.contains(text) || $0.key.contains(text) }
      .sorted { place($0.key) < place($1.key) }
      .prefix(offered)
      .map { Option(value: .unit(code: $0.key), title: $0.value, hint: $0.key) }
  }

  /// Matters first: what belongs together is most often of the same kind.
  private func documentsLike(_ text: String) async throws -> [Option] {
    let like = text.isBlank ? nil : text
    let limit = Int32(offered)
    let matters = try await device.matters(MatterQuery(text: like, limit: limit), tongue: texts.tongue).rows
      .map {
        Option(
          value: .document(id: $0.id), title: $0.title,
          hint: "\($0.featureLabel) · \(moments.day(StreetDay(written: $0.day)))")
      }
    let cases = try await device.casesPage(query: CaseQuery(text: like, limit: limit)).rows.map {
      let line = CaseLine($0, inReview: false, names: names)
      let hint = [texts.of($0.status), line.point].compactMap { $0 }.joined(separator: " · ")
      return Option(value: .document(id: $0.id), title: line.title, hint: hint)
    }
    return matters + cases
  }

  private func entries(_ matter: MatterDetail?) -> [Option] {
    (matter?.thread ?? []).dropFirst().filter { !$0.idle || $0.disputed }.reversed().map {
      Option(
        value: .event(id: $0.event), title: "\(names.person($0.by)) · \($0.actLabel)",
        hint: moments.at($0.at))
    }
  }
}
