package sanben.field

import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import sanben.DoorEvent
import sanben.FieldFailure
import sanben.HandedOver
import sanben.InvalidInput
import sanben.Mailbag
import sanben.device.Door
import sanben.device.collecting

/** The door at which others hand in their work: where it is, and who came. */
data class OpenDoor(
    val address: String? = null,
    val taken: Int = 0,
    val refused: Int = 0,
)

/** What was in a file that somebody brought. */
enum class Brought { TAKEN_ALONG, KNOWN, TAKEN_OVER }

data class CarryState(
    val waiting: Long = 0,
    val photosWaiting: Long = 0,
    val given: Mailbag? = null,
    val handed: HandedOver? = null,
    val brought: Brought? = null,
    val busy: Boolean = false,
    val door: OpenDoor? = null,
)

/**
 * Work on its way without a network: out in a sealed file, over to a device that collects, or taken along for
 * others. Whatever leaves stays in the outbox here until the server itself has answered.
 */
class Carry(
    private val session: Session,
) {
    private val mutable = MutableStateFlow(CarryState())
    private var keeping: Job? = null
    val state: StateFlow<CarryState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away; the door is closed then. */
    suspend fun run() {
        try {
            session.syncer.state.collect { sync ->
                mutable.update { it.copy(waiting = sync.pending, photosWaiting = sync.photos - sync.photosDelivered) }
            }
        } finally {
            keeping?.cancel()
        }
    }

    private fun busily(work: suspend () -> Unit) {
        mutable.update { it.copy(busy = true) }
        session.attempt {
            try {
                work()
            } finally {
                mutable.update { it.copy(busy = false) }
            }
        }
    }

    /** All that waits, as a file that only the server can open. */
    fun export() =
        busily {
            var written: Mailbag? = null
            val given = session.give("${session.moments.today()}.sanben") { written = session.device.exportMailbag(it) }
            if (given) mutable.update { it.copy(given = written) }
        }

    /** A file that somebody brought: sealed work to take along, or refused work to take over. */
    fun receive() =
        busily {
            val file = session.ports.receive() ?: return@busily
            try {
                val new = session.device.takeMailbag(file)
                mutable.update { it.copy(brought = if (new) Brought.TAKEN_ALONG else Brought.KNOWN) }
            } catch (failure: FieldFailure.Invalid) {
                if (failure.reason != InvalidInput.NOT_A_MAILBAG) throw failure
                val case = session.device.takeOver(file)
                mutable.update { it.copy(brought = Brought.TAKEN_OVER) }
                session.navigator.open(Route.Case(case))
            }
            session.syncer.trigger(Trigger.RECORDED)
        }

    /** To a device in the same network, at the address that it shows. */
    fun handOver(address: String) =
        busily {
            val handed = session.device.handOver(address.trim())
            mutable.update { it.copy(handed = handed) }
        }

    /** Lets others in the same network hand in their work here. */
    fun openDoor() {
        if (state.value.door != null) return
        mutable.update { it.copy(door = OpenDoor()) }
        keeping =
            session.attempt {
                try {
                    session.device.collecting().collect { told -> mutable.update { it.copy(door = it.door?.after(told)) } }
                } finally {
                    mutable.update { it.copy(door = null) }
                }
            }
    }

    private fun OpenDoor.after(told: Door): OpenDoor =
        when (told) {
            is Door.Open -> copy(address = told.address)
            is Door.Came -> if (told.event is DoorEvent.Refused) copy(refused = refused + 1) else copy(taken = taken + 1)
        }

    fun closeDoor() {
        session.attempt {
            keeping?.cancelAndJoin()
            session.syncer.trigger(Trigger.RECORDED)
        }
    }
}
