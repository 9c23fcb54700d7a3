//! Instants as a person on the street says them, in the street's zone.

import Foundation

/// A day on the calendar of the street.
public struct StreetDay: Hashable, Comparable, Sendable {
  public var year: Int
  public var month: Int
  public var day: Int

  public static func < (one: Self, other: Self) -> Bool {
    (one.year, one.month, one.day) < (other.year, other.month, other.day)
  }

  /// As the core writes days: `2026-03-20`.
  public var written: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

  public init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }

  /// As the core wrote it.
  public init(written: String) {
    let parts = written.split(separator: "-").compactMap { Int($0) } + [0, 0, 0]
    self.init(year: parts[0], month: parts[1], day: parts[2])
  }

  /// So many days later.
  public func moved(days: Int) -> Self {
    let moved = Self.calendar.date(byAdding: .day, value: days, to: noon) ?? noon
    let parts = Self.calendar.dateComponents([.year, .month, .day], from: moved)
    return Self(year: parts.year ?? year, month: parts.month ?? month, day: parts.day ?? day)
  }

  /// How many days from here to there.
  func days(to other: Self) -> Int {
    Self.calendar.dateComponents([.day], from: noon, to: other.noon).day ?? 0
  }

  /// From Sunday, 1, to Saturday, 7.
  var weekday: Int { Self.calendar.component(.weekday, from: noon) }

  private var noon: Date {
    Self.calendar.date(from: DateComponents(year: year, month: month, day: day, hour: 12)) ?? .distantPast
  }

  /// Days are counted where no clock is ever changed.
  private static let calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  public var firstOfMonth: Self { Self(year: year, month: month, day: 1) }

  /// The first of the month so many months later.
  public func turned(months: Int) -> Self {
    let all = year * 12 + (month - 1) + months
    return Self(year: all / 12, month: all % 12 + 1, day: 1)
  }
}

public struct Moments: Sendable {
  private let texts: Texts
  private let clock: @Sendable () -> Date
  private let calendar: Calendar

  public init(_ texts: Texts, clock: @escaping @Sendable () -> Date = { Date() }) {
    self.texts = texts
    self.clock = clock
    var calendar = Calendar(identifier: .gregorian)
    // All of China keeps Beijing's time.
    calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt
    calendar.locale = Locale(identifier: texts.language.rawValue)
    self.calendar = calendar
  }

  public func now() -> Date { clock() }

  public func today() -> StreetDay { dayOf(now()) }

  /// Minutes since midnight.
  public func minute() -> Int {
    let parts = calendar.dateComponents([.hour, .minute], from: now())
    return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
  }

  public func dayOf(_ at: Date) -> StreetDay {
    let parts = calendar.dateComponents([.year, .month, .day], from: at)
    return StreetDay(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
  }

  /// Now, `07:16`.
  public func time() -> String { time(of: now()) }

  private func time(of at: Date) -> String {
    let parts = calendar.dateComponents([.hour, .minute], from: at)
    return "\(padded(parts.hour ?? 0, 2)):\(padded(parts.minute ?? 0, 2))"
  }

  /// `今天 07:16`, `昨天 17:00`, `3月20日 07:16`.
  public func at(_ at: Date) -> String {
    texts["moment.at", ["day": day(of: at), "time": time(of: at)]]
  }

  /// `3月20日 07:16`, whenever it is read.
  func dated(_ at: Date) -> String {
    let local = dayOf(at)
    let day = texts["moment.day", ["month": local.month, "day": local.day]]
    return texts["moment.at", ["day": day, "time": time(of: at)]]
  }

  /// The instant so many minutes after midnight of a day.
  func instant(_ day: StreetDay, minute: Int) -> Date {
    let parts = DateComponents(
      year: day.year, month: day.month, day: day.day, hour: minute / 60, minute: minute % 60)
    return calendar.date(from: parts) ?? now()
  }

  public func day(of at: Date) -> String { day(dayOf(at)) }

  public func day(_ day: StreetDay) -> String {
    switch today().days(to: day) {
    case 0: return texts["moment.today"]
    case -1: return texts["moment.yesterday"]
    case 1: return texts["moment.tomorrow"]
    default:
      let key = day.year == today().year ? "moment.day" : "moment.day-of-year"
      return texts[key, ["year": day.year, "month": day.month, "day": day.day]]
    }
  }

  /// `3月20日 星期五`.
  public func date(_ at: Date) -> String { date(dayOf(at)) }

  public func date(_ day: StreetDay) -> String {
    let weekday = calendar.weekdaySymbols[day.weekday - 1]
    return texts["moment.date", ["month": day.month, "day": day.day, "weekday": weekday]]
  }

  /// `2026年3月`.
  public func month(_ day: StreetDay) -> String {
    texts["moment.month", ["year": day.year, "month": day.month]]
  }

  /// How long until, or since: `3 小时`, `20 分钟`, `2 天`.
  public func span(_ seconds: TimeInterval) -> String {
    let minutes = Int(abs(seconds) / 60)
    return switch minutes {
    case 0: texts["span.moment"]
    case 1..<60: texts["span.minutes", ["n": minutes]]
    case 60..<(24 * 60): texts["span.hours", ["n": minutes / 60]]
    default: texts["span.days", ["n": minutes / (24 * 60)]]
    }
  }

  /// In seconds.
  public func until(_ at: Date) -> TimeInterval { at.timeIntervalSince(now()) }
}

func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
