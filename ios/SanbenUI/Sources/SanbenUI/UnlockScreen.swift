//! Somebody's records, locked: the PIN, and the way back for who forgot it.

import Sanben
import SanbenField
import SwiftUI

struct UnlockScreen: View {
  let user: User
  let unlocking: Unlocking
  @State private var choosing = false
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    if choosing {
      UsersScreen(current: user) { choosing = false }
    } else {
      ScrollView {
        VStack(alignment: .leading, spacing: 14) {
          Text(texts["app.name"]).font(.largeTitle.bold()).foregroundStyle(palette.teal)
          Text(user.name.isEmpty ? texts["users.unnamed", ["code": user.person]] : user.name)
            .font(.title2.bold())
            .foregroundStyle(palette.ink)
            .accessibilityAddTraits(.isHeader)
          if unlocking.choosing {
            ChoosingPin(unlocking: unlocking)
          } else if let shown = unlocking.shown {
            WithCode(shown: shown, unlocking: unlocking)
          } else {
            WithPin(unlocking: unlocking)
          }
          Act(texts["me.users"], .people, quiet: true) { choosing = true }
        }
        .autocorrectionDisabled()
        .textInputAutocapitalization(.never)
        .modifier(Door())
      }
      .task { await unlocking.run() }
    }
  }
}

/// Records that lie open still: a PIN for them, now or later.
private struct ChoosingPin: View {
  let unlocking: Unlocking
  @State private var pin = ""
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Text(texts["secure.hint"]).foregroundStyle(palette.muted)
    Writing(texts["enrol.pin"], secret: true, text: $pin)
    if let failure = unlocking.failure { Note(texts.of(failure), .bad, .attention) }
    Act(texts[unlocking.busy ? "secure.busy" : "secure.do"]) { unlocking.unlock(pin) }
      .disabled(pin.isEmpty || unlocking.busy)
    if !unlocking.busy { Act(texts["secure.later"], quiet: true) { unlocking.later() } }
  }
}

private struct WithPin: View {
  let unlocking: Unlocking
  @State private var pin = ""
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Text(texts["unlock.hint"]).foregroundStyle(palette.muted)
    Writing(texts["unlock.pin"], secret: true, text: $pin)
    if let failure = unlocking.failure, !said(failure) { Note(texts.of(failure), .bad, .attention) }
    if unlocking.waitSeconds > 0 {
      Note(texts["unlock.wait", ["n": unlocking.waitSeconds]], .wait, .waiting)
    }
    Act(texts[unlocking.busy ? "unlock.busy" : "unlock.do"]) {
      unlocking.unlock(pin)
      pin = ""
    }
    .disabled(pin.isEmpty || unlocking.busy || unlocking.waitSeconds > 0)
    Act(texts["unlock.forgot"], quiet: true) { unlocking.forgot() }
  }

  /// To try again is no advice while there is a wait.
  private func said(_ failure: FieldFailure) -> Bool {
    switch failure {
    case .WrongPin, .PinWait: unlocking.waitSeconds > 0
    default: false
    }
  }
}

private struct WithCode: View {
  let shown: String
  let unlocking: Unlocking
  @State private var code = ""
  @State private var pin = ""
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Text(texts["recover.hint"]).foregroundStyle(palette.muted)
    Sheet {
      Text(texts["recover.shown"]).font(.subheadline).foregroundStyle(palette.muted)
      ReadOut(shown: shown)
    }
    Writing(texts["recover.code"], text: $code)
    Writing(texts["pin.new"], secret: true, text: $pin)
    if let failure = unlocking.failure { Note(texts.of(failure), .bad, .attention) }
    Act(texts[unlocking.busy ? "unlock.busy" : "recover.do"]) { unlocking.recover(code, pin: pin) }
      .disabled(code.isEmpty || pin.isEmpty || unlocking.busy)
    Act(texts["recover.remembered"], quiet: true) { unlocking.remembered() }
  }
}

/// What is read out over the telephone: large, two groups to a line, and spoken letter by letter.
private struct ReadOut: View {
  let shown: String
  @Environment(\.palette) private var palette

  var body: some View {
    let groups = shown.split(separator: "-").map(String.init)
    VStack(alignment: .leading, spacing: 4) {
      ForEach(Array(stride(from: 0, to: groups.count, by: 2)), id: \.self) { at in
        Text(groups[at..<min(at + 2, groups.count)].joined(separator: "  "))
          .font(.title.bold().monospaced())
          .foregroundStyle(palette.ink)
      }
    }
    .accessibilityElement(children: .ignore)
    .accessibilityLabel(Text(shown).speechSpellsOutCharacters())
  }
}

/// Another PIN for one's own records.
struct ChangingPin: View {
  @State private var old = ""
  @State private var new = ""
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    Heading(texts["pin.change"])
    Writing(texts["pin.old"], secret: true, text: $old)
    Writing(texts["pin.new"], secret: true, text: $new)
    Act(texts["pin.change"], quiet: true) {
      session.changePin(old, to: new)
      (old, new) = ("", "")
    }
    .disabled(old.isEmpty || new.isEmpty)
  }
}
