package sanben.field

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.plus
import sanben.FieldFailure
import sanben.device.Device
import sanben.device.changes
import java.time.Clock

/** One person at work on one device: what every screen of theirs shares. */
class Session(
    val device: Device,
    val texts: Texts,
    val ports: Ports,
    clock: Clock = Clock.systemUTC(),
    parent: CoroutineScope,
    policy: SyncPolicy = SyncPolicy(),
) {
    val scope: CoroutineScope = parent + SupervisorJob()
    val moments = Moments(texts, clock)
    val syncer = Syncer(device, clock, policy)
    val navigator = Navigator()
    private val known = MutableStateFlow(Names.NONE)
    private val notices = MutableStateFlow<String?>(null)

    /** Who and what the codes in records stand for. */
    val names: StateFlow<Names> = known.asStateFlow()

    /** Something the person has to be told, until they have seen it. */
    val notice: StateFlow<String?> = notices.asStateFlow()

    fun start() {
        scope.launch { device.changes().collect { if (it.reference) known.value = Names.read(device) } }
        syncer.start(scope)
    }

    fun tell(notice: String) {
        notices.value = notice
    }

    fun seen() {
        notices.value = null
    }

    /** Does what a person asked for; what goes wrong is told in their language. */
    fun attempt(work: suspend () -> Unit) =
        scope.launch {
            try {
                work()
            } catch (failure: FieldFailure) {
                tell(texts.of(failure))
            }
        }

    /** Always possible: what is not delivered stays in the store of whoever recorded it. */
    fun end() {
        scope.cancel()
        device.close()
    }
}
