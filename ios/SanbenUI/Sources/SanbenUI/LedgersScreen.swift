//! Finding a point, with or without a network, and its three ledgers.

import Sanben
import SanbenField
import SwiftUI

struct PointsScreen: View {
  @State private var model: Points
  private let session: Session
  @Environment(\.texts) private var texts

  init(_ session: Session) {
    self.session = session
    _model = State(initialValue: Points(session))
  }

  var body: some View {
    Page(texts["points.title"]) {
      Writing(texts["points.search"], .search, text: Binding(get: { model.text }, set: model.search))
      if model.found.isEmpty { Nothing(.search, texts["points.none"]) }
      ForEach(model.found, id: \.code) { point in
        let head = point.head.map { texts["record.head", ["name": $0]] } ?? texts["ledger.blind-spot"]
        let owned = point.head != nil
        Lead(
          owned ? .ledger : .trouble, owned ? .calm : .bad, point.name,
          "\(point.community) · \(point.kind)\n\(head)", to: .ledgers(point.code)
        ) { session.navigator.open(.ledgers(point.code)) }
      }
    }
    .task { await model.run() }
  }
}

struct LedgersScreen: View {
  @State private var model: PointLedgers
  private let session: Session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  init(_ session: Session, _ point: String) {
    self.session = session
    _model = State(initialValue: PointLedgers(session, point))
  }

  var body: some View {
    VStack(spacing: 0) {
      Page(model.point?.name ?? "", back: { session.navigator.back() }) {
        if let point = model.point {
          Text("\(point.community) · \(point.kind) · \(point.code)").foregroundStyle(palette.muted)
        }
        Lead(.today, .calm, texts["matter.here"], to: .matters(point: model.code)) {
          session.navigator.open(.matters(point: model.code))
        }
        Choice(all: Ledger.allCases, chosen: model.ledger, name: { texts[$0.name] }) { model.ledger = $0 }
        if let ledgers = model.ledgers {
          switch model.ledger {
          case .standards: standards(ledgers)
          case .problems: problems(ledgers)
          case .responsibility: responsibility(ledgers)
          }
        }
      }
      Foot {
        Act(texts["ledger.record-here"], .camera) { session.navigator.open(.record(point: model.code)) }
      }
    }
    .task { await model.run() }
  }

  private func standards(_ ledgers: Ledgers) -> some View {
    ForEach(ledgers.standards, id: \.code) { standard in
      Sheet(open: standard.openCases.first.map { id in { session.navigator.open(.opened(id)) } }) {
        Text(standard.name).font(.headline).foregroundStyle(palette.ink)
        Text(standard.demand).font(.subheadline).foregroundStyle(palette.ink)
        Badge(standard.clause, .plain)
        Badge(texts["record.standard-limit", ["limit": texts.of(standard.limit)]], .plain, .waiting)
        if !standard.openCases.isEmpty {
          Badge(texts["ledger.open", ["n": standard.openCases.count]], .bad, .attention)
        }
      }
    }
  }

  @ViewBuilder private func problems(_ ledgers: Ledgers) -> some View {
    if ledgers.openProblems.isEmpty && ledgers.pastProblems.isEmpty {
      Nothing(.done, texts["ledger.no-problems"])
    }
    if !ledgers.openProblems.isEmpty { Heading(texts["ledger.open", ["n": ledgers.openProblems.count]]) }
    ForEach(ledgers.openProblems, id: \.caseId) { ProblemRow(problem: $0) }
    if !ledgers.pastProblems.isEmpty { Heading(texts["ledger.past", ["n": ledgers.pastProblems.count]]) }
    ForEach(ledgers.pastProblems, id: \.caseId) { ProblemRow(problem: $0) }
  }

  @ViewBuilder private func responsibility(_ ledgers: Ledgers) -> some View {
    Heading(texts["ledger.now"])
    if let head = ledgers.head {
      Who(answering: head, duty: texts["case.head"])
    } else {
      Note(texts["ledger.blind-spot"], .bad, .trouble)
    }
    ForEach(ledgers.contacts, id: \.self) { Who(answering: $0, duty: texts["case.contacts"]) }
    let past = ledgers.history.filter { $0.until != nil }
    if !past.isEmpty { Heading(texts["ledger.history"]) }
    ForEach(past, id: \.self) { Who(answering: $0, duty: nil) }
  }
}

extension Ledger {
  fileprivate var name: String {
    switch self {
    case .standards: "ledger.standards"
    case .problems: "ledger.problems"
    case .responsibility: "ledger.responsibility"
    }
  }
}

private struct ProblemRow: View {
  let problem: Problem
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette

  var body: some View {
    let names = session.names
    let untitled = problem.description.allSatisfy(\.isWhitespace)
    let then = problem.answeredThen.map(names.person)
    let open = { session.navigator.open(.opened(problem.caseId)) }
    Sheet(open: open) {
      Text(untitled ? problem.standard.map(names.standard) ?? "" : problem.description)
        .font(.headline).foregroundStyle(palette.ink)
      Text([session.moments.at(problem.found), then].compactMap { $0 }.joined(separator: " · "))
        .font(.subheadline).foregroundStyle(palette.muted)
      Standing(
        status: problem.status, disputed: problem.disputed, due: problem.due, lateness: problem.lateness,
        timesFound: problem.timesFound)
    }
  }
}

private struct Who: View {
  let answering: Answering
  let duty: String?
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    let (names, moments) = (session.names, session.moments)
    let since = texts["ledger.since", ["time": moments.day(of: answering.since)]]
    let until = answering.until.map { texts["ledger.until", ["time": moments.day(of: $0)]] }
    Sheet {
      HStack(alignment: .top, spacing: 14) {
        Draw(.person, palette.teal, size: 28)
        VStack(alignment: .leading) {
          Text(answering.name.isEmpty ? names.person(answering.person) : answering.name)
            .font(.headline).foregroundStyle(palette.ink)
          Text([duty, answering.unit.map(names.unit)].compactMap { $0 }.joined(separator: " · "))
            .font(.subheadline)
          Text([since, until].compactMap { $0 }.joined(separator: " ")).font(.footnote)
        }
        .foregroundStyle(palette.muted)
      }
    }
  }
}
