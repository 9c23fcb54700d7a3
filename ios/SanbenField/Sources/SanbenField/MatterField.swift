//! One field of a form as somebody fills it in.

import Foundation
import Sanben

/// Something to choose, as a person reads it.
public struct Option: Hashable, Sendable {
  public var value: FieldValue
  public var title: String
  public var hint: String?
}

public struct FieldEntry: Hashable, Identifiable, Sendable {
  public var name: String
  public var label: String
  public var shape: FieldShape
  public var required: Bool
  /// It belongs to the matter's header.
  public var header = false
  /// As it stands in the line: words, a number, a fraction, a time.
  public var typed = ""
  public var chosen: [Option] = []
  public var offered: [Option] = []
  /// Those in the draft.
  public var photos: [PhotoHash] = []
  public var flaw: FieldFlaw?

  public var id: String { name }

  /// More than one can be chosen.
  public var several: Bool {
    switch shape {
    case .points, .documents: true
    default: false
    }
  }

  public var empty: Bool { typed.isBlank && chosen.isEmpty && photos.isEmpty }

  /// What will be recorded; `nil` for nothing, or for what cannot be read.
  var value: FieldValue? {
    let line = typed.trimmingCharacters(in: .whitespacesAndNewlines)
    switch shape {
    case .text: return line.isEmpty ? nil : .text(text: line)
    case .count: return Int64(halfWidth(line)).map { .count(count: $0) }
    case .fraction: return fraction(halfWidth(line))
    case .time: return clock(halfWidth(line)).map { .time(time: $0) }
    case .points:
      let codes = chosen.compactMap { if case .point(let code) = $0.value { code } else { nil } }
      return codes.isEmpty ? nil : .points(codes: codes)
    case .documents:
      let ids = chosen.compactMap { if case .document(let id) = $0.value { id } else { nil } }
      return ids.isEmpty ? nil : .documents(ids: ids)
    case .photos: return nil
    default: return chosen.first?.value
    }
  }

  /// The name under which a draft keeps it.
  var key: String { header ? "@\(name)" : name }

  /// What a draft keeps of it: what cannot be read yet, as it is written.
  var kept: FieldValue? {
    let line = typed.trimmingCharacters(in: .whitespacesAndNewlines)
    return value ?? (line.isEmpty ? nil : .text(text: line))
  }

  /// The same, marked where it is missing or cannot be read; whether it fits is for the core to say.
  var read: FieldEntry {
    var entry = self
    if empty {
      entry.flaw = required ? .missing : nil
    } else if case .photos = shape {
      entry.flaw = nil
    } else {
      entry.flaw = value == nil ? .shape : nil
    }
    return entry
  }
}

extension FieldShape {
  /// It names one out of many, found by search.
  var many: Bool {
    switch self {
    case .person, .unit, .point, .points, .standard, .document, .documents: true
    default: false
    }
  }
}

/// Digits and strokes as a Chinese keyboard has them.
private func halfWidth(_ line: String) -> String {
  let wide = UInt32(0xFF0F)...0xFF1A
  return String(
    String.UnicodeScalarView(
      line.unicodeScalars.map { wide ~= $0.value ? Unicode.Scalar($0.value - 0xFEE0) ?? $0 : $0 }))
}

/// `3/4`.
private func fraction(_ line: String) -> FieldValue? {
  let sides = line.split(separator: "/", omittingEmptySubsequences: false).map {
    Int64($0.trimmingCharacters(in: .whitespaces))
  }
  guard sides.count == 2, let part = sides[0], let whole = sides[1] else { return nil }
  return .fraction(part: part, whole: whole)
}

/// A time as a thumb types it, `6`, `6:30`, `0630`, as the core writes it: `06:30`.
private func clock(_ line: String) -> String? {
  guard let found = line.wholeMatch(of: /([0-9]{1,2})(?:[:.]?([0-9]{2}))?/),
    let hour = Int(found.1), let minute = Int(found.2 ?? "0"), hour < 24, minute < 60
  else { return nil }
  return padded(hour, 2) + ":" + padded(minute, 2)
}
