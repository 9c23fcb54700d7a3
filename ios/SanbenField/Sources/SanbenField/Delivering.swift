//! What became of the own work, told truly.

import Foundation
import Sanben

public enum ItemState: Hashable, Sendable {
  /// Nothing of this device's own is in it.
  case notOwn
  case waiting(pieces: Int64)
  /// The words are with the server, photos are still on their way.
  case photos(delivered: Int64, all: Int64)
  case delivered
  /// The server keeps it until somebody of the desk has looked at it.
  case inReview
  case refused(pieces: Int64)

  /// What matters most comes first: what was refused needs a person, what waits does not.
  public init(_ delivery: Delivery, inReview: Bool) {
    self =
      if delivery.rejected > 0 {
        .refused(pieces: delivery.rejected)
      } else if inReview {
        .inReview
      } else if delivery.pending > 0 {
        .waiting(pieces: delivery.pending)
      } else if delivery.photosDelivered < delivery.photos {
        .photos(delivered: delivery.photosDelivered, all: delivery.photos)
      } else {
        delivery.accepted > 0 ? .delivered : .notOwn
      }
  }
}

extension [OutboxEntry] {
  /// The documents of which something is in review.
  var inReview: Set<Uuid> {
    Set(
      filter {
        if case .inReview = $0.state { true } else { false }
      }.map(\.document))
  }
}

extension Texts {
  public func of(_ item: ItemState) -> String? {
    switch item {
    case .notOwn: nil
    case .waiting: self["item.waiting"]
    case .photos(let delivered, let all): self["item.photos", ["delivered": delivered, "n": all]]
    case .delivered: self["item.delivered"]
    case .inReview: self["item.in-review"]
    case .refused: self["item.refused"]
    }
  }
}

/// The shape beside a line, so that no meaning hangs on colour alone.
public enum Mark: Sendable {
  case done
  case waiting
  case running
  case trouble
}

/// The one line about the way to the server: how it stands, and what comes next.
public struct SyncLine: Equatable, Sendable {
  public var mark: Mark
  public var text: String
  public var next: String?
  /// Where what is the matter is put right; elsewhere only another try can help.
  public var way: Route?
}

extension SyncState {
  public func line(_ texts: Texts, _ moments: Moments) -> SyncLine {
    var parts: [String] = []
    if pending > 0 { parts.append(texts["sync.pending", ["n": pending]]) }
    if photos > photosDelivered { parts.append(texts["sync.photos", ["n": photos - photosDelivered]]) }
    let waiting = parts.isEmpty ? nil : parts.joined(separator: texts["list.and"])
    let next = nextTry.map { texts["sync.next", ["time": moments.at($0)]] }
    let last = lastSuccess.map { texts["sync.last", ["time": moments.at($0)]] }
    if running {
      return SyncLine(mark: .running, text: texts["sync.running"], next: waiting)
    }
    // The commonest of all, so the shortest: on the street one glance has to do.
    if case .Network = failure { return SyncLine(mark: .trouble, text: offline(texts), next: next ?? last) }
    if case .UnknownDevice = failure {
      let doing = [waiting, texts["sync.enrol-again"]].compactMap { $0 }.joined(separator: texts["list.and"])
      return SyncLine(mark: .trouble, text: texts.of(.UnknownDevice), next: doing, way: .enrolAgain)
    }
    if let failure { return SyncLine(mark: .trouble, text: texts.of(failure), next: waiting ?? next ?? last) }
    if let waiting { return SyncLine(mark: .waiting, text: waiting, next: next) }
    if lastSuccess == nil { return SyncLine(mark: .waiting, text: texts["sync.not-yet"], next: nil) }
    return SyncLine(mark: .done, text: texts["sync.delivered"], next: last)
  }

  private func offline(_ texts: Texts) -> String {
    var kept: [String] = []
    if pending > 0 { kept.append(texts["sync.kept", ["n": pending]]) }
    if photos > photosDelivered { kept.append(texts["sync.kept-photos", ["n": photos - photosDelivered]]) }
    if kept.isEmpty { return texts["sync.offline-idle"] }
    return texts["sync.offline", ["waiting": kept.joined(separator: texts["list.with"])]]
  }
}
