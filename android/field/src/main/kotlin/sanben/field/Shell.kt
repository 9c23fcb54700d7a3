package sanben.field

import kotlinx.coroutines.CoroutineScope
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
        } catch (failure: FieldFailure) {
            mutable.value = ShellState.Broken(user, failure)
        }
    }

    private suspend fun leave() {
        val working = state.value as? ShellState.Working ?: return
        working.session.syncer.stop()
        working.session.end()
    }

    /** The app is about to sleep: nothing is held open behind its back. */
    suspend fun sleep() {
        val working = state.value as? ShellState.Working ?: return
        working.session.syncer.stop()
        working.session.device.suspendStore()
    }
}
