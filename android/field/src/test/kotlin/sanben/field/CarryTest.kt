package sanben.field

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.ActKind
import sanben.CaseAct
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

private const val COLLEAGUE = "U009"
private const val COMMAND = "U001"

/** Work that goes another way than by the own sync, and people who come and go. */
class CarryTest {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun `work that waits goes out in a file, and waits on until the server has it`() =
        play(folder) {
            val given = (folder / "given").createDirectories()
            val session = work(INSPECTOR, Hands(given = given))
            desk.stop()
            val case = session.device.record("路灯不亮", POINT).caseId
            val carry = Carry(session)
            watch { carry.run() }
            // The case, and in the evening the visit that it makes.
            val waiting = session.device.counts().pending
            assertTrue(waiting > 0)
            carry.state.until { it.waiting == waiting }
            carry.export()
            assertEquals(waiting, assertNotNull(carry.state.until { it.given != null }.given).changes)
            assertEquals(waiting, session.device.counts().pending)
            assertEquals(emptyList(), session.device.folder.listDirectoryEntries("given*"))

            desk.start()
            val carrier = work(COLLEAGUE, Hands(brought = given.listDirectoryEntries().single()))
            val taking = Carry(carrier)
            taking.receive()
            assertEquals(Brought.TAKEN_ALONG, taking.state.until { it.brought != null }.brought)
            taking.receive()
            taking.state.until { it.brought == Brought.KNOWN }
            assertEquals(1L, carrier.device.sync().carried)
            carrier.device.sync()
            assertEquals("路灯不亮", carrier.device.case(case).description)
        }

    @Test
    fun `a file that nobody takes is not said to be given`() =
        play(folder) {
            val hands = Hands()
            val session = work(INSPECTOR, hands)
            desk.stop()
            session.device.record("路灯不亮")
            val carry = Carry(session)
            carry.export()
            until { hands.offered }
            assertNull(carry.state.until { !it.busy }.given)
            assertNull(session.notice.value)
            assertEquals(emptyList(), session.device.folder.listDirectoryEntries("given*"))
        }

    @Test
    fun `a device near by collects, and its door closes with the screen`() =
        play(folder) {
            val carrier = work(COLLEAGUE)
            val session = work(INSPECTOR)
            desk.stop()
            session.device.record("路灯不亮", POINT)
            val door = Carry(carrier)
            val shown = watch { door.run() }
            door.openDoor()
            val address =
                assertNotNull(
                    door.state
                        .until { it.door?.address != null }
                        .door
                        ?.address,
                )
            val carry = Carry(session)
            carry.handOver("nonsense")
            assertTrue("地址" in assertNotNull(session.notice.until { it != null }))
            carry.handOver(" $address ")
            val handed = assertNotNull(carry.state.until { it.handed != null }.handed)
            assertEquals(session.device.counts().pending, handed.changes)
            door.state.until { it.door?.taken == 1 }
            shown.cancel()
            door.state.until { it.door == null }
            desk.start()
            assertEquals(1L, carrier.device.sync().carried)
        }

    /** The inspector's rework of a case was refused, because by then they were one no more. */
    private suspend fun Scene.refused(hands: Hands): Pair<Session, RefusedWork> {
        val session = work(INSPECTOR, hands)
        val case = session.device.record("告示栏歪了", POINT).caseId
        session.device.sync()
        session.device.act(case, CaseAct.Rework("没改好"))
        desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
        desk.rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
        desk.publish()
        session.device.sync()
        desk.refuseReviewed("已经不是督导员")
        session.device.sync()
        val attention = NeedsAttention(session)
        watch { attention.run() }
        val refused =
            attention.state
                .until { it.refused.isNotEmpty() && it.people.isNotEmpty() }
                .refused
                .single()
        return session to refused
    }

    @Test
    fun `refused work is handed on to somebody who may do it, and exported for people to read`() =
        play(folder) {
            val given = (folder / "given").createDirectories()
            val (session, refused) = refused(Hands(given = given))
            val attention = NeedsAttention(session)
            watch { attention.run() }
            attention.state.until { it.refused.isNotEmpty() }
            attention.export(refused.id)
            attention.handOn(refused.id, COLLEAGUE)
            assertEquals(
                "陈宝玲",
                attention.state
                    .until { it.refused.single().handedOnTo != null }
                    .refused
                    .single()
                    .handedOnTo,
            )
            // The state is told of the mark, the file follows.
            val all = until { given.listDirectoryEntries().takeIf { it.size == 2 } }
            val (folders, files) = all.partition { it.toFile().isDirectory }
            assertTrue("没改好" in (folders.single() / "work.json").toFile().readText())

            val colleague = work(COLLEAGUE, Hands(brought = files.single()))
            val carry = Carry(colleague)
            carry.receive()
            carry.state.until { it.brought == Brought.TAKEN_OVER }
            val thread = colleague.device.case(refused.document).thread
            assertEquals(COLLEAGUE, thread.single { it.kind == ActKind.REWORK }.person)
            colleague.navigator.stack.until { it == listOf(Route.Today, Route.Case(refused.document)) }
        }

    @Test
    fun `refused work is corrected by its author, once they may do it again`() =
        play(folder) {
            val (session, refused) = refused(Hands())
            desk.rewrite("people.csv", "刘景春,网格员,park-02,", "刘景春,督导员,park,T1")
            desk.publish()
            session.device.sync()
            val attention = NeedsAttention(session)
            watch { attention.run() }
            attention.state.until { it.refused.isNotEmpty() }
            assertEquals(Correctable.WORDS, refused.correctable)
            attention.correct(refused.id, refused.words)
            assertTrue("没有改动" in assertNotNull(session.notice.until { it != null }))
            attention.correct(refused.id, "左下角还是歪的")
            attention.state.until { it.refused.isEmpty() }
            session.syncer.state.until { it.delivered && !it.running && it.failure == null && it.attention == 0L }
            val said =
                session.device
                    .case(refused.document)
                    .thread
                    .single { it.kind == ActKind.REWORK }
            assertEquals("左下角还是歪的", said.words)
        }

    @Test
    fun `whoever has the app in front hears of others' work by itself`() =
        play(folder) {
            val head = work(HEAD)
            val inspector = work(INSPECTOR)
            watch { head.syncer.live() }
            val case = inspector.device.record("告示栏歪了", POINT).caseId
            inspector.device.sync()
            val view = CaseView(head, case)
            watch { view.run() }
            assertEquals("告示栏歪了", view.state.until { it.case != null }.title)
        }

    @Test
    fun `a case is completed later, visibly, and only by who may`() =
        play(folder) {
            val session = work(INSPECTOR)
            val case = session.device.record("告示栏歪了").caseId
            val view = CaseView(session, case)
            watch { view.run() }
            assertTrue(view.state.until { it.case != null }.mayComplete)
            val completing = Completing(session, case)
            completing.begin()
            assertFalse(completing.state.until { it.case != null }.changed)
            completing.choosePoint(POINT)
            completing.photo()
            assertTrue(completing.state.until { it.photos.size == 1 }.changed)
            session.navigator.open(Route.Complete(case))
            completing.save()
            val done = view.state.until { it.case?.point == POINT && it.before.size == 1 }
            assertEquals(ActKind.AMEND, done.thread.last().kind)
            assertEquals("告示栏歪了", done.case?.description)
            session.navigator.stack.until { it == listOf(Route.Today) }
        }

    @Test
    fun `contacts are added and seen by those who keep them, and by nobody else`() =
        play(folder) {
            val inspector = work(INSPECTOR)
            val case = inspector.device.record("下水道堵了", POINT).caseId
            inspector.device.sync()
            val command = work(COMMAND)
            val residents = Residents(command, case)
            watch { residents.run() }
            residents.state.until { it.mayAdd }
            residents.add()
            assertTrue("联系不到" in assertNotNull(command.notice.until { it != null }))
            residents.name("沈阿婆")
            residents.telephone("0000-1234")
            assertTrue(residents.state.value.canAdd)
            residents.add()
            val kept = residents.state.until { it.contacts.isNotEmpty() && it.name.isEmpty() }
            assertEquals(listOf("沈阿婆", "0000-1234", ""), kept.contacts.single().run { listOf(name, telephone, note) })
            val view = CaseView(command, case)
            watch { view.run() }
            assertEquals(1, view.state.until { it.residents != null }.residents)
            command.device.sync()

            val head = work(HEAD)
            val other = CaseView(head, case)
            watch { other.run() }
            assertEquals(null, other.state.until { it.case != null }.residents)
        }

    @Test
    fun `nobody is taken off a device while anything of theirs is only there`() =
        play(folder) {
            val shell = Shell(folder / "tablet", Hands(), scope)
            shell.start()
            shell.state.until { it is ShellState.Enrolling }
            shell.enrol(desk.url, desk.invite(INSPECTOR))
            val working = shell.state.until { it is ShellState.Working } as ShellState.Working
            val session = working.session
            session.syncer.state.until { it.lastSuccess != null && !it.running }
            desk.stop()
            session.device.record("路灯不亮", photos = listOf(RUBBISH))
            val draft = session.device.draft()
            var refused: Remaining? = null
            shell.remove { refused = it }
            until { refused }
            val pending = session.device.counts().pending
            assertEquals(Remaining(pending, photos = 1, refused = 0, drafts = 1), refused)
            assertTrue(shell.state.value is ShellState.Working)

            desk.start()
            session.device.discardDraft(draft)
            session.device.sync()
            shell.remove { throw AssertionError("$it is left") }
            shell.state.until { it is ShellState.Enrolling }
            assertEquals(emptyList(), shell.users.all.value)
            assertEquals(emptyList(), (folder / "tablet" / "users").listDirectoryEntries().map { it.name })
        }
}
