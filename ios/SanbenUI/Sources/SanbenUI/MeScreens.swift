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
        refused > 0 ? texts["task.refused", ["n": refused]] : texts["attention.none"], to: .attention
      ) { navigator.open(.attention) }
      Lead(.today, .calm, texts["matter.title"], texts["matter.hint"], to: .matters()) {
        navigator.open(.matters())
      }
      if let community = names.me?.community ?? names.communities.first {
        Lead(.score, .calm, texts["me.score"], names.unit(community), to: .score(community)) {
          navigator.open(.score(community))
        }
      }
      Lead(.people, .calm, texts["me.users"], texts["users.hint"], to: .users) { navigator.open(.users) }
      Lead(.carry, .calm, texts["me.carry"], texts["carry.hint"], to: .carry) { navigator.open(.carry) }
      Lead(.settings, .calm, texts["me.settings"], to: .settings) { navigator.open(.settings) }
    }
  }
}

struct SettingsScreen: View {
  @State private var enrolment: Enrolment?
  @State private var encrypted = false
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
      Planning()
      Heading(texts["me.device"])
      if let enrolment {
        Sheet {
          // What follows is the server's key.
          Fact(texts["me.server"], String(enrolment.url.prefix { $0 != "#" }))
          Fact(texts["me.device"], String(enrolment.device.uuidString.lowercased().prefix(8)))
        }
      }
      if encrypted { ChangingPin() }
      Removing()
    }
    .task {
      enrolment = try? await session.device.enrolment()
      encrypted = (try? await session.device.isEncrypted()) ?? false
    }
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

/// Taking oneself off this device, and what stands in the way of it.
private struct Removing: View {
  @State private var asked = false
  @State private var remaining: Remaining?
  @Environment(Shell.self) private var shell
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    Act(texts["remove.do"], tone: .bad, quiet: true, chosen: asked) {
      asked.toggle()
      remaining = nil
    }
    if asked {
      if let remaining {
        Note(texts.of(remaining), .wait, .trouble, action: texts["me.carry"]) {
          session.navigator.open(.carry)
        }
      } else {
        Note(texts["remove.hint"], .bad, .attention)
      }
      Act(texts["remove.confirm"], tone: .bad) { shell.remove { remaining = $0 } }
    }
  }
}
