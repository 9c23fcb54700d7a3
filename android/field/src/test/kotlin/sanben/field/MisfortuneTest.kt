package sanben.field

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.CaseAct
import sanben.DraftField
import sanben.FieldFailure
import sanben.Role
import sanben.device.Device
import java.nio.file.Files
import java.nio.file.Path
import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.ZoneId
import java.time.ZoneOffset
import kotlin.io.path.createDirectories
import kotlin.io.path.deleteIfExists
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

private class MovableClock : Clock() {
    var moved: Duration = Duration.ZERO

    override fun instant(): Instant = Instant.now() + moved

    override fun getZone(): ZoneId = ZoneOffset.UTC

    override fun withZone(zone: ZoneId) = this
}

/** Bad luck on a phone: each is a state that a screen shows, and nothing recorded is lost. */
class MisfortuneTest {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun `killed while saving, every part that was said to be saved is there`() =
        play(folder) {
            val store = folder / "killed"
            enrolled(store)
            val last = killed(startVictim(store, "typing"), 20)
            Device.open(store).use { phone ->
                val kept = phone.drafts().single()
                val words = kept.description.removePrefix("第").toInt()
                assertTrue(words >= last, "said $last, kept $words")
                assertEquals(POINT, kept.point)
                assertEquals(kept.id, phone.report(kept.id).caseId)
            }
        }

    @Test
    fun `killed while taking photos and syncing, everything that was said to be recorded arrives, once`() =
        play(folder) {
            val store = folder / "killed"
            enrolled(store)
            val last = killed(startVictim(store, "syncing"), 6)
            Device.open(store).use { phone ->
                val kept = phone.counts()
                assertTrue(kept.cases in last..last + 1L, "said $last, kept $kept")
                phone.sync()
                val after = phone.counts()
                assertEquals(listOf(0L, after.photos), listOf(after.pending, after.photosDelivered))
                assertEquals(0L, after.rejected)
                assertEquals(kept.cases, device("U009").counts().cases)
            }
        }

    @Test
    fun `killed while photos go into drafts, those that were said to be kept are whole`() =
        play(folder) {
            val store = folder / "killed"
            enrolled(store)
            val last = killed(startVictim(store, "photographing"), 8)
            Device.open(store).use { phone ->
                val drafts = phone.drafts()
                val kept = drafts.flatMap { it.photos }
                assertTrue(kept.size in last..last + 1, "said $last, kept ${kept.size}")
                assertTrue(kept.all { phone.thumbnail(it) != null })
                drafts.filter { it.photos.isNotEmpty() }.forEach { phone.report(it.id) }
                phone.sync()
                val after = phone.counts()
                assertEquals(listOf(0L, 0L, after.photos), listOf(after.pending, after.rejected, after.photosDelivered))
                assertEquals(kept.size.toLong(), after.photos)
            }
        }

    private suspend fun Scene.enrolled(store: Path) =
        Device.open(store).use {
            it.enrol(desk.url, desk.invite(INSPECTOR))
            it.sync()
        }

    /** Kills it once it has said so much; what it had said by then and is still in the pipe counts too. */
    private fun killed(
        victim: Process,
        enough: Int,
    ): Int {
        val said = victim.inputReader()
        var last = 0
        while (last < enough) last = checkNotNull(said.readLine()) { "it ended by itself" }.toInt()
        victim.toHandle().destroyForcibly()
        return generateSequence { said.readLine() }.lastOrNull()?.toIntOrNull() ?: last
    }

    @Test
    fun `a full storage is said, what was typed stays on the screen, and saving again saves it`() {
        val disk = (folder / "disk").createDirectories()
        val mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", "$disk")
        assumeTrue(mounted, "only root can make a small disk")
        try {
            play(folder) {
                val device = Device.open(disk / "store")
                device.enrol(desk.url, desk.invite(INSPECTOR))
                device.sync()
                val session = Session(device, Texts(Language.CHINESE), Hands(), parent = scope)
                session.start()
                session.names.until { it.me != null }
                session.syncer.state.until { it.lastSuccess != null && !it.running }
                val recording = Recording(session)
                recording.begin()
                recording.words("南入口")
                recording.settled()
                assertNull(recording.state.value.unsaved)
                val ballast = fill(disk)
                var words = "南入口有大片垃圾"
                repeat(200) {
                    if (recording.state.value.unsaved == null) {
                        words += "，还有很多很多"
                        recording.words(words)
                        recording.settled()
                    }
                }
                val full = recording.state.until { it.unsaved != null }
                assertTrue(full.unsaved is FieldFailure.Full, "${full.unsaved}")
                assertEquals(words, full.words)
                assertTrue(!full.canReport, "what is not saved is not reported")
                recording.photo()
                recording.state.until { it.fix != null }
                recording.settled()
                assertEquals(emptyList(), recording.state.value.photos, "nobody is told that it was kept")
                ballast.deleteIfExists()
                recording.saveAgain()
                recording.settled()
                recording.state.until { it.unsaved == null }
                val kept = device.drafts().single()
                assertEquals(words to 1, kept.description to kept.photos.size)
                recording.report()
                assertNotNull(recording.state.until { it.reported != null }.reported)
                session.end()
            }
        } finally {
            run("umount", "-l", "$disk")
        }
    }

    private fun fill(disk: Path): Path {
        val ballast = disk / "ballast"
        var size = 4 shl 20
        Files.newOutputStream(ballast).use { out ->
            while (size > 0) {
                try {
                    out.write(ByteArray(size))
                } catch (_: java.io.IOException) {
                    size /= 2
                }
            }
        }
        return ballast
    }

    private fun run(vararg command: String) = ProcessBuilder(*command).redirectErrorStream(true).start().waitFor() == 0

    @Test
    fun `without camera and place a problem is still recorded`() =
        play(folder) {
            val hands = Hands(Located.Denied, Pictured.Denied)
            val session = work(INSPECTOR, hands)
            val recording = Recording(session)
            recording.begin()
            recording.photo()
            recording.state.until { it.without == setOf(Without.CAMERA_DENIED, Without.PLACE_DENIED) }
            recording.searchPoints("柳林小区南")
            recording.state.until { it.suggestions.map { found -> found.code } == listOf(POINT) }
            recording.choosePoint(POINT)
            recording.words("告示栏歪了")
            recording.report()
            val case =
                recording.state
                    .until { it.reported != null }
                    .reported!!
                    .caseId
            // Later, with permission: the photo is added, visibly.
            session.device.complete(case, photos = listOf(RUBBISH))
            assertEquals(
                1,
                session.device
                    .case(case)
                    .photos.size,
            )
        }

    @Test
    fun `a broken camera and no fix are said, and the words are recorded`() =
        play(folder) {
            val session = work(INSPECTOR, Hands(Located.Nowhere, Pictured.Failed))
            val recording = Recording(session)
            recording.begin()
            assertTrue(!recording.state.value.canReport, "nothing at all is too little")
            recording.photo()
            recording.state.until { it.without == setOf(Without.CAMERA_FAILED, Without.NO_PLACE) && !it.locating }
            recording.words("井盖松动")
            recording.report()
            val reported = recording.state.until { it.reported != null }.reported!!
            val view = CaseView(session, reported.caseId)
            watch { view.run() }
            view.state.until { it.mayComplete && it.title == "井盖松动" }
        }

    /** As when the app was killed, or the person switched, in the middle of it. */
    @Test
    fun `a draft is gone on with, and discarded for good`() =
        play(folder) {
            val session = work(INSPECTOR)
            val begun = Recording(session)
            begun.begin()
            begun.words("楼道堆物")
            begun.photo()
            begun.state.until { it.photos.size == 1 }
            begun.settled()
            val today = Today(session)
            watch { today.run() }
            val draft = begun.state.value.draft!!
            today.state.until { TodayTask.Finish(draft, "楼道堆物") in it.tasks }
            val resumed = Recording(session)
            resumed.begin(draft)
            resumed.state.until { it.words == "楼道堆物" && it.photos == begun.state.value.photos }
            resumed.discard()
            today.state.until { state -> state.tasks.none { it.route() == Route.Record(draft) } }
            assertEquals(emptyList(), session.device.drafts())
        }

    @Test
    fun `a file that is no photo leaves the draft as it was`() =
        play(folder) {
            val broken = (folder / "broken.jpg").apply { writeBytes(byteArrayOf(-1, -40, 0)) }
            val session = work(INSPECTOR, Hands(picture = Pictured.Taken(broken)))
            val recording = Recording(session)
            recording.begin()
            recording.words("楼道堆物")
            recording.photo()
            assertEquals("照片没有收下：文件不完整或太大，请重拍一张", session.notice.until { it != null })
            recording.settled()
            assertEquals(
                "楼道堆物" to 0,
                session.device
                    .drafts()
                    .single()
                    .run { description to photos.size },
            )
            assertNull(recording.state.value.unsaved)
        }

    @Test
    fun `a clock that goes back two days holds nothing up`() =
        play(folder) {
            val clock = MovableClock()
            val session = work(INSPECTOR, clock = clock)
            clock.moved = Duration.ofDays(-2)
            session.device.record("路灯不亮")
            session.syncer.trigger(Trigger.RECORDED)
            val state =
                session.syncer.state.until {
                    it.pending == 0L && !it.running &&
                        it.lastSuccess!! < Instant.now() - Duration.ofDays(1)
                }
            assertTrue(Duration.between(clock.instant(), state.nextTry) <= SyncPolicy.LONGEST)
        }

    @Test
    fun `a device that was taken out goes on recording, and only a person tries again`() =
        play(folder) {
            val session = work(INSPECTOR)
            desk.revoke(session.device.enrolment().device)
            session.device.record("井盖松动")
            session.syncer.trigger(Trigger.ASKED)
            val refused = session.syncer.state.until { it.failure != null && !it.running }
            assertTrue(refused.failure is FieldFailure.Refused, "${refused.failure}")
            assertNull(refused.nextTry)
            val line = refused.line(session.texts, session.moments)
            assertEquals(Mark.TROUBLE, line.mark)
            assertTrue("联系指挥部" in line.text)
            val recording = Recording(session)
            recording.begin()
            recording.words("还能记")
            recording.photo()
            recording.report()
            recording.state.until { it.reported != null }
            assertEquals(2L, session.device.counts().cases)
        }

    /** No token runs out on a device, its key holds until the desk takes it out: what can run out is the code. */
    @Test
    fun `a code that ran out offline is said, and a new one goes on with the same key`() =
        play(folder) {
            val shell = Shell(folder / "phone", Hands(), scope)
            shell.start()
            shell.state.until { it is ShellState.Enrolling }
            shell.enrol(desk.url, desk.invite(INSPECTOR, minutes = 0))
            val late = shell.state.until { it is ShellState.Enrolling && it.failure != null } as ShellState.Enrolling
            assertTrue(late.failure is FieldFailure.CodeExpired, "${late.failure}")
            assertTrue("重新" in shell.texts().of(late.failure))
            val begun = (folder / "phone" / "users").listDirectoryEntries()
            shell.enrol(desk.url, desk.invite(INSPECTOR))
            shell.state.until { it is ShellState.Working }
            assertEquals(begun, (folder / "phone" / "users").listDirectoryEntries())
            shell.sleep()
        }

    /** And the rights that a device went offline with: for the days that the office grants, what was done by them counts. */
    @Test
    fun `rights that ran out offline count for the days that the office grants`() =
        play(folder) {
            val session = work(INSPECTOR)
            val case = session.device.record("告示栏歪了", POINT).caseId
            session.device.sync()
            val view = CaseView(session, case)
            watch { view.run() }
            desk.stop()
            desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
            desk.publish()
            session.device.act(case, CaseAct.Rework("没改好"))
            view.state.until { it.item is ItemState.Waiting }
            desk.start()
            session.syncer.trigger(Trigger.ASKED)
            view.state.until { it.item == ItemState.Delivered }
            session.syncer.state.until { !it.running && it.failure == null && it.attention == 0L }
            // By now it knows what it may not do any more.
            session.names.until { it.me?.role == Role.GRID_MEMBER }
            assertFailsWith<FieldFailure> { session.device.act(case, CaseAct.Rework("还是没改好")) }
        }

    @Test
    fun `upgraded by one version with work pending, everything is there and arrives`() = upgraded(by = 1)

    @Test
    fun `upgraded by six versions with work pending, everything is there and arrives`() = upgraded(by = 6)

    private fun upgraded(by: Int) =
        play(folder) {
            val root = folder / "phone"
            val users = Users(root)
            val store = users.newFolder()
            val before = Device.open(store)
            before.enrol(desk.url, desk.invite(INSPECTOR))
            before.sync()
            desk.stop()
            val case = before.record("南入口有大堆垃圾", POINT, photos = listOf(RUBBISH)).caseId
            before.save(before.draft(), DraftField.Description("楼道堆物"))
            val waiting = before.counts()
            assertTrue(waiting.pending > 0)
            before.close()
            OlderStore.turnBack(store, OlderStore.versions - by)
            users.add(store, INSPECTOR)

            val shell = Shell(root, Hands(), scope)
            shell.start()
            val session = (shell.state.until { it is ShellState.Working } as ShellState.Working).session
            session.syncer.state.until { it.pending == waiting.pending && it.photos == 1L }
            assertEquals(listOf("楼道堆物"), session.device.drafts().map { it.description })
            assertEquals("南入口有大堆垃圾", session.device.case(case).description)
            desk.start()
            session.syncer.trigger(Trigger.ASKED)
            session.syncer.state.until { it.delivered && it.failure == null }
            val seen = device("U009").case(case)
            assertEquals(1, seen.photos.size)
            shell.sleep()
        }

    @Test
    fun `a store of a newer version is said and left as it is`() =
        play(folder) {
            val root = folder / "phone"
            val users = Users(root)
            val store = users.newFolder()
            Device.open(store).close()
            users.add(store, INSPECTOR)
            OlderStore.turnForward(store)
            val before = (store / "sanben.db").readBytes()
            val shell = Shell(root, Hands(), scope)
            shell.start()
            val broken = shell.state.until { it is ShellState.Broken } as ShellState.Broken
            assertTrue(broken.failure is FieldFailure.NewerStore, "${broken.failure}")
            assertContentEquals(before, (store / "sanben.db").readBytes())
        }

    @Test
    fun `a damaged store is said, and nobody else is held up`() =
        play(folder) {
            val root = folder / "tablet"
            val users = Users(root)
            val folder = users.newFolder()
            Device.open(folder).close()
            users.add(folder, INSPECTOR)
            Files.write(folder / "sanben.db", ByteArray(4096) { 0x5a })
            val shell = Shell(root, Hands(), scope)
            shell.start()
            val broken = shell.state.until { it is ShellState.Broken } as ShellState.Broken
            assertTrue(broken.failure is FieldFailure.CorruptStore)
            shell.welcome()
            shell.state.until { it is ShellState.Enrolling }
            shell.enrol(desk.url, desk.invite(HEAD))
            assertEquals(HEAD, (shell.state.until { it is ShellState.Working } as ShellState.Working).user.person)
            shell.sleep()
        }
}

/** A second JVM that works without end and says what is done. */
private fun startVictim(
    store: Path,
    work: String,
): Process {
    val properties = listOf("java.class.path", "jna.library.path").map { System.getProperty(it) }
    val java = "${System.getProperty("java.home")}/bin/java"
    val command =
        listOf(
            java,
            "-cp",
            properties[0],
            "-Djna.library.path=${properties[1]}",
            "sanben.field.MisfortuneTestKt",
            "$store",
            work,
        )
    return ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
}

fun main(arguments: Array<String>) =
    runBlocking {
        val phone = Device.open(Path.of(arguments[0]))
        val draft = phone.draft()
        phone.save(draft, DraftField.Point(POINT))
        var number = 0
        while (true) {
            number += 1
            when (arguments[1]) {
                "typing" -> phone.save(draft, DraftField.Description("第$number"))
                "photographing" -> phone.addPhoto(phone.draft(), another(number))
                else -> phone.record("第$number", POINT, photos = listOf(RUBBISH))
            }
            println(number)
            if (arguments[1] == "syncing") phone.sync()
        }
    }

/** A photo that no other has the bytes of. */
private fun another(number: Int): Path =
    Files.createTempFile("photo", ".jpg").apply {
        writeBytes(RUBBISH.readBytes() + "$number".toByteArray())
    }
