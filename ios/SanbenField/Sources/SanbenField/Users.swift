//! The stores on this device, each in a folder of its own under `users`, and who worked last.

import Foundation
import Observation
import Sanben

/// Somebody who works on this device.
public struct User: Hashable, Identifiable, Sendable {
  public var folder: URL
  public var person: String
  /// Empty until the first sync has brought names.
  public var name: String

  public var id: String { folder.lastPathComponent }
}

@MainActor
@Observable
public final class Users {
  public private(set) var all: [User] = []
  private let folders: URL
  private let lastWorked: URL
  private let gone: URL

  public init(_ root: URL) throws {
    folders = root.appendingPathComponent("users")
    lastWorked = root.appendingPathComponent("last-user.json")
    gone = root.appendingPathComponent("gone")
    try FileManager.default.createDirectory(at: folders, withIntermediateDirectories: true)
    sweep()
    read()
  }

  public func last() -> User? {
    let last = Kept.read(lastWorked, as: String.self)
    return all.first { $0.id == last } ?? all.first
  }

  public func works(_ user: User) throws { try Kept.write(user.id, to: lastWorked) }

  /// Where somebody new is enrolled. One that was begun and not finished is gone on with: its key may be the
  /// one that the server has just let in, when only the answer was lost.
  public func newFolder() throws -> URL {
    if let begun = try stores().first(where: { !FileManager.default.fileExists(atPath: card($0).path) }) {
      return begun
    }
    return try freshFolder()
  }

  /// Where nothing was begun.
  public func freshFolder() throws -> URL {
    let folder = folders.appendingPathComponent(UUID().uuidString, isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  public func add(_ folder: URL, person: String) throws -> User {
    let user = User(folder: folder, person: person, name: "")
    try write(user)
    return user
  }

  /// Whoever is gone leaves nothing behind. A kill halfway leaves a folder that is nobody's, swept up here or later.
  public func remove(_ user: User) throws {
    try FileManager.default.createDirectory(at: gone, withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: user.folder, to: gone.appendingPathComponent(user.id))
    read()
    sweep()
  }

  private func sweep() { try? FileManager.default.removeItem(at: gone) }

  public func name(_ user: User, _ name: String) throws {
    var named = user
    named.name = name
    try write(named)
  }

  private func write(_ user: User) throws {
    try Kept.write(Card(person: user.person, name: user.name), to: card(user.folder))
    read()
  }

  private func read() {
    let found = (try? stores()) ?? []
    all = found.compactMap { folder in
      Kept.read(card(folder), as: Card.self).map { User(folder: folder, person: $0.person, name: $0.name) }
    }.sorted { $0.person < $1.person }
  }

  private func stores() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folders, includingPropertiesForKeys: [.isDirectoryKey])
      .filter(\.hasDirectoryPath)
      .map { folders.appendingPathComponent($0.lastPathComponent, isDirectory: true) }
  }

  private func card(_ folder: URL) -> URL { folder.appendingPathComponent("user.json") }
}

/// What is known of a user before their store is opened.
private struct Card: Codable {
  var person: String
  var name: String
}
