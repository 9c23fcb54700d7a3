//! A store as an older version of this program wrote it: the schema of that version, made by its own migrations,
//! filled with what today's store holds.

import Foundation
import Testing

struct OlderStore {
  private typealias Open =
    @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
  private typealias Row =
    @convention(c) (
      UnsafeMutableRawPointer?, Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
      UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32
  private typealias Execute =
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>, Row?, UnsafeMutableRawPointer?,
      UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32
  private typealias Close = @convention(c) (OpaquePointer?) -> Int32

  private nonisolated(unsafe) static let library =
    dlopen("libsqlite3.so.0", RTLD_NOW) ?? dlopen("libsqlite3.dylib", RTLD_NOW)

  /// The system's own SQLite does it: the core's is not to be called by others.
  static var possible: Bool { library != nil }

  private static let folder = data.deletingLastPathComponent().appendingPathComponent(
    "core/store/src/migrations")

  /// How many versions there have been.
  static func versions() -> Int { (try? inside(folder).count) ?? 0 }

  private let execute: Execute
  private var database: OpaquePointer?

  /// Turns a closed store back to a version.
  static func turnBack(_ store: URL, to version: Int) throws {
    let (file, older) = (store.appendingPathComponent("sanben.db"), store.appendingPathComponent("older.db"))
    let tool = try OlderStore(older)
    for migration in try inside(folder).prefix(version) {
      try tool.run(String(contentsOf: migration, encoding: .utf8))
    }
    try tool.run("ATTACH '\(file.path)' AS newer")
    let application = try #require(try tool.rows("PRAGMA newer.application_id").first)
    try tool.run("PRAGMA main.application_id = \(application)")
    let tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    for table in try tool.rows(tables) {
      let columns = try tool.rows(
        """
        SELECT '"' || a.name || '"' FROM pragma_table_info('\(table)', 'main') a
        JOIN pragma_table_info('\(table)', 'newer') b USING (name)
        """
      ).joined(separator: ", ")
      try tool.run("INSERT OR REPLACE INTO main.\(table) (\(columns)) SELECT \(columns) FROM newer.\(table)")
    }
    // What can be made again it has in a form of its own.
    try tool.run("DELETE FROM main.meta WHERE key LIKE 'projection%'")
    try tool.run("DETACH newer; PRAGMA user_version = \(version); PRAGMA journal_mode = WAL")
    tool.close()
    for name in ["sanben.db", "sanben.db-wal", "sanben.db-shm"] {
      try? FileManager.default.removeItem(at: store.appendingPathComponent(name))
    }
    try FileManager.default.moveItem(at: older, to: file)
  }

  /// Marks a closed store as one of a version that nobody has yet.
  static func turnForward(_ store: URL) throws {
    let tool = try OlderStore(store.appendingPathComponent("sanben.db"))
    try tool.run("PRAGMA user_version = 99")
    tool.close()
  }

  private init(_ file: URL) throws {
    let open: Open = try Self.symbol("sqlite3_open")
    execute = try Self.symbol("sqlite3_exec")
    try #require(open(file.path, &database) == 0)
  }

  private static func symbol<Function>(_ name: String) throws -> Function {
    unsafeBitCast(try #require(dlsym(library, name)), to: Function.self)
  }

  private func close() {
    let close: Close? = try? Self.symbol("sqlite3_close")
    _ = close?(database)
  }

  private func run(_ sql: String) throws { _ = try rows(sql) }

  /// The first column of each row.
  private func rows(_ sql: String) throws -> [String] {
    final class Rows { var all: [String] = [] }
    let rows = Rows()
    let status = execute(
      database, sql,
      { context, _, values, _ in
        let rows = Unmanaged<Rows>.fromOpaque(context!).takeUnretainedValue()
        if let value = values?[0] { rows.all.append(String(cString: value)) }
        return 0
      }, Unmanaged.passUnretained(rows).toOpaque(), nil)
    try #require(status == 0, "SQLite says \(status) to \(sql.prefix(200))")
    return rows.all
  }
}
