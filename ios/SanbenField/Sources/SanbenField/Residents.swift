//! Whom a case is about. Shown only to those who keep contacts; what is wrong is erased by the desk.

import Foundation
import Observation
import Sanben

@MainActor
@Observable
public final class Residents {
  public private(set) var contacts: [Contact] = []
  public private(set) var mayAdd = false
  public var name = ""
  public var telephone = ""
  public var note = ""
  private let session: Session
  private let id: Uuid

  public init(_ session: Session, _ id: Uuid) {
    self.session = session
    self.id = id
  }

  /// A name or a telephone number is enough.
  public var canAdd: Bool { mayAdd && !(name.isBlank && telephone.isBlank) }

  /// Keeps it true until it is cancelled.
  public func run() async {
    await session.follow {
      self.contacts = try await self.session.device.contacts(id: self.id)
      self.mayAdd = try await self.session.device.mayAddContact(id: self.id)
    }
  }

  public func add() {
    session.attempt {
      let contact = NewContact(name: self.name, telephone: self.telephone, note: self.note)
      try await self.session.device.addContact(id: self.id, contact: contact)
      (self.name, self.telephone, self.note) = ("", "", "")
      self.session.syncer.trigger(.recorded)
    }
  }
}
