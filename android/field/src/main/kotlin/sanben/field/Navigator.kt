package sanben.field

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import sanben.Round
import java.util.UUID

/** A place in the app. */
sealed interface Route {
    data object Today : Route

    data class Patrol(
        val round: Round = Round.MORNING,
    ) : Route

    data object Points : Route

    data object Me : Route

    data class Record(
        val draft: UUID? = null,
        val point: String? = null,
    ) : Route

    data class Case(
        val id: UUID,
    ) : Route

    data class Ledgers(
        val point: String,
    ) : Route

    data class Score(
        val community: String,
    ) : Route

    data class Complete(
        val id: UUID,
    ) : Route

    data class Contacts(
        val case: UUID,
    ) : Route

    /** The list of matters, at a point where that is known. */
    data class Matters(
        val point: String? = null,
    ) : Route

    data class Matter(
        val id: UUID,
    ) : Route

    /** A form of a matter, and the draft of it to go on with. */
    sealed interface Form : Route {
        val draft: UUID?
    }

    data class OpenMatter(
        val feature: String,
        val about: UUID? = null,
        val point: String? = null,
        override val draft: UUID? = null,
    ) : Form

    data class ActOnMatter(
        val id: UUID,
        val act: String,
        override val draft: UUID? = null,
    ) : Form

    /** When to be reminded of a case or matter. */
    data class Remind(
        val document: UUID,
    ) : Route

    data object Attention : Route

    data object Carry : Route

    /** The server does not know this device any more. */
    data object EnrolAgain : Route

    data object Users : Route

    data object Settings : Route
}

/** Where the person is: a tab, and what was opened from it. Never empty. */
class Navigator {
    private val mutable = MutableStateFlow<List<Route>>(listOf(Route.Today))
    val stack: StateFlow<List<Route>> = mutable.asStateFlow()

    fun open(route: Route) = mutable.update { it.filter { open -> open != route } + route }

    /** Another tab; what was opened from the last one is closed. */
    fun tab(route: Route) {
        mutable.value = if (route == Route.Today) listOf(route) else listOf(Route.Today, route)
    }

    /** Away from what is done with, wherever the person has gone meanwhile. */
    fun close(route: Route) = mutable.update { it - route }

    /** Back to where this was opened from; `false` at the root, where the system takes over. */
    fun back(): Boolean {
        if (mutable.value.size == 1) return false
        mutable.update { it.dropLast(1) }
        return true
    }
}
