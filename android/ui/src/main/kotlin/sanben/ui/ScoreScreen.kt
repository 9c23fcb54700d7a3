package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.lazy.LazyRow
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.field.Reason
import sanben.field.Route
import sanben.field.ScoreState

/** The sheet of a month: the total, then every line with its reason, and a way to the case behind it. */
@Composable
fun ScoreScreen(
    state: ScoreState,
    onTurn: (Long) -> Unit,
    onCommunity: (String) -> Unit,
    onOpen: (Route) -> Unit,
    onBack: () -> Unit,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["score.title"], onBack)
        Rows {
            if (state.all.size > 1) item { Communities(state, onCommunity) }
            item { Total(state, onTurn) }
            if (state.sheet != null && state.counts.isEmpty() && state.suspended.isEmpty()) {
                item { Empty(Glyph.SCORE, texts["score.none"]) }
            }
            if (state.counts.isNotEmpty()) item { Heading(texts["score.lines", "n" to state.counts.size]) }
            items(state.counts) { Line(it, counts = true, onOpen) }
            if (state.suspended.isNotEmpty()) item { Heading(texts["score.suspended", "n" to state.suspended.size]) }
            items(state.suspended) { Line(it, counts = false, onOpen) }
        }
    }
}

@Composable
private fun Communities(
    state: ScoreState,
    onCommunity: (String) -> Unit,
) {
    val here = rememberLazyListState(state.all.indexOf(state.community).coerceAtLeast(0))
    LazyRow(state = here, horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        items(state.all) { code ->
            val chosen = code == state.community
            val name = LocalNames.current.unit(code)
            QuietButton(name, { onCommunity(code) }, chosen = chosen, tone = if (chosen) Tone.CALM else Tone.PLAIN)
        }
    }
}

@Composable
private fun Total(
    state: ScoreState,
    onTurn: (Long) -> Unit,
) {
    val texts = Ui.texts
    Sheet {
        Row(verticalAlignment = Alignment.CenterVertically) {
            Column(Modifier.weight(1f)) {
                Text(LocalNames.current.unit(state.community), color = Ui.colors.ink, style = Ui.type.titleMedium)
                state.month?.let { Text(Ui.moments.month(it), color = Ui.colors.muted, style = Ui.type.bodyLarge) }
            }
            Tap(Glyph.BACK, texts["score.earlier"], { onTurn(-1) })
            val begun = state.month?.let { Ui.moments.today() >= it.plusMonths(1) } == true
            Tap(Glyph.FORWARD, texts["score.later"], { onTurn(1) }, enabled = begun)
        }
        state.sheet?.let { sheet ->
            Text(sheet.total, color = Ui.colors.teal, style = Ui.type.displaySmall)
            Text(texts["score.base", "points" to sheet.base], color = Ui.colors.muted, style = Ui.type.bodyMedium)
        }
    }
}

@Composable
private fun Line(
    reason: Reason,
    counts: Boolean,
    onOpen: (Route) -> Unit,
) {
    val line = reason.line
    val texts = Ui.texts
    val off = line.points.startsWith("-")
    Sheet(onClick = line.caseId?.let { { onOpen(Route.Case(it)) } }) {
        Row(horizontalArrangement = Arrangement.spacedBy(14.dp)) {
            val sign = if (off) line.points.replace("-", "−") else "+${line.points}"
            val ink =
                when {
                    !counts -> Ui.colors.muted
                    off -> Ui.colors.vermilion
                    else -> Ui.colors.green
                }
            Text(sign, color = ink, style = Ui.type.titleLarge)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(3.dp)) {
                Text(reason.title, color = Ui.colors.ink, style = Ui.type.titleMedium)
                Text(reason.why, color = Ui.colors.ink, style = Ui.type.bodyMedium)
                val where = listOfNotNull(reason.point, reason.person, Ui.moments.at(line.at))
                Text(where.joinToString(" · "), color = Ui.colors.muted, style = Ui.type.labelSmall)
                Badges {
                    Badge(texts["score.clause", "clause" to line.clause], Tone.PLAIN)
                    if (line.halved) Badge(texts["score.halved"], Tone.GOOD, Glyph.DONE)
                    if (line.doubled) Badge(texts["score.doubled"], Tone.GOOD, Glyph.PLUS)
                    if (line.pending) Badge(texts["score.pending"], Tone.WAIT, Glyph.WAITING)
                    if (line.clockDoubtful) Badge(texts["time.doubtful"], Tone.WAIT, Glyph.TROUBLE)
                }
            }
        }
    }
}
