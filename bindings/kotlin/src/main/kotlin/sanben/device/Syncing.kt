package sanben.device

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import sanben.CancelToken
import sanben.FieldFailure
import sanben.SyncBudget
import sanben.SyncProgress
import sanben.SyncReport

/**
 * A coroutine's cancel does not reach the core, so a token carries it there. The scope still waits for the
 * call to come back, which is as soon as the request under way is answered: nothing runs on behind it.
 */
internal suspend fun Device.syncing(
    budget: SyncBudget?,
    progress: (SyncReport) -> Unit,
): SyncReport =
    CancelToken().use { token ->
        coroutineScope {
            val call =
                async {
                    try {
                        call { sync(Progress(progress), token, budget) }
                    } catch (_: FieldFailure.Cancelled) {
                        // Only this function has the token: it was the coroutine that was cancelled.
                        throw CancellationException("the sync was cancelled")
                    }
                }
            try {
                call.await()
            } catch (cancelled: CancellationException) {
                token.cancel()
                throw cancelled
            }
        }
    }

private class Progress(
    private val advanced: (SyncReport) -> Unit,
) : SyncProgress {
    override fun advanced(report: SyncReport) = advanced.invoke(report)
}
