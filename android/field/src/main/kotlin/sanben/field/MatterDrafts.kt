package sanben.field

import sanben.FieldFailure
import sanben.FieldShape
import sanben.FieldValue
import sanben.MatterDetail
import sanben.MatterDraft
import sanben.device.matter
import sanben.device.matterDrafts
import java.util.UUID

/** The forms that were begun, as what there is to do; the longest words say most about one. */
internal suspend fun Session.begunForms(): List<TodayTask.Fill> =
    device.matterDrafts(texts.tongue).map { draft ->
        val words = draft.fields.values.mapNotNull { (it as? FieldValue.Text)?.text }
        val matter = draft.matter
        TodayTask.Fill(
            route = draft.route(),
            title = if (matter == null) draft.featureLabel else draft.actLabel,
            about = matter?.let { called(it) } ?: words.maxByOrNull { it.length }.orEmpty(),
        )
    }

private fun MatterDraft.route(): Route.Form = matter?.let { Route.ActOnMatter(it, act, id) } ?: Route.OpenMatter(feature, draft = id)

/** A field as the draft kept it. */
internal suspend fun Session.restored(
    entry: FieldEntry,
    kept: FieldValue?,
    matter: MatterDetail?,
): FieldEntry =
    when (kept) {
        null -> entry.copy(chosen = emptyList())
        is FieldValue.Text -> entry.copy(typed = kept.text)
        is FieldValue.Count -> entry.copy(typed = "${kept.count}")
        is FieldValue.Fraction -> entry.copy(typed = "${kept.part}/${kept.whole}")
        is FieldValue.Time -> entry.copy(typed = kept.time)
        is FieldValue.Photos -> entry.copy(photos = kept.hashes)
        is FieldValue.Points -> entry.copy(chosen = kept.codes.map { option(FieldValue.Point(it), entry.shape, matter) })
        is FieldValue.Documents -> entry.copy(chosen = kept.ids.map { option(FieldValue.Document(it), entry.shape, matter) })
        else -> entry.copy(chosen = listOf(option(kept, entry.shape, matter)))
    }

private suspend fun Session.option(
    value: FieldValue,
    shape: FieldShape,
    matter: MatterDetail?,
): Option {
    val names = names.value
    val title =
        when (value) {
            is FieldValue.Day -> moments.date(value.day)
            is FieldValue.Person -> names.person(value.code)
            is FieldValue.Unit -> names.unit(value.code)
            is FieldValue.Point -> names.point(value.code)
            is FieldValue.Standard -> names.standard(value.code)
            is FieldValue.Document -> called(value.id)
            else -> offers("", shape, "", matter).firstOrNull { it.value == value }?.title.orEmpty()
        }
    return Option(value, title)
}

/** What stands behind an id: what it is called, and where it is shown. */
data class Shown(
    val title: String,
    val route: Route,
)

/** A case or matter; `null` where this device does not hold it. */
suspend fun Session.shown(document: UUID): Shown? =
    try {
        Shown(device.matter(document, texts.tongue).title, Route.Matter(document))
    } catch (_: FieldFailure.NotFound) {
        try {
            val case = device.case(document)
            val title = case.description.ifBlank { case.standard?.let(names.value::standard).orEmpty() }
            Shown(title, Route.Case(document))
        } catch (_: FieldFailure.NotFound) {
            null
        }
    }

/** What a case or matter is called; this device may not hold it. */
internal suspend fun Session.called(document: UUID): String = shown(document)?.title ?: texts["figure.not-here"]
