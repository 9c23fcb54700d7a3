package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import sanben.ActKind
import sanben.Attention
import sanben.FieldFailure
import sanben.device.changes
import java.time.Instant
import java.util.UUID

/** A piece of refused work: what it was, why it was refused, what can be done. */
data class RefusedWork(
    val id: Long,
    val document: UUID,
    val kind: ActKind,
    val title: String,
    val words: String,
    val recorded: Instant,
    val why: String,
    val remedy: String,
    val isCase: Boolean,
)

data class AttentionState(
    val loading: Boolean = true,
    val refused: List<RefusedWork> = emptyList(),
)

/** What the server refused. Nothing of it is lost, and nothing else waits for it. */
class NeedsAttention(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(AttentionState())
    val state: StateFlow<AttentionState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { names ->
            val refused = session.device.needsAttention().map { it.shown(names) }
            mutable.value = AttentionState(loading = false, refused = refused)
        }
    }

    private suspend fun Attention.shown(names: Names): RefusedWork {
        val case =
            try {
                session.device.case(document)
            } catch (_: FieldFailure.NotFound) {
                null
            }
        val (reason, remedy) = session.texts.of(why)
        val title = case?.description?.ifBlank { case.point?.let(names::point) } ?: case?.point?.let(names::point)
        return RefusedWork(id, document, kind, title.orEmpty(), words, recordedAt, reason, remedy, case != null)
    }

    /** As it is, after rights or reference data changed. */
    fun resend(id: Long) {
        session.attempt {
            session.device.resend(id)
            session.syncer.trigger(Trigger.ASKED)
        }
    }

    /** Given up, with the reason; it is kept. */
    fun discard(
        id: Long,
        reason: String,
    ) {
        session.attempt { session.device.discard(id, reason) }
    }
}
