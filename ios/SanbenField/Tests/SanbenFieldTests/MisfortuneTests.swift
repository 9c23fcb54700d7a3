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
      let last = try killed(after: 20, store.path)
      let phone = try await Field.open(store)
      let kept = try #require(try await phone.drafts().first)
      #expect(try #require(Int(kept.description.dropFirst())) >= last)
      #expect(kept.point == southEntrance)
      #expect(try await phone.report(draft: kept.id).caseId == kept.id)
    }
  }

  @Test func killedWhileTakingPhotosAndSyncingEverythingSaidToBeRecordedArrivesOnce() async throws {
    try await Scene.play { scene in
      let store = scene.folder.appendingPathComponent("killed")
      try await enrolled(store, scene)
      let last = Int64(try killed(after: 6, store.path, rubbish.path))
      let phone = try await Field.open(store)
      let kept = try await phone.counts()
      #expect((last...last + 1).contains(kept.cases), "said \(last), kept \(kept)")
      try await phone.sync()
      let after = try await phone.counts()
      #expect(after.pending == 0 && after.rejected == 0 && after.photosDelivered == after.photos)
      #expect(try await scene.device(colleague).counts().cases == kept.cases)
    }
  }

  @Test func killedWhilePhotosGoIntoDraftsThoseSaidToBeKeptAreWhole() async throws {
    try await Scene.play { scene in
      let store = scene.folder.appendingPathComponent("killed")
      try await enrolled(store, scene)
      let last = try killed(after: 8, store.path, rubbish.path, scene.folder.path)
      let phone = try await Field.open(store)
      let drafts = try await phone.drafts()
      let kept = drafts.flatMap(\.photos)
      #expect((last...last + 1).contains(kept.count), "said \(last), kept \(kept.count)")
      for photo in kept { #expect(try await phone.thumbnail(photo: photo) != nil) }
      for draft in drafts where !draft.photos.isEmpty { _ = try await phone.report(draft: draft.id) }
      try await phone.sync()
      let after = try await phone.counts()
      #expect(after.pending == 0 && after.rejected == 0 && after.photosDelivered == after.photos)
      #expect(after.photos == Int64(kept.count))
    }
  }

  /// A second process, killed once it has said so much; returns the last that it said.
  private func killed(after enough: Int, _ arguments: String...) throws -> Int {
    let typist = Process()
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    typist.executableURL = tests.appendingPathComponent("Typist")
    typist.arguments = arguments
    let output = Pipe()
    typist.standardOutput = output
    try typist.run()
    var said = Data()
    while said.split(separator: 10).count < enough {
      let piece = output.fileHandleForReading.availableData
      try #require(!piece.isEmpty, "the second process ended")
      said += piece
    }
    kill(typist.processIdentifier, SIGKILL)
    typist.waitUntilExit()
    // What had been said by then and is still in the pipe counts too.
    said += try output.fileHandleForReading.readToEnd() ?? Data()
    let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
    return try #require(lines.last.flatMap { Int($0) })
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

  @Test func aBrokenCameraAndNoFixAreSaidAndTheWordsAreRecorded() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector, Hands(place: .nowhere, picture: .failed))
      let recording = Recording(session)
      recording.begin()
      #expect(!recording.canReport, "nothing at all is too little")
      recording.photo()
      try await until("said") { recording.without == [.cameraFailed, .noPlace] && !recording.locating }
      recording.write("井盖松动")
      recording.report()
      try await until("reported", or: session) { recording.reported != nil }
      let opened = OpenCase(session, try #require(recording.reported).caseId)
      scene.watch { await opened.run() }
      try await until("open", or: session) { opened.mayComplete && opened.title == "井盖松动" }
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

  /// No token runs out on a device, its key holds until the desk takes it out: what can run out is the code that lets
  /// it in.
  @Test func aCodeThatRanOutOfflineIsSaidAndANewOneGoesOnWithTheSameKey() async throws {
    try await Scene.play { scene in
      let root = scene.folder.appendingPathComponent("phone")
      let shell = try Shell(root, ports: Hands())
      let late = try scene.desk.invite(inspector, minutes: 0)
      shell.start()
      shell.enrol(scene.desk.url.absoluteString, code: late)
      try await until("run out") { if case .enrolling(_, .CodeExpired) = shell.state { true } else { false } }
      #expect(shell.texts.of(.CodeExpired).contains("新"))
      let begun = try inside(root.appendingPathComponent("users"))
      shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(inspector))
      try await until("at work") { shell.session != nil }
      #expect(try inside(root.appendingPathComponent("users")) == begun)
      await shell.session?.end()
    }
  }

  /// And the rights that a device went offline with run out: within the days that the office grants, what was done by
  /// them counts.
  @Test func rightsThatRanOutOfflineCountForTheDaysThatTheOfficeGrants() async throws {
    try await Scene.play { scene in
      let session = try await scene.work(inspector)
      let device = try session.device
      let id = try await device.record(problem: NewCase(point: southEntrance, description: "告示栏歪了")).caseId
      try await device.sync()
      let opened = OpenCase(session, id)
      scene.watch { await opened.run() }
      scene.desk.stop()
      try scene.desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
      try scene.desk.publish()
      try await device.act(id: id, act: .rework(reason: "没改好"))
      try await until("waits", or: session) { if case .waiting = opened.item { true } else { false } }
      try scene.desk.start()
      session.syncer.trigger(.asked)
      try await until("delivered", or: session) { opened.item == .delivered }
      #expect(session.syncer.state.failure == nil && session.syncer.state.attention == 0)
      // By now it knows what it may not do any more.
      try await until("a grid member", or: session) { session.names.me?.role == .gridMember }
      await #expect(throws: FieldFailure.self) { try await device.act(id: id, act: .rework(reason: "还是没改好")) }
    }
  }

  @Test(.enabled(if: OlderStore.possible), arguments: [4, OlderStore.versions() - 1])
  func upgradedWithWorkPendingEverythingIsThereAndArrives(version: Int) async throws {
    try await Scene.play { scene in
      let root = scene.folder.appendingPathComponent("phone")
      let users = try Users(root)
      let folder = try users.newFolder()
      let before = try await Field.open(folder)
      _ = try await before.enrol(url: scene.desk.url, code: scene.desk.invite(inspector))
      try await before.sync()
      scene.desk.stop()
      let problem = NewCase(point: southEntrance, description: "南入口有大堆垃圾", photos: [rubbish.path])
      let id = try await before.record(problem: problem).caseId
      let draft = try await before.draft()
      try await before.draftSet(draft: draft, value: .description(words: "楼道堆物"))
      let waiting = try await before.counts()
      try await before.suspend()
      try OlderStore.turnBack(folder, to: version)
      _ = try users.add(folder, person: inspector)

      let shell = try Shell(root, ports: Hands())
      shell.start()
      try await until("at work") { shell.session?.names.me != nil }
      let session = try #require(shell.session)
      try await until("counted", or: session) {
        session.syncer.state.pending == waiting.pending && session.syncer.state.photos == 1
      }
      #expect(waiting.pending > 0)
      #expect(try await session.device.drafts().map(\.description) == ["楼道堆物"])
      #expect(try await session.device.case(id: id).description == "南入口有大堆垃圾")
      try scene.desk.start()
      session.syncer.trigger(.asked)
      try await until("delivered", or: session) {
        session.syncer.state.delivered && session.syncer.state.failure == nil
      }
      #expect(try await scene.device(colleague).case(id: id).photos.count == 1)
      await session.end()
    }
  }

  @Test(.enabled(if: OlderStore.possible))
  func aStoreOfANewerVersionIsSaidAndLeftAsItIs() async throws {
    try await Scene.play { scene in
      let root = scene.folder.appendingPathComponent("phone")
      let users = try Users(root)
      let folder = try users.newFolder()
      try await Field.open(folder).suspend()
      let user = try users.add(folder, person: inspector)
      try OlderStore.turnForward(folder)
      let file = folder.appendingPathComponent("sanben.db")
      let before = try Data(contentsOf: file)
      let shell = try Shell(root, ports: Hands())
      shell.start()
      try await until("said") {
        if case .broken(user, .NewerStore) = shell.state { true } else { false }
      }
      #expect(shell.texts.of(.NewerStore).contains("更新"))
      #expect(try Data(contentsOf: file) == before)
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
