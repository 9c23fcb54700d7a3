package sanben.field

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import kotlinx.coroutines.withContext
import sanben.FieldFailure
import sanben.device.Device
import sanben.device.changes
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.time.Clock
import kotlin.io.path.div

/** One person at work on one device: what every screen of theirs shares. */
class Session(
    val device: Device,
    val texts: Texts,
    val ports: Ports,
    clock: Clock = Clock.systemUTC(),
    parent: CoroutineScope,
    policy: SyncPolicy = SyncPolicy(),
) {
    val scope: CoroutineScope = parent + SupervisorJob()
    val moments = Moments(texts, clock)
    val syncer = Syncer(device, clock, policy)
    val navigator = Navigator()
    val reminders = Reminders(this)
    private val known = MutableStateFlow(Names.NONE)
    private val notices = MutableStateFlow<String?>(null)

    /** Who and what the codes in records stand for. */
    val names: StateFlow<Names> = known.asStateFlow()

    /** Something the person has to be told, until they have seen it. */
    val notice: StateFlow<String?> = notices.asStateFlow()

    fun start() {
        scope.launch { device.changes().collect { if (it.reference) known.value = Names.read(device) } }
        scope.launch { device.changes().collect { told { reminders.load() } } }
        syncer.start(scope)
    }

    fun tell(notice: String) {
        notices.value = notice
    }

    fun seen() {
        notices.value = null
    }

    /** Does what a person asked for; what goes wrong is told in their language. */
    fun attempt(work: suspend () -> Unit) = scope.launch { told(work) }

    private suspend fun told(work: suspend () -> Unit) =
        try {
            work()
        } catch (failure: FieldFailure) {
            tell(texts.of(failure))
        }

    /** Writes something into a place of its own and hands it to the person; nothing of it stays behind. */
    suspend fun give(
        name: String,
        write: suspend (Path) -> Unit,
    ): Boolean =
        withContext(Dispatchers.IO) {
            try {
                val desk = Files.createTempDirectory(device.folder, "given")
                try {
                    write(desk / name)
                    ports.give(desk / name)
                } finally {
                    desk.toFile().deleteRecursively()
                }
            } catch (failure: IOException) {
                throw FieldFailure.FileNotWritten(failure.javaClass.simpleName)
            }
        }

    /** Gives this person's records another PIN. */
    fun changePin(
        old: String,
        new: String,
    ) = attempt {
        device.changePin(old, new)
        tell(texts["pin.changed"])
    }

    /** Always possible: what is not delivered stays in the store of whoever recorded it. */
    fun end() {
        scope.cancel()
        device.close()
    }
}
