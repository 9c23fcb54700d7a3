package sanben.field

import sanben.FieldFlaw
import sanben.FieldShape
import sanben.FieldValue
import java.time.LocalTime

/** Something to choose, as a person reads it. */
data class Option(
    val value: FieldValue,
    val title: String,
    val hint: String? = null,
)

/** One field of a form as somebody fills it in. */
data class FieldEntry(
    val name: String,
    val label: String,
    val shape: FieldShape,
    val required: Boolean,
    /** It belongs to the matter's header. */
    val header: Boolean = false,
    /** As it stands in the line: words, a number, a fraction, a time. */
    val typed: String = "",
    val chosen: List<Option> = emptyList(),
    val offered: List<Option> = emptyList(),
    /** Those in the draft. */
    val photos: List<String> = emptyList(),
    val flaw: FieldFlaw? = null,
) {
    /** More than one can be chosen. */
    val several: Boolean get() = shape is FieldShape.Points || shape is FieldShape.Documents

    val empty: Boolean get() = typed.isBlank() && chosen.isEmpty() && photos.isEmpty()

    /** What will be recorded; `null` for nothing, or for what cannot be read. */
    fun value(): FieldValue? {
        val line = typed.trim()
        return when (shape) {
            is FieldShape.Text -> line.ifEmpty { null }?.let { FieldValue.Text(it) }
            is FieldShape.Count -> halfWidth(line).toLongOrNull()?.let { FieldValue.Count(it) }
            is FieldShape.Fraction -> fraction(line)
            is FieldShape.Time -> time(line)?.let { FieldValue.Time(clock(it)) }
            is FieldShape.Points -> all { (it as? FieldValue.Point)?.code }?.let { FieldValue.Points(it) }
            is FieldShape.Documents -> all { (it as? FieldValue.Document)?.id }?.let { FieldValue.Documents(it) }
            is FieldShape.Photos -> null
            else -> chosen.firstOrNull()?.value
        }
    }

    private fun <T : Any> all(part: (FieldValue) -> T?): List<T>? = chosen.mapNotNull { part(it.value) }.ifEmpty { null }

    /** The name under which a draft keeps it. */
    internal val key: String get() = if (header) "@$name" else name

    /** What a draft keeps of it: what cannot be read yet, as it is written. */
    internal fun kept(): FieldValue? = value() ?: typed.trim().ifEmpty { null }?.let { FieldValue.Text(it) }

    /** The same, marked where it is missing or cannot be read; whether it fits is for the core to say. */
    fun read(): FieldEntry =
        copy(
            flaw =
                when {
                    empty -> FieldFlaw.MISSING.takeIf { required }
                    shape !is FieldShape.Photos && value() == null -> FieldFlaw.SHAPE
                    else -> null
                },
        )
}

/** It names one out of many, found by search. */
internal val FieldShape.many: Boolean
    get() =
        when (this) {
            is FieldShape.Person, is FieldShape.Unit, is FieldShape.Point, is FieldShape.Points -> true
            is FieldShape.Standard, is FieldShape.Document, is FieldShape.Documents -> true
            else -> false
        }

/** Digits and strokes as a Chinese keyboard has them. */
private fun halfWidth(line: String): String = line.map { if (it in '／'..'：') it - WIDER else it }.joinToString("")

/** `3/4`. */
private fun fraction(line: String): FieldValue? {
    val (part, whole) = halfWidth(line).split('/').map { it.trim().toLongOrNull() }.takeIf { it.size == 2 } ?: return null
    return if (part == null || whole == null) null else FieldValue.Fraction(part, whole)
}

/** A time as a thumb types it: `6`, `6:30`, `0630`. */
private fun time(line: String): LocalTime? {
    val found = Regex("(\\d{1,2})(?:[:.]?(\\d{2}))?").matchEntire(halfWidth(line)) ?: return null
    val (hour, minute) = found.groupValues.drop(1).map { it.toIntOrNull() ?: 0 }
    return if (hour < HOURS && minute < MINUTES) LocalTime.of(hour, minute) else null
}

internal fun clock(time: LocalTime): String = "%02d:%02d".format(time.hour, time.minute)

private const val WIDER = 0xFEE0
private const val HOURS = 24
private const val MINUTES = 60
