//! Bad luck on a phone: each is a state that a screen shows, and nothing recorded is lost.

import Foundation
import Sanben
import Testing

@testable import SanbenField

@MainActor
@Suite(.serialized)
struct MisfortuneTests {
  @Test func killedWhileSavingEveryPartThatWasSaidToBeSavedIsThere() async throws {
    try await Scene.play { scene in
      let store = scene.folder.appendingPathComponent("killed")
      try await enrolled(store, scene)
      let typist = Process()
      let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      typist.executableURL = tests.appendingPathComponent("Typist")
      typist.arguments = [store.path]
      let output = Pipe()
      typist.standardOutput = output
      try typist.run()
      var said = Data()
      while said.split(separator: 10).count < 20 {
        let piece = output.fileHandleForReading.availableData
        try #require(!piece.isEmpty, "the second process ended")
        said += piece
      }
      kill(typist.processIdentifier, SIGKILL)
      typist.waitUntilExit()
      // What had been said by then and is still in the pipe counts too.
      said += try output.fileHandleForReading.readToEnd() ?? Data()
      let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
      let last = try #require(lines.last.flatMap { Int($0) })
      let phone = try await Field.open(store)
      let kept = try #require(try await phone.drafts().first)
      #expect(try #require(Int(kept.description.dropFirst())) >= last)
      #expect(kept.point == southEntrance)
      #expect(try await phone.report(draft: kept.id).caseId == kept.id)
    }
  }

  private func enrolled(_ store: URL, _ scene: Scene) async throws {
    let field = try await Field.open(store)
    _ = try await field.enrol(url: scene.desk.url, code: scene.desk.invite(inspector))
    try await field.sync()
  }

  @Test func withoutCameraAndPlaceAProblemIsStillRecorded() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector, Hands(place: .denied, picture: .denied))
      let recording = Recording(session)
      recording.begin()
      recording.photo()
      try await until("denied") { recording.without == [.cameraDenied, .placeDenied] }
      recording.searchPoints("柳林小区南")
      try await until("found", or: session) { recording.suggestions.map(\.code) == [southEntrance] }
      recording.choosePoint(southEntrance)
      recording.write("告示栏歪了")
      recording.report()
      try await until("reported", or: session) { recording.reported != nil }
      let id = try #require(recording.reported).caseId
      // Later, with permission: the photo is added, visibly.
      try await session.device.complete(id: id, completion: Completion(photos: [rubbish.path]))
      #expect(try await session.device.case(id: id).photos.count == 1)
    }
  }

  @Test func aFileThatIsNoPhotoLeavesTheDraftAsItWas() async throws {
    try await Scene.play { scene in
      let broken = scene.folder.appendingPathComponent("broken.jpg")
      try Data([0xff, 0xd8, 0]).write(to: broken)
      let session = try await scene.work(inspector, Hands(picture: .taken(broken)))
      let recording = Recording(session)
      recording.begin()
      recording.write("楼道堆物")
      recording.photo()
      try await until("told") { session.notice != nil }
      #expect(session.notice == "照片没有收下：文件不完整或太大，请重拍一张")
      await recording.settled()
      let kept = try #require(try await session.device.drafts().first)
      #expect(kept.description == "楼道堆物" && kept.photos.isEmpty && recording.unsaved == nil)
    }
  }

  /// As when the app was killed, or the person switched, in the middle of it.
  @Test func aDraftIsGoneOnWithAndDiscardedForGood() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      let begun = Recording(session)
      begun.begin()
      begun.write("楼道堆物")
      begun.photo()
      try await until("a photo", or: session) { begun.photos.count == 1 }
      await begun.settled()
      let today = Today(session)
      scene.watch { await today.run() }
      let draft = try #require(begun.draft)
      try await until("among the tasks") { today.tasks.contains(.finish(draft: draft, title: "楼道堆物")) }
      let resumed = Recording(session)
      resumed.begin(draft: draft)
      try await until("as it was", or: session) { resumed.words == "楼道堆物" && resumed.photos == begun.photos }
      resumed.discard()
      try await until("gone") { today.tasks.allSatisfy { $0.route != .record(draft: draft) } }
      #expect(try await session.device.drafts().isEmpty)
    }
  }

  @Test func aClockThatGoesBackTwoDaysHoldsNothingUp() async throws {
    try await Scene.play { scene in
      let clock = MovableClock()
      let session = try await scene.work(inspector, clock: clock.now)
      clock.move(-2 * 86400)
      _ = try await session.device.record(problem: NewCase(description: "路灯不亮"))
      session.syncer.trigger(.recorded)
      try await until("sent", or: session) {
        let state = session.syncer.state
        return state.pending == 0 && !state.running && state.lastSuccess! < Date().addingTimeInterval(-86400)
      }
      let next = try #require(session.syncer.state.nextTry)
      #expect(next.timeIntervalSince(clock.now()) <= 15 * 60)
    }
  }

  @Test func aDeviceThatWasTakenOutGoesOnRecording() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      try scene.desk.revoke(try await session.device.enrolment().device)
      _ = try await session.device.record(problem: NewCase(description: "井盖松动"))
      session.syncer.trigger(.asked)
      try await until("refused") { session.syncer.state.failure != nil && !session.syncer.state.running }
      #expect(session.syncer.state.nextTry == nil, "only a person tries again")
      let line = session.syncer.state.line(session.texts, session.moments)
      #expect(line.mark == .trouble && line.text.contains("联系指挥部"))
      let recording = Recording(session)
      recording.begin()
      recording.write("还能记")
      recording.report()
      try await until("reported", or: session) { recording.reported != nil }
      #expect(try await session.device.counts().cases == 2)
    }
  }

  @Test func aDamagedStoreIsSaidAndNobodyElseIsHeldUp() async throws {
    try await Scene.play { scene in
      let root = scene.folder.appendingPathComponent("tablet")
      let users = try Users(root)
      let folder = try users.newFolder()
      // Closed for certain: what is let go of may close a moment later, and write over the damage.
      try await Field.open(folder).suspend()
      let user = try users.add(folder, person: inspector)
      let damaged = Data(repeating: 0x5a, count: 4096)
      try damaged.write(to: folder.appendingPathComponent("sanben.db"))
      let shell = try Shell(root, ports: Hands())
      shell.start()
      try await until("broken") {
        if case .broken(user, .CorruptStore) = shell.state { true } else { false }
      }
      #expect(try Data(contentsOf: folder.appendingPathComponent("sanben.db")) == damaged)
      shell.welcome()
      shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(head))
      try await until("somebody else works") {
        if case .working(let user, _) = shell.state { user.person == head } else { false }
      }
      await shell.session?.end()
    }
  }
}
