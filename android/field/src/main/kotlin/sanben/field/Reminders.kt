package sanben.field

import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import sanben.FieldFailure
import sanben.ReminderPlan
import sanben.device.ownReminders
import sanben.device.remindOf
import sanben.device.reminderPlan
import sanben.device.reminders
import sanben.device.setReminderPlan
import java.time.Duration
import java.time.Instant
import java.time.LocalTime
import java.time.temporal.ChronoUnit
import java.util.UUID

/** A reminder still to come. */
data class ReminderLine(
    val at: Instant,
    /** By when it has to be done, where that is why. */
    val due: Instant?,
    val document: UUID,
    val title: String,
    /** The person set it. */
    val own: Boolean,
)

data class RemindersState(
    /** Those that the person set and whose hour has come, until they are taken back. */
    val come: List<ReminderLine> = emptyList(),
    val coming: List<ReminderLine> = emptyList(),
    val plan: ReminderPlan = USUAL,
    /** Whether the system shows them while the app sleeps. */
    val shown: Boolean = true,
)

/** What this device reminds of: by itself before something is due, never in the quiet hours, and where the person set one. */
class Reminders(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(RemindersState())
    private val loading = Mutex()
    private var next: Job? = null
    val state: StateFlow<RemindersState> = mutable.asStateFlow()

    /** Reads them again, after a change; [asking] when the person has just asked to be reminded. */
    internal suspend fun load(asking: Boolean = false) =
        loading.withLock {
            val device = session.device
            val byItself =
                try {
                    device.reminders().map { ReminderLine(it.at, it.due, it.document, it.title, false) }
                } catch (_: FieldFailure.NothingYet) {
                    emptyList()
                }
            val now = session.moments.now()
            val own = device.ownReminders().map { ReminderLine(it.at, null, it.document, it.title, true) }
            val (come, set) = own.partition { it.at <= now }
            val coming = (byItself + set).sortedBy { it.at }
            val alarms = coming.take(ALARMS).map(::alarm)
            KeptAlarms(device.folder).write(come.map(::alarm) + alarms)
            val shown = session.ports.remind(alarms, asking)
            mutable.value = RemindersState(come, coming, device.reminderPlan(), shown)
            again(coming.map { it.at }.find { it > now })
        }

    private fun alarm(line: ReminderLine): Alarm {
        val texts = session.texts
        // Read at the hour it comes: a day is named by its date.
        val text = line.due?.let { texts["reminder.alarm", "time" to session.moments.dated(it)] }
        return Alarm(line.at, text ?: texts["reminder.own-alarm"], line.own)
    }

    /** Whoever is looking when the hour comes sees it come. */
    private fun again(at: Instant?) {
        next?.cancel()
        next =
            at?.let {
                session.attempt {
                    delay(session.moments.until(it).toMillis() + 1)
                    load()
                }
            }
    }

    /** Shows what a reminder is of. */
    fun open(line: ReminderLine) {
        session.attempt { session.shown(line.document)?.let { session.navigator.open(it.route) } }
    }

    /** Once, in the place of one set earlier; `null` for not any more. */
    fun remind(
        document: UUID,
        at: Instant?,
    ) {
        session.attempt {
            session.device.remindOf(document, at)
            load(asking = at != null)
        }
    }

    fun plan(change: (ReminderPlan) -> ReminderPlan) {
        session.attempt {
            session.device.setReminderPlan(change(state.value.plan))
            load(asking = true)
        }
    }

    /** Reminds so long before something is due, or no longer so. */
    fun toggle(minutes: UInt) =
        plan { plan ->
            val before = if (minutes in plan.before) plan.before - minutes else plan.before + minutes
            plan.copy(before = before.sortedDescending())
        }

    /** What is most often meant: in an hour, this evening, tomorrow morning, in a week. */
    fun offered(): List<Pair<String, Instant>> {
        val moments = session.moments
        val soon = moments.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES)
        val evening = moments.instant(moments.today(), EVENING).takeIf { it > soon }
        return listOfNotNull(
            "reminder.in-hour" to soon,
            evening?.let { "reminder.evening" to it },
            "reminder.tomorrow" to moments.instant(moments.today().plusDays(1), MORNING),
            "reminder.week" to moments.instant(moments.today().plusWeeks(1), MORNING),
        )
    }

    private companion object {
        /** As many as any system keeps. */
        const val ALARMS = 32
        val EVENING: LocalTime = LocalTime.of(17, 0)
        val MORNING: LocalTime = LocalTime.of(8, 0)
    }
}

/** The one that the person set of this, come or still to come. */
fun RemindersState.own(document: UUID): ReminderLine? = (come + coming).find { it.own && it.document == document }

/** The next ones, each case or matter once. */
fun RemindersState.soon(now: Instant): List<ReminderLine> =
    coming.filter { it.at > now && it.at < now + SOON }.distinctBy { it.document }.take(FEW)

private val SOON = Duration.ofHours(24)
private const val FEW = 3

/** Nobody is reminded in the quiet hours of what can wait. */
fun ReminderPlan.isQuiet(at: LocalTime): Boolean {
    val (from, until) = LocalTime.parse(quietFrom) to LocalTime.parse(quietUntil)
    return if (from <= until) at >= from && at < until else at >= from || at < until
}

/** The same with the quiet hours begun, or ended, so much later. */
fun ReminderPlan.quiet(
    beginsLater: Long = 0,
    endsLater: Long = 0,
): ReminderPlan =
    copy(
        quietFrom = clock(LocalTime.parse(quietFrom).plusHours(beginsLater)),
        quietUntil = clock(LocalTime.parse(quietUntil).plusHours(endsLater)),
    )

/** As the core has it until somebody sets another. */
private val USUAL = ReminderPlan(listOf(1440u, 120u), "21:00", "07:00")
