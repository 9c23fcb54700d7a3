package sanben.field

import java.io.IOException
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.div

/** What the system is asked to say at an instant. It lies outside the encrypted store: nothing of a record stands in it. */
data class Alarm(
    val at: Instant,
    val text: String,
    /** The person set it. */
    val own: Boolean,
)

/** What a phone that has restarted has to say at once, and what at its hour. */
data class Restarted(
    val missed: String?,
    val alarms: List<Alarm>,
)

/** The alarms once more, beside the store: where the system forgets its own, the store may still wait for its PIN. */
internal class KeptAlarms(
    folder: Path,
) {
    private val file = folder / "alarms.properties"

    fun write(alarms: List<Alarm>) {
        try {
            Kept.write(file, alarms.indices.associate { "$it" to written(alarms[it]) })
        } catch (_: IOException) {
            // A full phone: the system has them all the same, until it restarts.
        }
    }

    fun read(): List<Alarm> =
        try {
            val lines = Kept.read(file).values
            lines.mapNotNull(::read).sortedBy { it.at }
        } catch (_: IOException) {
            emptyList()
        }

    private fun written(alarm: Alarm) = "${alarm.at.toEpochMilli()} ${if (alarm.own) OWN else BY_ITSELF} ${alarm.text}"

    private fun read(line: String): Alarm? {
        val (at, whose, text) = line.split(' ', limit = PARTS).takeIf { it.size == PARTS } ?: return null
        return at.toLongOrNull()?.let { Alarm(Instant.ofEpochMilli(it), text, whose == OWN) }
    }

    private companion object {
        const val OWN = "own"
        const val BY_ITSELF = "by-itself"
        const val PARTS = 3
    }
}

/**
 * What came while the phone was off is said once, at whatever hour, if the person set it. What comes by itself is not: it may
 * be a quiet hour, or too late, and the first screen has it.
 */
internal fun restarted(
    alarms: List<Alarm>,
    now: Instant,
): Restarted {
    val (missed, coming) = alarms.partition { it.at <= now }
    return Restarted(missed.lastOrNull { it.own }?.text, coming)
}
