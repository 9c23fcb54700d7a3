//! Small pictures, from the store or from the server.

import Foundation
import Sanben

extension Session {
  /// A JPEG of at most 320 pixels; `nil` while it cannot be had. `shownIn` is the case that shows it, for
  /// fetching it.
  public func small(_ photo: PhotoHash, shownIn: Uuid?) async -> Data? {
    guard let device = try? device else { return nil }
    if let here = try? await device.thumbnail(photo: photo) { return here }
    guard let shownIn else { return nil }
    return try? await device.fetchThumbnail(document: shownIn, photo: photo)
  }
}
