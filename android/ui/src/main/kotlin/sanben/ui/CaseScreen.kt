package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.ActKind
import sanben.Outcome
import sanben.field.CaseViewState
import sanben.field.Deed
import sanben.field.Route
import sanben.field.ThreadLine
import sanben.field.Without
import sanben.field.of
import java.util.UUID

/** What the case screen can ask for. */
interface CaseIntents {
    fun words(words: String)

    fun photo()

    fun act(deed: Deed)

    fun decide(upholds: UUID)

    fun open(route: Route)

    fun back()
}

/** One case: how it stands, before and after, who answers, what happened, and what to do under the thumb. */
@Composable
fun CaseScreen(
    state: CaseViewState,
    act: CaseIntents,
) {
    Column(Modifier.fillMaxSize()) {
        TopBar(state.point ?: state.standard.orEmpty(), act::back) {
            val case = state.case
            if (case != null) RemindTap(case.id, act::open)
            if (case != null && state.mayComplete) {
                Tap(Glyph.DRAFT, Ui.texts["complete.title"], { act.open(Route.Complete(case.id)) }, Ui.colors.teal)
            }
        }
        if (state.gone) {
            Empty(Glyph.CLOSE, Ui.texts["case.gone"])
            return
        }
        val case = state.case ?: return
        Rows {
            item {
                Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                    Text(state.title, color = Ui.colors.ink, style = Ui.type.headlineMedium)
                    state.standard?.let { Text(it, color = Ui.colors.muted, style = Ui.type.bodyLarge) }
                    Badges {
                        StatusBadge(case.status, case.disputes.isNotEmpty())
                        DueBadge(case.due, case.lateness)
                        ItemBadge(state.item)
                        if (case.timesFound >
                            1
                        ) {
                            Badge(Ui.texts["case.times-found", "n" to case.timesFound], Tone.WAIT, Glyph.LOOK_BACK)
                        }
                    }
                }
            }
            item { BeforeAfter(state) }
            item { Heading(Ui.texts["case.answers"]) }
            item { Answers(state) { case.point?.let { act.open(Route.Ledgers(it)) } } }
            state.residents?.let { n -> item { Contacts(n) { act.open(Route.Contacts(case.id)) } } }
            item { Heading(Ui.texts["case.thread"]) }
            if (case.disputes.isNotEmpty()) item { Note(Ui.texts["case.disputed"], Tone.BAD, Glyph.DISPUTE) }
            items(state.thread) { Said(it, Deed.DECIDE in state.deeds && it.disputed) { act.decide(it.event) } }
        }
        Deeds(state, act)
    }
}

@Composable
private fun Contacts(
    held: Int,
    onOpen: () -> Unit,
) {
    val hint = if (held == 0) Ui.texts["residents.none"] else Ui.texts["residents.held", "n" to held]
    Lead(Glyph.PEOPLE, Tone.CALM, Ui.texts["residents.title"], hint, onOpen)
}

@Composable
private fun BeforeAfter(state: CaseViewState) {
    Row(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.spacedBy(10.dp)) {
        Side(Ui.texts["case.before"], state.before, Ui.texts["case.no-before"], state.case?.id, Modifier.weight(1f))
        Side(Ui.texts["case.after"], state.after, Ui.texts["case.no-after"], state.case?.id, Modifier.weight(1f))
    }
}

@Composable
private fun Side(
    title: String,
    photos: List<String>,
    none: String,
    shownIn: UUID?,
    modifier: Modifier,
) {
    Column(modifier, verticalArrangement = Arrangement.spacedBy(6.dp)) {
        Text(title, color = Ui.colors.muted, style = Ui.type.labelMedium)
        if (photos.isEmpty()) {
            Column(
                Modifier
                    .fillMaxWidth()
                    .aspectRatio(SHAPE)
                    .tile(Ui.colors.well, Ui.colors.line)
                    .padding(10.dp),
                verticalArrangement = Arrangement.Center,
                horizontalAlignment = Alignment.CenterHorizontally,
            ) { Text(none, color = Ui.colors.muted, style = Ui.type.labelSmall) }
        }
        photos.forEach {
            Photo(it, Ui.texts["spoken.photo", "what" to title], Modifier.fillMaxWidth().aspectRatio(SHAPE), shownIn)
        }
    }
}

private const val SHAPE = 1.33f

@Composable
private fun Answers(
    state: CaseViewState,
    onLedgers: () -> Unit,
) {
    Sheet(onClick = onLedgers) {
        Fact(Ui.texts["case.head"], state.head ?: Ui.texts["case.no-head"])
        if (state.contacts.isNotEmpty()) Fact(Ui.texts["case.contacts"], state.contacts.joinToString("、"))
        state.handler?.let { Fact(Ui.texts["case.handler"], it) }
        Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
            Text(Ui.texts["case.ledgers"], Modifier.weight(1f), Ui.colors.teal, style = Ui.type.labelMedium)
            Draw(Glyph.FORWARD, Ui.colors.teal, 20.dp)
        }
    }
}

/** What, and to the right of it, which; under it where the letters are large. */
@Composable
internal fun Fact(
    what: String,
    which: String,
) {
    FlowRow(
        Modifier.fillMaxWidth(),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        itemVerticalAlignment = Alignment.CenterVertically,
    ) {
        Text(what, color = Ui.colors.muted, style = Ui.type.bodyMedium)
        Text(which, color = Ui.colors.ink, style = Ui.type.bodyLarge)
    }
}

@Composable
private fun Said(
    line: ThreadLine,
    mayUphold: Boolean,
    onUphold: () -> Unit,
) {
    val texts = Ui.texts
    Sheet {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            Draw(line.glyph(), if (line.disputed) Ui.colors.vermilion else Ui.colors.teal, 22.dp)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(4.dp)) {
                val outcome =
                    line.outcome?.let {
                        " · ${texts[if (it == Outcome.PASSED) "outcome.passed" else "outcome.failed"]}"
                    }
                val to = line.to?.let { " · ${texts["case.to", "who" to it]}" }
                Text(
                    line.who + " · " + texts.of(line.kind) + outcome.orEmpty() + to.orEmpty(),
                    color = Ui.colors.ink,
                    style = Ui.type.titleMedium,
                )
                val doubt = if (line.clockDoubtful) "（${texts["time.doubtful"]}）" else ""
                Text(Ui.moments.at(line.at) + doubt, color = Ui.colors.muted, style = Ui.type.labelSmall)
                if (line.words.isNotBlank()) Text(line.words, color = Ui.colors.ink, style = Ui.type.bodyLarge)
                line.ignored?.let { Text(texts.of(it), color = Ui.colors.amber, style = Ui.type.bodyMedium) }
                if (mayUphold) QuietButton(texts["case.uphold"], onUphold, Modifier.fillMaxWidth())
            }
        }
    }
}

private fun ThreadLine.glyph(): Glyph =
    when {
        disputed -> Glyph.DISPUTE
        kind == ActKind.REPORT || kind == ActKind.FIND_AGAIN -> Glyph.CAMERA
        kind == ActKind.RECTIFY || kind == ActKind.CLOSE -> Glyph.DONE
        kind == ActKind.LOOK_BACK || kind == ActKind.REWORK -> Glyph.LOOK_BACK
        kind == ActKind.AMEND || kind == ActKind.COMMENT -> Glyph.DRAFT
        else -> Glyph.PERSON
    }

@Composable
private fun Deeds(
    state: CaseViewState,
    act: CaseIntents,
) {
    if (state.deeds.isEmpty()) return
    val texts = Ui.texts
    val photos = Deed.RECTIFY in state.deeds || Deed.PASS in state.deeds
    Foot {
        state.without?.let {
            val key = if (it == Without.CAMERA_DENIED) "without.camera-denied" else "without.camera-failed"
            Note(texts[key], Tone.WAIT, Glyph.TROUBLE)
        }
        Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
            Writing(state.words, act::words, texts["case.words"], Modifier.weight(1f))
            if (photos) {
                val key = if (Deed.PASS in state.deeds) "deed.look-back-photo" else "deed.rectify-photo"
                Tap(Glyph.CAMERA, texts[key], act::photo, Ui.colors.teal)
            }
            if (Deed.COMMENT in state.deeds && state.words.isNotBlank()) {
                Tap(Glyph.FORWARD, texts["deed.comment"], { act.act(Deed.COMMENT) }, Ui.colors.teal)
            }
        }
        if (state.attached.isNotEmpty()) Badge(texts["case.attached", "n" to state.attached.size], Tone.GOOD, Glyph.PHOTO)
        val buttons =
            state.deeds.mapNotNull<Deed, @Composable (Modifier) -> Unit> { deed ->
                when (deed) {
                    Deed.ACKNOWLEDGE -> {
                        { MainButton(texts["deed.acknowledge"], { act.act(deed) }, it) }
                    }

                    Deed.RECTIFY -> {
                        if (Deed.ACKNOWLEDGE in state.deeds) {
                            { QuietButton(texts["deed.rectify"], { act.act(deed) }, it) }
                        } else {
                            { MainButton(texts["deed.rectify"], { act.act(deed) }, it, Glyph.DONE) }
                        }
                    }

                    Deed.PASS -> {
                        { MainButton(texts["deed.pass"], { act.act(deed) }, it, Glyph.DONE) }
                    }

                    Deed.FAIL -> {
                        { QuietButton(texts["deed.fail"], { act.act(deed) }, it, Glyph.CLOSE, Tone.BAD) }
                    }

                    Deed.DECIDE, Deed.COMMENT -> {
                        null
                    }
                }
            }
        // The thumb is on the right: what is done most often is there.
        Abreast(*buttons.reversed().toTypedArray())
    }
}
