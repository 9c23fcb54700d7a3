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
import sanben.MatterDraft
import sanben.device.addFieldPhoto
import sanben.device.discardMatterDraft
import sanben.device.draftAct
import sanben.device.draftMatter
import sanben.device.features
import sanben.device.matter
import sanben.device.matterDrafts
import sanben.device.saveField
import sanben.device.submitMatterDraft
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
    /** From the first edit on, everything is kept in it. */
    val draft: UUID? = null,
    /** An edit that is shown but not saved, and why. */
    val unsaved: FieldFailure? = null,
    /** The form is here, so that it can be submitted. */
    val ready: Boolean = false,
    val sending: Boolean = false,
)

/**
 * One form for every feature: opening a matter, or doing something to one. It keeps itself, field by field, and is
 * recorded when it is submitted. Whoever comes back to an act goes on where they were.
 */
class MatterForm(
    private val session: Session,
    private val route: Route.Form,
) {
    private val mutable = MutableStateFlow(MatterFormState())
    private val tongue = session.texts.tongue
    private var matter: MatterDetail? = null
    private val sought = ConcurrentHashMap<String, String>()
    private val edits =
        Edits(session, ::beginDraft) { draft, failure -> mutable.update { it.copy(draft = draft, unsaved = failure) } }
    val state: StateFlow<MatterFormState> = mutable.asStateFlow()

    fun begin() {
        edits.start()
        session.attempt {
            val kept = kept()
            if (kept != null) {
                edits.goOn(kept.id)
                // Named at once: what can no longer be done can still be thrown away.
                mutable.update { it.copy(title = if (kept.matter == null) kept.featureLabel else kept.actLabel) }
            }
            when (route) {
                is Route.OpenMatter -> beginMatter(route, kept)
                is Route.ActOnMatter -> beginAct(route, kept)
            }
            mutable.update { it.copy(ready = true) }
            state.value.fields.forEach { search(it.name, "") }
        }
    }

    private suspend fun kept(): MatterDraft? {
        val drafts = session.device.matterDrafts(tongue)
        val begun = route.draft
        return when {
            begun != null -> drafts.firstOrNull { it.id == begun } ?: throw FieldFailure.NotFound("draft", "$begun")
            route is Route.ActOnMatter -> drafts.firstOrNull { it.matter == route.id && it.act == route.act }
            else -> null
        }
    }

    private suspend fun List<FieldEntry>.with(kept: MatterDraft?): List<FieldEntry> =
        if (kept == null) this else map { session.restored(it, kept.fields[it.key], matter) }

    private suspend fun beginMatter(
        route: Route.OpenMatter,
        kept: MatterDraft?,
    ) {
        val feature = session.device.features(tongue).firstOrNull { it.name == route.feature } ?: throw FieldFailure.Denied(Denial.ROLE)
        val begunFor = (kept?.fields?.get("@$ABOUT") as? FieldValue.Document)?.id
        val about = (route.about ?: begunFor)?.let { session.device.matter(it, tongue) }
        matter = about
        // What can be left out does not stand in the way of what is asked for.
        val header = feature.header.map { it.entry(given(it, about)) }.with(kept)
        val (first, later) = header.partition { it.required || !it.empty }
        val own =
            feature.open.fields
                .map { form -> form.entry() }
                .with(kept)
        mutable.update {
            it.copy(
                title = feature.label,
                about = about?.run { "$featureLabel · $title" },
                fields = first + own + later,
            )
        }
    }

    private suspend fun beginAct(
        route: Route.ActOnMatter,
        kept: MatterDraft?,
    ) {
        val about = session.device.matter(route.id, tongue)
        // Somebody else's act may have come in between.
        val act: ActForm = about.next.firstOrNull { it.name == route.act } ?: throw FieldFailure.Denied(Denial.STEP)
        matter = about
        val fields = act.fields.map { form -> form.entry() }.with(kept)
        mutable.update { it.copy(title = act.label, about = "${about.featureLabel} · ${about.title}", fields = fields) }
    }

    /** What is known from where the form was opened belongs to the draft. */
    private suspend fun beginDraft(): UUID {
        val draft =
            when (route) {
                is Route.OpenMatter -> session.device.draftMatter(route.feature)
                is Route.ActOnMatter -> session.device.draftAct(route.id, route.act)
            }
        for (field in state.value.fields.filter { it.header }) {
            field.kept()?.let { session.device.saveField(draft, field.key, it) }
        }
        return draft
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

    /** Changes what a person filled in, and saves it. */
    private fun edit(
        name: String,
        edit: (FieldEntry) -> FieldEntry,
    ) {
        change(name) { edit(it).copy(flaw = null) }
        val field = state.value.fields.firstOrNull { it.name == name } ?: return
        edits.save { draft -> session.device.saveField(draft, field.key, field.kept()) }
    }

    fun write(
        name: String,
        typed: String,
    ) = edit(name) { it.copy(typed = typed) }

    /** Chooses, or takes back what was chosen. */
    fun choose(
        name: String,
        option: Option,
    ) = edit(name) {
        val chosen =
            when {
                it.chosen.any { one -> one.value == option.value } -> it.chosen.filter { one -> one.value != option.value }
                it.several -> it.chosen + option
                else -> listOf(option)
            }
        it.copy(chosen = chosen)
    }

    fun day(
        name: String,
        day: LocalDate,
    ) = edit(name) { it.copy(chosen = listOf(Option(FieldValue.Day(day), session.moments.date(day)))) }

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
                    edits.save { draft ->
                        session.device.addFieldPhoto(draft, name, picture.file)
                        val kept = session.device.matterDrafts(tongue).first { it.id == draft }
                        val photos = (kept.fields[name] as? FieldValue.Photos)?.hashes.orEmpty()
                        change(name) { it.copy(photos = photos, flaw = null) }
                    }
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

    fun dropPhotos(name: String) = edit(name) { it.copy(photos = emptyList()) }

    /** Saves what could not be saved before: the person has made room. */
    fun saveAgain() = edits.saveAgain()

    /** Waits until every edit so far is saved or marked. */
    suspend fun settled() = edits.settled()

    /** The screen goes away; edits that were made are still saved. */
    fun leave() = edits.close()

    fun discard() {
        session.attempt {
            edits.settled()
            edits.draft?.let { session.device.discardMatterDraft(it) }
            edits.goOn(null)
            session.navigator.back()
        }
    }

    /** Records it and goes to the matter; what does not fit is marked at its field. */
    fun submit() {
        if (state.value.sending) return
        mutable.update { it.copy(fields = it.fields.map(FieldEntry::read)) }
        val fields = state.value.fields
        if (fields.any { it.flaw != null }) return
        mutable.update { it.copy(sending = true) }
        session.attempt {
            try {
                edits.settled()
                if (edits.failure != null) return@attempt
                val matter = record()
                edits.goOn(null)
                session.syncer.trigger(Trigger.RECORDED)
                session.navigator.back()
                if (route is Route.OpenMatter) session.navigator.open(Route.Matter(matter))
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

    /** The matter that was opened or acted on. A draft that nobody wrote in does not outlive a failure. */
    private suspend fun record(): UUID {
        val untouched = edits.draft == null
        val draft = edits.begun()
        try {
            return session.device.submitMatterDraft(draft)
        } catch (failure: FieldFailure) {
            if (untouched) {
                session.device.discardMatterDraft(draft)
                edits.goOn(null)
            }
            throw failure
        }
    }

    private companion object {
        const val POINT = "point"
        const val PERSON = "person"
        const val ABOUT = "about"
    }
}
