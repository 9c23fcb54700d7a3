//! What was refused, why, and what can be done about it.

import Sanben
import SanbenField
import SwiftUI

struct AttentionScreen: View {
  @State private var model: NeedsAttention
  private let session: Session
  @Environment(\.texts) private var texts

  init(_ session: Session) {
    self.session = session
    _model = State(initialValue: NeedsAttention(session))
  }

  var body: some View {
    Page(texts["attention.title"], back: { session.navigator.back() }) {
      if model.refused.isEmpty && !model.loading {
        Nothing(.done, texts["attention.none"], texts["attention.none-hint"])
      }
      ForEach(model.refused) { RefusedSheet(work: $0, model: model) }
    }
    .task { await model.run() }
  }
}

/// What is being done about one piece; nothing of it is done before the button inside it.
private enum Remedy {
  case correct
  case handOn
  case discard
}

private struct RefusedSheet: View {
  let work: RefusedWork
  let model: NeedsAttention
  @State private var open: Remedy?
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Sheet {
      Badge(texts["item.refused"], .bad, .attention)
      if let to = work.handedOnTo {
        let said = to.isEmpty ? texts["attention.handed-on"] : texts["attention.handed-on-to", ["who": to]]
        Badge(said, .wait, .people)
      }
      Text("\(texts.of(work.kind)) · \(work.title)").font(.headline).foregroundStyle(palette.ink)
      Text(session.moments.at(work.recorded)).font(.footnote).foregroundStyle(palette.muted)
      if !work.words.isEmpty && work.words != work.title { Text(work.words).foregroundStyle(palette.ink) }
      Fact(texts["attention.why"], work.why)
      Fact(texts["attention.remedy"], work.remedy)
      Act(texts["attention.resend"], .running) { model.resend(work.id) }
      if work.isCase {
        Act(texts["attention.show"], quiet: true) { session.navigator.open(.opened(work.document)) }
      }
      remedies
      switch open {
      case .correct: Correcting(work: work, model: model)
      case .handOn: HandingOn(work: work, model: model)
      case .discard: Discarding(work: work, model: model)
      case nil: EmptyView()
      }
    }
  }

  @ViewBuilder private var remedies: some View {
    if work.correctable != .nothing || work.canBeHandedOn {
      Abreast {
        if work.correctable != .nothing { turn(.correct, "attention.correct") }
        if work.canBeHandedOn { turn(.handOn, "attention.hand-on") }
      }
    }
    Abreast {
      Act(texts["attention.export"], quiet: true) { model.export(work.id) }
      turn(.discard, "attention.discard", .bad)
    }
  }

  private func turn(_ to: Remedy, _ key: String, _ tone: Tone = .calm) -> some View {
    Act(texts[key], tone: tone, quiet: true, chosen: open == to) { open = open == to ? nil : to }
  }
}

private struct Correcting: View {
  let work: RefusedWork
  let model: NeedsAttention
  @State private var words: String
  @State private var point: String?
  @State private var seeking = ""
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  init(work: RefusedWork, model: NeedsAttention) {
    self.work = work
    self.model = model
    _words = State(initialValue: work.words)
  }

  var body: some View {
    Writing(texts["attention.words"], lines: 2, text: $words)
    if work.correctable == .wordsAndPoint {
      if let point {
        Pick(session.names.point(point), nil, chosen: true, .patrol) { self.point = nil }
      } else {
        Writing(texts["record.point-search"], .search, text: $seeking)
          .onChange(of: seeking) { model.searchPoints(seeking) }
        ForEach(model.points, id: \.code) { found in
          Pick(found.name, found.head.map(session.names.person), .patrol) { point = found.code }
        }
      }
    }
    Act(texts["attention.send"]) { model.correct(work.id, words: words, point: point) }
      .disabled(words == work.words && point == nil)
  }
}

private struct HandingOn: View {
  let work: RefusedWork
  let model: NeedsAttention
  @State private var text = ""
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Text(texts["attention.hand-on-hint"]).font(.subheadline).foregroundStyle(palette.muted)
    Writing(texts["attention.to-whom"], .search, text: $text)
    let found = text.isEmpty ? [] : model.people.filter { $0.name.contains(text) || $0.code.contains(text) }
    ForEach(found.prefix(4), id: \.code) { person in
      Pick(person.name, texts.of(person.role), .person) { model.handOn(work.id, to: person.code) }
    }
    Act(texts["attention.to-anybody"], .people, quiet: true) { model.handOn(work.id, to: nil) }
  }
}

private struct Discarding: View {
  let work: RefusedWork
  let model: NeedsAttention
  @State private var reason = ""
  @Environment(\.texts) private var texts

  var body: some View {
    Writing(texts["attention.reason"], text: $reason)
    Act(texts["action.confirm"], tone: .bad) { model.discard(work.id, reason: reason) }
      .disabled(reason.allSatisfy(\.isWhitespace))
  }
}
