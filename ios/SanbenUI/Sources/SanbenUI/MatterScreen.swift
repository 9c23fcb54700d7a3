//! One matter of any feature: how it stands, what is open, what happened; what to do now stays under the thumb.

import Sanben
import SanbenField
import SwiftUI

struct MatterScreen: View {
  @State private var model: MatterView
  @State private var all = false
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ id: Uuid) {
    self.session = session
    _model = State(initialValue: MatterView(session, id))
  }

  var body: some View {
    VStack(spacing: 0) {
      Page(title: model.matter?.featureLabel ?? "", back: { session.navigator.back() }) {
        if let matter = model.matter { RemindTap(document: matter.id) }
      } content: {
        if model.gone {
          Nothing(.close, texts["case.gone"])
        } else if let matter = model.matter {
          if all { others } else { story(matter) }
        }
      }
      if let matter = model.matter, !(matter.next.isEmpty && model.parts.isEmpty) { acts(matter) }
    }
    .task { await model.run() }
  }

  @ViewBuilder private func story(_ matter: MatterDetail) -> some View {
    standing(matter)
    ForEach(matter.remarks, id: \.self) { Note($0, .wait, .trouble) }
    if !model.todo.isEmpty { Heading(texts["matter.open"]) }
    ForEach(model.todo, id: \.self) { todo in
      Sheet {
        Text(todo.what).font(.headline).foregroundStyle(palette.ink)
        if let who = todo.who {
          Text(texts["matter.with", ["who": who]]).font(.subheadline).foregroundStyle(palette.muted)
        }
        if let due = todo.due { TermBadge(due: due, late: todo.late) }
      }
    }
    if !model.figures.isEmpty {
      Heading(texts["matter.figures"])
      Sheet { ForEach(model.figures, id: \.self) { figure($0) } }
    }
    if !model.belonging.isEmpty { Heading(texts["matter.belonging"]) }
    ForEach(model.belonging) { row in
      MatterSheet(row: row) { session.navigator.open(.matter(row.id)) }
    }
    Heading(texts["case.thread"])
    if !matter.disputes.isEmpty { Note(texts["case.disputed"], .bad, .dispute) }
    ForEach(model.thread) { Told(event: $0, matter: matter.id) }
  }

  @ViewBuilder private func standing(_ matter: MatterDetail) -> some View {
    let day = model.day.map(session.moments.day)
    Text(matter.title.isEmpty ? matter.featureLabel : matter.title)
      .font(.title2.bold()).foregroundStyle(palette.ink)
    Text([model.point, model.person, model.home, day].compactMap { $0 }.joined(separator: " · "))
      .foregroundStyle(palette.muted)
    Wrapping {
      if !matter.disputes.isEmpty { Badge(texts["status.disputed"], .bad, .dispute) }
      StepBadge(step: matter.stepLabel, open: !matter.closed)
      if model.todo.isEmpty, !matter.closed, let due = matter.due { TermBadge(due: due, late: matter.late) }
      if let text = texts.of(model.item) { Badge(text, model.item.tone, model.item.glyph) }
    }
  }

  private func figure(_ figure: Labelled) -> some View {
    let short = figure.words.hasPrefix("-")
    return HStack(spacing: 12) {
      Text(figure.label).foregroundStyle(palette.muted)
      Spacer(minLength: 0)
      Text(figure.words.replacingOccurrences(of: "-", with: "−"))
        .font(.headline).foregroundStyle(short ? palette.vermilion : palette.ink)
    }
    .accessibilityElement(children: .combine)
  }

  /// What is seldom done, and what can be opened as a part of this.
  @ViewBuilder private var others: some View {
    ForEach(model.others, id: \.name) { act in
      let route = Route.form(.act(on: model.id, act.name))
      Lead(.draft, .calm, act.label, to: route) { session.navigator.open(route) }
    }
    if !model.parts.isEmpty { Heading(texts["matter.part"]) }
    ForEach(model.parts, id: \.name) { part in
      let route = Route.form(.opening(feature: part.name, about: model.id))
      Lead(.plus, .calm, part.label, to: route) { session.navigator.open(route) }
    }
  }

  private func acts(_ matter: MatterDetail) -> some View {
    let first = model.first
    return Foot {
      // The thumb is on the right: what is done most often is there.
      if !first.isEmpty {
        Abreast {
          ForEach(first.reversed(), id: \.name) { act in
            Act(act.label, quiet: act != first.first) {
              session.navigator.open(.form(.act(on: matter.id, act.name)))
            }
          }
        }
      }
      if !model.others.isEmpty || !model.parts.isEmpty {
        Act(texts["matter.other-acts"], tone: .plain, quiet: true, chosen: all) { all.toggle() }
      }
    }
  }
}

/// One event of the thread.
private struct Told: View {
  let event: MatterEvent
  let matter: Uuid
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Sheet {
      HStack(alignment: .top, spacing: 12) {
        Draw(glyph, ink, size: 22)
        VStack(alignment: .leading, spacing: 6) {
          Text("\(event.who) · \(event.what)").font(.headline).foregroundStyle(palette.ink)
          Text(session.moments.at(event.at) + (event.doubtful ? "（\(texts["time.doubtful"])）" : ""))
            .font(.footnote).foregroundStyle(palette.muted)
          ForEach(event.facts, id: \.self) { Fact($0.label, $0.words) }
          if !event.photos.isEmpty { photos }
          if event.idle && !event.disputed {
            Text(texts["matter.idle"]).font(.subheadline).foregroundStyle(palette.amber)
          }
        }
      }
    }
  }

  private var photos: some View {
    Wrapping {
      ForEach(event.photos, id: \.self) {
        Photo($0, texts["spoken.photo", ["what": event.what]], shownIn: matter)
          .frame(width: 96, height: 72)
      }
    }
  }

  private var glyph: Glyph {
    if event.disputed { .dispute } else if event.idle { .close } else { .done }
  }

  private var ink: Color {
    if event.disputed { palette.vermilion } else if event.idle { palette.muted } else { palette.teal }
  }
}
