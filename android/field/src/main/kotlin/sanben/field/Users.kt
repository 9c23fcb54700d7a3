package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.util.Properties
import java.util.UUID
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name

/** Somebody who works on this device. */
data class User(
    val folder: Path,
    val person: String,
    /** Empty until the first sync has brought names. */
    val name: String,
)

/** The stores on this device, each in a folder of its own under `users`, and who worked last. */
class Users(
    root: Path,
) {
    private val folders = (root / "users").createDirectories()
    private val gone = (root / "gone").apply { toFile().deleteRecursively() }
    private val lastWorked = root / "last-user.properties"
    private val mutable = MutableStateFlow(read())
    val all: StateFlow<List<User>> = mutable.asStateFlow()

    fun last(): User? {
        val name = Kept.read(lastWorked)["folder"]
        return all.value.find { it.folder.name == name } ?: all.value.firstOrNull()
    }

    fun works(user: User) = Kept.write(lastWorked, mapOf("folder" to user.folder.name))

    /**
     * Where somebody new is enrolled. One that was begun and not finished is gone on with: its key may be the
     * one that the server has just let in, when only the answer was lost.
     */
    fun newFolder(): Path {
        val begun = folders.listDirectoryEntries().firstOrNull { it.isDirectory() && !(it / USER).exists() }
        return begun ?: freshFolder()
    }

    /** Where nothing was begun. */
    fun freshFolder(): Path = (folders / UUID.randomUUID().toString()).createDirectories()

    fun add(
        folder: Path,
        person: String,
    ): User = User(folder, person, "").also(::write)

    /** Whoever is gone leaves nothing behind. A kill halfway leaves a folder that is nobody's, swept up here or later. */
    fun remove(user: User) {
        Files.move(user.folder, gone.createDirectories() / user.folder.name, StandardCopyOption.ATOMIC_MOVE)
        mutable.value = read()
        gone.toFile().deleteRecursively()
    }

    fun name(
        user: User,
        name: String,
    ) = write(user.copy(name = name))

    private fun write(user: User) {
        Kept.write(user.folder / USER, mapOf("person" to user.person, "name" to user.name))
        mutable.value = read()
    }

    private fun read(): List<User> =
        folders
            .listDirectoryEntries()
            .filter { it.isDirectory() && (it / USER).exists() }
            .map { folder ->
                val kept = Kept.read(folder / USER)
                User(folder, kept["person"].orEmpty(), kept["name"].orEmpty())
            }.sortedBy { it.person }

    private companion object {
        const val USER = "user.properties"
    }
}

/** A few words kept in a file; replaced as a whole, so that a kill leaves the old ones or the new. */
internal object Kept {
    fun read(file: Path): Map<String, String> {
        if (!file.exists()) return emptyMap()
        val kept = Properties()
        Files.newBufferedReader(file).use(kept::load)
        return kept.entries.associate { (key, value) -> "$key" to "$value" }
    }

    fun write(
        file: Path,
        words: Map<String, String>,
    ) {
        val kept = Properties().apply { putAll(words) }
        val next = file.resolveSibling("${file.name}.next")
        Files.newBufferedWriter(next).use { kept.store(it, null) }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE)
    }
}
