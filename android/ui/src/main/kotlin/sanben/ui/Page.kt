package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/** What a screen is called, and the way back from it; a tab has none. */
@Composable
fun TopBar(
    title: String,
    onBack: (() -> Unit)?,
    trailing: @Composable RowScope.() -> Unit = {},
) {
    Row(
        Modifier.fillMaxWidth().defaultMinSize(minHeight = 64.dp).padding(horizontal = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (onBack == null || LocalBeside.current) Spacer(Modifier.size(12.dp)) else Tap(Glyph.BACK, Ui.texts["action.back"], onBack)
        Text(
            title,
            Modifier.weight(1f).padding(vertical = 8.dp).semantics { heading() },
            Ui.colors.ink,
            style = if (onBack == null) Ui.type.headlineMedium else Ui.type.titleLarge,
        )
        trailing()
    }
}

/** What scrolls below the title, however long. */
@Composable
internal fun ColumnScope.Rows(
    gap: Dp = 10.dp,
    content: LazyListScope.() -> Unit,
) = LazyColumn(
    Modifier.weight(1f).fillMaxWidth(),
    contentPadding = ROOM,
    verticalArrangement = Arrangement.spacedBy(gap),
    content = content,
)

/** The same, all of it drawn at once: what is begun in it stays when it scrolls out of sight. */
@Composable
internal fun ColumnScope.Scrolled(content: @Composable ColumnScope.() -> Unit) =
    Column(
        Modifier
            .weight(1f)
            .fillMaxWidth()
            .verticalScroll(rememberScrollState())
            .padding(ROOM),
        verticalArrangement = Arrangement.spacedBy(10.dp),
        content = content,
    )

private val ROOM = PaddingValues(start = 16.dp, end = 16.dp, bottom = 24.dp)
