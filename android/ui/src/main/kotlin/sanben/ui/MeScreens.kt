package sanben.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.FieldFailure
import sanben.PersonView
import sanben.field.EnrolAgainState
import sanben.field.Language
import sanben.field.Look
import sanben.field.Remaining
import sanben.field.Route
import sanben.field.Settled
import sanben.field.SyncLine
import sanben.field.User
import sanben.field.of

/** Who works here, how delivery stands, and the way to everything seldom needed. */
@Composable
fun MeScreen(
    me: PersonView?,
    sync: SyncLine,
    refused: Long,
    onSync: () -> Unit,
    onOpen: (Route) -> Unit,
) {
    val texts = Ui.texts
    val names = LocalNames.current
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["me.title"], null)
        Scrolled {
            me?.let {
                Sheet {
                    Text(it.name, color = Ui.colors.ink, style = Ui.type.headlineMedium)
                    Fact(texts["me.unit"], names.unit(it.unit))
                    it.team?.let { team -> Fact(texts["me.team"], team) }
                    Badges { Badge(texts.of(it.role), Tone.CALM, Glyph.PERSON) }
                }
            }
            SyncStrip(sync, onSync, onOpen)
            val bad = refused > 0
            val said = if (bad) texts["task.refused", "n" to refused] else texts["attention.none"]
            Lead(Glyph.ATTENTION, if (bad) Tone.BAD else Tone.PLAIN, texts["me.attention"], said, Route.Attention, onOpen)
            Lead(Glyph.TODAY, Tone.CALM, texts["matter.title"], texts["matter.hint"], Route.Matters(), onOpen)
            (me?.community ?: names.communities.firstOrNull())?.let { community ->
                Lead(Glyph.SCORE, Tone.CALM, texts["me.score"], names.unit(community), Route.Score(community), onOpen)
            }
            Lead(Glyph.PEOPLE, Tone.CALM, texts["me.users"], texts["users.hint"], Route.Users, onOpen)
            Lead(Glyph.CARRY, Tone.CALM, texts["me.carry"], texts["carry.hint"], Route.Carry, onOpen)
            Lead(Glyph.SETTINGS, Tone.CALM, texts["me.settings"], null, Route.Settings, onOpen)
        }
    }
}

/** Who can work on this device; a tap changes over, and never loses anything. */
@Composable
fun UsersScreen(
    users: List<User>,
    current: User?,
    onSwitch: (User) -> Unit,
    onAdd: () -> Unit,
    onBack: () -> Unit,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["users.title"], onBack)
        Rows {
            item { Text(texts["users.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge) }
            items(users) { user ->
                val here = user.folder == current?.folder
                Lead(
                    if (here) Glyph.DONE else Glyph.PERSON,
                    if (here) Tone.GOOD else Tone.CALM,
                    user.name.ifEmpty { texts["users.unnamed", "code" to user.person] },
                    if (here) texts["users.current"] else null,
                    { onSwitch(user) },
                )
            }
        }
        Foot { QuietButton(texts["users.add"], onAdd, Modifier.fillMaxWidth(), Glyph.PLUS) }
    }
}

@Composable
fun SettingsScreen(
    settled: Settled,
    server: String,
    device: String,
    onLanguage: (Language) -> Unit,
    onLook: (Look) -> Unit,
    plans: Plans,
    removal: Removal,
    onPin: ((String, String) -> Unit)?,
    onBack: () -> Unit,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["settings.title"], onBack)
        Scrolled {
            Heading(texts["settings.language"])
            Choice(Language.entries, settled.language, { texts[it.key()] }, onLanguage)
            Heading(texts["settings.look"])
            Choice(Look.entries.take(2), settled.look, { texts[it.key()] }, onLook)
            Choice(Look.entries.drop(2), settled.look, { texts[it.key()] }, onLook)
            Planning(plans)
            Heading(texts["me.device"])
            Sheet {
                Fact(texts["me.server"], server)
                Fact(texts["me.device"], device)
            }
            onPin?.let { PinChange(it) }
            Removing(removal)
        }
    }
}

/** Taking oneself off this device, and what stands in the way of it. */
interface Removal {
    /** What is only here; `null` while nobody has asked. */
    val remaining: Remaining?

    fun remove()

    fun carry()
}

@Composable
private fun Removing(removal: Removal) {
    val texts = Ui.texts
    var asked by remember { mutableStateOf(false) }
    QuietButton(texts["remove.do"], { asked = !asked }, Modifier.fillMaxWidth(), tone = Tone.BAD, chosen = asked)
    if (!asked) return
    val remaining = removal.remaining
    if (remaining != null) {
        val what =
            listOfNotNull(
                remaining.pending.takeIf { it > 0 }?.let { texts["sync.pending", "n" to it] },
                remaining.photos.takeIf { it > 0 }?.let { texts["sync.photos", "n" to it] },
                remaining.refused.takeIf { it > 0 }?.let { texts["task.refused", "n" to it] },
                remaining.drafts.takeIf { it > 0 }?.let { texts["remove.drafts", "n" to it] },
            ).joinToString(texts["list.and"])
        Note(texts["remove.not-yet", "what" to what], Tone.WAIT, Glyph.TROUBLE, texts["me.carry"], removal::carry)
    } else {
        Note(texts["remove.hint"], Tone.BAD, Glyph.ATTENTION)
    }
    MainButton(texts["remove.confirm"], removal::remove, Modifier.fillMaxWidth(), tone = Tone.BAD)
}

private fun Language.key(): String =
    when (this) {
        Language.CHINESE -> "settings.language-zh"
        Language.ENGLISH -> "settings.language-en"
    }

private fun Look.key(): String =
    when (this) {
        Look.SYSTEM -> "settings.look-system"
        Look.LIGHT -> "settings.look-light"
        Look.DARK -> "settings.look-dark"
        Look.HIGH_CONTRAST -> "settings.look-high-contrast"
    }

/** Address and code from the desk. */
@Composable
fun EnrolScreen(
    busy: Boolean,
    failure: FieldFailure?,
    withPin: Boolean,
    onEnrol: (String, String, String) -> Unit,
    onUsers: (() -> Unit)?,
) {
    val texts = Ui.texts
    var url by remember { mutableStateOf("") }
    var code by remember { mutableStateOf("") }
    var pin by remember { mutableStateOf("") }
    Door {
        Text(texts["enrol.title"], color = Ui.colors.ink, style = Ui.type.headlineMedium)
        Text(texts["enrol.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge)
        Writing(url, { url = it }, texts["enrol.url"])
        Writing(code, { code = it }, texts["enrol.code"])
        if (withPin) Writing(pin, { pin = it }, texts["enrol.pin"], secret = true)
        failure?.let { Note(texts.of(it), Tone.BAD, Glyph.ATTENTION) }
        val ready = url.isNotBlank() && code.isNotBlank() && (pin.isNotEmpty() || !withPin) && !busy
        MainButton(
            texts[if (busy) "enrol.busy" else "enrol.do"],
            { onEnrol(url, code, pin) },
            Modifier.fillMaxWidth(),
            enabled = ready,
        )
        onUsers?.let { QuietButton(texts["me.users"], it, Modifier.fillMaxWidth(), Glyph.PEOPLE) }
    }
}

/** The server does not know this device any more: another code from the desk, and nothing is lost. */
@Composable
fun EnrolAgainScreen(
    state: EnrolAgainState,
    onEnrol: (String, String) -> Unit,
    onBack: () -> Unit,
) {
    val texts = Ui.texts
    var code by remember { mutableStateOf("") }
    var url by remember { mutableStateOf("") }
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["enrol-again.title"], onBack)
        Scrolled {
            Text(texts["enrol-again.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge)
            Writing(code, { code = it }, texts["enrol.code"])
            Writing(url, { url = it }, texts["enrol-again.url"])
            state.failure?.let { Note(texts.of(it), Tone.BAD, Glyph.ATTENTION) }
            MainButton(
                texts[if (state.busy) "enrol.busy" else "enrol-again.title"],
                { onEnrol(code, url) },
                Modifier.fillMaxWidth(),
                enabled = code.isNotBlank() && !state.busy,
            )
        }
    }
}

/** The store cannot be opened: said, with what to do, and nothing is touched. */
@Composable
fun BrokenScreen(
    failure: FieldFailure,
    onUsers: () -> Unit,
) {
    Door {
        Empty(Glyph.TROUBLE, Ui.texts["broken.title"], Ui.texts["broken.hint"])
        Note(Ui.texts.of(failure), Tone.BAD, Glyph.ATTENTION)
        QuietButton(Ui.texts["me.users"], onUsers, Modifier.fillMaxWidth(), Glyph.PEOPLE)
    }
}
