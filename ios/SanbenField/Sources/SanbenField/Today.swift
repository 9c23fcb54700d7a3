//! The first screen.

import Observation
import Sanben

@MainActor
@Observable
public final class Today {
  public private(set) var loading = true
  /// Before the first sync there is nothing to look up yet, but recording works.
  public private(set) var nothingYet = false
  public private(set) var tasks: [TodayTask] = []
  /// What this person recorded lately.
  public private(set) var recent: [CaseLine] = []
  public private(set) var walked: Coverage?
  public private(set) var lookedBack: Coverage?
  private let session: Session

  public init(_ session: Session) { self.session = session }

  /// Keeps it true until it is cancelled.
  public func run() async { await session.follow(load) }

  /// The hour decides the order too: called when the screen comes back.
  public func refresh() { session.attempt(load) }

  private func load() async throws {
    let device = try session.device
    guard let me = session.names.me, let day = try await today(device) else {
      nothingYet = true
      tasks = try await drafts(device)
      loading = false
      return
    }
    let reviewed = try await device.outbox().inReview
    let mine = try await device.casesPage(query: CaseQuery(mine: me.code, openOnly: true, dueFirst: true))
      .rows
    let own = try await device.casesPage(query: CaseQuery(mine: me.code, limit: 20)).rows
    let all =
      try await refused(device) + drafts(device) + handling(me.role, mine, reviewed, device)
      + matters(of: me.code, reviewed, device) + rounds(day)
    tasks = TodayTask.inOrder(all, now: session.moments.now(), minute: session.moments.minute())
    recent = own.map { line($0, reviewed) }
    walked = day.morningCoverage.points > 0 ? day.morningCoverage : nil
    lookedBack = day.lookBackCoverage.points > 0 ? day.lookBackCoverage : nil
    nothingYet = false
    loading = false
  }

  private func today(_ device: Field) async throws -> TodayView? {
    do {
      return try await device.today()
    } catch FieldFailure.NothingYet, FieldFailure.NotEnrolled {
      return nil
    }
  }

  private func line(_ summary: CaseSummary, _ reviewed: Set<Uuid>) -> CaseLine {
    CaseLine(summary, inReview: reviewed.contains(summary.id), names: session.names)
  }

  private func refused(_ device: Field) async throws -> [TodayTask] {
    let refused = try await device.needsAttention()
    return refused.isEmpty ? [] : [.refused(pieces: refused.count)]
  }

  private func drafts(_ device: Field) async throws -> [TodayTask] {
    try await device.drafts().map { .finish(draft: $0.id, title: $0.description) } + session.begunForms()
  }

  private func handling(
    _ role: Role, _ mine: [CaseSummary], _ reviewed: Set<Uuid>, _ device: Field
  ) async throws -> [TodayTask] {
    // The command post decides about every dispute it sees, not only about its own cases.
    let disputed =
      role == .command ? try await device.casesPage(query: CaseQuery(disputedOnly: true)).rows : []
    let decide = disputed.map { TodayTask.decide(line($0, reviewed)) }
    if role == .inspector || role == .command { return decide }
    return decide + mine.filter { toHandle.contains($0.status) }.map { .handle(line($0, reviewed)) }
  }

  private func matters(
    of me: String, _ reviewed: Set<Uuid>, _ device: Field
  ) async throws -> [TodayTask] {
    let waiting = MatterQuery(person: me, openOnly: true)
    return try await device.matters(waiting, tongue: session.texts.tongue).rows.map {
      .attend(MatterRow($0, inReview: reviewed.contains($0.id), names: session.names))
    }
  }

  private func rounds(_ day: TodayView) -> [TodayTask] {
    let coverage = day.morningCoverage
    let walk: [TodayTask] = coverage.visited < coverage.points ? [.walk(coverage)] : []
    return walk + day.lookBack.filter { $0.result == nil }.map { .lookBack(point: $0.point, cases: $0.cases) }
  }
}

private let toHandle: Set<CaseStatus> = [.reported, .confirmed, .filed, .dispatched, .acknowledged, .rework]
