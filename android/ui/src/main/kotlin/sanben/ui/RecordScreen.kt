package sanben.ui

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.LazyRow
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import sanben.FieldFailure
import sanben.Standard
import sanben.field.RecordingState
import sanben.field.Suggestion
import sanben.field.Without
import sanben.field.of

/** Choosing where, and which standard. */
interface Choosing {
    fun searchPoints(text: String)

    fun choosePoint(code: String?)

    fun searchStandards(text: String)

    fun chooseStandard(code: String?)
}

/** What the record screen can ask for. */
interface RecordIntents : Choosing {
    fun photo()

    fun locate()

    fun words(words: String)

    fun report()

    fun saveAgain()

    fun discard()

    fun leave()

    fun next()

    fun show()
}

/** Photo, point, standard, words; the button to report stays under the thumb. */
@Composable
fun RecordScreen(
    state: RecordingState,
    act: RecordIntents,
) {
    if (state.reported != null) {
        Recorded(state, act)
        return
    }
    Column(Modifier.fillMaxSize()) {
        TopBar(Ui.texts["record.title"], act::leave) {
            if (state.draft != null) Tap(Glyph.CLOSE, Ui.texts["record.discard"], act::discard, Ui.colors.muted)
        }
        Rows {
            item { Photos(state.photos, act::photo) }
            items(state.without.toList()) { Note(Ui.texts[it.key()], Tone.WAIT, Glyph.TROUBLE) }
            item {
                Heading(Ui.texts["record.point"]) {
                    val locating = state.locating
                    WordedTap(
                        if (locating) Glyph.RUNNING else Glyph.HERE,
                        Ui.texts[if (locating) "record.locating" else "record.locate"],
                        act::locate,
                    )
                }
            }
            points(state.point, state.suggestions, act)
            item { Heading(Ui.texts["record.standard"]) }
            standards(state.standard, state.standards, act)
            item { Heading(Ui.texts["record.words"]) }
            item { Writing(state.words, act::words, Ui.texts["record.words-hint"], lines = 2) }
        }
        Report(state, act)
    }
}

private fun Without.key(): String =
    when (this) {
        Without.PLACE_DENIED -> "without.place-denied"
        Without.NO_PLACE -> "without.no-place"
        Without.CAMERA_DENIED -> "without.camera-denied"
        Without.CAMERA_FAILED -> "without.camera-failed"
    }

@Composable
private fun Photos(
    photos: List<String>,
    onPhoto: () -> Unit,
) {
    if (photos.isEmpty()) {
        Column(
            Modifier
                .fillMaxWidth()
                .defaultMinSize(minHeight = TALL)
                .tile(Ui.colors.tealWash, Ui.colors.teal)
                .clickable(role = Role.Button, onClick = onPhoto)
                .padding(16.dp),
            horizontalAlignment = Alignment.CenterHorizontally,
            verticalArrangement = Arrangement.spacedBy(8.dp, Alignment.CenterVertically),
        ) {
            Draw(Glyph.CAMERA, Ui.colors.teal, 48.dp)
            Text(Ui.texts["record.photo"], color = Ui.colors.teal, style = Ui.type.titleLarge)
            Text(
                Ui.texts["record.photo-first"],
                color = Ui.colors.muted,
                style = Ui.type.bodyMedium,
                textAlign = TextAlign.Center,
            )
        }
        return
    }
    LazyRow(horizontalArrangement = Arrangement.spacedBy(10.dp)) {
        items(
            photos,
        ) { Photo(it, Ui.texts["spoken.photo", "what" to Ui.texts["case.before"]], Modifier.size(168.dp, 126.dp)) }
        item {
            Column(
                Modifier
                    .defaultMinSize(126.dp, 126.dp)
                    .tile(Ui.colors.tealWash, Ui.colors.teal)
                    .clickable(role = Role.Button, onClick = onPhoto)
                    .padding(8.dp),
                horizontalAlignment = Alignment.CenterHorizontally,
                verticalArrangement = Arrangement.spacedBy(6.dp, Alignment.CenterVertically),
            ) {
                Draw(Glyph.CAMERA, Ui.colors.teal, 32.dp)
                Text(Ui.texts["record.photo-more"], color = Ui.colors.teal, style = Ui.type.labelMedium)
            }
        }
    }
}

private val TALL = 160.dp

internal fun LazyListScope.points(
    chosen: String?,
    suggestions: List<Suggestion>,
    act: Choosing,
) {
    if (chosen != null) {
        item {
            val point = LocalNames.current.points[chosen]
            val head = point?.head?.let { Ui.texts["record.head", "name" to it] } ?: Ui.texts["record.no-head"]
            Pick(LocalNames.current.point(chosen), head, true, Glyph.PATROL) { act.choosePoint(null) }
        }
        return
    }
    items(suggestions.take(SHOWN)) { near ->
        val head = near.head?.let { Ui.texts["record.head", "name" to it] } ?: Ui.texts["record.no-head"]
        val far = near.metres?.let { if (it < HERE) Ui.texts["record.here"] else Ui.texts["record.metres", "n" to it] }
        Pick(
            near.name,
            listOfNotNull(far, head).joinToString(" · "),
            false,
            Glyph.PATROL,
        ) { act.choosePoint(near.code) }
    }
    item { Seeking(Ui.texts["record.point-search"], act::searchPoints) }
}

internal fun LazyListScope.standards(
    chosen: String?,
    standards: List<Standard>,
    act: Choosing,
) {
    if (chosen != null) {
        item {
            val standard = LocalNames.current.standards[chosen]
            val limit = standard?.let { Ui.texts["record.standard-limit", "limit" to Ui.texts.of(it.limit)] }
            Pick(LocalNames.current.standard(chosen), limit, true, Glyph.LEDGER) { act.chooseStandard(null) }
        }
        return
    }
    item { Seeking(Ui.texts["record.standard-search"], act::searchStandards) }
    items(standards.take(SHOWN)) { one ->
        Pick(
            one.name,
            "${one.clause} · ${Ui.texts.of(one.limit)}",
            false,
            Glyph.LEDGER,
        ) { act.chooseStandard(one.code) }
    }
}

private const val SHOWN = 4

/** Nearer than a receiver can tell. */
private const val HERE = 15

@Composable
internal fun Seeking(
    hint: String,
    onSearch: (String) -> Unit,
) {
    var text by remember { mutableStateOf("") }
    Writing(text, {
        text = it
        onSearch(it)
    }, hint, glyph = Glyph.SEARCH)
}

/** One to choose; what is chosen is marked and another tap takes it back. */
@Composable
internal fun Pick(
    title: String,
    hint: String?,
    chosen: Boolean,
    glyph: Glyph,
    onClick: () -> Unit,
) {
    Sheet(Modifier.semantics { selected = chosen }, onClick, padding = 14.dp) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            Draw(if (chosen) Glyph.DONE else glyph, if (chosen) Ui.colors.green else Ui.colors.muted)
            Column(Modifier.weight(1f)) {
                Text(title, color = Ui.colors.ink, style = Ui.type.titleMedium)
                hint?.let { Text(it, color = Ui.colors.muted, style = Ui.type.bodyMedium) }
            }
            if (chosen) Draw(Glyph.CLOSE, Ui.colors.muted, 20.dp, spoken = Ui.texts["action.clear"])
        }
    }
}

@Composable
private fun Report(
    state: RecordingState,
    act: RecordIntents,
) = Foot {
    Kept(state.draft != null, state.unsaved, act::saveAgain)
    MainButton(Ui.texts["record.report"], act::report, Modifier.fillMaxWidth(), Glyph.DONE, state.canReport)
}

/** That everything is on the phone already; or what is not, and what to do about it. */
@Composable
internal fun Kept(
    begun: Boolean,
    unsaved: FieldFailure?,
    onSaveAgain: () -> Unit,
) {
    if (unsaved != null) {
        Note(Ui.texts.of(unsaved), Tone.BAD, Glyph.ATTENTION, Ui.texts["record.save-again"], onSaveAgain)
    } else if (begun) {
        Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
            Draw(Glyph.DONE, Ui.colors.green, 18.dp)
            Text(Ui.texts["record.saved"], color = Ui.colors.muted, style = Ui.type.labelSmall)
        }
    }
}

@Composable
private fun Recorded(
    state: RecordingState,
    act: RecordIntents,
) {
    val duplicates = state.reported?.duplicates.orEmpty()
    Column(Modifier.fillMaxSize().padding(16.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        Column(
            Modifier.weight(1f).fillMaxWidth(),
            verticalArrangement = Arrangement.Center,
        ) {
            Empty(Glyph.DONE, Ui.texts["record.reported"], Ui.texts["record.reported-hint"])
            if (duplicates.isNotEmpty()) {
                val title = Ui.texts["record.duplicates", "n" to duplicates.size]
                Note("$title\n${Ui.texts["record.duplicates-hint"]}", Tone.WAIT, Glyph.ATTENTION)
            }
        }
        MainButton(Ui.texts["record.next"], act::next, Modifier.fillMaxWidth(), Glyph.CAMERA)
        QuietButton(Ui.texts["record.show"], act::show, Modifier.fillMaxWidth())
        QuietButton(Ui.texts["action.close"], act::leave, Modifier.fillMaxWidth(), tone = Tone.PLAIN)
    }
}
