package sanben.device

import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.launch
import sanben.CancelToken
import sanben.DoorEvent
import sanben.DoorListener

/** What an open door tells: first its address, then who came. */
sealed interface Door {
    /** Shown, so that others can type or scan it. */
    data class Open(
        val address: String,
    ) : Door

    data class Came(
        val event: DoorEvent,
    ) : Door
}

/**
 * Collects the sealed work of others in the same network for as long as somebody collects this flow; the next
 * sync hands it to the server. Leaving the flow closes the door.
 */
fun Device.collecting(listen: String = "0.0.0.0:0"): Flow<Door> =
    callbackFlow {
        val listener =
            object : DoorListener {
                override fun opened(address: String) {
                    trySend(Door.Open(address))
                }

                override fun came(event: DoorEvent) {
                    trySend(Door.Came(event))
                }
            }
        CancelToken().use { closed ->
            launch { call { collect(listen, listener, closed) } }
            awaitClose { closed.cancel() }
        }
    }
