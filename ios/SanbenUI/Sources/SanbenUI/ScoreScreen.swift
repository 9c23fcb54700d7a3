//! The sheet of a month: the total, then every line with its reason, and a way to the case behind it.

import Sanben
import SanbenField
import SwiftUI

struct ScoreScreen: View {
  @State private var model: Score
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ community: String) {
    self.session = session
    _model = State(initialValue: Score(session, community))
  }

  var body: some View {
    Page(texts["score.title"], back: { session.navigator.back() }) {
      if model.all.count > 1 { communities }
      total
      if model.sheet != nil && model.counts.isEmpty && model.suspended.isEmpty {
        Nothing(.score, texts["score.none"])
      }
      if !model.counts.isEmpty { Heading(texts["score.lines", ["n": model.counts.count]]) }
      ForEach(model.counts, id: \.self) { Line(reason: $0, counts: true) }
      if !model.suspended.isEmpty { Heading(texts["score.suspended", ["n": model.suspended.count]]) }
      ForEach(model.suspended, id: \.self) { Line(reason: $0, counts: false) }
    }
    .task { await model.run() }
  }

  private var communities: some View {
    Picker(
      session.names.unit(model.community),
      selection: Binding(get: { model.community }, set: model.choose)
    ) {
      ForEach(model.all, id: \.self) { Text(session.names.unit($0)).tag($0) }
    }
    .frame(minHeight: touch)
    .tint(palette.teal)
  }

  private var total: some View {
    Sheet {
      HStack {
        VStack(alignment: .leading) {
          Text(session.names.unit(model.community)).font(.headline).foregroundStyle(palette.ink)
          Text(session.moments.month(model.month)).font(.subheadline).foregroundStyle(palette.muted)
        }
        Spacer()
        Tap(.back, texts["score.earlier"]) { model.turn(-1) }
        Tap(.forward, texts["score.later"]) { model.turn(1) }.disabled(!model.later)
      }
      if let sheet = model.sheet {
        Text(sheet.total).font(.largeTitle.bold().monospacedDigit()).foregroundStyle(palette.teal)
        Text(texts["score.base", ["points": sheet.base]]).font(.subheadline).foregroundStyle(palette.muted)
      }
    }
  }
}

private struct Line: View {
  let reason: Reason
  let counts: Bool
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    let line = reason.line
    let off = line.points.hasPrefix("-")
    Sheet(open: line.caseId.map { id in { session.navigator.open(.opened(id)) } }) {
      HStack(alignment: .top, spacing: 14) {
        Text(off ? line.points.replacingOccurrences(of: "-", with: "−") : "+\(line.points)")
          .font(.title2.bold().monospacedDigit())
          .strikethrough(!counts)
          .foregroundStyle(!counts ? palette.muted : off ? palette.vermilion : palette.green)
        VStack(alignment: .leading, spacing: 4) {
          Text(reason.title).font(.headline).foregroundStyle(palette.ink)
          Text(reason.why).foregroundStyle(palette.ink)
          Text(
            [reason.point, reason.person, session.moments.at(line.at)].compactMap { $0 }.joined(
              separator: " · ")
          )
          .font(.subheadline).foregroundStyle(palette.muted)
          Text(texts["score.clause", ["clause": line.clause]]).font(.footnote).foregroundStyle(palette.muted)
          if line.halved { Badge(texts["score.halved"], .good) }
          if line.doubled { Badge(texts["score.doubled"], .good) }
          if line.pending { Badge(texts["score.pending"], .wait, .waiting) }
          if line.clockDoubtful { Badge(texts["time.doubtful"], .wait, .trouble) }
        }
      }
    }
  }
}
