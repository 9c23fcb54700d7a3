package sanben.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.field.AttentionState
import sanben.field.Correctable
import sanben.field.RefusedWork
import sanben.field.Route
import sanben.field.of

/** What the author of refused work can ask for. */
interface AttentionIntents {
    fun resend(id: Long)

    fun searchPoints(text: String)

    fun correct(
        id: Long,
        words: String,
        point: String?,
    )

    fun handOn(
        id: Long,
        to: String?,
    )

    fun export(id: Long)

    fun discard(
        id: Long,
        reason: String,
    )

    fun open(route: Route)

    fun back()
}

/** What was refused, why, and what can be done about it. */
@Composable
fun AttentionScreen(
    state: AttentionState,
    act: AttentionIntents,
) {
    Column(Modifier.fillMaxSize()) {
        TopBar(Ui.texts["attention.title"], act::back)
        Rows {
            if (state.refused.isEmpty() && !state.loading) {
                item { Empty(Glyph.DONE, Ui.texts["attention.none"], Ui.texts["attention.none-hint"]) }
            }
            items(state.refused, { it.id }) { RefusedSheet(it, state, act) }
        }
    }
}

/** What is being done about one piece; nothing of it is done before the button inside it. */
private enum class Remedy { CORRECT, HAND_ON, DISCARD }

@Composable
private fun RefusedSheet(
    work: RefusedWork,
    state: AttentionState,
    act: AttentionIntents,
) {
    val texts = Ui.texts
    var open by remember(work.id) { mutableStateOf<Remedy?>(null) }

    fun turn(to: Remedy) {
        open = to.takeIf { it != open }
    }
    Sheet {
        Badges {
            Badge(texts["item.refused"], Tone.BAD, Glyph.ATTENTION)
            work.handedOnTo?.let {
                val said = if (it.isEmpty()) texts["attention.handed-on"] else texts["attention.handed-on-to", "who" to it]
                Badge(said, Tone.WAIT, Glyph.PEOPLE)
            }
        }
        Text("${texts.of(work.kind)} · ${work.title}", color = Ui.colors.ink, style = Ui.type.titleMedium)
        Text(Ui.moments.at(work.recorded), color = Ui.colors.muted, style = Ui.type.labelSmall)
        if (work.words.isNotBlank() && work.words != work.title) {
            Text(work.words, color = Ui.colors.ink, style = Ui.type.bodyLarge)
        }
        Fact(texts["attention.why"], work.why)
        Fact(texts["attention.remedy"], work.remedy)
        MainButton(texts["attention.resend"], { act.resend(work.id) }, Modifier.fillMaxWidth(), Glyph.RUNNING)
        if (work.isCase) {
            QuietButton(texts["attention.show"], { act.open(Route.Case(work.document)) }, Modifier.fillMaxWidth())
        }
        Remedies(work, open, ::turn, act)
        when (open) {
            Remedy.CORRECT -> Correcting(work, state, act)
            Remedy.HAND_ON -> HandingOn(work, state, act)
            Remedy.DISCARD -> Discarding(work, act)
            null -> Unit
        }
    }
}

@Composable
private fun Remedies(
    work: RefusedWork,
    open: Remedy?,
    turn: (Remedy) -> Unit,
    act: AttentionIntents,
) {
    val texts = Ui.texts

    @Composable
    fun Turning(
        to: Remedy,
        text: String,
        tone: Tone,
        modifier: Modifier,
    ) = QuietButton(text, { turn(to) }, modifier, tone = tone, chosen = open == to)

    val all =
        buildList<@Composable (Modifier) -> Unit> {
            if (work.correctable != Correctable.NOTHING) {
                add { Turning(Remedy.CORRECT, texts["attention.correct"], Tone.CALM, it) }
            }
            if (work.canBeHandedOn) add { Turning(Remedy.HAND_ON, texts["attention.hand-on"], Tone.CALM, it) }
            add { QuietButton(texts["attention.export"], { act.export(work.id) }, it) }
            add { Turning(Remedy.DISCARD, texts["attention.discard"], Tone.BAD, it) }
        }
    all.chunked(2).forEach { Abreast(*it.toTypedArray()) }
}

@Composable
private fun Correcting(
    work: RefusedWork,
    state: AttentionState,
    act: AttentionIntents,
) {
    val texts = Ui.texts
    var words by remember(work.id) { mutableStateOf(work.words) }
    var point by remember(work.id) { mutableStateOf<String?>(null) }
    Writing(words, { words = it }, texts["attention.words"], lines = 2)
    if (work.correctable == Correctable.WORDS_AND_POINT) {
        val chosen = point
        if (chosen == null) {
            Seeking(texts["record.point-search"], act::searchPoints)
            state.points.forEach { Pick(it.name, it.head, false, Glyph.PATROL) { point = it.code } }
        } else {
            Pick(LocalNames.current.point(chosen), null, true, Glyph.PATROL) { point = null }
        }
    }
    MainButton(
        texts["attention.send"],
        { act.correct(work.id, words, point) },
        Modifier.fillMaxWidth(),
        enabled = words != work.words || point != null,
    )
}

@Composable
private fun HandingOn(
    work: RefusedWork,
    state: AttentionState,
    act: AttentionIntents,
) {
    val texts = Ui.texts
    var text by remember(work.id) { mutableStateOf("") }
    Text(texts["attention.hand-on-hint"], color = Ui.colors.muted, style = Ui.type.bodyMedium)
    Writing(text, { text = it }, texts["attention.to-whom"], glyph = Glyph.SEARCH)
    val found = if (text.isBlank()) emptyList() else state.people.filter { text in it.name || text in it.code }
    found.take(SHOWN).forEach { person ->
        Pick(person.name, texts.of(person.role), false, Glyph.PERSON) { act.handOn(work.id, person.code) }
    }
    QuietButton(texts["attention.to-anybody"], { act.handOn(work.id, null) }, Modifier.fillMaxWidth(), Glyph.PEOPLE)
}

private const val SHOWN = 4

@Composable
private fun Discarding(
    work: RefusedWork,
    act: AttentionIntents,
) {
    val texts = Ui.texts
    var reason by remember(work.id) { mutableStateOf("") }
    Writing(reason, { reason = it }, texts["attention.reason"])
    MainButton(
        texts["action.confirm"],
        { act.discard(work.id, reason) },
        Modifier.fillMaxWidth(),
        enabled = reason.isNotBlank(),
        tone = Tone.BAD,
    )
}
