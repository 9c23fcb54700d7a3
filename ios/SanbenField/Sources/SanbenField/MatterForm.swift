//! One form for every feature: opening a matter, or doing something to one.

import Foundation
import Observation
import Sanben

/// Nothing is recorded before `submit`.
@MainActor
@Observable
public final class MatterForm {
  /// What is done.
  public private(set) var title = ""
  /// To what, or as part of what.
  public private(set) var about: String?
  public private(set) var fields: [FieldEntry] = []
  public private(set) var without: Without?
  public private(set) var sending = false
  private let session: Session
  private let form: FormRoute
  @ObservationIgnored private var matter: MatterDetail?
  @ObservationIgnored private var sought: [String: String] = [:]

  public init(_ session: Session, _ form: FormRoute) {
    self.session = session
    self.form = form
  }

  public func begin() {
    session.attempt {
      switch self.form {
      case .opening(let feature, let about, let point):
        try await self.beginMatter(feature, about: about, point: point)
      case .act(let id, let act): try await self.beginAct(id, act)
      }
      for field in self.fields { self.search(field.name, "") }
    }
  }

  private func beginMatter(_ name: String, about: Uuid?, point: String?) async throws {
    let (device, tongue) = (try session.device, session.texts.tongue)
    guard let feature = try await device.features(tongue: tongue).first(where: { $0.name == name }) else {
      throw FieldFailure.Denied(why: .role)
    }
    if let about { matter = try await device.matter(id: about, tongue: tongue) }
    let header = feature.header.map { entry($0, point: point ?? matter?.point) }
    // What can be left out does not stand in the way of what is asked for.
    let first = header.filter { $0.required || !$0.empty }
    let later = header.filter { !$0.required && $0.empty }
    title = feature.label
    self.about = matter.map { "\($0.featureLabel) · \($0.title)" }
    fields = first + feature.open.fields.map(entry) + later
  }

  private func beginAct(_ id: Uuid, _ name: String) async throws {
    let about = try await session.device.matter(id: id, tongue: session.texts.tongue)
    guard let act = about.next.first(where: { $0.name == name }) else {
      throw FieldFailure.Denied(why: .step)
    }
    matter = about
    title = act.label
    self.about = "\(about.featureLabel) · \(about.title)"
    fields = act.fields.map(entry)
  }

  private func entry(_ form: FieldForm) -> FieldEntry {
    FieldEntry(name: form.name, label: form.label, shape: form.shape, required: form.required)
  }

  /// With what is known from where the form was opened.
  private func entry(_ part: HeaderPart, point: String?) -> FieldEntry {
    var (shape, given): (FieldShape, Option?) = (.document, nil)
    switch part.name {
    case headerPoint:
      shape = .point
      given = point.map { Option(value: .point(code: $0), title: session.names.point($0)) }
    case headerPerson: shape = .person
    default:
      given = matter.map { Option(value: .document(id: $0.id), title: $0.title, hint: $0.featureLabel) }
    }
    return FieldEntry(
      name: part.name, label: part.label, shape: shape, required: part.required, header: true,
      chosen: [given].compactMap { $0 })
  }

  // MARK: Filling it in

  private func change(_ name: String, _ change: (inout FieldEntry) -> Void) {
    guard let at = fields.firstIndex(where: { $0.name == name }) else { return }
    change(&fields[at])
  }

  public func write(_ name: String, _ typed: String) {
    change(name) {
      $0.typed = typed
      $0.flaw = nil
    }
  }

  /// Chooses, or takes back what was chosen.
  public func choose(_ name: String, _ option: Option) {
    change(name) {
      if $0.chosen.contains(where: { $0.value == option.value }) {
        $0.chosen.removeAll { $0.value == option.value }
      } else {
        $0.chosen = $0.several ? $0.chosen + [option] : [option]
      }
      $0.flaw = nil
    }
  }

  public func day(_ name: String, _ day: StreetDay) {
    change(name) {
      $0.chosen = [Option(value: .day(day: day.written), title: session.moments.date(day))]
      $0.flaw = nil
    }
  }

  /// The time of day, as the street has it.
  public func now(_ name: String) { write(name, session.moments.time()) }

  public func search(_ name: String, _ text: String) {
    guard let field = fields.first(where: { $0.name == name }) else { return }
    // Of many, and not needed: shown to who looks for it.
    let unasked = text.isBlank && !field.required && field.shape.many
    sought[name] = text
    session.attempt {
      let offered =
        unasked ? [] : try await self.session.offers(name, field.shape, like: text, in: self.matter)
      // A slow answer to fewer letters must not replace the right one.
      if self.sought[name] == text { self.change(name) { $0.offered = offered } }
    }
  }

  public func photo(_ name: String) {
    session.attempt {
      switch await self.session.ports.picture() {
      case .taken(let file):
        self.without = nil
        self.change(name) {
          $0.photos.append(file)
          $0.flaw = nil
        }
      case .denied: self.without = .cameraDenied
      case .failed: self.without = .cameraFailed
      case .cancelled: break
      }
    }
  }

  public func dropPhotos(_ name: String) {
    change(name) {
      $0.photos = []
      $0.flaw = nil
    }
  }

  // MARK: The end of it

  /// Records it and goes to the matter; what does not fit is marked at its field.
  public func submit() {
    if sending { return }
    fields = fields.map(\.read)
    if fields.contains(where: { $0.flaw != nil }) { return }
    sending = true
    session.attempt {
      defer { self.sending = false }
      do {
        let opened = try await self.record(self.fields)
        self.session.syncer.trigger(.recorded)
        self.session.navigator.back()
        if let opened { self.session.navigator.open(.matter(opened)) }
      } catch FieldFailure.Unfit(let field, let why) {
        guard self.fields.contains(where: { $0.name == field }) else {
          throw FieldFailure.Unfit(field: field, why: why)
        }
        self.change(field) { $0.flaw = why }
      }
    }
  }

  /// The matter that was opened, if one was.
  private func record(_ entries: [FieldEntry]) async throws -> Uuid? {
    var fields: [String: FieldValue] = [:]
    var photos: [String: [URL]] = [:]
    for entry in entries where !entry.header {
      if let value = entry.value { fields[entry.name] = value }
      if !entry.photos.isEmpty { photos[entry.name] = entry.photos }
    }
    let device = try session.device
    switch form {
    case .act(let id, let act):
      try await device.actOnMatter(id: id, act: act, fields: fields, photos: photos)
      return nil
    case .opening(let feature, _, _):
      var new = NewMatter(
        feature: feature, fields: fields, photos: photos.mapValues { $0.map(\.path) })
      for entry in entries where entry.header {
        switch entry.value {
        case .point(let code): new.point = code
        case .person(let code): new.person = code
        case .document(let id): new.about = id
        default: break
        }
      }
      return try await device.openMatter(new)
    }
  }
}

private let headerPoint = "point"
private let headerPerson = "person"
