package sanben.field

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.FieldValue
import sanben.NewMatter
import sanben.device.openMatter
import java.nio.file.Path
import java.time.Clock
import java.time.Duration
import java.util.UUID
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

private const val COMMAND = "U001"

/** What a phone reminds of, and what its system is told of it. */
class RemindersTest {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun `the head is reminded of a task without a network, and the system is told nothing of what it is`() =
        play(folder) {
            val command = work(COMMAND)
            val until = command.moments.today().plusDays(3)
            val fields = mapOf("what" to FieldValue.Text("补齐南入口垃圾桶盖"), "until" to FieldValue.Day(until))
            val task = command.device.openMatter(NewMatter("task", fields, point = POINT, person = HEAD))
            command.device.sync()
            val hands = Hands()
            val head = work(HEAD, hands)
            desk.stop()
            val told = head.reminders.state.until { state -> state.coming.any { it.document == task } }
            val ofTask = told.coming.filter { it.document == task }
            assertEquals(2, ofTask.size, "a day and two hours before")
            assertTrue(ofTask.all { !it.own && it.at < it.due && it.title == "补齐南入口垃圾桶盖" })
            assertEquals(told.coming.map { it.at }, hands.alarms.map { it.at })
            assertFalse(hands.alarms.any { "垃圾" in it.text }, "it lies outside the encrypted store")
            assertFalse(hands.asked || told.shown, "nobody is asked for leave who did not ask to be reminded")

            head.reminders.toggle(1440u)
            head.reminders.state.until { state -> state.coming.count { it.document == task } == 1 && state.shown }
            assertTrue(hands.asked)
            head.reminders.toggle(30u)
            head.reminders.state.until { state -> state.coming.count { it.document == task } == 2 }
            // The last two hours of that day are quiet: both come in the minute before.
            head.reminders.plan { it.copy(quietFrom = "21:00", quietUntil = "07:00") }
            val usual = head.reminders.state.until { it.plan.quietFrom == "21:00" }
            assertEquals(listOf(120u, 30u), usual.plan.before)
        }

    @Test
    fun `somebody sets a reminder of a case, moves it and takes it back, and the next start knows it`() =
        play(folder) {
            val hands = Hands()
            val inspector = work(INSPECTOR, hands)
            val case = inspector.device.record("路灯不亮").caseId
            val offered = inspector.reminders.offered().map { it.second }
            assertTrue(offered.all { it > inspector.moments.now() } && offered.size >= 3)
            inspector.reminders.remind(case, offered[0])
            val set = inspector.reminders.state.until { state -> state.coming.any { it.own } }
            assertEquals("路灯不亮" to null, set.coming.single { it.own }.run { title to due })
            assertEquals(listOf(case), set.soon(inspector.moments.now()).map { it.document })
            assertTrue(set.soon(offered[0]).isEmpty(), "what was told is told")
            assertEquals(hands.alarms, KeptAlarms(inspector.device.folder).read(), "for when the phone restarts")
            assertEquals(Route.Case(case), inspector.shown(case)?.route)
            inspector.reminders.remind(case, offered[0] + Duration.ofMinutes(30))
            val moved = inspector.reminders.state.until { state -> state.coming.any { it.own && it.at > offered[0] } }
            assertEquals(1, moved.coming.count { it.own }, "in the place of the earlier one")
            // The app begins anew.
            val again = Session(inspector.device, inspector.texts, hands, parent = scope).apply { start() }
            assertEquals(
                moved.coming,
                again.reminders.state
                    .until { it.coming.isNotEmpty() }
                    .coming,
            )
            again.reminders.remind(case, null)
            again.reminders.state.until { it.coming.isEmpty() }
            assertTrue(hands.alarms.isEmpty())
        }

    @Test
    fun `what is to do and has its reminder come stands on the first screen once, before all else`() =
        play(folder) {
            val until = Moments(Texts(Language.CHINESE), Clock.systemUTC()).today().plusDays(3)
            val fields = mapOf("what" to FieldValue.Text("补齐南入口垃圾桶盖"), "until" to FieldValue.Day(until))
            val command = device(COMMAND)
            val task = command.openMatter(NewMatter("task", fields, point = POINT, person = HEAD))
            val cases = List(2) { command.record("南入口第${it}堆垃圾", POINT, STANDARD).caseId }
            command.sync()
            val head = work(HEAD)
            val today = Today(head)
            watch { today.run() }
            val routes = cases.map(Route::Case) + Route.Matter(task)
            val tasks = today.state.until { state -> state.tasks.map { it.route() }.containsAll(routes) }.tasks
            val at = head.moments.now() + Duration.ofSeconds(1)
            for (document in listOf(cases[1], task)) head.reminders.remind(document, at)
            val come =
                head.reminders.state
                    .until { it.come.size == 2 }
                    .come
            val other = ReminderLine(at, null, UUID.randomUUID(), "路灯不亮", true)

            val agenda = today.state.value.agenda(come + other)
            assertEquals(come + other, agenda.take(3).map { it.come })
            assertEquals(setOf(Route.Case(cases[1]), Route.Matter(task)), agenda.take(2).map { it.task?.route() }.toSet())
            assertEquals(TodayItem(other, null), agenda[2], "what is no task is shown all the same")
            assertEquals(tasks.toSet(), agenda.mapNotNull { it.task }.toSet(), "nothing is lost")
            assertEquals(tasks.size, agenda.count { it.task != null }, "and nothing stands there twice")
            assertTrue(agenda.drop(3).all { it.come == null })
        }

    @Test
    fun `a reminder comes while somebody looks, stays until they have done with it, and is said again after a restart`() =
        play(folder) {
            val hands = Hands()
            val inspector = work(INSPECTOR, hands)
            val case = inspector.device.record("路灯不亮").caseId
            inspector.reminders.remind(case, inspector.moments.now() + Duration.ofSeconds(2))
            inspector.reminders.state.until { it.coming.any { line -> line.own } }
            val come = inspector.reminders.state.until { it.come.isNotEmpty() }
            assertEquals(listOf(case), come.come.map { it.document })
            assertTrue(come.coming.none { it.own } && come.own(case) == come.come.single())
            inspector.reminders.open(come.come.single())
            inspector.navigator.stack.until { it.last() == Route.Case(case) }
            // The next day, after a night without power.
            val again = Session(inspector.device, inspector.texts, hands, Clock.offset(Clock.systemUTC(), Duration.ofDays(1)), scope)
            again.start()
            again.reminders.state.until { it.come == come.come }
            val kept = KeptAlarms(inspector.device.folder).read()
            assertEquals("您设的提醒到时间了，请打开应用查看", restarted(kept, again.moments.now()).missed)
            again.reminders.remind(case, null)
            again.reminders.state.until { it.come.isEmpty() }
            assertEquals(null, restarted(KeptAlarms(inspector.device.folder).read(), again.moments.now()).missed)
        }
}
