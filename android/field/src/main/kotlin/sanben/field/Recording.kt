package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
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

/** Recording a problem: the photo first, the point suggested by the place, the standard by search; a draft from the first edit on. */
class Recording(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(RecordingState())
    private val edits =
        Edits(session, { session.device.draft() }) { draft, failure -> mutable.update { it.copy(draft = draft, unsaved = failure) } }

    val state: StateFlow<RecordingState> = mutable.asStateFlow()

    /** Begins anew, at a point where that is known, or goes on with a draft. */
    fun begin(
        draft: UUID? = null,
        point: String? = null,
    ) {
        edits.start()
        session.attempt { if (draft != null) resume(draft) }
        searchStandards("")
        point?.let(::choosePoint)
    }

    private suspend fun resume(id: UUID) {
        val kept = session.device.drafts().single { it.id == id }
        edits.goOn(id)
        mutable.update {
            it.copy(
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
                is Pictured.Taken -> edits.save { draft -> added(session.device.addPhoto(draft, picture.file)) }
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

    private fun set(field: DraftField) = edits.save { draft -> session.device.save(draft, field) }

    /** Saves what could not be saved before: the person has made room. */
    fun saveAgain() = edits.saveAgain()

    /** Waits until every edit so far is saved or marked. */
    suspend fun settled() = edits.settled()

    /** The screen goes away; edits that were made are still saved. */
    fun leave() = edits.close()

    /** It becomes a case and waits for the next sync. */
    fun report() {
        session.attempt {
            settled()
            val draft = edits.draft ?: return@attempt
            if (edits.failure != null) return@attempt
            val reported = session.device.report(draft)
            edits.goOn(null)
            mutable.update { it.copy(reported = reported) }
            session.syncer.trigger(Trigger.RECORDED)
        }
    }

    fun discard() {
        session.attempt {
            settled()
            edits.draft?.let { session.device.discardDraft(it) }
            edits.goOn(null)
            mutable.value = RecordingState()
            session.navigator.back()
        }
    }
}
