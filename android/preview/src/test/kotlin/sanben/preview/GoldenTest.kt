package sanben.preview

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import sanben.ActKind
import sanben.CaseStatus
import sanben.Coverage
import sanben.FieldFlaw
import sanben.FieldShape
import sanben.FieldValue
import sanben.InvalidInput
import sanben.Lateness
import sanben.Mailbag
import sanben.RejectionReason
import sanben.field.AttentionState
import sanben.field.CarryState
import sanben.field.CaseLine
import sanben.field.EnrolAgainState
import sanben.field.FieldEntry
import sanben.field.ItemState
import sanben.field.MatterFormState
import sanben.field.Moments
import sanben.field.OpenDoor
import sanben.field.Option
import sanben.field.RecordingState
import sanben.field.RefusedWork
import sanben.field.ReminderLine
import sanben.field.RemindersState
import sanben.field.Route
import sanben.field.Settled
import sanben.field.Suggestion
import sanben.field.SyncState
import sanben.field.Texts
import sanben.field.TodayState
import sanben.field.TodayTask
import sanben.field.UnlockState
import sanben.field.User
import sanben.field.line
import sanben.field.of
import sanben.ui.AttentionIntents
import sanben.ui.AttentionScreen
import sanben.ui.CarryIntents
import sanben.ui.CarryScreen
import sanben.ui.EnrolAgainScreen
import sanben.ui.FormIntents
import sanben.ui.LocalMoments
import sanben.ui.LocalPictures
import sanben.ui.LocalTexts
import sanben.ui.MatterFormScreen
import sanben.ui.Pictures
import sanben.ui.Plans
import sanben.ui.RecordIntents
import sanben.ui.RecordScreen
import sanben.ui.RemindScreen
import sanben.ui.Reminded
import sanben.ui.Removal
import sanben.ui.SanbenTheme
import sanben.ui.SettingsScreen
import sanben.ui.TodayScreen
import sanben.ui.Ui
import sanben.ui.UnlockScreen
import sanben.ui.Unlocks
import java.io.File
import java.nio.file.Path
import java.security.MessageDigest
import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneOffset
import java.util.HexFormat
import java.util.UUID
import kotlin.io.path.div
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.math.abs
import kotlin.test.assertTrue

/**
 * Screens in states and at an hour that do not change, against pictures that a person has looked at. Letters
 * come from one version of Noto Sans CJK. `-Dgolden.renew=true` draws them anew: look at each before keeping it.
 */
class GoldenTest {
    private val now = Instant.parse("2026-03-20T01:05:00Z")
    private val golden = Path.of("src", "test", "resources", "golden")

    private val rubbish =
        CaseLine(
            UUID(0, 1),
            "南入口有大片垃圾",
            "柳林小区南入口",
            CaseStatus.REPORTED,
            false,
            now - Duration.ofHours(3),
            Lateness.LATE,
            "south-entrance-rubbish-before",
            ItemState.Photos(3, 4),
        )
    private val bins =
        CaseLine(
            UUID(0, 2),
            "垃圾桶没有盖",
            "供销社宿舍",
            CaseStatus.RECTIFIED,
            true,
            now + Duration.ofHours(9),
            Lateness.NOT_DUE,
            "open-bin-upright",
            ItemState.Delivered,
        )

    @Composable
    private fun today(texts: Texts) {
        val sync =
            SyncState(
                pending = 3,
                photos = 4,
                photosDelivered = 3,
                failure = sanben.FieldFailure.Network("x"),
                nextTry =
                    now + Duration.ofMinutes(4),
            )
        val tasks =
            listOf(
                TodayTask.Refused(1),
                TodayTask.Handle(rubbish),
                TodayTask.Walk(Coverage(28, 9, 7, 1, 1)),
                TodayTask.Finish(UUID(0, 3), ""),
                TodayTask.Fill(Route.OpenMatter("shift", draft = UUID(0, 6)), "便民借用", "打气筒"),
            )
        TodayScreen(
            TodayState(loading = false, tasks = tasks, recent = listOf(bins)),
            NoReminded(listOf(came(rubbish)), coming.take(1)),
            sync.line(texts, Ui.moments),
            {},
            {},
        )
    }

    private fun came(case: CaseLine) = ReminderLine(now - Duration.ofMinutes(10), null, case.id, case.title, true)

    /** The server was restored and does not know this device. */
    @Composable
    private fun forgotten(texts: Texts) {
        val sync = SyncState(pending = 3, failure = sanben.FieldFailure.UnknownDevice())
        val state = TodayState(loading = false, recent = listOf(rubbish))
        TodayScreen(state, NoReminded(listOf(came(bins)), emptyList()), sync.line(texts, Ui.moments), {}, {})
    }

    @Composable
    private fun enrolAgain() = EnrolAgainScreen(EnrolAgainState(failure = sanben.FieldFailure.CodeExpired()), { _, _ -> }, {})

    private val coming =
        listOf(
            ReminderLine(now + Duration.ofHours(1), null, rubbish.id, rubbish.title, true),
            ReminderLine(now + Duration.ofHours(7), bins.due, rubbish.id, rubbish.title, false),
        )

    @Composable
    private fun remind() {
        val offered = listOf("reminder.in-hour" to now + Duration.ofHours(1), "reminder.week" to now + Duration.ofDays(7))
        RemindScreen(rubbish.title, rubbish.id, RemindersState(coming = coming, shown = false), offered, {}, {}, {})
    }

    @Composable
    private fun settings() = SettingsScreen(Settled(), "https://street.example:7300", "2f9c41d0", {}, {}, NoPlans, Staying, null, {})

    @Composable
    private fun record() {
        val near = listOf(Suggestion("P011", "柳林小区南入口", "叶慧敏", 4), Suggestion("P010", "柳林小区", null, 76))
        val state =
            RecordingState(
                draft = UUID(0, 4),
                photos = listOf("stairwell-stickers"),
                suggestions = near,
                unsaved = sanben.FieldFailure.Full(),
            )
        RecordScreen(state, NoIntents)
    }

    @Composable
    private fun attention(texts: Texts) {
        val (why, remedy) = texts.of(RejectionReason.Reviewed("当天已调整分工"))
        val work = RefusedWork(1, UUID(0, 5), ActKind.REWORK, "垃圾桶没有盖", "桶盖还是敞着", now, why, remedy, true)
        AttentionScreen(AttentionState(false, listOf(work)), NoRemedies)
    }

    @Composable
    private fun carry() {
        val door = OpenDoor("http://192.168.43.7:40217#K7QP-MX2D", 2, 1)
        CarryScreen(CarryState(waiting = 3, given = Mailbag(3, 1, 4_096), door = door), NoCarrying)
    }

    @Composable
    private fun form() {
        val today = FieldValue.Day(LocalDate.parse("2026-03-20"))
        val themes = listOf("诚信经营", "排队礼让", "清洁环境", "文明出行").map { Option(FieldValue.Choice(it), it) }
        val fields =
            listOf(
                FieldEntry("number", "数量", FieldShape.Count(1, 100), true, typed = "120", flaw = FieldFlaw.BOUNDS),
                FieldEntry("time", "时间", FieldShape.Time, true, flaw = FieldFlaw.MISSING),
                FieldEntry("until", "期限", FieldShape.Day, true, chosen = listOf(Option(today, ""))),
                FieldEntry("theme", "主题", FieldShape.Choice(emptyList()), true, chosen = themes.take(1), offered = themes),
            )
        MatterFormScreen(MatterFormState("便民借用", "志愿服务岗亭 · 柳林小区", fields, draft = UUID(0, 6), ready = true), NoFilling)
    }

    @Composable
    private fun unlock() {
        val failure = sanben.FieldFailure.WrongPin(30_000)
        UnlockScreen(head, UnlockState(failure = failure, waitSeconds = 30, recoverable = true), NoUnlocking)
    }

    @Composable
    private fun recover() {
        val shown = "0271-W89J-HC65-HCPB"
        UnlockScreen(head, UnlockState(recoverable = true, shown = shown), NoUnlocking)
    }

    @Composable
    private fun secure() {
        val failure = sanben.FieldFailure.Invalid(InvalidInput.WEAK_PIN)
        UnlockScreen(head, UnlockState(choosing = true, failure = failure), NoUnlocking)
    }

    private val head = User(Path.of("."), "U060", "叶慧敏")

    @TestFactory
    fun `screens look as they did when a person looked at them`(): List<DynamicTest> {
        val frames = listOf(Frame.PHONE, Frame.DARK, Frame.LARGE, Frame.ENGLISH, Frame.CONTRAST)
        val screens: Map<String, @Composable (Texts) -> Unit> =
            mapOf(
                "today" to { today(it) },
                "forgotten" to { forgotten(it) },
                "enrol-again" to { enrolAgain() },
                "record" to { record() },
                "attention" to { attention(it) },
                "carry" to { carry() },
                "form" to { form() },
                "remind" to { remind() },
                "settings" to { settings() },
                "unlock" to { unlock() },
                "recover" to { recover() },
                "secure" to { secure() },
            )
        return frames.flatMap { frame ->
            screens.map { (name, screen) ->
                DynamicTest.dynamicTest("$name-${frame.name}") { check("$name-${frame.name}", frame, screen) }
            }
        }
    }

    private fun check(
        name: String,
        frame: Frame,
        screen: @Composable (Texts) -> Unit,
    ) {
        assumeTrue(pinned(), "the letters of these pictures are those of Debian's fonts-noto-cjk $VERSION")
        val texts = Texts(frame.language)
        val moments = Moments(texts, Clock.fixed(now, ZoneOffset.UTC))
        val image =
            draw(frame, 1f) {
                SanbenTheme(frame.look, false, Letters.family()) {
                    CompositionLocalProvider(
                        LocalTexts provides texts,
                        LocalMoments provides moments,
                        LocalPictures provides SamplePhotos,
                    ) {
                        Box(Modifier.fillMaxSize().background(Ui.colors.paper)) { screen(texts) }
                    }
                }
            }
        val kept = golden / "$name.png"
        if (System.getProperty("golden.renew") == "true") kept.toFile().writeBytes(image.png())
        val shown = File("target/golden/$name.png").apply { parentFile.mkdirs() }
        shown.writeBytes(image.png())
        assertTrue(kept.exists(), "no $kept: draw it with -Dgolden.renew=true and look at it")
        val share = different(image, Image.makeFromEncoded(kept.readBytes()))
        assertTrue(share <= TOLERANCE, "$name: ${share * 100} % of the pixels differ; see $shown")
    }

    /** The share of pixels that differ by more than an eye overlooks. */
    private fun different(
        one: Image,
        other: Image,
    ): Double {
        if (one.width != other.width || one.height != other.height) return 1.0
        val (a, b) = listOf(one, other).map { Bitmap.makeFromImage(it).readPixels()!! }
        val far =
            (a.indices step 4).count { at ->
                (0..2).any {
                    abs(a[at + it].toUByte().toInt() - b[at + it].toUByte().toInt()) >
                        OVERLOOKED
                }
            }
        return far.toDouble() / (a.size / 4)
    }

    private fun pinned(): Boolean {
        val file = Path.of("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
        if (!file.exists()) return false
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.readBytes())) == LETTERS
    }

    private companion object {
        const val VERSION = "1:20220127"
        const val LETTERS = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"
        const val OVERLOOKED = 24
        const val TOLERANCE = 0.004
    }
}

/** The sample photos under their own names. */
private object SamplePhotos : Pictures {
    override suspend fun small(
        hash: String,
        shownIn: UUID?,
    ): ImageBitmap =
        Image
            .makeFromEncoded(
                (repository() / "data" / "park" / "photos" / "$hash.jpg").readBytes(),
            ).toComposeImageBitmap()
}

private object NoIntents : RecordIntents {
    override fun photo() = Unit

    override fun locate() = Unit

    override fun searchPoints(text: String) = Unit

    override fun choosePoint(code: String?) = Unit

    override fun searchStandards(text: String) = Unit

    override fun chooseStandard(code: String?) = Unit

    override fun words(words: String) = Unit

    override fun report() = Unit

    override fun saveAgain() = Unit

    override fun discard() = Unit

    override fun leave() = Unit

    override fun next() = Unit

    override fun show() = Unit
}

private object NoRemedies : AttentionIntents {
    override fun resend(id: Long) = Unit

    override fun searchPoints(text: String) = Unit

    override fun correct(
        id: Long,
        words: String,
        point: String?,
    ) = Unit

    override fun handOn(
        id: Long,
        to: String?,
    ) = Unit

    override fun export(id: Long) = Unit

    override fun discard(
        id: Long,
        reason: String,
    ) = Unit

    override fun open(route: Route) = Unit

    override fun back() = Unit
}

private object NoFilling : FormIntents {
    override fun write(
        name: String,
        typed: String,
    ) = Unit

    override fun choose(
        name: String,
        option: Option,
    ) = Unit

    override fun day(
        name: String,
        day: LocalDate,
    ) = Unit

    override fun now(name: String) = Unit

    override fun search(
        name: String,
        text: String,
    ) = Unit

    override fun photo(name: String) = Unit

    override fun dropPhotos(name: String) = Unit

    override fun saveAgain() = Unit

    override fun discard() = Unit

    override fun submit() = Unit

    override fun back() = Unit
}

private class NoReminded(
    override val come: List<ReminderLine>,
    override val soon: List<ReminderLine>,
) : Reminded {
    override fun open(line: ReminderLine) = Unit

    override fun takeBack(line: ReminderLine) = Unit
}

private object NoPlans : Plans {
    override val state = RemindersState()

    override fun toggle(minutes: UInt) = Unit

    override fun quiet(
        beginsLater: Long,
        endsLater: Long,
    ) = Unit
}

private object Staying : Removal {
    override val remaining = null

    override fun remove() = Unit

    override fun carry() = Unit
}

private object NoUnlocking : Unlocks {
    override fun unlock(pin: String) = Unit

    override fun later() = Unit

    override fun forgot() = Unit

    override fun remembered() = Unit

    override fun recover(
        code: String,
        pin: String,
    ) = Unit

    override fun users() = Unit
}

private object NoCarrying : CarryIntents {
    override fun export() = Unit

    override fun receive() = Unit

    override fun handOver(address: String) = Unit

    override fun openDoor() = Unit

    override fun closeDoor() = Unit

    override fun back() = Unit
}
