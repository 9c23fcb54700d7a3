package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import sanben.Contact
import sanben.NewContact
import sanben.device.changes
import java.util.UUID

data class ResidentsState(
    val contacts: List<Contact> = emptyList(),
    val mayAdd: Boolean = false,
    val name: String = "",
    val telephone: String = "",
    val note: String = "",
) {
    val canAdd: Boolean get() = mayAdd && (name.isNotBlank() || telephone.isNotBlank())
}

/** Whom a case is about. Shown only to those who keep contacts; what is wrong is erased by the desk. */
class Residents(
    private val session: Session,
    private val case: UUID,
) {
    private val mutable = MutableStateFlow(ResidentsState())
    val state: StateFlow<ResidentsState> = mutable.asStateFlow()

    /** Keeps the state true until it is cancelled, as it is when the screen goes away. */
    suspend fun run() {
        combine(session.device.changes(), session.names) { _, _ -> }.collect {
            val contacts = session.device.contacts(case)
            val mayAdd = session.device.mayAddContact(case)
            mutable.update { it.copy(contacts = contacts, mayAdd = mayAdd) }
        }
    }

    fun name(name: String) = mutable.update { it.copy(name = name) }

    fun telephone(telephone: String) = mutable.update { it.copy(telephone = telephone) }

    fun note(note: String) = mutable.update { it.copy(note = note) }

    fun add() {
        session.attempt {
            val (name, telephone, note) = state.value.run { Triple(name, telephone, note) }
            session.device.addContact(case, NewContact(name, telephone, note))
            mutable.update { it.copy(name = "", telephone = "", note = "") }
            session.syncer.trigger(Trigger.RECORDED)
        }
    }
}
