package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import sanben.FeatureForm
import sanben.FieldFailure
import sanben.MatterLine
import sanben.MatterQuery
import sanben.device.changes
import sanben.device.features
import sanben.device.matters
import java.time.Instant
import java.time.LocalDate
import java.util.UUID

/** In which of the few plain groups a person looks for something. */
enum class MatterGroup { INSPECTION, PEOPLE, RESIDENTS }

private val OF_PEOPLE = setOf("daily-report", "weekly-summary", "shift", "roster", "activity", "tally")
private val OF_RESIDENTS = setOf("meeting", "suggestion", "kiosk", "loan", "small-work")

/** A feature of a later version is still found: among the first. */
fun groupOf(feature: String): MatterGroup =
    when (feature) {
        in OF_PEOPLE -> MatterGroup.PEOPLE
        in OF_RESIDENTS -> MatterGroup.RESIDENTS
        else -> MatterGroup.INSPECTION
    }

/** A matter as lists show it. */
data class MatterRow(
    val id: UUID,
    val feature: String,
    val title: String,
    val step: String,
    val day: LocalDate,
    val point: String?,
    val person: String?,
    val due: Instant?,
    val late: Boolean,
    val open: Boolean,
    val disputed: Boolean,
    val item: ItemState,
)

/** Of which days. */
enum class Days { ANY, TODAY, WEEK }

data class MatterFilter(
    val openOnly: Boolean = true,
    val days: Days = Days.ANY,
    val feature: String? = null,
    val point: String? = null,
)

data class MattersState(
    val loading: Boolean = true,
    val filter: MatterFilter = MatterFilter(),
    /** The name of the chosen point. */
    val point: String? = null,
    /** Points to choose from. */
    val suggestions: List<Suggestion> = emptyList(),
    /** What this person may open. */
    val groups: Map<MatterGroup, List<FeatureForm>> = emptyMap(),
    /** Features to choose from, as they are called by the name they are recorded under. */
    val features: Map<String, String> = emptyMap(),
    val rows: List<MatterRow> = emptyList(),
    val more: String? = null,
)

/** Everything that has a form: what can be opened here, and the list of what was. */
class Matters(
    private val session: Session,
    point: String? = null,
) {
    private val mutable = MutableStateFlow(MattersState(filter = MatterFilter(point = point)))
    private val tongue = session.texts.tongue
    val state: StateFlow<MattersState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { load(it) }
    }

    private suspend fun load(names: Names) {
        val open =
            try {
                session.device.features(tongue)
            } catch (_: FieldFailure.NothingYet) {
                mutable.update { it.copy(loading = false) }
                return
            }
        val filter = state.value.filter
        // What was paged in stays: a change must not throw a reader back to the top.
        val page = session.device.matters(query(filter, state.value.rows.size), tongue)
        val reviewed = session.device.outbox().inReview()
        val seen = page.rows.associate { it.feature to it.featureLabel }
        mutable.update {
            if (it.filter != filter) return@update it
            it.copy(
                loading = false,
                point = filter.point?.let(names::point),
                groups = open.groupBy { form -> groupOf(form.name) }.toSortedMap(),
                features = open.associate { form -> form.name to form.label } + it.features + seen,
                rows = page.rows.map { line -> line.row(line.id in reviewed, names) },
                more = page.next,
            )
        }
    }

    private fun query(
        filter: MatterFilter,
        rows: Int,
    ): MatterQuery {
        val today = session.moments.today()
        return MatterQuery(
            feature = filter.feature,
            from =
                when (filter.days) {
                    Days.ANY -> null
                    Days.TODAY -> today
                    Days.WEEK -> today.minusDays(WEEK)
                },
            to = today.takeIf { filter.days != Days.ANY },
            point = filter.point,
            openOnly = filter.openOnly,
            limit = rows.coerceIn(PAGE, LONGEST),
        )
    }

    fun filter(filter: MatterFilter) {
        mutable.update { it.copy(filter = filter, rows = emptyList(), more = null) }
        session.attempt { load(session.names.value) }
    }

    fun searchPoints(text: String) {
        session.attempt {
            val found = session.pointsLike(text)
            mutable.update { it.copy(suggestions = found) }
        }
    }

    /** The next page. */
    fun more() {
        val shown = state.value
        val after = shown.more ?: return
        session.attempt {
            val page = session.device.matters(query(shown.filter, PAGE), tongue, after)
            val reviewed = session.device.outbox().inReview()
            val rows = page.rows.map { it.row(it.id in reviewed, session.names.value) }
            mutable.update { if (it.more != after) it else it.copy(rows = it.rows + rows, more = page.next) }
        }
    }

    private companion object {
        const val PAGE = 50
        const val LONGEST = 200
        const val WEEK = 6L
    }
}

internal fun MatterLine.row(
    inReview: Boolean,
    names: Names,
) = MatterRow(
    id = id,
    feature = featureLabel,
    title = title,
    step = stepLabel,
    day = day,
    point = point?.let(names::point),
    person = person?.let(names::person),
    due = due,
    late = late,
    open = open,
    disputed = disputed,
    item = itemState(delivery, inReview),
)
