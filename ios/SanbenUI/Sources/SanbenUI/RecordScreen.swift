//! Photo, point, standard, words; the button to report stays under the thumb.

import Sanben
import SanbenField
import SwiftUI

struct RecordScreen: View {
  @State private var model: Recording
  private let session: Session
  private let draft: Uuid?
  private let point: String?
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, draft: Uuid?, point: String?) {
    self.session = session
    self.draft = draft
    self.point = point
    _model = State(initialValue: Recording(session))
  }

  var body: some View {
    Group {
      if let reported = model.reported {
        Recorded(reported: reported)
      } else {
        form
      }
    }
    .task { model.begin(draft: draft, point: point) }
  }

  private var form: some View {
    VStack(spacing: 0) {
      Page(title: texts["record.title"], back: { session.navigator.back() }) {
        if model.draft != nil { Tap(.close, texts["record.discard"]) { model.discard() } }
      } content: {
        photos
        ForEach(Without.allCases.filter(model.without.contains), id: \.self) {
          Note(texts.of($0), .wait, .trouble)
        }
        HStack {
          Heading(texts["record.point"])
          WordedTap(
            model.locating ? .running : .here, texts[model.locating ? "record.locating" : "record.locate"],
            action: model.locate)
        }
        ChoosingPoint(
          chosen: model.point, suggestions: model.suggestions, search: model.searchPoints,
          choose: model.choosePoint)
        Heading(texts["record.standard"])
        ChoosingStandard(
          chosen: model.standard, standards: model.standards, search: model.searchStandards,
          choose: model.chooseStandard)
        Heading(texts["record.words"])
        Writing(texts["record.words-hint"], lines: 2, text: Binding(get: { model.words }, set: model.write))
      }
      foot
    }
  }

  @ViewBuilder private var photos: some View {
    if model.photos.isEmpty {
      Button(action: model.photo) {
        VStack(spacing: 8) {
          Draw(.camera, palette.teal, size: 48)
          Text(texts["record.photo"]).font(.title3.bold()).foregroundStyle(palette.teal)
          Text(texts["record.photo-first"]).font(.subheadline).foregroundStyle(palette.muted)
        }
        .padding(16)
        .frame(maxWidth: .infinity, minHeight: 160)
        .modifier(Tile(wash: palette.tealWash, edge: palette.teal))
      }
      .buttonStyle(.plain)
    } else {
      ScrollView(.horizontal) {
        HStack(spacing: 10) {
          ForEach(model.photos, id: \.self) {
            Photo($0, texts["spoken.photo", ["what": texts["case.before"]]]).frame(width: 168, height: 126)
          }
          Button(action: model.photo) {
            VStack(spacing: 6) {
              Draw(.camera, palette.teal, size: 32)
              Text(texts["record.photo-more"]).font(.subheadline.bold()).foregroundStyle(palette.teal)
            }
            .frame(minWidth: 126, minHeight: 126)
            .modifier(Tile(wash: palette.tealWash, edge: palette.teal))
          }
          .buttonStyle(.plain)
        }
      }
    }
  }

  private var foot: some View {
    Foot {
      Keeping(begun: model.draft != nil, unsaved: model.unsaved) { model.saveAgain() }
      Act(texts["record.report"], .done) { model.report() }.disabled(!model.canReport)
    }
  }
}

/// That everything is on the phone already; or what is not, and what to do about it.
struct Keeping: View {
  let begun: Bool
  let unsaved: FieldFailure?
  let saveAgain: () -> Void
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    if let unsaved {
      Note(texts.of(unsaved), .bad, .attention, action: texts["record.save-again"], act: saveAgain)
    } else if begun {
      HStack(spacing: 8) {
        Draw(.done, palette.green, size: 16)
        Text(texts["record.saved"]).font(.footnote).foregroundStyle(palette.muted)
      }
    }
  }
}

private struct Recorded: View {
  let reported: Reported
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    VStack(spacing: 12) {
      Spacer()
      Nothing(.done, texts["record.reported"], texts["record.reported-hint"])
      if !reported.duplicates.isEmpty {
        let title = texts["record.duplicates", ["n": reported.duplicates.count]]
        Note("\(title)\n\(texts["record.duplicates-hint"])", .wait, .attention)
      }
      Spacer()
      Act(texts["record.next"], .camera) { leave(to: .record()) }
      Act(texts["record.show"], quiet: true) { leave(to: .opened(reported.caseId)) }
      Act(texts["action.close"], tone: .plain, quiet: true) { session.navigator.back() }
    }
    .padding(16)
    .sensoryFeedback(.success, trigger: reported.caseId)
  }

  private func leave(to route: Route) {
    session.navigator.back()
    session.navigator.open(route)
  }
}
