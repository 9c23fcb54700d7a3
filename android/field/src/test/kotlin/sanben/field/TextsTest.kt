package sanben.field

import org.junit.jupiter.api.Test
import sanben.Denial
import sanben.FieldFailure
import sanben.FieldFlaw
import sanben.InvalidInput
import sanben.RejectionReason
import sanben.TimeLimit
import sanben.VisitResult
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class TextsTest {
    private val chinese = Texts.catalogue(Language.CHINESE)
    private val english = Texts.catalogue(Language.ENGLISH)

    @Test
    fun `both languages say everything, with the same places to fill`() {
        val plain = english.keys.filterNot { it.endsWith(".one") }.toSet()
        assertEquals(chinese.keys.toSortedSet(), plain.toSortedSet())
        for (key in chinese.keys) assertEquals(places(chinese.getValue(key)), places(english.getValue(key)), key)
    }

    private fun places(text: String) = Regex("\\{(\\w+)}").findAll(text).map { it.groupValues[1] }.toSortedSet()

    @Test
    fun `what the sources ask for is there, and what is there is asked for`() {
        val asked = mutableSetOf<String>()
        val beginnings = mutableSetOf<String>()
        for (folder in listOf("src/main/kotlin", "../ui/src/main/kotlin", "../preview/src/main/kotlin")) {
            File(folder).walk().filter { it.extension == "kt" }.forEach { file ->
                for (found in Regex("\"([a-z]+(?:-[a-z]+)*\\.[a-z\$\\-{}.()]+)\"").findAll(file.readText())) {
                    val key = found.groupValues[1]
                    if ('$' in key) beginnings += key.substringBefore('$') else asked += key
                }
            }
        }
        val sections = chinese.keys.map { it.substringBefore('.') }.toSet()
        val unknown = asked.filter { it.substringBefore('.') in sections && !it.endsWith(".properties") } - chinese.keys
        assertEquals(emptyList(), unknown)
        assertEquals(emptyList(), chinese.keys.filter { key -> key !in asked && beginnings.none(key::startsWith) })
    }

    @Test
    fun `every failure has a text that says what to do`() {
        for (language in Language.entries) {
            val texts = Texts(language)
            for (kind in kinds(FieldFailure::class.java).filterNot { it == FieldFailure.Denied::class.java }) {
                saysWhatToDo(texts.of(made(kind)))
            }
            for (why in InvalidInput.entries) saysWhatToDo(texts.of(FieldFailure.Invalid(why)))
            for (why in Denial.entries) saysWhatToDo(texts.of(FieldFailure.Denied(why)))
        }
    }

    /** What failed, then what to do: two parts, in both languages. */
    private fun saysWhatToDo(text: String) = assertTrue(Regex("[：；，:;,]").containsMatchIn(text) && text.length >= 10, text)

    private fun <T> kinds(of: Class<T>) = of.declaredClasses.filter { of.isAssignableFrom(it) }

    private fun made(kind: Class<*>): FieldFailure {
        val constructor = kind.constructors.single { !it.isSynthetic }
        val values = constructor.parameterTypes.map { it.enumConstants?.first() ?: if (it == Long::class.java) 1L else "x" }
        return constructor.newInstance(*values.toTypedArray()) as FieldFailure
    }

    @Test
    fun `every refusal says why and what its author can do`() {
        val refusals =
            listOf(
                RejectionReason.Form("x"),
                RejectionReason.Unsigned,
                RejectionReason.NotTheAuthor,
                RejectionReason.NotAllowed(Denial.ROLE),
                RejectionReason.Unfit("until", FieldFlaw.MISSING),
                RejectionReason.OutOfScope,
                RejectionReason.DependsOnRejected,
                RejectionReason.Revoked,
                RejectionReason.Erased,
                RejectionReason.Reviewed("已调岗"),
            )
        assertEquals(kinds(RejectionReason::class.java).size, refusals.size)
        for (refusal in refusals) {
            val (why, remedy) = Texts(Language.CHINESE).of(refusal)
            assertTrue(why.isNotBlank() && remedy.isNotBlank())
        }
    }

    @Test
    fun `one thing is one, and places are filled`() {
        val texts = Texts(Language.ENGLISH)
        assertEquals("1 photo taken", texts["case.attached", "n" to 1])
        assertEquals("2 photos taken", texts["case.attached", "n" to 2])
        assertEquals("4 工作小时", Texts(Language.CHINESE).of(TimeLimit.WorkingHours(4)))
        assertEquals("进不去：施工", Texts(Language.CHINESE).of(VisitResult.NotAccessible("施工")))
    }
}
