import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS
import org.junit.jupiter.api.io.TempDir
import sanben.Changes
import sanben.Field
import sanben.FieldObserver
import sanben.device.Device
import java.lang.ref.WeakReference
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.io.path.readLines
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Ten thousand of each. The first half warms the machine up: its heap and what it compiles grow, and then no more. */
@EnabledOnOs(OS.LINUX)
class LeakTest {
    @TempDir
    private lateinit var folder: Path

    /** What this process takes of the machine's memory, bytes. */
    private fun resident(): Long {
        repeat(3) {
            System.gc()
            Thread.sleep(100)
        }
        val line = Path.of("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
        return line.filter(Char::isDigit).toLong() * 1024
    }

    private fun flat(
        what: String,
        work: suspend () -> Unit,
    ) = runBlocking {
        repeat(FIRST) { work() }
        val before = resident()
        repeat(TIMES - FIRST) { work() }
        val grown = resident() - before
        println("$what: %+d KiB".format(grown / 1024))
        assertTrue(grown < SLACK, "$what: $grown bytes")
    }

    @Test
    fun `stores that were opened`() =
        flat("stores") {
            Device.open(folder / "phone").use { assertEquals(0L, it.counts().cases) }
        }

    @Test
    fun `observers`() {
        val alive = mutableListOf<WeakReference<FieldObserver>>()
        Field.open((folder / "phone").toString()).use { phone ->
            flat("observers") {
                val observer =
                    object : FieldObserver {
                        override fun changed(changes: Changes) = Unit
                    }
                alive += WeakReference(observer)
                phone.observe(observer).use { it.stop() }
            }
            assertEquals(0, alive.count { it.get() != null }, "the core let go of every one")
        }
    }

    private companion object {
        const val TIMES = 10_000
        const val FIRST = 5_000
        const val SLACK = 48L shl 20
    }
}
