//! A real server and people at work with real stores; everything ends with the test.

import Foundation
import Sanben
import Testing

@testable import SanbenField

let inspector = "U008"
let head = "U060"
let colleague = "U009"
let command = "U001"
let southEntrance = "P011"
let rubbishRule = "S01"
let entrance = Fix(latitude: 38.308162, longitude: 116.839776, accuracyMetres: 8)
let rubbish = data.appendingPathComponent("park/photos/south-entrance-rubbish-before.jpg")
let clean = data.appendingPathComponent("park/photos/south-entrance-clean-after.jpg")

/// A camera and a receiver that do as they are told.
@MainActor
final class Hands: Ports {
  private let located: Located
  private let pictured: Pictured
  private let given: URL?
  private let brought: URL?
  /// Where what was given lay until it was taken.
  private(set) var desks: [URL] = []

  /// What is given stays in the folder `given`, under its own name; without one nobody takes it.
  init(
    place: Located = .at(entrance), picture: Pictured = .taken(rubbish), given: URL? = nil,
    brought: URL? = nil
  ) {
    located = place
    pictured = picture
    self.given = given
    self.brought = brought
  }

  func place() async -> Located { located }

  func picture() async -> Pictured { pictured }

  func give(_ written: URL) async throws -> Bool {
    desks.append(written)
    guard let given else { return false }
    try FileManager.default.createDirectory(at: given, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: written, to: given.appendingPathComponent(written.lastPathComponent))
    return true
  }

  func receive() async -> URL? { brought }

  /// What the system was told last, and whether the person was asked for leave.
  private(set) var alarms: [Alarm] = []
  private(set) var asked = false

  func remind(_ alarms: [Alarm], asking: Bool) async -> Bool {
    self.alarms = alarms
    asked = asked || asking
    return asked
  }
}

/// A clock that somebody moves.
final class MovableClock: @unchecked Sendable {
  private let lock = NSLock()
  private var moved: TimeInterval = 0

  func move(_ seconds: TimeInterval) { lock.withLock { moved = seconds } }

  func now() -> Date { lock.withLock { Date().addingTimeInterval(moved) } }
}

@MainActor
final class Scene {
  let folder: URL
  let desk: Desk
  private var tasks: [Task<Void, Never>] = []
  private var sessions: [Session] = []

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    desk = try Desk(in: folder)
    try desk.start()
  }

  static func play(_ play: (Scene) async throws -> Void) async throws {
    let scene = try Scene()
    do {
      try await play(scene)
    } catch {
      await scene.close()
      throw error
    }
    await scene.close()
  }

  private func close() async {
    for task in tasks { task.cancel() }
    for session in sessions { await session.end() }
    desk.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  func device(_ person: String) async throws -> Field {
    let field = try await Field.open(folder.appendingPathComponent(person))
    _ = try await field.enrol(url: desk.url, code: desk.invite(person))
    try await field.sync()
    return field
  }

  /// Somebody at work; only what the test sets off is synced.
  func work(
    _ person: String, _ hands: Hands = Hands(), clock: @escaping @Sendable () -> Date = { Date() }
  ) async throws -> Session {
    let field = try await device(person)
    let session = Session(field, texts: Texts(.chinese), ports: hands, clock: clock)
    sessions.append(session)
    try session.start()
    try await until("\(person) is at work", or: session) {
      session.names.me != nil && session.syncer.state.lastSuccess != nil && !session.syncer.state.running
    }
    return session
  }

  func watch(_ run: @escaping @MainActor () async -> Void) {
    tasks.append(Task { await run() })
  }
}

/// Waits until a model says so; where it waits in vain, it says what the person was told.
@MainActor
func until(
  _ what: Comment, or session: Session? = nil, at place: SourceLocation = #_sourceLocation,
  _ holds: () -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(60)
  while !holds() {
    let told = session?.notice.map { "told: \($0)" } ?? ""
    try #require(ContinuousClock.now < deadline, "\(what) \(told)", sourceLocation: place)
    try await Task.sleep(for: .milliseconds(10))
  }
}

/// What lies in a folder, by name.
func inside(_ folder: URL) throws -> [URL] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map(folder.appendingPathComponent)
}
