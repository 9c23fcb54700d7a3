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
import sanben.device.Device
import sanben.field.Located
import sanben.field.Pictured
import sanben.field.Ports
import sanben.ui.Pictures
import java.nio.file.Path
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap
import kotlin.io.path.listDirectoryEntries

/** What stands for camera and receiver on a desktop: the sample photos in turn, and a fixed spot of the street. */
class Machine(
    photos: Path,
    private val place: Located = Located.At(Street.ENTRANCE),
) : Ports {
    private val album = photos.listDirectoryEntries("*.jpg").sorted()
    private var taken = 0

    override suspend fun place(): Located = place

    override suspend fun picture(): Pictured = Pictured.Taken(album[taken++ % album.size])
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
