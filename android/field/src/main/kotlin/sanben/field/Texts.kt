package sanben.field

import java.util.Properties

/** A language that people read; Chinese comes first. */
enum class Language(
    val tag: String,
) {
    CHINESE("zh-CN"),
    ENGLISH("en"),
}

/**
 * The texts of one language, from its catalogue in `resources/sanben/texts`. A text may have places such as
 * `{n}`; one that counts `{n}` may have a form of its own for exactly one, under its name with `.one`.
 */
class Texts(
    val language: Language,
) {
    private val entries = catalogue(language)

    operator fun get(
        key: String,
        vararg places: Pair<String, Any>,
    ): String {
        val one = places.any { (name, value) -> name == "n" && value.toString() == "1" }
        val text = entries["$key.one"]?.takeIf { one } ?: entries[key] ?: error("no text `$key` in ${language.tag}")
        return places.fold(text) { filled, (name, value) -> filled.replace("{$name}", value.toString()) }
    }

    companion object {
        /** Every text of a language, by key. */
        fun catalogue(language: Language): Map<String, String> {
            val file = "/sanben/texts/${language.tag}.properties"
            val texts = Properties()
            checkNotNull(Texts::class.java.getResourceAsStream(file)) { "no $file" }.reader().use(texts::load)
            return texts.entries.associate { (key, text) -> "$key" to "$text" }
        }
    }
}
