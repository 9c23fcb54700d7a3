package sanben.device

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.mapNotNull
import sanben.Changes
import sanben.FieldObserver
import java.util.concurrent.atomic.AtomicReference

/** Whether a batch says that everything may have changed. */
val Changes.everything: Boolean get() = this === EVERYTHING

private val EVERYTHING =
    Changes(emptyList(), emptyList(), emptyList(), emptyList(), reference = true, outbox = true, drafts = true)

/**
 * What changed, in batches. The first one comes at once and says [everything]: whoever collects is registered
 * by then, so loading on each batch misses nothing. Batches that nobody has taken yet are joined into one, so
 * a slow collector holds up neither the writer nor memory. Ending the collection ends the observation.
 */
fun Device.changes(): Flow<Changes> {
    val untaken = AtomicReference<Changes?>(EVERYTHING)
    return callbackFlow {
        untaken.set(EVERYTHING)
        val observer =
            object : FieldObserver {
                override fun changed(changes: Changes) {
                    untaken.accumulateAndGet(changes) { before, new -> if (before == null) new else before + new!! }
                    trySend(Unit)
                }
            }
        val observation = observe(observer)
        trySend(Unit)
        awaitClose {
            observation.stop()
            observation.close()
        }
    }.buffer(Channel.CONFLATED).mapNotNull { untaken.getAndSet(null) }
}

private operator fun Changes.plus(later: Changes): Changes =
    if (everything || later.everything) {
        EVERYTHING
    } else {
        Changes(
            cases = (cases + later.cases).distinct(),
            patrols = (patrols + later.patrols).distinct(),
            matters = (matters + later.matters).distinct(),
            photos = (photos + later.photos).distinct(),
            reference = reference || later.reference,
            outbox = outbox || later.outbox,
            drafts = drafts || later.drafts,
        )
    }
