//! A day's work through the models, against a real server. Android's WorkTest.kt takes the same steps.

import Foundation
import Sanben
import Testing

@testable import SanbenField

@MainActor
@Suite(.serialized)
struct WorkTests {
  @Test func fromThePhotoToTheLookBack() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      scene.desk.stop()
      let id = try await fiveTaps(session)
      let opened = OpenCase(session, id)
      scene.watch { await opened.run() }
      try await until("the case is open", or: session) { opened.detail != nil && opened.head != nil }
      #expect(opened.item == .waiting(pieces: opened.detail?.delivery.pending ?? 0))
      #expect([opened.point, opened.head, opened.title] == ["柳林小区南入口", "叶慧敏", "生活垃圾及时清运"])
      try await until("a sync was tried") { session.syncer.state.failure != nil }
      #expect(session.syncer.state.pending > 0 && session.syncer.state.nextTry != nil)
      try scene.desk.start()
      session.syncer.trigger(.asked)
      try await until("delivered", or: session) {
        opened.item == .delivered && session.syncer.state.delivered && session.syncer.state.failure == nil
      }
      try await headPutsItRight(scene, id)
      session.syncer.trigger(.asked)
      try await until("the answer is here") { opened.detail?.status == .rectified }
      try await lookBack(scene, session, opened)
    }
  }

  /// Record, the shutter, the point, the standard, report.
  private func fiveTaps(_ session: Session) async throws -> Uuid {
    let recording = Recording(session)
    recording.begin()
    #expect(recording.draft == nil, "looking at an empty form leaves no draft")
    recording.photo()
    try await until("suggested", or: session) {
      !recording.suggestions.isEmpty && recording.photos.count == 1
    }
    #expect(
      recording.suggestions[0]
        == Suggestion(code: southEntrance, name: "柳林小区南入口", head: "叶慧敏", metres: 0))
    recording.choosePoint(southEntrance)
    try await until("standards") { recording.standards.contains { $0.code == rubbishRule } }
    recording.chooseStandard(rubbishRule)
    recording.report()
    try await until("reported", or: session) { recording.reported != nil }
    #expect(try await session.device.drafts().isEmpty)
    return try #require(recording.reported).caseId
  }

  /// The head finds it among today's tasks, answers, and puts it right.
  private func headPutsItRight(_ scene: Scene, _ id: Uuid) async throws {
    let session = try await scene.work(head, Hands(picture: .taken(clean)))
    let today = Today(session)
    scene.watch { await today.run() }
    let handling = { today.tasks.first { if case .handle = $0 { true } else { false } } }
    try await until("a task", or: session) { handling() != nil }
    #expect(handling()?.route == .opened(id))
    let opened = OpenCase(session, id)
    scene.watch { await opened.run() }
    try await until("open", or: session) { opened.detail != nil }
    #expect(opened.deeds == [.acknowledge, .rectify, .comment])
    #expect(await session.small(opened.before[0], shownIn: id) != nil, "fetched from the server")
    opened.act(.acknowledge)
    try await until("acknowledged", or: session) { opened.detail?.status == .acknowledged }
    #expect(opened.thread.last?.words == "收到，马上落实！")
    opened.photo()
    try await until("a photo") { opened.attached.count == 1 }
    opened.words = "已清运"
    opened.act(.rectify)
    try await until("rectified", or: session) { opened.detail?.status == .rectified }
    try await until("the form is empty") { opened.attached.isEmpty && opened.words.isEmpty }
    #expect(opened.after.count == 1)
    try await until("nothing to do") { handling() == nil }
    session.syncer.trigger(.asked)
    try await until("sent", or: session) {
      let state = session.syncer.state
      return state.delivered && !state.running && state.photosDelivered == 1
    }
  }

  /// The look-back list has been made by the finding; the score says why.
  private func lookBack(_ scene: Scene, _ session: Session, _ opened: OpenCase) async throws {
    let patrol = Patrol(session, .lookBack)
    scene.watch { await patrol.run() }
    try await until("a stop", or: session) { !patrol.stops.isEmpty }
    #expect(patrol.stops.map(\.point) == [southEntrance] && patrol.stops[0].cases == [opened.id])
    #expect(await session.beside(.patrol(.lookBack)) == .opened(opened.id))
    #expect(await session.beside(.today) == .opened(opened.id))
    opened.act(.pass)
    try await until("verified", or: session) { [.verified, .closed].contains(opened.detail?.status) }
    let said = try #require(opened.thread.first { $0.kind == .lookBack })
    #expect(said.outcome == .passed && said.who == "刘景春")
    let ledgers = PointLedgers(session, southEntrance)
    scene.watch { await ledgers.run() }
    try await until("a head", or: session) { ledgers.ledgers?.head?.name == "叶慧敏" }
    let score = Score(session, "park-02")
    scene.watch { await score.run() }
    try await until("a reason", or: session) { score.counts.count == 1 }
    let reason = score.counts[0]
    #expect([reason.line.points, reason.point, reason.person] == ["-1", "柳林小区南入口", "叶慧敏"])
    let month = score.month
    #expect(!score.later)
    score.turn(1)
    #expect(score.month == month, "a month that has not begun")
  }

  @Test func theMorningRoundToDoFirst() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      let patrol = Patrol(session, .morning)
      scene.watch { await patrol.run() }
      try await until("stops", or: session) { !patrol.stops.isEmpty }
      #expect(patrol.coverage.points == Int64(patrol.stops.count))
      patrol.nearestFirst()
      try await until("near", or: session) { patrol.stops.first?.metres != nil }
      #expect(patrol.stops.first?.point == southEntrance)
      patrol.clean(southEntrance)
      try await until("clean", or: session) { patrol.coverage.clean == 1 }
      #expect(patrol.stops.last?.point == southEntrance && patrol.stops.last?.result == .clean)
      patrol.notAccessible("P012", reason: "施工围挡")
      try await until("closed", or: session) { patrol.coverage.notAccessible == 1 }
    }
  }

  @Test func refusedWorkSaysWhyAndWhatToDo() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      let device = try session.device
      let id = try await device.record(
        problem: NewCase(point: southEntrance, description: "告示栏歪了")
      ).caseId
      try await device.sync()
      try await device.act(id: id, act: .rework(reason: "没改好"))
      try scene.desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
      try scene.desk.rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
      try scene.desk.publish()
      let opened = OpenCase(session, id)
      scene.watch { await opened.run() }
      try await device.sync()
      try await until("in review", or: session) { opened.item == .inReview }
      try scene.desk.refuseReviewed("已经不是督导员")
      try await device.sync()
      try await until("refused", or: session) { opened.item == .refused(pieces: 1) }
      let attention = NeedsAttention(session)
      scene.watch { await attention.run() }
      try await until("listed", or: session) { attention.refused.count == 1 }
      let work = attention.refused[0]
      #expect([work.title, work.words, work.why] == ["告示栏歪了", "没改好", "指挥部复核后未采纳：已经不是督导员"])
      attention.discard(work.id, reason: "")
      try await until("told") { session.notice != nil }
      attention.discard(work.id, reason: "已经不是督导员")
      try await until("given up") { attention.refused.isEmpty }
    }
  }

  @Test func peopleTakeTurnsOnOneTablet() async throws {
    try await Scene.play { scene in
      let root = scene.folder.appendingPathComponent("tablet")
      let shell = try Shell(root, ports: Hands())
      shell.start()
      try await until("asks for a code") { if case .enrolling = shell.state { true } else { false } }
      shell.enrol(scene.desk.url.absoluteString, code: "hello")
      try await until("malformed") {
        if case .enrolling(_, .CodeMalformed) = shell.state { true } else { false }
      }
      shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(inspector))
      try await until("first") { shell.session?.syncer.state.lastSuccess != nil }
      scene.desk.stop()
      _ = try await #require(shell.session).device.record(problem: NewCase(description: "路灯不亮"))
      _ = try await #require(shell.session).device.draft()
      // The network is gone: leaving is possible all the same.
      shell.welcome()
      try await until("leaves") { if case .enrolling = shell.state { true } else { false } }
      try scene.desk.start()
      shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(head))
      // Whoever leaves before the first sync is known by their code alone.
      try await until("second") { working(shell) == head && shell.users.all.contains { $0.name == "叶慧敏" } }
      let second = try #require(shell.session)
      #expect(try await second.device.drafts().isEmpty)
      #expect(try await second.device.counts().pending == 0)
      shell.switch(try #require(shell.users.all.first { $0.person == inspector }))
      try await until("back") { working(shell) == inspector }
      let back = try #require(shell.session)
      #expect(try await back.device.drafts().count == 1)
      #expect(try await back.device.counts().cases == 1)
      try await until("sent", or: back) {
        back.syncer.state.delivered && back.syncer.state.lastSuccess != nil
      }
      #expect(try Users(root).last()?.person == inspector)
      try await until("names") { Set(shell.users.all.map(\.name)) == ["刘景春", "叶慧敏"] }
      shell.speak(.english)
      try await until("English") { shell.session?.texts.language == .english }
      await shell.sleep()
      #expect(try await #require(shell.session).device.drafts().count == 1, "a call wakes the store")
      await shell.session?.end()
    }
  }

  private func working(_ shell: Shell) -> String? {
    if case .working(let user, _) = shell.state { user.person } else { nil }
  }
}
