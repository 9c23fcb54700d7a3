//! A full storage is said, what was typed stays on the screen, and saving again saves it.

import Foundation
import Sanben
import Testing

@testable import SanbenField

#if os(Linux)
  @MainActor
  @Suite(.serialized, .enabled(if: getuid() == 0, "only root can make a small disk"))
  struct StorageTests {
    @Test func whatCannotBeSavedStaysAndIsSavedOnceThereIsRoom() async throws {
      try await Scene.play { scene in
        let disk = scene.folder.appendingPathComponent("disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        try run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.path)
        defer { try? run("umount", "-l", disk.path) }
        let field = try await Field.open(disk.appendingPathComponent("store"))
        _ = try await field.enrol(url: scene.desk.url, code: scene.desk.invite(inspector))
        try await field.sync()
        let session = Session(field, texts: Texts(.chinese), ports: Hands())
        try session.start()
        try await until("at work", or: session) {
          session.syncer.state.lastSuccess != nil && !session.syncer.state.running
        }
        try await typedOnAFullDisk(session, disk)
        await session.end()
      }
    }

    private func typedOnAFullDisk(_ session: Session, _ disk: URL) async throws {
      let recording = Recording(session)
      recording.begin()
      var words = "南入口有大片垃圾"
      recording.write(words)
      await recording.settled()
      #expect(recording.unsaved == nil)
      let ballast = fill(disk)
      for _ in 0..<200 where recording.unsaved == nil {
        words += "，还有很多很多"
        recording.write(words)
        await recording.settled()
      }
      #expect(recording.unsaved == .Full && recording.words == words)
      #expect(!recording.canReport, "what is not saved is not reported")
      recording.photo()
      try await until("a place", or: session) { recording.fix != nil }
      await recording.settled()
      #expect(recording.photos.isEmpty, "nobody is told that it was kept")
      try FileManager.default.removeItem(at: ballast)
      recording.saveAgain()
      await recording.settled()
      #expect(recording.unsaved == nil)
      let kept = try await session.device.drafts()
      #expect(kept.map(\.description) == [words] && kept.map(\.photos.count) == [1])
      recording.report()
      try await until("reported", or: session) { recording.reported != nil }
    }

    private func fill(_ disk: URL) -> URL {
      let ballast = disk.appendingPathComponent("ballast")
      let file = open(ballast.path, O_WRONLY | O_CREAT, 0o600)
      var piece = Data(count: 4 << 20)
      while !piece.isEmpty {
        let written = piece.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        if written < piece.count { piece = Data(count: piece.count / 2) }
      }
      close(file)
      return ballast
    }

    private func run(_ command: String...) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = command
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "\(command)")
    }
  }
#endif
