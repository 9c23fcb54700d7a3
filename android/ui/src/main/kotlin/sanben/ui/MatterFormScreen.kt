package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import sanben.FieldFlaw
import sanben.FieldShape
import sanben.FieldValue
import sanben.field.FieldEntry
import sanben.field.MatterFormState
import sanben.field.Option
import sanben.field.Without
import sanben.field.of
import java.time.LocalDate

/** What a form can ask for; a field is meant by its name. */
interface FormIntents {
    fun write(
        name: String,
        typed: String,
    )

    fun choose(
        name: String,
        option: Option,
    )

    fun day(
        name: String,
        day: LocalDate,
    )

    fun now(name: String)

    fun search(
        name: String,
        text: String,
    )

    fun photo(name: String)

    fun dropPhotos(name: String)

    fun saveAgain()

    fun discard()

    fun submit()

    fun back()
}

/** The form of any feature or act, field by field; what does not fit is said where it stands. */
@Composable
fun MatterFormScreen(
    state: MatterFormState,
    act: FormIntents,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(state.title, act::back) {
            if (state.draft != null) Tap(Glyph.CLOSE, texts["record.discard"], act::discard, Ui.colors.muted)
        }
        Rows(gap = 6.dp) {
            state.about?.let { item { Text(it, color = Ui.colors.muted, style = Ui.type.bodyLarge) } }
            items(state.fields, { it.name }) { Entry(it, act) }
            state.without?.let {
                val key = if (it == Without.CAMERA_DENIED) "without.camera-denied" else "without.camera-failed"
                item { Note(texts[key], Tone.WAIT, Glyph.TROUBLE) }
            }
        }
        Foot {
            Kept(state.draft != null, state.unsaved, act::saveAgain)
            val ready = state.ready && !state.sending && state.unsaved == null
            MainButton(texts["form.send"], act::submit, Modifier.fillMaxWidth(), Glyph.DONE, enabled = ready)
        }
    }
}

@Composable
private fun Entry(
    field: FieldEntry,
    act: FormIntents,
) {
    val flaw = field.wrong()
    Column(
        Modifier.fillMaxWidth().semantics { if (flaw != null) error(flaw) },
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        Heading(field.label) {
            if (!field.required) Text(Ui.texts["form.optional"], color = Ui.colors.muted, style = Ui.type.labelMedium)
        }
        when (val shape = field.shape) {
            is FieldShape.Text -> Typed(field, act, shape.bounds(), if (shape.max > LONG) 3 else 1)
            is FieldShape.Count -> Typed(field, act, shape.bounds())
            is FieldShape.Fraction -> Typed(field, act, Ui.texts["form.fraction-hint"])
            is FieldShape.Time -> Clock(field, act)
            is FieldShape.Day -> Day(field, act)
            is FieldShape.Photos -> Pictures(field, act)
            is FieldShape.Choice, is FieldShape.Yes, is FieldShape.Event -> Few(field, act)
            else -> Many(field, act)
        }
        if (flaw != null) {
            Row(
                Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                horizontalArrangement = Arrangement.spacedBy(8.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Draw(Glyph.ATTENTION, Ui.colors.vermilion, 20.dp)
                Text(flaw, color = Ui.colors.vermilion, style = Ui.type.bodyMedium)
            }
        }
    }
}

@Composable
private fun FieldShape.Count.bounds() = Ui.texts["form.count-hint", "min" to min, "max" to max]

@Composable
private fun FieldShape.Text.bounds() = Ui.texts["form.text-hint", "max" to max]

/** What is wrong, with the bounds where there are some: the hint is gone once something is written. */
@Composable
private fun FieldEntry.wrong(): String? {
    val (flaw, shape) = flaw to shape
    return when {
        flaw == null -> null
        flaw == FieldFlaw.BOUNDS && shape is FieldShape.Count -> shape.bounds()
        flaw == FieldFlaw.BOUNDS && shape is FieldShape.Text && typed.isNotBlank() -> shape.bounds()
        else -> Ui.texts.of(flaw)
    }
}

/** Words longer than this get room. */
private const val LONG = 120

/** What it is called stands in the hint too: that is what a screen reader says of the line. */
@Composable
private fun FieldEntry.hint(hint: String) = label + Ui.texts["list.and"] + hint

@Composable
private fun Typed(
    field: FieldEntry,
    act: FormIntents,
    hint: String,
    lines: Int = 1,
) {
    Writing(field.typed, { act.write(field.name, it) }, field.hint(hint), lines = lines)
    val other = field.offered.filter { it.title != field.typed }
    if (other.isNotEmpty()) Badges { other.forEach { QuietButton(it.title, { act.write(field.name, it.title) }) } }
}

@Composable
private fun Clock(
    field: FieldEntry,
    act: FormIntents,
) = Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
    Writing(field.typed, { act.write(field.name, it) }, field.hint(Ui.texts["form.time-hint"]), Modifier.weight(1f))
    QuietButton(Ui.texts["form.now"], { act.now(field.name) })
}

@Composable
private fun Day(
    field: FieldEntry,
    act: FormIntents,
) {
    val texts = Ui.texts
    val today = Ui.moments.today()
    val chosen = (field.chosen.firstOrNull()?.value as? FieldValue.Day)?.day
    val next =
        listOf(
            today to texts["moment.today"],
            today.plusDays(1) to texts["moment.tomorrow"],
            today.plusWeeks(1) to texts["form.next-week"],
        )
    Choice(next.map { it.first }, chosen, { day -> next.first { it.first == day }.second }) { act.day(field.name, it ?: today) }
    if (chosen != null) {
        Sheet(padding = 8.dp) {
            Row(verticalAlignment = Alignment.CenterVertically) {
                Tap(Glyph.MINUS, texts["form.earlier"], { act.day(field.name, chosen.minusDays(1)) }, Ui.colors.teal)
                Text(
                    Ui.moments.date(chosen),
                    Modifier.weight(1f).semantics { liveRegion = LiveRegionMode.Polite },
                    Ui.colors.ink,
                    style = Ui.type.titleMedium,
                    textAlign = TextAlign.Center,
                )
                Tap(Glyph.PLUS, texts["form.later"], { act.day(field.name, chosen.plusDays(1)) }, Ui.colors.teal)
            }
        }
    }
}

@Composable
private fun Pictures(
    field: FieldEntry,
    act: FormIntents,
) {
    val texts = Ui.texts
    val more = texts[if (field.photos.isEmpty()) "record.photo" else "record.photo-more"]
    QuietButton(more, { act.photo(field.name) }, Modifier.fillMaxWidth(), Glyph.CAMERA)
    if (field.photos.isNotEmpty()) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            Badge(texts["case.attached", "n" to field.photos.size], Tone.GOOD, Glyph.PHOTO)
            WordedTap(Glyph.CLOSE, texts["form.drop-photos"]) { act.dropPhotos(field.name) }
        }
    }
}

/** A few words to choose from: side by side where they fit. */
@Composable
private fun Few(
    field: FieldEntry,
    act: FormIntents,
) {
    if (field.offered.size <= ABREAST && field.shape !is FieldShape.Event) {
        Choice(field.offered, field.chosen.firstOrNull(), { it?.title.orEmpty() }) { one -> one?.let { act.choose(field.name, it) } }
    } else {
        field.offered.forEach { one ->
            Pick(one.title, one.hint, field.chosen.any { it.value == one.value }, Glyph.FORWARD) { act.choose(field.name, one) }
        }
    }
}

private const val ABREAST = 3

/** Out of many, by search: what is chosen is marked, and another tap takes it back. */
@Composable
private fun Many(
    field: FieldEntry,
    act: FormIntents,
) {
    field.chosen.forEach { one -> Pick(one.title, one.hint, true, field.shape.glyph()) { act.choose(field.name, one) } }
    if (field.chosen.isNotEmpty() && !field.several) return
    Seeking(Ui.texts["form.search"]) { act.search(field.name, it) }
    field.offered.filterNot { one -> field.chosen.any { it.value == one.value } }.take(SHOWN).forEach { one ->
        Pick(one.title, one.hint, false, field.shape.glyph()) { act.choose(field.name, one) }
    }
}

private const val SHOWN = 4

private fun FieldShape.glyph(): Glyph =
    when (this) {
        is FieldShape.Person -> Glyph.PERSON
        is FieldShape.Unit -> Glyph.PEOPLE
        is FieldShape.Point, is FieldShape.Points -> Glyph.PATROL
        else -> Glyph.LEDGER
    }
