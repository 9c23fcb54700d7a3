package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import sanben.FieldFailure

data class EnrolAgainState(
    val busy: Boolean = false,
    val failure: FieldFailure? = null,
)

/**
 * The server was restored from a backup of before this device was enrolled. The same person comes in again on the same
 * device, with all that is on it.
 */
class EnrolAgain(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(EnrolAgainState())
    val state: StateFlow<EnrolAgainState> = mutable.asStateFlow()

    /** With a new code of the same person; without an address, where the server was. */
    fun enrol(
        code: String,
        url: String = "",
    ) {
        session.scope.launch {
            mutable.value = EnrolAgainState(busy = true)
            mutable.value =
                try {
                    known(url.trim(), code.trim())
                    session.syncer.trigger(Trigger.ASKED)
                    session.navigator.close(Route.EnrolAgain)
                    EnrolAgainState()
                } catch (failure: FieldFailure) {
                    EnrolAgainState(failure = failure)
                }
        }
    }

    private suspend fun known(
        url: String,
        code: String,
    ) {
        val device = session.device
        try {
            device.enrol(url.ifEmpty { device.enrolment().url }, code)
        } catch (_: FieldFailure.AlreadyEnrolled) {
            // Only the answer to an earlier try may have been lost: whom the server knows by now can sync.
            device.sync()
        }
    }
}
