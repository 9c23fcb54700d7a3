//! The first screen: how delivery stands, what to do, what was recorded lately.

import Sanben
import SanbenField
import SwiftUI

struct TodayScreen: View {
  @State private var model: Today
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts
  @Environment(\.scenePhase) private var phase

  init(_ session: Session) {
    self.session = session
    _model = State(initialValue: Today(session))
  }

  var body: some View {
    Page(title: texts["today.title"]) {
      Text(session.moments.date(session.moments.now()))
        .font(.subheadline).foregroundStyle(palette.muted).padding(.trailing, 16)
    } content: {
      SyncStrip()
      if model.nothingYet { Note(texts["today.nothing-yet"], .wait, .trouble) }
      let agenda = model.agenda(session.reminders.come)
      if agenda.isEmpty && !model.loading && !model.nothingYet {
        Nothing(.done, texts["today.empty"], texts["today.empty-hint"])
      }
      ForEach(agenda, id: \.self) { item in
        if let task = item.task {
          TaskRow(task: task, come: item.come) { session.navigator.open(task.route) }
        } else if let come = item.come {
          Come(line: come)
        }
      }
      let soon = session.reminders.soon(session.moments.now())
      if !soon.isEmpty { Heading(texts["reminder.coming"]) }
      ForEach(soon) { line in
        Lead(
          .bell, .calm, line.title.isEmpty ? texts["task.finish-untitled"] : line.title,
          session.moments.at(line.at) + " · " + line.why(texts, session.moments), to: .remind(line.document)
        ) { session.navigator.open(.remind(line.document)) }
      }
      if !model.recent.isEmpty { Heading(texts["today.recent"]) }
      ForEach(model.recent) { line in
        CaseRow(line: line) { session.navigator.open(.opened(line.id)) }
      }
    }
    .task { await model.run() }
    .onChange(of: phase) { if phase == .active { model.refresh() } }
  }
}

/// The way to the server in one line, true at every moment; a tap tries now, or leads to where it is put right.
struct SyncStrip: View {
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    let line = session.syncer.state.line(texts, session.moments)
    Button {
      if let way = line.way { session.navigator.open(way) } else { session.syncer.trigger(.asked) }
    } label: {
      HStack(spacing: 12) {
        Draw(line.mark.glyph, line.mark.tone.ink(palette))
        VStack(alignment: .leading) {
          Text(line.text).foregroundStyle(palette.ink)
          if let next = line.next { Text(next).font(.footnote).foregroundStyle(palette.muted) }
        }
        Spacer(minLength: 0)
        if line.way != nil { Draw(.forward, palette.muted, size: 14) }
      }
      .padding(.horizontal, 14)
      .padding(.vertical, 10)
      .frame(minHeight: touch)
      .background(line.mark.tone.wash(palette), in: corner)
      .overlay {
        if palette.strong { corner.strokeBorder(line.mark.tone.ink(palette), lineWidth: palette.border) }
      }
    }
    .buttonStyle(.plain)
    .accessibilityHint(texts[line.way == nil ? "sync.now" : "enrol-again.title"])
  }
}

private struct TaskRow: View {
  let task: TodayTask
  /// The reminder of it that has come.
  var come: ReminderLine?
  let open: () -> Void
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    switch task {
    case .refused(let pieces):
      Lead(
        .attention, .bad, texts["task.refused", ["n": pieces]], texts["task.refused-hint"], to: task.route,
        open: open)
    case .handle(let line), .decide(let line):
      CaseRow(line: line, come: come, open: open)
    case .attend(let row):
      MatterSheet(row: row, come: come, open: open)
    case .lookBack(let point, let cases):
      Lead(
        glyph: .lookBack, tone: .calm, title: texts["task.look-back", ["point": session.names.point(point)]],
        hint: texts["task.look-back-cases", ["n": cases.count]], to: task.route, open: open
      ) { if let come { HasCome(line: come) } }
    case .walk(let coverage):
      Lead(
        glyph: .patrol, tone: .calm, title: texts["task.walk"],
        hint: texts["task.walk-progress", ["visited": coverage.visited, "n": coverage.points]],
        to: task.route, open: open
      ) { Walked(coverage: coverage) }
    case .finish(_, let title):
      let untitled = title.allSatisfy(\.isWhitespace)
      Lead(
        .draft, .wait, texts["task.finish"], untitled ? texts["task.finish-untitled"] : title, to: task.route,
        open: open)
    case .fill(_, let title, let about):
      Lead(
        .draft, .wait, texts["task.fill", ["what": title]],
        about.isEmpty ? texts["task.finish-untitled"] : about, to: task.route, open: open)
    }
  }
}
