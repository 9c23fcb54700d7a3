package sanben.field

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.CaseStatus
import sanben.Coverage
import sanben.Delivery
import sanben.FieldFailure
import sanben.Lateness
import java.nio.file.Path
import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.LocalTime
import java.time.ZoneOffset
import java.util.UUID
import kotlin.io.path.div
import kotlin.io.path.writeText
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

class PolicyTest {
    @TempDir
    private lateinit var folder: Path
    private val policy = SyncPolicy(Random(1))
    private val network = FieldFailure.Network("no route")

    @Test
    fun `waiting doubles up to a quarter of an hour, never exactly in step with others`() {
        var expected = 15.0
        for (failures in 1..12) {
            val waits = List(50) { policy.backoff(network, failures)!!.toMillis() / 1000.0 }
            assertTrue(waits.all { it in expected * 0.8..expected * 1.2 }, "$failures: $waits")
            assertTrue(waits.distinct().size > 10)
            expected = (expected * 2).coerceAtMost(900.0)
        }
        assertTrue(policy.backoff(network, 1_000_000)!! <= Duration.ofMinutes(18))
    }

    @Test
    fun `a server that asks for rest gets it, but a wrong clock cannot ask for two days`() {
        assertEquals(Duration.ofMinutes(5), policy.backoff(network, 1, Duration.ofMinutes(5)))
        assertEquals(SyncPolicy.LONGEST, policy.backoff(network, 1, Duration.ofDays(2)))
        assertTrue(policy.backoff(network, 1, Duration.ofDays(-2))!! <= Duration.ofSeconds(18))
    }

    @Test
    fun `where waiting cannot help only a person tries again`() {
        assertNull(policy.backoff(FieldFailure.Refused("revoked"), 1))
        assertNull(policy.backoff(FieldFailure.WrongServer("key"), 1))
        assertNull(policy.backoff(FieldFailure.NotEnrolled(), 1))
        assertEquals(Duration.ZERO, policy.pause(Trigger.ASKED))
        assertTrue(policy.pause(Trigger.RECORDED) > Duration.ZERO)
    }

    @Test
    fun `a server that pokes at once, again and again, is asked less and less often`() {
        var rest = SyncPolicy.LEAST_REST
        val rests = List(10) { policy.rest(rest, Duration.ofMillis(3)).also { rest = it } }
        assertEquals(listOf(2L, 4L, 8L, 16L, 32L, 60L, 60L), rests.take(7).map { it.seconds })
        assertEquals(SyncPolicy.LEAST_REST, policy.rest(rest, Duration.ofSeconds(48)))
    }

    @Test
    fun `reminders keep quiet hours`() {
        val usual = RemindersState().plan
        val hours = (0..23).filterNot { usual.isQuiet(LocalTime.of(it, 0)) }
        assertEquals((7..20).toList(), hours)
        assertTrue(usual.isQuiet(LocalTime.of(6, 59)) && !usual.isQuiet(LocalTime.of(20, 59)))
        val later = usual.quiet(beginsLater = 4, endsLater = -1)
        assertEquals("01:00" to "06:00", later.quietFrom to later.quietUntil)
        assertTrue(later.isQuiet(LocalTime.of(3, 0)) && !later.isQuiet(LocalTime.of(0, 30)))
        val none = later.quiet(beginsLater = 5)
        assertTrue((0..23).none { none.isQuiet(LocalTime.of(it, 0)) }, "as late as it ends: none")
    }

    @Test
    fun `a phone that restarts says its alarms again, and of what it missed only what the person set`() {
        val now = Instant.parse("2026-03-20T09:00:00Z")

        fun alarm(
            minutes: Long,
            own: Boolean,
        ) = Alarm(now + Duration.ofMinutes(minutes), "提醒 $minutes", own)
        val kept = KeptAlarms(folder)
        assertEquals(Restarted(null, emptyList()), restarted(kept.read(), now), "nothing was ever set")
        kept.write(listOf(alarm(-90, true), alarm(-30, true), alarm(-10, false), alarm(5, false), alarm(600, true)))
        val again = restarted(kept.read(), now)
        assertEquals("提醒 -30", again.missed)
        assertEquals(listOf(alarm(5, false), alarm(600, true)), again.alarms)
        kept.write(listOf(alarm(-10, false)))
        assertEquals(Restarted(null, emptyList()), restarted(kept.read(), now), "in the place of all earlier ones")
        (folder / "alarms.properties").writeText("0=soon own 提醒\n1=17\n2=1774000000000 own 提醒 二\n")
        assertEquals(listOf("提醒 二"), kept.read().map { it.text }, "what cannot be read harms nothing")
    }

    @Test
    fun `an item says the most important truth about itself`() {
        fun state(
            pending: Long = 0,
            accepted: Long = 0,
            rejected: Long = 0,
            photos: Long = 0,
            delivered: Long = 0,
            inReview: Boolean = false,
        ) = itemState(Delivery(pending, accepted, rejected, photos, delivered), inReview)

        assertEquals(ItemState.NotOwn, state())
        assertEquals(ItemState.Waiting(2), state(pending = 2, photos = 4))
        assertEquals(ItemState.Photos(3, 4), state(accepted = 1, photos = 4, delivered = 3))
        assertEquals(ItemState.Delivered, state(accepted = 1, photos = 4, delivered = 4))
        assertEquals(ItemState.Refused(1), state(pending = 1, rejected = 1, inReview = true))
        assertEquals(ItemState.InReview, state(pending = 1, inReview = true))
        assertEquals("照片已送达 3/4 张", Texts(Language.CHINESE).of(ItemState.Photos(3, 4)))
    }

    @Test
    fun `the sync line never says delivered while something waits`() {
        val texts = Texts(Language.CHINESE)
        val moments = Moments(texts, Clock.fixed(Instant.parse("2026-03-20T00:00:00Z"), ZoneOffset.UTC))
        val now = moments.now()
        val done = SyncState(lastSuccess = now)
        assertEquals(SyncLine(Mark.DONE, "全部送达", "上次同步 今天 08:00"), done.line(texts, moments))
        assertEquals(Mark.WAITING, done.copy(pending = 1).line(texts, moments).mark)
        assertEquals(
            "3 条等待送达，1 张照片等待送达",
            done.copy(pending = 3, photos = 4, photosDelivered = 3).line(texts, moments).text,
        )
        assertEquals(Mark.WAITING, SyncState().line(texts, moments).mark)
        val offline =
            done
                .copy(
                    pending = 3,
                    failure = network,
                    nextTry = now + Duration.ofMinutes(4),
                ).line(texts, moments)
        assertEquals(Mark.TROUBLE to "今天 08:04 再试", offline.mark to offline.next)
        assertEquals("没有网络，3 条已存好", offline.text)
        val refused = done.copy(pending = 3, failure = FieldFailure.Refused("revoked"))
        assertEquals("3 条等待送达", refused.line(texts, moments).next)
    }

    @Test
    fun `tasks come in the order a person would choose`() {
        val now = Instant.parse("2026-03-20T06:00:00Z")

        fun case(hours: Long?) =
            TodayTask.Handle(
                CaseLine(
                    UUID.randomUUID(),
                    "垃圾",
                    null,
                    CaseStatus.REPORTED,
                    false,
                    hours?.let { now + Duration.ofHours(it) },
                    Lateness.NOT_DUE,
                    null,
                    ItemState.NotOwn,
                ),
            )
        val late = case(-2)
        val soon = case(1)
        val later = case(30)
        val someday = case(null)
        val refused = TodayTask.Refused(1)
        val back = TodayTask.LookBack("P011", emptyList())
        val walk = TodayTask.Walk(Coverage(10, 3, 3, 0, 0))
        val draft = TodayTask.Finish(UUID.randomUUID(), "")
        val all = listOf(someday, draft, back, later, walk, soon, refused, late)
        assertEquals(
            listOf(refused, late, soon, walk, later, someday, draft, back),
            inOrder(all, now, LocalTime.of(7, 30)),
        )
        assertEquals(
            listOf(refused, late, soon, back, later, someday, draft, walk),
            inOrder(all, now, LocalTime.of(17, 0)),
        )
    }

    @Test
    fun `instants are said as people say them`() {
        val texts = Texts(Language.CHINESE)
        val moments = Moments(texts, Clock.fixed(Instant.parse("2026-03-19T23:10:00Z"), ZoneOffset.UTC))
        assertEquals("今天 07:10", moments.at(moments.now()))
        assertEquals("昨天 17:00", moments.at(Instant.parse("2026-03-19T09:00:00Z")))
        assertEquals("明天 00:05", moments.at(Instant.parse("2026-03-20T16:05:00Z")))
        assertEquals("2025年12月31日 23:59", moments.at(Instant.parse("2025-12-31T15:59:00Z")))
        assertEquals(
            listOf("不到 1 分钟", "59 分钟", "3 小时", "2 天"),
            listOf(30L, 3599L, 3 * 3600L + 60, 2 * 86400L + 5).map {
                moments.span(Duration.ofSeconds(it))
            },
        )
    }
}
