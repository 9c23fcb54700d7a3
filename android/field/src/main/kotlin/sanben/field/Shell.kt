package sanben.field

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import sanben.FieldFailure
import sanben.device.Device
import java.nio.file.Path
import java.time.Clock
import kotlin.io.path.div

sealed interface ShellState {
    data object Opening : ShellState

    /** Nobody works here yet, or somebody new wants to: address and code from the desk. */
    data class Enrolling(
        val busy: Boolean = false,
        val failure: FieldFailure? = null,
    ) : ShellState

    data class Working(
        val user: User,
        val session: Session,
    ) : ShellState

    /** The store cannot be opened; it is kept as it is. */
    data class Broken(
        val user: User?,
        val failure: FieldFailure,
    ) : ShellState
}

/**
 * The whole app on one device: who works, in which language. On a shared tablet each person has a store of
 * their own, with their own drafts and outbox; switching closes one and opens another, and is never refused.
 */
class Shell(
    private val root: Path,
    private val ports: Ports,
    private val scope: CoroutineScope,
    private val clock: Clock = Clock.systemUTC(),
) {
    private val mutable = MutableStateFlow<ShellState>(ShellState.Opening)
    private val switching = Mutex()
    private var live: Job? = null

    /** Whether somebody is looking. */
    @Volatile var front = false
        private set
    val users = Users(root)
    val settings = Settings(root / "settings.properties")
    val state: StateFlow<ShellState> = mutable.asStateFlow()

    fun texts(): Texts = Texts(settings.state.value.language)

    /** Opens the store of whoever worked last. */
    fun start() {
        scope.launch { switching.withLock { users.last()?.let { open(it) } ?: enrolling() } }
    }

    fun switch(user: User) {
        scope.launch { switching.withLock { open(user) } }
    }

    /** Somebody new: those who are here keep everything. */
    fun welcome() {
        scope.launch {
            switching.withLock {
                leave()
                enrolling()
            }
        }
    }

    private fun enrolling() {
        mutable.value = ShellState.Enrolling()
    }

    fun language(language: Language) {
        settings.change { it.copy(language = language) }
        (state.value as? ShellState.Working)?.let { switch(it.user) }
    }

    fun enrol(
        url: String,
        code: String,
    ) {
        scope.launch {
            switching.withLock {
                mutable.value = ShellState.Enrolling(busy = true)
                val folder = users.newFolder()
                try {
                    val person = Device.open(folder).use { it.enrol(url.trim(), code.trim()).person }
                    open(users.add(folder, person))
                } catch (failure: FieldFailure) {
                    mutable.value = ShellState.Enrolling(failure = failure)
                }
            }
        }
    }

    private suspend fun open(user: User) {
        leave()
        mutable.value = ShellState.Opening
        try {
            val device = Device.open(user.folder)
            val session = Session(device, texts(), ports, clock, scope)
            session.start()
            users.works(user)
            scope.launch { session.names.collect { names -> names.me?.let { users.name(user, it.name) } } }
            mutable.value = ShellState.Working(user, session)
            if (front) follow(session)
        } catch (failure: FieldFailure) {
            mutable.value = ShellState.Broken(user, failure)
        }
    }

    private fun follow(session: Session) {
        live?.cancel()
        live = scope.launch { session.syncer.live() }
    }

    private suspend fun leave() {
        live?.cancelAndJoin()
        val working = state.value as? ShellState.Working ?: return
        working.session.syncer.stop()
        // A question for a poke may still be open and would hold the store: whoever comes next needs it.
        working.session.device.suspendStore()
        working.session.end()
    }

    /**
     * Takes whoever works here off this device. Refused while anything of theirs is only here: [refused] is told
     * what. Otherwise the next one works, or somebody is enrolled.
     */
    fun remove(refused: (Remaining) -> Unit) {
        scope.launch {
            switching.withLock {
                val working = state.value as? ShellState.Working ?: return@launch
                val remaining = Remaining.of(working.session.device)
                if (remaining.anything) return@launch refused(remaining)
                leave()
                users.remove(working.user)
                users.last()?.let { open(it) } ?: enrolling()
            }
        }
    }

    /** The app is in front: news comes by itself. */
    fun wake() {
        front = true
        val working = state.value as? ShellState.Working ?: return
        working.session.syncer.trigger(Trigger.NOTICED)
        follow(working.session)
    }

    /** The app is about to sleep: nothing is held open behind its back. */
    suspend fun sleep() {
        front = false
        live?.cancelAndJoin()
        val working = state.value as? ShellState.Working ?: return
        working.session.syncer.stop()
        working.session.device.suspendStore()
    }
}

/** What of a person's work is only on this device. */
data class Remaining(
    val pending: Long,
    val photos: Long,
    val refused: Long,
    val drafts: Long,
) {
    val anything: Boolean get() = pending > 0 || photos > 0 || refused > 0 || drafts > 0

    companion object {
        suspend fun of(device: Device): Remaining {
            val counts = device.counts()
            return Remaining(
                pending = counts.pending,
                photos = counts.photos - counts.photosDelivered,
                refused = counts.rejected,
                drafts = counts.drafts,
            )
        }
    }
}
