package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.launch
import sanben.CaseQuery
import sanben.CaseStatus
import sanben.CaseSummary
import sanben.Coverage
import sanben.FieldFailure
import sanben.Lateness
import sanben.MatterQuery
import sanben.PointVisit
import sanben.Role
import sanben.Round
import sanben.TodayView
import sanben.device.changes
import sanben.device.matters
import java.time.Duration
import java.time.Instant
import java.time.LocalTime
import java.util.UUID

/** Something to do. */
sealed interface TodayTask {
    /** Refused work: nobody else can put it right. */
    data class Refused(
        val pieces: Int,
    ) : TodayTask

    data class Handle(
        val case: CaseLine,
    ) : TodayTask

    /** Two records contradict each other and this person may decide. */
    data class Decide(
        val case: CaseLine,
    ) : TodayTask

    data class LookBack(
        val point: String,
        val cases: List<UUID>,
    ) : TodayTask

    data class Walk(
        val coverage: Coverage,
    ) : TodayTask

    /** A matter that waits for this person: a notice to be answered, a task. */
    data class Attend(
        val matter: MatterRow,
    ) : TodayTask

    data class Finish(
        val draft: UUID,
        val title: String,
    ) : TodayTask

    /** A form of a matter that was begun and not submitted. */
    data class Fill(
        val route: Route.Form,
        val title: String,
        val about: String,
    ) : TodayTask
}

/** A case as lists show it. */
data class CaseLine(
    val id: UUID,
    val title: String,
    val point: String?,
    val status: CaseStatus,
    val disputed: Boolean,
    val due: Instant?,
    val lateness: Lateness,
    val thumbnail: String?,
    val item: ItemState,
)

data class TodayState(
    val loading: Boolean = true,
    /** Before the first sync there is nothing to look up yet, but recording works. */
    val nothingYet: Boolean = false,
    val tasks: List<TodayTask> = emptyList(),
    /** What this person recorded lately. */
    val recent: List<CaseLine> = emptyList(),
    val walked: Coverage? = null,
    val lookedBack: Coverage? = null,
)

/**
 * The order a person would choose: what only they can mend, what is late or soon will be, what the hour asks for, then
 * what is due soonest. The morning round comes before the day's cases until noon, the look-back round from four.
 */
fun inOrder(
    tasks: List<TodayTask>,
    now: Instant,
    hour: LocalTime,
): List<TodayTask> {
    val morning = hour < NOON
    val evening = hour >= LOOK_BACK_HOUR

    fun due(task: TodayTask): Instant =
        when (task) {
            is TodayTask.Handle -> task.case.due
            is TodayTask.Decide -> task.case.due
            is TodayTask.Attend -> task.matter.due
            else -> null
        } ?: Instant.MAX

    fun pressing(task: TodayTask) = due(task) < now + PRESSING

    fun rank(task: TodayTask): Int =
        when (task) {
            is TodayTask.Refused -> 0
            is TodayTask.Handle -> if (pressing(task)) 1 else 4
            is TodayTask.Attend -> if (task.matter.late || pressing(task)) 1 else 4
            is TodayTask.Decide -> 2
            is TodayTask.LookBack -> if (evening) 3 else 6
            is TodayTask.Walk -> if (morning) 3 else 7
            is TodayTask.Finish, is TodayTask.Fill -> 5
        }

    return tasks.sortedWith(compareBy(::rank, ::due))
}

/** As long before as the usual plan reminds last: no round is finished sooner. */
private val PRESSING = Duration.ofHours(2)
private val NOON = LocalTime.NOON
private val LOOK_BACK_HOUR = LocalTime.of(16, 0)

/** Something on the first screen: a task, a reminder that has come, or both where they are of the same case or matter. */
data class TodayItem(
    val come: ReminderLine?,
    val task: TodayTask?,
)

/** What the person wanted to be reminded of by now comes first; nothing stands there twice. */
fun TodayState.agenda(come: List<ReminderLine>): List<TodayItem> {
    val reminded = come.map { line -> TodayItem(line, tasks.find { it.isOf(line.document) }) }
    return reminded + (tasks - reminded.mapNotNull { it.task }.toSet()).map { TodayItem(null, it) }
}

private fun TodayTask.isOf(document: UUID): Boolean {
    val to = route()
    return to == Route.Case(document) || to == Route.Matter(document)
}

/** The first screen. */
class Today(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(TodayState())
    val state: StateFlow<TodayState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { load(it) }
    }

    /** The hour decides the order too: called when the screen comes back. */
    fun refresh() {
        session.scope.launch { load(session.names.value) }
    }

    private suspend fun load(names: Names) {
        val me = names.me
        val day =
            try {
                session.device.today()
            } catch (_: FieldFailure.NothingYet) {
                null
            } catch (_: FieldFailure.NotEnrolled) {
                null
            }
        if (me == null || day == null) {
            mutable.value = TodayState(loading = false, nothingYet = true, tasks = drafts())
            return
        }
        val reviewed = session.device.outbox().inReview()
        val mine = CaseQuery(mine = me.code, openOnly = true, dueFirst = true)
        val lines = session.device.cases(mine).rows
        val tasks = refused() + drafts() + handling(me.role, lines, reviewed, names) + matters(me.code, names, reviewed) + rounds(day)
        val recent = session.device.cases(CaseQuery(mine = me.code, limit = RECENT)).rows
        mutable.value =
            TodayState(
                loading = false,
                tasks = inOrder(tasks, session.moments.now(), session.moments.time()),
                recent = recent.map { it.line(it.id in reviewed, names) },
                walked = day.morningCoverage.takeIf { it.points > 0 },
                lookedBack = day.lookBackCoverage.takeIf { it.points > 0 },
            )
    }

    private suspend fun refused(): List<TodayTask> {
        val refused = session.device.needsAttention()
        return if (refused.isEmpty()) emptyList() else listOf(TodayTask.Refused(refused.size))
    }

    private suspend fun drafts(): List<TodayTask> =
        session.device.drafts().map { TodayTask.Finish(it.id, it.description) } + session.begunForms()

    private suspend fun handling(
        role: Role,
        mine: List<CaseSummary>,
        reviewed: Set<UUID>,
        names: Names,
    ): List<TodayTask> {
        // The command post decides about every dispute it sees, not only about its own cases.
        val disputed =
            if (role == Role.COMMAND) session.device.cases(CaseQuery(disputedOnly = true)).rows else emptyList()
        val decide = disputed.map { TodayTask.Decide(it.line(it.id in reviewed, names)) }
        if (role == Role.INSPECTOR || role == Role.COMMAND) return decide
        return decide +
            mine.filter { it.status in TO_HANDLE }.map { TodayTask.Handle(it.line(it.id in reviewed, names)) }
    }

    private suspend fun matters(
        me: String,
        names: Names,
        reviewed: Set<UUID>,
    ): List<TodayTask> {
        val waiting = session.device.matters(MatterQuery(person = me, openOnly = true), session.texts.tongue)
        return waiting.rows.map { TodayTask.Attend(it.row(it.id in reviewed, names)) }
    }

    private fun rounds(day: TodayView): List<TodayTask> {
        val walk = day.morningCoverage.takeIf { it.visited < it.points }?.let { TodayTask.Walk(it) }
        val back = day.lookBack.filter(PointVisit::toDo).map { TodayTask.LookBack(it.point, it.cases) }
        return listOfNotNull(walk) + back
    }

    private companion object {
        const val RECENT = 20
        val TO_HANDLE =
            setOf(
                CaseStatus.REPORTED,
                CaseStatus.CONFIRMED,
                CaseStatus.FILED,
                CaseStatus.DISPATCHED,
                CaseStatus.ACKNOWLEDGED,
                CaseStatus.REWORK,
            )
    }
}

internal val PointVisit.toDo: Boolean get() = result == null

internal fun CaseSummary.line(
    inReview: Boolean,
    names: Names,
): CaseLine {
    val title = description.ifBlank { standard?.let(names::standard).orEmpty() }
    return CaseLine(
        id = id,
        title = title,
        point = point?.let(names::point),
        status = status,
        disputed = disputed,
        due = due,
        lateness = lateness,
        thumbnail = thumbnail,
        item = itemState(delivery, inReview),
    )
}

/** The route behind a task. */
fun TodayTask.route(): Route =
    when (this) {
        is TodayTask.Refused -> Route.Attention
        is TodayTask.Handle -> Route.Case(case.id)
        is TodayTask.Decide -> Route.Case(case.id)
        is TodayTask.LookBack -> cases.singleOrNull()?.let(Route::Case) ?: Route.Patrol(Round.LOOK_BACK)
        is TodayTask.Walk -> Route.Patrol(Round.MORNING)
        is TodayTask.Attend -> Route.Matter(matter.id)
        is TodayTask.Finish -> Route.Record(draft)
        is TodayTask.Fill -> route
    }
