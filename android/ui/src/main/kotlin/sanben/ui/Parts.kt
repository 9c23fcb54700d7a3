package sanben.ui

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.Shape
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import java.util.UUID

/** What a badge is about; each kind has a colour, and a shape of its own beside it. */
enum class Tone { PLAIN, CALM, GOOD, WAIT, BAD }

@Composable
internal fun Tone.ink(): Color =
    when (this) {
        Tone.PLAIN -> Ui.colors.muted
        Tone.CALM -> Ui.colors.teal
        Tone.GOOD -> Ui.colors.green
        Tone.WAIT -> Ui.colors.amber
        Tone.BAD -> Ui.colors.vermilion
    }

@Composable
internal fun Tone.wash(): Color =
    when (this) {
        Tone.PLAIN -> Ui.colors.well
        Tone.CALM -> Ui.colors.tealWash
        Tone.GOOD -> Ui.colors.greenWash
        Tone.WAIT -> Ui.colors.amberWash
        Tone.BAD -> Ui.colors.vermilionWash
    }

/** A word with its shape: a state is never told by colour alone. */
@Composable
fun Badge(
    text: String,
    tone: Tone,
    glyph: Glyph? = null,
) {
    val shape = RoundedCornerShape(8.dp)
    Row(
        Modifier
            .clip(shape)
            .background(tone.wash())
            .border(Ui.colors.border, if (Ui.colors.strong) tone.ink() else Color.Transparent, shape)
            .padding(horizontal = 8.dp, vertical = 3.dp),
        horizontalArrangement = Arrangement.spacedBy(5.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        glyph?.let { Draw(it, tone.ink(), 16.dp) }
        Text(text, color = tone.ink(), style = Ui.type.labelMedium)
    }
}

/** A sheet of paper on the desk; [here] marks the one that is open beside its list. */
@Composable
fun Sheet(
    modifier: Modifier = Modifier,
    onClick: (() -> Unit)? = null,
    padding: Dp = 16.dp,
    here: Boolean = false,
    content: @Composable ColumnScope.() -> Unit,
) {
    val click = if (onClick == null) Modifier else Modifier.clickable(role = Role.Button, onClick = onClick)
    Column(
        modifier
            .fillMaxWidth()
            .clip(CORNER)
            .background(Ui.colors.sheet)
            .border(if (here) HERE else Ui.colors.border, if (here) Ui.colors.teal else Ui.colors.line, CORNER)
            .semantics { if (here) selected = true }
            .then(click)
            .defaultMinSize(minHeight = TOUCH)
            .padding(padding),
        verticalArrangement = Arrangement.spacedBy(8.dp),
        content = content,
    )
}

private val HERE = 3.dp

/** What stays under the thumb while the rest scrolls. */
@Composable
fun Foot(content: @Composable ColumnScope.() -> Unit) {
    Box(Modifier.fillMaxWidth().height(Ui.colors.border).background(Ui.colors.line))
    Column(
        Modifier.fillMaxWidth().background(Ui.colors.sheet).padding(horizontal = 16.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.spacedBy(10.dp),
        content = content,
    )
}

/** A tile that a wash sets off; where there are none it has an edge. */
@Composable
internal fun Modifier.tile(
    wash: Color,
    edge: Color,
    shape: Shape = CORNER,
): Modifier = clip(shape).background(wash).border(Ui.colors.border, if (Ui.colors.strong) edge else Color.Transparent, shape)

@Composable
fun Heading(
    text: String,
    modifier: Modifier = Modifier,
    trailing: @Composable (() -> Unit)? = null,
) {
    Row(
        modifier.fillMaxWidth().padding(top = 12.dp, bottom = 2.dp),
        horizontalArrangement = Arrangement.SpaceBetween,
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Text(text, Modifier.weight(1f).semantics { heading() }, Ui.colors.muted, style = Ui.type.titleMedium)
        trailing?.invoke()
    }
}

/** The one thing to do here. */
@Composable
fun MainButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    glyph: Glyph? = null,
    enabled: Boolean = true,
    tone: Tone = Tone.CALM,
) {
    val ground = if (enabled) tone.ink() else Ui.colors.well
    val ink = if (enabled) Ui.colors.onTeal else Ui.colors.faint
    Pressable(modifier, onClick, enabled, ground, if (enabled) Color.Transparent else Ui.colors.line) {
        glyph?.let { Draw(it, ink) }
        Text(text, color = ink, style = Ui.type.labelLarge, textAlign = TextAlign.Center)
    }
}

/** Something else that can be done. */
@Composable
fun QuietButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    glyph: Glyph? = null,
    tone: Tone = Tone.CALM,
    chosen: Boolean = false,
    enabled: Boolean = true,
) {
    val filled = chosen && Ui.colors.strong
    val ground =
        when {
            filled -> tone.ink()
            chosen -> tone.wash()
            else -> Ui.colors.sheet
        }
    val ink =
        when {
            !enabled -> Ui.colors.faint
            filled -> Ui.colors.onTeal
            else -> tone.ink()
        }
    val edge = if (chosen) tone.ink() else Ui.colors.line
    Pressable(modifier.semantics { if (chosen) selected = true }, onClick, enabled, ground, edge) {
        glyph?.let { Draw(it, ink) }
        Text(text, color = ink, style = Ui.type.labelLarge, textAlign = TextAlign.Center)
    }
}

@Composable
private fun Pressable(
    modifier: Modifier,
    onClick: () -> Unit,
    enabled: Boolean,
    ground: Color,
    edge: Color,
    content: @Composable RowScope.() -> Unit,
) {
    Row(
        modifier
            .clip(CORNER)
            .background(ground)
            .then(if (enabled || !Ui.colors.strong) Modifier.border(Ui.colors.border, edge, CORNER) else Modifier.broken(Ui.colors.faint))
            .clickable(enabled, role = Role.Button, onClick = onClick)
            .defaultMinSize(minHeight = TOUCH, minWidth = TOUCH)
            .padding(horizontal = 8.dp, vertical = 12.dp),
        horizontalArrangement = Arrangement.spacedBy(8.dp, Alignment.CenterHorizontally),
        verticalAlignment = Alignment.CenterVertically,
        content = content,
    )
}

/** An edge of dashes: what cannot be pressed now. */
private fun Modifier.broken(edge: Color): Modifier =
    drawBehind {
        val dashes = PathEffect.dashPathEffect(floatArrayOf(DASH.toPx(), DASH.toPx()))
        val stroke = Stroke(2.dp.toPx(), pathEffect = dashes)
        val inner = Size(size.width - stroke.width, size.height - stroke.width)
        val at = Offset(stroke.width / 2, stroke.width / 2)
        drawRoundRect(edge, at, inner, CornerRadius(ROUND.toPx() - stroke.width / 2), stroke)
    }

private val DASH = 6.dp

/** A drawing to tap; what it does is spoken. */
@Composable
fun Tap(
    glyph: Glyph,
    spoken: String,
    onClick: () -> Unit,
    tint: Color = Ui.colors.ink,
    enabled: Boolean = true,
) {
    Box(
        Modifier.size(TOUCH).clip(CORNER).clickable(enabled, role = Role.Button, onClick = onClick),
        contentAlignment = Alignment.Center,
    ) { Draw(glyph, if (enabled) tint else tint.copy(alpha = ASLEEP), spoken = spoken) }
}

private const val ASLEEP = 0.3f

/** A drawing with its word, to tap. */
@Composable
fun WordedTap(
    glyph: Glyph,
    text: String,
    onClick: () -> Unit,
) {
    Row(
        Modifier
            .clip(CORNER)
            .clickable(role = Role.Button, onClick = onClick)
            .defaultMinSize(minHeight = TOUCH)
            .padding(horizontal = 10.dp),
        horizontalArrangement = Arrangement.spacedBy(6.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Draw(glyph, Ui.colors.teal, 20.dp)
        Text(text, color = Ui.colors.teal, style = Ui.type.labelMedium)
    }
}

/** One line or more to write in. */
@Composable
fun Writing(
    value: String,
    onChange: (String) -> Unit,
    hint: String,
    modifier: Modifier = Modifier,
    glyph: Glyph? = null,
    lines: Int = 1,
    secret: Boolean = false,
) {
    val style: TextStyle = Ui.type.bodyLarge.copy(color = Ui.colors.ink)
    BasicTextField(
        value,
        onChange,
        modifier.fillMaxWidth().semantics { contentDescription = hint },
        textStyle = style,
        singleLine = lines == 1,
        minLines = lines,
        visualTransformation = if (secret) PasswordVisualTransformation() else VisualTransformation.None,
        keyboardOptions = if (secret) KeyboardOptions(keyboardType = KeyboardType.Password) else KeyboardOptions.Default,
        cursorBrush = SolidColor(Ui.colors.teal),
        decorationBox = { inner ->
            Row(
                Modifier
                    .clip(CORNER)
                    .background(Ui.colors.sheet)
                    .border(maxOf(Ui.colors.border, 1.dp), Ui.colors.line, CORNER)
                    .defaultMinSize(minHeight = TOUCH)
                    .padding(horizontal = 14.dp, vertical = 12.dp),
                horizontalArrangement = Arrangement.spacedBy(10.dp),
                verticalAlignment = if (lines == 1) Alignment.CenterVertically else Alignment.Top,
            ) {
                glyph?.let { Draw(it, Ui.colors.muted) }
                Box(Modifier.weight(1f)) {
                    if (value.isEmpty()) Text(hint, color = Ui.colors.muted, style = Ui.type.bodyLarge)
                    inner()
                }
            }
        },
    )
}

/** A small picture, or a place for one that has not come yet. */
@Composable
fun Photo(
    hash: String?,
    spoken: String,
    modifier: Modifier = Modifier,
    shownIn: UUID? = null,
) {
    val pictures = LocalPictures.current
    val picture by produceState<ImageBitmap?>(null, hash) { value = hash?.let { pictures.small(it, shownIn) } }
    val shape = RoundedCornerShape(10.dp)
    Box(modifier.clip(shape).background(Ui.colors.well), contentAlignment = Alignment.Center) {
        picture?.let { Image(it, spoken, Modifier.fillMaxSize(), contentScale = ContentScale.Crop) }
            ?: Draw(Glyph.PHOTO, Ui.colors.muted, spoken = Ui.texts["spoken.photo-missing"])
    }
}

/** Nothing here, and that is all right. */
@Composable
fun Empty(
    glyph: Glyph,
    title: String,
    hint: String? = null,
) {
    Column(
        Modifier.fillMaxWidth().padding(vertical = 40.dp, horizontal = 24.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
        verticalArrangement = Arrangement.spacedBy(10.dp),
    ) {
        Draw(glyph, Ui.colors.teal, 44.dp)
        Text(title, color = Ui.colors.ink, style = Ui.type.titleMedium, textAlign = TextAlign.Center)
        hint?.let { Text(it, color = Ui.colors.muted, style = Ui.type.bodyMedium, textAlign = TextAlign.Center) }
    }
}

/** Something the person has to know; it stays until it no longer holds or they close it. */
@Composable
fun Note(
    text: String,
    tone: Tone,
    glyph: Glyph,
    action: String? = null,
    onAction: () -> Unit = {},
) {
    Column(
        Modifier
            .fillMaxWidth()
            .clip(CORNER)
            .background(tone.wash())
            .border(Ui.colors.border, tone.ink().copy(alpha = if (Ui.colors.strong) 1f else EDGE), CORNER)
            .padding(14.dp),
        verticalArrangement = Arrangement.spacedBy(10.dp),
    ) {
        Row(horizontalArrangement = Arrangement.spacedBy(10.dp)) {
            Draw(glyph, tone.ink())
            Text(text, color = Ui.colors.ink, style = Ui.type.bodyLarge)
        }
        action?.let { QuietButton(it, onAction, Modifier.fillMaxWidth(), tone = tone) }
    }
}

private const val EDGE = 0.35f

/** Badges side by side that wrap where the letters are large. */
@Composable
fun Badges(content: @Composable () -> Unit) {
    FlowRow(
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalArrangement = Arrangement.spacedBy(6.dp),
    ) { content() }
}

/** Side by side and of one height; one below the other where the letters are large. */
@Composable
fun Abreast(vararg parts: @Composable (Modifier) -> Unit) {
    if (LocalDensity.current.fontScale > LARGE) {
        Column(Modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            parts.forEach { it(Modifier.fillMaxWidth()) }
        }
    } else {
        Row(Modifier.fillMaxWidth().height(IntrinsicSize.Min), horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            parts.forEach { it(Modifier.weight(1f).fillMaxHeight()) }
        }
    }
}

/** From here on letters are large: what stood side by side stands one below the other. */
internal const val LARGE = 1.4f

/** Tabs inside a screen. */
@Composable
fun <T> Choice(
    all: List<T>,
    chosen: T,
    name: @Composable (T) -> String,
    onChoose: (T) -> Unit,
) {
    val parts =
        all.map<T, @Composable (Modifier) -> Unit> { one ->
            {
                QuietButton(
                    name(one),
                    { onChoose(one) },
                    it,
                    chosen = one == chosen,
                    tone = if (one == chosen) Tone.CALM else Tone.PLAIN,
                )
            }
        }
    Abreast(*parts.toTypedArray())
}

/** How far a round has come. */
@Composable
fun Progress(
    done: Long,
    all: Long,
) {
    val share = if (all == 0L) 0f else done.toFloat() / all
    Box(
        Modifier
            .fillMaxWidth()
            .height(10.dp)
            .clip(RoundedCornerShape(5.dp))
            .background(Ui.colors.well)
            .border(1.dp, if (Ui.colors.strong) Ui.colors.ink else Color.Transparent, RoundedCornerShape(5.dp)),
    ) {
        Box(Modifier.fillMaxWidth(share).height(10.dp).background(Ui.colors.teal))
    }
}
