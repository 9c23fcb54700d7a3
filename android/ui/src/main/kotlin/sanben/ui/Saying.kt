package sanben.ui

import androidx.compose.runtime.Composable
import sanben.CaseStatus
import sanben.Lateness
import sanben.field.CaseLine
import sanben.field.ItemState
import sanben.field.Mark
import sanben.field.of
import java.time.Instant

/** How far a case has come, with a shape for it. */
@Composable
fun StatusBadge(
    status: CaseStatus,
    disputed: Boolean,
) {
    if (disputed) {
        Badge(Ui.texts["status.disputed"], Tone.BAD, Glyph.DISPUTE)
        return
    }
    val (tone, glyph) =
        when (status) {
            CaseStatus.CLOSED, CaseStatus.VERIFIED -> Tone.GOOD to Glyph.DONE
            CaseStatus.RECTIFIED -> Tone.CALM to Glyph.LOOK_BACK
            CaseStatus.REWORK -> Tone.BAD to Glyph.ATTENTION
            CaseStatus.ON_ACCOUNT -> Tone.WAIT to Glyph.WAITING
            CaseStatus.ACKNOWLEDGED -> Tone.CALM to Glyph.PERSON
            CaseStatus.VOIDED, CaseStatus.MERGED -> Tone.PLAIN to Glyph.CLOSE
            else -> Tone.PLAIN to Glyph.FORWARD
        }
    Badge(Ui.texts.of(status), tone, glyph)
}

/** What became of the own work on it; nothing for what is not this device's. */
@Composable
fun ItemBadge(item: ItemState) {
    val text = Ui.texts.of(item) ?: return
    val (tone, glyph) =
        when (item) {
            is ItemState.Delivered -> Tone.GOOD to Glyph.DONE
            is ItemState.Refused -> Tone.BAD to Glyph.ATTENTION
            is ItemState.InReview -> Tone.WAIT to Glyph.PEOPLE
            is ItemState.Photos -> Tone.WAIT to Glyph.PHOTO
            else -> Tone.WAIT to Glyph.WAITING
        }
    Badge(text, tone, glyph)
}

/** By when, and whether that has passed. A doubtful clock is said, and blames nobody. */
@Composable
fun DueBadge(
    due: Instant?,
    lateness: Lateness,
) {
    if (due == null) return
    val moments = Ui.moments
    when (lateness) {
        Lateness.LATE -> {
            Badge(
                Ui.texts["due.late", "span" to moments.span(moments.until(due))],
                Tone.BAD,
                Glyph.TROUBLE,
            )
        }

        Lateness.DOUBTFUL -> {
            Badge(Ui.texts["due.late-doubtful"], Tone.WAIT, Glyph.TROUBLE)
        }

        Lateness.NOT_DUE -> {
            Badge(Ui.texts["due.by", "time" to moments.at(due)], Tone.PLAIN, Glyph.WAITING)
        }

        Lateness.IN_TIME -> {
            Badge(Ui.texts.of(lateness), Tone.GOOD, Glyph.DONE)
        }
    }
}

internal fun Mark.glyph(): Glyph =
    when (this) {
        Mark.DONE -> Glyph.DONE
        Mark.WAITING -> Glyph.WAITING
        Mark.RUNNING -> Glyph.RUNNING
        Mark.TROUBLE -> Glyph.TROUBLE
        Mark.ATTENTION -> Glyph.ATTENTION
    }

internal fun Mark.tone(): Tone =
    when (this) {
        Mark.DONE -> Tone.GOOD
        Mark.WAITING, Mark.TROUBLE -> Tone.WAIT
        Mark.RUNNING -> Tone.CALM
        Mark.ATTENTION -> Tone.BAD
    }

/** What a picture of a case is called by a screen reader. */
@Composable
internal fun CaseLine.spokenPhoto(): String = Ui.texts["spoken.photo", "what" to title]
