package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import sanben.ActForm
import sanben.Denial
import sanben.FieldFailure
import sanben.FieldFlaw
import sanben.FieldForm
import sanben.FieldShape
import sanben.FieldValue
import sanben.HeaderPart
import sanben.MatterDetail
import sanben.NewMatter
import sanben.device.actOnMatter
import sanben.device.features
import sanben.device.matter
import sanben.device.openMatter
import java.time.LocalDate
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap

data class MatterFormState(
    /** What is done. */
    val title: String = "",
    /** To what, or as part of what. */
    val about: String? = null,
    val fields: List<FieldEntry> = emptyList(),
    val without: Without? = null,
    val sending: Boolean = false,
)

/** One form for every feature: opening a matter, or doing something to one. Nothing is recorded before [submit]. */
class MatterForm(
    private val session: Session,
    private val route: Route.Form,
) {
    private val mutable = MutableStateFlow(MatterFormState())
    private val tongue = session.texts.tongue
    private var matter: MatterDetail? = null
    private val sought = ConcurrentHashMap<String, String>()
    val state: StateFlow<MatterFormState> = mutable.asStateFlow()

    fun begin() {
        session.attempt {
            when (route) {
                is Route.OpenMatter -> beginMatter(route)
                is Route.ActOnMatter -> beginAct(route)
            }
            state.value.fields.forEach { search(it.name, "") }
        }
    }

    private suspend fun beginMatter(route: Route.OpenMatter) {
        val feature = session.device.features(tongue).firstOrNull { it.name == route.feature } ?: throw FieldFailure.Denied(Denial.ROLE)
        val about = route.about?.let { session.device.matter(it, tongue) }
        matter = about
        // What can be left out does not stand in the way of what is asked for.
        val (first, later) = feature.header.map { it.entry(given(it, about)) }.partition { it.required || !it.empty }
        mutable.update {
            it.copy(
                title = feature.label,
                about = about?.run { "$featureLabel · $title" },
                fields = first + feature.open.fields.map { form -> form.entry() } + later,
            )
        }
    }

    private suspend fun beginAct(route: Route.ActOnMatter) {
        val about = session.device.matter(route.id, tongue)
        // Somebody else's act may have come in between.
        val act: ActForm = about.next.firstOrNull { it.name == route.act } ?: throw FieldFailure.Denied(Denial.STEP)
        matter = about
        mutable.update {
            it.copy(
                title = act.label,
                about = "${about.featureLabel} · ${about.title}",
                fields = act.fields.map { form -> form.entry() },
            )
        }
    }

    /** What is known from where the form was opened. */
    private fun given(
        part: HeaderPart,
        about: MatterDetail?,
    ): Option? {
        val opened = route as Route.OpenMatter
        val point = opened.point ?: about?.point
        return when (part.name) {
            POINT -> point?.let { Option(FieldValue.Point(it), session.names.value.point(it)) }
            ABOUT -> about?.let { Option(FieldValue.Document(it.id), it.title, it.featureLabel) }
            else -> null
        }
    }

    private fun HeaderPart.entry(given: Option?): FieldEntry {
        val shape =
            when (name) {
                POINT -> FieldShape.Point
                PERSON -> FieldShape.Person
                else -> FieldShape.Document
            }
        return FieldEntry(name, label, shape, required, header = true, chosen = listOfNotNull(given))
    }

    private fun FieldForm.entry() = FieldEntry(name, label, shape, required)

    private fun change(
        name: String,
        change: (FieldEntry) -> FieldEntry,
    ) = mutable.update { it.copy(fields = it.fields.map { field -> if (field.name == name) change(field) else field }) }

    fun write(
        name: String,
        typed: String,
    ) = change(name) { it.copy(typed = typed, flaw = null) }

    /** Chooses, or takes back what was chosen. */
    fun choose(
        name: String,
        option: Option,
    ) = change(name) {
        val chosen =
            when {
                it.chosen.any { one -> one.value == option.value } -> it.chosen.filter { one -> one.value != option.value }
                it.several -> it.chosen + option
                else -> listOf(option)
            }
        it.copy(chosen = chosen, flaw = null)
    }

    fun day(
        name: String,
        day: LocalDate,
    ) = change(name) { it.copy(chosen = listOf(Option(FieldValue.Day(day), session.moments.date(day))), flaw = null) }

    /** The time of day, as the street has it. */
    fun now(name: String) = write(name, clock(session.moments.time()))

    fun search(
        name: String,
        text: String,
    ) {
        val field = state.value.fields.firstOrNull { it.name == name } ?: return
        // Of many, and not needed: shown to who looks for it.
        val unasked = text.isBlank() && !field.required && field.shape.many
        sought[name] = text
        session.attempt {
            val offered = if (unasked) emptyList() else session.offers(name, field.shape, text, matter)
            // A slow answer to fewer letters must not replace the right one.
            if (sought[name] == text) change(name) { it.copy(offered = offered) }
        }
    }

    fun photo(name: String) {
        session.attempt {
            when (val picture = session.ports.picture()) {
                is Pictured.Taken -> {
                    mutable.update { it.copy(without = null) }
                    change(name) { it.copy(photos = it.photos.plusElement(picture.file), flaw = null) }
                }

                is Pictured.Denied -> {
                    mutable.update { it.copy(without = Without.CAMERA_DENIED) }
                }

                is Pictured.Failed -> {
                    mutable.update { it.copy(without = Without.CAMERA_FAILED) }
                }

                is Pictured.Cancelled -> {}
            }
        }
    }

    fun dropPhotos(name: String) = change(name) { it.copy(photos = emptyList(), flaw = null) }

    /** Records it and goes to the matter; what does not fit is marked at its field. */
    fun submit() {
        if (state.value.sending) return
        mutable.update { it.copy(fields = it.fields.map(FieldEntry::read)) }
        val fields = state.value.fields
        if (fields.any { it.flaw != null }) return
        mutable.update { it.copy(sending = true) }
        session.attempt {
            try {
                val opened = record(fields)
                session.syncer.trigger(Trigger.RECORDED)
                session.navigator.back()
                opened?.let { session.navigator.open(Route.Matter(it)) }
            } catch (unfit: FieldFailure.Unfit) {
                mark(unfit)
            } finally {
                mutable.update { it.copy(sending = false) }
            }
        }
    }

    private fun mark(unfit: FieldFailure.Unfit) {
        if (state.value.fields.none { it.name == unfit.`field` }) throw unfit
        // First: who sees the flaw may submit again.
        mutable.update { it.copy(sending = false) }
        change(unfit.`field`) { it.copy(flaw = unfit.why) }
    }

    /** The matter that was opened, if one was. */
    private suspend fun record(entries: List<FieldEntry>): UUID? {
        val (header, own) = entries.partition { it.header }
        val fields = own.mapNotNull { field -> field.value()?.let { field.name to it } }.toMap()
        val photos = own.filter { it.photos.isNotEmpty() }.associate { it.name to it.photos }
        if (route is Route.ActOnMatter) {
            session.device.actOnMatter(route.id, route.act, fields, photos)
            return null
        }
        val parts = header.associate { it.name to it.value() }
        return session.device.openMatter(
            NewMatter(
                feature = (route as Route.OpenMatter).feature,
                fields = fields,
                photos = photos.mapValues { (_, files) -> files.map { it.toString() } },
                point = (parts[POINT] as? FieldValue.Point)?.code,
                person = (parts[PERSON] as? FieldValue.Person)?.code,
                about = (parts[ABOUT] as? FieldValue.Document)?.id,
            ),
        )
    }

    private companion object {
        const val POINT = "point"
        const val PERSON = "person"
        const val ABOUT = "about"
    }
}
