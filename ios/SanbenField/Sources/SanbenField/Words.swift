//! What the core says, in the words of the catalogues.

import Sanben

/// `onAccount` as the catalogues write it: `on-account`. What a case carries is left aside.
func key<Value>(_ value: Value) -> String {
  let name = Mirror(reflecting: value).children.first?.label ?? "\(value)"
  let parts = name.map { $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined()
  return parts.hasPrefix("-") ? String(parts.dropFirst()) : parts
}

extension Texts {
  public func of(_ status: CaseStatus) -> String { self["status.\(key(status))"] }

  public func of(_ source: CaseSource) -> String { self["source.\(key(source))"] }

  public func of(_ kind: ActKind) -> String { self["act.\(key(kind))"] }

  public func of(_ lateness: Lateness) -> String { self["lateness.\(key(lateness))"] }

  public func of(_ outcome: Outcome) -> String { self["outcome.\(key(outcome))"] }

  public func of(_ role: Role) -> String { self["role.\(key(role))"] }

  public func of(_ round: Round) -> String { self["round.\(key(round))"] }

  public func of(_ ignored: Ignored) -> String { self["ignored.\(key(ignored))"] }

  public func of(_ announced: Announced) -> String { self["announced.\(key(announced))"] }

  public func of(_ flaw: FieldFlaw) -> String { self["flaw.\(key(flaw))"] }

  public func of(_ denial: Denial) -> String { self["denied.\(key(denial))"] }

  public func of(_ without: Without) -> String { self["without.\(key(without))"] }

  public func of(_ brought: Brought) -> String { self["carry.\(key(brought))"] }

  /// The language in which the core speaks of matters.
  var tongue: Tongue {
    switch language {
    case .chinese: .chinese
    case .english: .english
    }
  }

  public func of(_ limit: TimeLimit) -> String {
    switch limit {
    case .sameDay: self["limit.same-day"]
    case .workingHours(let hours): self["limit.working-hours", ["n": hours]]
    case .workingDays(let days): self["limit.working-days", ["n": days]]
    case .days(let days): self["limit.days", ["n": days]]
    }
  }

  public func of(_ result: VisitResult?) -> String {
    switch result {
    case nil: self["visit.to-do"]
    case .clean: self["visit.clean"]
    case .found(let cases): self["visit.found", ["n": cases.count]]
    case .notAccessible(let reason): self["visit.not-accessible", ["reason": reason]]
    }
  }

  public func of(_ reason: ScoreReason) -> String {
    switch reason {
    case .finding(let source): self["score.finding", ["source": of(source)]]
    case .foundAgain(_, let times): self["score.found-again", ["n": times]]
    case .lookBackFailed(let times): self["score.look-back-failed", ["n": times]]
    case .overdue(let deadline, _, _): self["score.overdue-\(key(deadline))"]
    case .announcement(let announced, _, _, _): of(announced)
    case .assessed(_, let met, let observed): self["score.assessed", ["met": met, "observed": observed]]
    case .ruling(_, let was, let isNow, _): self["score.ruling", ["was": was, "now": isNow]]
    case .withdrawn: self["score.withdrawn"]
    }
  }

  public func of(_ why: Suspension) -> String { self["suspended.\(key(why))"] }

  /// What failed and what to do about it.
  public func of(_ failure: FieldFailure) -> String {
    switch failure {
    case .Denied(let why): of(why)
    case .Invalid(let reason) where !ofTheProgram.contains(reason): self["invalid.\(key(reason))"]
    default: self["failure.\(key(failure))"]
    }
  }

  /// Why the server refused something, and what its author can do.
  public func of(_ why: RejectionReason) -> (why: String, remedy: String) {
    switch why {
    case .form: (self["refused.form"], self["remedy.update"])
    case .unsigned: (self["refused.unsigned"], self["remedy.own-device"])
    case .notTheAuthor: (self["refused.not-the-author"], self["remedy.own-device"])
    case .notAllowed(let denial): (of(denial), self["remedy.ask-or-discard"])
    case .unfit(let field, _): (self["refused.unfit", ["field": field]], self["remedy.ask-or-discard"])
    case .outOfScope: (self["refused.out-of-scope"], self["remedy.ask-or-discard"])
    case .dependsOnRejected: (self["refused.depends-on-rejected"], self["remedy.first-one-first"])
    case .erased: (self["refused.erased"], self["remedy.give-up"])
    case .revoked: (self["refused.revoked"], self["remedy.ask-or-discard"])
    case .reviewed(let reason): (self["refused.reviewed", ["reason": reason]], self["remedy.ask-or-discard"])
    }
  }
}

/// What no person enters: a fault of the program, about which a person can only try again.
private let ofTheProgram: Set<InvalidInput> = [
  .notAUuid, .notAHash, .notADay, .notAPageToken, .takesNoPhotos, .negativeBudget,
]
