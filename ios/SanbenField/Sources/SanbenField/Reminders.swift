//! What this device reminds of: by itself before something is due, never in the quiet hours, and where the person set one.

import Foundation
import Observation
import Sanben

/// A reminder still to come.
public struct ReminderLine: Hashable, Identifiable, Sendable {
  public var at: Date
  /// By when it has to be done, where that is why.
  public var due: Date?
  public var document: Uuid
  public var title: String
  /// The person set it.
  public var own: Bool

  public var id: Self { self }
}

/// What the system is asked to say at an instant. It lies outside the encrypted store: nothing of a record stands in it.
public struct Alarm: Hashable, Sendable {
  public var at: Date
  public var text: String
}

@MainActor
@Observable
public final class Reminders {
  /// Those that the person set and whose hour has come, until they are taken back.
  public private(set) var come: [ReminderLine] = []
  public private(set) var coming: [ReminderLine] = []
  /// As the core has it until somebody sets another.
  public private(set) var plan = ReminderPlan(before: [1440, 120], quietFrom: "21:00", quietUntil: "07:00")
  /// Whether the system shows them while the app sleeps.
  public private(set) var shown = true
  private unowned let session: Session
  @ObservationIgnored private var loading: Task<Void, any Error>?
  @ObservationIgnored private var next: Task<Void, Never>?

  init(_ session: Session) { self.session = session }

  /// Reads them again, after a change; `asking` when the person has just asked to be reminded.
  func load(asking: Bool = false) async throws {
    // One after the other: the system would keep alarms of both.
    let before = loading
    let task = Task {
      _ = await before?.result
      try await read(asking)
    }
    loading = task
    try await task.value
  }

  private func read(_ asking: Bool) async throws {
    let device = try session.device
    var byItself: [Reminder] = []
    do {
      byItself = try await device.reminders()
    } catch FieldFailure.NothingYet {}
    let own = try await device.ownReminders().map {
      ReminderLine(at: $0.at, document: $0.document, title: $0.title, own: true)
    }
    let kept = try await device.reminderPlan()
    let now = session.moments.now()
    let lines =
      byItself.map {
        ReminderLine(at: $0.at, due: $0.due, document: $0.document, title: $0.title, own: false)
      } + own.filter { $0.at > now }
    (come, coming, plan) = (own.filter { $0.at <= now }, lines.sorted { $0.at < $1.at }, kept)
    again(coming.map(\.at).first { $0 > now })
    shown = await session.ports.remind(alarms(coming), asking: asking)
  }

  /// Whoever is looking when the hour comes sees it come.
  private func again(_ at: Date?) {
    next?.cancel()
    guard let at else { return }
    let wait = at.timeIntervalSince(session.moments.now()) + 0.001
    next = Task { [weak self] in
      do { try await Task.sleep(for: .seconds(wait)) } catch { return }
      self?.session.attempt { try await self?.load() }
    }
  }

  /// Nothing comes any more when its person has gone.
  func end() { next?.cancel() }

  /// The one that the person set of this, come or still to come.
  public func own(_ document: Uuid) -> ReminderLine? {
    (come + coming).first { $0.own && $0.document == document }
  }

  /// Shows what a reminder is of.
  public func open(_ line: ReminderLine) {
    session.attempt {
      if let shown = try await self.session.shown(line.document) { self.session.navigator.open(shown.route) }
    }
  }

  /// As many as any system keeps.
  private func alarms(_ coming: [ReminderLine]) -> [Alarm] {
    let (texts, moments) = (session.texts, session.moments)
    return coming.prefix(32).map { line in
      // Read at the hour it comes: a day is named by its date.
      let text = line.due.map { texts["reminder.alarm", ["time": moments.dated($0)]] }
      return Alarm(at: line.at, text: text ?? texts["reminder.own-alarm"])
    }
  }

  /// Once, in the place of one set earlier; `nil` for not any more.
  public func remind(_ document: Uuid, at: Date?) {
    session.attempt {
      try await self.session.device.remindOf(document: document, at: at)
      try await self.load(asking: at != nil)
    }
  }

  public func change(_ how: (inout ReminderPlan) -> Void) {
    var changed = plan
    how(&changed)
    session.attempt {
      try await self.session.device.setReminderPlan(plan: changed)
      try await self.load(asking: true)
    }
  }

  /// Reminds so long before something is due, or no longer so.
  public func toggle(_ minutes: UInt32) {
    change { plan in
      if let at = plan.before.firstIndex(of: minutes) {
        plan.before.remove(at: at)
      } else {
        plan.before = (plan.before + [minutes]).sorted(by: >)
      }
    }
  }

  /// What is most often meant: in an hour, this evening, tomorrow morning, in a week.
  public func offered() -> [(text: String, at: Date)] {
    let (texts, moments) = (session.texts, session.moments)
    let minutes = (moments.now().timeIntervalSinceReferenceDate / 60).rounded(.down)
    let soon = Date(timeIntervalSinceReferenceDate: minutes * 60 + 3600)
    let evening = moments.instant(moments.today(), minute: 17 * 60)
    return [
      (texts["reminder.in-hour"], soon),
      evening > soon ? (texts["reminder.evening"], evening) : nil,
      (texts["reminder.tomorrow"], moments.instant(moments.today().moved(days: 1), minute: 8 * 60)),
      (texts["reminder.week"], moments.instant(moments.today().moved(days: 7), minute: 8 * 60)),
    ].compactMap { $0 }
  }

  /// The next ones, each case or matter once.
  public func soon(_ now: Date) -> [ReminderLine] {
    var (few, told): ([ReminderLine], Set<Uuid>) = ([], [])
    for line in coming where line.at > now && line.at < now.addingTimeInterval(24 * 3600) {
      if few.count < 3, told.insert(line.document).inserted { few.append(line) }
    }
    return few
  }
}

extension ReminderPlan {
  /// Nobody is reminded in the quiet hours of what can wait; `minute` counts from midnight.
  public func isQuiet(minute: Int) -> Bool {
    let (from, until) = (Self.minutes(quietFrom), Self.minutes(quietUntil))
    return from <= until ? (from..<until).contains(minute) : !(until..<from).contains(minute)
  }

  /// With the quiet hours begun, or ended, so many hours later.
  public mutating func quiet(beginsLater: Int = 0, endsLater: Int = 0) {
    quietFrom = Self.later(quietFrom, beginsLater)
    quietUntil = Self.later(quietUntil, endsLater)
  }

  private static func minutes(_ clock: String) -> Int {
    let parts = clock.split(separator: ":").compactMap { Int($0) } + [0, 0]
    return parts[0] * 60 + parts[1]
  }

  private static func later(_ clock: String, _ hours: Int) -> String {
    let moved = (minutes(clock) + hours * 60 + 24 * 60) % (24 * 60)
    return padded(moved / 60, 2) + ":" + padded(moved % 60, 2)
  }
}
