package sanben.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import sanben.field.Route

private class Tab(
    val route: Route,
    val glyph: Glyph,
    val key: String,
)

private val TABS =
    listOf(
        Tab(Route.Today, Glyph.TODAY, "tab.today"),
        Tab(Route.Patrol(), Glyph.PATROL, "tab.patrol"),
        Tab(Route.Points, Glyph.LEDGER, "tab.points"),
        Tab(Route.Me, Glyph.PERSON, "tab.me"),
    )

/** What is around every screen: the tabs, recording in the middle under the thumb, and notices. */
@Composable
fun Frame(
    tab: Route,
    wide: Boolean,
    bare: Boolean,
    onTab: (Route) -> Unit,
    onRecord: () -> Unit,
    notice: String?,
    onSeen: () -> Unit,
    content: @Composable () -> Unit,
) {
    if (wide) {
        Row(Modifier.fillMaxSize()) {
            Rail(tab, onTab, onRecord)
            Column(Modifier.weight(1f).fillMaxHeight()) {
                Notice(notice, onSeen)
                Box(Modifier.weight(1f)) { content() }
            }
        }
    } else {
        Column(Modifier.fillMaxSize()) {
            Box(Modifier.weight(1f).fillMaxWidth()) { content() }
            Notice(notice, onSeen)
            if (!bare) Bar(tab, onTab, onRecord)
        }
    }
}

@Composable
private fun Notice(
    notice: String?,
    onSeen: () -> Unit,
) {
    if (notice == null) return
    Box(Modifier.padding(horizontal = 16.dp, vertical = 8.dp)) {
        Note(notice, Tone.BAD, Glyph.ATTENTION, Ui.texts["action.close"], onSeen)
    }
}

@Composable
private fun Bar(
    tab: Route,
    onTab: (Route) -> Unit,
    onRecord: () -> Unit,
) {
    Box(Modifier.fillMaxWidth().height(Ui.colors.border).background(Ui.colors.line))
    Row(
        Modifier.fillMaxWidth().background(Ui.colors.sheet).padding(horizontal = 6.dp, vertical = 6.dp),
        horizontalArrangement = Arrangement.SpaceBetween,
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Steady {
            TABS.take(2).forEach { Item(it, same(tab, it.route), Modifier.weight(1f), onTab) }
            RecordButton(onRecord, Modifier.weight(1.25f))
            TABS.drop(2).forEach { Item(it, same(tab, it.route), Modifier.weight(1f), onTab) }
        }
    }
}

/** The labels of the bar grow only so far that the five of them still fit; their drawings carry the rest. */
@Composable
private fun Steady(content: @Composable () -> Unit) {
    val density = LocalDensity.current
    CompositionLocalProvider(
        LocalDensity provides Density(density.density, density.fontScale.coerceAtMost(LARGEST)),
        content = content,
    )
}

private const val LARGEST = 1.3f

@Composable
private fun Rail(
    tab: Route,
    onTab: (Route) -> Unit,
    onRecord: () -> Unit,
) {
    Column(
        Modifier
            .width(112.dp)
            .fillMaxHeight()
            .background(Ui.colors.sheet)
            .padding(8.dp),
        verticalArrangement = Arrangement.spacedBy(6.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Steady {
            Spacer(Modifier.height(8.dp))
            TABS.forEach { Item(it, same(tab, it.route), Modifier.fillMaxWidth(), onTab) }
            Spacer(Modifier.weight(1f))
            RecordButton(onRecord, Modifier.fillMaxWidth())
        }
    }
}

private fun same(
    open: Route,
    tab: Route,
) = open::class == tab::class

@Composable
private fun Item(
    tab: Tab,
    here: Boolean,
    modifier: Modifier,
    onTab: (Route) -> Unit,
) {
    val ink = if (here) Ui.colors.teal else Ui.colors.muted
    val wash = if (here) Ui.colors.tealWash else Ui.colors.sheet
    Column(
        modifier
            .tile(wash, if (here) ink else wash, RoundedCornerShape(12.dp))
            .clickable(role = Role.Tab) { onTab(tab.route) }
            .semantics { selected = here }
            .defaultMinSize(minHeight = 60.dp)
            .padding(vertical = 7.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
        verticalArrangement = Arrangement.Center,
    ) {
        Draw(tab.glyph, ink)
        Text(Ui.texts[tab.key], color = ink, style = Ui.type.labelMedium, maxLines = 1)
    }
}

@Composable
private fun RecordButton(
    onRecord: () -> Unit,
    modifier: Modifier,
) {
    val spoken = Ui.texts["record.title"]
    Column(
        modifier
            .padding(horizontal = 4.dp)
            .clip(CORNER)
            .background(Ui.colors.teal)
            .clickable(role = Role.Button, onClick = onRecord)
            .semantics { contentDescription = spoken }
            .defaultMinSize(minHeight = 60.dp)
            .padding(vertical = 7.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
        verticalArrangement = Arrangement.Center,
    ) {
        Draw(Glyph.CAMERA, Ui.colors.onTeal)
        Text(Ui.texts["action.record"], color = Ui.colors.onTeal, style = Ui.type.labelMedium, maxLines = 1)
    }
}
