package sanben.app

import android.content.Context
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.NetworkType
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeoutOrNull
import sanben.FieldFailure
import sanben.SyncBudget
import sanben.device.reminderPlan
import sanben.field.Language
import sanben.field.ShellState
import sanben.field.Texts
import sanben.field.isQuiet
import java.util.concurrent.TimeUnit

/**
 * A sync now and then while the app is not in front. A bonus, never a need: battery savers may never let it run,
 * and everything is delivered the next time the app is opened.
 */
class SyncWork(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val app = applicationContext as SanbenApplication
        val opened = withTimeoutOrNull(OPENING) { app.shell.state.first { it !is ShellState.Opening } }
        val session = (opened as? ShellState.Working)?.session ?: return Result.success()
        return try {
            session.device.sync(SyncBudget(millis = MILLIS, bytes = BYTES))
            val refused = session.device.counts().rejected
            val quiet = session.device.reminderPlan().isQuiet(session.moments.time())
            if (refused > 0 && !quiet) remind(session.texts, refused)
            Result.success()
        } catch (_: FieldFailure.Network) {
            Result.retry()
        } catch (_: FieldFailure) {
            // Told on the screen, where something can be done about it.
            Result.success()
        } finally {
            if (!app.shell.front) session.device.suspendStore()
        }
    }

    private fun remind(
        texts: Texts,
        refused: Long,
    ) {
        val note =
            noteOf(applicationContext, R.string.channel_attention, CHANNEL)
                .setContentTitle(texts["task.refused", "n" to refused])
                .setContentText(texts["task.refused-hint"])
        show(applicationContext, NOTE, note)
    }

    companion object {
        private const val CHANNEL = "attention"
        private const val NOTE = 1
        private const val OPENING = 10_000L
        private const val MILLIS = 60_000L
        private const val BYTES = 4_000_000L
        private const val MINUTES = 30L

        fun schedule(context: Context) {
            val connected = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()
            val work =
                PeriodicWorkRequestBuilder<SyncWork>(MINUTES, TimeUnit.MINUTES).setConstraints(connected).build()
            WorkManager.getInstance(context).enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, work)
        }
    }
}
