//! Before and between the work: address and code from the desk, who works here, a store that cannot be opened.

import Sanben
import SanbenField
import SwiftUI

struct EnrolScreen: View {
  let busy: Bool
  let failure: FieldFailure?
  @State private var address = ""
  @State private var code = ""
  @State private var pin = ""
  @State private var choosing = false
  @Environment(Shell.self) private var shell
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    if choosing {
      UsersScreen(current: nil) { choosing = false }
    } else {
      ScrollView {
        VStack(alignment: .leading, spacing: 14) {
          Text(texts["app.name"]).font(.largeTitle.bold()).foregroundStyle(palette.teal)
          Text(texts["enrol.title"]).font(.title2.bold()).foregroundStyle(palette.ink)
            .accessibilityAddTraits(.isHeader)
          Text(texts["enrol.hint"]).foregroundStyle(palette.muted)
          Writing(texts["enrol.url"], text: $address).keyboardType(.URL)
          Writing(texts["enrol.code"], text: $code)
          if shell.encrypting { Writing(texts["enrol.pin"], secret: true, text: $pin) }
          if let failure { Note(texts.of(failure), .bad, .attention) }
          Act(texts[busy ? "enrol.busy" : "enrol.do"]) { shell.enrol(address, code: code, pin: pin) }
            .disabled(address.isEmpty || code.isEmpty || (shell.encrypting && pin.isEmpty) || busy)
          if !shell.users.all.isEmpty { Act(texts["me.users"], .people, quiet: true) { choosing = true } }
        }
        .autocorrectionDisabled()
        .textInputAutocapitalization(.never)
        .modifier(Door())
      }
    }
  }
}

/// The server does not know this device any more: another code from the desk, and nothing is lost.
struct EnrolAgainScreen: View {
  @State private var model: EnrolAgain
  @State private var code = ""
  @State private var address = ""
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session) {
    self.session = session
    _model = State(initialValue: EnrolAgain(session))
  }

  var body: some View {
    Page(texts["enrol-again.title"], back: { session.navigator.back() }) {
      Text(texts["enrol-again.hint"]).foregroundStyle(palette.muted)
      Writing(texts["enrol.code"], text: $code)
      Writing(texts["enrol-again.url"], text: $address).keyboardType(.URL)
      if let failure = model.failure { Note(texts.of(failure), .bad, .attention) }
      Act(texts[model.busy ? "enrol.busy" : "enrol-again.title"]) { model.enrol(code, at: address) }
        .disabled(code.isEmpty || model.busy)
    }
    .autocorrectionDisabled()
    .textInputAutocapitalization(.never)
  }
}

/// Who can work on this device; a tap changes over, and never loses anything.
struct UsersScreen: View {
  let current: User?
  let back: () -> Void
  @Environment(Shell.self) private var shell
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    VStack(spacing: 0) {
      Page(texts["users.title"], back: back) {
        Text(texts["users.hint"]).foregroundStyle(palette.muted)
        ForEach(shell.users.all) { user in
          let here = user.id == current?.id
          Lead(
            here ? .done : .person, here ? .good : .calm,
            user.name.isEmpty ? texts["users.unnamed", ["code": user.person]] : user.name,
            here ? texts["users.current"] : nil
          ) { shell.switch(user) }
        }
      }
      Foot {
        Act(texts["users.add"], .plus, quiet: true) {
          shell.welcome()
          back()
        }
      }
    }
  }
}

/// The store cannot be opened: said, with what to do, and nothing is touched.
struct BrokenScreen: View {
  let user: User
  let failure: FieldFailure
  @State private var choosing = false
  @Environment(\.texts) private var texts

  var body: some View {
    if choosing {
      UsersScreen(current: user) { choosing = false }
    } else {
      VStack(spacing: 14) {
        Nothing(.trouble, texts["broken.title"], texts["broken.hint"])
        Note(texts.of(failure), .bad, .attention)
        Act(texts["me.users"], .people, quiet: true) { choosing = true }
      }
      .modifier(Door())
    }
  }
}

/// What stands before the records: one column, however wide the screen is.
struct Door: ViewModifier {
  func body(content: Content) -> some View {
    content.frame(maxWidth: 480).frame(maxWidth: .infinity).padding(20)
  }
}
