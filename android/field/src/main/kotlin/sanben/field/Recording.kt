package sanben.field

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import sanben.DraftField
import sanben.FieldFailure
import sanben.Fix
import sanben.Reported
import sanben.Standard
import java.util.UUID

/** What the machine could not do. Recording goes on without it. */
enum class Without { PLACE_DENIED, NO_PLACE, CAMERA_DENIED, CAMERA_FAILED }

data class RecordingState(
    val draft: UUID? = null,
    val photos: List<String> = emptyList(),
    val point: String? = null,
    val suggestions: List<Suggestion> = emptyList(),
    val standard: String? = null,
    val standards: List<Standard> = emptyList(),
    val words: String = "",
    val fix: Fix? = null,
    val locating: Boolean = false,
    val without: Set<Without> = emptySet(),
    /** An edit that is shown but not saved, and why. */
    val unsaved: FieldFailure? = null,
    val reported: Reported? = null,
) {
    /** Anything at all is enough; the rest is completed later. */
    val canReport: Boolean get() =
        unsaved == null &&
            (photos.isNotEmpty() || point != null || standard != null || words.isNotBlank() || fix != null)
}

/**
 * Recording a problem: the photo first, the point suggested by the place, the standard by search. Every edit
 * is saved by itself, in the order it was made. The draft is begun with the first edit, so that looking at an
 * empty form leaves no ghost behind.
 */
class Recording(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(RecordingState())
    private val edits = Channel<suspend () -> Unit>(Channel.UNLIMITED)
    private val unsaved = mutableListOf<suspend () -> Unit>()

    val state: StateFlow<RecordingState> = mutable.asStateFlow()

    /** Begins anew, at a point where that is known, or goes on with a draft. */
    fun begin(
        draft: UUID? = null,
        point: String? = null,
    ) {
        session.scope.launch { for (edit in edits) edit() }
        session.attempt { if (draft != null) resume(draft) }
        searchStandards("")
        point?.let(::choosePoint)
    }

    private suspend fun resume(id: UUID) {
        val kept = session.device.drafts().single { it.id == id }
        mutable.update {
            it.copy(
                draft = id,
                photos = kept.photos,
                point = kept.point,
                standard = kept.standard,
                words = kept.description,
                fix = kept.fix,
            )
        }
        kept.fix?.let { suggest(it) }
        searchStandards("")
    }

    /** One picture, and where it was taken. */
    fun photo() {
        session.attempt {
            when (val picture = session.ports.picture()) {
                is Pictured.Taken -> save { draft -> added(session.device.addPhoto(draft, picture.file)) }
                is Pictured.Denied -> without(Without.CAMERA_DENIED)
                is Pictured.Failed -> without(Without.CAMERA_FAILED)
                is Pictured.Cancelled -> Unit
            }
        }
        if (state.value.fix == null) locate()
    }

    private fun added(hash: String) = mutable.update { it.copy(photos = (it.photos + hash).distinct()) }

    private fun without(what: Without) = mutable.update { it.copy(without = it.without + what) }

    fun locate() {
        if (state.value.locating) return
        mutable.update { it.copy(locating = true) }
        session.attempt {
            val place =
                try {
                    session.ports.place()
                } finally {
                    mutable.update { it.copy(locating = false) }
                }
            when (place) {
                is Located.At -> {
                    mutable.update {
                        it.copy(
                            fix = place.fix,
                            without =
                                it.without - Without.NO_PLACE - Without.PLACE_DENIED,
                        )
                    }
                    suggest(place.fix)
                    set(DraftField.Place(place.fix))
                }

                is Located.Denied -> {
                    without(Without.PLACE_DENIED)
                }

                is Located.Nowhere -> {
                    without(Without.NO_PLACE)
                }
            }
        }
    }

    private suspend fun suggest(fix: Fix) {
        session.near(fix)?.let { near -> mutable.update { it.copy(suggestions = near) } }
    }

    fun searchPoints(text: String) {
        session.attempt {
            val found = session.pointsLike(text)
            mutable.update { it.copy(suggestions = found) }
        }
    }

    fun choosePoint(code: String?) {
        mutable.update { it.copy(point = code) }
        set(DraftField.Point(code))
        searchStandards("")
    }

    fun searchStandards(text: String) {
        session.attempt {
            val found = session.standardsLike(text, state.value.point)
            mutable.update { it.copy(standards = found) }
        }
    }

    fun chooseStandard(code: String?) {
        mutable.update { it.copy(standard = code) }
        set(DraftField.Standard(code))
    }

    fun words(words: String) {
        mutable.update { it.copy(words = words) }
        set(DraftField.Description(words))
    }

    private fun set(field: DraftField) = save { draft -> session.device.save(draft, field) }

    /** Saves one edit after those before it. What cannot be saved stays on the screen, marked as unsaved. */
    private fun save(edit: suspend (UUID) -> Unit) {
        lateinit var step: suspend () -> Unit
        step = {
            try {
                val draft =
                    state.value.draft ?: session.device.draft().also { id -> mutable.update { it.copy(draft = id) } }
                edit(draft)
                if (unsaved.isEmpty()) mutable.update { it.copy(unsaved = null) }
            } catch (failure: FieldFailure) {
                val fault = failure is FieldFailure.Photo || failure is FieldFailure.File
                if (fault) {
                    session.tell(session.texts.of(failure))
                } else {
                    unsaved += step
                    mutable.update { it.copy(unsaved = failure) }
                }
            }
        }
        edits.trySend(step)
    }

    /** Saves what could not be saved before: the person has made room. */
    fun saveAgain() {
        edits.trySend {
            val again = unsaved.toList()
            unsaved.clear()
            mutable.update { it.copy(unsaved = null) }
            again.forEach { it() }
        }
    }

    /** Waits until every edit so far is saved or marked. */
    suspend fun settled() {
        val done = CompletableDeferred<Unit>()
        edits.send { done.complete(Unit) }
        done.await()
    }

    /** The screen goes away; edits that were made are still saved. */
    fun leave() {
        edits.close()
    }

    /** It becomes a case and waits for the next sync. */
    fun report() {
        session.attempt {
            settled()
            val draft = state.value.draft ?: return@attempt
            if (state.value.unsaved != null) return@attempt
            val reported = session.device.report(draft)
            mutable.update { it.copy(reported = reported, draft = null) }
            session.syncer.trigger(Trigger.RECORDED)
        }
    }

    fun discard() {
        session.attempt {
            settled()
            state.value.draft?.let { session.device.discardDraft(it) }
            mutable.value = RecordingState()
            session.navigator.back()
        }
    }
}
