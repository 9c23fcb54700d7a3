package sanben.ui

import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/** The drawings of the app, as strokes in a square of 24. Each says by its shape what colour only repeats. */
enum class Glyph(
    private val strokes: String,
) {
    TODAY("M4 6h16M4 12h16M4 18h10"),
    PATROL("M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.8-7 11-7 11zM12 12.5a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5z"),
    LEDGER("M6 3h12v18H6zM9 3v18M12 8h3M12 12h3"),
    PERSON("M12 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8zM4 21c0-4 3.6-6 8-6s8 2 8 6"),
    CAMERA("M3 8h4l2-3h6l2 3h4v11H3zM12 17a4 4 0 1 0 0-8a4 4 0 0 0 0 8z"),
    BACK("M15 5l-7 7l7 7"),
    FORWARD("M9 5l7 7l-7 7"),
    SEARCH("M10.5 17a6.5 6.5 0 1 0 0-13a6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21"),
    CLOSE("M6 6l12 12M18 6L6 18"),
    DONE("M5 12.5l4.5 4.5L19 7.5"),
    WAITING("M12 21a9 9 0 1 0 0-18a9 9 0 0 0 0 18zM12 7v5l3.5 2"),
    RUNNING("M20 12a8 8 0 0 1-14.3 4.9M4 12a8 8 0 0 1 14.3-4.9M18.5 3v4.3h-4.3M5.5 21v-4.3h4.3"),
    TROUBLE("M12 4L2.5 20h19zM12 10v4.5M12 17.2v.3"),
    ATTENTION("M12 21a9 9 0 1 0 0-18a9 9 0 0 0 0 18zM12 7.5v5.5M12 16.2v.3"),
    LOOK_BACK("M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"),
    DISPUTE("M12 4v16M6 20h12M4 8h16M4 8l-2.2 5.5h4.4zM20 8l-2.2 5.5h4.4z"),
    DRAFT("M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5"),
    PHOTO("M3 5h18v14H3zM3 16l5-5l4 4l3-3l6 5M15.5 9.5v.2"),
    SCORE("M5 20V11M12 20V4M19 20v-6"),
    SETTINGS("M4 7h9M19 7h1M4 17h1M11 17h9M16 10a3 3 0 1 0 0-6a3 3 0 0 0 0 6zM8 20a3 3 0 1 0 0-6a3 3 0 0 0 0 6z"),
    PEOPLE(
        "M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7zM2 20c0-3.5 3-5.5 7-5.5s7 2 7 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.8c2.5.8 4 2.600 4 5.2",
    ),
    CARRY("M5 9h14v11H5zM9 9V6a3 3 0 0 1 6 0v3M12 12.5v4M10 14.500l2 2l2-2"),
    PLUS("M12 5v14M5 12h14"),
    MINUS("M5 12h14"),
    BELL("M6 17v-6a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4"),
    HERE("M12 19a7 7 0 1 0 0-14a7 7 0 0 0 0 14zM12 2v4M12 18v4M2 12h4M18 12h4"),
    ;

    val image: ImageVector by lazy {
        ImageVector
            .Builder(name, SIDE.dp, SIDE.dp, SIDE, SIDE)
            .addPath(
                pathData = addPathNodes(strokes),
                stroke = SolidColor(Color.Black),
                strokeLineWidth = 2f,
                strokeLineCap = StrokeCap.Round,
                strokeLineJoin = StrokeJoin.Round,
            ).build()
    }

    private companion object {
        const val SIDE = 24f
    }
}

private const val LARGEST = 1.6f

/** A drawing; [spoken] is for who does not see it, `null` where text beside it says the same. */
@Composable
fun Draw(
    glyph: Glyph,
    tint: Color = Ui.colors.ink,
    size: Dp = 24.dp,
    spoken: String? = null,
) {
    // With large letters a drawing grows too, though less.
    val scale = LocalDensity.current.fontScale.coerceIn(1f, LARGEST)
    Icon(glyph.image, spoken, Modifier.size(size * scale), tint)
}
