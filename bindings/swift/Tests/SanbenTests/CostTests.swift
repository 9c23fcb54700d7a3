//! What it costs to cross into the core and back, as Kotlin's CostTest measures it; `docs/benchmarks.md` says how to run
//! it with the library of a phone.

import Foundation
import SanbenCore
import Testing

private let records = 1_000
private let page: Int32 = 100
private let observers = 50

@Suite(.enabled(if: ProcessInfo.processInfo.environment["SANBEN_COST"] == "1"))
struct CostTests {
  @Test func costOfCalls() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let desk = try Desk(in: folder)
    try desk.start()
    defer { desk.stop() }
    let phone = try Field.open(dir: folder.appendingPathComponent("phone").path)
    _ = try phone.enrol(url: desk.url.absoluteString, code: desk.invite("U008"))
    _ = try phone.sync(progress: nil, cancel: nil, budget: nil)
    for at in 0..<records {
      _ = try phone.record(problem: NewCase(point: "P011", description: "第\(at)处垃圾"))
    }

    told("a call that does nothing", try median(5_000) { _ = try phone.nextTry() })
    let query = CaseQuery(limit: page)
    try #require(phone.casesPage(query: query, after: nil).rows.count == Int(page))
    told("a page of 100 cases", try median(300) { _ = try phone.casesPage(query: query, after: nil) })
    try #require(phone.outbox(limit: Int32(records)).count == records)
    told("1,000 records", try median(50) { _ = try phone.outbox(limit: Int32(records)) })

    let draft = try phone.draft()
    var typed = 0
    // Other words each time, as when somebody types: the same again would not be written at all.
    let save = {
      typed += 1
      try phone.draftSet(draft: draft, value: .description(words: "告示栏歪了\(typed)"))
    }
    told("a field of a draft, durable", try median(300, save))

    // From the first to the last that hear of one change: what the disk takes is not in it.
    let times = Times()
    let heard = try (0..<observers).map {
      try phone.observe(observer: Listener(times, last: $0 == observers - 1))
    }
    let spans = try (0..<300).map { _ in
      try save()
      return times.span / Double(observers - 1)
    }
    withExtendedLifetime(heard) {}
    told("a callback", spans.sorted()[spans.count / 2])
  }

  /// In microseconds, after as many that are not counted.
  private func median(_ times: Int, _ work: () throws -> Void) rethrows -> Double {
    for _ in 0..<times { try work() }
    let clock = ContinuousClock()
    let took = try (0..<times).map { _ in try clock.measure(work) }
    return took.sorted()[times / 2] / .microseconds(1)
  }

  private func told(_ what: String, _ micros: Double) {
    print("cost | Swift | \(what) | \(String(format: "%.1f", micros)) µs")
  }
}

/// When the first observer of a change heard of it, and how much later the last one did.
private final class Times: @unchecked Sendable {
  var first: ContinuousClock.Instant?
  /// In microseconds.
  var span = 0.0
}

/// Told one after the other, by the thread that made the change.
private final class Listener: FieldObserver {
  private let times: Times
  private let last: Bool

  init(_ times: Times, last: Bool) {
    self.times = times
    self.last = last
  }

  func changed(changes: Changes) {
    let now = ContinuousClock.now
    let first = times.first ?? now
    times.first = last ? nil : first
    if last { times.span = (now - first) / .microseconds(1) }
  }
}
