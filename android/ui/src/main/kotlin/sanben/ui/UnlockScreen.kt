package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.dp
import sanben.FieldFailure
import sanben.field.UnlockState
import sanben.field.User
import sanben.field.of

/** What can be done in front of locked records. */
interface Unlocks {
    fun unlock(pin: String)

    fun later()

    fun forgot()

    fun remembered()

    fun recover(
        code: String,
        pin: String,
    )

    fun users()
}

/** Somebody's records, locked. */
@Composable
fun UnlockScreen(
    user: User,
    state: UnlockState,
    unlocks: Unlocks,
) {
    val texts = Ui.texts
    Door {
        Text(
            user.name.ifEmpty { texts["users.unnamed", "code" to user.person] },
            color = Ui.colors.ink,
            style = Ui.type.headlineMedium,
        )
        val shown = state.shown
        when {
            state.choosing -> ChoosingPin(state, unlocks)
            shown == null -> WithPin(state, unlocks)
            else -> WithCode(shown, state, unlocks)
        }
        QuietButton(texts["me.users"], unlocks::users, Modifier.fillMaxWidth(), Glyph.PEOPLE)
    }
}

/**
 * What stands before the records: the name of the app, and one column however wide the screen is. On a tablet it is in
 * the middle; on a phone at the top, where the keyboard does not push it about.
 */
@Composable
internal fun Door(content: @Composable ColumnScope.() -> Unit) =
    BoxWithConstraints {
        Column(
            Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(20.dp),
            horizontalAlignment = Alignment.CenterHorizontally,
            verticalArrangement = if (maxWidth >= TABLET) Arrangement.Center else Arrangement.Top,
        ) {
            Column(Modifier.widthIn(max = COLUMN).fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(14.dp)) {
                Text(Ui.texts["app.name"], color = Ui.colors.teal, style = Ui.type.displaySmall)
                content()
            }
        }
    }

private val COLUMN = 480.dp

/** Records that lie open still: a PIN for them, now or later. */
@Composable
private fun ChoosingPin(
    state: UnlockState,
    unlocks: Unlocks,
) {
    val texts = Ui.texts
    var pin by remember { mutableStateOf("") }
    Text(texts["secure.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge)
    Writing(pin, { pin = it }, texts["enrol.pin"], secret = true)
    state.failure?.let { Note(texts.of(it), Tone.BAD, Glyph.ATTENTION) }
    MainButton(
        texts[if (state.busy) "secure.busy" else "secure.do"],
        { unlocks.unlock(pin) },
        Modifier.fillMaxWidth(),
        enabled = pin.isNotEmpty() && !state.busy,
    )
    if (!state.busy) QuietButton(texts["secure.later"], unlocks::later, Modifier.fillMaxWidth())
}

@Composable
private fun WithPin(
    state: UnlockState,
    unlocks: Unlocks,
) {
    val texts = Ui.texts
    var pin by remember { mutableStateOf("") }
    Text(texts["unlock.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge)
    Writing(pin, { pin = it }, texts["unlock.pin"], secret = true)
    val waits = state.waitSeconds > 0
    val failure = state.failure
    // To try again is no advice while there is a wait.
    val said = waits && (failure is FieldFailure.WrongPin || failure is FieldFailure.PinWait)
    if (failure != null && !said) Note(texts.of(failure), Tone.BAD, Glyph.ATTENTION)
    if (waits) Note(texts["unlock.wait", "n" to state.waitSeconds], Tone.WAIT, Glyph.WAITING)
    MainButton(
        texts[if (state.busy) "unlock.busy" else "unlock.do"],
        {
            unlocks.unlock(pin)
            pin = ""
        },
        Modifier.fillMaxWidth(),
        enabled = pin.isNotEmpty() && !state.busy && !waits,
    )
    QuietButton(texts["unlock.forgot"], unlocks::forgot, Modifier.fillMaxWidth())
}

@Composable
private fun WithCode(
    shown: String,
    state: UnlockState,
    unlocks: Unlocks,
) {
    val texts = Ui.texts
    var code by remember { mutableStateOf("") }
    var pin by remember { mutableStateOf("") }
    Text(texts["recover.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge)
    Sheet {
        Text(texts["recover.shown"], color = Ui.colors.muted, style = Ui.type.bodyMedium)
        ReadOut(shown)
    }
    Writing(code, { code = it }, texts["recover.code"])
    Writing(pin, { pin = it }, texts["pin.new"], secret = true)
    state.failure?.let { Note(texts.of(it), Tone.BAD, Glyph.ATTENTION) }
    MainButton(
        texts[if (state.busy) "unlock.busy" else "recover.do"],
        { unlocks.recover(code, pin) },
        Modifier.fillMaxWidth(),
        enabled = code.isNotBlank() && pin.isNotEmpty() && !state.busy,
    )
    QuietButton(texts["recover.remembered"], unlocks::remembered, Modifier.fillMaxWidth())
}

/** What is read out over the telephone: large, two groups to a line, and spoken letter by letter. */
@Composable
private fun ReadOut(shown: String) =
    FlowRow(
        Modifier.clearAndSetSemantics { contentDescription = shown.filter(Char::isLetterOrDigit).toList().joinToString(" ") },
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        maxItemsInEachRow = 2,
    ) {
        shown.split('-').forEach { Text(it, color = Ui.colors.ink, style = Ui.type.headlineMedium) }
    }

/** Another PIN for one's own records. */
@Composable
fun PinChange(onChange: (String, String) -> Unit) {
    val texts = Ui.texts
    var old by remember { mutableStateOf("") }
    var new by remember { mutableStateOf("") }
    Heading(texts["pin.change"])
    Writing(old, { old = it }, texts["pin.old"], secret = true)
    Writing(new, { new = it }, texts["pin.new"], secret = true)
    QuietButton(texts["pin.change"], {
        onChange(old, new)
        old = ""
        new = ""
    }, Modifier.fillMaxWidth())
}
