package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import sanben.Ledgers
import sanben.PointView
import sanben.device.changes

data class PointsState(
    val text: String = "",
    val found: List<PointView> = emptyList(),
)

/** Finding a point by a part of its name, kind, code or community. */
class Points(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(PointsState())
    val state: StateFlow<PointsState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        session.names.collect { search(state.value.text) }
    }

    fun search(text: String) {
        mutable.update { it.copy(text = text) }
        session.attempt {
            val found = session.device.points(text.ifBlank { null })
            mutable.update { if (it.text == text) it.copy(found = found) else it }
        }
    }
}

/** Which of the three ledgers is open. */
enum class Ledger { STANDARDS, PROBLEMS, RESPONSIBILITY }

data class LedgersState(
    val point: PointView? = null,
    val ledger: Ledger = Ledger.PROBLEMS,
    val ledgers: Ledgers? = null,
    val unit: String = "",
)

/** The three ledgers (三本台账) of one point. */
class PointLedgers(
    private val session: Session,
    private val point: String,
) {
    private val mutable = MutableStateFlow(LedgersState())
    val state: StateFlow<LedgersState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { names ->
            session.attempt {
                val ledgers = session.device.ledgers(point)
                val view = names.points[point]
                mutable.update {
                    it.copy(
                        point = view,
                        ledgers = ledgers,
                        unit = view?.unit?.let(names::unit).orEmpty(),
                    )
                }
            }
        }
    }

    fun open(ledger: Ledger) = mutable.update { it.copy(ledger = ledger) }
}
