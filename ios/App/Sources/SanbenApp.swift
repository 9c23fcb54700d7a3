//! The app as the system starts it: one shell, told when it goes to sleep and when it is in front again.

import BackgroundTasks
import SanbenField
import SanbenUI
import SwiftUI

@main
struct SanbenApp: App {
  @State private var start = Start()
  @Environment(\.scenePhase) private var phase

  var body: some Scene {
    WindowGroup {
      Group {
        switch start {
        case .ready(let machine): AppScreen(machine: machine)
        case .failed(let why): ContentUnavailableView(why, systemImage: "exclamationmark.triangle")
        }
      }
      // The system keeps a picture of the last screen for its switcher, outside the encrypted store.
      .overlay {
        if phase != .active { Rectangle().fill(.background).ignoresSafeArea() }
      }
    }
    .onChange(of: phase) {
      guard case .ready(let machine) = start else { return }
      switch phase {
      case .active: machine.awake()
      case .background: machine.asleep()
      default: break
      }
    }
    .backgroundTask(.appRefresh(BackgroundSync.name)) {
      await BackgroundSync.run()
    }
  }
}

/// Where the app cannot even make its folder it can only say so.
@MainActor
enum Start {
  case ready(Machine)
  case failed(String)

  init() {
    do {
      let machine = try Machine()
      machine.shell.start()
      self = .ready(machine)
    } catch {
      self = .failed(Texts(.chinese).of(.Full))
    }
  }
}

/// The app's screens, and over them what the system shows: the camera, sharing, the choice of a file.
private struct AppScreen: View {
  @Bindable var machine: Machine

  var body: some View {
    Root(machine.shell)
      .fullScreenCover(isPresented: $machine.camera.shown, onDismiss: machine.camera.dismissed) {
        CameraScreen(taken: machine.camera.taken).ignoresSafeArea()
      }
      .sheet(item: $machine.papers.given, onDismiss: { machine.papers.shared(false) }) { written in
        ShareSheet(file: written.file, shared: machine.papers.shared)
      }
      .fileImporter(isPresented: $machine.papers.choosing, allowedContentTypes: [.data]) { result in
        machine.papers.chose(try? result.get())
      } onCancellation: {
        machine.papers.chose(nil)
      }
  }
}
