//! An encrypted store, which opens with a PIN, as Swift waits for it. Keep one `Vault` for as long as its folder may be
//! unlocked: the wait after wrong PINs is counted while it lives. A PIN takes a noticeable part of a second, on purpose.

import Foundation

extension Vault {
  /// The vault of a folder; nothing is read yet.
  public convenience init(folder: URL, keystore: any Keystore) {
    self.init(dir: folder.path, keystore: keystore)
  }

  /// How the folder's store stands.
  public func state() async throws -> VaultState {
    try await offTheActor { try self.state() }
  }

  /// Makes an encrypted store under a PIN.
  public func create(pin: String) async throws -> Field {
    try await offTheActor { try self.create(pin: pin) }
  }

  /// Makes a store that lies open an encrypted one under a PIN; nobody may have it open.
  public func encrypt(pin: String) async throws -> Field {
    try await offTheActor { try self.encrypt(pin: pin) }
  }

  /// Opens the store with its PIN.
  public func unlock(pin: String) async throws -> Field {
    try await offTheActor { try self.unlock(pin: pin) }
  }

  /// What somebody who forgot the PIN reads to the desk; `nil` while the server has given no codes.
  public func challenge() async throws -> String? {
    try await offTheActor { try self.challenge() }
  }

  /// Opens the store with the code from the desk, and gives it a new PIN.
  public func recover(code: String, pin: String) async throws -> Field {
    try await offTheActor { try self.recover(code: code, pin: pin) }
  }
}

extension Field {
  /// Whether this store is encrypted.
  public func isEncrypted() async throws -> Bool {
    try await offTheActor { try self.isEncrypted() }
  }

  /// Gives an encrypted store another PIN; a wrong old one counts as a try.
  public func changePin(old: String, new: String) async throws {
    try await offTheActor { try self.changePin(old: old, new: new) }
  }
}
