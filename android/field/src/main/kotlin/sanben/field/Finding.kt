package sanben.field

import sanben.CaseQuery
import sanben.FieldFailure
import sanben.Fix
import sanben.MatterQuery
import sanben.PointVisit
import sanben.Round
import sanben.Standard
import sanben.device.matters

/** A point that may be meant, with the distance in metres where a fix says so. */
data class Suggestion(
    val code: String,
    val name: String,
    val head: String?,
    val metres: Int?,
)

private const val NEAREST = 3
private const val FOUND = 20

/** The points nearest to a place; `null` before the first sync. */
internal suspend fun Session.near(fix: Fix): List<Suggestion>? =
    try {
        val names = names.value
        device.whereabouts(fix.latitude, fix.longitude, NEAREST).nearest.map {
            Suggestion(it.point, names.point(it.point), it.head?.let(names::person), it.metres.toInt())
        }
    } catch (_: FieldFailure.NothingYet) {
        null
    }

/** The points whose name, kind, code or community has this in it. */
internal suspend fun Session.pointsLike(text: String): List<Suggestion> =
    device.points(text.ifBlank { null }).take(FOUND).map { Suggestion(it.code, it.name, it.head, null) }

/** The standards for a point, or all of them, by a part of name or clause. */
internal suspend fun Session.standardsLike(
    text: String,
    point: String?,
): List<Standard> = device.standards(point?.takeIf { it in names.value.points }, text.ifBlank { null })

/** What a wide screen shows beside a list of which nothing has been opened yet. */
suspend fun Session.beside(tab: Route): Route? =
    when (tab) {
        is Route.Today -> {
            val me = names.value.me
            me?.let { device.cases(CaseQuery(mine = it.code, limit = 1)).rows.firstOrNull() }?.let { Route.Case(it.id) }
        }

        is Route.Patrol -> {
            next(tab.round)
        }

        is Route.Points -> {
            names.value.points.keys
                .firstOrNull()
                ?.let(Route::Ledgers)
        }

        is Route.Matters -> {
            val first = MatterQuery(point = tab.point, openOnly = true, limit = 1)
            device
                .matters(first, texts.tongue)
                .rows
                .firstOrNull()
                ?.let { Route.Matter(it.id) }
        }

        else -> {
            Route.Settings
        }
    }

/** The first stop of a round that is still to do: what was found there, or its ledgers. */
private suspend fun Session.next(round: Round): Route? {
    val day =
        try {
            device.today()
        } catch (_: FieldFailure.NothingYet) {
            return null
        }
    val stops = if (round == Round.MORNING) day.morning else day.lookBack
    val stop = stops.firstOrNull(PointVisit::toDo) ?: stops.firstOrNull() ?: return null
    return if (round == Round.MORNING) Route.Ledgers(stop.point) else stop.cases.firstOrNull()?.let(Route::Case)
}
