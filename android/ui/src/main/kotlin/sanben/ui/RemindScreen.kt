package sanben.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import sanben.ReminderPlan
import sanben.field.ReminderLine
import sanben.field.RemindersState
import sanben.field.Route
import sanben.field.own
import java.time.Duration
import java.time.Instant
import java.util.UUID

/** When to be reminded of one case or matter, and what is reminded of without being asked. */
@Composable
fun RemindScreen(
    title: String,
    document: UUID,
    state: RemindersState,
    offered: List<Pair<String, Instant>>,
    onChoose: (Instant?) -> Unit,
    onShow: () -> Unit,
    onBack: () -> Unit,
) {
    val texts = Ui.texts
    val byItself = state.coming.filter { it.document == document && !it.own }
    val chosen = state.own(document)
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["reminder.title"], onBack)
        Rows {
            item { Lead(Glyph.LEDGER, Tone.CALM, title.ifBlank { texts["task.finish-untitled"] }, null, onShow) }
            if (chosen != null) item { Chosen(chosen, onChoose) }
            items(offered) { (key, at) ->
                Pick(texts[key], Ui.moments.at(at), at == chosen?.at, Glyph.WAITING) { onChoose(at) }
            }
            if (byItself.isNotEmpty()) item { Heading(texts["reminder.by-itself"]) }
            if (byItself.isNotEmpty()) {
                item { Sheet { byItself.forEach { Fact(Ui.moments.at(it.at), it.why()) } } }
            }
            if (!state.shown) item { Note(texts["reminder.hidden"], Tone.WAIT, Glyph.TROUBLE) }
        }
        if (chosen != null) Foot { QuietButton(texts["reminder.none"], { onChoose(null) }, Modifier.fillMaxWidth(), Glyph.CLOSE) }
    }
}

/** The reminder that was set, to be moved by the thumb. */
@Composable
private fun Chosen(
    chosen: ReminderLine,
    onChoose: (Instant?) -> Unit,
) {
    val texts = Ui.texts
    val now = Ui.moments.now()
    val earlier = (chosen.at - HALF_AN_HOUR).takeIf { it > now }
    Sheet(padding = 8.dp, here = true) {
        Stepper(
            Ui.moments.at(chosen.at),
            texts[if (chosen.at > now) "reminder.set" else "reminder.come"],
            texts["reminder.earlier"],
            { earlier?.let(onChoose) },
            texts["reminder.later"],
            // What has come is put off from now on.
            { onChoose(maxOf(chosen.at, now) + HALF_AN_HOUR) },
        )
    }
}

private val HALF_AN_HOUR = Duration.ofMinutes(30)

/** A value between less and more. */
@Composable
private fun Stepper(
    value: String,
    what: String,
    less: String,
    onLess: () -> Unit,
    more: String,
    onMore: () -> Unit,
) = Row(verticalAlignment = Alignment.CenterVertically) {
    Tap(Glyph.MINUS, less, onLess, Ui.colors.teal)
    Column(
        Modifier.weight(1f).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Text(what, color = Ui.colors.muted, style = Ui.type.labelSmall)
        Text(value, color = Ui.colors.ink, style = Ui.type.titleMedium, textAlign = TextAlign.Center)
    }
    Tap(Glyph.PLUS, more, onMore, Ui.colors.teal)
}

@Composable
private fun ReminderLine.why(): String = due?.let { Ui.texts["reminder.due", "time" to Ui.moments.at(it)] } ?: Ui.texts["reminder.own"]

/** What the first screen says of reminders, and what can be done about one that has come. */
interface Reminded {
    val come: List<ReminderLine>
    val soon: List<ReminderLine>

    fun open(line: ReminderLine)

    fun takeBack(line: ReminderLine)
}

/** A reminder whose hour has come: it stays until the person has done with it, or puts it off. */
@Composable
internal fun Come(
    line: ReminderLine,
    reminded: Reminded,
    onOpen: (Route) -> Unit,
) {
    val title = line.title.ifBlank { Ui.texts["task.finish-untitled"] }
    Lead(Glyph.BELL, Tone.WAIT, title, line.hasCome(), { reminded.open(line) }) { Dealing(line, reminded, onOpen) }
}

/** The same below the task that it is of. */
@Composable
internal fun HasCome(
    line: ReminderLine,
    reminded: Reminded,
    onOpen: (Route) -> Unit,
) {
    Badges { Badge(line.hasCome(), Tone.WAIT, Glyph.BELL) }
    Dealing(line, reminded, onOpen)
}

@Composable
private fun ReminderLine.hasCome() = Ui.texts["reminder.come"] + Ui.texts["list.and"] + Ui.moments.at(at)

@Composable
private fun Dealing(
    line: ReminderLine,
    reminded: Reminded,
    onOpen: (Route) -> Unit,
) = Box(Modifier.padding(top = 6.dp)) {
    Abreast(
        { QuietButton(Ui.texts["reminder.another"], { onOpen(Route.Remind(line.document)) }, it, Glyph.WAITING) },
        { QuietButton(Ui.texts["reminder.done"], { reminded.takeBack(line) }, it, Glyph.DONE) },
    )
}

/** A reminder in a list. */
@Composable
internal fun ReminderRow(
    line: ReminderLine,
    onOpen: () -> Unit,
) = Lead(
    Glyph.BELL,
    Tone.CALM,
    line.title.ifBlank { Ui.texts["task.finish-untitled"] },
    Ui.moments.at(line.at) + " · " + line.why(),
    onOpen,
    Route.Remind(line.document) == LocalOpened.current,
)

/** The way to being reminded of what is shown. */
@Composable
internal fun RemindTap(
    document: UUID,
    onOpen: (Route) -> Unit,
) = Tap(Glyph.BELL, Ui.texts["reminder.title"], { onOpen(Route.Remind(document)) }, Ui.colors.teal)

/** When this device reminds by itself, and when it keeps quiet. */
interface Plans {
    val state: RemindersState

    fun toggle(minutes: UInt)

    fun quiet(
        beginsLater: Long,
        endsLater: Long,
    )
}

@Composable
internal fun Planning(plans: Plans) {
    val texts = Ui.texts
    val plan: ReminderPlan = plans.state.plan
    Heading(texts["reminder.plan"])
    val spans = listOf(DAY to "reminder.before-day", HOURS to "reminder.before-hours", HALF to "reminder.before-half")
    Abreast(
        *spans
            .map<Pair<UInt, String>, @Composable (Modifier) -> Unit> { (minutes, key) ->
                val chosen = minutes in plan.before
                val tone = if (chosen) Tone.CALM else Tone.PLAIN
                { QuietButton(texts[key], { plans.toggle(minutes) }, it, chosen = chosen, tone = tone) }
            }.toTypedArray(),
    )
    Heading(texts["reminder.quiet"])
    val (earlier, later) = texts["reminder.hour-earlier"] to texts["reminder.hour-later"]
    Sheet(padding = 4.dp) {
        val begins = texts["reminder.quiet-begins"]
        Stepper(plan.quietFrom, begins, earlier, { plans.quiet(-1, 0) }, later) { plans.quiet(1, 0) }
    }
    Sheet(padding = 4.dp) {
        val ends = texts["reminder.quiet-ends"]
        Stepper(plan.quietUntil, ends, earlier, { plans.quiet(0, -1) }, later) { plans.quiet(0, 1) }
    }
    Text(texts["reminder.quiet-hint"], color = Ui.colors.muted, style = Ui.type.bodyMedium)
    if (!plans.state.shown) Note(texts["reminder.hidden"], Tone.WAIT, Glyph.TROUBLE)
}

private const val DAY = 1440u
private const val HOURS = 120u
private const val HALF = 30u
