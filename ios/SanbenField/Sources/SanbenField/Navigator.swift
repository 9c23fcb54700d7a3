//! Where the person is.

import Observation
import Sanben

/// A place in the app.
public enum Route: Hashable, Sendable {
  case today
  case patrol(Round = .morning)
  case points
  case me
  case record(draft: Uuid? = nil, point: String? = nil)
  case opened(Uuid)
  case ledgers(String)
  case score(String)
  case complete(Uuid)
  case contacts(Uuid)
  /// The list of matters, at a point where that is known.
  case matters(point: String? = nil)
  case matter(Uuid)
  case form(FormRoute)
  /// When to be reminded of a case or matter.
  case remind(Uuid)
  case attention
  case carry
  /// The server does not know this device any more.
  case enrolAgain
  case users
  case settings

  /// One of the places under the thumb, from which the others are opened.
  public var isTab: Bool {
    switch self {
    case .today, .patrol, .points, .me: true
    default: false
    }
  }

  /// What stays beside what was opened from it, where there is room.
  public var isList: Bool {
    if case .matters = self { true } else { isTab }
  }
}

/// A form of a matter, and the draft of it to go on with.
public enum FormRoute: Hashable, Sendable {
  case opening(feature: String, about: Uuid? = nil, point: String? = nil, draft: Uuid? = nil)
  case act(on: Uuid, String, draft: Uuid? = nil)
}

/// A tab, and what was opened from it. Never empty.
@MainActor
@Observable
public final class Navigator {
  public private(set) var stack: [Route] = [.today]

  public init() {}

  public func open(_ route: Route) {
    stack = stack.filter { $0 != route } + [route]
  }

  /// Another tab; what was opened from the last one is closed.
  public func tab(_ route: Route) {
    stack = route == .today ? [route] : [.today, route]
  }

  /// Away from what is done with, wherever the person has gone meanwhile.
  func close(_ route: Route) { stack.removeAll { $0 == route } }

  /// Back to where this was opened from; `false` at the root.
  @discardableResult
  public func back() -> Bool {
    guard stack.count > 1 else { return false }
    stack.removeLast()
    return true
  }

  public var here: Route { stack.last ?? .today }

  public var tabHere: Route { stack.last { $0.isTab } ?? .today }

  public var listHere: Route { stack.last { $0.isList } ?? .today }
}
