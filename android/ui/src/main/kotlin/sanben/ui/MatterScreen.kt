package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.ActForm
import sanben.MatterDetail
import sanben.field.MatterEvent
import sanben.field.MatterTodo
import sanben.field.MatterViewState
import sanben.field.Route
import java.time.Instant
import java.util.UUID

/** One matter of any feature: how it stands, what is open, what happened; what to do now stays under the thumb. */
@Composable
fun MatterScreen(
    state: MatterViewState,
    onOpen: (Route) -> Unit,
    onBack: () -> Unit,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(state.matter?.featureLabel.orEmpty(), onBack) { state.matter?.let { RemindTap(it.id, onOpen) } }
        if (state.gone) {
            Empty(Glyph.CLOSE, texts["case.gone"])
            return
        }
        val matter = state.matter ?: return
        var all by remember(matter.id) { mutableStateOf(false) }
        Rows {
            if (all) others(state, matter, onOpen) else story(state, matter, onOpen)
        }
        Acts(state, matter, all, { all = !all }, onOpen)
    }
}

private fun LazyListScope.story(
    state: MatterViewState,
    matter: MatterDetail,
    onOpen: (Route) -> Unit,
) {
    item { Standing(state, matter) }
    items(matter.remarks) { Note(it, Tone.WAIT, Glyph.TROUBLE) }
    if (state.todo.isNotEmpty()) item { Heading(Ui.texts["matter.open"]) }
    items(state.todo) { Todo(it) }
    if (state.figures.isNotEmpty()) {
        item { Heading(Ui.texts["matter.figures"]) }
        item { Sheet { state.figures.forEach { (what, much) -> Figure(what, much) } } }
    }
    if (state.belonging.isNotEmpty()) item { Heading(Ui.texts["matter.belonging"]) }
    items(state.belonging, { it.id }) { MatterSheet(it, onOpen) }
    item { Heading(Ui.texts["case.thread"]) }
    if (matter.disputes.isNotEmpty()) item { Note(Ui.texts["case.disputed"], Tone.BAD, Glyph.DISPUTE) }
    items(state.thread, { it.event }) { Told(it, matter.id) }
}

/** What is seldom done, and what can be opened as a part of this. */
private fun LazyListScope.others(
    state: MatterViewState,
    matter: MatterDetail,
    onOpen: (Route) -> Unit,
) {
    items(matter.next - matter.first().toSet()) {
        Lead(Glyph.DRAFT, Tone.CALM, it.label, null, Route.ActOnMatter(matter.id, it.name), onOpen)
    }
    if (state.parts.isNotEmpty()) item { Heading(Ui.texts["matter.part"]) }
    items(state.parts) { Lead(Glyph.PLUS, Tone.CALM, it.label, null, Route.OpenMatter(it.name, matter.id), onOpen) }
}

/** What stands under the thumb; the rest comes on demand, and what can be done to every matter is of the rest. */
private fun MatterDetail.first(): List<ActForm> = next.filter { it.name !in ALWAYS }.take(FIRST)

private const val FIRST = 2
private val ALWAYS = setOf("comment", "strike", "withdraw")

@Composable
private fun Standing(
    state: MatterViewState,
    matter: MatterDetail,
) = Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
    Text(matter.title.ifEmpty { matter.featureLabel }, color = Ui.colors.ink, style = Ui.type.headlineMedium)
    val where = listOfNotNull(state.point, state.person, state.home, Ui.moments.day(matter.day))
    Text(where.joinToString(" · "), color = Ui.colors.muted, style = Ui.type.bodyLarge)
    Badges {
        if (matter.disputes.isNotEmpty()) Badge(Ui.texts["status.disputed"], Tone.BAD, Glyph.DISPUTE)
        StepBadge(matter.stepLabel, !matter.closed)
        if (state.todo.isEmpty()) TermBadge(matter.due.takeUnless { matter.closed }, matter.late)
        ItemBadge(state.item)
    }
}

/** How far a matter has come, in the words of its feature. */
@Composable
internal fun StepBadge(
    step: String,
    open: Boolean,
) {
    if (step.isEmpty()) return
    Badge(step, if (open) Tone.CALM else Tone.GOOD, if (open) Glyph.FORWARD else Glyph.DONE)
}

@Composable
internal fun TermBadge(
    due: Instant?,
    late: Boolean,
) {
    if (due == null) return
    val moments = Ui.moments
    if (late) {
        Badge(Ui.texts["matter.late", "span" to moments.span(moments.until(due))], Tone.BAD, Glyph.TROUBLE)
    } else {
        Badge(Ui.texts["due.by", "time" to moments.at(due)], Tone.PLAIN, Glyph.WAITING)
    }
}

@Composable
private fun Todo(todo: MatterTodo) {
    Sheet {
        Text(todo.what, color = Ui.colors.ink, style = Ui.type.titleMedium)
        todo.who?.let { Text(Ui.texts["matter.with", "who" to it], color = Ui.colors.muted, style = Ui.type.bodyMedium) }
        Badges { TermBadge(todo.due, todo.late) }
    }
}

@Composable
private fun Figure(
    what: String,
    much: String,
) = Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
    Text(what, Modifier.weight(1f), Ui.colors.muted, style = Ui.type.bodyLarge)
    val short = much.startsWith("-")
    Text(much.replace("-", "−"), color = if (short) Ui.colors.vermilion else Ui.colors.ink, style = Ui.type.titleMedium)
}

@Composable
private fun Told(
    event: MatterEvent,
    matter: UUID,
) {
    val texts = Ui.texts
    Sheet {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            val (glyph, ink) =
                when {
                    event.disputed -> Glyph.DISPUTE to Ui.colors.vermilion
                    event.idle -> Glyph.CLOSE to Ui.colors.muted
                    else -> Glyph.DONE to Ui.colors.teal
                }
            Draw(glyph, ink, 22.dp)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(6.dp)) {
                Text("${event.who} · ${event.what}", color = Ui.colors.ink, style = Ui.type.titleMedium)
                val doubt = if (event.doubtful) "（${texts["time.doubtful"]}）" else ""
                Text(Ui.moments.at(event.at) + doubt, color = Ui.colors.muted, style = Ui.type.labelSmall)
                event.facts.forEach { (what, which) -> Fact(what, which) }
                if (event.photos.isNotEmpty()) {
                    Badges {
                        event.photos.forEach {
                            Photo(it, texts["spoken.photo", "what" to event.what], Modifier.size(96.dp, 72.dp), matter)
                        }
                    }
                }
                if (event.idle && !event.disputed) Text(texts["matter.idle"], color = Ui.colors.amber, style = Ui.type.bodyMedium)
            }
        }
    }
}

@Composable
private fun Acts(
    state: MatterViewState,
    matter: MatterDetail,
    all: Boolean,
    onAll: () -> Unit,
    onOpen: (Route) -> Unit,
) {
    if (matter.next.isEmpty() && state.parts.isEmpty()) return
    Foot {
        val buttons =
            matter.first().mapIndexed<ActForm, @Composable (Modifier) -> Unit> { at, act ->
                val open = { onOpen(Route.ActOnMatter(matter.id, act.name)) }
                if (at == 0) {
                    { MainButton(act.label, open, it) }
                } else {
                    { QuietButton(act.label, open, it) }
                }
            }
        // The thumb is on the right: what is done most often is there.
        if (buttons.isNotEmpty()) Abreast(*buttons.reversed().toTypedArray())
        if (matter.next.size > buttons.size || state.parts.isNotEmpty()) {
            QuietButton(Ui.texts["matter.other-acts"], onAll, Modifier.fillMaxWidth(), tone = Tone.PLAIN, chosen = all)
        }
    }
}
