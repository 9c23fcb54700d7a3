//! The whole app on one device: who works, in which language. On a shared tablet each person has a store of
//! their own, with their own drafts and outbox; switching closes one and opens another, and is never refused.

import Foundation
import Observation
import Sanben

@MainActor
@Observable
public final class Shell {
  public enum State {
    case opening
    /// Nobody works here yet, or somebody new wants to: address and code from the desk.
    case enrolling(busy: Bool, failure: FieldFailure?)
    case working(User, Session)
    /// The store cannot be opened; it is kept as it is.
    case broken(User, FieldFailure)
  }

  public private(set) var state = State.opening
  public let users: Users
  public let settings: Settings
  /// Whether somebody is looking.
  public private(set) var front = false
  private let ports: any Ports
  private let clock: @Sendable () -> Date
  private let policy: SyncPolicy
  /// One change of person after the other.
  @ObservationIgnored private var last: Task<Void, Never>?
  @ObservationIgnored private var live: Task<Void, Never>?

  /// - Throws: where `root` cannot be written; nothing can be kept then.
  public init(
    _ root: URL, ports: any Ports, clock: @escaping @Sendable () -> Date = { Date() },
    policy: SyncPolicy = SyncPolicy()
  ) throws {
    users = try Users(root)
    settings = Settings(root.appendingPathComponent("settings.json"))
    self.ports = ports
    self.clock = clock
    self.policy = policy
  }

  public var texts: Texts { Texts(settings.settled.language) }

  /// Who works, as long as somebody does.
  public var session: Session? {
    if case .working(_, let session) = state { session } else { nil }
  }

  /// Opens the store of whoever worked last.
  public func start() {
    next { await self.openLast() }
  }

  private func openLast() async {
    if let user = users.last() {
      await open(user)
    } else {
      state = .enrolling(busy: false, failure: nil)
    }
  }

  public func `switch`(_ user: User) {
    next { await self.open(user) }
  }

  /// Somebody new: those who are here keep everything.
  public func welcome() {
    next {
      await self.leave()
      self.state = .enrolling(busy: false, failure: nil)
    }
  }

  public func speak(_ language: Language) {
    settings.change { $0.language = language }
    if case .working(let user, _) = state { self.switch(user) }
  }

  public func enrol(_ address: String, code: String) {
    next {
      self.state = .enrolling(busy: true, failure: nil)
      do {
        let user = try await self.enrolled(address, code)
        await self.open(user)
      } catch {
        self.state = .enrolling(busy: false, failure: failure(error))
      }
    }
  }

  private func enrolled(_ address: String, _ code: String) async throws -> User {
    let trimmed = { (text: String) in text.trimmingCharacters(in: .whitespacesAndNewlines) }
    let folder = try users.newFolder()
    guard let url = URL(string: trimmed(address)) else { throw FieldFailure.Network(detail: "no address") }
    let person = try await Field.open(folder).enrol(url: url, code: trimmed(code)).person
    return try users.add(folder, person: person)
  }

  private func open(_ user: User) async {
    await leave()
    state = .opening
    do {
      let session = Session(try await opened(user), texts: texts, ports: ports, clock: clock, policy: policy)
      try session.start()
      try users.works(user)
      state = .working(user, session)
      keepName(user, session)
      if front { follow(session) }
    } catch {
      state = .broken(user, failure(error))
    }
  }

  /// A call that was under way when its person left may hold the store a moment longer.
  private func opened(_ user: User) async throws -> Field {
    for _ in 0..<50 {
      do {
        return try await Field.open(user.folder)
      } catch FieldFailure.Busy {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    return try await Field.open(user.folder)
  }

  /// For the list of those who can work here: their store is closed while somebody else works.
  private func keepName(_ user: User, _ session: Session) {
    Task { [weak session, users] in
      await session?.follow { [weak session] in
        if let name = session?.names.me?.name,
          users.all.contains(where: { $0.id == user.id && $0.name != name })
        {
          try users.name(user, name)
        }
      }
    }
  }

  private func follow(_ session: Session) {
    live?.cancel()
    live = Task { await session.syncer.live() }
  }

  private func leave() async {
    live?.cancel()
    await session?.end()
  }

  /// Takes whoever works here off this device. Refused while anything of theirs is only here: `refused` is told what.
  /// Otherwise the next one works, or somebody is enrolled.
  public func remove(_ refused: @escaping @MainActor (Remaining) -> Void) {
    next {
      guard case .working(let user, let session) = self.state else { return }
      await session.attempt {
        let remaining = Remaining(try await session.device.counts())
        if remaining.anything { return refused(remaining) }
        await self.leave()
        let removed = Result { try self.users.remove(user) }
        await self.openLast()
        // What could not be moved away is still theirs: they go on working.
        if case .failure(let why) = removed { self.session?.tell(self.texts.of(failure(why))) }
      }.value
    }
  }

  /// The app is about to sleep: nothing is held open behind its back. Any call opens the store again.
  public func sleep() async {
    front = false
    live?.cancel()
    guard let session else { return }
    await session.syncer.stop()
    // What cannot be written out now is in the store's log, and is read from there.
    try? await session.device.suspend()
  }

  /// The app is in front: news comes by itself.
  public func wake() {
    front = true
    guard let session else { return }
    session.syncer.trigger(.noticed)
    follow(session)
  }

  /// The network is back.
  public func noticed() {
    if front { session?.syncer.trigger(.noticed) }
  }

  /// Waits until whoever was to work here does, or cannot.
  public func settled() async { await last?.value }

  private func next(_ step: @escaping @MainActor () async -> Void) {
    let before = last
    last = Task {
      await before?.value
      await step()
    }
  }
}

private func failure(_ error: any Error) -> FieldFailure {
  error as? FieldFailure ?? .File(detail: "\(type(of: error))")
}
