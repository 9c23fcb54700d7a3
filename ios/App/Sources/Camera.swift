//! One picture, by the system's own camera screen.

import AVFoundation
import Observation
import SanbenField
import SwiftUI
import UIKit

@MainActor
@Observable
final class Camera {
  /// Whether the camera is over the screens.
  var shown = false
  @ObservationIgnored private var asked: CheckedContinuation<Pictured, Never>?

  func picture() async -> Pictured {
    guard UIImagePickerController.isSourceTypeAvailable(.camera) else { return .failed }
    guard await AVCaptureDevice.requestAccess(for: .video) else { return .denied }
    // A second tap while the camera opens takes no second picture.
    guard asked == nil else { return .cancelled }
    return await withCheckedContinuation {
      asked = $0
      shown = true
    }
  }

  func taken(_ pictured: Pictured) {
    asked?.resume(returning: pictured)
    asked = nil
    shown = false
  }

  /// However it went away.
  func dismissed() { taken(.cancelled) }
}

struct CameraScreen: UIViewControllerRepresentable {
  let taken: @MainActor (Pictured) -> Void

  func makeCoordinator() -> Coordinator { Coordinator(taken) }

  func makeUIViewController(context: Context) -> UIImagePickerController {
    let picker = UIImagePickerController()
    picker.sourceType = .camera
    picker.delegate = context.coordinator
    return picker
  }

  func updateUIViewController(_ picker: UIImagePickerController, context: Context) {}

  @MainActor
  final class Coordinator: NSObject, UIImagePickerControllerDelegate, UINavigationControllerDelegate {
    private let taken: @MainActor (Pictured) -> Void

    init(_ taken: @escaping @MainActor (Pictured) -> Void) { self.taken = taken }

    func imagePickerController(
      _ picker: UIImagePickerController,
      didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any]
    ) {
      // The core takes JPEG and PNG; what it took it keeps by itself, so that a temporary file will do.
      let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jpg")
      let picture = (info[.originalImage] as? UIImage)?.jpegData(compressionQuality: 0.85)
      do {
        guard let picture else { return taken(.failed) }
        try picture.write(to: file)
        taken(.taken(file))
      } catch {
        taken(.failed)
      }
    }

    func imagePickerControllerDidCancel(_ picker: UIImagePickerController) { taken(.cancelled) }
  }
}
