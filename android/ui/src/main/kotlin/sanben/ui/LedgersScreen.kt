package sanben.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import sanben.Answering
import sanben.Ledgers
import sanben.Problem
import sanben.Standard
import sanben.field.Ledger
import sanben.field.LedgersState
import sanben.field.PointsState
import sanben.field.Route
import sanben.field.of

/** Finding a point, with or without a network. */
@Composable
fun PointsScreen(
    state: PointsState,
    onSearch: (String) -> Unit,
    onOpen: (Route) -> Unit,
) {
    Column(Modifier.fillMaxSize()) {
        TopBar(Ui.texts["points.title"], null)
        Rows {
            item { Writing(state.text, onSearch, Ui.texts["points.search"], glyph = Glyph.SEARCH) }
            if (state.found.isEmpty()) item { Empty(Glyph.SEARCH, Ui.texts["points.none"]) }
            items(state.found, { it.code }) { point ->
                val head = point.head?.let { Ui.texts["record.head", "name" to it] } ?: Ui.texts["ledger.blind-spot"]
                val glyph = if (point.head == null) Glyph.TROUBLE else Glyph.LEDGER
                val tone = if (point.head == null) Tone.BAD else Tone.CALM
                Lead(glyph, tone, point.name, "${point.community} · ${point.kind}\n$head", Route.Ledgers(point.code), onOpen)
            }
        }
    }
}

/** The three ledgers of one point; the button to record here stays under the thumb. */
@Composable
fun LedgersScreen(
    state: LedgersState,
    onLedger: (Ledger) -> Unit,
    onOpen: (Route) -> Unit,
    onBack: () -> Unit,
) {
    val texts = Ui.texts
    Column(Modifier.fillMaxSize()) {
        TopBar(state.point?.name.orEmpty(), onBack)
        Rows {
            state.point?.let { point ->
                item {
                    Text(
                        "${point.community} · ${point.kind} · ${point.code}",
                        color = Ui.colors.muted,
                        style = Ui.type.bodyLarge,
                    )
                }
            }
            state.point?.let { point ->
                item { Lead(Glyph.TODAY, Tone.CALM, texts["matter.here"], null, Route.Matters(point.code), onOpen) }
            }
            item { Choice(Ledger.entries, state.ledger, { texts[it.key()] }, onLedger) }
            state.ledgers?.let { ledgers ->
                when (state.ledger) {
                    Ledger.STANDARDS -> standards(ledgers.standards, onOpen)
                    Ledger.PROBLEMS -> problems(ledgers, onOpen)
                    Ledger.RESPONSIBILITY -> responsibility(ledgers)
                }
            }
        }
        state.point?.let { point ->
            val record = { onOpen(Route.Record(point = point.code)) }
            Foot { MainButton(texts["ledger.record-here"], record, Modifier.fillMaxWidth(), Glyph.CAMERA) }
        }
    }
}

private fun Ledger.key(): String =
    when (this) {
        Ledger.STANDARDS -> "ledger.standards"
        Ledger.PROBLEMS -> "ledger.problems"
        Ledger.RESPONSIBILITY -> "ledger.responsibility"
    }

private fun LazyListScope.standards(
    standards: List<Standard>,
    onOpen: (Route) -> Unit,
) = items(standards, { it.code }) { standard ->
    Sheet(onClick = standard.openCases.firstOrNull()?.let { case -> { onOpen(Route.Case(case)) } }) {
        Text(standard.name, color = Ui.colors.ink, style = Ui.type.titleMedium)
        Text(standard.demand, color = Ui.colors.ink, style = Ui.type.bodyMedium)
        Badges {
            Badge(standard.clause, Tone.PLAIN)
            Badge(Ui.texts["record.standard-limit", "limit" to Ui.texts.of(standard.limit)], Tone.PLAIN, Glyph.WAITING)
            val open = standard.openCases.size
            if (open > 0) Badge(Ui.texts["ledger.open", "n" to open], Tone.BAD, Glyph.ATTENTION)
        }
    }
}

private fun LazyListScope.problems(
    ledgers: Ledgers,
    onOpen: (Route) -> Unit,
) {
    if (ledgers.openProblems.isEmpty() && ledgers.pastProblems.isEmpty()) {
        item { Empty(Glyph.DONE, Ui.texts["ledger.no-problems"]) }
    }
    if (ledgers.openProblems.isNotEmpty()) item { Heading(Ui.texts["ledger.open", "n" to ledgers.openProblems.size]) }
    items(ledgers.openProblems, { it.caseId }) { ProblemRow(it, onOpen) }
    if (ledgers.pastProblems.isNotEmpty()) item { Heading(Ui.texts["ledger.past", "n" to ledgers.pastProblems.size]) }
    items(ledgers.pastProblems, { it.caseId }) { ProblemRow(it, onOpen) }
}

@Composable
private fun ProblemRow(
    problem: Problem,
    onOpen: (Route) -> Unit,
) {
    val names = LocalNames.current
    Sheet(onClick = { onOpen(Route.Case(problem.caseId)) }) {
        Text(
            problem.description.ifBlank {
                problem.standard?.let(names::standard).orEmpty()
            },
            color = Ui.colors.ink,
            style = Ui.type.titleMedium,
        )
        val then = problem.answeredThen?.let(names::person)
        Text(
            listOfNotNull(Ui.moments.at(problem.found), then).joinToString(" · "),
            color = Ui.colors.muted,
            style = Ui.type.bodyMedium,
        )
        Badges {
            StatusBadge(problem.status, problem.disputed)
            DueBadge(problem.due, problem.lateness)
            if (problem.timesFound >
                1
            ) {
                Badge(Ui.texts["case.times-found", "n" to problem.timesFound], Tone.WAIT, Glyph.LOOK_BACK)
            }
        }
    }
}

private fun LazyListScope.responsibility(ledgers: Ledgers) {
    item { Heading(Ui.texts["ledger.now"]) }
    val head = ledgers.head
    if (head == null) item { Note(Ui.texts["ledger.blind-spot"], Tone.BAD, Glyph.TROUBLE) }
    items(listOfNotNull(head) + ledgers.contacts) {
        Who(
            it,
            Ui.texts[
                if (it ==
                    head
                ) {
                    "case.head"
                } else {
                    "case.contacts"
                },
            ],
        )
    }
    val past = ledgers.history.filter { it.until != null }
    if (past.isNotEmpty()) item { Heading(Ui.texts["ledger.history"]) }
    items(past) { Who(it, null) }
}

@Composable
private fun Who(
    answering: Answering,
    duty: String?,
) {
    val names = LocalNames.current
    val texts = Ui.texts
    Sheet {
        Row(horizontalArrangement = Arrangement.spacedBy(14.dp)) {
            Draw(Glyph.PERSON, Ui.colors.teal, 28.dp)
            Column(Modifier.weight(1f)) {
                Text(
                    answering.name.ifEmpty { names.person(answering.person) },
                    color = Ui.colors.ink,
                    style = Ui.type.titleMedium,
                )
                val unit = answering.unit?.let(names::unit)
                Text(listOfNotNull(duty, unit).joinToString(" · "), color = Ui.colors.muted, style = Ui.type.bodyMedium)
                val until =
                    answering.until?.let {
                        texts[
                            "ledger.until", "time" to
                                Ui.moments.day(
                                    Ui.moments.dayOf(it),
                                ),
                        ]
                    }
                val since = texts["ledger.since", "time" to Ui.moments.day(Ui.moments.dayOf(answering.since))]
                Text(listOfNotNull(since, until).joinToString(" "), color = Ui.colors.muted, style = Ui.type.labelSmall)
            }
        }
    }
}
