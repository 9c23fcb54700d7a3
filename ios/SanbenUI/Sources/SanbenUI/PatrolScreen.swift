//! The points of a round: those to do first, each with its three answers.

import Sanben
import SanbenField
import SwiftUI

struct PatrolScreen: View {
  @State private var model: Patrol
  @State private var opened: String?
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ round: Round) {
    self.session = session
    _model = State(initialValue: Patrol(session, round))
  }

  var body: some View {
    let next = opened ?? model.stops.first { $0.result == nil }?.point
    Page(title: texts["tab.patrol"]) {
      WordedTap(.here, texts["patrol.nearest"]) { model.nearestFirst() }
    } content: {
      Choice(all: [Round.morning, .lookBack], chosen: model.round, name: { texts.of($0) }) {
        opened = nil
        model.choose($0)
      }
      Text(texts["task.walk-progress", ["visited": model.coverage.visited, "n": model.coverage.points]])
        .foregroundStyle(palette.muted)
      Walked(coverage: model.coverage)
      if let without = model.without { Note(texts.of(without), .wait, .trouble) }
      if model.stops.isEmpty {
        let none = model.round == .morning ? "patrol.empty-morning" : "patrol.empty-look-back"
        Nothing(.done, texts[model.nothingYet ? "today.nothing-yet" : none])
      }
      ForEach(model.stops) { stop in
        StopRow(stop: stop, model: model, answering: stop.point == next) { opened = stop.point }
      }
    }
    .task { await model.run() }
  }
}

private struct StopRow: View {
  let stop: Stop
  let model: Patrol
  let answering: Bool
  let open: () -> Void
  @Environment(\.dynamicTypeSize) private var size
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    VStack(spacing: 8) {
      Sheet(open: open) {
        HStack(spacing: 12) {
          VStack(alignment: .leading) {
            Text(stop.name).font(.headline).foregroundStyle(palette.ink)
            Text(about).font(.subheadline).foregroundStyle(palette.muted)
          }
          Spacer(minLength: 0)
          if !size.isAccessibilitySize { result }
        }
        if size.isAccessibilitySize { result }
      }
      if answering && stop.result == nil { Answers(stop: stop, model: model) }
    }
  }

  private var about: String {
    let parts = [stop.community, stop.head, stop.metres.map { texts["record.metres", ["n": $0]] }]
    return parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  @ViewBuilder private var result: some View {
    switch stop.result {
    case nil: Badge(texts.of(stop.result), .plain, .waiting)
    case .clean: Badge(texts.of(stop.result), .good, .done)
    case .found: Badge(texts.of(stop.result), .wait, .attention)
    case .notAccessible: Badge(texts["patrol.closed"], .plain, .close)
    }
  }
}

private struct Answers: View {
  let stop: Stop
  let model: Patrol
  @State private var closed = false
  @State private var reason = ""
  @Environment(Session.self) private var session
  @Environment(\.texts) private var texts

  var body: some View {
    VStack(spacing: 8) {
      if model.round == .morning {
        Abreast {
          shut
          Act(texts["patrol.found"], tone: .bad, quiet: true) {
            session.navigator.open(.record(point: stop.point))
          }
          Act(texts["patrol.clean"]) { model.clean(stop.point) }
        }
      } else {
        // What was found there is looked at again; its photo and words are the answer, not a tick.
        ForEach(Array(stop.cases.enumerated().dropFirst()), id: \.element) { place, id in
          Act("\(texts["patrol.look"]) \(place + 1)", .lookBack, quiet: true) {
            session.navigator.open(.opened(id))
          }
        }
        Abreast {
          shut
          if let first = stop.cases.first {
            Act(texts["patrol.look"], .lookBack) { session.navigator.open(.opened(first)) }
          }
        }
      }
      if closed {
        Writing(texts["patrol.reason"], text: $reason)
        Act(texts["action.confirm"]) { model.notAccessible(stop.point, reason: reason) }
          .disabled(reason.allSatisfy(\.isWhitespace))
      }
    }
  }

  private var shut: some View {
    Act(texts["patrol.closed"], tone: .plain, quiet: true, chosen: closed) { closed.toggle() }
  }
}
