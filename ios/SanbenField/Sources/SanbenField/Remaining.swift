//! What of a person's work is only on this device: it must not leave with them.

import Sanben

public struct Remaining: Equatable, Sendable {
  public var pending: Int64
  public var photos: Int64
  public var refused: Int64
  public var drafts: Int64

  public init(pending: Int64, photos: Int64, refused: Int64, drafts: Int64) {
    (self.pending, self.photos, self.refused, self.drafts) = (pending, photos, refused, drafts)
  }

  init(_ counts: Counts) {
    self.init(
      pending: counts.pending, photos: counts.photos - counts.photosDelivered, refused: counts.rejected,
      drafts: counts.drafts)
  }

  public var anything: Bool { pending > 0 || photos > 0 || refused > 0 || drafts > 0 }
}

extension Texts {
  /// Why somebody cannot be taken off this device yet.
  public func of(_ remaining: Remaining) -> String {
    let parts = [
      (remaining.pending, "sync.pending"), (remaining.photos, "sync.photos"),
      (remaining.refused, "task.refused"), (remaining.drafts, "remove.drafts"),
    ]
    let what = parts.filter { $0.0 > 0 }.map { self[$0.1, ["n": $0.0]] }
    return self["remove.not-yet", ["what": what.joined(separator: self["list.and"])]]
  }
}
