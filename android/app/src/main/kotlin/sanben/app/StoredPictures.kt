package sanben.app

import android.graphics.BitmapFactory
import android.util.LruCache
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import sanben.FieldFailure
import sanben.device.Device
import sanben.ui.Pictures
import java.util.UUID

/** Small pictures out of the store; others' come when they are looked at and there is a network. */
class StoredPictures(
    private val device: Device,
) : Pictures {
    private val decoded = LruCache<String, ImageBitmap>(KEPT)

    override suspend fun small(
        hash: String,
        shownIn: UUID?,
    ): ImageBitmap? {
        decoded.get(hash)?.let { return it }
        val bytes = device.thumbnail(hash) ?: shownIn?.let { fetched(it, hash) } ?: return null
        return BitmapFactory.decodeByteArray(bytes, 0, bytes.size)?.asImageBitmap()?.also { decoded.put(hash, it) }
    }

    private suspend fun fetched(
        shownIn: UUID,
        hash: String,
    ): ByteArray? =
        try {
            device.fetchThumbnail(shownIn, hash)
        } catch (_: FieldFailure) {
            null
        }

    private companion object {
        const val KEPT = 64
    }
}
