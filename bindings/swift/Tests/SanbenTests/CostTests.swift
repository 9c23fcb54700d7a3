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
    let save = { try phone.draftSet(draft: draft, value: .description(words: "告示栏歪了")) }
    let alone = try median(300, save)
    let heard = try (0..<observers).map { _ in try phone.observe(observer: Deaf()) }
    told("a callback", (try median(300, save) - alone) / Double(observers))
    try withExtendedLifetime(heard) {}
    told("a field of a draft, durable", alone)
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

private final class Deaf: FieldObserver {
  func changed(changes: Changes) {}
}
