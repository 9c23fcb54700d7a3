import java.io.File
import java.nio.file.Path
import java.util.UUID
import java.util.concurrent.TimeUnit
import kotlin.io.path.div
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue

val DATA: Path = Path.of("..", "..", "data").toAbsolutePath().normalize()

/** The office's side of the scenario: a real server with made-up reference data, by the `sanben` binary. */
class Desk(
    private val folder: Path,
) : AutoCloseable {
    private val office = folder / "office"
    private var server = folder / "server"
    private var listen = "127.0.0.1:0"
    private var serving: Process? = null
    val url get() = "http://$listen"

    init {
        (DATA / "park").toFile().copyRecursively(office.toFile())
        // Rules and duties hold from a day that lies in the past on any machine.
        for (name in listOf("rules.toml", "assignments.csv")) rewrite(name, "2026-01-01", "2020-01-01")
        publish()
    }

    fun rewrite(
        name: String,
        old: String,
        new: String,
    ) {
        val text = (office / name).readText()
        assertContains(text, old)
        (office / name).writeText(text.replace(old, new))
    }

    fun publish() {
        sanben("import", office.toString())
    }

    fun invite(
        person: String,
        minutes: Int = 15,
    ) = value("code", sanben("invite", person, "--minutes", "$minutes"))

    fun refuseReviewed(reason: String) {
        sanben("review", value("change", sanben("review")), "--refuse", "--reason", reason)
    }

    fun revoke(device: UUID) {
        sanben("revoke", device.toString())
    }

    /** What the desk reads out for what a locked device shows. */
    fun recoveryCode(shown: String) = value("code", sanben("recovery-code", shown))

    fun backUp(to: Path) {
        sanben("backup", to.toString())
    }

    /** In the place of the server, which has stopped; what came after the backup is lost. */
    fun restore(from: Path) {
        server = folder / "restored"
        sanben("restore", from.toString())
    }

    fun start() {
        val command = command("serve", "--listen", listen)
        // Its log would be noise unless something fails.
        val log = ProcessBuilder.Redirect.appendTo((folder / "server.log").toFile())
        val process = ProcessBuilder(command).redirectError(log).start()
        serving = process
        val reader = process.inputReader()
        val announced = generateSequence { reader.readLine() }.takeWhile { it != "}" }.joinToString("\n")
        // After a stop it comes back where its devices look for it.
        listen = value("url", announced).removePrefix("http://")
    }

    fun stop() {
        serving?.let {
            it.destroy()
            assertTrue(it.waitFor(30, TimeUnit.SECONDS))
        }
        serving = null
    }

    override fun close() = stop()

    private fun command(
        verb: String,
        vararg arguments: String,
    ) = listOf(System.getenv("SANBEN_BIN"), verb, "--json", "--dir", server.toString(), *arguments)

    private fun sanben(
        verb: String,
        vararg arguments: String,
    ): String {
        val answer = File.createTempFile("answer", ".json", folder.toFile())
        val process = ProcessBuilder(command(verb, *arguments)).redirectErrorStream(true).redirectOutput(answer)
        assertEquals(0, process.start().waitFor(), "sanben $verb: ${answer.readText()}")
        return answer.readText()
    }

    private fun value(
        name: String,
        json: String,
    ) = checkNotNull(Regex("\"$name\": \"([^\"]*)\"").find(json)) { "no $name in $json" }.groupValues[1]
}
