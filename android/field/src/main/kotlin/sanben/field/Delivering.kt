package sanben.field

import sanben.Delivery
import sanben.FieldFailure
import sanben.OutboxEntry
import sanben.OutboxState
import java.util.UUID

/** What became of the own work on one case, told truly. */
sealed interface ItemState {
    /** Nothing of this device's own is in it. */
    data object NotOwn : ItemState

    data class Waiting(
        val pieces: Long,
    ) : ItemState

    /** The words are with the server, photos are still on their way. */
    data class Photos(
        val delivered: Long,
        val all: Long,
    ) : ItemState

    data object Delivered : ItemState

    /** The server keeps it until somebody of the desk has looked at it. */
    data object InReview : ItemState

    data class Refused(
        val pieces: Long,
    ) : ItemState
}

/** What matters most comes first: what was refused needs a person, what waits does not. */
fun itemState(
    delivery: Delivery,
    inReview: Boolean,
): ItemState =
    when {
        delivery.rejected > 0 -> ItemState.Refused(delivery.rejected)
        inReview -> ItemState.InReview
        delivery.pending > 0 -> ItemState.Waiting(delivery.pending)
        delivery.photosDelivered < delivery.photos -> ItemState.Photos(delivery.photosDelivered, delivery.photos)
        delivery.accepted > 0 -> ItemState.Delivered
        else -> ItemState.NotOwn
    }

/** The documents of which something is in review. */
fun List<OutboxEntry>.inReview(): Set<UUID> = filter { it.state is OutboxState.InReview }.map { it.document }.toSet()

fun Texts.of(item: ItemState): String? =
    when (item) {
        is ItemState.NotOwn -> null
        is ItemState.Waiting -> this["item.waiting"]
        is ItemState.Photos -> this["item.photos", "delivered" to item.delivered, "n" to item.all]
        is ItemState.Delivered -> this["item.delivered"]
        is ItemState.InReview -> this["item.in-review"]
        is ItemState.Refused -> this["item.refused"]
    }

/** The one line about the way to the server: how it stands, and what comes next. */
data class SyncLine(
    val mark: Mark,
    val text: String,
    val next: String?,
    /** Where what is the matter is put right; elsewhere only another try can help. */
    val way: Route? = null,
)

/** The shape beside a line, so that no meaning hangs on colour alone. */
enum class Mark { DONE, WAITING, RUNNING, TROUBLE, ATTENTION }

fun SyncState.line(
    texts: Texts,
    moments: Moments,
): SyncLine {
    val waiting =
        listOfNotNull(
            pending.takeIf { it > 0 }?.let { texts["sync.pending", "n" to it] },
            (photos - photosDelivered).takeIf { it > 0 }?.let { texts["sync.photos", "n" to it] },
        ).joinToString(texts["list.and"])
    val next = nextTry?.let { texts["sync.next", "time" to moments.at(it)] }
    val last = lastSuccess?.let { texts["sync.last", "time" to moments.at(it)] }
    return when {
        running -> {
            SyncLine(Mark.RUNNING, texts["sync.running"], waiting.ifEmpty { null })
        }

        // The commonest of all, so the shortest: on the street one glance has to do.
        failure is FieldFailure.Network -> {
            val kept =
                listOfNotNull(
                    pending.takeIf { it > 0 }?.let { texts["sync.kept", "n" to it] },
                    (photos - photosDelivered).takeIf { it > 0 }?.let { texts["sync.kept-photos", "n" to it] },
                )
            val text =
                if (kept.isEmpty()) {
                    texts["sync.offline-idle"]
                } else {
                    texts["sync.offline", "waiting" to kept.joinToString(texts["list.with"])]
                }
            SyncLine(Mark.TROUBLE, text, next ?: last)
        }

        failure is FieldFailure.UnknownDevice -> {
            val doing = listOf(waiting, texts["sync.enrol-again"]).filter { it.isNotEmpty() }
            SyncLine(Mark.TROUBLE, texts.of(failure), doing.joinToString(texts["list.and"]), Route.EnrolAgain)
        }

        failure != null -> {
            SyncLine(Mark.TROUBLE, texts.of(failure), waiting.ifEmpty { null } ?: next ?: last)
        }

        !delivered -> {
            SyncLine(Mark.WAITING, waiting, next)
        }

        lastSuccess == null -> {
            SyncLine(Mark.WAITING, texts["sync.not-yet"], null)
        }

        else -> {
            SyncLine(Mark.DONE, texts["sync.delivered"], last)
        }
    }
}
