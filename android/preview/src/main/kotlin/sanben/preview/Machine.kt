package sanben.preview

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.text.ExperimentalTextApi
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.SystemFont
import org.jetbrains.skia.FontMgr
import org.jetbrains.skia.Image
import sanben.FieldFailure
import sanben.Keystore
import sanben.UnprotectedKeystore
import sanben.device.Device
import sanben.field.Alarm
import sanben.field.Located
import sanben.field.Pictured
import sanben.field.Ports
import sanben.ui.Pictures
import java.nio.file.Path
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.getLastModifiedTime
import kotlin.io.path.isRegularFile
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name

/**
 * What stands for camera, receiver and file chooser on a desktop: the sample photos in turn, a fixed spot of the
 * street, and a folder.
 */
class Machine(
    photos: Path,
    private val given: Path,
    private val place: Located = Located.At(Street.ENTRANCE),
    override val keystore: Keystore? = null,
) : Ports {
    private val album = photos.listDirectoryEntries("*.jpg").sorted()
    private var taken = 0

    override suspend fun place(): Located = place

    override suspend fun picture(): Pictured = Pictured.Taken(album[taken++ % album.size])

    /** What a phone would save or share lies in one folder here, the newest of it is what is chosen. */
    override suspend fun give(written: Path): Boolean {
        val to = given.createDirectories() / written.name
        to.toFile().deleteRecursively()
        println("$to")
        return written.toFile().copyRecursively(to.toFile())
    }

    override suspend fun receive(): Path? =
        given
            .createDirectories()
            .listDirectoryEntries()
            .filter { it.isRegularFile() }
            .maxByOrNull { it.getLastModifiedTime() }

    /** A desktop window is not woken up: what is to come shows under "today" alone. */
    override suspend fun remind(
        alarms: List<Alarm>,
        asking: Boolean,
    ): Boolean = true
}

/** What stands for a phone's keystore: a file, so that it does not protect. */
class KeyInFile(
    file: Path,
) : Keystore {
    private val kept = UnprotectedKeystore(file.toString())

    override fun wrap(plain: ByteArray) = kept.wrap(plain)

    override fun open(wrapped: ByteArray) = kept.open(wrapped)
}

/** Small pictures out of the store, decoded by Skia. */
class StorePictures(
    private val device: Device,
) : Pictures {
    private val decoded = ConcurrentHashMap<String, ImageBitmap>()

    override suspend fun small(
        hash: String,
        shownIn: UUID?,
    ): ImageBitmap? =
        decoded[hash]
            ?: (device.thumbnail(hash) ?: shownIn?.let { fetched(it, hash) })
                ?.let { Image.makeFromEncoded(it).toComposeImageBitmap() }
                ?.also { decoded[hash] = it }

    /** Others' photos come when they are looked at; without a network there is a place for them until then. */
    private suspend fun fetched(
        shownIn: UUID,
        hash: String,
    ): ByteArray? =
        try {
            device.fetchThumbnail(shownIn, hash)
        } catch (_: FieldFailure) {
            null
        }
}

/** Debian's `fonts-noto-cjk`. A phone has letters of its own; a bare machine draws boxes for Chinese without. */
object Letters {
    private const val NOTO = "Noto Sans CJK SC"

    @OptIn(ExperimentalTextApi::class)
    fun family(): FontFamily {
        val there = FontMgr.default.matchFamily(NOTO).count() > 0
        return if (there) {
            FontFamily(
                SystemFont(NOTO, FontWeight.Normal),
                SystemFont(NOTO, FontWeight.Bold),
            )
        } else {
            FontFamily.Default
        }
    }
}
