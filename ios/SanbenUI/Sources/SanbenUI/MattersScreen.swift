//! Everything that has a form: the list, narrowed, and the way to a new one under the thumb.

import Sanben
import SanbenField
import SwiftUI

struct MattersScreen: View {
  @State private var model: Matters
  @State private var beginning = false
  @State private var narrowing = false
  private let session: Session
  @Environment(\.texts) private var texts

  init(_ session: Session, point: String?) {
    self.session = session
    _model = State(initialValue: Matters(session, point: point))
  }

  var body: some View {
    VStack(spacing: 0) {
      Page(title: texts[beginning ? "matter.new-title" : "matter.title"], back: back) {
        if !beginning {
          Tap(.settings, texts["matter.filter"]) { narrowing.toggle() }
            .accessibilityAddTraits(narrowing || model.filter.narrow ? .isSelected : [])
        }
      } content: {
        if beginning { beginnings } else { list }
      }
      if !beginning && !model.groups.isEmpty {
        Foot { Act(texts["matter.new"], .plus) { beginning = true } }
      }
    }
    .task { await model.run() }
  }

  private func back() {
    if beginning { beginning = false } else { session.navigator.back() }
  }

  private var beginnings: some View {
    ForEach(MatterGroup.allCases, id: \.self) { group in
      if let features = model.groups[group] {
        Heading(texts[group.name])
        ForEach(features, id: \.name) { feature in
          Lead(group.glyph, .calm, feature.label) {
            beginning = false
            session.navigator.open(.form(.opening(feature: feature.name, point: model.filter.point)))
          }
        }
      }
    }
  }

  @ViewBuilder private var list: some View {
    let filter = model.filter
    let name = { (only: Bool) in texts[only ? "matter.open-only" : "matter.all"] }
    Choice(all: [true, false], chosen: filter.openOnly, name: name) { only in
      narrow { $0.openOnly = only }
    }
    if narrowing { narrowed } else if filter.point != nil { chosenPoint }
    if model.rows.isEmpty && !model.loading {
      Nothing(.today, texts["matter.none"], texts["matter.none-hint"])
    }
    ForEach(model.rows) { row in
      MatterSheet(row: row) { session.navigator.open(.matter(row.id)) }
    }
    if model.hasMore { Act(texts["matter.more"], quiet: true) { model.more() } }
  }

  private func narrow(_ change: (inout MatterFilter) -> Void) {
    var filter = model.filter
    change(&filter)
    model.narrow(to: filter)
  }

  private var narrowed: some View {
    Sheet {
      Choice(all: Days.allCases, chosen: model.filter.days, name: { texts[$0.name] }) { days in
        narrow { $0.days = days }
      }
      Wrapping {
        kind(nil, texts["matter.every-kind"])
        ForEach(model.kinds) { kind($0.name, $0.label) }
      }
      if model.filter.point != nil {
        chosenPoint
      } else {
        Seeking(texts["record.point-search"], search: model.searchPoints)
        ForEach(model.suggestions.prefix(4)) { near in
          Pick(near.name, nil, .patrol) { narrow { $0.point = near.code } }
        }
      }
    }
  }

  private func kind(_ name: String?, _ label: String) -> some View {
    Chip(label, chosen: model.filter.feature == name) { narrow { $0.feature = name } }
  }

  private var chosenPoint: some View {
    Pick(model.point ?? "", nil, chosen: true, .patrol) { narrow { $0.point = nil } }
  }
}

extension MatterGroup {
  fileprivate var name: String {
    switch self {
    case .inspection: "matter.group-inspection"
    case .people: "matter.group-people"
    case .residents: "matter.group-residents"
    }
  }

  fileprivate var glyph: Glyph {
    switch self {
    case .inspection: .lookBack
    case .people: .people
    case .residents: .here
    }
  }
}

extension Days {
  fileprivate var name: String {
    switch self {
    case .any: "matter.day-any"
    case .today: "matter.day-today"
    case .week: "matter.day-week"
    }
  }
}

/// A matter in a list: what it is called, of which kind, where, and how it stands.
struct MatterSheet: View {
  let row: MatterRow
  /// The reminder of it that has come.
  var come: ReminderLine?
  let open: () -> Void
  @Environment(Session.self) private var session
  @Environment(\.opened) private var opened
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    let day = session.moments.day(row.day)
    Sheet(open: open, here: opened == .matter(row.id)) {
      Text(row.title.isEmpty ? row.feature : row.title).font(.headline).foregroundStyle(palette.ink)
      Text([row.feature, row.point, row.person, day].compactMap { $0 }.joined(separator: " · "))
        .font(.subheadline).foregroundStyle(palette.muted)
      Wrapping {
        if row.disputed { Badge(texts["status.disputed"], .bad, .dispute) }
        StepBadge(step: row.step, open: row.open)
        if row.open, let due = row.due { TermBadge(due: due, late: row.late) }
        if let text = texts.of(row.item) { Badge(text, row.item.tone, row.item.glyph) }
      }
      if let come { HasCome(line: come) }
    }
  }
}

/// How far a matter has come, in the words of its feature.
struct StepBadge: View {
  let step: String
  let open: Bool

  var body: some View {
    if !step.isEmpty { Badge(step, open ? .calm : .good, open ? .forward : .done) }
  }
}

struct TermBadge: View {
  let due: Date
  let late: Bool
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    let moments = session.moments
    if late {
      Badge(texts["matter.late", ["span": moments.span(moments.until(due))]], .bad, .trouble)
    } else {
      Badge(texts["due.by", ["time": moments.at(due)]], .plain, .waiting)
    }
  }
}
