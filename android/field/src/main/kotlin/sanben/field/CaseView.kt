package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import sanben.ActKind
import sanben.Answering
import sanben.CaseAct
import sanben.CaseDetail
import sanben.CaseStatus
import sanben.Duty
import sanben.FieldFailure
import sanben.Ignored
import sanben.Outcome
import sanben.PhotoRole
import sanben.ThreadEntry
import sanben.device.changes
import java.nio.file.Path
import java.time.Instant
import java.util.UUID

/** What this person can do to a case now. */
enum class Deed { ACKNOWLEDGE, RECTIFY, PASS, FAIL, DECIDE, COMMENT }

/** One event as the thread shows it. */
data class ThreadLine(
    val event: UUID,
    val kind: ActKind,
    val who: String,
    val at: Instant,
    val clockDoubtful: Boolean,
    val words: String,
    val outcome: Outcome?,
    val to: String?,
    val photos: List<String>,
    val ignored: Ignored?,
    /** One of those that contradict each other. */
    val disputed: Boolean,
)

data class CaseViewState(
    val case: CaseDetail? = null,
    val gone: Boolean = false,
    val title: String = "",
    val point: String? = null,
    val standard: String? = null,
    val head: String? = null,
    val contacts: List<String> = emptyList(),
    val handler: String? = null,
    val before: List<String> = emptyList(),
    val after: List<String> = emptyList(),
    val thread: List<ThreadLine> = emptyList(),
    val deeds: List<Deed> = emptyList(),
    val item: ItemState = ItemState.NotOwn,
    /** Photos taken for the next deed, not yet part of one. */
    val attached: List<Path> = emptyList(),
    val words: String = "",
    val without: Without? = null,
    val mayComplete: Boolean = false,
    /** How many contacts are held here; `null` for somebody who keeps none. */
    val residents: Int? = null,
)

/** One case: what, where, who answers, before and after, and the thread. */
class CaseView(
    private val session: Session,
    private val id: UUID,
) {
    private val mutable = MutableStateFlow(CaseViewState())
    val state: StateFlow<CaseViewState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { load(it) }
    }

    private suspend fun load(names: Names) {
        val case =
            try {
                session.device.case(id)
            } catch (_: FieldFailure.NotFound) {
                mutable.update { CaseViewState(gone = true) }
                return
            }
        val ledgers = case.point?.takeIf { it in names.points }?.let { session.device.ledgers(it) }
        val deeds = deeds(case)
        val inReview = id in session.device.outbox().inReview()
        val mayComplete = case.status !in ENDED && session.device.mayComplete(id)
        val residents = session.device.contacts(id).size
        val keeps = residents > 0 || session.device.mayAddContact(id)
        mutable.update { before ->
            before.copy(
                case = case,
                mayComplete = mayComplete,
                residents = residents.takeIf { keeps },
                title = case.description.ifBlank { case.standard?.let(names::standard).orEmpty() },
                point = case.point?.let(names::point),
                standard = case.standard?.let(names::standard),
                head = ledgers?.head?.let { it.name.ifEmpty { names.person(it.person) } },
                contacts =
                    ledgers
                        ?.contacts
                        .orEmpty()
                        .filter { it.duty == Duty.CONTACT }
                        .map { it.shown(names) },
                handler = case.handler?.let(names::person) ?: case.handlerUnit?.let(names::unit),
                before = case.photos.filter { it.role == PhotoRole.BEFORE }.map { it.hash },
                after = case.photos.filter { it.role != PhotoRole.BEFORE }.map { it.hash },
                thread = case.thread.map { it.line(names, case.disputes.flatten()) },
                deeds = deeds,
                item = itemState(case.delivery, inReview),
            )
        }
    }

    private fun Answering.shown(names: Names) = name.ifEmpty { names.person(person) }

    private suspend fun deeds(case: CaseDetail): List<Deed> {
        suspend fun may(act: CaseAct) = session.device.may(id, act)
        if (case.status in ENDED) return emptyList()
        val open = case.status != CaseStatus.RECTIFIED && case.status != CaseStatus.VERIFIED
        val contested = case.disputes.flatten().firstOrNull()
        return buildList {
            if (contested != null && may(CaseAct.Decide(contested, "-"))) add(Deed.DECIDE)
            if (open && case.status != CaseStatus.ACKNOWLEDGED && may(CaseAct.Acknowledge(""))) add(Deed.ACKNOWLEDGE)
            if (open && may(CaseAct.Rectify("", false))) add(Deed.RECTIFY)
            if (contested == null && case.status == CaseStatus.RECTIFIED && may(CaseAct.LookBack(Outcome.PASSED, ""))) {
                add(Deed.PASS)
                add(Deed.FAIL)
            }
            if (may(CaseAct.Comment("-"))) add(Deed.COMMENT)
        }
    }

    fun words(words: String) = mutable.update { it.copy(words = words) }

    /** A picture for the next deed. */
    fun photo() {
        session.attempt {
            when (val picture = session.ports.picture()) {
                // Not `+`: a path is itself a list of its names.
                is Pictured.Taken -> mutable.update { it.copy(attached = it.attached.plusElement(picture.file), without = null) }

                is Pictured.Denied -> mutable.update { it.copy(without = Without.CAMERA_DENIED) }

                is Pictured.Failed -> mutable.update { it.copy(without = Without.CAMERA_FAILED) }

                is Pictured.Cancelled -> Unit
            }
        }
    }

    fun act(deed: Deed) {
        val words = state.value.words.trim()
        when (deed) {
            Deed.ACKNOWLEDGE -> perform(CaseAct.Acknowledge(words.ifEmpty { session.texts["deed.acknowledged"] }))
            Deed.RECTIFY -> perform(CaseAct.Rectify(words, onTheSpot = false))
            Deed.PASS -> perform(CaseAct.LookBack(Outcome.PASSED, words))
            Deed.FAIL -> perform(CaseAct.LookBack(Outcome.FAILED, words))
            Deed.COMMENT -> perform(CaseAct.Comment(words))
            Deed.DECIDE -> Unit
        }
    }

    /** Settles the dispute: this event stands. */
    fun decide(upholds: UUID) = perform(CaseAct.Decide(upholds, state.value.words.trim()))

    private fun perform(act: CaseAct) {
        session.attempt {
            val takesPhotos = act is CaseAct.Rectify || act is CaseAct.LookBack
            session.device.act(id, act, if (takesPhotos) state.value.attached else emptyList())
            mutable.update { it.copy(words = "", attached = if (takesPhotos) emptyList() else it.attached) }
            session.syncer.trigger(Trigger.RECORDED)
        }
    }

    private companion object {
        val ENDED = setOf(CaseStatus.CLOSED, CaseStatus.VOIDED, CaseStatus.MERGED)
    }
}

private fun ThreadEntry.line(
    names: Names,
    disputed: List<UUID>,
) = ThreadLine(
    event = event,
    kind = kind,
    who = names.person(person),
    at = at,
    clockDoubtful = clockDoubtful,
    words = words,
    outcome = outcome,
    to = toPerson?.let(names::person) ?: toUnit?.let(names::unit),
    photos = photos,
    ignored = ignored,
    disputed = event in disputed,
)
