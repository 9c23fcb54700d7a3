package sanben.app

import android.Manifest.permission.POST_NOTIFICATIONS
import android.annotation.SuppressLint
import android.app.AlarmManager
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.PendingIntent.FLAG_IMMUTABLE
import android.app.PendingIntent.FLAG_UPDATE_CURRENT
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.os.Build
import androidx.core.app.NotificationCompat
import androidx.core.app.NotificationManagerCompat
import androidx.core.content.ContextCompat
import sanben.field.Alarm

/** A notification that opens the app. */
fun noteOf(
    context: Context,
    name: Int,
    channel: String,
): NotificationCompat.Builder {
    val made = NotificationChannel(channel, context.getString(name), NotificationManager.IMPORTANCE_DEFAULT)
    NotificationManagerCompat.from(context).createNotificationChannel(made)
    val open = PendingIntent.getActivity(context, 0, Intent(context, MainActivity::class.java), FLAG_IMMUTABLE)
    return NotificationCompat
        .Builder(context, channel)
        .setSmallIcon(R.drawable.icon)
        .setContentIntent(open)
        .setAutoCancel(true)
}

fun mayNotify(context: Context): Boolean =
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
        ContextCompat.checkSelfPermission(context, POST_NOTIFICATIONS) == PERMISSION_GRANTED
    } else {
        NotificationManagerCompat.from(context).areNotificationsEnabled()
    }

/** Without leave nothing is shown, and nothing is lost: the first screen says the same. */
@SuppressLint("MissingPermission")
fun show(
    context: Context,
    id: Int,
    note: NotificationCompat.Builder,
) {
    if (mayNotify(context)) NotificationManagerCompat.from(context).notify(id, note.build())
}

/** The reminders as the system's own alarms, a few minutes late where it saves its battery. */
class Alarms(
    private val context: Context,
) {
    private val system = context.getSystemService(AlarmManager::class.java)

    /** In the place of all earlier ones. */
    fun set(alarms: List<Alarm>) {
        for (place in 0 until PLACES) {
            val alarm = alarms.getOrNull(place)
            val sent = Intent(context, AlarmReceiver::class.java).putExtra(TEXT, alarm?.text).putExtra(PLACE, place)
            val pending = PendingIntent.getBroadcast(context, place, sent, FLAG_IMMUTABLE or FLAG_UPDATE_CURRENT)
            if (alarm == null) {
                system.cancel(pending)
            } else {
                system.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, alarm.at.toEpochMilli(), pending)
            }
        }
    }

    companion object {
        const val TEXT = "text"
        const val PLACE = "place"
        private const val PLACES = 32
    }
}

/** An alarm's hour has come. */
class AlarmReceiver : BroadcastReceiver() {
    override fun onReceive(
        context: Context,
        intent: Intent,
    ) {
        val text = intent.getStringExtra(Alarms.TEXT) ?: return
        remind(context, intent.getIntExtra(Alarms.PLACE, 0), text)
    }
}

/** The phone has restarted and its system has forgotten the alarms: they are set again, whoever has to unlock what. */
class RestartReceiver : BroadcastReceiver() {
    override fun onReceive(
        context: Context,
        intent: Intent,
    ) {
        if (intent.action != Intent.ACTION_BOOT_COMPLETED) return
        val restarted = (context.applicationContext as SanbenApplication).shell.restarted()
        Alarms(context).set(restarted.alarms)
        restarted.missed?.let { remind(context, 0, it) }
    }
}

private fun remind(
    context: Context,
    place: Int,
    text: String,
) {
    val note = noteOf(context, R.string.channel_reminders, "reminders").setContentTitle(context.getString(R.string.app_name)).setContentText(text)
    show(context, FIRST + place, note)
}

private const val FIRST = 100
