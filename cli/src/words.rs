//! The words for what the data says in codes. Every match is exhaustive: a new kind of thing cannot come
//! without its words.

use crate::language::{Language, say};
use sanben_document::{IntentBody, Refusal};
use sanben_domain::case::{
    CaseAct, DueBasis, Field as Register, Ignored, Lateness, Outcome, PhotoRole, Source, Status,
};
use sanben_domain::contact::ContactAct;
use sanben_domain::matter::{self, Flaw, Shape};
use sanben_domain::patrol::{PatrolAct, Round, VisitResult};
use sanben_domain::reference::{Duty, Role, TimeLimit};
use sanben_domain::rights::Denied;
use sanben_domain::score::{Deadline, Fact, ScorePoints};
use sanben_server::{ReviewedAct, Wrong};
use sanben_sync::handover::NotTaken;
use sanben_sync::wire::Rejection;

/// How far a case has come.
pub(crate) fn status(language: Language, status: Status) -> String {
    match status {
        Status::Reported => say!(language, "status-reported"),
        Status::Confirmed => say!(language, "status-confirmed"),
        Status::Filed => say!(language, "status-filed"),
        Status::Dispatched => say!(language, "status-dispatched"),
        Status::Acknowledged => say!(language, "status-acknowledged"),
        Status::Rectified => say!(language, "status-rectified"),
        Status::Rework => say!(language, "status-rework"),
        Status::OnAccount => say!(language, "status-on-account"),
        Status::Verified => say!(language, "status-verified"),
        Status::Closed => say!(language, "status-closed"),
        Status::Voided => say!(language, "status-voided"),
        Status::Merged => say!(language, "status-merged"),
    }
}

/// Why a carrier did not take a mailbag.
#[must_use]
pub(crate) fn not_taken(language: Language, why: NotTaken) -> String {
    match why {
        NotTaken::WrongCode => say!(language, "not-taken-wrong-code"),
        NotTaken::AnotherServer => say!(language, "not-taken-another-server"),
        NotTaken::Full => say!(language, "not-taken-full"),
        NotTaken::TooOften => say!(language, "not-taken-too-often"),
        NotTaken::TooLarge => say!(language, "not-taken-too-large"),
        NotTaken::Malformed => say!(language, "not-taken-malformed"),
    }
}

/// What is wrong with an entry of the log.
pub(crate) fn wrong(language: Language, wrong: Wrong) -> String {
    match wrong {
        Wrong::Gap => say!(language, "wrong-gap"),
        Wrong::Chain => say!(language, "wrong-chain"),
        Wrong::Bytes => say!(language, "wrong-bytes"),
        Wrong::Manifest => say!(language, "wrong-manifest"),
        Wrong::Erasure => say!(language, "wrong-erasure"),
    }
}

/// Whether it is late.
pub(crate) fn lateness(language: Language, lateness: Lateness) -> String {
    match lateness {
        Lateness::NotDue => say!(language, "lateness-not-due"),
        Lateness::InTime => say!(language, "lateness-in-time"),
        Lateness::Late => say!(language, "lateness-late"),
        Lateness::Doubtful => say!(language, "lateness-doubtful"),
    }
}

/// Who found a problem.
pub(crate) fn source(language: Language, source: Source) -> String {
    match source {
        Source::Own => say!(language, "source-own"),
        Source::Subdistrict => say!(language, "source-subdistrict"),
        Source::District => say!(language, "source-district"),
        Source::City => say!(language, "source-city"),
        Source::DigitalCity => say!(language, "source-digital-city"),
    }
}

/// What a look-back found.
pub(crate) fn outcome(language: Language, outcome: Outcome) -> String {
    match outcome {
        Outcome::Passed => say!(language, "outcome-passed"),
        Outcome::Failed => say!(language, "outcome-failed"),
    }
}

/// What was done, without whom and what it is about.
pub(crate) fn act(language: Language, act: &CaseAct) -> String {
    match act {
        CaseAct::Report { source: by } => say!(language, "act-report", source = source(language, *by)),
        CaseAct::Confirm => say!(language, "act-confirm"),
        CaseAct::File => say!(language, "act-file"),
        CaseAct::Dispatch { .. } => say!(language, "act-dispatch"),
        CaseAct::Acknowledge { .. } => say!(language, "act-acknowledge"),
        CaseAct::Rectify { .. } => say!(language, "act-rectify"),
        CaseAct::LookBack { .. } => say!(language, "act-look-back"),
        CaseAct::Close => say!(language, "act-close"),
        CaseAct::Rework { .. } => say!(language, "act-rework"),
        CaseAct::PutOnAccount { .. } => say!(language, "act-put-on-account"),
        CaseAct::Void { .. } => say!(language, "act-void"),
        CaseAct::Extend { .. } => say!(language, "act-extend"),
        CaseAct::Except { .. } => say!(language, "act-except"),
        CaseAct::Escalate { .. } => say!(language, "act-escalate"),
        CaseAct::Answer { .. } => say!(language, "act-answer"),
        CaseAct::FindAgain { .. } => say!(language, "act-find-again"),
        CaseAct::Decide { .. } => say!(language, "act-decide"),
        CaseAct::MergeInto { .. } => say!(language, "act-merge-into"),
        CaseAct::Unmerge { .. } => say!(language, "act-unmerge"),
        CaseAct::Amend { .. } => say!(language, "act-amend"),
        CaseAct::Comment { .. } => say!(language, "act-comment"),
        CaseAct::Unknown => say!(language, "act-unknown"),
    }
}

/// What was meant by a recorded change.
pub(crate) fn intent(language: Language, body: &IntentBody) -> String {
    match body {
        IntentBody::Report { source: by, .. } => act(language, &CaseAct::Report { source: *by }),
        IntentBody::Act { act: done, .. } => act(language, done),
        IntentBody::Amend { .. } => act(language, &CaseAct::Amend { fields: Vec::new() }),
        IntentBody::StartPatrol { round: which, .. } => {
            say!(language, "patrol-start", round = round(language, *which))
        }
        IntentBody::AddContact { .. } => say!(language, "act-add-contact"),
        IntentBody::OpenMatter { header, .. } => match matter::feature::named(&header.feature) {
            Some(feature) => matter::feature_name(language.tongue(), feature),
            None => say!(language, "act-unknown"),
        },
        // Of which feature is said where the matter is at hand; the commonest acts are called the same in all.
        IntentBody::Matter { act, .. } => say!(language, "act-matter", act = act.name.as_str()),
        IntentBody::Patrol { act } => patrol_act(language, act),
    }
}

/// What was done on a round.
fn patrol_act(language: Language, act: &PatrolAct) -> String {
    match act {
        PatrolAct::Start => say!(language, "patrol-act-start"),
        PatrolAct::Visit { point, result, .. } => {
            say!(language, "patrol-act-visit", point = point.as_str(), result = visit(language, Some(result)))
        }
        PatrolAct::Finish => say!(language, "patrol-act-finish"),
        PatrolAct::Unknown => say!(language, "act-unknown"),
    }
}

/// What the desk has to decide about.
pub(crate) fn reviewed(language: Language, done: &ReviewedAct) -> String {
    match done {
        ReviewedAct::Case(done) => act(language, done),
        ReviewedAct::Patrol(done) => patrol_act(language, done),
        ReviewedAct::Contact(ContactAct::Add) => say!(language, "act-add-contact"),
        ReviewedAct::Contact(ContactAct::Unknown) => say!(language, "act-unknown"),
        ReviewedAct::Matter { feature, act } => match matter::feature::named(feature) {
            Some(feature) => {
                let tongue = language.tongue();
                let named = matter::feature_name(tongue, feature);
                format!("{named} · {}", matter::act_name(tongue, feature, &act.name))
            }
            None => say!(language, "act-unknown"),
        },
    }
}

/// A register of a case.
pub(crate) fn register(language: Language, register: Register) -> String {
    match register {
        Register::Point => say!(language, "label-point"),
        Register::Standard => say!(language, "label-standard"),
        Register::Description => say!(language, "label-words"),
        Register::Fix => say!(language, "label-place"),
    }
}

/// Why an event had no effect.
pub(crate) fn ignored(language: Language, ignored: Ignored) -> String {
    match ignored {
        Ignored::OutOfPlace => say!(language, "ignored-out-of-place"),
        Ignored::Overruled => say!(language, "ignored-overruled"),
        Ignored::DanglingReference => say!(language, "ignored-dangling-reference"),
        Ignored::UnknownKind => say!(language, "ignored-unknown-kind"),
    }
}

/// Where a due instant comes from.
pub(crate) fn due_basis(language: Language, basis: DueBasis) -> String {
    match basis {
        DueBasis::Limit(limit) => time_limit(language, limit),
        DueBasis::Granted(_) => say!(language, "due-granted"),
    }
}

/// How long a problem may stand.
pub(crate) fn time_limit(language: Language, limit: TimeLimit) -> String {
    match limit {
        TimeLimit::SameDay => say!(language, "limit-same-day"),
        TimeLimit::WorkingHours(n) => say!(language, "limit-working-hours", n = n),
        TimeLimit::WorkingDays(n) => say!(language, "limit-working-days", n = n),
        TimeLimit::Days(n) => say!(language, "limit-days", n = n),
    }
}

/// What a photo shows.
pub(crate) fn photo_role(language: Language, role: PhotoRole) -> String {
    match role {
        PhotoRole::Before => say!(language, "photo-before"),
        PhotoRole::After => say!(language, "photo-after"),
        PhotoRole::LookBack => say!(language, "photo-look-back"),
    }
}

/// Which round of the day.
pub(crate) fn round(language: Language, round: Round) -> String {
    match round {
        Round::Morning => say!(language, "round-morning"),
        Round::LookBack => say!(language, "round-look-back"),
    }
}

/// What a visit found; `None` while the point is still to be visited.
pub(crate) fn visit(language: Language, result: Option<&VisitResult>) -> String {
    match result {
        None => say!(language, "visit-to-do"),
        Some(VisitResult::Clean) => say!(language, "visit-clean"),
        Some(VisitResult::Found(cases)) => say!(language, "visit-found", n = cases.len()),
        Some(VisitResult::NotAccessible(reason)) => {
            say!(language, "visit-not-accessible", reason = reason.as_str())
        }
    }
}

/// What a person does for the tenant.
pub(crate) fn role(language: Language, role: Role) -> String {
    match role {
        Role::Command => say!(language, "role-command"),
        Role::Inspector => say!(language, "role-inspector"),
        Role::PointHead => say!(language, "role-point-head"),
        Role::GridMember => say!(language, "role-grid-member"),
        Role::Volunteer => say!(language, "role-volunteer"),
        Role::Clerk => say!(language, "role-clerk"),
        Role::Discipline => say!(language, "role-discipline"),
    }
}

/// In what way somebody answers.
pub(crate) fn duty(language: Language, duty: Duty) -> String {
    match duty {
        Duty::Head => say!(language, "duty-head"),
        Duty::Contact => say!(language, "duty-contact"),
    }
}

/// Which deadline passed.
pub(crate) fn deadline(language: Language, deadline: Deadline) -> String {
    match deadline {
        Deadline::DigitalCity => say!(language, "deadline-digital-city"),
        Deadline::SameDay => say!(language, "deadline-same-day"),
        Deadline::Other => say!(language, "deadline-other"),
    }
}

/// What was announced.
pub(crate) fn fact(language: Language, fact: Fact) -> String {
    match fact {
        Fact::PraiseCity => say!(language, "fact-praise-city"),
        Fact::PraiseDistrict => say!(language, "fact-praise-district"),
        Fact::PraiseSubdistrict => say!(language, "fact-praise-subdistrict"),
        Fact::CleanPointCity => say!(language, "fact-clean-point-city"),
        Fact::CleanPointDistrict => say!(language, "fact-clean-point-district"),
        Fact::MaterialFailedCity => say!(language, "fact-material-failed-city"),
        Fact::MaterialFailedDistrict => say!(language, "fact-material-failed-district"),
        Fact::Other => say!(language, "fact-other"),
    }
}

/// Why a person may not do something, and who may.
pub(crate) fn denied(language: Language, denied: Denied) -> String {
    match denied {
        Denied::Role => say!(language, "denied-role"),
        Denied::Place => say!(language, "denied-place"),
        Denied::Scope => say!(language, "denied-scope"),
        Denied::Reason => say!(language, "denied-reason"),
        Denied::Step => say!(language, "denied-step"),
        Denied::Unknown => say!(language, "denied-unknown"),
    }
}

/// Why the server refused a change.
pub(crate) fn rejection(language: Language, rejection: &Rejection) -> String {
    match rejection {
        Rejection::Form(refusal) => refusal_of_form(language, *refusal),
        Rejection::Unsigned => say!(language, "rejection-unsigned"),
        Rejection::NotTheAuthor => say!(language, "rejection-not-the-author"),
        Rejection::NotAllowed(why) => denied(language, *why),
        Rejection::Unfit { field, why } => unfit(language, field, *why),
        Rejection::OutOfScope => say!(language, "rejection-out-of-scope"),
        Rejection::DependsOnRejected => say!(language, "rejection-depends-on-rejected"),
        Rejection::Revoked => say!(language, "rejection-revoked"),
        Rejection::Erased => say!(language, "rejection-erased"),
        Rejection::Reviewed { reason } => say!(language, "rejection-reviewed", reason = reason.as_str()),
    }
}

/// A field of a matter that does not fit its form.
pub(crate) fn unfit(language: Language, field: &str, why: Flaw) -> String {
    // As it is called, and as it is typed.
    let called = sanben_domain::matter::any_field_name(language.tongue(), field);
    let field = called
        .map_or_else(|| field.to_owned(), |name| say!(language, "field-called", name = name, field = field));
    let field = field.as_str();
    match why {
        Flaw::Missing => say!(language, "flaw-missing", field = field),
        Flaw::Unknown => say!(language, "flaw-unknown", field = field),
        Flaw::Shape => say!(language, "flaw-shape", field = field),
        Flaw::Bounds => say!(language, "flaw-bounds", field = field),
        Flaw::Numbered => say!(language, "flaw-numbered", field = field),
        Flaw::Dangling => say!(language, "flaw-dangling", field = field),
        Flaw::Outside => say!(language, "flaw-outside", field = field),
        Flaw::Anonymous => say!(language, "flaw-anonymous", field = field),
        Flaw::Future => say!(language, "flaw-future", field = field),
        Flaw::Past => say!(language, "flaw-past", field = field),
        Flaw::Order => say!(language, "flaw-order", field = field),
    }
}

/// What kind of thing a field holds, for programs.
pub(crate) fn shape_code(shape: Shape) -> &'static str {
    match shape {
        Shape::Text { .. } | Shape::Anonymous { .. } => "text",
        Shape::Count { .. } => "count",
        Shape::Fraction => "fraction",
        Shape::Day => "day",
        Shape::Time => "time",
        Shape::Person => "person",
        Shape::Unit => "unit",
        Shape::Point => "point",
        Shape::Points { .. } => "points",
        Shape::Standard => "standard",
        Shape::Document => "document",
        Shape::Documents { .. } => "documents",
        Shape::Event => "event",
        Shape::Choice(_) => "choice",
        Shape::Photos { .. } => "photos",
        Shape::Yes => "yes",
    }
}

/// The same in words.
pub(crate) fn shape(language: Language, code: &str) -> String {
    match code {
        "count" => say!(language, "shape-count"),
        "fraction" => say!(language, "shape-fraction"),
        "day" => say!(language, "shape-day"),
        "time" => say!(language, "shape-time"),
        "person" => say!(language, "shape-person"),
        "unit" => say!(language, "shape-unit"),
        "point" => say!(language, "shape-point"),
        "points" => say!(language, "shape-points"),
        "standard" => say!(language, "shape-standard"),
        "document" | "documents" => say!(language, "shape-document"),
        "event" => say!(language, "shape-event"),
        "photos" => say!(language, "shape-photos"),
        "yes" => say!(language, "shape-yes"),
        _ => say!(language, "shape-text"),
    }
}

/// What to do about a refused change.
pub(crate) fn remedy(language: Language, rejection: &Rejection) -> String {
    match rejection {
        Rejection::Form(_) | Rejection::Unsigned => say!(language, "remedy-update"),
        Rejection::NotTheAuthor => say!(language, "remedy-own-device"),
        Rejection::NotAllowed(_)
        | Rejection::Unfit { .. }
        | Rejection::OutOfScope
        | Rejection::Revoked
        | Rejection::Reviewed { .. } => say!(language, "remedy-ask-or-discard"),
        Rejection::DependsOnRejected => say!(language, "remedy-first-one-first"),
        Rejection::Erased => say!(language, "remedy-erased"),
    }
}

fn refusal_of_form(language: Language, refusal: Refusal) -> String {
    match refusal {
        Refusal::TooLarge => say!(language, "refusal-too-large"),
        Refusal::NotAChange => say!(language, "refusal-not-a-change"),
        Refusal::MissingDependency => say!(language, "refusal-missing-dependency"),
        Refusal::Fork => say!(language, "refusal-fork"),
        Refusal::Forbidden => say!(language, "refusal-forbidden"),
        Refusal::Unreadable => say!(language, "refusal-unreadable"),
        Refusal::Unstable => say!(language, "refusal-unstable"),
    }
}

/// A sum for people: exact, and in decimals where the exact one is a fraction.
pub(crate) fn sum(points: ScorePoints) -> String {
    let exact = amount(points);
    if !exact.contains('/') {
        return exact;
    }
    let (numerator, denominator) = (i128::from(*points.0.numer()), i128::from(*points.0.denom()));
    let hundredths = (numerator * 200 + denominator).div_euclid(2 * denominator);
    let (sign, hundredths) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{exact} ≈ {sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// An exact amount as people write it: `994.5` where a decimal is exact, `1/3` where none is.
pub(crate) fn amount(points: ScorePoints) -> String {
    let (numerator, denominator) = (*points.0.numer(), *points.0.denom());
    // A decimal of so many places is exact for every denominator of twos and fives below a million.
    let places: u32 = 6;
    let Some(scaled) = i128::from(numerator).checked_mul(10_i128.pow(places)) else {
        return points.to_string();
    };
    if denominator == 1 || scaled % i128::from(denominator) != 0 {
        return points.to_string();
    }
    let scaled = scaled / i128::from(denominator);
    let whole = (scaled / 10_i128.pow(places)).abs();
    let rest = format!("{:06}", (scaled % 10_i128.pow(places)).abs());
    format!("{}{whole}.{}", if scaled < 0 { "-" } else { "" }, rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_decimal_only_where_that_is_exact() {
        let shown = |text: &str| amount(text.parse().unwrap());
        let amounts = ["1000", "1989/2", "-1/2", "-7/4", "1/3", "-3", "0", "1/8", "1/1024"].map(shown);
        assert_eq!(amounts, ["1000", "994.5", "-0.5", "-1.75", "1/3", "-3", "0", "0.125", "1/1024"]);
    }
}
