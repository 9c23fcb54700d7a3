package sanben.field

import sanben.ActKind
import sanben.Announced
import sanben.CaseSource
import sanben.CaseStatus
import sanben.Denial
import sanben.FieldFailure
import sanben.FieldFlaw
import sanben.Ignored
import sanben.InvalidInput
import sanben.Lateness
import sanben.RejectionReason
import sanben.Role
import sanben.Round
import sanben.ScoreReason
import sanben.Suspension
import sanben.TimeLimit
import sanben.Tongue
import sanben.VisitResult
import sanben.device.code

/** `ON_ACCOUNT` as the catalogues write it: `on-account`. */
private fun Enum<*>.key() = name.lowercase().replace('_', '-')

fun Texts.of(status: CaseStatus) = this["status.${status.key()}"]

fun Texts.of(source: CaseSource) = this["source.${source.key()}"]

fun Texts.of(kind: ActKind) = this["act.${kind.key()}"]

fun Texts.of(lateness: Lateness) = this["lateness.${lateness.key()}"]

fun Texts.of(role: Role) = this["role.${role.key()}"]

fun Texts.of(round: Round) = this["round.${round.key()}"]

fun Texts.of(ignored: Ignored) = this["ignored.${ignored.key()}"]

fun Texts.of(announced: Announced) = this["announced.${announced.key()}"]

fun Texts.of(denial: Denial) = this["denied.${denial.key()}"]

fun Texts.of(flaw: FieldFlaw) = this["flaw.${flaw.key()}"]

/** The language in which the core speaks of matters. */
internal val Texts.tongue: Tongue
    get() =
        when (language) {
            Language.CHINESE -> Tongue.CHINESE
            Language.ENGLISH -> Tongue.ENGLISH
        }

fun Texts.of(limit: TimeLimit): String =
    when (limit) {
        is TimeLimit.SameDay -> this["limit.same-day"]
        is TimeLimit.WorkingHours -> this["limit.working-hours", "n" to limit.hours]
        is TimeLimit.WorkingDays -> this["limit.working-days", "n" to limit.days]
        is TimeLimit.Days -> this["limit.days", "n" to limit.days]
    }

fun Texts.of(result: VisitResult?): String =
    when (result) {
        null -> this["visit.to-do"]
        is VisitResult.Clean -> this["visit.clean"]
        is VisitResult.Found -> this["visit.found", "n" to result.cases.size]
        is VisitResult.NotAccessible -> this["visit.not-accessible", "reason" to result.reason]
    }

fun Texts.of(reason: ScoreReason): String =
    when (reason) {
        is ScoreReason.Finding -> this["score.finding", "source" to of(reason.source)]
        is ScoreReason.FoundAgain -> this["score.found-again", "n" to reason.times]
        is ScoreReason.LookBackFailed -> this["score.look-back-failed", "n" to reason.times]
        is ScoreReason.Overdue -> this["score.overdue-${reason.deadline.key()}"]
        is ScoreReason.Announcement -> of(reason.announced)
        is ScoreReason.Assessed -> this["score.assessed", "met" to reason.met, "observed" to reason.observed]
        is ScoreReason.Ruling -> this["score.ruling", "was" to reason.was, "now" to reason.isNow]
        is ScoreReason.Withdrawn -> this["score.withdrawn"]
    }

fun Texts.of(why: Suspension): String =
    when (why) {
        is Suspension.Disputed -> this["suspended.disputed"]
        is Suspension.DoubtfulClock -> this["suspended.doubtful-clock"]
        is Suspension.CountedAlready -> this["suspended.counted-already"]
    }

/** What no person enters: a fault of the program, about which a person can only try again. */
private val OF_THE_PROGRAM =
    setOf(
        InvalidInput.NOT_A_UUID,
        InvalidInput.NOT_A_HASH,
        InvalidInput.NOT_A_DAY,
        InvalidInput.NOT_A_PAGE_TOKEN,
        InvalidInput.TAKES_NO_PHOTOS,
        InvalidInput.NEGATIVE_BUDGET,
    )

/** What failed and what to do about it. */
fun Texts.of(failure: FieldFailure): String =
    when (failure) {
        is FieldFailure.Denied -> {
            of(failure.why)
        }

        is FieldFailure.Invalid -> {
            if (failure.reason in
                OF_THE_PROGRAM
            ) {
                this["failure.invalid"]
            } else {
                this["invalid.${failure.reason.key()}"]
            }
        }

        else -> {
            this["failure.${failure.code}"]
        }
    }

/** Why the server refused something, and what its author can do. */
fun Texts.of(why: RejectionReason): Pair<String, String> =
    when (why) {
        is RejectionReason.Form -> {
            this["refused.form"] to this["remedy.update"]
        }

        is RejectionReason.Unsigned -> {
            this["refused.unsigned"] to this["remedy.own-device"]
        }

        is RejectionReason.NotTheAuthor -> {
            this["refused.not-the-author"] to this["remedy.own-device"]
        }

        is RejectionReason.NotAllowed -> {
            of(why.why) to this["remedy.ask-or-discard"]
        }

        is RejectionReason.Unfit -> {
            this["refused.unfit", "field" to why.`field`] to this["remedy.ask-or-discard"]
        }

        is RejectionReason.OutOfScope -> {
            this["refused.out-of-scope"] to this["remedy.ask-or-discard"]
        }

        is RejectionReason.DependsOnRejected -> {
            this["refused.depends-on-rejected"] to this["remedy.first-one-first"]
        }

        is RejectionReason.Erased -> {
            this["refused.erased"] to this["remedy.give-up"]
        }

        is RejectionReason.Revoked -> {
            this["refused.revoked"] to this["remedy.ask-or-discard"]
        }

        is RejectionReason.Reviewed -> {
            this["refused.reviewed", "reason" to why.reason] to this["remedy.ask-or-discard"]
        }
    }
