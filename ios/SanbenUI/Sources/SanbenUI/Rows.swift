//! What lists are made of: a lead to something, a case, a fact, badges, a picture.

import Sanben
import SanbenField
import SwiftUI

struct Lead<Below: View>: View {
  let glyph: Glyph
  let tone: Tone
  let title: String
  var hint: String?
  /// What it opens, where that is a screen.
  var to: Route?
  let open: () -> Void
  @ViewBuilder var below: Below
  @Environment(\.palette) private var palette
  @Environment(\.opened) private var opened
  @Environment(\.dynamicTypeSize) private var size

  var body: some View {
    Sheet(open: open, here: to != nil && to == opened) {
      HStack(spacing: 14) {
        Draw(glyph, tone.ink(palette))
          .frame(width: 48, height: 48)
          .background(tone.wash(palette), in: .rect(cornerRadius: 12))
        VStack(alignment: .leading, spacing: 2) {
          Text(title).font(.headline).foregroundStyle(palette.ink)
          if let hint { Text(hint).font(.subheadline).foregroundStyle(palette.muted) }
        }
        Spacer(minLength: 0)
        // Where the letters are large the words need the room.
        if !size.isAccessibilitySize { Draw(.forward, palette.muted, size: 14) }
      }
      below
    }
  }
}

extension Lead where Below == EmptyView {
  init(
    _ glyph: Glyph, _ tone: Tone, _ title: String, _ hint: String? = nil, to: Route? = nil,
    open: @escaping () -> Void
  ) {
    self.init(glyph: glyph, tone: tone, title: title, hint: hint, to: to, open: open) { EmptyView() }
  }
}

/// A case in a list: the picture, the words, where, and how it stands.
struct CaseRow: View {
  let line: CaseLine
  /// The reminder of it that has come.
  var come: ReminderLine?
  let open: () -> Void
  @Environment(\.opened) private var opened
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    Sheet(open: open, here: opened == .opened(line.id)) {
      HStack(alignment: .top, spacing: 14) {
        Photo(line.thumbnail, texts["spoken.photo", ["what": line.title]], shownIn: line.id)
          .frame(width: 76, height: 76)
        VStack(alignment: .leading, spacing: 4) {
          Text(line.title.isEmpty ? texts["task.finish-untitled"] : line.title)
            .font(.headline).foregroundStyle(palette.ink)
          if let point = line.point { Text(point).font(.subheadline).foregroundStyle(palette.muted) }
          Standing(
            status: line.status, disputed: line.disputed, due: line.due, lateness: line.lateness,
            item: line.item)
        }
      }
      if let come { HasCome(line: come) }
    }
  }
}

/// How a case stands, in badges that wrap where the letters are large.
struct Standing: View {
  let status: CaseStatus
  let disputed: Bool
  let due: Date?
  let lateness: Lateness
  var item = ItemState.notOwn
  var timesFound: Int64 = 1
  @Environment(\.texts) private var texts
  @Environment(Session.self) private var session

  var body: some View {
    ViewThatFits(in: .horizontal) {
      HStack(spacing: 8) { badges }
      VStack(alignment: .leading, spacing: 6) { badges }
    }
  }

  @ViewBuilder private var badges: some View {
    if disputed {
      Badge(texts["status.disputed"], .bad, .dispute)
    } else {
      Badge(texts.of(status), status.tone, status.glyph)
    }
    if let due { dueBadge(due) }
    if let text = texts.of(item) { Badge(text, item.tone, item.glyph) }
    if timesFound > 1 { Badge(texts["case.times-found", ["n": timesFound]], .wait, .lookBack) }
  }

  /// A doubtful clock is said, and blames nobody.
  @ViewBuilder private func dueBadge(_ due: Date) -> some View {
    let moments = session.moments
    switch lateness {
    case .late: Badge(texts["due.late", ["span": moments.span(moments.until(due))]], .bad, .trouble)
    case .doubtful: Badge(texts["due.late-doubtful"], .wait, .trouble)
    case .notDue: Badge(texts["due.by", ["time": moments.at(due)]], .plain, .waiting)
    case .inTime: Badge(texts.of(lateness), .good, .done)
    }
  }
}

extension CaseStatus {
  var tone: Tone {
    switch self {
    case .closed, .verified: .good
    case .rectified, .acknowledged: .calm
    case .rework: .bad
    case .onAccount: .wait
    default: .plain
    }
  }

  var glyph: Glyph {
    switch self {
    case .closed, .verified: .done
    case .rectified: .lookBack
    case .rework: .attention
    case .onAccount: .waiting
    case .acknowledged: .person
    case .voided, .merged: .close
    default: .forward
    }
  }
}

extension ItemState {
  var tone: Tone {
    switch self {
    case .delivered: .good
    case .refused: .bad
    default: .wait
    }
  }

  var glyph: Glyph {
    switch self {
    case .delivered: .done
    case .refused: .attention
    case .inReview: .people
    case .photos: .photo
    default: .waiting
    }
  }
}

extension Mark {
  var tone: Tone {
    switch self {
    case .done: .good
    case .waiting, .trouble: .wait
    case .running: .calm
    }
  }

  var glyph: Glyph {
    switch self {
    case .done: .done
    case .waiting: .waiting
    case .running: .running
    case .trouble: .trouble
    }
  }
}

/// A small picture, or a place for one that has not come yet.
struct Photo: View {
  let hash: PhotoHash?
  let spoken: String
  var shownIn: Uuid?
  @State private var picture: UIImage?
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts
  @Environment(Session.self) private var session

  init(_ hash: PhotoHash?, _ spoken: String, shownIn: Uuid? = nil) {
    self.hash = hash
    self.spoken = spoken
    self.shownIn = shownIn
  }

  var body: some View {
    palette.well
      .overlay {
        if let picture {
          Image(uiImage: picture).resizable().scaledToFill()
        } else {
          Draw(.photo, palette.muted)
        }
      }
      .clipShape(.rect(cornerRadius: 10))
      .accessibilityElement()
      .accessibilityLabel(picture == nil ? texts["spoken.photo-missing"] : spoken)
      .accessibilityAddTraits(.isImage)
      .task(id: hash) {
        guard let hash, let data = await session.small(hash, shownIn: shownIn) else { return }
        picture = UIImage(data: data)
      }
  }
}

/// What, and to the right of it, which; under it where there is no room.
struct Fact: View {
  let what: String
  let which: String
  @Environment(\.palette) private var palette

  init(_ what: String, _ which: String) {
    self.what = what
    self.which = which
  }

  var body: some View {
    ViewThatFits(in: .horizontal) {
      HStack(spacing: 12) { both }
      VStack(alignment: .leading, spacing: 2) { both }
    }
    .accessibilityElement(children: .combine)
  }

  @ViewBuilder private var both: some View {
    Text(what).font(.subheadline).foregroundStyle(palette.muted)
    Text(which).foregroundStyle(palette.ink)
  }
}

/// How far a round has come.
struct Walked: View {
  let coverage: Coverage
  @Environment(\.palette) private var palette

  var body: some View {
    ProgressView(value: Double(coverage.visited), total: Double(max(coverage.points, 1)))
      .tint(palette.teal)
      .accessibilityHidden(true)
  }
}
