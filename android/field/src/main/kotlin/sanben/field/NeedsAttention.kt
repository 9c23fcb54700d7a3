package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import sanben.ActKind
import sanben.Attention
import sanben.Correction
import sanben.FieldFailure
import sanben.PersonView
import sanben.PointView
import sanben.device.changes
import java.time.Instant
import java.util.UUID

/** What of refused work its author can put right. */
enum class Correctable { NOTHING, WORDS, WORDS_AND_POINT }

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
    /** Whom it was handed on to; empty when nobody was named. */
    val handedOnTo: String? = null,
) {
    val correctable: Correctable
        get() =
            when (kind) {
                ActKind.REPORT, ActKind.AMEND -> Correctable.WORDS_AND_POINT
                in WITHOUT_WORDS -> Correctable.NOTHING
                else -> Correctable.WORDS
            }

    /** A round is only its walker's own. */
    val canBeHandedOn: Boolean get() = kind !in OF_A_ROUND && kind != ActKind.ADD_CONTACT

    private companion object {
        val OF_A_ROUND = setOf(ActKind.START_PATROL, ActKind.VISIT, ActKind.FINISH_PATROL)
        val WITHOUT_WORDS =
            OF_A_ROUND +
                setOf(ActKind.CONFIRM, ActKind.FILE, ActKind.CLOSE, ActKind.DISPATCH, ActKind.MERGE_INTO) +
                setOf(ActKind.ADD_CONTACT, ActKind.MATTER, ActKind.UNKNOWN)
    }
}

data class AttentionState(
    val loading: Boolean = true,
    val refused: List<RefusedWork> = emptyList(),
    /** To whom work can be handed on. */
    val people: List<PersonView> = emptyList(),
    /** What a search for another point found. */
    val points: List<PointView> = emptyList(),
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
            val others = names.people.values.filter { it.code != names.me?.code }
            mutable.update { it.copy(loading = false, refused = refused, people = others) }
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
        return RefusedWork(
            id = id,
            document = document,
            kind = kind,
            title = title.orEmpty(),
            words = words,
            recorded = recordedAt,
            why = reason,
            remedy = remedy,
            isCase = case != null,
            handedOnTo = handedOnTo?.let { if (it.isEmpty()) it else names.person(it) },
        )
    }

    /** As it is, after rights or reference data changed. */
    fun resend(id: Long) {
        session.attempt {
            session.device.resend(id)
            session.syncer.trigger(Trigger.ASKED)
        }
    }

    fun searchPoints(text: String) {
        session.attempt {
            val found = if (text.isBlank()) emptyList() else session.device.points(text).take(FOUND)
            mutable.update { it.copy(points = found) }
        }
    }

    /** With other words, or at another point, and sent again. */
    fun correct(
        id: Long,
        words: String,
        point: String? = null,
    ) {
        session.attempt {
            val before =
                state.value.refused
                    .find { it.id == id }
                    ?.words
            session.device.correct(id, Correction(point = point, words = words.takeIf { it != before }))
            session.syncer.trigger(Trigger.ASKED)
        }
    }

    /** As a file for somebody who may do it; it waits here until theirs is in the log. */
    fun handOn(
        id: Long,
        to: String?,
    ) {
        session.attempt { session.give("sanben-$id.work") { session.device.handOn(id, it, to) } }
    }

    /** As a folder that people can read, with its photos. */
    fun export(id: Long) {
        session.attempt { session.give("sanben-$id") { session.device.exportRefused(id, it) } }
    }

    /** Given up, with the reason; it is kept. */
    fun discard(
        id: Long,
        reason: String,
    ) {
        session.attempt { session.device.discard(id, reason) }
    }

    private companion object {
        const val FOUND = 4
    }
}
