//! The core as Swift sees it, against a real server. ScenarioTest.kt and scenario.py take the same steps.

import Foundation
import Sanben
import Testing

private let inspector = "U008"
private let head = "U060"
private let point = "P011"
private let community = "park-02"
private let standard = "S01"

@Suite(.serialized)
final class ScenarioTests {
  private let folder: URL
  private let desk: Desk
  private let rubbish: URL
  private let notAPhoto: URL
  /// Let go of while somebody else has its store.
  private var phone: Field!
  private var second: Field!
  private var caseId = UUID()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    rubbish = data.appendingPathComponent("park/photos/south-entrance-rubbish-before.jpg")
    notAPhoto = data.appendingPathComponent("broken/photo-is-text/not-a-photo.jpg")
    desk = try Desk(in: folder)
  }

  deinit {
    desk.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  @Test func aDayOfTwoPhones() async throws {
    try desk.start()
    phone = try await Field.open(folder.appendingPathComponent("phone"))
    try await nothingWithoutEnrolment()
    try await aCodeEnrolsOnce()
    try await firstSyncBringsTheGround()
    try await lookUpOnSite()
    try await whatWasRecordedSurvivesAKill()
    try await aDraftBecomesACaseOffline()
    try await pagesJoinWithoutGaps()
    try await syncDeliversAndBringsReceipts()
    try await aSecondDeviceSeesItAndAnswers()
    try await theAnswerComesBackAsOneChange()
    try await aSyncCanBeStopped()
    try await refusedWorkNeedsAttention()
    try await theScoreSaysWhy()
    try await formsKeepWhatWasFilledIn()
    try await aDeviceRemindsByItself()
    try await suspendAndGoOn()
  }

  private func nothingWithoutEnrolment() async throws {
    await #expect(throws: FieldFailure.NotEnrolled) { _ = try await self.phone.draft() }
    await #expect(throws: FieldFailure.NotEnrolled) { try await self.phone.sync() }
    await #expect(throws: FieldFailure.CodeMalformed) {
      _ = try await self.phone.enrol(url: self.desk.url, code: "hello")
    }
  }

  private func aCodeEnrolsOnce() async throws {
    let code = try desk.invite(inspector)
    let enrolment = try await phone.enrol(url: desk.url, code: code)
    #expect(enrolment.tenant == "park" && enrolment.person == inspector)
    #expect(try await phone.enrolment() == enrolment)
    await #expect(throws: FieldFailure.AlreadyEnrolled) {
      _ = try await self.phone.enrol(url: self.desk.url, code: code)
    }
    let finder = try await Field.open(folder.appendingPathComponent("finder"))
    await #expect(throws: FieldFailure.CodeUsed) {
      _ = try await finder.enrol(url: self.desk.url, code: code)
    }
  }

  private func firstSyncBringsTheGround() async throws {
    await #expect(throws: FieldFailure.NothingYet) {
      _ = try await self.phone.whereabouts(latitude: 38.308162, longitude: 116.839776)
    }
    let reports = Heard<SyncReport>()
    let report = try await phone.sync { reports.hear($0) }
    #expect(reports.all.last == report)
    #expect(report.received > 0)
    #expect(try await phone.points().count == 136)
  }

  private func lookUpOnSite() async throws {
    let found = try #require(try await phone.points(text: "柳林小区南入口").first)
    #expect(found.code == point && found.head == "叶慧敏")
    await #expect(throws: FieldFailure.NotFound(what: "point", id: "P999")) {
      _ = try await self.phone.standards(point: "P999")
    }
    #expect(try await phone.standards(point: point, text: "垃圾").map(\.code).contains(standard))
    let here = try await phone.whereabouts(
      latitude: found.latitude, longitude: found.longitude, nearest: 3)
    #expect(here.community == community && here.nearest.count == 3)
    #expect(here.nearest[0].point == point && here.nearest[0].head == head)
    #expect(try await phone.today().morning.map(\.point).contains(point))
  }

  private func whatWasRecordedSurvivesAKill() async throws {
    desk.stop()
    let store = folder.appendingPathComponent("phone")
    // Letting it go closes the store.
    phone = nil
    let victim = Process()
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    victim.executableURL = tests.appendingPathComponent("Victim")
    victim.arguments = [store.path, rubbish.path]
    let output = Pipe()
    victim.standardOutput = output
    try victim.run()
    var said = ""
    while said.split(separator: "\n").count < 2 || !said.hasSuffix("\n") {
      let piece = output.fileHandleForReading.availableData
      try #require(!piece.isEmpty, "the second process ended")
      said += String(decoding: piece, as: UTF8.self)
    }
    let ids = said.split(separator: "\n").compactMap { UUID(uuidString: String($0)) }
    await #expect(throws: FieldFailure.Busy) { _ = try await Field.open(store) }
    kill(victim.processIdentifier, SIGKILL)
    victim.waitUntilExit()
    phone = try await Field.open(store)
    let kept = try #require(try await phone.drafts().first)
    #expect(kept.id == ids[0] && kept.point == point && kept.description == "告示栏歪了")
    caseId = ids[1]
    let detail = try await phone.case(id: caseId)
    #expect(detail.point == point && detail.delivery.pending == 1)
    let small = try #require(try await phone.thumbnail(photo: detail.photos[0].hash))
    #expect(small.prefix(2) == Data([0xff, 0xd8]))
  }

  private func aDraftBecomesACaseOffline() async throws {
    let draft = try #require(try await phone.drafts().first).id
    let unreadable = await failure { try await self.phone.draftPhoto(draft: draft, file: self.notAPhoto) }
    #expect(unreadable?.errorDescription?.contains("Photo") == true)
    try await phone.draftSet(draft: draft, value: .source(source: .own))
    #expect(try await phone.report(draft: draft).caseId == draft)
    #expect(try await phone.drafts().isEmpty)
    let offline = await failure { try await self.phone.sync() }
    #expect(offline?.errorDescription?.contains("Network") == true)
    let counts = try await phone.counts()
    #expect(counts.cases == 2 && counts.photos == 1 && counts.photosDelivered == 0)
  }

  private func pagesJoinWithoutGaps() async throws {
    var ids: Set<UUID> = []
    for try await row in phone.cases(CaseQuery(limit: 1)) {
      #expect(ids.insert(row.id).inserted)
    }
    #expect(ids.count == 2)
    let found = try await phone.casesPage(query: CaseQuery(point: point, text: "垃圾"))
    #expect(found.rows.map(\.id) == [caseId])
  }

  private func syncDeliversAndBringsReceipts() async throws {
    try desk.start()
    let waiting = try await phone.counts().pending
    let report = try await phone.sync()
    #expect(report.sent == waiting && report.accepted == waiting && report.photosDelivered == 1)
    let counts = try await phone.counts()
    #expect(counts.pending == 0 && counts.photosDelivered == 1)
    let delivery = try await phone.case(id: caseId).delivery
    #expect(delivery.accepted == 1 && delivery.photosDelivered == 1)
  }

  private func aSecondDeviceSeesItAndAnswers() async throws {
    second = try await Field.open(folder.appendingPathComponent("second"))
    _ = try await second.enrol(url: desk.url, code: desk.invite(head))
    try await second.sync()
    let photo = try await second.case(id: caseId).photos[0]
    #expect(try await second.photo(photo: photo.hash) == Data(contentsOf: rubbish))
    await #expect(throws: FieldFailure.Denied(why: .role)) {
      try await self.second.act(id: self.caseId, act: .rework(reason: "不行"))
    }
    try await second.act(id: caseId, act: .acknowledge(words: "收到，马上落实！"))
    #expect(try await second.sync().accepted == 1)
  }

  private func theAnswerComesBackAsOneChange() async throws {
    let changes = try phone.changes()
    let counts = try await FieldCounts(of: phone)
    try await phone.sync()
    var first: [UUID] = []
    for await change in changes where !change.cases.isEmpty {
      first = change.cases
      break
    }
    #expect(first == [caseId])
    let detail = try await phone.case(id: caseId)
    #expect(detail.status == .acknowledged)
    #expect(detail.thread.map(\.kind) == [.report, .acknowledge])
    #expect(detail.thread[1].words == "收到，马上落实！")
    let ledgers = try await phone.ledgers(point: point)
    #expect(ledgers.head?.person == head)
    #expect(ledgers.openProblems.map(\.caseId).contains(caseId))
    let held = try await phone.counts()
    for _ in 0..<500 where await counts.counts != held {
      try await Task.sleep(for: .milliseconds(10))
    }
    let (followed, failure) = await (counts.counts, counts.failure)
    #expect(followed == held && failure == nil)
  }

  private func aSyncCanBeStopped() async throws {
    let phone = phone!
    let stopped = Task { try await phone.sync { _ in withUnsafeCurrentTask { $0?.cancel() } } }
    stopped.cancel()
    await #expect(throws: CancellationError.self) { try await stopped.value }
    #expect(try await phone.sync(within: SyncBudget(requests: 0)).stopped == .requests)
    #expect(try await phone.sync(within: SyncBudget(millis: 60_000)).stopped == nil)
  }

  private func refusedWorkNeedsAttention() async throws {
    try await phone.act(id: caseId, act: .rework(reason: "没清干净"))
    try desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
    // Here nothing that is late is taken on anybody's word: a person looks at it.
    try desk.rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
    try desk.publish()
    let report = try await phone.sync()
    #expect(report.inReview == 1 && report.rejected == 0)
    try desk.refuseReviewed("已经不是督导员")
    #expect(try await phone.sync().rejected == 1)
    let refused = try #require(try await phone.needsAttention().first)
    #expect(refused.document == caseId && refused.kind == .rework && refused.words == "没清干净")
    #expect(refused.why == .reviewed(reason: "已经不是督导员"))
    await #expect(throws: FieldFailure.Denied(why: .role)) {
      try await self.phone.correct(attention: refused.id, correction: Correction(words: "还是没清干净"))
    }
    let forAnother = folder.appendingPathComponent("for-another")
    try await phone.handOn(attention: refused.id, file: forAnother, to: head)
    #expect(try await phone.needsAttention().first?.handedOnTo == head)
    await #expect(throws: FieldFailure.Invalid(reason: .onesOwnWork)) {
      _ = try await self.phone.takeOver(file: forAnother)
    }
    try await phone.exportRefused(attention: refused.id, folder: folder.appendingPathComponent("refused"))
    try await phone.discard(attention: refused.id, reason: "已经不是督导员")
    #expect(try await phone.needsAttention().isEmpty)
    #expect(try await phone.case(id: caseId).status == .acknowledged)
  }

  private func theScoreSaysWhy() async throws {
    try await second.sync()
    let month = Period.month(day: try await phone.today().day)
    let sheet = try await phone.score(community: community, period: month)
    let found = try #require(sheet.lines.first { $0.caseId == caseId })
    #expect(found.reason == .finding(source: .subdistrict))
    #expect(found.points == "-1" && found.point == point && found.person == head)
    #expect(sheet.base == "1000")
    #expect(try await second.score(community: community, period: month).lines == sheet.lines)
  }

  private func formsKeepWhatWasFilledIn() async throws {
    let draft = try await second.draftMatter(feature: "task")
    try await second.matterDraftSet(draft: draft, name: "what", value: .text(text: "补齐桶盖"))
    try await second.matterDraftSet(draft: draft, name: "@point", value: .point(code: point))
    await #expect(throws: FieldFailure.Unfit(field: "colour", why: .unknown)) {
      try await self.second.matterDraftSet(draft: draft, name: "colour", value: .text(text: "绿"))
    }
    let kept = try #require(try await second.matterDrafts(tongue: .chinese).first)
    #expect(kept.id == draft && kept.featureLabel == "任务" && kept.matter == nil)
    #expect(kept.fields["what"] == .text(text: "补齐桶盖"))
    let unfit = await failure { try await self.second.submitMatterDraft(draft: draft) }
    if case .Unfit = unfit {} else { Issue.record("\(String(describing: unfit))") }
    try await second.matterDraftDiscard(draft: draft)
    #expect(try await second.matterDrafts(tongue: .english).isEmpty)
    let month = Period.month(day: try await phone.today().day)
    // No standard of this street asks for something in each node.
    #expect(try await phone.uncovered(period: month).isEmpty)
    let denied = await failure { try await self.second.fillWorkBrief(title: "工作简报") }
    if case .Denied = denied {} else { Issue.record("\(String(describing: denied))") }
  }

  private func aDeviceRemindsByItself() async throws {
    let usual = try await second.reminderPlan()
    #expect(usual == ReminderPlan(before: [1440, 120], quietFrom: "21:00", quietUntil: "07:00"))
    try await second.setReminderPlan(
      plan: ReminderPlan(before: [1], quietFrom: "00:00", quietUntil: "00:00"))
    #expect(try await second.reminders().map(\.document).contains(caseId))
    try await second.setReminderPlan(
      plan: ReminderPlan(before: [], quietFrom: "22:00", quietUntil: "06:30"))
    #expect(try await second.reminders().isEmpty)
    try await second.setReminderPlan(plan: nil)
    try await second.remindOf(document: caseId, at: Date(timeIntervalSinceNow: 3600))
    #expect(try await second.ownReminders().map(\.document) == [caseId])
    try await second.remindOf(document: caseId, at: nil)
    #expect(try await second.ownReminders().isEmpty)
  }

  private func suspendAndGoOn() async throws {
    let before = try await phone.counts()
    try await phone.suspend()
    #expect(try await phone.counts() == before)
    _ = try await phone.record(problem: NewCase(description: "路灯不亮"))
    #expect(try await phone.sync().accepted == 1)
  }
}

/// What a call failed with, where only its kind matters.
private func failure(of call: () async throws -> Void) async -> FieldFailure? {
  do {
    try await call()
    return nil
  } catch {
    return error as? FieldFailure
  }
}

/// What was told from another thread.
final class Heard<Word: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var words: [Word] = []

  var all: [Word] { lock.withLock { words } }

  func hear(_ word: Word) {
    lock.withLock { words.append(word) }
  }
}
