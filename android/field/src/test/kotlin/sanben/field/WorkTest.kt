package sanben.field

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.ActKind
import sanben.CaseStatus
import sanben.Outcome
import sanben.Round
import sanben.VisitResult
import java.nio.file.Path
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A day's work through the state holders, against a real server. */
class WorkTest {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun `from the photo to the look-back`() =
        play(folder) {
            val hands = Hands()
            val inspector = work(INSPECTOR, hands)
            desk.stop()

            // Five taps: record, the shutter, the point, the standard, report.
            val recording = Recording(inspector)
            recording.begin()
            assertNull(recording.state.value.draft, "looking at an empty form leaves no draft")
            recording.photo()
            val suggested = recording.state.until { it.suggestions.isNotEmpty() && it.photos.size == 1 }.suggestions
            assertEquals(listOf(POINT, "柳林小区南入口", "叶慧敏", 0), suggested[0].run { listOf(code, name, head, metres) })
            recording.choosePoint(POINT)
            val offered = recording.state.until { it.point == POINT && it.standards.isNotEmpty() }.standards
            assertContains(offered.map { it.code }, STANDARD)
            recording.chooseStandard(STANDARD)
            recording.report()
            val reported = assertNotNull(recording.state.until { it.reported != null }.reported)
            assertEquals(emptyList(), inspector.device.drafts())

            val case = CaseView(inspector, reported.caseId)
            watch { case.run() }
            val waiting = case.state.until { it.case != null && it.point != null && it.head != null }
            assertEquals(
                ItemState.Waiting(
                    inspector.device
                        .case(reported.caseId)
                        .delivery.pending,
                ),
                waiting.item,
            )
            assertEquals(listOf("柳林小区南入口", "叶慧敏", "生活垃圾及时清运"), listOf(waiting.point, waiting.head, waiting.title))
            val tried = inspector.syncer.state.until { it.failure != null }
            assertTrue(tried.pending > 0 && tried.nextTry != null)

            desk.start()
            inspector.syncer.trigger(Trigger.ASKED)
            case.state.until { it.item == ItemState.Delivered }
            assertTrue(
                inspector.syncer.state
                    .until { !it.running && it.failure == null && it.pending == 0L }
                    .delivered,
            )

            // The head finds it among today's tasks, answers, and puts it right.
            val headHands = Hands(picture = Pictured.Taken(CLEAN))
            val head = work(HEAD, headHands)
            val today = Today(head)
            watch { today.run() }
            val task =
                today.state
                    .until { state ->
                        state.tasks.any { it is TodayTask.Handle }
                    }.tasks
                    .first { it is TodayTask.Handle }
            assertEquals(Route.Case(reported.caseId), task.route())
            val theirs = CaseView(head, reported.caseId)
            watch { theirs.run() }
            assertEquals(
                listOf(Deed.ACKNOWLEDGE, Deed.RECTIFY, Deed.COMMENT),
                theirs.state.until { it.case != null }.deeds,
            )
            theirs.act(Deed.ACKNOWLEDGE)
            assertEquals(
                "收到，马上落实！",
                theirs.state
                    .until { it.case?.status == CaseStatus.ACKNOWLEDGED }
                    .thread
                    .last()
                    .words,
            )
            theirs.photo()
            theirs.state.until { it.attached.size == 1 }
            theirs.words("已清运")
            theirs.act(Deed.RECTIFY)
            val righted = theirs.state.until { it.case?.status == CaseStatus.RECTIFIED }
            assertEquals(1 to 0, righted.after.size to righted.attached.size)
            today.state.until { state -> state.tasks.none { it is TodayTask.Handle } }
            head.syncer.trigger(Trigger.ASKED)
            head.syncer.state.until { it.delivered && !it.running && it.photosDelivered == 1L }

            // The inspector's look-back list has been made by the finding.
            inspector.syncer.trigger(Trigger.ASKED)
            case.state.until { it.case?.status == CaseStatus.RECTIFIED }
            val patrol = Patrol(inspector, Round.LOOK_BACK)
            watch { patrol.run() }
            val stop =
                patrol.state
                    .until { it.stops.isNotEmpty() }
                    .stops
                    .single()
            assertEquals(POINT to listOf(reported.caseId), stop.point to stop.cases)
            // Recorded after the hour at which looking back begins, it was a visit of that round by itself.
            assertContains(listOf(null, VisitResult.Found(listOf(reported.caseId))), stop.result)
            case.act(Deed.PASS)
            val thread = case.state.until { it.case?.status in setOf(CaseStatus.VERIFIED, CaseStatus.CLOSED) }.thread
            val lookBack = thread.single { it.kind == ActKind.LOOK_BACK }
            assertEquals(Outcome.PASSED to "刘景春", lookBack.outcome to lookBack.who)
            val ledgers = PointLedgers(inspector, POINT)
            watch { ledgers.run() }
            assertEquals(
                "叶慧敏",
                ledgers.state
                    .until { it.ledgers?.head != null }
                    .ledgers
                    ?.head
                    ?.name,
            )

            val score = Score(inspector, "park-02")
            watch { score.run() }
            val reason =
                score.state
                    .until { it.counts.isNotEmpty() }
                    .counts
                    .single()
            assertEquals(listOf("-1", "柳林小区南入口", "叶慧敏"), listOf(reason.line.points, reason.point, reason.person))
        }

    @Test
    fun `the morning round, to do first`() =
        play(folder) {
            val session = work(INSPECTOR)
            val patrol = Patrol(session, Round.MORNING)
            watch { patrol.run() }
            val all = patrol.state.until { it.stops.isNotEmpty() }
            assertEquals(all.coverage.points, all.stops.size.toLong())
            patrol.nearestFirst()
            assertEquals(
                POINT,
                patrol.state
                    .until { it.stops.first().metres != null }
                    .stops
                    .first()
                    .point,
            )
            patrol.clean(POINT)
            val walked = patrol.state.until { it.coverage.clean == 1L }
            assertEquals(POINT to VisitResult.Clean, walked.stops.last().run { point to result })
            patrol.notAccessible("P012", "施工围挡")
            assertEquals(
                1L,
                patrol.state
                    .until { it.coverage.notAccessible == 1L }
                    .coverage.notAccessible,
            )
        }

    @Test
    fun `refused work waits for its author, and says why and what to do`() =
        play(folder) {
            val session = work(INSPECTOR)
            val case = session.device.record("告示栏歪了", POINT).caseId
            session.device.sync()
            session.device.act(case, sanben.CaseAct.Rework("没改好"))
            desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
            desk.rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
            desk.publish()
            val view = CaseView(session, case)
            watch { view.run() }
            session.device.sync()
            view.state.until { it.item == ItemState.InReview }
            desk.refuseReviewed("已经不是督导员")
            session.device.sync()
            view.state.until { it.item == ItemState.Refused(1) }
            val attention = NeedsAttention(session)
            watch { attention.run() }
            val refused =
                attention.state
                    .until { it.refused.isNotEmpty() }
                    .refused
                    .single()
            assertEquals(listOf("告示栏歪了", "没改好"), listOf(refused.title, refused.words))
            assertEquals("指挥部复核后未采纳：已经不是督导员", refused.why)
            attention.discard(refused.id, "")
            session.notice.until { it != null }
            attention.discard(refused.id, "已经不是督导员")
            attention.state.until { it.refused.isEmpty() }
        }

    @Test
    fun `people take turns on one tablet and each keeps drafts and outbox`() =
        play(folder) {
            val shell = Shell(folder.resolve("tablet"), Hands(), scope)
            shell.start()
            shell.state.until { it is ShellState.Enrolling }
            shell.enrol(desk.url, "hello")
            shell.state.until { it is ShellState.Enrolling && it.failure is sanben.FieldFailure.CodeMalformed }
            shell.enrol(desk.url, desk.invite(INSPECTOR))
            val first = shell.state.until { it is ShellState.Working } as ShellState.Working
            first.session.syncer.state
                .until { it.lastSuccess != null }
            desk.stop()
            first.session.device.record("路灯不亮")
            first.session.device.draft()
            // The network is gone: leaving is possible all the same.
            shell.welcome()
            shell.state.until { it is ShellState.Enrolling }
            desk.start()
            shell.enrol(desk.url, desk.invite(HEAD))
            val second = shell.state.until { it is ShellState.Working } as ShellState.Working
            assertEquals(HEAD, second.user.person)
            assertEquals(emptyList(), second.session.device.drafts())
            assertEquals(
                0L,
                second.session.device
                    .counts()
                    .pending,
            )
            // Whoever leaves before the first sync is known by their code alone.
            shell.users.all.until { all -> all.any { it.name == "叶慧敏" } }
            shell.switch(
                shell.users.all.value
                    .single { it.person == INSPECTOR },
            )
            val back =
                shell.state.until {
                    it is ShellState.Working && it.user.person == INSPECTOR
                } as ShellState.Working
            assertEquals(
                1,
                back.session.device
                    .drafts()
                    .size,
            )
            assertEquals(
                1L,
                back.session.device
                    .counts()
                    .cases,
            )
            back.session.syncer.state
                .until { it.delivered && it.lastSuccess != null }
            val after = Users(folder.resolve("tablet"))
            assertEquals(INSPECTOR, after.last()?.person)
            assertEquals(
                setOf("刘景春", "叶慧敏"),
                shell.users.all
                    .until { all ->
                        all.all { it.name.isNotEmpty() }
                    }.map { it.name }
                    .toSet(),
            )
            shell.sleep()
        }
}
