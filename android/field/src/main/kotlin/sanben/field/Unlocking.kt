package sanben.field

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import sanben.FieldFailure
import sanben.VaultState
import sanben.device.Device
import sanben.device.DeviceVault

data class UnlockState(
    /** The records lie open still, from an app without PINs: one is chosen now. */
    val choosing: Boolean = false,
    val busy: Boolean = false,
    /** How long no PIN is tried; 0 for not at all. */
    val waitSeconds: Long = 0,
    val failure: FieldFailure? = null,
    /** There is a way back for a forgotten PIN. */
    val recoverable: Boolean = false,
    /** What is read to the desk, once somebody said that the PIN is forgotten. */
    val shown: String? = null,
)

/** A call that was under way when its person left may hold the store a moment longer. */
internal suspend fun <T> patiently(work: suspend () -> T): T {
    repeat(PATIENCE) {
        try {
            return work()
        } catch (_: FieldFailure.Busy) {
            delay(PAUSE)
        }
    }
    return work()
}

private const val PATIENCE = 50
private const val PAUSE = 100L

/**
 * Somebody's records, locked: until the PIN, or a code from the desk with a new one, opens them. Records that lie open
 * still wait here for a PIN too, and can be put off.
 */
class Unlocking(
    private val vault: DeviceVault,
    private val choosing: Boolean,
    parent: CoroutineScope,
    private val opened: suspend (Device) -> Unit,
) {
    private val scope = parent + Job(parent.coroutineContext[Job])
    private val mutable = MutableStateFlow(UnlockState(choosing))
    val state: StateFlow<UnlockState> = mutable.asStateFlow()

    fun start() {
        if (choosing) return
        scope.launch {
            while (true) {
                look()
                delay(SECOND)
            }
        }
    }

    private suspend fun look() {
        try {
            val stands = vault.state() as? VaultState.Locked ?: return
            mutable.update {
                it.copy(waitSeconds = (stands.waitMillis + SECOND - 1) / SECOND, recoverable = stands.recoverable)
            }
        } catch (failure: FieldFailure) {
            mutable.update { it.copy(failure = failure) }
        }
    }

    /** With the PIN that opens the records, or the one that was chosen for them. */
    fun unlock(pin: String) = opening { if (choosing) encrypt(pin) else unlock(pin) }

    /** No PIN for now: the records lie open until the next start. */
    fun later() {
        if (choosing) opening { Device.open(folder) }
    }

    /** From here on the desk can help: what is shown is for it. */
    fun forgot() {
        scope.launch {
            try {
                val shown = vault.challenge()
                mutable.update { it.copy(shown = shown, failure = if (shown == null) FieldFailure.NoRecovery() else null) }
            } catch (failure: FieldFailure) {
                mutable.update { it.copy(failure = failure) }
            }
        }
    }

    /** The PIN came back to mind. */
    fun remembered() = mutable.update { it.copy(shown = null, failure = null) }

    fun recover(
        code: String,
        pin: String,
    ) = opening { recover(code.trim(), pin) }

    /** Ends with whoever works next. */
    fun end() = scope.cancel()

    private fun opening(work: suspend DeviceVault.() -> Device) {
        if (state.value.busy) return
        mutable.update { it.copy(busy = true, failure = null) }
        scope.launch {
            val device =
                try {
                    patiently { vault.work() }
                } catch (failure: FieldFailure) {
                    look()
                    mutable.update { it.copy(busy = false, failure = failure) }
                    return@launch
                }
            opened(device)
        }
    }

    private companion object {
        const val SECOND = 1_000L
    }
}
