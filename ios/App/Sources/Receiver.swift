//! The place, read once at a tap and never in the background.

import CoreLocation
import Sanben
import SanbenField

@MainActor
final class Receiver: NSObject, CLLocationManagerDelegate {
  private let manager = CLLocationManager()
  private var asked: [CheckedContinuation<Located, Never>] = []

  override init() {
    super.init()
    manager.delegate = self
    manager.desiredAccuracy = kCLLocationAccuracyBest
  }

  func once() async -> Located {
    switch manager.authorizationStatus {
    case .denied, .restricted: return .denied
    case .notDetermined:
      return await withCheckedContinuation {
        asked.append($0)
        manager.requestWhenInUseAuthorization()
      }
    default:
      return await withCheckedContinuation {
        asked.append($0)
        manager.requestLocation()
      }
    }
  }

  private func answer(_ located: Located) {
    let waiting = asked
    asked = []
    for one in waiting { one.resume(returning: located) }
  }

  nonisolated func locationManagerDidChangeAuthorization(_ manager: CLLocationManager) {
    let status = manager.authorizationStatus
    Task { @MainActor in
      guard !asked.isEmpty else { return }
      switch status {
      case .notDetermined: break
      case .denied, .restricted: answer(.denied)
      default: self.manager.requestLocation()
      }
    }
  }

  nonisolated func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation]) {
    guard let last = locations.last else { return }
    // Raw WGS-84; a negative accuracy says that there is none.
    let fix = Fix(
      latitude: last.coordinate.latitude, longitude: last.coordinate.longitude,
      accuracyMetres: last.horizontalAccuracy < 0 ? nil : last.horizontalAccuracy)
    Task { @MainActor in answer(.at(fix)) }
  }

  nonisolated func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error) {
    let denied = (error as? CLError)?.code == .denied
    Task { @MainActor in answer(denied ? .denied : .nowhere) }
  }
}
