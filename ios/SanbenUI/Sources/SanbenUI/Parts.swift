//! What every screen is made of.

import SanbenField
import SwiftUI

/// A word with its shape: a state is never told by colour alone.
struct Badge: View {
  let text: String
  let tone: Tone
  var glyph: Glyph?
  @Environment(\.palette) private var palette

  init(_ text: String, _ tone: Tone, _ glyph: Glyph? = nil) {
    self.text = text
    self.tone = tone
    self.glyph = glyph
  }

  var body: some View {
    HStack(spacing: 5) {
      if let glyph { Draw(glyph, tone.ink(palette), size: 14) }
      Text(text).font(.subheadline.bold())
    }
    .foregroundStyle(tone.ink(palette))
    .padding(.horizontal, 8)
    .padding(.vertical, 3)
    .background(tone.wash(palette), in: .rect(cornerRadius: 8))
    .overlay {
      if palette.strong {
        RoundedRectangle(cornerRadius: 8).strokeBorder(tone.ink(palette), lineWidth: palette.border)
      }
    }
    .accessibilityElement(children: .combine)
  }
}

/// A sheet of paper on the desk; all of it can be tapped where something opens. `here` marks the one that is open
/// beside its list.
struct Sheet<Content: View>: View {
  var open: (() -> Void)?
  var here = false
  @ViewBuilder let content: Content
  @Environment(\.palette) private var palette

  var body: some View {
    if let open {
      Button(action: open) { paper }.buttonStyle(.plain).accessibilityAddTraits(here ? .isSelected : [])
    } else {
      paper
    }
  }

  private var paper: some View {
    VStack(alignment: .leading, spacing: 8) { content }
      .frame(maxWidth: .infinity, minHeight: touch, alignment: .leading)
      .padding(16)
      .background(palette.sheet, in: corner)
      .overlay {
        corner.strokeBorder(here ? palette.teal : palette.line, lineWidth: here ? 3 : palette.border)
      }
      .contentShape(corner)
  }
}

/// What stays under the thumb while the rest scrolls.
struct Foot<Content: View>: View {
  @ViewBuilder let content: Content
  @Environment(\.palette) private var palette

  var body: some View {
    VStack(alignment: .leading, spacing: 10) { content }
      .padding(.horizontal, 16)
      .padding(.vertical, 12)
      .frame(maxWidth: .infinity, alignment: .leading)
      .background(palette.sheet.ignoresSafeArea(edges: .bottom))
      .overlay(alignment: .top) { palette.line.frame(height: palette.border) }
  }
}

/// A tile that a wash sets off; where there are none it has an edge.
struct Tile: ViewModifier {
  let wash: Color
  let edge: Color
  @Environment(\.palette) private var palette

  func body(content: Content) -> some View {
    content
      .background(wash, in: corner)
      .overlay { if palette.strong { corner.strokeBorder(edge, lineWidth: palette.border) } }
  }
}

struct Heading: View {
  let text: String
  @Environment(\.palette) private var palette

  init(_ text: String) { self.text = text }

  var body: some View {
    Text(text)
      .font(.headline)
      .foregroundStyle(palette.muted)
      .frame(maxWidth: .infinity, alignment: .leading)
      .padding(.top, 12)
      .accessibilityAddTraits(.isHeader)
  }
}

/// The one thing to do here, or, quiet, something else that can be done.
struct Act: View {
  let text: String
  var glyph: Glyph?
  var tone = Tone.calm
  var quiet = false
  var chosen = false
  let action: () -> Void
  @Environment(\.palette) private var palette
  @Environment(\.isEnabled) private var enabled

  init(
    _ text: String, _ glyph: Glyph? = nil, tone: Tone = .calm, quiet: Bool = false, chosen: Bool = false,
    action: @escaping () -> Void
  ) {
    self.text = text
    self.glyph = glyph
    self.tone = tone
    self.quiet = quiet
    self.chosen = chosen
    self.action = action
  }

  var body: some View {
    Button(action: action) {
      HStack(spacing: 8) {
        if let glyph { Draw(glyph, ink, size: 20) }
        Text(text).font(.headline).multilineTextAlignment(.center)
      }
      .foregroundStyle(ink)
      .frame(maxWidth: .infinity, minHeight: touch)
      .padding(.horizontal, 8)
      .background(ground, in: corner)
      .overlay { outline }
      .contentShape(corner)
    }
    .buttonStyle(.plain)
    .accessibilityAddTraits(chosen ? .isSelected : [])
  }

  /// What cannot be pressed now has an edge of dashes where washes tell nothing.
  @ViewBuilder private var outline: some View {
    if !enabled && palette.strong {
      corner.strokeBorder(palette.faint, style: StrokeStyle(lineWidth: palette.border, dash: [6, 6]))
    } else if quiet {
      corner.strokeBorder(edge, lineWidth: palette.border)
    }
  }

  private var filled: Bool { chosen && palette.strong }

  private var ink: Color {
    if !enabled { palette.faint } else if quiet && !filled { tone.ink(palette) } else { palette.onTeal }
  }

  private var ground: Color {
    if !enabled { return palette.well }
    if quiet && !filled { return chosen ? tone.wash(palette) : palette.sheet }
    return tone.ink(palette)
  }

  private var edge: Color { chosen ? tone.ink(palette) : palette.line }
}

/// A drawing to tap; what it does is spoken.
struct Tap: View {
  let glyph: Glyph
  let spoken: String
  let action: () -> Void
  @Environment(\.palette) private var palette
  @Environment(\.isEnabled) private var enabled

  init(_ glyph: Glyph, _ spoken: String, action: @escaping () -> Void) {
    self.glyph = glyph
    self.spoken = spoken
    self.action = action
  }

  var body: some View {
    Button(action: action) {
      Draw(glyph, palette.teal.opacity(enabled ? 1 : 0.3)).frame(minWidth: touch, minHeight: touch)
        .contentShape(.rect)
    }
    .buttonStyle(.plain)
    .accessibilityLabel(spoken)
  }
}

/// A drawing with its word, to tap.
struct WordedTap: View {
  let glyph: Glyph
  let text: String
  let action: () -> Void
  @Environment(\.palette) private var palette

  init(_ glyph: Glyph, _ text: String, action: @escaping () -> Void) {
    self.glyph = glyph
    self.text = text
    self.action = action
  }

  var body: some View {
    Button(action: action) {
      HStack(spacing: 6) {
        Draw(glyph, palette.teal, size: 18)
        Text(text).font(.subheadline.bold()).foregroundStyle(palette.teal)
      }
      .padding(.horizontal, 10)
      .frame(minHeight: touch)
      .contentShape(.rect)
    }
    .buttonStyle(.plain)
  }
}

/// One line or more to write in; what is `secret` is not shown.
struct Writing: View {
  let hint: String
  var glyph: Glyph?
  var lines = 1
  var secret = false
  @Binding var text: String
  @Environment(\.palette) private var palette

  init(
    _ hint: String, _ glyph: Glyph? = nil, lines: Int = 1, secret: Bool = false, text: Binding<String>
  ) {
    self.hint = hint
    self.secret = secret
    self.glyph = glyph
    self.lines = lines
    _text = text
  }

  var body: some View {
    HStack(alignment: lines == 1 ? .center : .top, spacing: 10) {
      if let glyph { Draw(glyph, palette.muted, size: 20) }
      field
        .foregroundStyle(palette.ink)
        .accessibilityLabel(hint)
    }
    .padding(.horizontal, 14)
    .frame(minHeight: touch)
    .background(palette.sheet, in: corner)
    .overlay { corner.strokeBorder(palette.line, lineWidth: palette.border) }
  }

  @ViewBuilder private var field: some View {
    if secret {
      SecureField(text: $text) { prompt }.textContentType(.password)
    } else {
      TextField(text: $text, axis: lines == 1 ? .horizontal : .vertical) { prompt }.lineLimit(lines...)
    }
  }

  private var prompt: Text { Text(hint).foregroundStyle(palette.muted) }
}

/// Nothing here, and that is all right.
struct Nothing: View {
  let glyph: Glyph
  let title: String
  var hint: String?
  @Environment(\.palette) private var palette

  init(_ glyph: Glyph, _ title: String, _ hint: String? = nil) {
    self.glyph = glyph
    self.title = title
    self.hint = hint
  }

  var body: some View {
    VStack(spacing: 10) {
      Draw(glyph, palette.teal, size: 44)
      Text(title).font(.headline).foregroundStyle(palette.ink)
      if let hint { Text(hint).font(.subheadline).foregroundStyle(palette.muted) }
    }
    .multilineTextAlignment(.center)
    .frame(maxWidth: .infinity)
    .padding(.vertical, 40)
    .padding(.horizontal, 24)
    .accessibilityElement(children: .combine)
  }
}

/// Something the person has to know; it stays until it no longer holds or they close it.
struct Note: View {
  let text: String
  let tone: Tone
  let glyph: Glyph
  var action: String?
  var act: () -> Void = {}
  @Environment(\.palette) private var palette

  init(_ text: String, _ tone: Tone, _ glyph: Glyph, action: String? = nil, act: @escaping () -> Void = {}) {
    self.text = text
    self.tone = tone
    self.glyph = glyph
    self.action = action
    self.act = act
  }

  var body: some View {
    VStack(alignment: .leading, spacing: 10) {
      HStack(alignment: .top, spacing: 10) {
        Draw(glyph, tone.ink(palette))
        Text(text).foregroundStyle(palette.ink)
      }
      .accessibilityElement(children: .combine)
      if let action { Act(action, tone: tone, quiet: true, action: act) }
    }
    .frame(maxWidth: .infinity, alignment: .leading)
    .padding(14)
    .background(tone.wash(palette), in: corner)
    .overlay { corner.strokeBorder(tone.ink(palette).opacity(palette.strong ? 1 : 0.35)) }
  }
}

/// Side by side; one below the other where the letters are large.
struct Abreast<Content: View>: View {
  @ViewBuilder let content: Content
  @Environment(\.dynamicTypeSize) private var size

  var body: some View {
    let layout =
      size.isAccessibilitySize ? AnyLayout(VStackLayout(spacing: 8)) : AnyLayout(HStackLayout(spacing: 8))
    layout { content }
  }
}

/// A short word to choose, as wide as it is.
struct Chip: View {
  let text: String
  let chosen: Bool
  let action: () -> Void
  @Environment(\.palette) private var palette

  init(_ text: String, chosen: Bool, action: @escaping () -> Void) {
    self.text = text
    self.chosen = chosen
    self.action = action
  }

  var body: some View {
    let filled = chosen && palette.strong
    Button(action: action) {
      Text(text)
        .font(.headline)
        .foregroundStyle(filled ? palette.onTeal : chosen ? palette.teal : palette.muted)
        .padding(.horizontal, 14)
        .frame(minHeight: touch)
        .background(filled ? palette.teal : chosen ? palette.tealWash : palette.sheet, in: corner)
        .overlay { corner.strokeBorder(chosen ? palette.teal : palette.line, lineWidth: palette.border) }
        .contentShape(corner)
    }
    .buttonStyle(.plain)
    .accessibilityAddTraits(chosen ? .isSelected : [])
  }
}

/// One after the other, in as many lines as they need.
struct Wrapping: Layout {
  private let gap: CGFloat = 8

  func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) -> CGSize {
    let places = places(subviews, within: proposal.width ?? .infinity)
    return CGSize(width: places.map(\.maxX).max() ?? 0, height: places.map(\.maxY).max() ?? 0)
  }

  func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout Void) {
    for (subview, place) in zip(subviews, places(subviews, within: bounds.width)) {
      let corner = CGPoint(x: bounds.minX + place.minX, y: bounds.minY + place.minY)
      subview.place(at: corner, proposal: ProposedViewSize(place.size))
    }
  }

  private func places(_ subviews: Subviews, within width: CGFloat) -> [CGRect] {
    var (x, y, line): (CGFloat, CGFloat, CGFloat) = (0, 0, 0)
    return subviews.map { subview in
      let size = subview.sizeThatFits(ProposedViewSize(width: width, height: nil))
      if x > 0, x + size.width > width {
        (x, y, line) = (0, y + line + gap, 0)
      }
      defer {
        x += size.width + gap
        line = max(line, size.height)
      }
      return CGRect(origin: CGPoint(x: x, y: y), size: size)
    }
  }
}

/// Tabs inside a screen.
struct Choice<Value: Hashable>: View {
  let all: [Value]
  let chosen: Value
  let name: (Value) -> String
  let choose: (Value) -> Void

  var body: some View {
    Abreast {
      ForEach(all, id: \.self) { one in
        Act(name(one), tone: one == chosen ? .calm : .plain, quiet: true, chosen: one == chosen) {
          choose(one)
        }
      }
    }
  }
}
