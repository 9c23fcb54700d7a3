package sanben.ui

import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import sanben.field.Look
import sanben.field.Moments
import sanben.field.Names
import sanben.field.Route
import sanben.field.Texts
import java.util.UUID

/**
 * The colours: paper and ink, a deep teal for what can be done, vermilion for what is late or refused. Every
 * pair of text and ground has a contrast of at least 4.5, in high contrast 7.
 */
class Palette(
    val dark: Boolean,
    val paper: Color,
    val sheet: Color,
    val well: Color,
    val ink: Color,
    val muted: Color,
    val line: Color,
    val teal: Color,
    val onTeal: Color,
    val tealWash: Color,
    val vermilion: Color,
    val vermilionWash: Color,
    val amber: Color,
    val amberWash: Color,
    val green: Color,
    val greenWash: Color,
    /** What cannot be done now. */
    val faint: Color,
    val border: Dp,
) {
    /** Nothing is told by a wash: edges, filled shapes and broken lines tell it. */
    val strong: Boolean get() = border > 1.dp
}

private val LIGHT =
    Palette(
        dark = false,
        paper = Color(0xFFF4F2EC),
        sheet = Color(0xFFFFFFFF),
        well = Color(0xFFECE9E0),
        ink = Color(0xFF172124),
        muted = Color(0xFF566266),
        line = Color(0xFFDDD9CE),
        teal = Color(0xFF0E5360),
        onTeal = Color(0xFFFFFFFF),
        tealWash = Color(0xFFDDECEE),
        vermilion = Color(0xFFA52A1E),
        vermilionWash = Color(0xFFFBE6E2),
        amber = Color(0xFF7A4F00),
        amberWash = Color(0xFFFBEFD5),
        green = Color(0xFF225F36),
        greenWash = Color(0xFFE1F0E3),
        faint = Color(0xFF566266),
        border = 1.dp,
    )

private val DARK =
    Palette(
        dark = true,
        paper = Color(0xFF0E1416),
        sheet = Color(0xFF182124),
        well = Color(0xFF222D31),
        ink = Color(0xFFE9EFEF),
        muted = Color(0xFFA7B5B8),
        line = Color(0xFF2E3A3E),
        teal = Color(0xFF86D0DB),
        onTeal = Color(0xFF06282F),
        tealWash = Color(0xFF17383E),
        vermilion = Color(0xFFFFA194),
        vermilionWash = Color(0xFF43201B),
        amber = Color(0xFFF1C66B),
        amberWash = Color(0xFF3B2E12),
        green = Color(0xFF93D6A2),
        greenWash = Color(0xFF1B3823),
        faint = Color(0xFFA7B5B8),
        border = 1.dp,
    )

private val HIGH_CONTRAST =
    Palette(
        dark = false,
        paper = Color.White,
        sheet = Color.White,
        well = Color.White,
        ink = Color.Black,
        muted = Color(0xFF222222),
        line = Color.Black,
        teal = Color(0xFF003844),
        onTeal = Color.White,
        tealWash = Color.White,
        vermilion = Color(0xFF7E0000),
        vermilionWash = Color.White,
        amber = Color(0xFF4D3000),
        amberWash = Color.White,
        green = Color(0xFF003D14),
        greenWash = Color.White,
        faint = Color(0xFF595959),
        border = 2.dp,
    )

/** Small pictures by their hash; decoding is the platform's. */
interface Pictures {
    /** `null` while it is not here; [shownIn] is the case that shows it, for fetching it. */
    suspend fun small(
        hash: String,
        shownIn: UUID?,
    ): ImageBitmap?
}

object NoPictures : Pictures {
    override suspend fun small(
        hash: String,
        shownIn: UUID?,
    ): ImageBitmap? = null
}

val LocalPalette = staticCompositionLocalOf { LIGHT }
val LocalTexts = staticCompositionLocalOf<Texts> { error("no texts") }
val LocalMoments = staticCompositionLocalOf<Moments> { error("no moments") }
val LocalPictures = staticCompositionLocalOf<Pictures> { NoPictures }

/** What stands beside the list: its row is marked. */
val LocalOpened = staticCompositionLocalOf<Route?> { null }

/** Whether a screen stands beside its list without having been opened: there is no way back from it. */
val LocalBeside = staticCompositionLocalOf { false }
val LocalNames = staticCompositionLocalOf { Names.NONE }

/** Short ways to what every screen uses. */
object Ui {
    val colors: Palette
        @Composable @ReadOnlyComposable
        get() = LocalPalette.current
    val texts: Texts
        @Composable @ReadOnlyComposable
        get() = LocalTexts.current
    val moments: Moments
        @Composable @ReadOnlyComposable
        get() = LocalMoments.current
    val type: Typography
        @Composable @ReadOnlyComposable
        get() = MaterialTheme.typography
}

/** A finger in a glove hits this. */
val TOUCH = 56.dp
internal val ROUND = 14.dp
val CORNER = RoundedCornerShape(ROUND)

@Composable
fun SanbenTheme(
    look: Look,
    systemDark: Boolean,
    font: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val palette =
        when (look) {
            Look.SYSTEM -> if (systemDark) DARK else LIGHT
            Look.LIGHT -> LIGHT
            Look.DARK -> DARK
            Look.HIGH_CONTRAST -> HIGH_CONTRAST
        }
    CompositionLocalProvider(LocalPalette provides palette) {
        MaterialTheme(colorScheme = palette.scheme(), typography = typography(font), content = content)
    }
}

private fun Palette.scheme() =
    (if (dark) darkColorScheme() else lightColorScheme()).copy(
        primary = teal,
        onPrimary = onTeal,
        background = paper,
        onBackground = ink,
        surface = sheet,
        onSurface = ink,
        onSurfaceVariant = muted,
        outline = line,
        error = vermilion,
    )

private fun typography(font: FontFamily): Typography {
    fun style(
        size: Int,
        line: Int,
        weight: FontWeight = FontWeight.Normal,
    ) = TextStyle(fontFamily = font, fontSize = size.sp, lineHeight = line.sp, fontWeight = weight)
    return Typography(
        displaySmall = style(40, 48, FontWeight.Bold),
        headlineMedium = style(26, 34, FontWeight.Bold),
        titleLarge = style(20, 28, FontWeight.Bold),
        titleMedium = style(17, 24, FontWeight.Bold),
        bodyLarge = style(17, 25),
        bodyMedium = style(15, 22),
        labelLarge = style(17, 24, FontWeight.Bold),
        labelMedium = style(14, 20, FontWeight.Bold),
        labelSmall = style(13, 18),
    )
}
