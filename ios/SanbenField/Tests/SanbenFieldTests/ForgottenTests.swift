//! The server was restored from a backup of before this device came in. Android's ForgottenTest.kt takes the same steps.

import Foundation
import Sanben
import Testing

@testable import SanbenField

@MainActor
@Suite(.serialized)
struct ForgottenTests {
  @Test func whomARestoredServerForgotIsToldSoEnrolsAgainOnTheSameDeviceAndLosesNothing() async throws {
    try await Scene.play { scene in
      let (session, colleague) = try await forgotten(scene)
      let before = try await session.device.enrolment()
      let found = NewCase(point: southEntrance, description: "南入口有大堆垃圾", photos: [rubbish.path])
      let delivered = try await session.device.record(problem: found).caseId
      try await session.device.sync()
      try restored(scene)
      let dark = NewCase(point: southEntrance, description: "路灯不亮")
      let waiting = try await session.device.record(problem: dark).caseId
      session.syncer.trigger(.asked)
      try await until("refused", or: session) {
        session.syncer.state.failure != nil && !session.syncer.state.running
      }
      #expect(session.syncer.state.failure == .UnknownDevice)
      #expect(session.syncer.state.nextTry == nil, "only a person can do something about it")
      let line = session.syncer.state.line(session.texts, session.moments)
      #expect(line.mark == .trouble && line.way == .enrolAgain && line.text.contains("新的邀请码"))
      let pending = try await session.device.counts().pending
      #expect(line.next == "\(pending) 条等待送达，点这里重新登记")

      session.navigator.open(.enrolAgain)
      let again = EnrolAgain(session)
      again.enrol(try scene.desk.invite(head))
      try await until("somebody else's code") { again.failure == .CodeUnknown }
      again.enrol("no code")
      try await until("no code") { again.failure == .UnknownDevice }
      #expect(session.navigator.here == .enrolAgain)
      again.enrol(" \(try scene.desk.invite(inspector)) ")
      try await until("back", or: session) { session.navigator.stack == [.today] }
      try await until("delivered", or: session) { settled(session) && session.syncer.state.delivered }
      #expect(again.failure == nil)
      #expect(try await session.device.enrolment() == before, "the same person on the same device")
      try await colleague.sync()
      let seen = try await colleague.case(id: delivered)
      #expect(seen.description == "南入口有大堆垃圾" && seen.photos.count == 1)
      #expect(try await colleague.case(id: waiting).description == "路灯不亮")
    }
  }

  /// As when the answer to the first try was lost: the code is spent, and all is well.
  @Test func aCodeThatHasDoneItsWorkAlreadyIsNoTrouble() async throws {
    try await Scene.play { scene in
      let (session, _) = try await forgotten(scene)
      try restored(scene)
      session.syncer.trigger(.asked)
      try await until("forgotten", or: session) {
        session.syncer.state.failure == .UnknownDevice && !session.syncer.state.running
      }
      let code = try scene.desk.invite(inspector)
      _ = try await session.device.enrol(url: scene.desk.url, code: code)
      let again = EnrolAgain(session)
      session.navigator.open(.enrolAgain)
      again.enrol(code)
      try await until("back", or: session) { session.navigator.stack == [.today] }
      try await until("synced", or: session) { settled(session) }
    }
  }

  private func settled(_ session: Session) -> Bool {
    session.syncer.state.failure == nil && !session.syncer.state.running
  }

  /// A colleague from before the backup, and somebody who came after it.
  private func forgotten(_ scene: Scene) async throws -> (Session, Field) {
    let before = try await scene.device(colleague)
    try scene.desk.backUp(to: scene.folder.appendingPathComponent("monday.tar"))
    return (try await scene.work(inspector), before)
  }

  private func restored(_ scene: Scene) throws {
    scene.desk.stop()
    try scene.desk.restore(from: scene.folder.appendingPathComponent("monday.tar"))
    try scene.desk.start()
  }
}
