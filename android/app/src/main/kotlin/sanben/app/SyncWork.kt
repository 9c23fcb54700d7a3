package sanben.app

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import androidx.core.app.NotificationCompat
import androidx.core.app.NotificationManagerCompat
import androidx.core.content.ContextCompat
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
import sanben.field.Language
import sanben.field.ShellState
import sanben.field.Texts
import sanben.field.mayRemind
import java.time.LocalTime
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
            if (refused > 0 && mayRemind(LocalTime.now())) remind(session.texts, refused)
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
        val context = applicationContext
        if (ContextCompat.checkSelfPermission(context, POST_NOTIFICATIONS) != PERMISSION_GRANTED) return
        val name = context.getString(R.string.channel_attention)
        val channel = NotificationChannel(CHANNEL, name, NotificationManager.IMPORTANCE_DEFAULT)
        NotificationManagerCompat.from(context).createNotificationChannel(channel)
        val open = Intent(context, MainActivity::class.java)
        val note =
            NotificationCompat
                .Builder(context, CHANNEL)
                .setSmallIcon(R.drawable.icon)
                .setContentTitle(texts["task.refused", "n" to refused])
                .setContentText(texts["task.refused-hint"])
                .setContentIntent(PendingIntent.getActivity(context, 0, open, PendingIntent.FLAG_IMMUTABLE))
                .setAutoCancel(true)
                .build()
        NotificationManagerCompat.from(context).notify(NOTE, note)
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
