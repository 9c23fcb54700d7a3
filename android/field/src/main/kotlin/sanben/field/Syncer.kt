package sanben.field

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import sanben.FieldFailure
import sanben.SyncReport
import sanben.device.Device
import sanben.device.changes
import java.time.Clock
import java.time.Duration
import java.time.Instant
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** How the way to the server stands; nothing in it is a guess. */
data class SyncState(
    /** Own pieces of work that wait for the server. */
    val pending: Long = 0,
    /** Own photos, and how many of them the server has confirmed. */
    val photos: Long = 0,
    val photosDelivered: Long = 0,
    /** Own work that was refused. */
    val attention: Long = 0,
    val running: Boolean = false,
    /** How far the sync under way has come. */
    val progress: SyncReport? = null,
    val lastSuccess: Instant? = null,
    val failure: FieldFailure? = null,
    /** When the next try comes by itself; `null` when none will. */
    val nextTry: Instant? = null,
) {
    val delivered: Boolean get() = pending == 0L && photos == photosDelivered
}

/** Syncs when the [policy] says so, and says how it went. */
class Syncer(
    private val device: Device,
    private val clock: Clock,
    private val policy: SyncPolicy = SyncPolicy(),
) {
    private val triggers = Channel<Trigger>(Channel.CONFLATED)
    private val mutable = MutableStateFlow(SyncState())
    private var failures = 0
    private var running: Job? = null

    val state: StateFlow<SyncState> = mutable.asStateFlow()

    fun trigger(trigger: Trigger) {
        triggers.trySend(trigger)
    }

    /** Runs until the scope ends. */
    fun start(scope: CoroutineScope) {
        scope.launch { device.changes().collect { counted() } }
        scope.launch {
            var wait: Duration? = Duration.ZERO
            while (true) {
                delay(policy.pause(next(wait)).toMillis())
                val attempt = launch { wait = attempt() }
                running = attempt
                attempt.join()
                running = null
            }
        }
    }

    /** Stops the sync that is under way; what was done stays done. */
    suspend fun stop() {
        running?.cancelAndJoin()
        mutable.update { it.copy(running = false, progress = null) }
    }

    /**
     * Stays up to date while the app is in front: the server says when there is something. Runs until it is
     * cancelled. Without pokes the waiting times still hold, so whatever goes wrong here costs time only.
     */
    suspend fun live() {
        var rest = SyncPolicy.LEAST_REST
        while (true) {
            state.first { !it.running && it.lastSuccess != null && it.failure == null }
            val asked = TimeSource.Monotonic.markNow()
            val poked =
                try {
                    device.poked()
                } catch (_: FieldFailure) {
                    null
                }
            // Who answers at once, again and again, is asked less and less often.
            rest = policy.rest(rest, asked.elapsedNow().toJavaDuration())
            if (poked == true) trigger(Trigger.NOTICED)
            delay(rest.toMillis())
        }
    }

    private suspend fun next(wait: Duration?): Trigger =
        if (wait == null) {
            triggers.receive()
        } else {
            withTimeoutOrNull(wait.toMillis()) { triggers.receive() } ?: Trigger.WAITED
        }

    private suspend fun attempt(): Duration? {
        mutable.update { it.copy(running = true, progress = null, nextTry = null) }
        val failure =
            try {
                device.sync { report -> mutable.update { it.copy(progress = report) } }
                null
            } catch (failure: FieldFailure) {
                failure
            }
        failures = if (failure == null) 0 else failures + 1
        val wait =
            if (failure == null) SyncPolicy.REGULARLY else policy.backoff(failure, failures, askedByServer())
        counted()
        mutable.update {
            it.copy(
                running = false,
                progress = null,
                failure = failure,
                lastSuccess = if (failure == null) clock.instant() else it.lastSuccess,
                nextTry = wait?.let(clock.instant()::plus),
            )
        }
        return wait
    }

    private suspend fun askedByServer(): Duration? = device.nextTry()?.let { Duration.between(clock.instant(), it) }

    private suspend fun counted() {
        val counts = device.counts()
        mutable.update {
            it.copy(
                pending = counts.pending,
                photos = counts.photos,
                photosDelivered = counts.photosDelivered,
                attention = counts.rejected,
            )
        }
    }
}
