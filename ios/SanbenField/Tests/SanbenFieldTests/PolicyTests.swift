//! What is decided without a device: when to sync, what comes first, how it is said.

import Foundation
import Sanben
import Testing

@testable import SanbenField

struct PolicyTests {
  private let texts = Texts(.chinese)
  private let network = FieldFailure.Network(detail: "no route")

  @Test func waitingDoublesUpToAQuarterOfAnHourNeverInStep() throws {
    let policy = SyncPolicy()
    var expected = 15.0
    for failures in 1...12 {
      let waits = try (0..<50).map { _ in
        try #require(policy.backoff(network, failures: failures)) / .seconds(1)
      }
      #expect(waits.allSatisfy { (expected * 0.8...expected * 1.2).contains($0) }, "\(failures): \(waits)")
      #expect(Set(waits).count > 10)
      expected = min(expected * 2, 900)
    }
    #expect(try #require(policy.backoff(network, failures: 1_000_000)) <= .seconds(18 * 60))
  }

  @Test func aServerThatAsksForRestGetsItButAWrongClockCannotAskForTwoDays() throws {
    let policy = SyncPolicy()
    #expect(policy.backoff(network, failures: 1, asked: .seconds(300)) == .seconds(300))
    #expect(policy.backoff(network, failures: 1, asked: .seconds(2 * 86400)) == SyncPolicy.longest)
    #expect(try #require(policy.backoff(network, failures: 1, asked: .seconds(-86400))) <= .seconds(18))
  }

  @Test func whereWaitingCannotHelpOnlyAPersonTriesAgain() {
    let policy = SyncPolicy()
    for failure in [FieldFailure.Refused(detail: "revoked"), .WrongServer(detail: "key"), .NotEnrolled] {
      #expect(policy.backoff(failure, failures: 1) == nil)
    }
    #expect(policy.pause(.asked) == .zero && policy.pause(.recorded) > .zero)
  }

  @Test func aServerThatPokesAtOnceAgainAndAgainIsAskedLessAndLessOften() {
    let policy = SyncPolicy()
    var rest = SyncPolicy.leastRest
    let rests = (0..<7).map { _ in
      rest = policy.rest(after: rest, answer: .milliseconds(3))
      return rest.components.seconds
    }
    #expect(rests == [2, 4, 8, 16, 32, 60, 60])
    #expect(policy.rest(after: rest, answer: .seconds(48)) == SyncPolicy.leastRest)
  }

  @Test func remindersKeepQuietHours() {
    let usual = ReminderPlan(before: [1440, 120], quietFrom: "21:00", quietUntil: "07:00")
    #expect((0..<24).filter { !usual.isQuiet(minute: $0 * 60) } == Array(7...20))
    #expect(usual.isQuiet(minute: 7 * 60 - 1) && !usual.isQuiet(minute: 21 * 60 - 1))
    var later = usual
    later.quiet(beginsLater: 4, endsLater: -1)
    #expect(later.quietFrom == "01:00" && later.quietUntil == "06:00")
    #expect(later.isQuiet(minute: 3 * 60) && !later.isQuiet(minute: 30))
    later.quiet(beginsLater: 5)
    #expect(!(0..<24).contains { later.isQuiet(minute: $0 * 60) }, "as late as it ends: none")
  }

  @Test func anItemSaysTheMostImportantTruthAboutItself() {
    func state(
      pending: Int64 = 0, accepted: Int64 = 0, rejected: Int64 = 0, photos: Int64 = 0, delivered: Int64 = 0,
      inReview: Bool = false
    ) -> ItemState {
      let delivery = Delivery(
        pending: pending, accepted: accepted, rejected: rejected, photos: photos, photosDelivered: delivered)
      return ItemState(delivery, inReview: inReview)
    }
    #expect(state() == .notOwn)
    #expect(state(pending: 2, photos: 4) == .waiting(pieces: 2))
    #expect(state(accepted: 1, photos: 4, delivered: 3) == .photos(delivered: 3, all: 4))
    #expect(state(accepted: 1, photos: 4, delivered: 4) == .delivered)
    #expect(state(pending: 1, rejected: 1, inReview: true) == .refused(pieces: 1))
    #expect(state(pending: 1, inReview: true) == .inReview)
    #expect(texts.of(.photos(delivered: 3, all: 4)) == "照片已送达 3/4 张")
  }

  @Test func theSyncLineNeverSaysDeliveredWhileSomethingWaits() throws {
    let eight = try Date("2026-03-20T00:00:00Z", strategy: .iso8601)
    let moments = Moments(texts) { eight }
    var state = SyncState()
    #expect(state.line(texts, moments).mark == .waiting)
    state.lastSuccess = eight
    #expect(state.line(texts, moments) == SyncLine(mark: .done, text: "全部送达", next: "上次同步 今天 08:00"))
    state.pending = 3
    state.photos = 4
    state.photosDelivered = 3
    #expect(state.line(texts, moments).text == "3 条等待送达，1 张照片等待送达")
    #expect(state.line(texts, moments).mark == .waiting)
    state.photosDelivered = 4
    state.failure = network
    state.nextTry = eight.addingTimeInterval(240)
    let offline = state.line(texts, moments)
    #expect(offline.mark == .trouble && offline.next == "今天 08:04 再试")
    #expect(offline.text == "没有网络，3 条已存好")
    state.failure = .Refused(detail: "revoked")
    let refused = state.line(texts, moments)
    #expect(refused.mark == .trouble && refused.next == "3 条等待送达")
  }

  @Test func tasksComeInTheOrderAPersonWouldChoose() throws {
    let now = try Date("2026-03-20T06:00:00Z", strategy: .iso8601)
    func handle(_ hours: Double?) -> TodayTask {
      let summary = CaseSummary(
        id: UUID(), point: nil, community: nil, standard: nil, description: "垃圾", source: .own,
        status: .reported, disputed: false, due: hours.map { now.addingTimeInterval($0 * 3600) },
        lateness: .notDue, reportedAt: now, clockDoubtful: false, reportedBy: inspector, handlerUnit: nil,
        handler: nil, timesFound: 1, photos: 0, thumbnail: nil, mergedInto: nil,
        delivery: Delivery(pending: 0, accepted: 0, rejected: 0, photos: 0, photosDelivered: 0))
      return .handle(CaseLine(summary, inReview: false, names: Names()))
    }
    let (late, soon, later, someday) = (handle(-2), handle(1), handle(30), handle(nil))
    let refused = TodayTask.refused(pieces: 1)
    let back = TodayTask.lookBack(point: southEntrance, cases: [])
    let walk = TodayTask.walk(Coverage(points: 10, visited: 3, clean: 3, found: 0, notAccessible: 0))
    let draft = TodayTask.finish(draft: UUID(), title: "")
    let (overdue, task) = (attend(now, hours: -1), attend(now, hours: 2))
    let all = [someday, draft, back, later, task, walk, soon, overdue, refused, late]
    #expect(
      TodayTask.inOrder(all, now: now, minute: 7 * 60 + 30)
        == [refused, late, overdue, soon, walk, task, later, someday, draft, back])
    #expect(
      TodayTask.inOrder(all, now: now, minute: 17 * 60)
        == [refused, late, overdue, soon, back, task, later, someday, draft, walk])
  }

  /// A matter that waits for somebody.
  private func attend(_ now: Date, hours: Double) -> TodayTask {
    let line = MatterLine(
      id: UUID(), feature: "task", featureLabel: "任务", stepLabel: "", day: "2026-03-20", point: nil,
      person: head, home: "park-02", opener: inspector, title: "核查",
      due: now.addingTimeInterval(hours * 3600), late: hours < 0, open: true, disputed: false,
      delivery: Delivery(pending: 0, accepted: 0, rejected: 0, photos: 0, photosDelivered: 0))
    return .attend(MatterRow(line, inReview: false, names: Names()))
  }

  @Test func instantsAreSaidAsPeopleSayThem() throws {
    let now = try Date("2026-03-19T23:10:00Z", strategy: .iso8601)
    let moments = Moments(texts) { now }
    func said(_ instant: String) throws -> String { moments.at(try Date(instant, strategy: .iso8601)) }
    #expect(try said("2026-03-19T23:10:00Z") == "今天 07:10")
    #expect(try said("2026-03-19T09:00:00Z") == "昨天 17:00")
    #expect(try said("2026-03-20T16:05:00Z") == "明天 00:05")
    #expect(try said("2025-12-31T15:59:00Z") == "2025年12月31日 23:59")
    #expect(moments.date(now) == "3月20日 星期五")
    #expect(moments.month(moments.today()) == "2026年3月")
    let spans: [TimeInterval] = [30, 3599, 10_860, 172_805]
    #expect(spans.map(moments.span) == ["不到 1 分钟", "59 分钟", "3 小时", "2 天"])
    let silvester = StreetDay(written: "2027-12-31")
    #expect(silvester == StreetDay(year: 2027, month: 12, day: 31))
    #expect(silvester.moved(days: 60).written == "2028-02-29" && silvester.moved(days: 0) == silvester)
    #expect(moments.date(silvester) == "12月31日 星期五" && moments.day(silvester) == "2027年12月31日")
    #expect(moments.time() == "07:10")
    #expect(StreetDay(year: 2026, month: 1, day: 1).turned(months: -1).written == "2025-12-01")
  }
}
