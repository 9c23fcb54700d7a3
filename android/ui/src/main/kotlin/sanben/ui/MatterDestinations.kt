package sanben.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import sanben.field.MatterFilter
import sanben.field.MatterForm
import sanben.field.MatterView
import sanben.field.Matters
import sanben.field.Option
import sanben.field.Route
import sanben.field.Session
import java.time.LocalDate
import java.util.UUID

@Composable
internal fun MattersAt(
    session: Session,
    route: Route.Matters,
) {
    val model = remember(session, route) { Matters(session, route.point) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    MattersScreen(
        state,
        object : MattersIntents {
            override fun filter(filter: MatterFilter) = model.filter(filter)

            override fun searchPoints(text: String) = model.searchPoints(text)

            override fun more() = model.more()

            override fun open(route: Route) = session.navigator.open(route)

            override fun back() {
                session.navigator.back()
            }
        },
    )
}

@Composable
internal fun MatterAt(
    session: Session,
    id: UUID,
    onBack: () -> Unit,
) {
    val model = remember(session, id) { MatterView(session, id) }
    LaunchedEffect(model) { model.run() }
    val state by model.state.collectAsState()
    MatterScreen(state, session.navigator::open, onBack)
}

@Composable
internal fun FormAt(
    session: Session,
    route: Route.Form,
) {
    val model = remember(session, route) { MatterForm(session, route).apply { begin() } }
    DisposableEffect(model) { onDispose(model::leave) }
    val state by model.state.collectAsState()
    MatterFormScreen(
        state,
        object : FormIntents {
            override fun write(
                name: String,
                typed: String,
            ) = model.write(name, typed)

            override fun choose(
                name: String,
                option: Option,
            ) = model.choose(name, option)

            override fun day(
                name: String,
                day: LocalDate,
            ) = model.day(name, day)

            override fun now(name: String) = model.now(name)

            override fun search(
                name: String,
                text: String,
            ) = model.search(name, text)

            override fun photo(name: String) = model.photo(name)

            override fun dropPhotos(name: String) = model.dropPhotos(name)

            override fun saveAgain() = model.saveAgain()

            override fun discard() = model.discard()

            override fun submit() = model.submit()

            override fun back() {
                session.navigator.back()
            }
        },
    )
}
