//! The reference data by code, for showing names.

import Sanben

/// A code without a name is shown as it is.
public struct Names: Equatable, Sendable {
  public var me: PersonView?
  public var people: [String: PersonView] = [:]
  public var points: [String: PointView] = [:]
  public var standards: [String: Standard] = [:]
  public var units: [String: String] = [:]
  /// Their codes.
  public var communities: [String] = []

  public func person(_ code: String) -> String {
    people[code]?.name ?? (me?.code == code ? me?.name : nil) ?? code
  }

  public func point(_ code: String) -> String { points[code]?.name ?? code }

  public func standard(_ code: String) -> String { standards[code]?.name ?? code }

  public func unit(_ code: String) -> String { units[code] ?? code }

  static func read(_ field: Field) async throws -> Names {
    let units = try await field.units()
    var names = Names()
    do {
      names.me = try await field.ownPerson()
    } catch FieldFailure.NothingYet, FieldFailure.NotEnrolled {
      names.me = nil
    }
    for person in try await field.people() { names.people[person.code] = person }
    for point in try await field.points() { names.points[point.code] = point }
    for standard in try await field.standards() { names.standards[standard.code] = standard }
    for unit in units { names.units[unit.code] = unit.name }
    names.communities = units.filter(\.community).map(\.code)
    return names
  }
}
