package sanben.field

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import sanben.FieldFailure
import java.util.UUID

/**
 * The edits of a draft: each is saved by itself, in the order it was made. The draft is begun with the first, so that
 * looking at an empty form leaves no ghost behind. What cannot be saved is kept, to be saved again.
 */
internal class Edits(
    private val session: Session,
    private val begin: suspend () -> UUID,
    /** Hears of the draft, and why an edit that is shown is not saved. */
    private val hear: (UUID?, FieldFailure?) -> Unit,
) {
    private val made = Channel<suspend () -> Unit>(Channel.UNLIMITED)
    private val unsaved = mutableListOf<suspend () -> Unit>()

    @Volatile var draft: UUID? = null
        private set

    @Volatile var failure: FieldFailure? = null
        private set

    fun start() {
        session.scope.launch { for (edit in made) edit() }
    }

    /** Goes on with a draft; with none, another is begun by the next edit. */
    fun goOn(with: UUID?) {
        draft = with
        hear(draft, failure)
    }

    private fun failed(with: FieldFailure?) {
        failure = with
        hear(draft, failure)
    }

    /** The draft, begun if there is none yet. */
    suspend fun begun(): UUID = draft ?: begin().also(::goOn)

    /** Saves one edit after those before it. What cannot be saved stays on the screen, marked as unsaved. */
    fun save(edit: suspend (UUID) -> Unit) {
        lateinit var step: suspend () -> Unit
        step = {
            try {
                edit(begun())
                if (unsaved.isEmpty() && failure != null) failed(null)
            } catch (failure: FieldFailure) {
                if (failure is FieldFailure.Photo || failure is FieldFailure.File) {
                    session.tell(session.texts.of(failure))
                } else {
                    unsaved += step
                    failed(failure)
                }
            }
        }
        made.trySend(step)
    }

    /** Saves what could not be saved before: the person has made room. */
    fun saveAgain() {
        made.trySend {
            val again = unsaved.toList()
            unsaved.clear()
            failed(null)
            again.forEach { it() }
        }
    }

    /** Waits until every edit so far is saved or marked. */
    suspend fun settled() {
        val done = CompletableDeferred<Unit>()
        made.send { done.complete(Unit) }
        done.await()
    }

    /** The screen goes away; edits that were made are still saved. */
    fun close() {
        made.close()
    }
}
