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
import sanben.InvalidInput
import sanben.VaultState
import sanben.device.Device
import sanben.device.DeviceVault
import sanben.encrypts
import sanben.isWeakPin
import java.nio.file.Path
import java.time.Clock
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import kotlin.io.path.div

sealed interface ShellState {
    data object Opening : ShellState

    /** Nobody works here yet, or somebody new wants to: address and code from the desk. */
    data class Enrolling(
        val busy: Boolean = false,
        val failure: FieldFailure? = null,
        /** A PIN is chosen in the same go. */
        val pin: Boolean = false,
    ) : ShellState

    /** Somebody's records want their PIN. Whoever else works here can be chosen all the same. */
    data class Locked(
        val user: User,
        val unlocking: Unlocking,
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
    private val locksAfter: Duration = Duration.ofMinutes(5),
) {
    private val mutable = MutableStateFlow<ShellState>(ShellState.Opening)
    private val switching = Mutex()

    /** One for each folder that was asked for: the wait after wrong PINs is counted while it lives. */
    private val vaults = ConcurrentHashMap<Path, DeviceVault>()
    private var asleepSince: Long? = null
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
        mutable.value = ShellState.Enrolling(pin = encrypting())
    }

    private fun encrypting() = ports.keystore != null && encrypts()

    private fun vault(folder: Path): DeviceVault? =
        ports.keystore?.takeIf { encrypts() }?.let { keystore ->
            vaults.computeIfAbsent(folder) { DeviceVault(it, keystore) }
        }

    fun language(language: Language) {
        settings.change { it.copy(language = language) }
        (state.value as? ShellState.Working)?.let { switch(it.user) }
    }

    fun enrol(
        url: String,
        code: String,
        pin: String = "",
    ) {
        scope.launch {
            switching.withLock {
                mutable.value = ShellState.Enrolling(busy = true, pin = encrypting())
                try {
                    val device = begin(pin)
                    try {
                        val person = device.enrol(url.trim(), code.trim()).person
                        enter(users.add(device.folder, person), device)
                    } catch (failure: FieldFailure) {
                        device.close()
                        throw failure
                    }
                } catch (failure: FieldFailure) {
                    mutable.value = ShellState.Enrolling(failure = failure, pin = encrypting())
                }
            }
        }
    }

    /** Where somebody new begins. What was begun under another PIN, or has lost its key, is left alone. */
    private suspend fun begin(pin: String): Device {
        val begun = users.newFolder()
        val vault = vault(begun) ?: return Device.open(begun)
        if (isWeakPin(pin)) throw FieldFailure.Invalid(InvalidInput.WEAK_PIN)
        return try {
            when (vault.state()) {
                is VaultState.New -> vault.create(pin)
                is VaultState.Locked -> vault.unlock(pin)
                is VaultState.Plain -> vault.encrypt(pin)
                is VaultState.Lost -> vault(users.freshFolder())!!.create(pin)
            }
        } catch (failure: FieldFailure) {
            if (failure !is FieldFailure.WrongPin && failure !is FieldFailure.PinWait) throw failure
            vault(users.freshFolder())!!.create(pin)
        }
    }

    private suspend fun open(user: User) {
        leave()
        mutable.value = ShellState.Opening
        try {
            val vault = vault(user.folder)
            when (vault?.state()) {
                null, is VaultState.New -> enter(user, patiently { Device.open(user.folder) })
                is VaultState.Locked, is VaultState.Plain -> lock(user, vault)
                is VaultState.Lost -> throw FieldFailure.KeyLost("")
            }
        } catch (failure: FieldFailure) {
            mutable.value = ShellState.Broken(user, failure)
        }
    }

    private suspend fun lock(
        user: User,
        vault: DeviceVault,
    ) {
        val choosing = vault.state() is VaultState.Plain
        lateinit var unlocking: Unlocking
        unlocking =
            Unlocking(vault, choosing, scope) { device ->
                // In a coroutine of its own: entering ends this one.
                scope.launch {
                    switching.withLock {
                        val here = state.value as? ShellState.Locked
                        if (here?.unlocking === unlocking) enter(user, device) else device.close()
                    }
                }
            }
        mutable.value = ShellState.Locked(user, unlocking)
        unlocking.start()
    }

    private suspend fun enter(
        user: User,
        device: Device,
    ) {
        leave()
        try {
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
        (state.value as? ShellState.Locked)?.unlocking?.end()
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
                ports.remind(emptyList(), asking = false)
                users.last()?.let { open(it) } ?: enrolling()
            }
        }
    }

    /** The phone has restarted, and its system has forgotten every alarm. What it had to say needs no PIN. */
    fun restarted(): Restarted = restarted(users.last()?.let { KeptAlarms(it.folder).read() }.orEmpty(), clock.instant())

    /** The app is in front: news comes by itself. */
    fun wake() {
        front = true
        val slept = asleepSince?.let { Duration.ofNanos(System.nanoTime() - it) }
        asleepSince = null
        val left = (state.value as? ShellState.Working)?.takeIf { slept != null && slept >= locksAfter }
        if (left != null && vault(left.user.folder) != null) return switch(left.user)
        val working = state.value as? ShellState.Working ?: return
        working.session.syncer.trigger(Trigger.NOTICED)
        // Reminders may have come meanwhile.
        working.session.attempt { working.session.reminders.load() }
        follow(working.session)
    }

    /** The app is about to sleep: nothing is held open behind its back. */
    suspend fun sleep() {
        front = false
        asleepSince = System.nanoTime()
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
