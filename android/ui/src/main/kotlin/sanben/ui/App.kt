package sanben.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.width
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import sanben.field.Route
import sanben.field.Session
import sanben.field.Shell
import sanben.field.ShellState
import sanben.field.User
import sanben.field.beside

/** The whole app; [picturesOf] decodes small pictures the way the platform does. */
@Composable
fun App(
    shell: Shell,
    systemDark: Boolean,
    font: FontFamily = FontFamily.Default,
    picturesOf: (Session) -> Pictures,
) {
    val settled by shell.settings.state.collectAsState()
    val state by shell.state.collectAsState()
    SanbenTheme(settled.look, systemDark, font) {
        CompositionLocalProvider(LocalTexts provides remember(settled.language) { shell.texts() }) {
            Box(Modifier.fillMaxSize().background(Ui.colors.paper)) {
                when (val now = state) {
                    is ShellState.Opening -> Empty(Glyph.RUNNING, Ui.texts["today.loading"])
                    is ShellState.Enrolling -> Enrolling(shell, now)
                    is ShellState.Locked -> Locked(shell, now)
                    is ShellState.Broken -> Broken(shell, now)
                    is ShellState.Working -> Working(shell, now, remember(now.session) { picturesOf(now.session) })
                }
            }
        }
    }
}

@Composable
private fun Enrolling(
    shell: Shell,
    state: ShellState.Enrolling,
) {
    var choosing by remember { mutableStateOf(false) }
    val users by shell.users.all.collectAsState()
    if (choosing) {
        UsersScreen(users, null, shell::switch, { choosing = false }, { choosing = false })
    } else {
        EnrolScreen(
            state.busy,
            state.failure,
            state.pin,
            shell::enrol,
            { choosing = true }.takeIf { users.isNotEmpty() },
        )
    }
}

@Composable
private fun Locked(
    shell: Shell,
    state: ShellState.Locked,
) {
    var choosing by remember { mutableStateOf(false) }
    val users by shell.users.all.collectAsState()
    val unlocking = state.unlocking
    val stands by unlocking.state.collectAsState()
    if (choosing) {
        val chosen: (User) -> Unit = {
            choosing = false
            if (it.folder != state.user.folder) shell.switch(it)
        }
        UsersScreen(users, state.user, chosen, shell::welcome, { choosing = false })
        return
    }
    val unlocks =
        object : Unlocks {
            override fun unlock(pin: String) = unlocking.unlock(pin)

            override fun later() = unlocking.later()

            override fun forgot() = unlocking.forgot()

            override fun remembered() = unlocking.remembered()

            override fun recover(
                code: String,
                pin: String,
            ) = unlocking.recover(code, pin)

            override fun users() {
                choosing = true
            }
        }
    UnlockScreen(state.user, stands, unlocks)
}

@Composable
private fun Broken(
    shell: Shell,
    state: ShellState.Broken,
) {
    var choosing by remember { mutableStateOf(false) }
    val users by shell.users.all.collectAsState()
    if (choosing) {
        UsersScreen(users, state.user, shell::switch, shell::welcome, { choosing = false })
    } else {
        BrokenScreen(state.failure, { choosing = true })
    }
}

@Composable
private fun Working(
    shell: Shell,
    state: ShellState.Working,
    pictures: Pictures,
) {
    val session = state.session
    val names by session.names.collectAsState()
    CompositionLocalProvider(
        LocalTexts provides session.texts,
        LocalMoments provides session.moments,
        LocalNames provides names,
        LocalPictures provides pictures,
    ) { Panes(shell, state) }
}

/** One pane on a phone; on a tablet the list stays beside what was opened from it. */
@Composable
private fun Panes(
    shell: Shell,
    working: ShellState.Working,
) {
    val session = working.session
    val stack by session.navigator.stack.collectAsState()
    val notice by session.notice.collectAsState()
    BoxWithConstraints(Modifier.fillMaxSize()) {
        val wide = maxWidth >= TABLET
        val tab = stack.last { it.isTab() }
        val list = stack.last { it.isTab() || it is Route.Matters }
        val open = stack.last().takeUnless { it == list }
        val record = { session.navigator.open(Route.Record()) }
        val beside by produceState<Route?>(null, session, list, LocalNames.current, wide) {
            value = if (wide) session.beside(list) else null
        }
        Frame(tab, wide, !stack.last().isTab() && !wide, session.navigator::tab, record, notice, session::seen) {
            if (!wide) {
                Destination(shell, working, stack.last())
            } else {
                Row(Modifier.fillMaxSize()) {
                    CompositionLocalProvider(LocalOpened provides (open ?: beside)) {
                        Box(Modifier.width(LIST).fillMaxHeight()) { Destination(shell, working, list) }
                    }
                    Box(Modifier.fillMaxHeight().width(Ui.colors.border).background(Ui.colors.line))
                    Box(Modifier.fillMaxWidth().fillMaxHeight().background(Ui.colors.paper)) {
                        if (open != null) Destination(shell, working, open) else Beside(shell, working, beside)
                    }
                }
            }
        }
    }
}

/** What stands beside a list of which nothing has been opened yet: never an empty half of a tablet. */
@Composable
private fun Beside(
    shell: Shell,
    working: ShellState.Working,
    found: Route?,
) {
    if (found == null) {
        Empty(Glyph.LEDGER, Ui.texts["beside.nothing"])
    } else {
        CompositionLocalProvider(LocalBeside provides true) { Destination(shell, working, found) }
    }
}

internal fun Route.isTab(): Boolean = this is Route.Today || this is Route.Patrol || this is Route.Points || this is Route.Me

internal val TABLET = 720.dp
private val LIST = 400.dp
