package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.dp
import sanben.Round
import sanben.VisitResult
import sanben.field.PatrolState
import sanben.field.Route
import sanben.field.Stop
import sanben.field.Without
import sanben.field.of

/** What the patrol screen can ask for. */
interface PatrolIntents {
    fun choose(round: Round)

    fun nearestFirst()

    fun clean(point: String)

    fun notAccessible(
        point: String,
        reason: String,
    )

    fun open(route: Route)
}

/** The points of a round: those to do first, each with its three answers. */
@Composable
fun PatrolScreen(
    state: PatrolState,
    act: PatrolIntents,
) {
    val texts = Ui.texts
    var opened by remember(state.round) { mutableStateOf<String?>(null) }
    val next = opened ?: state.stops.firstOrNull { it.result == null }?.point
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["tab.patrol"], null) { WordedTap(Glyph.HERE, texts["patrol.nearest"], act::nearestFirst) }
        Rows {
            item { Choice(Round.entries, state.round, { texts.of(it) }, act::choose) }
            item {
                Column(verticalArrangement = Arrangement.spacedBy(6.dp)) {
                    val coverage = state.coverage
                    Text(
                        texts["task.walk-progress", "visited" to coverage.visited, "n" to coverage.points],
                        color = Ui.colors.muted,
                        style = Ui.type.bodyLarge,
                    )
                    Progress(coverage.visited, coverage.points)
                }
            }
            state.without?.let { without ->
                item {
                    val key = if (without == Without.PLACE_DENIED) "without.place-denied" else "without.no-place"
                    Note(texts[key], Tone.WAIT, Glyph.TROUBLE)
                }
            }
            if (state.stops.isEmpty()) {
                item {
                    val key = if (state.round == Round.MORNING) "patrol.empty-morning" else "patrol.empty-look-back"
                    Empty(Glyph.DONE, texts[if (state.nothingYet) "today.nothing-yet" else key])
                }
            }
            items(state.stops, { it.point }) { stop ->
                StopRow(stop, state.round, stop.point == next, { opened = stop.point }, act)
            }
        }
    }
}

@Composable
private fun StopRow(
    stop: Stop,
    round: Round,
    open: Boolean,
    onOpen: () -> Unit,
    act: PatrolIntents,
) {
    val texts = Ui.texts
    Sheet(onClick = onOpen) {
        val large = LocalDensity.current.fontScale > LARGE
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            Column(Modifier.weight(1f)) {
                Text(stop.name, color = Ui.colors.ink, style = Ui.type.titleMedium)
                val far = stop.metres?.let { texts["record.metres", "n" to it] }
                val about = listOfNotNull(stop.community.ifEmpty { null }, stop.head, far)
                Text(about.joinToString(" · "), color = Ui.colors.muted, style = Ui.type.bodyMedium)
            }
            if (!large) ResultBadge(stop.result)
        }
        if (large) ResultBadge(stop.result)
        if (open && stop.result == null) Answers(stop, round, act)
    }
}

@Composable
private fun ResultBadge(result: VisitResult?) {
    val text = Ui.texts.of(result)
    when (result) {
        null -> Badge(text, Tone.PLAIN, Glyph.WAITING)
        is VisitResult.Clean -> Badge(text, Tone.GOOD, Glyph.DONE)
        is VisitResult.Found -> Badge(text, Tone.WAIT, Glyph.ATTENTION)
        is VisitResult.NotAccessible -> Badge(Ui.texts["patrol.closed"], Tone.PLAIN, Glyph.CLOSE)
    }
}

@Composable
private fun Answers(
    stop: Stop,
    round: Round,
    act: PatrolIntents,
) {
    val texts = Ui.texts
    var closed by remember(stop.point) { mutableStateOf(false) }
    var reason by remember(stop.point) { mutableStateOf("") }
    val shut: @Composable (
        Modifier,
    ) -> Unit = { QuietButton(texts["patrol.closed"], { closed = !closed }, it, tone = Tone.PLAIN, chosen = closed) }
    if (round == Round.MORNING) {
        Abreast(
            shut,
            { QuietButton(texts["patrol.found"], { act.open(Route.Record(point = stop.point)) }, it, tone = Tone.BAD) },
            { MainButton(texts["patrol.clean"], { act.clean(stop.point) }, it) },
        )
    } else {
        // What was found there is looked at again; its photo and words are the answer, not a tick.
        stop.cases.drop(1).forEachIndexed { index, case ->
            QuietButton(
                "${texts["patrol.look"]} ${index + 2}",
                { act.open(Route.Case(case)) },
                Modifier.fillMaxWidth(),
                Glyph.LOOK_BACK,
            )
        }
        Abreast(shut, { look ->
            stop.cases.firstOrNull()?.let { MainButton(texts["patrol.look"], { act.open(Route.Case(it)) }, look, Glyph.LOOK_BACK) }
        })
    }
    if (closed) {
        Writing(reason, { reason = it }, texts["patrol.reason"])
        MainButton(texts["action.confirm"], {
            act.notAccessible(stop.point, reason)
        }, Modifier.fillMaxWidth(), enabled = reason.isNotBlank())
    }
}
