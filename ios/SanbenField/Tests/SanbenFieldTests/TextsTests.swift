//! Everything that is said has its text, in both languages. The catalogues are the same files that Android
//! reads; that they agree with each other is tested there.

import Foundation
import Sanben
import Testing

@testable import SanbenField

struct TextsTests {
  @Test func theCatalogueIsAndroidsOwnWordForWord() throws {
    for language in Language.allCases {
      let file = data.deletingLastPathComponent().appendingPathComponent(
        "android/field/src/main/resources/sanben/texts/\(language.rawValue).properties")
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
        $0.contains("=")
      }
      let texts = Texts.catalogue(language)
      #expect(texts.count == lines.count && lines.count > 300)
      #expect(texts.values.allSatisfy { !$0.contains("\\") }, "an escape that is not read")
      for line in lines where !line.contains("\\") {
        let key = String(line.prefix { $0 != "=" })
        #expect(texts[key] == String(line.dropFirst(key.count + 1)))
      }
    }
  }

  @Test func whatTheSourcesAskForIsThere() throws {
    let known = Texts.catalogue(.chinese)
    let sections = Set(known.keys.map { $0.prefix { $0 != "." } })
    let ios = data.deletingLastPathComponent().appendingPathComponent("ios")
    let sources = FileManager.default.enumerator(at: ios, includingPropertiesForKeys: nil)
    var asked = 0
    while let file = sources?.nextObject() as? URL {
      let names = ["Tests", ".build", "Glyph.swift"]
      // The names of the system's drawings look like keys.
      guard file.pathExtension == "swift", !file.pathComponents.contains(where: names.contains) else {
        continue
      }
      for found in try String(contentsOf: file, encoding: .utf8).matches(
        of: /"([a-z]+(?:-[a-z]+)*\.[a-z.-]+)"/)
      {
        let key = String(found.1)
        guard sections.contains(key.prefix { $0 != "." }), !key.hasSuffix(".json") else { continue }
        asked += 1
        #expect(known[key] != nil, "\(key) in \(file.lastPathComponent)")
      }
    }
    #expect(asked > 50)
  }

  @Test func everyFailureSaysWhatToDo() {
    let invalid: [InvalidInput] = [
      .noReason, .noReasonToDiscard, .noWords, .pastDeadline, .noDispute, .mergeIntoItself, .otherCommunity,
      .noTeam, .pointElsewhere, .nothingSaid, .noContact, .contactStays, .nothingWaits, .notAMailbag,
      .nothingCorrected, .notCorrectable, .onesOwnRound, .notHandedOn, .forAnother, .onesOwnWork,
      .otherTenant,
      .notAUuid, .notAHash, .notADay, .notAPageToken, .notAPlace, .takesNoPhotos, .negativeBudget,
      .notACarrier,
    ]
    let failures: [FieldFailure] =
      [
        .NotEnrolled, .AlreadyEnrolled, .NothingYet, .NotFound(what: "x", id: "x"),
        .Unfit(field: "x", why: .missing), .Photo(detail: "x"),
        .File(detail: "x"), .FileNotWritten(detail: "x"), .Full, .NewerStore, .CorruptStore(detail: "x"),
        .Busy,
        .Network(detail: "x"), .CodeUnknown, .CodeUsed, .CodeExpired, .CodeMalformed,
        .WrongServer(detail: "x"),
        .UnknownDevice, .Refused(detail: "x"), .Cancelled, .Listener(detail: "x"), .Unexpected(detail: "x"),
      ] + invalid.map { .Invalid(reason: $0) }
      + [Denial.role, .place, .scope, .reason, .step, .unknown].map { .Denied(why: $0) }
    for language in Language.allCases {
      let texts = Texts(language)
      for failure in failures {
        // What failed, then what to do: two parts, in both languages.
        let text = texts.of(failure)
        #expect(text.contains(/[：；，:;,]/) && text.count >= 10, "\(failure): \(text)")
      }
    }
  }

  @Test func everyWordOfTheCoreHasAText() {
    let known = Texts.catalogue(.english)
    let said: [String: [Any]] = [
      "status": [
        CaseStatus.reported, CaseStatus.confirmed, CaseStatus.filed, CaseStatus.dispatched,
        CaseStatus.acknowledged, CaseStatus.rectified, CaseStatus.rework, CaseStatus.onAccount,
        CaseStatus.verified, CaseStatus.closed, CaseStatus.voided, CaseStatus.merged,
      ],
      "lateness": [Lateness.notDue, Lateness.inTime, Lateness.late, Lateness.doubtful],
      "round": [Round.morning, Round.lookBack],
      "outcome": [Outcome.passed, Outcome.failed],
      "ignored": [Ignored.outOfPlace, Ignored.overruled, Ignored.danglingReference, Ignored.unknownKind],
      "without": Without.allCases, "carry": Brought.allCases,
      "suspended": [
        Suspension.disputed(between: []), Suspension.doubtfulClock,
        Suspension.countedAlready(counted: UUID()),
      ],
      "act": [
        ActKind.putOnAccount, ActKind.lookBack, ActKind.void, ActKind.addContact, ActKind.matter,
        ActKind.unknown,
      ],
      "role": [Role.command, Role.pointHead, Role.gridMember],
      "source": [CaseSource.own, CaseSource.digitalCity],
      "flaw": [
        FieldFlaw.missing, FieldFlaw.unknown, FieldFlaw.shape, FieldFlaw.bounds, FieldFlaw.numbered,
        FieldFlaw.dangling,
      ],
    ]
    for (section, values) in said {
      for value in values { #expect(known["\(section).\(key(value))"] != nil, "\(section) \(value)") }
    }
  }

  @Test func oneThingIsOneAndPlacesAreFilled() {
    let english = Texts(.english)
    #expect(english["case.attached", ["n": 1]] == "1 photo taken")
    #expect(english["case.attached", ["n": 2]] == "2 photos taken")
    #expect(english["list.and"] == ", ")
    #expect(Texts(.chinese).of(.workingHours(hours: 4)) == "4 工作小时")
    #expect(Texts(.chinese).of(VisitResult.notAccessible(reason: "施工")) == "进不去：施工")
  }
}
