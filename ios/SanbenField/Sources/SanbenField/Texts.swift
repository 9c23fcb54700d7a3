//! The texts that people read. Both apps read the same two catalogues.

import Foundation

/// A language that people read; Chinese comes first.
public enum Language: String, CaseIterable, Codable, Sendable {
  case chinese = "zh-CN"
  case english = "en"
}

/// The texts of one language. A text may have places such as `{n}`; one that counts `{n}` may have a form of
/// its own for exactly one, under its name with `.one`.
public struct Texts: Sendable {
  public let language: Language
  private let entries: [String: String]

  public init(_ language: Language) {
    self.language = language
    entries = Self.catalogues[language, default: [:]]
  }

  public subscript(_ key: String, _ places: KeyValuePairs<String, any CustomStringConvertible>) -> String {
    let one = places.contains { $0.key == "n" && $0.value.description == "1" }
    // A key without a text shows itself, and a test finds it.
    let text = (one ? entries["\(key).one"] : nil) ?? entries[key] ?? key
    return places.reduce(text) { filled, place in
      filled.replacingOccurrences(of: "{\(place.key)}", with: place.value.description)
    }
  }

  public subscript(_ key: String) -> String { self[key, [:]] }

  /// Every text of a language, by key.
  public static func catalogue(_ language: Language) -> [String: String] {
    catalogues[language, default: [:]]
  }

  private static let catalogues: [Language: [String: String]] = [
    .chinese: parsed(PackageResources.zh_CN_properties),
    .english: parsed(PackageResources.en_properties),
  ]

  private static func parsed(_ file: [UInt8]) -> [String: String] {
    var entries: [String: String] = [:]
    for line in String(decoding: file, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      // A blank at the end is written so that Java, and an editor, leave it there.
      entries[String(parts[0])] = parts[1].replacingOccurrences(of: "\\u0020", with: " ")
    }
    return entries
  }
}
