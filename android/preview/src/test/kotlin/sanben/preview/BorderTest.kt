package sanben.preview

import org.junit.jupiter.api.Test
import kotlin.io.path.div
import kotlin.io.path.readLines
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What each part may know: the screens only Compose, what is behind them not even that. */
class BorderTest {
    @Test
    fun `the screens import Compose and field, and field neither Compose nor Android`() {
        assertEquals(emptySet(), foreign("ui", setOf("androidx.compose", "sanben", "java", "kotlin")))
        assertEquals(emptySet(), foreign("field", setOf("sanben", "java", "kotlin", "kotlinx.coroutines")))
    }

    private fun foreign(
        part: String,
        known: Set<String>,
    ): Set<String> {
        val sources =
            (repository() / "android" / part / "src" / "main" / "kotlin")
                .toFile()
                .walk()
                .filter { it.extension == "kt" }
                .toList()
        assertTrue(sources.size > 5)
        val imports = sources.flatMap { it.toPath().readLines() }.filter { it.startsWith("import ") }.map { it.removePrefix("import ") }
        return imports.filter { name -> known.none { name.startsWith("$it.") } }.toSet()
    }
}
