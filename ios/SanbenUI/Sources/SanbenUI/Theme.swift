//! The colours: paper and ink, a deep teal for what can be done, vermilion for what is late or refused. They are
//! Android's: every pair of text and ground has a contrast of at least 4.5, in high contrast 7.

import SanbenField
import SwiftUI

struct Palette {
  var paper: Color
  var sheet: Color
  var well: Color
  var ink: Color
  var muted: Color
  var line: Color
  var teal: Color
  var onTeal: Color
  var tealWash: Color
  var vermilion: Color
  var vermilionWash: Color
  var amber: Color
  var amberWash: Color
  var green: Color
  var greenWash: Color
  /// What cannot be done now.
  var faint: Color
  var border: CGFloat = 1

  /// Nothing is told by a wash: edges, filled shapes and broken lines tell it.
  var strong: Bool { border > 1 }

  static let light = Palette(
    paper: .hex(0xF4F2EC), sheet: .hex(0xFFFFFF), well: .hex(0xECE9E0), ink: .hex(0x172124),
    muted: .hex(0x566266), line: .hex(0xDDD9CE), teal: .hex(0x0E5360), onTeal: .hex(0xFFFFFF),
    tealWash: .hex(0xDDECEE), vermilion: .hex(0xA52A1E), vermilionWash: .hex(0xFBE6E2), amber: .hex(0x7A4F00),
    amberWash: .hex(0xFBEFD5), green: .hex(0x225F36), greenWash: .hex(0xE1F0E3),
    faint: .hex(0x566266))

  static let dark = Palette(
    paper: .hex(0x0E1416), sheet: .hex(0x182124), well: .hex(0x222D31), ink: .hex(0xE9EFEF),
    muted: .hex(0xA7B5B8), line: .hex(0x2E3A3E), teal: .hex(0x86D0DB), onTeal: .hex(0x06282F),
    tealWash: .hex(0x17383E), vermilion: .hex(0xFFA194), vermilionWash: .hex(0x43201B), amber: .hex(0xF1C66B),
    amberWash: .hex(0x3B2E12), green: .hex(0x93D6A2), greenWash: .hex(0x1B3823),
    faint: .hex(0xA7B5B8))

  static let highContrast = Palette(
    paper: .white, sheet: .white, well: .white, ink: .black, muted: .hex(0x222222), line: .black,
    teal: .hex(0x003844), onTeal: .white, tealWash: .white, vermilion: .hex(0x7E0000), vermilionWash: .white,
    amber: .hex(0x4D3000), amberWash: .white, green: .hex(0x003D14), greenWash: .white,
    faint: .hex(0x595959), border: 2)

  /// What the person chose in the app; else what they chose for the whole phone.
  static func of(_ look: Look, dark: Bool, increasedContrast: Bool) -> Palette {
    switch look {
    case .system: dark ? .dark : increasedContrast ? .highContrast : .light
    case .light: .light
    case .dark: .dark
    case .highContrast: .highContrast
    }
  }
}

extension Color {
  static func hex(_ value: UInt32) -> Color {
    Color(
      red: Double(value >> 16 & 0xff) / 255, green: Double(value >> 8 & 0xff) / 255,
      blue: Double(value & 0xff) / 255)
  }
}

/// What a badge is about; each kind has a colour, and a shape of its own beside it.
enum Tone {
  case plain
  case calm
  case good
  case wait
  case bad

  func ink(_ palette: Palette) -> Color {
    switch self {
    case .plain: palette.muted
    case .calm: palette.teal
    case .good: palette.green
    case .wait: palette.amber
    case .bad: palette.vermilion
    }
  }

  func wash(_ palette: Palette) -> Color {
    switch self {
    case .plain: palette.well
    case .calm: palette.tealWash
    case .good: palette.greenWash
    case .wait: palette.amberWash
    case .bad: palette.vermilionWash
    }
  }
}

extension EnvironmentValues {
  @Entry var palette = Palette.light
  @Entry var texts = Texts(.chinese)
  /// What stands beside the list: its row is marked.
  @Entry var opened: Route?
}

/// A finger in a glove hits this.
let touch: CGFloat = 56
let corner = RoundedRectangle(cornerRadius: 14)
