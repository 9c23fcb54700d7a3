package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import sanben.Coverage
import sanben.FieldFailure
import sanben.Fix
import sanben.PointVisit
import sanben.Round
import sanben.VisitResult
import sanben.device.changes
import java.util.UUID

/** A point of a round. */
data class Stop(
    val point: String,
    val name: String,
    val community: String,
    val head: String?,
    val result: VisitResult?,
    val cases: List<UUID>,
    val metres: Int?,
)

data class PatrolState(
    val round: Round = Round.MORNING,
    val stops: List<Stop> = emptyList(),
    val coverage: Coverage = Coverage(0, 0, 0, 0, 0),
    val without: Without? = null,
    val nothingYet: Boolean = false,
)

/** The morning round, or the look-back list that the day's findings make. */
class Patrol(
    private val session: Session,
    round: Round,
) {
    private val mutable = MutableStateFlow(PatrolState(round))
    private var fix: Fix? = null
    val state: StateFlow<PatrolState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { load(it) }
    }

    fun choose(round: Round) {
        mutable.update { it.copy(round = round) }
        session.scope.launch { load(session.names.value) }
    }

    /** Puts the nearest points first; read once, at the tap. */
    fun nearestFirst() {
        session.attempt {
            when (val place = session.ports.place()) {
                is Located.At -> {
                    fix = place.fix
                    mutable.update { it.copy(without = null) }
                }

                is Located.Denied -> {
                    mutable.update { it.copy(without = Without.PLACE_DENIED) }
                }

                is Located.Nowhere -> {
                    mutable.update { it.copy(without = Without.NO_PLACE) }
                }
            }
            load(session.names.value)
        }
    }

    fun clean(point: String) = visit(point, VisitResult.Clean)

    fun notAccessible(
        point: String,
        reason: String,
    ) = visit(point, VisitResult.NotAccessible(reason))

    private fun visit(
        point: String,
        result: VisitResult,
    ) {
        session.attempt {
            session.device.visit(state.value.round, point, result, fix)
            session.syncer.trigger(Trigger.RECORDED)
        }
    }

    private suspend fun load(names: Names) {
        val day =
            try {
                session.device.today()
            } catch (_: FieldFailure.NothingYet) {
                mutable.update { it.copy(nothingYet = true) }
                return
            }
        val near = nearness()
        val morning = state.value.round == Round.MORNING
        val visits = if (morning) day.morning else day.lookBack
        val stops = visits.map { it.stop(names, near[it.point]) }
        mutable.update {
            it.copy(
                // To do before done; then nearest first where that is known, else in the office's order.
                stops = stops.sortedWith(compareBy({ it.result != null }, { it.metres ?: Int.MAX_VALUE })),
                coverage = if (morning) day.morningCoverage else day.lookBackCoverage,
                nothingYet = false,
            )
        }
    }

    private suspend fun nearness(): Map<String, Int> {
        val at = fix ?: return emptyMap()
        val near = session.device.whereabouts(at.latitude, at.longitude, session.names.value.points.size)
        return near.nearest.associate { it.point to it.metres.toInt() }
    }
}

private fun PointVisit.stop(
    names: Names,
    metres: Int?,
): Stop {
    val known = names.points[point]
    return Stop(point, names.point(point), known?.community.orEmpty(), known?.head, result, cases, metres)
}
