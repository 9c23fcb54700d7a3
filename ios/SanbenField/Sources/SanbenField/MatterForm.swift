//! One form for every feature: opening a matter, or doing something to one.

import Foundation
import Observation
import Sanben

/// It keeps itself, field by field, and is recorded when it is submitted. Whoever comes back to an act goes on where
/// they were.
@MainActor
@Observable
public final class MatterForm {
  /// What is done.
  public private(set) var title = ""
  /// To what, or as part of what.
  public private(set) var about: String?
  public private(set) var fields: [FieldEntry] = []
  public private(set) var without: Without?
  /// The form is here, so that it can be submitted.
  public private(set) var ready = false
  public private(set) var sending = false
  private let session: Session
  private let form: FormRoute
  @ObservationIgnored private var matter: MatterDetail?
  @ObservationIgnored private var sought: [String: String] = [:]
  @ObservationIgnored private var edits: Edits!

  public init(_ session: Session, _ form: FormRoute) {
    self.session = session
    self.form = form
    edits = Edits(session) { [unowned self] in try await self.beginDraft($0) }
  }

  /// From the first edit on, everything is kept in it.
  public var draft: Uuid? { edits.draft }

  /// An edit that is shown but not saved, and why.
  public var unsaved: FieldFailure? { edits.unsaved }

  public func begin() {
    session.attempt {
      let kept = try await self.kept()
      if let kept {
        self.edits.goOn(with: kept.id)
        // Named at once: what can no longer be done can still be thrown away.
        self.title = kept.matter == nil ? kept.featureLabel : kept.actLabel
      }
      switch self.form {
      case .opening(let feature, let about, let point, _):
        try await self.beginMatter(feature, about: about, point: point, kept)
      case .act(let id, let act, _): try await self.beginAct(id, act, kept)
      }
      self.ready = true
      for field in self.fields { self.search(field.name, "") }
    }
  }

  private func kept() async throws -> MatterDraft? {
    let drafts = try await session.device.matterDrafts(tongue: session.texts.tongue)
    switch form {
    case .opening(_, _, _, let begun?), .act(_, _, let begun?):
      guard let kept = drafts.first(where: { $0.id == begun }) else {
        throw FieldFailure.NotFound(what: "draft", id: begun.uuidString)
      }
      return kept
    case .act(let id, let act, nil): return drafts.first { $0.matter == id && $0.act == act }
    default: return nil
    }
  }

  private func restored(_ entries: [FieldEntry], _ kept: MatterDraft?) async throws -> [FieldEntry] {
    guard let kept else { return entries }
    var restored: [FieldEntry] = []
    for entry in entries {
      restored.append(try await session.restored(entry, kept.fields[entry.key], in: matter))
    }
    return restored
  }

  /// What is known from where the form was opened belongs to the draft.
  private func beginDraft(_ device: Field) async throws -> Uuid {
    let draft: Uuid
    switch form {
    case .opening(let feature, _, _, _): draft = try await device.draftMatter(feature: feature)
    case .act(let id, let act, _): draft = try await device.draftAct(matter: id, act: act)
    }
    for field in fields where field.header {
      guard let kept = field.kept else { continue }
      try await device.matterDraftSet(draft: draft, name: field.key, value: kept)
    }
    return draft
  }

  private func beginMatter(
    _ name: String, about: Uuid?, point: String?, _ kept: MatterDraft?
  ) async throws {
    let (device, tongue) = (try session.device, session.texts.tongue)
    guard let feature = try await device.features(tongue: tongue).first(where: { $0.name == name }) else {
      throw FieldFailure.Denied(why: .role)
    }
    var belongsTo = about
    if case .document(let id) = kept?.fields["@about"] { belongsTo = id }
    if let belongsTo { matter = try await device.matter(id: belongsTo, tongue: tongue) }
    let header = try await restored(
      feature.header.map { entry($0, point: point ?? matter?.point) }, kept)
    let own = try await restored(feature.open.fields.map(entry), kept)
    // What can be left out does not stand in the way of what is asked for.
    let first = header.filter { $0.required || !$0.empty }
    let later = header.filter { !$0.required && $0.empty }
    title = feature.label
    self.about = matter.map { "\($0.featureLabel) · \($0.title)" }
    fields = first + own + later
  }

  private func beginAct(_ id: Uuid, _ name: String, _ kept: MatterDraft?) async throws {
    let about = try await session.device.matter(id: id, tongue: session.texts.tongue)
    guard let act = about.next.first(where: { $0.name == name }) else {
      throw FieldFailure.Denied(why: .step)
    }
    matter = about
    title = act.label
    self.about = "\(about.featureLabel) · \(about.title)"
    fields = try await restored(act.fields.map(entry), kept)
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

  /// Changes what a person filled in, and saves it.
  private func edit(_ name: String, _ edit: (inout FieldEntry) -> Void) {
    change(name) {
      edit(&$0)
      $0.flaw = nil
    }
    guard let field = fields.first(where: { $0.name == name }) else { return }
    // The form lives until its edits are saved, whatever became of the screen.
    edits.save { [self] device, draft in try await keep(field, device, draft) }
  }

  private func keep(_ field: FieldEntry, _ device: Field, _ draft: Uuid) async throws {
    try await device.matterDraftSet(draft: draft, name: field.key, value: field.kept)
  }

  public func write(_ name: String, _ typed: String) {
    // A line says what stands in it again when it is drawn.
    guard fields.first(where: { $0.name == name })?.typed != typed else { return }
    edit(name) { $0.typed = typed }
  }

  /// Chooses, or takes back what was chosen.
  public func choose(_ name: String, _ option: Option) {
    edit(name) {
      if $0.chosen.contains(where: { $0.value == option.value }) {
        $0.chosen.removeAll { $0.value == option.value }
      } else {
        $0.chosen = $0.several ? $0.chosen + [option] : [option]
      }
    }
  }

  public func day(_ name: String, _ day: StreetDay) {
    edit(name) { $0.chosen = [Option(value: .day(day: day.written), title: session.moments.date(day))] }
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
        self.edits.save { device, draft in
          try await device.matterDraftPhoto(draft: draft, name: name, file: file)
          let drafts = try await device.matterDrafts(tongue: self.session.texts.tongue)
          guard case .photos(let hashes) = drafts.first(where: { $0.id == draft })?.fields[name] else {
            return
          }
          self.change(name) {
            $0.photos = hashes
            $0.flaw = nil
          }
        }
      case .denied: self.without = .cameraDenied
      case .failed: self.without = .cameraFailed
      case .cancelled: break
      }
    }
  }

  public func dropPhotos(_ name: String) { edit(name) { $0.photos = [] } }

  /// Waits until every edit so far is saved or marked.
  public func settled() async { await edits.settled() }

  /// Saves what could not be saved before: the person has made room.
  public func saveAgain() { edits.saveAgain() }

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
        await self.edits.settled()
        if self.edits.unsaved != nil { return }
        let matter = try await self.record()
        self.edits.goOn(with: nil)
        self.session.syncer.trigger(.recorded)
        self.session.navigator.back()
        if case .opening = self.form { self.session.navigator.open(.matter(matter)) }
      } catch FieldFailure.Unfit(let field, let why) {
        guard self.fields.contains(where: { $0.name == field }) else {
          throw FieldFailure.Unfit(field: field, why: why)
        }
        self.change(field) { $0.flaw = why }
      }
    }
  }

  /// The matter that was opened or acted on. A draft that nobody wrote in does not outlive a failure.
  private func record() async throws -> Uuid {
    let untouched = edits.draft == nil
    let draft = try await edits.begun()
    let device = try session.device
    do {
      return try await device.submitMatterDraft(draft: draft)
    } catch let failure as FieldFailure where untouched {
      try await device.matterDraftDiscard(draft: draft)
      edits.goOn(with: nil)
      throw failure
    }
  }

  public func discard() {
    session.attempt {
      await self.edits.settled()
      if let draft = self.edits.draft { try await self.session.device.matterDraftDiscard(draft: draft) }
      self.edits.goOn(with: nil)
      self.session.navigator.back()
    }
  }
}

private let headerPoint = "point"
private let headerPerson = "person"
