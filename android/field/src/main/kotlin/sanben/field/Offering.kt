package sanben.field

import sanben.CaseQuery
import sanben.FieldShape
import sanben.FieldValue
import sanben.MatterDetail
import sanben.MatterQuery
import sanben.device.matters

private const val OFFERED = 20

/** What a field of this shape can name, nearest first, with these letters in it; nothing for one that is only typed. */
internal suspend fun Session.offers(
    name: String,
    shape: FieldShape,
    text: String,
    matter: MatterDetail?,
): List<Option> =
    when (shape) {
        is FieldShape.Text -> if (shape.max <= SHORT) written(name, matter) else emptyList()
        is FieldShape.Person -> people(text)
        is FieldShape.Unit -> units(text)
        is FieldShape.Point, is FieldShape.Points -> points(text)
        is FieldShape.Standard -> standardsLike(text, matter?.point).map { Option(FieldValue.Standard(it.code), it.name, it.clause) }
        is FieldShape.Document, is FieldShape.Documents -> documents(text)
        is FieldShape.Event -> entries(matter)
        is FieldShape.Choice -> shape.choices.map { Option(FieldValue.Choice(it.name), it.label) }
        is FieldShape.Yes -> yesAndNo()
        else -> emptyList()
    }

/** Short words are written the same way twice, so that they are counted together: a kiosk's pump. */
private const val SHORT = 60

/** What stands under the same name in the matter already. */
private fun written(
    name: String,
    matter: MatterDetail?,
): List<Option> =
    matter
        ?.thread
        .orEmpty()
        .filterNot { it.idle }
        .flatMap { it.fields }
        .mapNotNull { field -> (field.value as? FieldValue.Text)?.takeIf { field.name == name } }
        .distinct()
        .map { Option(it, it.text) }

/** Oneself first, then those of one's own unit. */
private fun Session.people(text: String): List<Option> {
    val names = names.value
    val all = names.people.values + listOfNotNull(names.me?.takeIf { it.code !in names.people })
    return all
        .filter { text.isBlank() || text in it.name || text in it.code }
        .sortedWith(compareBy({ it.code != names.me?.code }, { it.unit != names.me?.unit }, { it.code }))
        .take(OFFERED)
        .map { Option(FieldValue.Person(it.code), it.name, "${texts.of(it.role)} · ${names.unit(it.unit)}") }
}

private fun Session.units(text: String): List<Option> {
    val names = names.value
    return names.units
        .filter { (code, name) -> text.isBlank() || text in name || text in code }
        .entries
        .sortedBy { it.key != names.me?.community && it.key != names.me?.unit }
        .take(OFFERED)
        .map { (code, name) -> Option(FieldValue.Unit(code), name, code) }
}

private suspend fun Session.points(text: String): List<Option> =
    pointsLike(text).map { near -> Option(FieldValue.Point(near.code), near.name, near.head?.let { texts["record.head", "name" to it] }) }

/** Matters first: what belongs together is most often of the same kind. */
private suspend fun Session.documents(text: String): List<Option> {
    val like = text.ifBlank { null }
    val matters =
        device.matters(MatterQuery(text = like, limit = OFFERED), texts.tongue).rows.map {
            Option(FieldValue.Document(it.id), it.title, "${it.featureLabel} · ${moments.day(it.day)}")
        }
    val cases =
        device.cases(CaseQuery(text = like, limit = OFFERED)).rows.map {
            val line = it.line(false, names.value)
            Option(FieldValue.Document(it.id), line.title, listOfNotNull(texts.of(it.status), line.point).joinToString(" · "))
        }
    return matters + cases
}

private fun Session.entries(matter: MatterDetail?): List<Option> =
    matter?.thread.orEmpty().drop(1).filterNot { it.idle && !it.disputed }.reversed().map {
        Option(FieldValue.Event(it.event), "${names.value.person(it.by)} · ${it.actLabel}", moments.at(it.at))
    }

internal fun Session.yesAndNo(): List<Option> =
    listOf(true, false).map { Option(FieldValue.Yes(it), texts[if (it) "form.yes" else "form.no"]) }
