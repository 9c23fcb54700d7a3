//! Choosing a point and a standard: for whoever records, completes or corrects.

import Sanben
import SanbenField
import SwiftUI

/// The point that was chosen, or those that may be meant and a search.
struct ChoosingPoint: View {
  let chosen: String?
  let suggestions: [Suggestion]
  let search: (String) -> Void
  let choose: (String?) -> Void
  @State private var text = ""
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    if let chosen {
      let head = session.names.points[chosen]?.head.map(session.names.person)
      Pick(session.names.point(chosen), answers(head), chosen: true, .patrol) { choose(nil) }
    } else {
      ForEach(suggestions.prefix(4)) { near in
        let hint = [near.metres.map(far), answers(near.head)].compactMap { $0 }.joined(separator: " · ")
        Pick(near.name, hint, .patrol) { choose(near.code) }
      }
      Writing(texts["record.point-search"], .search, text: $text).onChange(of: text) { search(text) }
    }
  }

  private func answers(_ head: String?) -> String {
    head.map { texts["record.head", ["name": $0]] } ?? texts["record.no-head"]
  }

  /// Nearer than a receiver can tell is here.
  private func far(_ metres: Int) -> String {
    metres < 15 ? texts["record.here"] : texts["record.metres", ["n": metres]]
  }
}

/// The standard that was chosen, or a search and what it found.
struct ChoosingStandard: View {
  let chosen: String?
  let standards: [Standard]
  let search: (String) -> Void
  let choose: (String?) -> Void
  @State private var text = ""
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    if let chosen {
      let limit = session.names.standards[chosen].map {
        texts["record.standard-limit", ["limit": texts.of($0.limit)]]
      }
      Pick(session.names.standard(chosen), limit, chosen: true, .ledger) { choose(nil) }
    } else {
      Writing(texts["record.standard-search"], .search, text: $text).onChange(of: text) { search(text) }
      ForEach(standards.prefix(4), id: \.code) { one in
        Pick(one.name, "\(one.clause) · \(texts.of(one.limit))", .ledger) { choose(one.code) }
      }
    }
  }
}

/// A search of its own: what it finds is for others to keep.
struct Seeking: View {
  let hint: String
  let search: (String) -> Void
  @State private var text = ""

  init(_ hint: String, search: @escaping (String) -> Void) {
    self.hint = hint
    self.search = search
  }

  var body: some View {
    Writing(hint, .search, text: $text).onChange(of: text) { search(text) }
  }
}

/// One to choose; what is chosen is marked and another tap takes it back.
struct Pick: View {
  let title: String
  let hint: String?
  let chosen: Bool
  let glyph: Glyph
  let tap: () -> Void
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(
    _ title: String, _ hint: String?, chosen: Bool = false, _ glyph: Glyph, tap: @escaping () -> Void
  ) {
    self.title = title
    self.hint = hint
    self.chosen = chosen
    self.glyph = glyph
    self.tap = tap
  }

  var body: some View {
    Sheet(open: tap) {
      HStack(spacing: 12) {
        Draw(chosen ? .done : glyph, chosen ? palette.green : palette.muted)
        VStack(alignment: .leading) {
          Text(title).font(.headline).foregroundStyle(palette.ink)
          if let hint { Text(hint).font(.subheadline).foregroundStyle(palette.muted) }
        }
        Spacer(minLength: 0)
        if chosen { Draw(.close, palette.muted, size: 18, spoken: texts["action.clear"]) }
      }
    }
    .accessibilityAddTraits(chosen ? .isSelected : [])
  }
}
