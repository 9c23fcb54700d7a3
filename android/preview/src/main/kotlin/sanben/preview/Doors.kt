package sanben.preview

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import sanben.field.Shell
import sanben.field.ShellState
import sanben.field.UnlockState
import sanben.field.Unlocking
import sanben.ui.App
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.writeBytes
import kotlin.time.Duration.Companion.seconds

private const val PIN = "480613"
private const val WRONG = "111985"

/** What stands before somebody's records: a PIN chosen, asked for, wrong, forgotten; and one chosen by who is new. */
class Doors(
    private val street: Street,
    private val root: Path,
    private val to: Path,
) {
    fun draw(
        frames: List<Frame>,
        only: Regex,
    ) {
        val names = listOf("secure", "unlock", "unlock-wrong", "unlock-wait", "recover", "enrol")
        if (names.none { only in it }) return
        people(street, root, Street.HEAD)
        val machine = Machine(street.photos, root / "given", keystore = KeyInFile(root / "key"))
        val shell = Shell(root, machine, CoroutineScope(SupervisorJob() + Dispatchers.Default))

        fun shoot(name: String) {
            for (frame in frames.filter { only in name }) {
                shell.settings.change { it.copy(look = frame.look, language = frame.language) }
                val image = draw(frame) { App(shell, false, Letters.family()) { StorePictures(it.device) } }
                (to.createDirectories() / "$name-${frame.name}.png").writeBytes(image.png())
                println("$name-${frame.name}")
            }
        }
        shell.start()
        val choosing = locked(shell)
        shoot("secure")
        choosing.unlock(PIN)
        val working = shell.state.until { it is ShellState.Working } as ShellState.Working
        // The codes that help who forgets come with a sync.
        working.session.syncer.state
            .until { it.lastSuccess != null && !it.running }
        shell.switch(working.user)
        val unlocking = locked(shell)
        unlocking.state.until { it.recoverable }
        shoot("unlock")
        unlocking.tryWrong()
        shoot("unlock-wrong")
        repeat(4) { unlocking.tryWrong() }
        unlocking.state.until { it.waitSeconds > 0 }
        shoot("unlock-wait")
        unlocking.forgot()
        unlocking.state.until { it.shown != null }
        shoot("recover")
        shell.welcome()
        shell.state.until { it is ShellState.Enrolling }
        shoot("enrol")
    }

    private fun locked(shell: Shell): Unlocking = (shell.state.until { it is ShellState.Locked } as ShellState.Locked).unlocking

    private fun Unlocking.tryWrong(): UnlockState {
        unlock(WRONG)
        return state.until { !it.busy && it.failure != null }
    }

    private fun <T> StateFlow<T>.until(condition: (T) -> Boolean): T = runBlocking { withTimeout(60.seconds) { first(condition) } }
}
