package sanben.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import sanben.Enrolment
import sanben.Round
import sanben.field.Carry
import sanben.field.CaseView
import sanben.field.Completing
import sanben.field.Deed
import sanben.field.EnrolAgain
import sanben.field.NeedsAttention
import sanben.field.Patrol
import sanben.field.PointLedgers
import sanben.field.Points
import sanben.field.Recording
import sanben.field.Remaining
import sanben.field.ReminderLine
import sanben.field.Residents
import sanben.field.Route
import sanben.field.Score
import sanben.field.Session
import sanben.field.Shell
import sanben.field.ShellState
import sanben.field.Shown
import sanben.field.SyncLine
import sanben.field.Today
import sanben.field.Trigger
import sanben.field.line
import sanben.field.quiet
import sanben.field.shown
import sanben.field.soon
import java.util.UUID

/** Joins a route's state holder with its screen, for as long as the screen is there. */
@Composable
internal fun Destination(
    shell: Shell,
    working: ShellState.Working,
    route: Route,
) {
    val session = working.session
    val navigator = session.navigator
    val back = { navigator.back().let { } }
    when (route) {
        is Route.Today -> {
            TodayAt(session)
        }

        is Route.Patrol -> {
            PatrolAt(session, route)
        }

        is Route.Points -> {
            PointsAt(session)
        }

        is Route.Me -> {
            MeAt(session)
        }

        is Route.Record -> {
            RecordAt(session, route)
        }

        is Route.Case -> {
            CaseAt(session, route.id)
        }

        is Route.Ledgers -> {
            LedgersAt(session, route.point, back)
        }

        is Route.Score -> {
            ScoreAt(session, route.community, back)
        }

        is Route.Complete -> {
            CompleteAt(session, route.id)
        }

        is Route.Contacts -> {
            ContactsAt(session, route.case)
        }

        is Route.Matters -> {
            MattersAt(session, route)
        }

        is Route.Matter -> {
            MatterAt(session, route.id, back)
        }

        is Route.Form -> {
            FormAt(session, route)
        }

        is Route.Remind -> {
            RemindAt(session, route.document, back)
        }

        is Route.Attention -> {
            AttentionAt(session)
        }

        is Route.Carry -> {
            CarryAt(session)
        }

        is Route.EnrolAgain -> {
            EnrolAgainAt(session, back)
        }

        is Route.Users -> {
            val users by shell.users.all.collectAsState()
            UsersScreen(users, working.user, shell::switch, shell::welcome, back)
        }

        is Route.Settings -> {
            SettingsAt(shell, session, back)
        }
    }
}

@Composable
private fun syncLine(session: Session): SyncLine {
    val state by session.syncer.state.collectAsState()
    return state.line(session.texts, session.moments)
}

@Composable
private fun TodayAt(session: Session) {
    val model = remember(session) { Today(session) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    TodayScreen(state, reminded(session), syncLine(session), { session.syncer.trigger(Trigger.ASKED) }, session.navigator::open)
}

@Composable
private fun reminded(session: Session): Reminded {
    val state by session.reminders.state.collectAsState()
    return object : Reminded {
        override val come = state.come
        override val soon = state.soon(session.moments.now())

        override fun open(line: ReminderLine) = session.reminders.open(line)

        override fun takeBack(line: ReminderLine) = session.reminders.remind(line.document, null)
    }
}

@Composable
private fun PatrolAt(
    session: Session,
    route: Route.Patrol,
) {
    val model = remember(session, route) { Patrol(session, route.round) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    PatrolScreen(
        state,
        object : PatrolIntents {
            override fun choose(round: Round) = model.choose(round)

            override fun nearestFirst() = model.nearestFirst()

            override fun clean(point: String) = model.clean(point)

            override fun notAccessible(
                point: String,
                reason: String,
            ) = model.notAccessible(point, reason)

            override fun open(route: Route) = session.navigator.open(route)
        },
    )
}

@Composable
private fun PointsAt(session: Session) {
    val model = remember(session) { Points(session) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    PointsScreen(state, model::search, session.navigator::open)
}

@Composable
private fun MeAt(session: Session) {
    val sync by session.syncer.state.collectAsState()
    MeScreen(
        LocalNames.current.me,
        syncLine(session),
        sync.attention,
        { session.syncer.trigger(Trigger.ASKED) },
        session.navigator::open,
    )
}

@Composable
private fun RecordAt(
    session: Session,
    route: Route.Record,
) {
    val model = remember(session, route) { Recording(session).apply { begin(route.draft, route.point) } }
    DisposableEffect(model) { onDispose(model::leave) }
    val state by model.state.collectAsState()
    RecordScreen(
        state,
        object : RecordIntents {
            override fun photo() = model.photo()

            override fun locate() = model.locate()

            override fun searchPoints(text: String) = model.searchPoints(text)

            override fun choosePoint(code: String?) = model.choosePoint(code)

            override fun searchStandards(text: String) = model.searchStandards(text)

            override fun chooseStandard(code: String?) = model.chooseStandard(code)

            override fun words(words: String) = model.words(words)

            override fun report() = model.report()

            override fun saveAgain() = model.saveAgain()

            override fun discard() = model.discard()

            override fun leave() {
                session.navigator.back()
            }

            override fun next() {
                session.navigator.back()
                session.navigator.open(Route.Record())
            }

            override fun show() {
                val case = state.reported?.caseId ?: return
                session.navigator.back()
                session.navigator.open(Route.Case(case))
            }
        },
    )
}

@Composable
private fun CaseAt(
    session: Session,
    id: UUID,
) {
    val model = remember(session, id) { CaseView(session, id) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    CaseScreen(
        state,
        object : CaseIntents {
            override fun words(words: String) = model.words(words)

            override fun photo() = model.photo()

            override fun act(deed: Deed) = model.act(deed)

            override fun decide(upholds: UUID) = model.decide(upholds)

            override fun open(route: Route) = session.navigator.open(route)

            override fun back() {
                session.navigator.back()
            }
        },
    )
}

@Composable
private fun LedgersAt(
    session: Session,
    point: String,
    onBack: () -> Unit,
) {
    val model = remember(session, point) { PointLedgers(session, point) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    LedgersScreen(state, model::open, session.navigator::open, onBack)
}

@Composable
private fun ScoreAt(
    session: Session,
    community: String,
    onBack: () -> Unit,
) {
    val model = remember(session, community) { Score(session, community) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    ScoreScreen(state, model::turn, model::choose, session.navigator::open, onBack)
}

@Composable
private fun CompleteAt(
    session: Session,
    id: UUID,
) {
    val model = remember(session, id) { Completing(session, id).apply { begin() } }
    val state by model.state.collectAsState()
    CompleteScreen(
        state,
        object : CompleteIntents {
            override fun photo() = model.photo()

            override fun searchPoints(text: String) = model.searchPoints(text)

            override fun choosePoint(code: String?) = model.choosePoint(code)

            override fun searchStandards(text: String) = model.searchStandards(text)

            override fun chooseStandard(code: String?) = model.chooseStandard(code)

            override fun words(words: String) = model.words(words)

            override fun save() = model.save()

            override fun back() {
                session.navigator.back()
            }
        },
    )
}

@Composable
private fun ContactsAt(
    session: Session,
    case: UUID,
) {
    val model = remember(session, case) { Residents(session, case) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    ContactsScreen(
        state,
        object : ContactsIntents {
            override fun name(name: String) = model.name(name)

            override fun telephone(telephone: String) = model.telephone(telephone)

            override fun note(note: String) = model.note(note)

            override fun add() = model.add()

            override fun back() {
                session.navigator.back()
            }
        },
    )
}

@Composable
private fun AttentionAt(session: Session) {
    val model = remember(session) { NeedsAttention(session) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    AttentionScreen(
        state,
        object : AttentionIntents {
            override fun resend(id: Long) = model.resend(id)

            override fun searchPoints(text: String) = model.searchPoints(text)

            override fun correct(
                id: Long,
                words: String,
                point: String?,
            ) = model.correct(id, words, point)

            override fun handOn(
                id: Long,
                to: String?,
            ) = model.handOn(id, to)

            override fun export(id: Long) = model.export(id)

            override fun discard(
                id: Long,
                reason: String,
            ) = model.discard(id, reason)

            override fun open(route: Route) = session.navigator.open(route)

            override fun back() {
                session.navigator.back()
            }
        },
    )
}

@Composable
private fun CarryAt(session: Session) {
    val model = remember(session) { Carry(session) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    CarryScreen(
        state,
        object : CarryIntents {
            override fun export() = model.export()

            override fun receive() = model.receive()

            override fun handOver(address: String) = model.handOver(address)

            override fun openDoor() = model.openDoor()

            override fun closeDoor() = model.closeDoor()

            override fun back() {
                session.navigator.back()
            }
        },
    )
}

@Composable
private fun EnrolAgainAt(
    session: Session,
    onBack: () -> Unit,
) {
    val model = remember(session) { EnrolAgain(session) }
    val state by model.state.collectAsState()
    EnrolAgainScreen(state, model::enrol, onBack)
}

@Composable
private fun SettingsAt(
    shell: Shell,
    session: Session,
    onBack: () -> Unit,
) {
    val settled by shell.settings.state.collectAsState()
    val enrolment by produceState<Enrolment?>(null, session) { value = session.device.enrolment() }
    val encrypted by produceState(false, session) { value = session.device.isEncrypted() }
    SettingsScreen(
        settled,
        enrolment?.url.orEmpty().substringBefore('#'),
        enrolment
            ?.device
            ?.toString()
            .orEmpty()
            .take(8),
        shell::language,
        { look -> shell.settings.change { it.copy(look = look) } },
        plans(session),
        removal(shell, session),
        { old: String, new: String -> session.changePin(old, new).let { } }.takeIf { encrypted },
        onBack,
    )
}

@Composable
private fun plans(session: Session): Plans {
    val reminders by session.reminders.state.collectAsState()
    return object : Plans {
        override val state = reminders

        override fun toggle(minutes: UInt) = session.reminders.toggle(minutes)

        override fun quiet(
            beginsLater: Long,
            endsLater: Long,
        ) = session.reminders.plan { it.quiet(beginsLater, endsLater) }
    }
}

@Composable
private fun RemindAt(
    session: Session,
    document: UUID,
    onBack: () -> Unit,
) {
    val reminders by session.reminders.state.collectAsState()
    val shown by produceState<Shown?>(null, session, document) { value = session.shown(document) }
    RemindScreen(
        shown?.title.orEmpty(),
        document,
        reminders,
        session.reminders.offered(),
        { session.reminders.remind(document, it) },
        { shown?.let { session.navigator.open(it.route) } },
        onBack,
    )
}

@Composable
private fun removal(
    shell: Shell,
    session: Session,
): Removal {
    var found by remember(session) { mutableStateOf<Remaining?>(null) }
    return object : Removal {
        override val remaining = found

        override fun remove() {
            shell.remove { found = it }
        }

        override fun carry() = session.navigator.open(Route.Carry)
    }
}
