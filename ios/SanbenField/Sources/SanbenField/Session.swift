//! One person at work on one device: what every screen of theirs shares.

import Foundation
import Observation
import Sanben

/// The store for as long as somebody works with it. Letting it go closes it; whoever asks after that ends.
@MainActor
final class Hold {
  private var field: Field?

  init(_ field: Field) { self.field = field }

  func callAsFunction() throws -> Field {
    guard let field else { throw CancellationError() }
    return field
  }

  func letGo() { field = nil }
}

@MainActor
@Observable
public final class Session {
  public let texts: Texts
  public let moments: Moments
  public let syncer: Syncer
  public let navigator = Navigator()
  @ObservationIgnored public private(set) lazy var reminders = Reminders(self)
  /// Who and what the codes in records stand for.
  public private(set) var names = Names()
  /// Something the person has to be told, until they have seen it.
  public private(set) var notice: String?
  public let ports: any Ports
  private let hold: Hold
  @ObservationIgnored private var listeners: [UUID: AsyncStream<Void>.Continuation] = [:]
  @ObservationIgnored private var following: Task<Void, Never>?
  @ObservationIgnored private var reading: Task<Void, Never>?
  @ObservationIgnored private var stale = (anything: false, names: false)

  public init(
    _ field: Field, texts: Texts, ports: any Ports, clock: @escaping @Sendable () -> Date = { Date() },
    policy: SyncPolicy = SyncPolicy()
  ) {
    self.texts = texts
    self.ports = ports
    moments = Moments(texts, clock: clock)
    hold = Hold(field)
    syncer = Syncer(hold, clock: clock, policy: policy)
  }

  /// The store, until the session ends.
  public var device: Field {
    get throws { try hold() }
  }

  public func start() throws {
    let changes = try device.changes()
    following = Task { [weak self] in
      for await change in changes { self?.noted(names: change.reference) }
    }
    noted(names: true)
    syncer.trigger(.noticed)
  }

  /// Batches that come while the last one is still being read are read as one.
  private func noted(names: Bool) {
    stale = (true, stale.names || names)
    guard reading == nil else { return }
    reading = Task { [weak self] in
      await self?.read()
      self?.reading = nil
    }
  }

  private func read() async {
    while stale.anything {
      let names = stale.names
      stale = (false, false)
      await told {
        if names { self.names = try await Names.read(self.device) }
        try await self.syncer.count()
      }
      for listener in listeners.values { listener.yield() }
      await told { try await self.reminders.load() }
    }
  }

  /// Loads at once and after every change, until the task is cancelled, as it is when a screen goes away.
  func follow(_ load: @escaping @MainActor () async throws -> Void) async {
    let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let id = UUID()
    listeners[id] = continuation
    defer { listeners[id] = nil }
    continuation.yield()
    for await _ in changes { await told(load) }
  }

  public func tell(_ notice: String) { self.notice = notice }

  public func seen() { notice = nil }

  /// Does what a person asked for; what goes wrong is told in their language.
  @discardableResult
  func attempt(_ work: @escaping @MainActor () async throws -> Void) -> Task<Void, Never> {
    Task { await told(work) }
  }

  /// Writes something into a place of its own and hands it to the person; nothing of it stays behind.
  @discardableResult
  func give(_ name: String, write: (URL) async throws -> Void) async throws -> Bool {
    let files = FileManager.default
    let desk = files.temporaryDirectory.appendingPathComponent(
      "given-\(UUID().uuidString)", isDirectory: true)
    defer { try? files.removeItem(at: desk) }
    do {
      try files.createDirectory(at: desk, withIntermediateDirectories: true)
      let written = desk.appendingPathComponent(name)
      try await write(written)
      return try await ports.give(written)
    } catch let failure as CocoaError {
      throw FieldFailure.FileNotWritten(detail: "\(failure.code.rawValue)")
    }
  }

  /// Gives this person's records another PIN.
  public func changePin(_ old: String, to new: String) {
    attempt {
      try await self.device.changePin(old: old, new: new)
      self.tell(self.texts["pin.changed"])
    }
  }

  private func told(_ work: @MainActor () async throws -> Void) async {
    do {
      try await work()
    } catch let failure as FieldFailure {
      tell(texts.of(failure))
    } catch is CancellationError {
      // The session or the screen has ended.
    } catch {
      tell(texts.of(.Unexpected(detail: "\(type(of: error))")))
    }
  }

  /// Always possible: what is not delivered stays in the store of whoever recorded it.
  public func end() async {
    following?.cancel()
    reminders.end()
    await syncer.stop()
    let field = try? device
    // First: a call that begins only now, or a reading that goes on, would open the store again behind the back of
    // whoever comes next.
    hold.letGo()
    for listener in listeners.values { listener.finish() }
    await reading?.value
    // A question for a poke may still be open and would hold the store.
    try? await field?.suspend()
  }
}
