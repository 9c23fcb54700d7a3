//! Work that goes another way than by the own sync, and people who come and go. Android's CarryTest.kt takes the
//! same steps.

import Foundation
import Sanben
import Testing

@testable import SanbenField

@MainActor
@Suite(.serialized)
struct CarryTests {
  @Test func workThatWaitsGoesOutInAFileAndWaitsOnUntilTheServerHasIt() async throws {
    try await Scene.play { scene in
      let given = scene.folder.appendingPathComponent("given")
      let hands = Hands(given: given)
      let session = try await scene.work(inspector, hands)
      scene.desk.stop()
      let id = try await session.device.record(problem: NewCase(point: southEntrance, description: "路灯不亮"))
        .caseId
      let carry = Carry(session)
      // The case, and in the evening the visit that it makes.
      let waiting = try await session.device.counts().pending
      try await until("counted", or: session) { carry.waiting == waiting && waiting > 0 }
      carry.export()
      try await until("given", or: session) { carry.given != nil && !carry.busy }
      #expect(carry.given?.changes == waiting)
      #expect(try await session.device.counts().pending == waiting)
      let desk = try #require(hands.desks.first).deletingLastPathComponent()
      #expect(!FileManager.default.fileExists(atPath: desk.path), "nothing of it stays behind")

      try scene.desk.start()
      let file = try #require(inside(given).first)
      let carrier = try await scene.work(colleague, Hands(brought: file))
      let taking = Carry(carrier)
      taking.receive()
      try await until("taken along", or: carrier) { taking.brought == .takenAlong }
      taking.receive()
      try await until("known", or: carrier) { taking.brought == .known }
      #expect(try await carrier.device.sync().carried == 1)
      try await carrier.device.sync()
      #expect(try await carrier.device.case(id: id).description == "路灯不亮")
    }
  }

  @Test func aFileThatNobodyTakesIsNotSaidToBeGiven() async throws {
    try await Scene.play { scene in
      let hands = Hands()
      let session = try await scene.work(inspector, hands)
      scene.desk.stop()
      _ = try await session.device.record(problem: NewCase(description: "路灯不亮"))
      let carry = Carry(session)
      carry.export()
      try await until("offered", or: session) { hands.desks.count == 1 && !carry.busy }
      #expect(carry.given == nil && session.notice == nil)
      #expect(!FileManager.default.fileExists(atPath: hands.desks[0].path))
    }
  }

  @Test func aDeviceNearByCollectsUntilItsDoorIsClosed() async throws {
    try await Scene.play { scene in
      let carrier = try await scene.work(colleague)
      let session = try await scene.work(inspector)
      scene.desk.stop()
      _ = try await session.device.record(problem: NewCase(point: southEntrance, description: "路灯不亮"))
      let door = Carry(carrier)
      door.openDoor()
      try await until("open", or: carrier) { door.door?.address != nil }
      let address = try #require(door.door?.address)
      let carry = Carry(session)
      carry.handOver("nonsense")
      try await until("told") { session.notice?.contains("地址") == true }
      carry.handOver(" \(address) ")
      try await until("handed over") { carry.handed != nil }
      #expect(try await session.device.counts().pending == carry.handed?.changes)
      try await until("came", or: carrier) { door.door?.taken == 1 }
      door.closeDoor()
      try await until("closed") { door.door == nil }
      try scene.desk.start()
      #expect(try await carrier.device.sync().carried == 1)
    }
  }

  /// The inspector's rework of a case was refused, because by then they were one no more.
  private func refused(_ scene: Scene, _ hands: Hands) async throws -> (Session, RefusedWork, NeedsAttention)
  {
    let session = try await scene.work(inspector, hands)
    let device = try session.device
    let id = try await device.record(problem: NewCase(point: southEntrance, description: "告示栏歪了")).caseId
    try await device.sync()
    try await device.act(id: id, act: .rework(reason: "没改好"))
    try scene.desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
    try scene.desk.rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
    try scene.desk.publish()
    try await device.sync()
    try scene.desk.refuseReviewed("已经不是督导员")
    try await device.sync()
    let attention = NeedsAttention(session)
    scene.watch { await attention.run() }
    try await until("refused", or: session) { attention.refused.count == 1 && !attention.people.isEmpty }
    return (session, attention.refused[0], attention)
  }

  @Test func refusedWorkIsHandedOnToSomebodyWhoMayDoItAndExportedForPeopleToRead() async throws {
    try await Scene.play { scene in
      let given = scene.folder.appendingPathComponent("given")
      let (session, work, attention) = try await refused(scene, Hands(given: given))
      #expect(work.canBeHandedOn && work.handedOnTo == nil)
      #expect(attention.people.allSatisfy { $0.code != inspector })
      attention.export(work.id)
      attention.handOn(work.id, to: colleague)
      try await until("handed on", or: session) { attention.refused.first?.handedOnTo == "陈宝玲" }
      // The state is told of the mark, the file follows.
      try await until("given", or: session) { (try? inside(given).count) == 2 }
      let (folder, file) = (
        given.appendingPathComponent("sanben-\(work.id)"),
        given.appendingPathComponent("sanben-\(work.id).work")
      )
      let read = try String(contentsOf: folder.appendingPathComponent("work.json"), encoding: .utf8)
      #expect(read.contains("没改好"))

      let other = try await scene.work(colleague, Hands(brought: file))
      let carry = Carry(other)
      carry.receive()
      try await until("taken over", or: other) { carry.brought == .takenOver }
      let thread = try await other.device.case(id: work.document).thread
      #expect(thread.filter { $0.kind == .rework }.map(\.person) == [colleague])
      #expect(other.navigator.stack == [.today, .opened(work.document)])
    }
  }

  @Test func refusedWorkIsCorrectedByItsAuthorOnceTheyMayDoItAgain() async throws {
    try await Scene.play { scene in
      let (session, work, attention) = try await refused(scene, Hands())
      try scene.desk.rewrite("people.csv", "刘景春,网格员,park-02,", "刘景春,督导员,park,T1")
      try scene.desk.publish()
      try await session.device.sync()
      #expect(work.correctable == .words)
      attention.correct(work.id, words: work.words)
      try await until("told") { session.notice?.contains("没有改动") == true }
      attention.correct(work.id, words: "左下角还是歪的")
      try await until("sent again", or: session) { attention.refused.isEmpty }
      try await until("delivered", or: session) {
        let state = session.syncer.state
        return state.delivered && !state.running && state.failure == nil && state.attention == 0
      }
      let thread = try await session.device.case(id: work.document).thread
      #expect(thread.filter { $0.kind == .rework }.map(\.words) == ["左下角还是歪的"])
    }
  }

  @Test func whoeverHasTheAppInFrontHearsOfOthersWorkByThemselves() async throws {
    try await Scene.play { scene in
      let listening = try await scene.work(head)
      let session = try await scene.work(inspector)
      scene.watch { await listening.syncer.live() }
      let id = try await session.device.record(
        problem: NewCase(point: southEntrance, description: "告示栏歪了")
      ).caseId
      try await session.device.sync()
      let opened = OpenCase(listening, id)
      scene.watch { await opened.run() }
      try await until("heard of", or: listening) { opened.title == "告示栏歪了" }
    }
  }

  @Test func aCaseIsCompletedLaterVisiblyAndOnlyByWhoMay() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      let id = try await session.device.record(problem: NewCase(description: "告示栏歪了")).caseId
      let opened = OpenCase(session, id)
      scene.watch { await opened.run() }
      try await until("open", or: session) { opened.mayComplete }
      let completing = Completing(session, id)
      completing.begin()
      try await until("begun", or: session) { completing.detail != nil }
      #expect(!completing.changed)
      completing.choosePoint(southEntrance)
      completing.photo()
      try await until("a photo", or: session) { completing.photos.count == 1 }
      #expect(completing.changed)
      session.navigator.open(.complete(id))
      completing.save()
      try await until("completed", or: session) {
        opened.point == "柳林小区南入口" && opened.before.count == 1
      }
      #expect(opened.thread.last?.kind == .amend)
      #expect(opened.detail?.description == "告示栏歪了")
      try await until("back") { session.navigator.stack == [.today] }
      try await session.device.sync()
      // Who answers for the point puts it right, and does not correct what others recorded.
      let other = try await scene.work(head)
      let theirs = OpenCase(other, id)
      scene.watch { await theirs.run() }
      try await until("open there", or: other) { theirs.detail != nil }
      #expect(!theirs.mayComplete)
    }
  }

  @Test func contactsAreAddedAndSeenByThoseWhoKeepThemAndByNobodyElse() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      let id = try await session.device.record(
        problem: NewCase(point: southEntrance, description: "下水道堵了")
      ).caseId
      try await session.device.sync()
      let desk = try await scene.work(command)
      let residents = Residents(desk, id)
      scene.watch { await residents.run() }
      try await until("may add", or: desk) { residents.mayAdd }
      #expect(!residents.canAdd, "a name or a telephone number is needed")
      residents.add()
      try await until("told") { desk.notice?.contains("联系不到") == true }
      residents.name = "沈阿婆"
      residents.telephone = "0000-1234"
      #expect(residents.canAdd)
      residents.add()
      try await until("kept", or: desk) { residents.contacts.count == 1 && residents.name.isEmpty }
      let kept = residents.contacts[0]
      #expect([kept.name, kept.telephone, kept.note] == ["沈阿婆", "0000-1234", ""])
      let opened = OpenCase(desk, id)
      scene.watch { await opened.run() }
      try await until("counted", or: desk) { opened.residents == 1 }
      try await desk.device.sync()

      let other = try await scene.work(head)
      let theirs = OpenCase(other, id)
      scene.watch { await theirs.run() }
      try await until("open there", or: other) { theirs.detail != nil }
      #expect(theirs.residents == nil)
    }
  }

  @Test func nobodyIsTakenOffADeviceWhileAnythingOfTheirsIsOnlyThere() async throws {
    try await Scene.play { scene in
      let root = scene.folder.appendingPathComponent("tablet")
      let shell = try Shell(root, ports: Hands())
      shell.start()
      shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(inspector))
      try await until("at work") {
        shell.session?.syncer.state.lastSuccess != nil && shell.session?.syncer.state.running == false
      }
      let session = try #require(shell.session)
      scene.desk.stop()
      _ = try await session.device.record(problem: NewCase(description: "路灯不亮", photos: [rubbish.path]))
      let draft = try await session.device.draft()
      var refused: Remaining?
      shell.remove { refused = $0 }
      try await until("refused", or: session) { refused != nil }
      let pending = try await session.device.counts().pending
      #expect(refused == Remaining(pending: pending, photos: 1, refused: 0, drafts: 1))
      let said = session.texts.of(try #require(refused))
      #expect(said.contains("1 张照片等待送达") && said.contains("1 份草稿没有报完"), "\(said)")
      #expect(shell.session === session, "and they go on working")
      #expect(try await session.device.counts().cases == 1)

      try scene.desk.start()
      try await session.device.draftDiscard(draft: draft)
      try await session.device.sync()
      shell.remove { Issue.record("\($0) is left") }
      try await until("somebody is enrolled", or: session) {
        if case .enrolling = shell.state { true } else { false }
      }
      #expect(shell.users.all.isEmpty)
      #expect(try inside(root.appendingPathComponent("users")).isEmpty)
      #expect(!FileManager.default.fileExists(atPath: root.appendingPathComponent("gone").path))
    }
  }
}
