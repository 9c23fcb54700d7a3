package sanben.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import sanben.field.CaseLine
import sanben.field.Route
import sanben.field.SyncLine
import sanben.field.TodayItem
import sanben.field.TodayState
import sanben.field.TodayTask
import sanben.field.agenda
import sanben.field.route

/** The first screen: how delivery stands, what to do, what was recorded lately. */
@Composable
fun TodayScreen(
    state: TodayState,
    reminders: Reminded,
    sync: SyncLine,
    onSync: () -> Unit,
    onOpen: (Route) -> Unit,
) {
    Column(Modifier.fillMaxSize()) {
        TopBar(Ui.texts["today.title"], null) {
            // Where the letters are large the title needs the room; the phone shows the date itself.
            if (LocalDensity.current.fontScale <= LARGE) {
                Text(
                    Ui.moments.date(Ui.moments.today()),
                    Modifier.padding(end = 16.dp),
                    Ui.colors.muted,
                    style = Ui.type.bodyMedium,
                )
            }
        }
        Rows {
            item { SyncStrip(sync, onSync, onOpen) }
            if (state.nothingYet) item { Note(Ui.texts["today.nothing-yet"], Tone.WAIT, Glyph.TROUBLE) }
            val agenda = state.agenda(reminders.come)
            if (agenda.isEmpty() && !state.loading && !state.nothingYet) {
                item { Empty(Glyph.DONE, Ui.texts["today.empty"], Ui.texts["today.empty-hint"]) }
            }
            items(agenda) { Item(it, reminders, onOpen) }
            if (reminders.soon.isNotEmpty()) item { Heading(Ui.texts["reminder.coming"]) }
            items(reminders.soon) { ReminderRow(it) { onOpen(Route.Remind(it.document)) } }
            if (state.recent.isNotEmpty()) item { Heading(Ui.texts["today.recent"]) }
            items(state.recent) { CaseRow(it) { onOpen(Route.Case(it.id)) } }
        }
    }
}

/** The way to the server in one line, true at every moment; a tap tries now, or leads to where it is put right. */
@Composable
fun SyncStrip(
    sync: SyncLine,
    onSync: () -> Unit,
    onOpen: (Route) -> Unit,
) {
    val tone = sync.mark.tone()
    val way = sync.way
    val said = Ui.texts[if (way == null) "sync.now" else "enrol-again.title"]
    Row(
        Modifier
            .fillMaxWidth()
            .clip(CORNER)
            .background(tone.wash())
            .border(Ui.colors.border, if (Ui.colors.strong) tone.ink() else tone.wash(), CORNER)
            .clickable(role = Role.Button, onClickLabel = said) { if (way == null) onSync() else onOpen(way) }
            .defaultMinSize(minHeight = TOUCH)
            .padding(horizontal = 14.dp, vertical = 10.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Draw(sync.mark.glyph(), tone.ink())
        Column(Modifier.weight(1f)) {
            Text(sync.text, color = Ui.colors.ink, style = Ui.type.bodyLarge)
            sync.next?.let { Text(it, color = Ui.colors.muted, style = Ui.type.labelSmall) }
        }
        if (way != null && LocalDensity.current.fontScale <= LARGE) Draw(Glyph.FORWARD, Ui.colors.muted, 20.dp)
    }
}

@Composable
private fun Item(
    item: TodayItem,
    reminded: Reminded,
    onOpen: (Route) -> Unit,
) {
    val (come, task) = item
    when {
        task == null -> come?.let { Come(it, reminded, onOpen) }
        come == null -> Task(task, onOpen)
        else -> Task(task, onOpen) { HasCome(come, reminded, onOpen) }
    }
}

@Composable
private fun Task(
    task: TodayTask,
    onOpen: (Route) -> Unit,
    below: @Composable () -> Unit = {},
) {
    val texts = Ui.texts
    val to = task.route()
    when (task) {
        is TodayTask.Refused -> {
            Lead(Glyph.ATTENTION, Tone.BAD, texts["task.refused", "n" to task.pieces], texts["task.refused-hint"], to, onOpen)
        }

        is TodayTask.Handle -> {
            CaseRow(task.case, below) { onOpen(to) }
        }

        is TodayTask.Decide -> {
            CaseRow(task.case, below) { onOpen(to) }
        }

        is TodayTask.LookBack -> {
            val title = texts["task.look-back", "point" to LocalNames.current.point(task.point)]
            Lead(Glyph.LOOK_BACK, Tone.CALM, title, texts["task.look-back-cases", "n" to task.cases.size], to, onOpen, below)
        }

        is TodayTask.Walk -> {
            val (visited, points) = task.coverage.visited to task.coverage.points
            val far = texts["task.walk-progress", "visited" to visited, "n" to points]
            Lead(Glyph.PATROL, Tone.CALM, texts["task.walk"], far, to, onOpen) { Progress(visited, points) }
        }

        is TodayTask.Attend -> {
            MatterSheet(task.matter, onOpen, below)
        }

        is TodayTask.Finish -> {
            val title = task.title.ifBlank { texts["task.finish-untitled"] }
            Lead(Glyph.DRAFT, Tone.WAIT, texts["task.finish"], title, to, onOpen)
        }

        is TodayTask.Fill -> {
            val about = task.about.ifBlank { texts["task.finish-untitled"] }
            Lead(Glyph.DRAFT, Tone.WAIT, texts["task.fill", "what" to task.title], about, to, onOpen)
        }
    }
}

/** The way to another screen. */
@Composable
internal fun Lead(
    glyph: Glyph,
    tone: Tone,
    title: String,
    hint: String?,
    to: Route,
    onOpen: (Route) -> Unit,
    below: @Composable () -> Unit = {},
) = Lead(glyph, tone, title, hint, { onOpen(to) }, to == LocalOpened.current, below)

@Composable
internal fun Lead(
    glyph: Glyph,
    tone: Tone,
    title: String,
    hint: String?,
    onOpen: () -> Unit,
    here: Boolean = false,
    below: @Composable () -> Unit = {},
) {
    Sheet(onClick = onOpen, here = here) {
        Row(horizontalArrangement = Arrangement.spacedBy(14.dp), verticalAlignment = Alignment.CenterVertically) {
            Box(
                Modifier.size(48.dp).clip(RoundedCornerShape(12.dp)).background(tone.wash()),
                contentAlignment = Alignment.Center,
            ) { Draw(glyph, tone.ink(), 26.dp) }
            Column(Modifier.weight(1f)) {
                Text(title, color = Ui.colors.ink, style = Ui.type.titleMedium)
                hint?.let { Text(it, color = Ui.colors.muted, style = Ui.type.bodyMedium) }
            }
            // Where the letters are large the words need the room.
            if (LocalDensity.current.fontScale <= LARGE) Draw(Glyph.FORWARD, Ui.colors.muted, 20.dp)
        }
        below()
    }
}

/** A case in a list: the picture, the words, where, and how it stands. */
@Composable
fun CaseRow(
    case: CaseLine,
    below: @Composable () -> Unit = {},
    onOpen: () -> Unit,
) {
    Sheet(onClick = onOpen, padding = 12.dp, here = LocalOpened.current == Route.Case(case.id)) {
        Row(horizontalArrangement = Arrangement.spacedBy(14.dp)) {
            Photo(case.thumbnail, case.spokenPhoto(), Modifier.size(76.dp), case.id)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(4.dp)) {
                Text(
                    case.title.ifEmpty { Ui.texts["task.finish-untitled"] },
                    color = Ui.colors.ink,
                    style = Ui.type.titleMedium,
                )
                case.point?.let { Text(it, color = Ui.colors.muted, style = Ui.type.bodyMedium) }
                Badges {
                    StatusBadge(case.status, case.disputed)
                    DueBadge(case.due, case.lateness)
                    ItemBadge(case.item)
                }
            }
        }
        below()
    }
}
