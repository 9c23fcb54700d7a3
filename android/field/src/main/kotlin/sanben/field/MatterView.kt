package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import sanben.FeatureForm
import sanben.FieldFailure
import sanben.FieldValue
import sanben.MatterDetail
import sanben.MatterEntry
import sanben.MatterFigure
import sanben.MatterQuery
import sanben.ShownField
import sanben.device.changes
import sanben.device.features
import sanben.device.matter
import sanben.device.matters
import java.time.Instant
import java.util.UUID

/** One event of the thread in words. */
data class MatterEvent(
    val event: UUID,
    val what: String,
    val who: String,
    val at: Instant,
    val doubtful: Boolean,
    /** What each field is called, and what it says. */
    val facts: List<Pair<String, String>>,
    val photos: List<String>,
    val idle: Boolean,
    val disputed: Boolean,
)

/** What is open: what, until when, with whom. */
data class MatterTodo(
    val what: String,
    val due: Instant?,
    val late: Boolean,
    val who: String?,
)

data class MatterViewState(
    val matter: MatterDetail? = null,
    val gone: Boolean = false,
    val point: String? = null,
    val person: String? = null,
    val home: String = "",
    val todo: List<MatterTodo> = emptyList(),
    /** What each figure is called, and how much it is. */
    val figures: List<Pair<String, String>> = emptyList(),
    val thread: List<MatterEvent> = emptyList(),
    val belonging: List<MatterRow> = emptyList(),
    /** What can be opened as a part of this. */
    val parts: List<FeatureForm> = emptyList(),
    val item: ItemState = ItemState.NotOwn,
)

/** One matter of any feature: how it stands, what is open, what happened, and what this person may do now. */
class MatterView(
    private val session: Session,
    private val id: UUID,
) {
    private val mutable = MutableStateFlow(MatterViewState())
    private val tongue = session.texts.tongue
    val state: StateFlow<MatterViewState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, names -> names }.collect { load(it) }
    }

    private suspend fun load(names: Names) {
        val matter =
            try {
                session.device.matter(id, tongue)
            } catch (_: FieldFailure.NotFound) {
                mutable.update { MatterViewState(gone = true) }
                return
            }
        val reviewed = session.device.outbox().inReview()
        val belonging = session.device.matters(MatterQuery(about = id), tongue).rows
        val parts = session.device.features(tongue).filter { form -> form.header.any { it.name == "about" } }
        val thread = matter.thread.map { it.told(names, matter) }
        mutable.update {
            MatterViewState(
                matter = matter,
                point = matter.point?.let(names::point),
                person = matter.person?.let(names::person),
                home = names.unit(matter.home),
                todo = matter.todo(names),
                figures = matter.figures.map { figure -> figure.label to figure.words() },
                thread = thread,
                belonging = belonging.map { line -> line.row(line.id in reviewed, names) },
                parts = parts.takeUnless { matter.closed }.orEmpty(),
                item = itemState(matter.delivery, id in reviewed),
            )
        }
    }

    private fun MatterDetail.todo(names: Names) =
        open.map {
            val who = it.person?.let(names::person) ?: it.unit?.let(names::unit)
            MatterTodo(it.what, it.due, it.due?.let { due -> due < session.moments.now() } == true, who)
        }

    private fun MatterFigure.words(): String {
        val all = whole
        val share = perMille
        return when {
            minutes -> session.texts["figure.minutes", "h" to amount / HOUR, "m" to amount % HOUR]
            all == null -> "$amount"
            share == null -> "$amount/$all"
            else -> session.texts["figure.share", "part" to amount, "whole" to all, "percent" to "${share / TEN}.${share % TEN}"]
        }
    }

    private suspend fun MatterEntry.told(
        names: Names,
        matter: MatterDetail,
    ) = MatterEvent(
        event = event,
        what = actLabel.ifEmpty { session.texts["act.unknown"] },
        who = names.person(by),
        at = at,
        doubtful = doubtful,
        facts = fields.mapNotNull { field -> words(field, names, matter)?.let { field.label to it } },
        photos = fields.flatMap { (it.value as? FieldValue.Photos)?.hashes.orEmpty() },
        idle = idle,
        disputed = disputed,
    )

    private suspend fun words(
        field: ShownField,
        names: Names,
        matter: MatterDetail,
    ): String? =
        when (val value = field.value) {
            is FieldValue.Text -> value.text
            is FieldValue.Count -> "${value.count}"
            is FieldValue.Fraction -> "${value.part}/${value.whole}"
            is FieldValue.Day -> session.moments.day(value.day)
            is FieldValue.Time -> value.time
            is FieldValue.Person -> names.person(value.code)
            is FieldValue.Unit -> names.unit(value.code)
            is FieldValue.Point -> names.point(value.code)
            is FieldValue.Points -> value.codes.listed(names::point)
            is FieldValue.Standard -> names.standard(value.code)
            is FieldValue.Document -> session.called(value.id)
            is FieldValue.Documents -> value.ids.listed { session.called(it) }
            is FieldValue.Event -> matter.thread.firstOrNull { it.event == value.id }?.let { "${names.person(it.by)} · ${it.actLabel}" }
            is FieldValue.Choice -> field.choiceLabel ?: value.name
            is FieldValue.Yes -> session.texts[if (value.yes) "form.yes" else "form.no"]
            is FieldValue.Photos -> null
        }

    /** A few by name, of many how many. */
    private inline fun <T> List<T>.listed(called: (T) -> String): String {
        val few = take(NAMED).map(called)
        val names = few.joinToString(session.texts["list.and"])
        return if (size > NAMED) session.texts["figure.and-others", "names" to names, "n" to size] else names
    }

    private companion object {
        const val HOUR = 60
        const val TEN = 10
        const val NAMED = 6
    }
}
