package sanben.field

import sanben.FieldFailure
import java.time.Duration
import kotlin.random.Random

/** Why a sync is thought of. */
enum class Trigger {
    /** A person asked for it. It happens at once, whatever went wrong before. */
    ASKED,

    /** The app came to the front, or the network came back. */
    NOTICED,

    /** Something was recorded. A moment later, because more may follow. */
    RECORDED,

    /** The waiting time is over. */
    WAITED,
}

/**
 * When to sync. Waiting times are spans, never points on the wall clock: a clock that is moved back two days
 * must not make two days of it.
 */
class SyncPolicy(
    private val random: Random = Random.Default,
) {
    /** How long to wait after something set it off. */
    fun pause(trigger: Trigger): Duration = if (trigger == Trigger.RECORDED) AFTER_RECORDING else Duration.ZERO

    /**
     * How long to wait after the [failures]th failure in a row, at least as long as the server asked for in
     * [asked]; `null` when only a person's own try makes sense.
     */
    fun backoff(
        failure: FieldFailure,
        failures: Int,
        asked: Duration? = null,
    ): Duration? {
        if (!passes(failure)) return null
        val doubled = FIRST.multipliedBy(1L shl (failures - 1).coerceIn(0, DOUBLINGS))
        val capped = minOf(doubled, LONGEST)
        // Phones that lost the same network do not all come back in the same second.
        val spread = capped.toMillis() * random.nextInt(-SPREAD, SPREAD + 1) / PERCENT
        val server = asked?.coerceIn(Duration.ZERO, LONGEST) ?: Duration.ZERO
        return maxOf(capped.plusMillis(spread), server)
    }

    /** How long to rest before the server is asked again for a poke, after the last [answer] took so long to come. */
    fun rest(
        last: Duration,
        answer: Duration,
    ): Duration = if (answer >= HELD_AT_LEAST) LEAST_REST else minOf(last.multipliedBy(2), LONGEST_REST)

    /** Whether waiting can help. */
    private fun passes(failure: FieldFailure): Boolean =
        when (failure) {
            is FieldFailure.Network, is FieldFailure.Busy, is FieldFailure.Unexpected, is FieldFailure.Full -> true
            else -> false
        }

    companion object {
        val AFTER_RECORDING: Duration = Duration.ofSeconds(2)
        val REGULARLY: Duration = Duration.ofMinutes(10)
        val FIRST: Duration = Duration.ofSeconds(15)
        val LONGEST: Duration = Duration.ofMinutes(15)
        val LEAST_REST: Duration = Duration.ofSeconds(1)
        val LONGEST_REST: Duration = Duration.ofMinutes(1)

        /** A question for a poke that is let go sooner than this was not held open at all. */
        val HELD_AT_LEAST: Duration = Duration.ofSeconds(5)
        private const val DOUBLINGS = 10
        private const val SPREAD = 20
        private const val PERCENT = 100
    }
}
