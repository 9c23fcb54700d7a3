package sanben.field

import DATA
import Desk
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import sanben.Fix
import sanben.device.Device
import java.nio.file.Path
import java.time.Clock
import kotlin.io.path.div
import kotlin.io.path.name

const val INSPECTOR = "U008"
const val HEAD = "U060"
const val POINT = "P011"
const val STANDARD = "S01"
val ENTRANCE = Fix(38.308162, 116.839776, 8.0)
val RUBBISH: Path = DATA / "park" / "photos" / "south-entrance-rubbish-before.jpg"
val CLEAN: Path = DATA / "park" / "photos" / "south-entrance-clean-after.jpg"

/** A camera and a receiver that do as they are told. */
class Hands(
    var place: Located = Located.At(ENTRANCE),
    var picture: Pictured = Pictured.Taken(RUBBISH),
    var given: Path? = null,
    var brought: Path? = null,
) : Ports {
    override suspend fun place() = place

    override suspend fun picture() = picture

    @Volatile var offered: Path? = null

    /** What was given stays in [given], under its own name. */
    override suspend fun give(written: Path): Boolean {
        offered = written
        given?.let { written.toFile().copyRecursively((it / written.name).toFile()) }
        return given != null
    }

    override suspend fun receive() = brought

    /** What the system was told last, and whether the person was asked for leave. */
    @Volatile var alarms: List<Alarm> = emptyList()

    @Volatile var asked = false

    override suspend fun remind(
        alarms: List<Alarm>,
        asking: Boolean,
    ): Boolean {
        this.alarms = alarms
        asked = asked || asking
        return asked
    }
}

/** A real server and people at work with real stores; everything ends with the test. */
class Scene(
    private val folder: Path,
) : AutoCloseable {
    val desk = Desk(folder).apply { start() }
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val devices = mutableListOf<Device>()

    suspend fun device(person: String): Device {
        val device = Device.open(folder / person)
        devices += device
        device.enrol(desk.url, desk.invite(person))
        device.sync()
        return device
    }

    /** Somebody at work; only what the test sets off is synced. */
    suspend fun work(
        person: String,
        hands: Hands = Hands(),
        clock: Clock = Clock.systemUTC(),
    ): Session {
        val session = Session(device(person), Texts(Language.CHINESE), hands, clock, scope)
        session.start()
        // What a person would have been told: where a test waits in vain, it says why.
        watch { session.notice.collect { told -> told?.let { System.err.println("$person is told: $it") } } }
        session.names.until { it.me != null }
        session.syncer.state.until { it.lastSuccess != null }
        return session
    }

    fun watch(run: suspend () -> Unit) = scope.launch { run() }

    override fun close() {
        scope.cancel()
        devices.forEach { it.close() }
        desk.close()
    }
}

/** Waits until a state holder says so. */
suspend fun <T> StateFlow<T>.until(condition: (T) -> Boolean): T =
    withTimeoutOrNull(30_000) { first(condition) } ?: throw AssertionError("it stays at $value")

fun play(
    folder: Path,
    play: suspend Scene.() -> Unit,
) = Scene(folder).use { scene -> runBlocking { withTimeout(120_000) { scene.play() } } }

/** Waits until there is something. */
suspend fun <T : Any> until(found: () -> T?): T {
    repeat(300) {
        found()?.let { return it }
        delay(100)
    }
    throw AssertionError("it never comes")
}
