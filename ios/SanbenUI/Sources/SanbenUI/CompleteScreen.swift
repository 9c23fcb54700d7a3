//! A case completed or corrected: what was left out in the rain. And whom a case is about.

import Sanben
import SanbenField
import SwiftUI

struct CompleteScreen: View {
  @State private var model: Completing
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ id: Uuid) {
    self.session = session
    _model = State(initialValue: Completing(session, id))
  }

  var body: some View {
    @Bindable var model = model
    VStack(spacing: 0) {
      Page(texts["complete.title"], back: { session.navigator.back() }) {
        Text(texts["complete.hint"]).foregroundStyle(palette.muted)
        Act(texts["complete.photo"], .camera, quiet: true) { model.photo() }
        if !model.photos.isEmpty { Badge(texts["case.attached", ["n": model.photos.count]], .good, .photo) }
        if let without = model.without { Note(texts.of(without), .wait, .trouble) }
        Heading(texts["record.point"])
        ChoosingPoint(
          chosen: model.point, suggestions: model.suggestions, search: model.searchPoints,
          choose: model.choosePoint)
        Heading(texts["record.standard"])
        ChoosingStandard(
          chosen: model.standard, standards: model.standards, search: model.searchStandards,
          choose: model.chooseStandard)
        Heading(texts["record.words"])
        Writing(texts["record.words-hint"], lines: 2, text: $model.words)
      }
      Foot { Act(texts["complete.save"], .done) { model.save() }.disabled(!model.changed) }
    }
    .task { model.begin() }
  }
}

/// Whom a case is about: for those who keep contacts, and nobody else.
struct ContactsScreen: View {
  @State private var model: Residents
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ id: Uuid) {
    self.session = session
    _model = State(initialValue: Residents(session, id))
  }

  var body: some View {
    @Bindable var model = model
    Page(texts["residents.title"], back: { session.navigator.back() }) {
      Text(texts["residents.hint"]).foregroundStyle(palette.muted)
      ForEach(model.contacts, id: \.id) { contact in held(contact) }
      if model.mayAdd {
        Heading(texts["residents.add"])
        Writing(texts["residents.name"], text: $model.name)
        Writing(texts["residents.telephone"], text: $model.telephone).keyboardType(.phonePad)
        Writing(texts["residents.note"], text: $model.note)
        Act(texts["residents.add"], .plus) { model.add() }.disabled(!model.canAdd)
      }
    }
    // Nothing of it in a picture of the screen that the system keeps.
    .privacySensitive()
    .task { await model.run() }
  }

  private func held(_ contact: Contact) -> some View {
    Sheet {
      if !contact.name.isEmpty { Text(contact.name).font(.headline).foregroundStyle(palette.ink) }
      if !contact.telephone.isEmpty { Fact(texts["residents.telephone"], contact.telephone) }
      if !contact.note.isEmpty { Fact(texts["residents.note"], contact.note) }
      Fact(texts["residents.by"], session.names.person(contact.by))
      let item = ItemState(contact.delivery, inReview: false)
      if let said = texts.of(item) { Badge(said, item.tone, item.glyph) }
    }
  }
}
