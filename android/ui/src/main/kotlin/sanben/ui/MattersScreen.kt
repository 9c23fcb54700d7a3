package sanben.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
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
import sanben.FeatureForm
import sanben.field.Days
import sanben.field.MatterFilter
import sanben.field.MatterGroup
import sanben.field.MatterRow
import sanben.field.MattersState
import sanben.field.Route

/** What the list of matters can ask for. */
interface MattersIntents {
    fun filter(filter: MatterFilter)

    fun searchPoints(text: String)

    fun more()

    fun open(route: Route)

    fun back()
}

/** Everything that has a form: the list, narrowed, and the way to a new one under the thumb. */
@Composable
fun MattersScreen(
    state: MattersState,
    act: MattersIntents,
) {
    var beginning by remember { mutableStateOf(false) }
    var narrowing by remember { mutableStateOf(false) }
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        val back = { if (beginning) beginning = false else act.back() }
        TopBar(texts[if (beginning) "matter.new-title" else "matter.title"], back) {
            if (!beginning) {
                val tint = if (narrowing || state.filter.narrow()) Ui.colors.teal else Ui.colors.muted
                Tap(Glyph.SETTINGS, texts["matter.filter"], { narrowing = !narrowing }, tint)
            }
        }
        Rows {
            if (beginning) {
                beginnings(state.groups) {
                    beginning = false
                    act.open(Route.OpenMatter(it.name, point = state.filter.point))
                }
            } else {
                list(state, narrowing, act)
            }
        }
        if (!beginning && state.groups.isNotEmpty()) {
            Foot { MainButton(texts["matter.new"], { beginning = true }, Modifier.fillMaxWidth(), Glyph.PLUS) }
        }
    }
}

private fun MatterFilter.narrow() = days != Days.ANY || feature != null || point != null

private fun LazyListScope.beginnings(
    groups: Map<MatterGroup, List<FeatureForm>>,
    onBegin: (FeatureForm) -> Unit,
) {
    for ((group, features) in groups) {
        item { Heading(Ui.texts[group.key()]) }
        items(features) { Lead(group.glyph(), Tone.CALM, it.label, null, { onBegin(it) }) }
    }
}

private fun MatterGroup.key(): String =
    when (this) {
        MatterGroup.INSPECTION -> "matter.group-inspection"
        MatterGroup.PEOPLE -> "matter.group-people"
        MatterGroup.RESIDENTS -> "matter.group-residents"
    }

private fun MatterGroup.glyph(): Glyph =
    when (this) {
        MatterGroup.INSPECTION -> Glyph.LOOK_BACK
        MatterGroup.PEOPLE -> Glyph.PEOPLE
        MatterGroup.RESIDENTS -> Glyph.HERE
    }

private fun LazyListScope.list(
    state: MattersState,
    narrowing: Boolean,
    act: MattersIntents,
) {
    val filter = state.filter
    item {
        val name: @Composable (Boolean) -> String = { Ui.texts[if (it) "matter.open-only" else "matter.all"] }
        Choice(listOf(true, false), filter.openOnly, name) { act.filter(filter.copy(openOnly = it)) }
    }
    if (narrowing) item { Narrowing(state, act) }
    if (filter.point != null && !narrowing) {
        item { Pick(state.point.orEmpty(), null, true, Glyph.PATROL) { act.filter(filter.copy(point = null)) } }
    }
    if (state.rows.isEmpty() && !state.loading) {
        item { Empty(Glyph.TODAY, Ui.texts["matter.none"], Ui.texts["matter.none-hint"]) }
    }
    items(state.rows, { it.id }) { MatterSheet(it, act::open) }
    if (state.more != null) {
        item { QuietButton(Ui.texts["matter.more"], act::more, Modifier.fillMaxWidth()) }
    }
}

@Composable
private fun Narrowing(
    state: MattersState,
    act: MattersIntents,
) {
    val texts = Ui.texts
    val filter = state.filter
    Sheet {
        Choice(Days.entries, filter.days, { texts[it.key()] }) { act.filter(filter.copy(days = it)) }
        Badges {
            for ((name, label) in listOf(null to texts["matter.every-kind"]) + state.features.toList()) {
                val chosen = name == filter.feature
                QuietButton(
                    label,
                    { act.filter(filter.copy(feature = name)) },
                    tone = if (chosen) Tone.CALM else Tone.PLAIN,
                    chosen = chosen,
                )
            }
        }
        val point = filter.point
        if (point != null) {
            Pick(state.point.orEmpty(), null, true, Glyph.PATROL) { act.filter(filter.copy(point = null)) }
        } else {
            Seeking(texts["record.point-search"], act::searchPoints)
            state.suggestions.take(SUGGESTED).forEach {
                Pick(it.name, null, false, Glyph.PATROL) { act.filter(filter.copy(point = it.code)) }
            }
        }
    }
}

private const val SUGGESTED = 4

private fun Days.key(): String =
    when (this) {
        Days.ANY -> "matter.day-any"
        Days.TODAY -> "matter.day-today"
        Days.WEEK -> "matter.day-week"
    }

/** A matter in a list: what it is called, of which kind, where, and how it stands. */
@Composable
internal fun MatterSheet(
    row: MatterRow,
    onOpen: (Route) -> Unit,
    below: @Composable () -> Unit = {},
) {
    val to = Route.Matter(row.id)
    Sheet(onClick = { onOpen(to) }, here = LocalOpened.current == to) {
        val where = listOfNotNull(row.feature, row.point, row.person, Ui.moments.day(row.day))
        Text(row.title.ifEmpty { row.feature }, color = Ui.colors.ink, style = Ui.type.titleMedium)
        Text(where.joinToString(" · "), color = Ui.colors.muted, style = Ui.type.bodyMedium)
        Badges {
            if (row.disputed) Badge(Ui.texts["status.disputed"], Tone.BAD, Glyph.DISPUTE)
            StepBadge(row.step, row.open)
            TermBadge(row.due.takeIf { row.open }, row.late)
            ItemBadge(row.item)
        }
        below()
    }
}
