package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import sanben.CaseDetail
import sanben.Standard
import java.nio.file.Path
import java.util.UUID

data class CompletingState(
    val case: CaseDetail? = null,
    val point: String? = null,
    val suggestions: List<Suggestion> = emptyList(),
    val standard: String? = null,
    val standards: List<Standard> = emptyList(),
    val words: String = "",
    val photos: List<Path> = emptyList(),
    val without: Without? = null,
) {
    /** Something is other than it was. Point and standard are replaced, never taken away. */
    val changed: Boolean
        get() =
            case != null &&
                (photos.isNotEmpty() || point.isOther(case.point) || standard.isOther(case.standard) || words != case.description)

    private fun String?.isOther(than: String?) = this != null && this != than
}

/** Completing or correcting a case: a wrong point, a missing photo. Visible in its thread, as an event of its own. */
class Completing(
    private val session: Session,
    private val id: UUID,
) {
    private val mutable = MutableStateFlow(CompletingState())
    val state: StateFlow<CompletingState> = mutable.asStateFlow()

    fun begin() {
        session.attempt {
            val case = session.device.case(id)
            mutable.update {
                it.copy(case = case, point = case.point, standard = case.standard, words = case.description)
            }
            case.fix?.let { fix -> session.near(fix)?.let { near -> mutable.update { it.copy(suggestions = near) } } }
            searchStandards("")
        }
    }

    fun searchPoints(text: String) {
        session.attempt {
            val found = session.pointsLike(text)
            mutable.update { it.copy(suggestions = found) }
        }
    }

    fun choosePoint(code: String?) = mutable.update { it.copy(point = code) }

    fun searchStandards(text: String) {
        session.attempt {
            val found = session.standardsLike(text, state.value.point)
            mutable.update { it.copy(standards = found) }
        }
    }

    fun chooseStandard(code: String?) = mutable.update { it.copy(standard = code) }

    fun words(words: String) = mutable.update { it.copy(words = words) }

    fun photo() {
        session.attempt {
            when (val picture = session.ports.picture()) {
                is Pictured.Taken -> mutable.update { it.copy(photos = it.photos.plusElement(picture.file), without = null) }
                is Pictured.Denied -> mutable.update { it.copy(without = Without.CAMERA_DENIED) }
                is Pictured.Failed -> mutable.update { it.copy(without = Without.CAMERA_FAILED) }
                is Pictured.Cancelled -> Unit
            }
        }
    }

    /** Records what is different and goes back to the case. */
    fun save() {
        session.attempt {
            val now = state.value
            val case = now.case ?: return@attempt
            session.device.complete(
                id,
                point = now.point.takeIf { it != case.point },
                standard = now.standard.takeIf { it != case.standard },
                description = now.words.takeIf { it != case.description },
                photos = now.photos,
            )
            session.syncer.trigger(Trigger.RECORDED)
            session.navigator.back()
        }
    }
}
