//! One case: how it stands, before and after, who answers, what happened, and what to do under the thumb.

import Sanben
import SanbenField
import SwiftUI

struct CaseScreen: View {
  @State private var model: OpenCase
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ id: Uuid) {
    self.session = session
    _model = State(initialValue: OpenCase(session, id))
  }

  var body: some View {
    VStack(spacing: 0) {
      Page(title: model.point ?? model.standard ?? "", back: { session.navigator.back() }) {
        if model.detail != nil { RemindTap(document: model.id) }
        if model.mayComplete {
          Tap(.draft, texts["complete.title"]) { session.navigator.open(.complete(model.id)) }
        }
      } content: {
        if model.gone {
          Nothing(.close, texts["case.gone"])
        } else if let detail = model.detail {
          standing(detail)
          sides
          Heading(texts["case.answers"])
          answers(detail)
          if let held = model.residents {
            let hint = held == 0 ? texts["residents.none"] : texts["residents.held", ["n": held]]
            Lead(.people, .calm, texts["residents.title"], hint) {
              session.navigator.open(.contacts(model.id))
            }
          }
          Heading(texts["case.thread"])
          if !detail.disputes.isEmpty { Note(texts["case.disputed"], .bad, .dispute) }
          ForEach(model.thread) { line in
            Said(line: line, uphold: model.deeds.contains(.decide) && line.disputed ? model.decide : nil)
          }
        }
      }
      if !model.deeds.isEmpty { Deeds(model: model) }
    }
    .task { await model.run() }
  }

  @ViewBuilder private func standing(_ detail: CaseDetail) -> some View {
    Text(model.title).font(.title2.bold()).foregroundStyle(palette.ink)
    if let standard = model.standard { Text(standard).foregroundStyle(palette.muted) }
    Standing(
      status: detail.status, disputed: !detail.disputes.isEmpty, due: detail.due, lateness: detail.lateness,
      item: model.item, timesFound: detail.timesFound)
  }

  private var sides: some View {
    HStack(alignment: .top, spacing: 10) {
      side(texts["case.before"], model.before, texts["case.no-before"])
      side(texts["case.after"], model.after, texts["case.no-after"])
    }
  }

  private func side(_ title: String, _ photos: [PhotoHash], _ none: String) -> some View {
    VStack(alignment: .leading, spacing: 6) {
      Text(title).font(.subheadline.bold()).foregroundStyle(palette.muted)
      if photos.isEmpty {
        Text(none)
          .font(.footnote)
          .foregroundStyle(palette.muted)
          .frame(maxWidth: .infinity, minHeight: 110)
          .modifier(Tile(wash: palette.well, edge: palette.line))
      }
      ForEach(photos, id: \.self) {
        Photo($0, texts["spoken.photo", ["what": title]], shownIn: model.id).aspectRatio(
          1.33, contentMode: .fit)
      }
    }
    .frame(maxWidth: .infinity)
  }

  private func answers(_ detail: CaseDetail) -> some View {
    Sheet(open: detail.point.map { point in { session.navigator.open(.ledgers(point)) } }) {
      Fact(texts["case.head"], model.head ?? texts["case.no-head"])
      if !model.contacts.isEmpty { Fact(texts["case.contacts"], model.contacts.joined(separator: "、")) }
      if let handler = model.handler { Fact(texts["case.handler"], handler) }
      if detail.point != nil {
        HStack {
          Text(texts["case.ledgers"]).font(.subheadline.bold()).foregroundStyle(palette.teal)
          Spacer(minLength: 0)
          Draw(.forward, palette.teal, size: 14)
        }
      }
    }
  }
}

/// One event of the thread.
private struct Said: View {
  let line: ThreadLine
  let uphold: ((Uuid) -> Void)?
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Sheet {
      HStack(alignment: .top, spacing: 12) {
        Draw(glyph, line.disputed ? palette.vermilion : palette.teal, size: 22)
        VStack(alignment: .leading, spacing: 4) {
          Text(what).font(.headline).foregroundStyle(palette.ink)
          Text(session.moments.at(line.at) + (line.clockDoubtful ? "（\(texts["time.doubtful"])）" : ""))
            .font(.footnote).foregroundStyle(palette.muted)
          if !line.words.isEmpty { Text(line.words).foregroundStyle(palette.ink) }
          if let ignored = line.ignored {
            Text(texts.of(ignored)).font(.subheadline).foregroundStyle(palette.amber)
          }
          if let uphold { Act(texts["case.uphold"], quiet: true) { uphold(line.id) } }
        }
      }
    }
  }

  private var what: String {
    let parts: [String?] = [
      line.who, texts.of(line.kind), line.outcome.map { texts.of($0) },
      line.to.map { texts["case.to", ["who": $0]] },
    ]
    return parts.compactMap { $0 }.joined(separator: " · ")
  }

  private var glyph: Glyph {
    if line.disputed { return .dispute }
    return switch line.kind {
    case .report, .findAgain: .camera
    case .rectify, .close: .done
    case .lookBack, .rework: .lookBack
    case .amend, .comment: .draft
    default: .person
    }
  }
}

private struct Deeds: View {
  @Bindable var model: OpenCase
  @Environment(\.texts) private var texts

  var body: some View {
    Foot {
      if let without = model.without { Note(texts.of(without), .wait, .trouble) }
      HStack(spacing: 8) {
        Writing(texts["case.words"], text: $model.words)
        if may(.rectify) || may(.pass) {
          Tap(.camera, texts[may(.pass) ? "deed.look-back-photo" : "deed.rectify-photo"]) { model.photo() }
        }
        if may(.comment) && !model.words.allSatisfy(\.isWhitespace) {
          Tap(.forward, texts["deed.comment"]) { model.act(.comment) }
        }
      }
      if !model.attached.isEmpty { Badge(texts["case.attached", ["n": model.attached.count]], .good, .photo) }
      // The thumb is on the right: what is done most often is there.
      Abreast {
        if may(.fail) { Act(texts["deed.fail"], .close, tone: .bad, quiet: true) { model.act(.fail) } }
        if may(.pass) { Act(texts["deed.pass"], .done) { model.act(.pass) } }
        if may(.rectify) {
          Act(texts["deed.rectify"], .done, quiet: may(.acknowledge)) { model.act(.rectify) }
        }
        if may(.acknowledge) { Act(texts["deed.acknowledge"]) { model.act(.acknowledge) } }
      }
    }
  }

  private func may(_ deed: Deed) -> Bool { model.deeds.contains(deed) }
}
