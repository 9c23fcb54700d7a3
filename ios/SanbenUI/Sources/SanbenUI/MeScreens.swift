//! Who works here, what needs them, and everything seldom needed.

import Sanben
import SanbenField
import SwiftUI

struct MeScreen: View {
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    let (names, navigator) = (session.names, session.navigator)
    let refused = session.syncer.state.attention
    Page(texts["me.title"]) {
      if let me = names.me {
        Sheet {
          Text(me.name).font(.title2.bold()).foregroundStyle(palette.ink)
          Fact(texts["me.unit"], names.unit(me.unit))
          if let team = me.team { Fact(texts["me.team"], team) }
          Badge(texts.of(me.role), .calm, .person)
        }
      }
      SyncStrip()
      Lead(
        .attention, refused > 0 ? .bad : .plain, texts["me.attention"],
        refused > 0 ? texts["task.refused", ["n": refused]] : texts["attention.none"]
      ) { navigator.open(.attention) }
      if let community = names.me?.community ?? names.communities.first {
        Lead(.score, .calm, texts["me.score"], names.unit(community)) { navigator.open(.score(community)) }
      }
      Lead(.people, .calm, texts["me.users"], texts["users.hint"]) { navigator.open(.users) }
      Lead(.settings, .calm, texts["me.settings"]) { navigator.open(.settings) }
    }
  }
}

/// What was refused, why, and what can be done about it.
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

private struct RefusedSheet: View {
  let work: RefusedWork
  let model: NeedsAttention
  @State private var giving = false
  @State private var reason = ""
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Sheet {
      Badge(texts["item.refused"], .bad, .attention)
      Text("\(texts.of(work.kind)) · \(work.title)").font(.headline).foregroundStyle(palette.ink)
      Text(session.moments.at(work.recorded)).font(.footnote).foregroundStyle(palette.muted)
      if !work.words.isEmpty && work.words != work.title { Text(work.words).foregroundStyle(palette.ink) }
      Fact(texts["attention.why"], work.why)
      Fact(texts["attention.remedy"], work.remedy)
      Act(texts["attention.resend"], .running) { model.resend(work.id) }
      if work.isCase {
        Act(texts["attention.show"], quiet: true) { session.navigator.open(.opened(work.document)) }
      }
      Act(texts["attention.discard"], tone: .bad, quiet: true, chosen: giving) { giving.toggle() }
      if giving {
        Writing(texts["attention.reason"], text: $reason)
        Act(texts["action.confirm"], tone: .bad) { model.discard(work.id, reason: reason) }
          .disabled(reason.allSatisfy(\.isWhitespace))
      }
    }
  }
}

struct SettingsScreen: View {
  @State private var enrolment: Enrolment?
  @Environment(Shell.self) private var shell
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    let settled = shell.settings.settled
    Page(texts["settings.title"], back: { session.navigator.back() }) {
      Heading(texts["settings.language"])
      Choice(all: Language.allCases, chosen: settled.language, name: name) { shell.speak($0) }
      Heading(texts["settings.look"])
      Choice(all: [Look.system, .light], chosen: settled.look, name: name) { look in
        shell.settings.change { $0.look = look }
      }
      Choice(all: [Look.dark, .highContrast], chosen: settled.look, name: name) { look in
        shell.settings.change { $0.look = look }
      }
      Heading(texts["me.device"])
      if let enrolment {
        Sheet {
          // What follows is the server's key.
          Fact(texts["me.server"], String(enrolment.url.prefix { $0 != "#" }))
          Fact(texts["me.device"], String(enrolment.device.uuidString.lowercased().prefix(8)))
        }
      }
    }
    .task { enrolment = try? await session.device.enrolment() }
  }

  private func name(_ language: Language) -> String {
    switch language {
    case .chinese: texts["settings.language-zh"]
    case .english: texts["settings.language-en"]
    }
  }

  private func name(_ look: Look) -> String {
    switch look {
    case .system: texts["settings.look-system"]
    case .light: texts["settings.look-light"]
    case .dark: texts["settings.look-dark"]
    case .highContrast: texts["settings.look-high-contrast"]
    }
  }
}
