//! The office's side of the scenario: a real server with made-up reference data, by the `sanben` binary that
//! SANBEN_BIN names.

import Foundation
import Testing

/// The project's made-up reference data: five folders up from this file.
let data = (0..<5).reduce(URL(fileURLWithPath: #filePath)) { folder, _ in folder.deletingLastPathComponent() }
  .appendingPathComponent("data")

final class Desk {
  private let folder: URL
  private let office: URL
  private var server: URL
  private let sanben: URL
  private var listen = "127.0.0.1:0"
  private var serving: Process?

  var url: URL { URL(string: "http://\(listen)")! }

  init(in folder: URL) throws {
    self.folder = folder
    office = folder.appendingPathComponent("office")
    server = folder.appendingPathComponent("server")
    let binary = ProcessInfo.processInfo.environment["SANBEN_BIN"]
    sanben = URL(fileURLWithPath: try #require(binary, "SANBEN_BIN must name the binary"))
    try FileManager.default.copyItem(at: data.appendingPathComponent("park"), to: office)
    // Rules and duties hold from a day that lies in the past on any machine.
    for name in ["rules.toml", "assignments.csv"] {
      try rewrite(name, "2026-01-01", "2020-01-01")
    }
    try publish()
  }

  func rewrite(_ name: String, _ old: String, _ new: String) throws {
    let file = office.appendingPathComponent(name)
    let text = try String(contentsOf: file, encoding: .utf8)
    try #require(text.contains(old), "\(old) is not in \(name)")
    try text.replacingOccurrences(of: old, with: new)
      .write(to: file, atomically: true, encoding: .utf8)
  }

  func publish() throws {
    _ = try run("import", office.path)
  }

  func invite(_ person: String, minutes: Int = 15) throws -> String {
    try #require(run("invite", person, "--minutes", "\(minutes)")["code"] as? String)
  }

  func revoke(_ device: UUID) throws {
    _ = try run("revoke", device.uuidString.lowercased())
  }

  /// What the desk reads out for what a locked device shows.
  func recoveryCode(_ shown: String) throws -> String {
    try #require(run("recovery-code", shown)["code"] as? String)
  }

  func refuseReviewed(_ reason: String) throws {
    let work = try #require(run("review")["work"] as? [[String: Any]])
    let change = try #require(work.first?["change"] as? String)
    _ = try run("review", change, "--refuse", "--reason", reason)
  }

  func backUp(to file: URL) throws {
    _ = try run("backup", file.path)
  }

  /// In the place of the server, which has stopped; what came after the backup is lost.
  func restore(from file: URL) throws {
    server = folder.appendingPathComponent("restored")
    _ = try run("restore", file.path)
  }

  func start() throws {
    let process = process("serve", "--listen", listen)
    // Its log would be noise unless something fails.
    let log = folder.appendingPathComponent("server.log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.standardError = try FileHandle(forWritingTo: log)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    serving = process
    var announced = Data()
    while !announced.suffix(2).elementsEqual(Data("}\n".utf8)) {
      let piece = output.fileHandleForReading.availableData
      try #require(!piece.isEmpty, "the server ended, see \(log.path)")
      announced += piece
    }
    let url = try #require(object(announced)["url"] as? String)
    // After a stop it comes back where its devices look for it.
    listen = String(url.dropFirst("http://".count))
  }

  /// The hard way: started from one of Dispatch's threads it has their signal mask and hears no SIGTERM. It
  /// loses nothing by it.
  func stop() {
    guard let serving else { return }
    kill(serving.processIdentifier, SIGKILL)
    serving.waitUntilExit()
    self.serving = nil
  }

  private func process(_ verb: String, _ arguments: String...) -> Process {
    let process = Process()
    process.executableURL = sanben
    process.arguments = [verb, "--json", "--dir", server.path] + arguments
    return process
  }

  private func run(_ verb: String, _ arguments: String...) throws -> [String: Any] {
    let process = process(verb)
    process.arguments! += arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "sanben \(verb): \(String(decoding: answer, as: UTF8.self))")
    return try object(answer)
  }

  private func object(_ json: Data) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
  }
}
