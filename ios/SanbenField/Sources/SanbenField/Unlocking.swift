//! Somebody's records, locked: until the PIN, or a code from the desk with a new one, opens them. Records that lie open
//! still wait here for a PIN too, and can be put off.

import Foundation
import Observation
import Sanben

@MainActor
@Observable
public final class Unlocking {
  /// The records lie open still, from an app without PINs: one is chosen now.
  public let choosing: Bool
  public private(set) var busy = false
  /// How long no PIN is tried; 0 for not at all.
  public private(set) var waitSeconds: Int64 = 0
  public private(set) var failure: FieldFailure?
  /// There is a way back for a forgotten PIN.
  public private(set) var recoverable = false
  /// What is read to the desk, once somebody said that the PIN is forgotten.
  public private(set) var shown: String?
  private let vault: Vault
  private let folder: URL
  private let opened: @MainActor (Unlocking, Field) -> Void

  init(
    _ vault: Vault, of folder: URL, choosing: Bool,
    opened: @escaping @MainActor (Unlocking, Field) -> Void
  ) {
    self.vault = vault
    self.folder = folder
    self.choosing = choosing
    self.opened = opened
  }

  /// Counts the wait down until it is cancelled.
  public func run() async {
    while !choosing && !Task.isCancelled {
      await look()
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func look() async {
    do {
      guard case .locked(let millis, let recoverable) = try await vault.state() else { return }
      waitSeconds = (millis + 999) / 1000
      self.recoverable = recoverable
    } catch {
      failure = FieldFailure(of: error)
    }
  }

  /// With the PIN that opens the records, or the one that was chosen for them.
  public func unlock(_ pin: String) {
    let choosing = choosing
    opening { try await choosing ? $0.encrypt(pin: pin) : $0.unlock(pin: pin) }
  }

  /// No PIN for now: the records lie open until the next start.
  public func later() {
    let folder = folder
    if choosing { opening { _ in try await Field.open(folder) } }
  }

  /// From here on the desk can help: what is shown is for it.
  public func forgot() {
    Task {
      do {
        shown = try await vault.challenge()
        failure = shown == nil ? .NoRecovery : nil
      } catch {
        failure = FieldFailure(of: error)
      }
    }
  }

  /// The PIN came back to mind.
  public func remembered() {
    shown = nil
    failure = nil
  }

  public func recover(_ code: String, pin: String) {
    let code = code.trimmingCharacters(in: .whitespacesAndNewlines)
    opening { try await $0.recover(code: code, pin: pin) }
  }

  private func opening(_ work: @escaping @MainActor (Vault) async throws -> Field) {
    guard !busy else { return }
    busy = true
    failure = nil
    Task {
      defer { busy = false }
      do {
        opened(self, try await patiently { try await work(self.vault) })
      } catch {
        await look()
        failure = FieldFailure(of: error)
      }
    }
  }
}
