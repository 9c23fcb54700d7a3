package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import java.nio.file.Path

enum class Look { SYSTEM, LIGHT, DARK, HIGH_CONTRAST }

data class Settled(
    val language: Language = Language.CHINESE,
    val look: Look = Look.SYSTEM,
)

/** What a person set on this device. */
class Settings(
    private val file: Path,
) {
    private val mutable = MutableStateFlow(read())
    val state: StateFlow<Settled> = mutable.asStateFlow()

    fun change(how: (Settled) -> Settled) {
        val settled = how(state.value)
        Kept.write(file, mapOf("language" to settled.language.tag, "look" to settled.look.name))
        mutable.value = settled
    }

    private fun read(): Settled {
        val kept = Kept.read(file)
        return Settled(
            language = Language.entries.find { it.tag == kept["language"] } ?: Language.CHINESE,
            look = Look.entries.find { it.name == kept["look"] } ?: Look.SYSTEM,
        )
    }
}
