//! Work on its way without a network: the own work out, others' work along.

import Sanben
import SanbenField
import SwiftUI

struct CarryScreen: View {
  @State private var model: Carry
  private let session: Session
  @Environment(\.texts) private var texts

  init(_ session: Session) {
    self.session = session
    _model = State(initialValue: Carry(session))
  }

  var body: some View {
    Page(texts["carry.title"], back: { session.navigator.back() }) {
      Heading(texts["carry.own"])
      Own(model: model)
      Heading(texts["carry.others"])
      Others(model: model)
    }
    .onDisappear { model.closeDoor() }
  }
}

private struct Own: View {
  let model: Carry
  @State private var address = ""
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    if model.waiting == 0 {
      Note(texts["carry.nothing"], .good, .done)
    } else {
      Sheet {
        Badge(texts["sync.pending", ["n": model.waiting]], .wait, .waiting)
        Text(texts["carry.kept"]).font(.subheadline).foregroundStyle(palette.muted)
        Act(texts["carry.export"], .carry) { model.export() }.disabled(model.busy)
        if let given = model.given { Note(texts["carry.exported", ["n": given.changes]], .good, .done) }
        Writing(texts["carry.address"], text: $address)
          .autocorrectionDisabled()
          .textInputAutocapitalization(.never)
        Act(texts["carry.hand-over"], .people, quiet: true) { model.handOver(address) }
          .disabled(address.allSatisfy(\.isWhitespace) || model.busy)
        if let handed = model.handed { Note(texts["carry.handed", ["n": handed.changes]], .good, .done) }
      }
    }
  }
}

private struct Others: View {
  let model: Carry
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Sheet {
      Text(texts["carry.others-hint"]).font(.subheadline).foregroundStyle(palette.muted)
      Act(texts["carry.receive"], .plus, quiet: true) { model.receive() }.disabled(model.busy)
      if let brought = model.brought { Note(texts.of(brought), .good, .done) }
      if let door = model.door {
        opened(door)
      } else {
        Act(texts["carry.open-door"], .people, quiet: true) { model.openDoor() }
      }
    }
  }

  @ViewBuilder private func opened(_ door: OpenDoor) -> some View {
    Text(texts["carry.show"]).font(.subheadline).foregroundStyle(palette.muted)
    Text(door.address ?? texts["today.loading"])
      .font(.title3.bold().monospaced())
      .foregroundStyle(palette.ink)
      .textSelection(.enabled)
    Badge(texts["carry.came", ["n": door.taken]], door.taken > 0 ? .good : .plain, .done)
    if door.refused > 0 { Badge(texts["carry.turned-away", ["n": door.refused]], .wait, .trouble) }
    Act(texts["carry.close-door"], .close, quiet: true) { model.closeDoor() }
  }
}
