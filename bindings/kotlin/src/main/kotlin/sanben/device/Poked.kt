package sanben.device

import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.concurrent.thread

/**
 * The question is held open for most of a minute and cannot be taken back, so it has a thread of its own: a
 * coroutine that is cancelled leaves at once, and the answer is not heard.
 */
internal suspend fun Device.listening(): Boolean =
    suspendCancellableCoroutine { waiting ->
        thread(isDaemon = true, name = "sanben-poke") { waiting.resumeWith(runCatching { now { awaitPoke() } }) }
    }
