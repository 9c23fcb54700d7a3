//! What it costs to cross into the core and back; docs/benchmarks.md says how to run it with the library of a phone.
//! CostTest.kt measures the same.

import Foundation
import Sanben
import Testing

private final class Deaf: FieldObserver {
  func changed(changes: Changes) throws {}
}

@Suite(.enabled(if: ProcessInfo.processInfo.environment["SANBEN_COST"] == "1"))
struct CostTests {
  private func median(_ times: Int, _ work: () throws -> Void) throws -> Double {
    for _ in 0..<times { try work() }
    var took: [UInt64] = []
    for _ in 0..<times {
      let begun = DispatchTime.now().uptimeNanoseconds
      try work()
      took.append(DispatchTime.now().uptimeNanoseconds - begun)
    }
    return Double(took.sorted()[times / 2]) / 1_000
  }

  private func told(_ what: String, _ micros: Double) {
    print("cost | Swift | \(what) | \(String(format: "%.1f", micros)) µs")
  }

  @Test func costOfCalls() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let desk = try Desk(in: folder)
    defer { desk.stop() }
    try desk.start()
    let phone = try Field.open(dir: folder.appendingPathComponent("phone").path)
    _ = try phone.enrol(url: desk.url, code: desk.invite("U008"))
    _ = try phone.sync()
    let (records, page, observers) = (1_000, 100, 50)
    for number in 0..<records {
      _ = try phone.record(problem: NewCase(point: "P011", description: "第\(number)处垃圾"))
    }
    told("a call that does nothing", try median(5_000) { _ = try phone.nextTry() })
    let query = CaseQuery(limit: Int32(page))
    #expect(try phone.casesPage(query: query).rows.count == page)
    told("a page of 100 cases", try median(300) { _ = try phone.casesPage(query: query) })
    #expect(try phone.outbox(limit: Int32(records)).count == records)
    told("1,000 records", try median(50) { _ = try phone.outbox(limit: Int32(records)) })
    let draft = try phone.draft()
    let save = { try phone.draftSet(draft: draft, value: .description("告示栏歪了")) }
    let alone = try median(300, save)
    let heard = try (0..<observers).map { _ in try phone.observe(observer: Deaf()) }
    told("a callback", (try median(300, save) - alone) / Double(observers))
    for one in heard { try one.stop() }
    told("a field of a draft, durable", alone)
  }
}
