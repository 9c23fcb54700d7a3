//! The form of any feature or act, field by field; what does not fit is said where it stands.

import Sanben
import SanbenField
import SwiftUI

struct MatterFormScreen: View {
  @State private var model: MatterForm
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ form: FormRoute) {
    self.session = session
    _model = State(initialValue: MatterForm(session, form))
  }

  var body: some View {
    VStack(spacing: 0) {
      Page(title: model.title, back: { session.navigator.back() }) {
        if model.draft != nil { Tap(.close, texts["record.discard"]) { model.discard() } }
      } content: {
        if let about = model.about { Text(about).foregroundStyle(palette.muted) }
        ForEach(model.fields) { Entry(field: $0, model: model) }
        if let without = model.without { Note(texts.of(without), .wait, .trouble) }
      }
      Foot {
        Keeping(begun: model.draft != nil, unsaved: model.unsaved) { model.saveAgain() }
        Act(texts["form.send"], .done) { model.submit() }.disabled(
          !model.ready || model.sending || model.unsaved != nil)
      }
    }
    .task { model.begin() }
  }
}

private struct Entry: View {
  let field: FieldEntry
  let model: MatterForm
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    VStack(alignment: .leading, spacing: 8) {
      HStack {
        Heading(field.label)
        if !field.required {
          Text(texts["form.optional"]).font(.footnote).foregroundStyle(palette.muted)
        }
      }
      asked
      if let wrong {
        HStack(spacing: 8) {
          Draw(.attention, palette.vermilion, size: 20)
          Text(wrong).font(.subheadline).foregroundStyle(palette.vermilion)
        }
        .accessibilityElement(children: .combine)
      }
    }
    .onChange(of: wrong) { if let wrong { AccessibilityNotification.Announcement(wrong).post() } }
  }

  @ViewBuilder private var asked: some View {
    switch field.shape {
    case .text(let max): typed(bounds ?? "", lines: max > 120 ? 3 : 1)
    case .count: typed(bounds ?? "").keyboardType(.numbersAndPunctuation)
    case .fraction: typed(texts["form.fraction-hint"]).keyboardType(.numbersAndPunctuation)
    case .time: clock
    case .day: DayField(field: field, model: model)
    case .photos: pictures
    case .choice, .yes, .event: few
    case .person, .unit, .point, .points, .standard, .document, .documents: many
    }
  }

  /// What is wrong, with the bounds where there are some: the hint is gone once something is written.
  private var wrong: String? {
    guard let flaw = field.flaw else { return nil }
    if flaw == .bounds, let bounds, !field.empty { return bounds }
    return texts.of(flaw)
  }

  private var bounds: String? {
    switch field.shape {
    case .text(let max): texts["form.text-hint", ["max": max]]
    case .count(let min, let max): texts["form.count-hint", ["min": min, "max": max]]
    default: nil
    }
  }

  private var line: Binding<String> {
    Binding(get: { field.typed }, set: { model.write(field.name, $0) })
  }

  /// What it is called stands in the hint too: that is what VoiceOver says of the line.
  private func typed(_ hint: String, lines: Int = 1) -> some View {
    VStack(alignment: .leading, spacing: 8) {
      Writing(field.label + texts["list.and"] + hint, lines: lines, text: line)
      let others = field.offered.filter { $0.title != field.typed }
      if !others.isEmpty {
        Wrapping {
          ForEach(others, id: \.self) { one in
            Chip(one.title, chosen: false) { model.write(field.name, one.title) }
          }
        }
      }
    }
  }

  private var clock: some View {
    HStack(spacing: 8) {
      Writing(field.label + texts["list.and"] + texts["form.time-hint"], text: line)
        .keyboardType(.numbersAndPunctuation)
      WordedTap(.waiting, texts["form.now"]) { model.now(field.name) }
    }
  }

  @ViewBuilder private var pictures: some View {
    Act(texts[field.photos.isEmpty ? "record.photo" : "record.photo-more"], .camera, quiet: true) {
      model.photo(field.name)
    }
    if !field.photos.isEmpty {
      HStack {
        Badge(texts["case.attached", ["n": field.photos.count]], .good, .photo)
        WordedTap(.close, texts["form.drop-photos"]) { model.dropPhotos(field.name) }
      }
    }
  }

  /// A few words to choose from: side by side where they fit.
  @ViewBuilder private var few: some View {
    if field.offered.count <= 3 && !field.shape.isEvent {
      Abreast {
        ForEach(field.offered, id: \.self) { one in
          let chosen = isChosen(one)
          Act(one.title, tone: chosen ? .calm : .plain, quiet: true, chosen: chosen) {
            model.choose(field.name, one)
          }
        }
      }
    } else {
      ForEach(field.offered, id: \.self) { one in
        Pick(one.title, one.hint, chosen: isChosen(one), .forward) { model.choose(field.name, one) }
      }
    }
  }

  private func isChosen(_ option: SanbenField.Option) -> Bool {
    field.chosen.contains { $0.value == option.value }
  }

  /// Out of many, by search: what is chosen is marked, and another tap takes it back.
  @ViewBuilder private var many: some View {
    ForEach(field.chosen, id: \.self) { one in
      Pick(one.title, one.hint, chosen: true, field.shape.glyph) { model.choose(field.name, one) }
    }
    if field.chosen.isEmpty || field.several {
      Seeking(texts["form.search"]) { model.search(field.name, $0) }
      ForEach(field.offered.filter { !isChosen($0) }.prefix(4), id: \.self) { one in
        Pick(one.title, one.hint, field.shape.glyph) { model.choose(field.name, one) }
      }
    }
  }
}

/// The days most often meant, then one after the other.
private struct DayField: View {
  let field: FieldEntry
  let model: MatterForm
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    let today = session.moments.today()
    Abreast {
      soon("moment.today", today)
      soon("moment.tomorrow", today.moved(days: 1))
      soon("form.next-week", today.moved(days: 7))
    }
    if let chosen {
      Sheet {
        HStack {
          Tap(.minus, texts["form.earlier"]) { model.day(field.name, chosen.moved(days: -1)) }
          Text(session.moments.date(chosen))
            .font(.headline).foregroundStyle(palette.ink).frame(maxWidth: .infinity)
          Tap(.plus, texts["form.later"]) { model.day(field.name, chosen.moved(days: 1)) }
        }
      }
    }
  }

  private func soon(_ key: String, _ day: StreetDay) -> some View {
    Act(texts[key], tone: day == chosen ? .calm : .plain, quiet: true, chosen: day == chosen) {
      model.day(field.name, day)
    }
  }

  private var chosen: StreetDay? {
    guard case .day(let day) = field.chosen.first?.value else { return nil }
    return StreetDay(written: day)
  }
}

extension FieldShape {
  fileprivate var isEvent: Bool {
    if case .event = self { true } else { false }
  }

  fileprivate var glyph: Glyph {
    switch self {
    case .person: .person
    case .unit: .people
    case .point, .points: .patrol
    default: .ledger
    }
  }
}
