//! The whole app: who works, in which colours, and the place they are at.

import Sanben
import SanbenField
import SwiftUI

public struct Root: View {
  private let shell: Shell
  @Environment(\.colorScheme) private var scheme
  @Environment(\.colorSchemeContrast) private var contrast

  public init(_ shell: Shell) { self.shell = shell }

  public var body: some View {
    let palette = Palette.of(
      shell.settings.settled.look, dark: scheme == .dark, increasedContrast: contrast == .increased)
    content
      .frame(maxWidth: .infinity, maxHeight: .infinity)
      .background(palette.paper.ignoresSafeArea())
      .environment(\.palette, palette)
      .environment(\.texts, shell.texts)
      .environment(shell)
      .preferredColorScheme(preferred)
  }

  /// The system's own parts, such as the keyboard, go along.
  private var preferred: ColorScheme? {
    switch shell.settings.settled.look {
    case .system: nil
    case .light, .highContrast: .light
    case .dark: .dark
    }
  }

  @ViewBuilder private var content: some View {
    switch shell.state {
    case .opening: Nothing(.running, shell.texts["today.loading"])
    case .enrolling(let busy, let failure): EnrolScreen(busy: busy, failure: failure)
    case .locked(let user, let unlocking):
      UnlockScreen(user: user, unlocking: unlocking).id(ObjectIdentifier(unlocking))
    case .broken(let user, let failure): BrokenScreen(user: user, failure: failure)
    case .working(let user, let session):
      Panes(user: user)
        .environment(session)
        .environment(\.texts, session.texts)
        // Somebody else's screens are other screens.
        .id(ObjectIdentifier(session))
    }
  }
}

/// One pane on a phone; on a tablet the list stays beside what was opened from it.
private struct Panes: View {
  let user: User
  @State private var found: Route?
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts
  @Environment(\.horizontalSizeClass) private var width

  var body: some View {
    let navigator = session.navigator
    let (tab, list) = (navigator.tabHere, navigator.listHere)
    let opened = navigator.here.isTab ? nil : navigator.here
    let beside = navigator.here == list ? found : navigator.here
    VStack(spacing: 0) {
      if width == .regular {
        HStack(spacing: 0) {
          Destination(route: list, user: user).id(list).frame(width: 400).environment(\.opened, beside)
          palette.line.frame(width: palette.border)
          if let beside {
            Destination(route: beside, user: user).id(beside)
              .environment(\.beside, navigator.here == list)
          } else {
            Nothing(.ledger, texts["beside.nothing"]).frame(maxHeight: .infinity)
          }
        }
        .task(id: Beside(list: list, names: session.names)) { found = await session.beside(list) }
      } else {
        Destination(route: opened ?? tab, user: user).id(opened ?? tab)
      }
      if let notice = session.notice {
        Note(notice, .bad, .attention, action: texts["action.close"]) { session.seen() }.padding(16)
      }
      if width == .regular || opened == nil { Bar(tab: tab) }
    }
    .sensoryFeedback(.error, trigger: session.notice) { _, told in told != nil }
  }
}

/// What decides what stands beside a list of which nothing has been opened yet: never an empty half of a tablet.
private struct Beside: Equatable {
  let list: Route
  let names: Names
}

extension EnvironmentValues {
  /// Nothing was opened to come here, so that there is no way back.
  @Entry var beside = false
}

/// The tabs, and recording in the middle under the thumb.
private struct Bar: View {
  let tab: Route
  @Environment(Session.self) private var session
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts

  var body: some View {
    HStack(spacing: 4) {
      item(.today, .today, "tab.today")
      item(.patrol(), .patrol, "tab.patrol")
      Button {
        session.navigator.open(.record())
      } label: {
        label(.camera, texts["action.record"], palette.onTeal).background(palette.teal, in: corner)
      }
      .accessibilityLabel(texts["record.title"])
      item(.points, .ledger, "tab.points")
      item(.me, .person, "tab.me")
    }
    .buttonStyle(.plain)
    .padding(6)
    .background(palette.sheet.ignoresSafeArea(edges: .bottom))
    .overlay(alignment: .top) { palette.line.frame(height: palette.border) }
    // They grow only so far that the five of them still fit; a long press shows one large.
    .dynamicTypeSize(...DynamicTypeSize.xxLarge)
  }

  private func item(_ route: Route, _ glyph: Glyph, _ key: String) -> some View {
    let here = same(route)
    return Button {
      session.navigator.tab(route)
    } label: {
      label(glyph, texts[key], here ? palette.teal : palette.muted)
        .background(here ? palette.tealWash : palette.sheet, in: corner)
        .overlay {
          if here && palette.strong { corner.strokeBorder(palette.teal, lineWidth: palette.border) }
        }
    }
    .accessibilityAddTraits(here ? .isSelected : [])
    .accessibilityShowsLargeContentViewer {
      Label(texts[key], systemImage: glyph.rawValue)
    }
  }

  private func same(_ route: Route) -> Bool {
    switch (route, tab) {
    case (.patrol, .patrol): true
    default: route == tab
    }
  }

  private func label(_ glyph: Glyph, _ text: String, _ ink: Color) -> some View {
    VStack(spacing: 2) {
      Draw(glyph, ink)
      Text(text).font(.footnote.bold()).foregroundStyle(ink).lineLimit(1)
    }
    .frame(maxWidth: .infinity, minHeight: 60)
    .contentShape(corner)
  }
}

/// Joins a route's model with its screen, for as long as the screen is there.
private struct Destination: View {
  let route: Route
  let user: User
  @Environment(Session.self) private var session

  var body: some View {
    switch route {
    case .today: TodayScreen(session)
    case .patrol(let round): PatrolScreen(session, round)
    case .points: PointsScreen(session)
    case .me: MeScreen()
    case .record(let draft, let point): RecordScreen(session, draft: draft, point: point)
    case .opened(let id): CaseScreen(session, id)
    case .ledgers(let point): LedgersScreen(session, point)
    case .score(let community): ScoreScreen(session, community)
    case .complete(let id): CompleteScreen(session, id)
    case .contacts(let id): ContactsScreen(session, id)
    case .matters(let point): MattersScreen(session, point: point)
    case .matter(let id): MatterScreen(session, id)
    case .form(let form): MatterFormScreen(session, form)
    case .remind(let document): RemindScreen(session, document)
    case .attention: AttentionScreen(session)
    case .carry: CarryScreen(session)
    case .enrolAgain: EnrolAgainScreen(session)
    case .users: UsersScreen(current: user) { session.navigator.back() }
    case .settings: SettingsScreen()
    }
  }
}

/// A title with the way back, and what scrolls under it.
struct Page<Content: View, Trailing: View>: View {
  let title: String
  var back: (() -> Void)?
  @ViewBuilder var trailing: Trailing
  @ViewBuilder var content: Content
  @Environment(\.palette) private var palette
  @Environment(\.texts) private var texts
  @Environment(\.beside) private var beside

  var body: some View {
    VStack(spacing: 0) {
      HStack(spacing: 0) {
        if let back, !beside { Tap(.back, texts["action.back"], action: back) }
        Text(title)
          .font(back == nil ? .title.bold() : .title3.bold())
          .foregroundStyle(palette.ink)
          .padding(.leading, back == nil || beside ? 16 : 0)
          .accessibilityAddTraits(.isHeader)
        Spacer(minLength: 8)
        trailing
      }
      .frame(minHeight: 64)
      ScrollView {
        LazyVStack(alignment: .leading, spacing: 10) { content }
          .padding(.horizontal, 16)
          .padding(.bottom, 24)
      }
      .scrollDismissesKeyboard(.interactively)
    }
  }
}

extension Page where Trailing == EmptyView {
  init(_ title: String, back: (() -> Void)? = nil, @ViewBuilder content: () -> Content) {
    self.init(title: title, back: back) {
      EmptyView()
    } content: {
      content()
    }
  }
}
