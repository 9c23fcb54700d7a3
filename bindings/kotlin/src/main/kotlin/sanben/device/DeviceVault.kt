package sanben.device

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import sanben.Field
import sanben.Keystore
import sanben.Vault
import sanben.VaultState
import java.nio.file.Path

/**
 * The encrypted store of one folder, which opens with a PIN. Keep one for as long as the folder may be unlocked: the wait
 * after wrong PINs is counted while it lives. A PIN takes a noticeable part of a second, on purpose.
 */
class DeviceVault(
    val folder: Path,
    keystore: Keystore,
    private val dispatcher: CoroutineDispatcher = Dispatchers.IO,
) : AutoCloseable {
    private val core = Vault(folder.toString(), keystore)

    suspend fun state(): VaultState = withContext(dispatcher) { core.state() }

    /** Makes an encrypted store under a PIN. */
    suspend fun create(pin: String): Device = opening { create(pin) }

    /** Makes a store that lies open an encrypted one under a PIN; nobody may have it open. */
    suspend fun encrypt(pin: String): Device = opening { encrypt(pin) }

    suspend fun unlock(pin: String): Device = opening { unlock(pin) }

    /** What somebody who forgot the PIN reads to the desk; `null` while the server has given no codes. */
    suspend fun challenge(): String? = withContext(dispatcher) { core.challenge() }

    /** Opens the store with the code from the desk, and gives it a new PIN. */
    suspend fun recover(
        code: String,
        pin: String,
    ): Device = opening { recover(code, pin) }

    override fun close() = core.close()

    private suspend fun opening(work: Vault.() -> Field): Device =
        withContext(dispatcher) {
            Device(core.work(), dispatcher, folder)
        }
}
