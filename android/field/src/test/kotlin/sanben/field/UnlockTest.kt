package sanben.field

import Desk
import kotlinx.coroutines.delay
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.DraftField
import sanben.FieldFailure
import sanben.InvalidInput
import sanben.Keystore
import sanben.UnprotectedKeystore
import java.nio.file.Path
import java.time.Duration
import kotlin.io.path.deleteExisting
import kotlin.io.path.div
import kotlin.io.path.readBytes
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue

private const val PIN = "480613"
private const val OTHER = "730255"

/** A keystore that does not protect, and can be lost. */
private class InFile(
    file: Path,
) : Keystore {
    private val kept = UnprotectedKeystore(file.toString())

    override fun wrap(plain: ByteArray) = kept.wrap(plain)

    override fun open(wrapped: ByteArray) = kept.open(wrapped)
}

/** A shared tablet whose people each have a PIN. */
class UnlockTest {
    @TempDir
    private lateinit var folder: Path

    private val key get() = folder / "key"

    private fun Scene.tablet(locksAfter: Duration = Duration.ofMinutes(5)): Shell {
        val hands =
            object : Ports by Hands() {
                override val keystore = InFile(key)
            }
        return Shell(folder / "tablet", hands, scope, locksAfter = locksAfter).apply { start() }
    }

    private suspend fun Shell.enrolled(
        desk: Desk,
        person: String,
        pin: String,
    ): ShellState.Working {
        state.until { it is ShellState.Enrolling && it.pin && !it.busy }
        enrol(desk.url, desk.invite(person), pin)
        return working(person)
    }

    private suspend fun Shell.working(person: String) =
        state.until { it is ShellState.Working && it.user.person == person } as ShellState.Working

    private suspend fun Shell.locked(person: String) =
        (state.until { it is ShellState.Locked && it.user.person == person } as ShellState.Locked).unlocking

    private fun Shell.user(person: String) = users.all.value.single { it.person == person }

    @Test
    fun `each has a PIN and drafts of their own and changing is always possible`() =
        play(folder) {
            val shell = tablet()
            shell.state.until { it is ShellState.Enrolling }
            shell.enrol(desk.url, desk.invite(INSPECTOR), "123456")
            val weak = shell.state.until { it is ShellState.Enrolling && it.failure != null } as ShellState.Enrolling
            assertEquals(InvalidInput.WEAK_PIN, (weak.failure as FieldFailure.Invalid).reason)
            val first = shell.enrolled(desk, INSPECTOR, PIN)
            first.session.syncer.state
                .until { it.lastSuccess != null }
            val device = first.session.device
            assertTrue(device.isEncrypted())
            device.save(device.draft(), DraftField.Description("写到一半"))
            desk.stop()
            shell.welcome()
            desk.start()
            val second = shell.enrolled(desk, HEAD, OTHER)
            assertEquals(emptyList(), second.session.device.drafts())

            // Back to the first, who has forgotten nothing; the second's PIN is of no use there.
            shell.switch(shell.user(INSPECTOR))
            val unlocking = shell.locked(INSPECTOR)
            unlocking.unlock(OTHER)
            assertTrue(unlocking.state.until { it.failure != null && !it.busy }.failure is FieldFailure.WrongPin)
            // In front of a locked one, too.
            shell.switch(shell.user(HEAD))
            shell.locked(HEAD).unlock(OTHER)
            shell.working(HEAD)
            shell.switch(shell.user(INSPECTOR))
            shell.locked(INSPECTOR).unlock(PIN)
            val back = shell.working(INSPECTOR).session.device
            assertEquals(listOf("写到一半"), back.drafts().map { it.description })
            shell.sleep()
        }

    @Test
    fun `wrong PINs wait, and the desk helps without a network`() =
        play(folder) {
            val shell = tablet()
            val working = shell.enrolled(desk, INSPECTOR, PIN)
            working.session.syncer.state
                .until { it.lastSuccess != null }
            working.session.device.record("路灯不亮")
            shell.switch(working.user)
            val unlocking = shell.locked(INSPECTOR)
            repeat(5) {
                unlocking.unlock("111985")
                unlocking.state.until { it.failure != null && !it.busy }
            }
            val waits = unlocking.state.until { it.waitSeconds > 0 }
            assertTrue(waits.waitSeconds in 20..30 && waits.recoverable, "$waits")
            unlocking.unlock(PIN)
            val early = unlocking.state.until { it.failure is FieldFailure.PinWait }
            assertFalse(early.busy)

            unlocking.forgot()
            val shown = assertNotNull(unlocking.state.until { it.shown != null }.shown)
            val code = desk.recoveryCode(shown)
            desk.stop()
            unlocking.recover(code.dropLast(1) + if (code.endsWith("A")) "B" else "A", OTHER)
            assertTrue(unlocking.state.until { it.failure != null && !it.busy }.failure is FieldFailure.Invalid)
            unlocking.recover(code, OTHER)
            val back = shell.working(INSPECTOR)
            assertEquals(
                1L,
                back.session.device
                    .counts()
                    .cases,
            )
            back.session.changePin(OTHER, PIN)
            back.session.notice.until { it == back.session.texts["pin.changed"] }
            shell.sleep()
        }

    @Test
    fun `a tablet that was put down wants its PIN again`() =
        play(folder) {
            val shell = tablet(locksAfter = Duration.ZERO)
            shell.enrolled(desk, INSPECTOR, PIN)
            shell.sleep()
            shell.wake()
            val unlocking = shell.locked(INSPECTOR)
            assertNull(unlocking.state.value.shown)
            unlocking.unlock(PIN)
            shell.working(INSPECTOR)
            shell.sleep()
        }

    @Test
    fun `a tablet in the hand stays open`() =
        play(folder) {
            val shell = tablet()
            val working = shell.enrolled(desk, INSPECTOR, PIN)
            shell.sleep()
            shell.wake()
            delay(500)
            assertSame(working.session, (shell.state.value as ShellState.Working).session)
            assertEquals(emptyList(), working.session.device.drafts())
            shell.sleep()
        }

    @Test
    fun `records that lay open before an update get a PIN, now or later`() =
        play(folder) {
            val before = Shell(folder / "tablet", Hands(), scope).apply { start() }
            before.state.until { it is ShellState.Enrolling && !it.pin }
            before.enrol(desk.url, desk.invite(INSPECTOR))
            val session = before.working(INSPECTOR).session
            session.syncer.state.until { it.lastSuccess != null }
            val open = session.device
            open.record("路灯不亮")
            open.save(open.draft(), DraftField.Description("写到一半"))
            // Somebody else has begun, and not come far.
            before.welcome()
            before.state.until { it is ShellState.Enrolling && it.failure == null }
            before.enrol("http://127.0.0.1:9", desk.invite(HEAD))
            before.state.until { it is ShellState.Enrolling && it.failure is FieldFailure.Network }

            val shell = tablet()
            val later = shell.locked(INSPECTOR)
            assertTrue(later.state.value.choosing)
            later.later()
            assertFalse(
                shell
                    .working(INSPECTOR)
                    .session.device
                    .isEncrypted(),
            )
            shell.switch(shell.user(INSPECTOR))
            val unlocking = shell.locked(INSPECTOR)
            unlocking.unlock("123456")
            assertTrue(unlocking.state.until { it.failure != null && !it.busy }.failure is FieldFailure.Invalid)
            unlocking.unlock(PIN)
            val device = shell.working(INSPECTOR).session.device
            assertTrue(device.isEncrypted())
            assertEquals(listOf("写到一半"), device.drafts().map { it.description })
            assertEquals(1L, device.counts().cases)
            shell.welcome()
            assertTrue(
                shell
                    .enrolled(desk, HEAD, OTHER)
                    .session.device
                    .isEncrypted(),
                "what was begun open goes on under the PIN",
            )
            shell.switch(shell.user(INSPECTOR))
            val locked = shell.locked(INSPECTOR)
            assertFalse(locked.state.value.choosing)
            locked.unlock(PIN)
            shell.working(INSPECTOR)
            shell.sleep()
        }

    @Test
    fun `a lost key is said, and the files are kept`() =
        play(folder) {
            val shell = tablet()
            val user = shell.enrolled(desk, INSPECTOR, PIN).user
            shell.switch(user)
            val unlocking = shell.locked(INSPECTOR)
            val before = (user.folder / "sanben.db").readBytes()
            key.deleteExisting()
            unlocking.unlock(PIN)
            assertTrue(unlocking.state.until { it.failure != null && !it.busy }.failure is FieldFailure.KeyLost)
            assertTrue(before.contentEquals((user.folder / "sanben.db").readBytes()))
            // Whoever else works here is not held up, and neither is enrolling anew.
            shell.welcome()
            shell.enrolled(desk, HEAD, OTHER)
            shell.sleep()
        }
}
