//! The drawings of the app. Each says by its shape what colour only repeats.

import SwiftUI

enum Glyph: String {
  case today = "list.bullet"
  case patrol = "mappin.and.ellipse"
  case ledger = "book.closed"
  case person = "person"
  case camera = "camera"
  case back = "chevron.backward"
  case forward = "chevron.forward"
  case search = "magnifyingglass"
  case close = "xmark"
  case done = "checkmark"
  case waiting = "clock"
  case running = "arrow.triangle.2.circlepath"
  case trouble = "exclamationmark.triangle"
  case attention = "exclamationmark.circle"
  case lookBack = "arrow.uturn.backward"
  case dispute = "scalemass"
  case draft = "pencil"
  case photo = "photo"
  case score = "chart.bar"
  case settings = "slider.horizontal.3"
  case people = "person.2"
  case carry = "shippingbox"
  case bell
  case plus
  case minus
  case here = "scope"
}

/// A drawing; `spoken` is for who does not see it, `nil` where text beside it says the same.
struct Draw: View {
  let glyph: Glyph
  let tint: Color
  var size: CGFloat = 24
  var spoken: String?
  @ScaledMetric(relativeTo: .body) private var scale = 1.0

  init(_ glyph: Glyph, _ tint: Color, size: CGFloat = 24, spoken: String? = nil) {
    self.glyph = glyph
    self.tint = tint
    self.size = size
    self.spoken = spoken
  }

  var body: some View {
    Image(systemName: glyph.rawValue)
      .resizable()
      .scaledToFit()
      .fontWeight(.semibold)
      // With large letters a drawing grows too, though less.
      .frame(width: size * min(scale, 1.6), height: size * min(scale, 1.6))
      .foregroundStyle(tint)
      .accessibilityHidden(spoken == nil)
      .accessibilityLabel(spoken ?? "")
  }
}
