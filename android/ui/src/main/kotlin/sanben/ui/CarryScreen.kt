package sanben.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.field.Brought
import sanben.field.CarryState
import sanben.field.OpenDoor

/** What somebody without a network can ask for. */
interface CarryIntents {
    fun export()

    fun receive()

    fun handOver(address: String)

    fun openDoor()

    fun closeDoor()

    fun back()
}

/** Work on its way without a network: the own work out, others' work along. */
@Composable
fun CarryScreen(
    state: CarryState,
    act: CarryIntents,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["carry.title"], act::back)
        Scrolled {
            Heading(texts["carry.own"])
            Own(state, act)
            Heading(texts["carry.others"])
            Others(state, act)
        }
    }
}

@Composable
private fun Own(
    state: CarryState,
    act: CarryIntents,
) {
    val texts = Ui.texts
    var address by remember { mutableStateOf("") }
    if (state.waiting == 0L) {
        Note(texts["carry.nothing"], Tone.GOOD, Glyph.DONE)
        return
    }
    Sheet {
        Badges { Badge(texts["sync.pending", "n" to state.waiting], Tone.WAIT, Glyph.WAITING) }
        Text(texts["carry.kept"], color = Ui.colors.muted, style = Ui.type.bodyMedium)
        MainButton(texts["carry.export"], act::export, Modifier.fillMaxWidth(), Glyph.CARRY, !state.busy)
        state.given?.let { Told(texts["carry.exported", "n" to it.changes]) }
        Writing(address, { address = it }, texts["carry.address"])
        QuietButton(
            texts["carry.hand-over"],
            { act.handOver(address) },
            Modifier.fillMaxWidth(),
            Glyph.PEOPLE,
            enabled = address.isNotBlank() && !state.busy,
        )
        state.handed?.let { Told(texts["carry.handed", "n" to it.changes]) }
    }
}

@Composable
private fun Told(text: String) = Note(text, Tone.GOOD, Glyph.DONE)

@Composable
private fun Others(
    state: CarryState,
    act: CarryIntents,
) {
    val texts = Ui.texts
    Sheet {
        Text(texts["carry.others-hint"], color = Ui.colors.muted, style = Ui.type.bodyMedium)
        QuietButton(texts["carry.receive"], act::receive, Modifier.fillMaxWidth(), Glyph.PLUS, enabled = !state.busy)
        state.brought?.let { Told(texts[it.key()]) }
        val door = state.door
        if (door == null) {
            QuietButton(texts["carry.open-door"], act::openDoor, Modifier.fillMaxWidth(), Glyph.PEOPLE)
        } else {
            OpenedDoor(door, act)
        }
    }
}

private fun Brought.key(): String =
    when (this) {
        Brought.TAKEN_ALONG -> "carry.taken-along"
        Brought.KNOWN -> "carry.known"
        Brought.TAKEN_OVER -> "carry.taken-over"
    }

@Composable
private fun OpenedDoor(
    door: OpenDoor,
    act: CarryIntents,
) {
    val texts = Ui.texts
    Text(texts["carry.show"], color = Ui.colors.muted, style = Ui.type.bodyMedium)
    SelectionContainer { Text(door.address ?: texts["today.loading"], color = Ui.colors.ink, style = Ui.type.titleLarge) }
    Badges {
        Badge(texts["carry.came", "n" to door.taken], if (door.taken > 0) Tone.GOOD else Tone.PLAIN, Glyph.DONE)
        if (door.refused > 0) Badge(texts["carry.turned-away", "n" to door.refused], Tone.WAIT, Glyph.TROUBLE)
    }
    QuietButton(texts["carry.close-door"], act::closeDoor, Modifier.fillMaxWidth(), Glyph.CLOSE)
}
