//! A few words kept in a file; replaced as a whole, so that a kill leaves the old ones or the new.

import Foundation

enum Kept {
  /// `nil` where there is no such file, or where it is of another kind.
  static func read<Words: Decodable>(_ file: URL, as words: Words.Type) -> Words? {
    guard let data = try? Data(contentsOf: file) else { return nil }
    return try? JSONDecoder().decode(words, from: data)
  }

  static func write<Words: Encodable>(_ words: Words, to file: URL) throws {
    try JSONEncoder().encode(words).write(to: file, options: .atomic)
  }
}
