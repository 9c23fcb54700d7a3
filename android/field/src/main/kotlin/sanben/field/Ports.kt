package sanben.field

import sanben.Fix
import sanben.Keystore
import java.nio.file.Path

/** What the machine around the app can do. Each may be missing or denied, and recording goes on without. */
interface Ports {
    /** What keeps the key of encrypted records; `null` on a machine without: records are then not encrypted. */
    val keystore: Keystore? get() = null

    /** Reads the place once, at a tap; never in the background. */
    suspend fun place(): Located

    /** Lets the person take one picture. */
    suspend fun picture(): Pictured

    /**
     * Hands something that was written, a file or a folder, to the person: to keep, send or share. It is theirs
     * when this returns `true`; `false` when they thought better of it.
     */
    suspend fun give(written: Path): Boolean

    /** Lets the person choose a file; `null` when they thought better of it. */
    suspend fun receive(): Path?

    /**
     * Has the system say these, in the place of all earlier ones, though the app sleeps. Leave for it is asked for only
     * where the person is [asking] to be reminded; `false` where the system shows none.
     */
    suspend fun remind(
        alarms: List<Alarm>,
        asking: Boolean,
    ): Boolean = false
}

sealed interface Located {
    data class At(
        val fix: Fix,
    ) : Located

    /** The person, or the system, does not allow it. */
    data object Denied : Located

    /** No fix to be had here. */
    data object Nowhere : Located
}

sealed interface Pictured {
    data class Taken(
        val file: Path,
    ) : Pictured

    data object Denied : Pictured

    /** The camera broke, or its storage is full. */
    data object Failed : Pictured

    /** The person thought better of it. */
    data object Cancelled : Pictured
}
