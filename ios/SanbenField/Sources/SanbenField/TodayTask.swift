//! What there is to do today, and in which order a person would choose it.

import Foundation
import Sanben

/// A case as lists show it.
public struct CaseLine: Hashable, Identifiable, Sendable {
  public var id: Uuid
  public var title: String
  public var point: String?
  public var status: CaseStatus
  public var disputed: Bool
  public var due: Date?
  public var lateness: Lateness
  public var thumbnail: PhotoHash?
  public var item: ItemState

  init(_ summary: CaseSummary, inReview: Bool, names: Names) {
    id = summary.id
    title = summary.description.isBlank ? summary.standard.map(names.standard) ?? "" : summary.description
    point = summary.point.map(names.point)
    status = summary.status
    disputed = summary.disputed
    due = summary.due
    lateness = summary.lateness
    thumbnail = summary.thumbnail
    item = ItemState(summary.delivery, inReview: inReview)
  }
}

/// Something to do.
public enum TodayTask: Hashable, Sendable {
  /// Refused work: nobody else can put it right.
  case refused(pieces: Int)
  case handle(CaseLine)
  /// Two records contradict each other and this person may decide.
  case decide(CaseLine)
  case lookBack(point: String, cases: [Uuid])
  case walk(Coverage)
  /// A matter that waits for this person: a notice to be answered, a task.
  case attend(MatterRow)
  case finish(draft: Uuid, title: String)
  /// A form of a matter that was begun and not submitted.
  case fill(FormRoute, title: String, about: String)

  public var route: Route {
    switch self {
    case .refused: .attention
    case .handle(let line), .decide(let line): .opened(line.id)
    case .lookBack(_, let cases): cases.count == 1 ? .opened(cases[0]) : .patrol(.lookBack)
    case .walk: .patrol(.morning)
    case .attend(let row): .matter(row.id)
    case .finish(let draft, _): .record(draft: draft)
    case .fill(let form, _, _): .form(form)
    }
  }

  fileprivate func isOf(_ document: Uuid) -> Bool { [.opened(document), .matter(document)].contains(route) }

  private var due: Date {
    switch self {
    case .handle(let line), .decide(let line): line.due ?? .distantFuture
    case .attend(let row): row.due ?? .distantFuture
    default: .distantFuture
    }
  }

  private func rank(now: Date, minute: Int) -> Int {
    let (morning, evening) = (minute < 12 * 60, minute >= 16 * 60)
    // As long before as the usual plan reminds last: no round is finished sooner.
    let pressing = due < now.addingTimeInterval(2 * 3600)
    return switch self {
    case .refused: 0
    case .handle: pressing ? 1 : 4
    case .attend(let row): row.late || pressing ? 1 : 4
    case .decide: 2
    case .lookBack: evening ? 3 : 6
    case .walk: morning ? 3 : 7
    case .finish, .fill: 5
    }
  }

  /// What only they can mend, what is late or soon will be, what the hour asks for, then what is due soonest. The morning
  /// round comes before the day's cases until noon, the look-back round from four. `minute` counts from midnight.
  static func inOrder(_ tasks: [TodayTask], now: Date, minute: Int) -> [TodayTask] {
    // Swift's sort keeps equals in no promised order, so that the place decides last.
    tasks.enumerated().sorted { one, other in
      let (first, second) = (one.element, other.element)
      return (first.rank(now: now, minute: minute), first.due, one.offset)
        < (second.rank(now: now, minute: minute), second.due, other.offset)
    }.map(\.element)
  }
}

/// Something on the first screen: a task, a reminder that has come, or both where they are of the same case or matter.
public struct TodayItem: Hashable, Sendable {
  public var come: ReminderLine?
  public var task: TodayTask?
}

extension Today {
  /// What the person wanted to be reminded of by now comes first; nothing stands there twice.
  public func agenda(_ come: [ReminderLine]) -> [TodayItem] {
    let reminded = come.map { line in TodayItem(come: line, task: tasks.first { $0.isOf(line.document) }) }
    let told = Set(reminded.compactMap(\.task))
    return reminded + tasks.filter { !told.contains($0) }.map { TodayItem(task: $0) }
  }
}

extension String {
  /// Nothing but white space.
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
