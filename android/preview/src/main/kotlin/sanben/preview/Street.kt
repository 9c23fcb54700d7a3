package sanben.preview

import kotlinx.coroutines.runBlocking
import sanben.CaseAct
import sanben.CaseSource
import sanben.Fix
import sanben.Outcome
import sanben.Round
import sanben.VisitResult
import sanben.device.Device
import java.io.File
import java.nio.file.Path
import java.util.UUID
import java.util.concurrent.TimeUnit
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * A made-up street to try the app on: a real server by the `sanben` binary, with the sample data and the work of
 * a morning, recorded and delivered by real stores. Nothing gets into it by another way.
 */
class Street(
    private val folder: Path,
    private val repository: Path,
) : AutoCloseable {
    private val program = System.getenv("SANBEN_BIN") ?: "$repository/target/debug/sanben"
    private val office = folder / "office"
    private var serving: Process? = null
    private var listen = "127.0.0.1:0"
    val photos: Path = repository / "data" / "park" / "photos"
    val url get() = "http://$listen"

    /** A street that was there before goes on; another one is made and plays its morning. */
    fun open() {
        val known = folder / "listen"
        if (known.exists()) listen = known.readText()
        if (!office.exists()) prepare()
        serve()
        known.writeText(listen)
    }

    private fun prepare() {
        (repository / "data" / "park").toFile().copyRecursively(office.createDirectories().toFile())
        // Rules and duties hold from a day that lies in the past on any machine.
        for (name in listOf("rules.toml", "assignments.csv")) {
            (office / name).writeText((office / name).readText().replace("2026-01-01", "2020-01-01"))
        }
        run("import", office.toString())
    }

    private fun serve() {
        val log = ProcessBuilder.Redirect.appendTo((folder / "server.log").toFile())
        val process = ProcessBuilder(command("serve", "--listen", listen)).redirectError(log).start()
        serving = process
        val reader = process.inputReader()
        val announced = generateSequence { reader.readLine() }.takeWhile { it != "}" }.joinToString("\n")
        listen = value("url", announced).removePrefix("http://")
    }

    fun invite(person: String): String = value("code", run("invite", person))

    fun stop() {
        serving?.let {
            it.destroy()
            it.waitFor(STOPPING, TimeUnit.SECONDS)
        }
        serving = null
    }

    fun start() = serve()

    override fun close() = stop()

    private fun command(
        verb: String,
        vararg arguments: String,
    ) = listOf(program, verb, "--json", "--dir", (folder / "server").toString(), *arguments)

    private fun run(
        verb: String,
        vararg arguments: String,
    ): String {
        val answer = File.createTempFile("answer", ".json", folder.toFile())
        val process = ProcessBuilder(command(verb, *arguments)).redirectErrorStream(true).redirectOutput(answer).start()
        check(process.waitFor() == 0) { "sanben $verb: ${answer.readText()}" }
        return answer.readText().also { answer.delete() }
    }

    private fun value(
        name: String,
        json: String,
    ) = checkNotNull(Regex("\"$name\": \"([^\"]*)\"").find(json)) { "no $name in $json" }.groupValues[1]

    /** Somebody's device, enrolled and synced. */
    suspend fun device(
        store: Path,
        person: String,
    ): Device {
        val device = Device.open(store)
        device.enrol(url, invite(person))
        device.sync()
        return device
    }

    /** What happened before the person of [me] opened the app; ids by what they are about. */
    fun morning(me: Device): Map<String, UUID> =
        runBlocking {
            val head = device(folder / "morning" / HEAD, HEAD)
            val colleague = device(folder / "morning" / COLLEAGUE, COLLEAGUE)
            val rubbish =
                me
                    .record(
                        "南入口有大片垃圾",
                        "P011",
                        "S01",
                        ENTRANCE,
                        photos = listOf(photo("south-entrance-rubbish-before")),
                    ).caseId
            val bicycles =
                me.record("非机动车乱停，占了盲道", "P014", "S11", photos = listOf(photo("market-bicycles-disorder"))).caseId
            val bin = me.record("垃圾桶没有盖", "P013", "S02", photos = listOf(photo("open-bin-upright"))).caseId
            val poster = colleague.record("公益广告破损、倾斜", "P011", photos = listOf(photo("tilted-torn-poster"))).caseId
            val lane =
                me
                    .record(
                        "消防通道被占",
                        "P011",
                        source = CaseSource.SUBDISTRICT,
                        photos = listOf(photo("fire-lane-blocked")),
                    ).caseId
            me.visit(Round.MORNING, "P012", VisitResult.Clean)
            me.visit(Round.MORNING, "P001", VisitResult.NotAccessible("施工围挡"))
            me.sync()
            colleague.sync()
            head.sync()
            head.act(rubbish, CaseAct.Acknowledge("收到，马上落实！"))
            head.act(rubbish, CaseAct.Rectify("已清运，地面冲洗过", false), listOf(photo("south-entrance-clean-after")))
            head.act(lane, CaseAct.Acknowledge("收到，马上落实！"))
            head.act(poster, CaseAct.Rectify("换了新的", false))
            head.sync()
            colleague.sync()
            me.sync()
            // Two look-backs, neither knowing of the other, that contradict each other.
            colleague.act(poster, CaseAct.LookBack(Outcome.PASSED, "换好了"))
            me.act(poster, CaseAct.LookBack(Outcome.FAILED, "背面还是旧的"))
            colleague.sync()
            me.sync()
            me.sync()
            refusedAtTheDesk(me, bin)
            head.close()
            colleague.close()
            mapOf("rubbish" to rubbish, "bicycles" to bicycles, "bin" to bin, "poster" to poster, "lane" to lane)
        }

    /** Work that came after its author had been moved elsewhere: a person of the desk looked at it and refused it. */
    private suspend fun refusedAtTheDesk(
        me: Device,
        case: UUID,
    ) {
        me.act(case, CaseAct.Rework("桶盖还是敞着"))
        rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
        // Nothing that is late is taken on anybody's word.
        rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
        me.sync()
        run("review", value("change", run("review")), "--refuse", "--reason", "当天已调整分工，请由现任督导员记录")
        rewrite("people.csv", "刘景春,网格员,park-02,", "刘景春,督导员,park,T1")
        rewrite("tenant.toml", "offline_days = 0", "offline_days = 7")
        me.sync()
        me.sync()
    }

    private fun rewrite(
        name: String,
        old: String,
        new: String,
    ) {
        val text = (office / name).readText()
        check(old in text) { "no `$old` in $name" }
        (office / name).writeText(text.replace(old, new))
        run("import", office.toString())
    }

    fun photo(name: String): Path = photos / "$name.jpg"

    companion object {
        const val INSPECTOR = "U008"
        const val COLLEAGUE = "U009"
        const val HEAD = "U060"
        val ENTRANCE = Fix(38.308162, 116.839776, 8.0)
        private const val STOPPING = 30L
    }
}
