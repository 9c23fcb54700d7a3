//! When to be reminded: of one case or matter, and what the device does by itself.

import Sanben
import SanbenField
import SwiftUI

struct RemindScreen: View {
  @State private var shown: (title: String, route: Route)?
  private let session: Session
  private let document: Uuid
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ document: Uuid) {
    self.session = session
    self.document = document
  }

  var body: some View {
    let reminders = session.reminders
    let own = reminders.own(document)
    let byItself = reminders.coming.filter { !$0.own && $0.document == document }
    VStack(spacing: 0) {
      Page(texts["reminder.title"], back: { session.navigator.back() }) {
        let title = shown?.title ?? ""
        Lead(.ledger, .calm, title.isEmpty ? texts["task.finish-untitled"] : title) {
          if let shown { session.navigator.open(shown.route) }
        }
        if let own { chosen(own) }
        ForEach(reminders.offered(), id: \.text) { offer in
          Pick(offer.text, session.moments.at(offer.at), chosen: offer.at == own?.at, .waiting) {
            reminders.remind(document, at: offer.at)
          }
        }
        if !byItself.isEmpty {
          Heading(texts["reminder.by-itself"])
          Sheet {
            ForEach(byItself) { Fact(session.moments.at($0.at), $0.why(texts, session.moments)) }
          }
        }
        if !reminders.shown { Note(texts["reminder.hidden"], .wait, .trouble) }
      }
      if own != nil {
        Foot {
          Act(texts["reminder.none"], .close, quiet: true) { reminders.remind(document, at: nil) }
        }
      }
    }
    .task { shown = try? await session.shown(document) }
  }

  /// The reminder that was set, to be moved by the thumb.
  private func chosen(_ line: ReminderLine) -> some View {
    let halfAnHour: TimeInterval = 30 * 60
    let now = session.moments.now()
    return Stepping(
      what: texts[line.at > now ? "reminder.set" : "reminder.come"], value: session.moments.at(line.at),
      less: texts["reminder.earlier"],
      more: texts["reminder.later"]
    ) { step in
      // What has come is put off from now on.
      let at = (step > 0 ? max(line.at, now) : line.at).addingTimeInterval(Double(step) * halfAnHour)
      if at > now { session.reminders.remind(document, at: at) }
    }
  }
}

/// A reminder whose hour has come: it stays until the person has done with it, or puts it off.
struct Come: View {
  let line: ReminderLine
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    let open = { session.reminders.open(line) }
    Lead(
      glyph: .bell, tone: .wait, title: line.title.isEmpty ? texts["task.finish-untitled"] : line.title,
      hint: line.hasCome(texts, session.moments), open: open
    ) { Dealing(line: line) }
  }
}

/// The same below the task that it is of.
struct HasCome: View {
  let line: ReminderLine
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    Badge(line.hasCome(texts, session.moments), .wait, .bell)
    Dealing(line: line)
  }
}

private struct Dealing: View {
  let line: ReminderLine
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    Abreast {
      Act(texts["reminder.another"], .waiting, quiet: true) {
        session.navigator.open(.remind(line.document))
      }
      Act(texts["reminder.done"], .done, quiet: true) { session.reminders.remind(line.document, at: nil) }
    }
  }
}

/// A value between less and more.
private struct Stepping: View {
  let what: String
  let value: String
  let less: String
  let more: String
  let step: (Int) -> Void
  @Environment(\.palette) private var palette

  var body: some View {
    Sheet {
      HStack {
        Tap(.minus, less) { step(-1) }
        VStack(spacing: 2) {
          Text(what).font(.footnote).foregroundStyle(palette.muted)
          Text(value).font(.headline).foregroundStyle(palette.ink)
        }
        .frame(maxWidth: .infinity)
        .accessibilityElement(children: .combine)
        Tap(.plus, more) { step(1) }
      }
    }
  }
}

/// When this device reminds by itself, and when it keeps quiet.
struct Planning: View {
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    let reminders = session.reminders
    let (earlier, later) = (texts["reminder.hour-earlier"], texts["reminder.hour-later"])
    Heading(texts["reminder.plan"])
    Abreast {
      span(1440, texts["reminder.before-day"])
      span(120, texts["reminder.before-hours"])
      span(30, texts["reminder.before-half"])
    }
    Heading(texts["reminder.quiet"])
    Stepping(
      what: texts["reminder.quiet-begins"], value: reminders.plan.quietFrom, less: earlier, more: later
    ) { step in reminders.change { $0.quiet(beginsLater: step) } }
    Stepping(
      what: texts["reminder.quiet-ends"], value: reminders.plan.quietUntil, less: earlier, more: later
    ) { step in reminders.change { $0.quiet(endsLater: step) } }
    Text(texts["reminder.quiet-hint"]).font(.subheadline).foregroundStyle(palette.muted)
    if !reminders.shown { Note(texts["reminder.hidden"], .wait, .trouble) }
  }

  private func span(_ minutes: UInt32, _ name: String) -> some View {
    let chosen = session.reminders.plan.before.contains(minutes)
    return Act(name, tone: chosen ? .calm : .plain, quiet: true, chosen: chosen) {
      session.reminders.toggle(minutes)
    }
  }
}

/// The way to being reminded of what is shown.
struct RemindTap: View {
  let document: Uuid
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    Tap(.bell, texts["reminder.title"]) { session.navigator.open(.remind(document)) }
  }
}

extension ReminderLine {
  fileprivate func hasCome(_ texts: Texts, _ moments: Moments) -> String {
    texts["reminder.come"] + texts["list.and"] + moments.at(at)
  }

  func why(_ texts: Texts, _ moments: Moments) -> String {
    due.map { texts["reminder.due", ["time": moments.at($0)]] } ?? texts["reminder.own"]
  }
}
