package sanben.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.field.CompletingState
import sanben.field.ItemState
import sanben.field.ResidentsState
import sanben.field.Without
import sanben.field.itemState

/** What completing a case can ask for. */
interface CompleteIntents : Choosing {
    fun photo()

    fun words(words: String)

    fun save()

    fun back()
}

/** A case completed or corrected: what was left out in the rain. */
@Composable
fun CompleteScreen(
    state: CompletingState,
    act: CompleteIntents,
) {
    Column(Modifier.fillMaxSize()) {
        TopBar(Ui.texts["complete.title"], act::back)
        Rows {
            item { Text(Ui.texts["complete.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge) }
            item { QuietButton(Ui.texts["complete.photo"], act::photo, Modifier.fillMaxWidth(), Glyph.CAMERA) }
            if (state.photos.isNotEmpty()) {
                item { Badge(Ui.texts["case.attached", "n" to state.photos.size], Tone.GOOD, Glyph.PHOTO) }
            }
            state.without?.let { without ->
                val key = if (without == Without.CAMERA_DENIED) "without.camera-denied" else "without.camera-failed"
                item { Note(Ui.texts[key], Tone.WAIT, Glyph.TROUBLE) }
            }
            item { Heading(Ui.texts["record.point"]) }
            points(state.point, state.suggestions, act)
            item { Heading(Ui.texts["record.standard"]) }
            standards(state.standard, state.standards, act)
            item { Heading(Ui.texts["record.words"]) }
            item { Writing(state.words, act::words, Ui.texts["record.words-hint"], lines = 2) }
        }
        Foot {
            MainButton(Ui.texts["complete.save"], act::save, Modifier.fillMaxWidth(), Glyph.DONE, state.changed)
        }
    }
}

/** What adding a contact can ask for. */
interface ContactsIntents {
    fun name(name: String)

    fun telephone(telephone: String)

    fun note(note: String)

    fun add()

    fun back()
}

/** Whom a case is about: for those who keep contacts, and nobody else. */
@Composable
fun ContactsScreen(
    state: ResidentsState,
    act: ContactsIntents,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(texts["residents.title"], act::back)
        Scrolled {
            Text(texts["residents.hint"], color = Ui.colors.muted, style = Ui.type.bodyLarge)
            state.contacts.forEach { contact ->
                Sheet {
                    if (contact.name.isNotBlank()) Text(contact.name, color = Ui.colors.ink, style = Ui.type.titleMedium)
                    if (contact.telephone.isNotBlank()) Fact(texts["residents.telephone"], contact.telephone)
                    if (contact.note.isNotBlank()) Fact(texts["residents.note"], contact.note)
                    Fact(texts["residents.by"], LocalNames.current.person(contact.by))
                    val item = itemState(contact.delivery, false)
                    if (item != ItemState.NotOwn) Badges { ItemBadge(item) }
                }
            }
            if (state.mayAdd) {
                Heading(texts["residents.add"])
                Writing(state.name, act::name, texts["residents.name"])
                Writing(state.telephone, act::telephone, texts["residents.telephone"])
                Writing(state.note, act::note, texts["residents.note"])
                MainButton(texts["residents.add"], act::add, Modifier.fillMaxWidth(), Glyph.PLUS, state.canAdd)
            }
        }
    }
}
