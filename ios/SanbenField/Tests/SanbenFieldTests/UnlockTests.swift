//! A shared tablet whose people each have a PIN. Android's UnlockTest.kt takes the same steps.

import Foundation
import Sanben
import Testing

@testable import SanbenField

private let pin = "480613"
private let other = "730255"

/// A keystore that does not protect, and can be lost.
private final class InFile: Keystore {
  private let kept: UnprotectedKeystore

  init(_ file: URL) { kept = UnprotectedKeystore(file: file.path) }

  func wrap(plain: Data) throws -> Data { try kept.wrap(plain: plain) }

  func open(wrapped: Data) throws -> Data { try kept.open(wrapped: wrapped) }
}

/// A tablet with such a keystore.
@MainActor
private final class Tablet: Ports {
  let keystore: (any Keystore)?
  private let hands = Hands()

  init(_ key: URL) { keystore = InFile(key) }

  func place() async -> Located { await hands.place() }

  func picture() async -> Pictured { await hands.picture() }

  func give(_ written: URL) async throws -> Bool { try await hands.give(written) }

  func receive() async -> URL? { await hands.receive() }
}

@MainActor
@Suite(.serialized, .enabled(if: encrypts(), "this library keeps no encrypted stores"))
struct UnlockTests {
  private func tablet(_ scene: Scene, locksAfter: Duration = .seconds(300)) throws -> Shell {
    let root = scene.folder.appendingPathComponent("tablet")
    let shell = try Shell(root, ports: Tablet(key(scene)), locksAfter: locksAfter)
    #expect(shell.encrypting)
    shell.start()
    return shell
  }

  private func key(_ scene: Scene) -> URL { scene.folder.appendingPathComponent("key") }

  private func enrolled(_ shell: Shell, _ scene: Scene, _ person: String, _ pin: String) async throws
    -> Session
  {
    shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(person), pin: pin)
    return try await working(shell, person)
  }

  private func working(_ shell: Shell, _ person: String) async throws -> Session {
    try await until("\(person) works") {
      if case .working(let user, _) = shell.state { user.person == person } else { false }
    }
    return try #require(shell.session)
  }

  private func locked(_ shell: Shell, _ person: String) async throws -> Unlocking {
    try await until("\(person) is locked") {
      if case .locked(let user, _) = shell.state { user.person == person } else { false }
    }
    guard case .locked(_, let unlocking) = shell.state else { throw CancellationError() }
    return unlocking
  }

  private func user(_ shell: Shell, _ person: String) throws -> User {
    try #require(shell.users.all.first { $0.person == person })
  }

  @Test func recordsThatLayOpenBeforeAnUpdateGetAPinNowOrLater() async throws {
    try await Scene.play { scene in
      try await before(scene)
      let shell = try tablet(scene)
      let later = try await locked(shell, inspector)
      #expect(later.choosing)
      later.later()
      #expect(try await working(shell, inspector).device.isEncrypted() == false)
      shell.switch(try user(shell, inspector))
      let unlocking = try await locked(shell, inspector)
      unlocking.unlock("123456")
      if case .Invalid(.weakPin) = try await refused(unlocking) {
      } else {
        Issue.record("\(unlocking.failure!)")
      }
      unlocking.unlock(pin)
      let device = try await working(shell, inspector).device
      #expect(try await device.isEncrypted())
      #expect(try await device.drafts().map(\.description) == ["写到一半"])
      #expect(try await device.counts().cases == 1)
      shell.welcome()
      await shell.settled()
      let begun = try await enrolled(shell, scene, head, other)
      #expect(try await begun.device.isEncrypted(), "what was begun open goes on under the PIN")
      shell.switch(try user(shell, inspector))
      let again = try await locked(shell, inspector)
      #expect(!again.choosing)
      again.unlock(pin)
      try await working(shell, inspector).end()
    }
  }

  /// Somebody at work with an app that has no PINs, and somebody else who has begun and not come far. Nothing of it is
  /// held when it returns.
  private func before(_ scene: Scene) async throws {
    let shell = try Shell(scene.folder.appendingPathComponent("tablet"), ports: Hands())
    shell.start()
    shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(inspector))
    let session = try await working(shell, inspector)
    try await until("synced", or: session) { session.syncer.state.lastSuccess != nil }
    _ = try await session.device.record(problem: NewCase(description: "路灯不亮"))
    try await session.device.draftSet(
      draft: session.device.draft(), value: .description(words: "写到一半"))
    shell.welcome()
    shell.enrol("http://127.0.0.1:9", code: try scene.desk.invite(head))
    try await until("no network") {
      if case .enrolling(_, .Network) = shell.state { true } else { false }
    }
  }

  private func refused(_ unlocking: Unlocking) async throws -> FieldFailure {
    try await until("refused") { unlocking.failure != nil && !unlocking.busy }
    return try #require(unlocking.failure)
  }

  @Test func eachHasAPinAndDraftsOfTheirOwnAndChangingIsAlwaysPossible() async throws {
    try await Scene.play { scene in
      let shell = try tablet(scene)
      shell.enrol(scene.desk.url.absoluteString, code: try scene.desk.invite(inspector), pin: "123456")
      try await until("weak") {
        if case .enrolling(_, .Invalid(.weakPin)) = shell.state { true } else { false }
      }
      let first = try await enrolled(shell, scene, inspector, pin)
      try await until("synced", or: first) { first.syncer.state.lastSuccess != nil }
      #expect(try await first.device.isEncrypted())
      let draft = try await first.device.draft()
      try await first.device.draftSet(draft: draft, value: .description(words: "写到一半"))
      scene.desk.stop()
      shell.welcome()
      await shell.settled()
      try scene.desk.start()
      let second = try await enrolled(shell, scene, head, other)
      #expect(try await second.device.drafts().isEmpty)

      // Back to the first, who has forgotten nothing; the second's PIN is of no use there.
      shell.switch(try user(shell, inspector))
      let unlocking = try await locked(shell, inspector)
      unlocking.unlock(other)
      if case .WrongPin = try await refused(unlocking) {} else { Issue.record("\(unlocking.failure!)") }
      // In front of a locked one, too.
      shell.switch(try user(shell, head))
      try await locked(shell, head).unlock(other)
      _ = try await working(shell, head)
      shell.switch(try user(shell, inspector))
      try await locked(shell, inspector).unlock(pin)
      let back = try await working(shell, inspector)
      #expect(try await back.device.drafts().map(\.description) == ["写到一半"])
      await back.end()
    }
  }

  @Test func wrongPinsWaitAndTheDeskHelpsWithoutANetwork() async throws {
    try await Scene.play { scene in
      let shell = try tablet(scene)
      let session = try await enrolled(shell, scene, inspector, pin)
      try await until("synced", or: session) { session.syncer.state.lastSuccess != nil }
      _ = try await session.device.record(problem: NewCase(description: "路灯不亮"))
      shell.switch(try user(shell, inspector))
      let unlocking = try await locked(shell, inspector)
      scene.watch { await unlocking.run() }
      for _ in 0..<5 {
        unlocking.unlock("111985")
        _ = try await refused(unlocking)
      }
      try await until("waits") { unlocking.waitSeconds > 0 }
      #expect((20...30).contains(unlocking.waitSeconds) && unlocking.recoverable)
      unlocking.unlock(pin)
      if case .PinWait = try await refused(unlocking) {} else { Issue.record("\(unlocking.failure!)") }

      unlocking.forgot()
      try await until("shown") { unlocking.shown != nil }
      let code = try scene.desk.recoveryCode(try #require(unlocking.shown))
      scene.desk.stop()
      unlocking.recover(code.dropLast() + (code.hasSuffix("A") ? "B" : "A"), pin: other)
      #expect(try await refused(unlocking) == .Invalid(reason: .notARecoveryCode))
      unlocking.recover(" \(code) ", pin: other)
      let back = try await working(shell, inspector)
      #expect(try await back.device.counts().cases == 1)
      back.changePin(other, to: pin)
      try await until("changed") { back.notice == back.texts["pin.changed"] }
      await back.end()
    }
  }

  @Test func aTabletThatWasPutDownWantsItsPinAgain() async throws {
    try await Scene.play { scene in
      let shell = try tablet(scene, locksAfter: .zero)
      _ = try await enrolled(shell, scene, inspector, pin)
      await shell.sleep()
      shell.wake()
      let unlocking = try await locked(shell, inspector)
      #expect(unlocking.shown == nil)
      unlocking.unlock(pin)
      await (try await working(shell, inspector)).end()
    }
  }

  @Test func aTabletInTheHandStaysOpen() async throws {
    try await Scene.play { scene in
      let shell = try tablet(scene)
      let session = try await enrolled(shell, scene, inspector, pin)
      await shell.sleep()
      shell.wake()
      await shell.settled()
      #expect(shell.session === session)
      #expect(try await session.device.drafts().isEmpty)
      await session.end()
    }
  }

  @Test func aLostKeyIsSaidAndTheFilesAreKept() async throws {
    try await Scene.play { scene in
      let shell = try tablet(scene)
      _ = try await enrolled(shell, scene, inspector, pin)
      let user = try user(shell, inspector)
      shell.switch(user)
      let unlocking = try await locked(shell, inspector)
      let file = user.folder.appendingPathComponent("sanben.db")
      let before = try Data(contentsOf: file)
      try FileManager.default.removeItem(at: key(scene))
      unlocking.unlock(pin)
      if case .KeyLost = try await refused(unlocking) {} else { Issue.record("\(unlocking.failure!)") }
      #expect(try Data(contentsOf: file) == before)
      // Whoever else works here is not held up, and neither is enrolling anew.
      shell.welcome()
      await (try await enrolled(shell, scene, head, other)).end()
    }
  }
}
