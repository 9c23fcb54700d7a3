package sanben.preview

import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import sanben.DraftField
import sanben.FieldValue
import sanben.MatterQuery
import sanben.Round
import sanben.Tongue
import sanben.device.Device
import sanben.device.draftMatter
import sanben.device.matterDrafts
import sanben.device.matters
import sanben.device.saveField
import sanben.field.Language
import sanben.field.Look
import sanben.field.Route
import sanben.field.Session
import sanben.field.Shell
import sanben.field.ShellState
import sanben.ui.App
import java.nio.file.Files
import java.nio.file.Path
import java.util.UUID
import kotlin.io.path.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.writeBytes
import kotlin.time.Duration.Companion.milliseconds

/** How a picture is taken. */
data class Frame(
    val name: String,
    val width: Int = PHONE_WIDTH,
    val height: Int = PHONE_HEIGHT,
    val look: Look = Look.LIGHT,
    val language: Language = Language.CHINESE,
    val fontScale: Float = 1f,
) {
    companion object {
        const val PHONE_WIDTH = 360
        const val PHONE_HEIGHT = 720
        val PHONE = Frame("phone")
        val DARK = Frame("phone-dark", look = Look.DARK)
        val CONTRAST = Frame("phone-high-contrast", look = Look.HIGH_CONTRAST)
        val LARGE = Frame("phone-font-2", fontScale = 2f)
        val ENGLISH = Frame("phone-en", language = Language.ENGLISH)
        val TABLET = Frame("tablet", 1100, 760)
        val TABLET_DARK = Frame("tablet-dark", 1100, 760, Look.DARK)
        val ALL = listOf(PHONE, DARK, LARGE, ENGLISH, CONTRAST, TABLET, TABLET_DARK)
    }
}

/** Draws what a screen shows once it has come to rest, in software: no display is needed. */
fun draw(
    frame: Frame,
    density: Float = System.getProperty("gallery.density")?.toFloat() ?: 2f,
    content: @Composable () -> Unit,
): Image {
    val scene =
        ImageComposeScene(
            (frame.width * density).toInt(),
            (frame.height * density).toInt(),
            Density(density, frame.fontScale),
            content = content,
        )
    try {
        var image = scene.render(0)
        // Stores are read beside the drawing: a few frames, until some in a row show the same.
        var same = 0
        var time = 0L
        while (same < RESTING && time < LONGEST) {
            Thread.sleep(PAUSE)
            time += PAUSE
            val next = scene.render(time * NANOS)
            same = if (next.samePixels(image)) same + 1 else 0
            image = next
        }
        return image
    } finally {
        scene.close()
    }
}

private fun Image.samePixels(other: Image): Boolean =
    encodeToData(EncodedImageFormat.PNG)?.bytes.contentEquals(other.encodeToData(EncodedImageFormat.PNG)?.bytes)

fun Image.png(): ByteArray = checkNotNull(encodeToData(EncodedImageFormat.PNG)).bytes

private const val PAUSE = 120L
private const val RESTING = 4
private const val LONGEST = 6_000L
private const val NANOS = 1_000_000L

/** Every screen of a real morning, in the sizes and looks that people use, as PNG files. */
class Gallery(
    private val street: Street,
    private val root: Path,
    private val to: Path,
) {
    /** Those whose name has this in it. */
    fun draw(only: Regex) {
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        val shell = Shell(root, Machine(street.photos, root / "given"), scope)
        shell.start()
        var language = Language.CHINESE
        for (frame in Frame.ALL) {
            shell.settings.change { it.copy(look = frame.look) }
            if (frame.language != language) shell.language(frame.language)
            language = frame.language
            val session = working(shell)
            for ((name, route) in routes(session)) if (only in name) shoot(shell, session, frame, name, route)
        }
    }

    private fun working(shell: Shell): Session =
        runBlocking {
            withTimeout(30_000.milliseconds) {
                // Changing the language opens the session anew.
                Thread.sleep(500)
                val session =
                    shell.state
                        .filterIsInstance<ShellState.Working>()
                        .first()
                        .session
                session.names.first { it.me != null }
                session.syncer.state.first { !it.running && it.lastSuccess != null }
                session
            }
        }

    private fun routes(session: Session): List<Pair<String, Route>> =
        runBlocking {
            val ids =
                session.device
                    .cases(sanben.CaseQuery())
                    .rows
                    .associate { it.description.take(3) to it.id }

            fun case(start: String): UUID = ids.entries.first { it.key.startsWith(start) }.value

            suspend fun matter(feature: String): UUID =
                session.device
                    .matters(MatterQuery(feature = feature), Tongue.CHINESE)
                    .rows
                    .first()
                    .id
            val draft =
                session.device
                    .drafts()
                    .firstOrNull()
                    ?.id ?: begun(session.device)
            val form =
                session.device
                    .matterDrafts(Tongue.CHINESE)
                    .firstOrNull()
                    ?.id ?: begunForm(session.device)
            session.reminders.remind(case("南入口"), session.moments.now().plusSeconds(HOUR))
            listOf(
                "today" to Route.Today,
                "record" to Route.Record(draft),
                "record-empty" to Route.Record(),
                "case" to Route.Case(case("南入口")),
                "case-disputed" to Route.Case(case("公益")),
                "patrol" to Route.Patrol(Round.MORNING),
                "look-back" to Route.Patrol(Round.LOOK_BACK),
                "points" to Route.Points,
                "ledgers" to Route.Ledgers("P011"),
                "score" to Route.Score("park-02"),
                "attention" to Route.Attention,
                "matters" to Route.Matters(),
                "matter-shift" to Route.Matter(matter("shift")),
                "matter-kiosk" to Route.Matter(matter("kiosk")),
                "form-task" to Route.OpenMatter("task", point = "P011"),
                "form-draft" to Route.OpenMatter("task", draft = form),
                "remind" to Route.Remind(case("南入口")),
                "form-visit" to Route.ActOnMatter(matter("leader-visit"), "assign"),
                "me" to Route.Me,
                "enrol-again" to Route.EnrolAgain,
                "carry" to Route.Carry,
                "complete" to Route.Complete(case("南入口")),
                "users" to Route.Users,
                "settings" to Route.Settings,
            )
        }

    /** From where a person would have come. */
    private fun tabOf(route: Route): Route =
        when (route) {
            is Route.Patrol -> route
            is Route.Points, is Route.Ledgers -> Route.Points
            is Route.Matters, is Route.Matter, is Route.Form -> Route.Matters()
            is Route.Me, is Route.Score, is Route.Attention, is Route.Carry, is Route.Users, is Route.Settings -> Route.Me
            else -> Route.Today
        }

    private suspend fun begun(device: Device): UUID {
        val draft = device.draft()
        device.addPhoto(draft, street.photo("stairwell-stickers"))
        device.save(draft, DraftField.Place(Street.ENTRANCE))
        return draft
    }

    private suspend fun begunForm(device: Device): UUID {
        val draft = device.draftMatter("task")
        device.saveField(draft, "@point", FieldValue.Point("P011"))
        device.saveField(draft, "what", FieldValue.Text("补齐南入口垃圾桶盖"))
        return draft
    }

    private companion object {
        const val HOUR = 3600L
    }

    private fun shoot(
        shell: Shell,
        session: Session,
        frame: Frame,
        name: String,
        route: Route,
    ) {
        val wide = frame.width > frame.height
        val tab = if (wide) tabOf(route) else route
        session.navigator.tab(if (tab is Route.Matters) Route.Me else tab)
        if (tab is Route.Matters) session.navigator.open(tab)
        if (session.navigator.stack.value
                .last() != route
        ) {
            session.navigator.open(route)
        }
        val image = draw(frame) { App(shell, false, Letters.family()) { StorePictures(it.device) } }
        (to.createDirectories() / "$name-${frame.name}.png").writeBytes(image.png())
        println("$name-${frame.name}")
    }
}

fun main() {
    val folder = Files.createTempDirectory("sanben-gallery")
    val to = Path(System.getProperty("gallery") ?: "target/gallery").toAbsolutePath()
    Street(folder, repository()).use { street ->
        street.open()
        people(street, folder / "phone", Street.INSPECTOR, Street.HEAD)
        val only = Regex(System.getProperty("gallery.only").orEmpty())
        Gallery(street, folder / "phone", to).draw(only)
        Doors(street, folder / "shared", to).draw(Frame.ALL, only)
    }
    println(to)
    kotlin.system.exitProcess(0)
}
