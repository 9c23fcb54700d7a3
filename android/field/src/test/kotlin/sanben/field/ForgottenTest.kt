package sanben.field

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.FieldFailure
import sanben.device.Device
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The server was restored from a backup of before this device came in. */
class ForgottenTest {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun `whom a restored server forgot is told so, enrols again on the same device and loses nothing`() =
        play(folder) {
            val (session, device) = forgotten()
            val before = session.device.enrolment()
            val delivered = session.device.record("南入口有大堆垃圾", POINT, photos = listOf(RUBBISH)).caseId
            session.device.sync()
            restored()
            val waiting = session.device.record("路灯不亮", POINT).caseId
            session.syncer.trigger(Trigger.ASKED)
            val state = session.syncer.state.until { it.failure != null && !it.running }
            assertTrue(state.failure is FieldFailure.UnknownDevice, "${state.failure}")
            assertNull(state.nextTry, "only a person can do something about it")
            val line = state.line(session.texts, session.moments)
            assertEquals(Mark.TROUBLE to Route.EnrolAgain, line.mark to line.way)
            assertTrue("新的邀请码" in line.text, line.text)
            assertEquals("${session.device.counts().pending} 条等待送达，点这里重新登记", line.next)

            session.navigator.open(Route.EnrolAgain)
            val again = EnrolAgain(session)
            again.enrol(desk.invite(HEAD))
            val other = again.state.until { it.failure != null }.failure
            assertTrue(other is FieldFailure.CodeUnknown, "somebody else's code: $other")
            again.enrol("no code")
            again.state.until { it.failure is FieldFailure.UnknownDevice }
            assertEquals(
                Route.EnrolAgain,
                session.navigator.stack.value
                    .last(),
            )
            again.enrol(" ${desk.invite(INSPECTOR)} ")
            session.navigator.stack.until { it == listOf(Route.Today) }
            session.syncer.state.until { it.failure == null && it.delivered && !it.running }
            assertNull(again.state.value.failure)
            assertEquals(before, session.device.enrolment(), "the same person on the same device")
            device.sync()
            assertEquals("南入口有大堆垃圾", device.case(delivered).description)
            assertEquals(1, device.case(delivered).photos.size)
            assertEquals("路灯不亮", device.case(waiting).description)
        }

    /** As when the answer to the first try was lost: the code is spent, and all is well. */
    @Test
    fun `a code that has done its work already is no trouble`() =
        play(folder) {
            val (session) = forgotten()
            restored()
            session.syncer.trigger(Trigger.ASKED)
            session.syncer.state.until { it.failure is FieldFailure.UnknownDevice && !it.running }
            val code = desk.invite(INSPECTOR)
            session.device.enrol(desk.url, code)
            val again = EnrolAgain(session)
            session.navigator.open(Route.EnrolAgain)
            again.enrol(code)
            session.navigator.stack.until { it == listOf(Route.Today) }
            session.syncer.state.until { it.failure == null && !it.running }
        }

    /** A colleague from before the backup, and somebody who came after it. */
    private suspend fun Scene.forgotten(): Pair<Session, Device> {
        val colleague = device("U009")
        desk.backUp(folder / "monday.tar")
        return work(INSPECTOR) to colleague
    }

    private fun Scene.restored() {
        desk.stop()
        desk.restore(folder / "monday.tar")
        desk.start()
    }
}
