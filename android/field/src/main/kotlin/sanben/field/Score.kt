package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import sanben.FieldFailure
import sanben.Period
import sanben.ScoreLine
import sanben.ScoreSheet
import sanben.device.changes
import java.time.LocalDate
import java.util.UUID

/** One line of a sheet with what a person needs to check it. */
data class Reason(
    val line: ScoreLine,
    val title: String,
    val why: String,
    val point: String?,
    val person: String?,
)

data class ScoreState(
    val community: String = "",
    /** Every community, by code. */
    val all: List<String> = emptyList(),
    val month: LocalDate? = null,
    val sheet: ScoreSheet? = null,
    val counts: List<Reason> = emptyList(),
    val suspended: List<Reason> = emptyList(),
)

/** The sheet (千分制) of a community for a month, with the reason of every line. */
class Score(
    private val session: Session,
    community: String,
) {
    private val mutable = MutableStateFlow(ScoreState(community, month = session.moments.today().withDayOfMonth(1)))
    val state: StateFlow<ScoreState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { load(it) }
    }

    /** Another month, by so many steps; never one that has not begun. */
    fun turn(months: Long) {
        val turned =
            state.value.month
                ?.plusMonths(months)
                ?.takeIf { it <= session.moments.today() } ?: return
        mutable.update { it.copy(month = turned) }
        session.scope.launch { load(session.names.value) }
    }

    fun choose(community: String) {
        mutable.update { it.copy(community = community) }
        session.scope.launch { load(session.names.value) }
    }

    private fun load(names: Names) {
        val month = state.value.month ?: return
        session.attempt {
            val sheet = session.device.score(state.value.community, Period.Month(month))
            mutable.update {
                it.copy(
                    all = names.communities,
                    sheet = sheet,
                    counts = sheet.lines.map { line -> line.reason(names) },
                    suspended = sheet.suspended.map { line -> line.reason(names) },
                )
            }
        }
    }

    private suspend fun ScoreLine.reason(names: Names): Reason {
        val case = caseId?.let { words(it) }
        return Reason(
            line = this,
            title = case ?: title,
            why = suspended?.let(session.texts::of) ?: if (case == null) session.texts.of(reason) else title,
            point = point?.let(names::point),
            person = person?.let(names::person),
        )
    }

    /** What the case is about; a sheet may name cases of which this device holds no more than the line. */
    private suspend fun words(case: UUID): String? =
        try {
            session.device
                .case(case)
                .description
                .ifBlank { null }
        } catch (_: FieldFailure.NotFound) {
            null
        }
}
