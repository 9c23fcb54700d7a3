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
    /// Somebody's records want their PIN. Whoever else works here can be chosen all the same.
    case locked(User, Unlocking)
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
  private let locksAfter: Duration
  /// One change of person after the other.
  @ObservationIgnored private var last: Task<Void, Never>?
  @ObservationIgnored private var live: Task<Void, Never>?
  /// One for each folder that was asked for: the wait after wrong PINs is counted while it lives.
  @ObservationIgnored private var vaults: [String: Vault] = [:]
  /// By a clock that goes on while the phone sleeps, and that nobody sets.
  @ObservationIgnored private var asleepSince: ContinuousClock.Instant?

  /// - Throws: where `root` cannot be written; nothing can be kept then.
  public init(
    _ root: URL, ports: any Ports, clock: @escaping @Sendable () -> Date = { Date() },
    policy: SyncPolicy = SyncPolicy(), locksAfter: Duration = .seconds(5 * 60)
  ) throws {
    users = try Users(root)
    settings = Settings(root.appendingPathComponent("settings.json"))
    self.ports = ports
    self.clock = clock
    self.policy = policy
    self.locksAfter = locksAfter
  }

  public var texts: Texts { Texts(settings.settled.language) }

  /// Whether whoever comes chooses a PIN.
  public var encrypting: Bool { ports.keystore != nil && encrypts() }

  private func vault(_ folder: URL) -> Vault? {
    guard encrypting, let keystore = ports.keystore else { return nil }
    let name = folder.lastPathComponent
    let vault = vaults[name] ?? Vault(folder: folder, keystore: keystore)
    vaults[name] = vault
    return vault
  }

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

  public func enrol(_ address: String, code: String, pin: String = "") {
    next {
      self.state = .enrolling(busy: true, failure: nil)
      do {
        let (user, field) = try await self.enrolled(address, code, pin)
        await self.enter(user, field)
      } catch {
        self.state = .enrolling(busy: false, failure: FieldFailure(of: error))
      }
    }
  }

  private func enrolled(_ address: String, _ code: String, _ pin: String) async throws -> (User, Field) {
    guard let url = URL(string: address.trimmed) else { throw FieldFailure.Network(detail: "no address") }
    let (folder, field) = try await begun(pin)
    let person = try await field.enrol(url: url, code: code.trimmed).person
    return (try users.add(folder, person: person), field)
  }

  /// Where somebody new begins. What was begun under another PIN, or has lost its key, is left alone.
  private func begun(_ pin: String) async throws -> (URL, Field) {
    let folder = try users.newFolder()
    guard let vault = vault(folder) else { return (folder, try await opened(folder)) }
    if isWeakPin(pin: pin) { throw FieldFailure.Invalid(reason: .weakPin) }
    do {
      switch try await vault.state() {
      case .new: return (folder, try await vault.create(pin: pin))
      case .locked: return (folder, try await vault.unlock(pin: pin))
      case .plain: return (folder, try await vault.encrypt(pin: pin))
      case .lost: break
      }
    } catch FieldFailure.WrongPin {
    } catch FieldFailure.PinWait {}
    let fresh = try users.freshFolder()
    guard let another = self.vault(fresh) else { throw FieldFailure.NotEncrypting }
    return (fresh, try await another.create(pin: pin))
  }

  private func open(_ user: User) async {
    await leave()
    state = .opening
    do {
      if let vault = vault(user.folder) {
        switch try await vault.state() {
        case .locked: return lock(user, vault, choosing: false)
        case .plain: return lock(user, vault, choosing: true)
        case .lost: throw FieldFailure.KeyLost(detail: "")
        case .new: break
        }
      }
      await enter(user, try await opened(user.folder))
    } catch {
      state = .broken(user, FieldFailure(of: error))
    }
  }

  private func lock(_ user: User, _ vault: Vault, choosing: Bool) {
    let unlocking = Unlocking(vault, of: user.folder, choosing: choosing) { [weak self] unlocking, field in
      self?.next {
        guard case .locked(let user, let here) = self?.state, here === unlocking else { return }
        await self?.enter(user, field)
      }
    }
    state = .locked(user, unlocking)
  }

  private func enter(_ user: User, _ field: Field) async {
    do {
      let session = Session(field, texts: texts, ports: ports, clock: clock, policy: policy)
      try session.start()
      try users.works(user)
      state = .working(user, session)
      keepName(user, session)
      if front { follow(session) }
    } catch {
      state = .broken(user, FieldFailure(of: error))
    }
  }

  private func opened(_ folder: URL) async throws -> Field {
    try await patiently { try await Field.open(folder) }
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
        self.vaults[user.id] = nil
        _ = await self.ports.remind([], asking: false)
        await self.openLast()
        // What could not be moved away is still theirs: they go on working.
        if case .failure(let why) = removed { self.session?.tell(self.texts.of(FieldFailure(of: why))) }
      }.value
    }
  }

  /// The app is about to sleep: nothing is held open behind its back. Any call opens the store again.
  public func sleep() async {
    front = false
    asleepSince = asleepSince ?? .now
    live?.cancel()
    guard let session else { return }
    await session.syncer.stop()
    // What cannot be written out now is in the store's log, and is read from there.
    try? await session.device.suspend()
  }

  /// The app is in front: news comes by itself.
  public func wake() {
    front = true
    let slept = asleepSince.map { ContinuousClock.now - $0 } ?? .zero
    asleepSince = nil
    guard case .working(let user, let session) = state else { return }
    if slept >= locksAfter, vault(user.folder) != nil { return self.switch(user) }
    session.syncer.trigger(.noticed)
    // Reminders may have come meanwhile.
    session.attempt { try await session.reminders.load() }
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

/// A call that was under way when its person left may hold the store a moment longer.
@MainActor
func patiently<Value>(_ work: @MainActor () async throws -> Value) async throws -> Value {
  for _ in 0..<50 {
    do {
      return try await work()
    } catch FieldFailure.Busy {
      try await Task.sleep(for: .milliseconds(100))
    }
  }
  return try await work()
}

extension FieldFailure {
  /// What the system threw is told as a file that could not be read or written.
  init(of error: any Error) {
    self = error as? FieldFailure ?? .File(detail: "\(type(of: error))")
  }
}
