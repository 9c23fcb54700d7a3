import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.ActKind
import sanben.CancelToken
import sanben.CaseAct
import sanben.CaseDetail
import sanben.CaseQuery
import sanben.CaseSource
import sanben.CaseStatus
import sanben.Changes
import sanben.Denial
import sanben.DraftField
import sanben.Field
import sanben.FieldFailure
import sanben.FieldObserver
import sanben.FieldValue
import sanben.NewCase
import sanben.Period
import sanben.RejectionReason
import sanben.ReminderPlan
import sanben.ScoreReason
import sanben.Stopped
import sanben.SyncBudget
import sanben.SyncProgress
import sanben.SyncReport
import sanben.Tongue
import java.nio.file.Path
import java.security.MessageDigest
import java.time.Instant
import java.util.HexFormat
import java.util.UUID
import kotlin.io.path.div
import kotlin.io.path.readBytes
import kotlin.test.assertContains
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

private val RUBBISH = DATA / "park" / "photos" / "south-entrance-rubbish-before.jpg"
private val NOT_A_PHOTO = DATA / "broken" / "photo-is-text" / "not-a-photo.jpg"
private const val INSPECTOR = "U008"
private const val HEAD = "U060"
private const val POINT = "P011"
private const val COMMUNITY = "park-02"
private const val STANDARD = "S01"

private class Changed(
    private val then: (Changes) -> Unit = {},
) : FieldObserver {
    val batches = mutableListOf<Changes>()

    override fun changed(changes: Changes) {
        batches += changes
        then(changes)
    }
}

private class Progress(
    private val then: () -> Unit = {},
) : SyncProgress {
    val reports = mutableListOf<SyncReport>()

    override fun advanced(report: SyncReport) {
        reports += report
        then()
    }
}

/** The core as Kotlin sees it, against a real server. scenario.py takes the same steps in Python. */
class ScenarioTest {
    @TempDir
    private lateinit var folder: Path
    private lateinit var desk: Desk
    private lateinit var phone: Field
    private lateinit var second: Field
    private lateinit var case: UUID

    @Test
    fun scenario() {
        desk = Desk(folder)
        desk.use {
            desk.start()
            phone = Field.open("$folder/phone")

            nothingWithoutEnrolment()
            aCodeEnrolsOnce()
            firstSyncBringsTheGround()
            lookUpOnSite()
            whatWasRecordedSurvivesAKill()
            aDraftBecomesACaseOffline()
            pagesJoinWithoutGaps()
            syncDeliversAndBringsReceipts()
            aSecondDeviceSeesItAndAnswers()
            theAnswerComesBackAsOneChange()
            aSyncCanBeStopped()
            aFailingObserverHarmsNothing()
            refusedWorkNeedsAttention()
            theScoreSaysWhy()
            formsKeepWhatWasFilledIn()
            aDeviceRemindsByItself()
            suspendAndGoOn()

            phone.close()
            second.close()
        }
    }

    private fun nothingWithoutEnrolment() {
        assertFailsWith<FieldFailure.NotEnrolled> { phone.draft() }
        assertFailsWith<FieldFailure.NotEnrolled> { phone.sync() }
        assertFailsWith<FieldFailure.CodeMalformed> { phone.enrol(desk.url, "hello") }
    }

    private fun aCodeEnrolsOnce() {
        val code = desk.invite(INSPECTOR)
        val enrolment = phone.enrol(desk.url, code)
        assertEquals("park" to INSPECTOR, enrolment.tenant to enrolment.person)
        assertEquals(enrolment, phone.enrolment())
        assertFailsWith<FieldFailure.AlreadyEnrolled> { phone.enrol(desk.url, code) }
        Field.open("$folder/finder").use { finder ->
            assertFailsWith<FieldFailure.CodeUsed> { finder.enrol(desk.url, code) }
        }
    }

    private fun firstSyncBringsTheGround() {
        assertFailsWith<FieldFailure.NothingYet> { phone.whereabouts(38.308162, 116.839776) }
        val progress = Progress()
        val report = phone.sync(progress)
        assertEquals(report, progress.reports.last())
        assertTrue(report.received > 0)
        assertEquals(136, phone.points().size)
    }

    private fun lookUpOnSite() {
        val point = phone.points("柳林小区南入口").single()
        assertEquals(POINT to "叶慧敏", point.code to point.head)
        val failed = assertFailsWith<FieldFailure.NotFound> { phone.standards("P999") }
        assertEquals("point" to "P999", failed.what to failed.id)
        assertContains(phone.standards(POINT, "垃圾").map { it.code }, STANDARD)
        val here = phone.whereabouts(point.latitude, point.longitude, nearest = 3)
        assertEquals(COMMUNITY to 3, here.community to here.nearest.size)
        assertEquals(POINT to HEAD, here.nearest[0].point to here.nearest[0].head)
        assertFailsWith<FieldFailure.Invalid> { phone.whereabouts(91.0, 0.0) }
        assertContains(phone.today().morning.map { it.point }, POINT)
    }

    private fun whatWasRecordedSurvivesAKill() {
        desk.stop()
        val store = "$folder/phone"
        phone.close()
        val victim = startVictim(store)
        val reader = victim.inputReader()
        val draft = UUID.fromString(reader.readLine())
        case = UUID.fromString(reader.readLine())
        assertFailsWith<FieldFailure.Busy> { Field.open(store) }
        victim.destroyForcibly().waitFor()
        phone = Field.open(store)
        val kept = phone.drafts().single()
        assertEquals(Triple(draft, POINT, "告示栏歪了"), Triple(kept.id, kept.point, kept.description))
        val recorded = phone.case(case)
        assertEquals(POINT to 1L, recorded.point to recorded.delivery.pending)
        val photo = recorded.photos.single().hash
        val digest = MessageDigest.getInstance("SHA-256").digest(RUBBISH.readBytes())
        assertEquals(HexFormat.of().formatHex(digest), photo)
        assertContentEquals(byteArrayOf(-1, -40), phone.thumbnail(photo)?.copyOf(2))
    }

    private fun aDraftBecomesACaseOffline() {
        val draft = phone.drafts().single().id
        assertFailsWith<FieldFailure.Photo> { phone.draftPhoto(draft, NOT_A_PHOTO.toString()) }
        phone.draftSet(draft, DraftField.Source(CaseSource.OWN))
        assertEquals(draft, phone.report(draft).caseId)
        assertEquals(emptyList(), phone.drafts())
        assertFailsWith<FieldFailure.Network> { phone.sync() }
        val counts = phone.counts()
        assertEquals(Triple(2L, 1L, 0L), Triple(counts.cases, counts.photos, counts.photosDelivered))
    }

    private fun pagesJoinWithoutGaps() {
        val first = phone.casesPage(CaseQuery(limit = 1))
        val second = phone.casesPage(CaseQuery(limit = 1), first.next)
        assertEquals(2, (first.rows + second.rows).map { it.id }.toSet().size)
        assertFailsWith<FieldFailure.Invalid> { phone.casesPage(CaseQuery(), "no token") }
        val found = phone.casesPage(CaseQuery(text = "垃圾", point = POINT)).rows
        assertEquals(listOf(case), found.map { it.id })
    }

    private fun syncDeliversAndBringsReceipts() {
        desk.start()
        val waiting = phone.counts().pending
        val progress = Progress()
        val report = phone.sync(progress)
        assertEquals(Triple(waiting, waiting, 1L), Triple(report.sent, report.accepted, report.photosDelivered))
        assertTrue(progress.reports.size >= 2)
        val counts = phone.counts()
        assertEquals(Triple(0L, 1L, 1L), Triple(counts.pending, counts.photos, counts.photosDelivered))
        val delivery = phone.case(case).delivery
        assertEquals(1L to 1L, delivery.accepted to delivery.photosDelivered)
    }

    private fun aSecondDeviceSeesItAndAnswers() {
        second = Field.open("$folder/second")
        second.enrol(desk.url, desk.invite(HEAD))
        second.sync()
        val photo = second.case(case).photos.single()
        assertContentEquals(RUBBISH.readBytes(), second.photo(photo.hash))
        val failed = assertFailsWith<FieldFailure.Denied> { second.act(case, CaseAct.Rework("不行")) }
        assertEquals(Denial.ROLE, failed.why)
        val seen = Changed()
        second.observe(seen).use { observation ->
            second.act(case, CaseAct.Acknowledge("收到，马上落实！"))
            assertEquals(listOf(listOf(case)), seen.batches.map { it.cases })
            observation.stop()
            assertEquals(1, second.sync().accepted)
            assertEquals(1, seen.batches.size)
            assertNull(observation.lastFailure())
        }
    }

    private fun theAnswerComesBackAsOneChange() {
        val lookedUp = mutableListOf<CaseDetail>()
        // Whoever is told may look it up at once: no lock is held.
        val seen = Changed(then = { changes -> lookedUp += changes.cases.map(phone::case) })
        phone.observe(seen).use {
            phone.sync()
            assertEquals(listOf(listOf(case)), seen.batches.map { it.cases }.filter { it.isNotEmpty() })
            assertEquals(listOf(CaseStatus.ACKNOWLEDGED), lookedUp.map { it.status })
        }
        val answered = phone.case(case)
        assertEquals(CaseStatus.ACKNOWLEDGED, answered.status)
        assertEquals(listOf(ActKind.REPORT, ActKind.ACKNOWLEDGE), answered.thread.map { it.kind })
        assertEquals(HEAD to "收到，马上落实！", answered.thread[1].person to answered.thread[1].words)
        val ledgers = phone.ledgers(POINT)
        assertEquals(HEAD, ledgers.head?.person)
        assertContains(ledgers.openProblems.map { it.caseId }, case)
    }

    private fun aSyncCanBeStopped() {
        val token = CancelToken()
        assertFailsWith<FieldFailure.Cancelled> { phone.sync(Progress(then = token::cancel), token) }
        assertFailsWith<FieldFailure.Cancelled> { phone.sync(cancel = token) }
        assertFailsWith<FieldFailure.Listener> { phone.sync(Progress(then = { error("broken") })) }
        assertFailsWith<FieldFailure.Invalid> { phone.sync(budget = SyncBudget(millis = -1)) }
        assertEquals(Stopped.REQUESTS, phone.sync(budget = SyncBudget(requests = 0)).stopped)
        val report = phone.sync(budget = SyncBudget(millis = 60_000, bytes = 10_000_000))
        assertEquals(Triple(null, 0L, false), Triple(report.stopped, report.rejected, report.more))
    }

    private fun aFailingObserverHarmsNothing() {
        phone.observe(Changed(then = { error("broken") })).use { observation ->
            val draft = phone.draft()
            phone.draftSet(draft, DraftField.Description("写错了"))
            phone.draftDiscard(draft)
            assertEquals(emptyList(), phone.drafts())
            assertNotNull(observation.lastFailure())
        }
    }

    private fun refusedWorkNeedsAttention() {
        phone.act(case, CaseAct.Rework("没清干净"))
        desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
        // Here nothing that is late is taken on anybody's word: a person looks at it.
        desk.rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
        desk.publish()
        assertEquals(1L to 0L, phone.sync().let { it.inReview to it.rejected })
        assertEquals(emptyList(), phone.needsAttention())
        desk.refuseReviewed("已经不是督导员")
        assertEquals(1, phone.sync().rejected)
        val refused = phone.needsAttention().single()
        assertEquals(case to ActKind.REWORK, refused.document to refused.kind)
        assertEquals("没清干净", refused.words)
        assertEquals(RejectionReason.Reviewed("已经不是督导员"), refused.why)
        phone.resend(refused.id)
        assertEquals(1, phone.sync().rejected)
        assertEquals(RejectionReason.NotAllowed(Denial.ROLE), phone.needsAttention().single().why)
        val again = phone.needsAttention().single().id
        assertFailsWith<FieldFailure.Invalid> { phone.discard(again, " ") }
        phone.discard(again, "已经不是督导员")
        assertEquals(0L to 0, phone.counts().pending to phone.needsAttention().size)
        assertEquals(CaseStatus.ACKNOWLEDGED, phone.case(case).status)
    }

    private fun theScoreSaysWhy() {
        second.sync()
        val month = Period.Month(phone.today().day)
        val sheets = listOf(phone, second).map { it.score(COMMUNITY, month) }
        for (sheet in sheets) {
            val found = sheet.lines.single { it.reason is ScoreReason.Finding }
            assertEquals(ScoreReason.Finding(CaseSource.SUBDISTRICT), found.reason)
            assertEquals(Triple("-1", case, POINT), Triple(found.points, found.caseId, found.point))
            assertEquals(HEAD, found.person)
            assertEquals("1000", sheet.base)
            assertEquals(1000 + sheet.lines.sumOf { it.points.toInt() }, sheet.total.toInt())
        }
        assertEquals(sheets[0].lines, sheets[1].lines)
        assertFailsWith<FieldFailure.NotFound> { phone.score("park-99", month) }
    }

    private fun formsKeepWhatWasFilledIn() {
        val draft = second.draftMatter("task")
        second.matterDraftSet(draft, "what", FieldValue.Text("补齐桶盖"))
        second.matterDraftSet(draft, "@point", FieldValue.Point(POINT))
        assertFailsWith<FieldFailure.Unfit> { second.matterDraftSet(draft, "colour", FieldValue.Text("绿")) }
        val kept = second.matterDrafts(Tongue.CHINESE).single()
        assertEquals(Triple(draft, "任务", null), Triple(kept.id, kept.featureLabel, kept.matter))
        assertEquals(FieldValue.Text("补齐桶盖"), kept.fields["what"])
        assertFailsWith<FieldFailure.Unfit> { second.submitMatterDraft(draft) }
        second.matterDraftDiscard(draft)
        assertEquals(emptyList(), second.matterDrafts(Tongue.ENGLISH))
        val month = Period.Month(phone.today().day)
        assertEquals(emptyList(), phone.uncovered(month), "no standard of this street asks for something in each node")
        assertFailsWith<FieldFailure.Denied> { second.fillWorkBrief("工作简报") }
    }

    private fun aDeviceRemindsByItself() {
        val usual = second.reminderPlan()
        assertEquals(
            Triple(listOf(1440u, 120u), "21:00", "07:00"),
            Triple(usual.before, usual.quietFrom, usual.quietUntil),
        )
        second.setReminderPlan(ReminderPlan(listOf(1u), "00:00", "00:00"))
        assertContains(second.reminders().map { it.document }, case)
        second.setReminderPlan(ReminderPlan(emptyList(), "22:00", "06:30"))
        assertEquals(emptyList(), second.reminders())
        assertFailsWith<FieldFailure.Invalid> { second.setReminderPlan(ReminderPlan(emptyList(), "late", "06:30")) }
        second.setReminderPlan(null)
        second.remindOf(case, Instant.now().plusSeconds(3600))
        assertEquals(listOf(case), second.ownReminders().map { it.document })
        second.remindOf(case, null)
        assertEquals(emptyList(), second.ownReminders())
    }

    private fun suspendAndGoOn() {
        val before = phone.counts()
        phone.suspend()
        assertEquals(before, phone.counts())
        phone.suspend()
        assertEquals(emptyList(), phone.record(NewCase(description = "路灯不亮")).duplicates)
        assertEquals(1L to 0L, phone.sync().accepted to phone.counts().pending)
    }
}

/** A second JVM that records, says what, and waits for the end. */
private fun startVictim(store: String): Process {
    val properties = listOf("java.class.path", "jna.library.path").map { System.getProperty(it) }
    val java = "${System.getProperty("java.home")}/bin/java"
    val command = listOf(java, "-cp", properties[0], "-Djna.library.path=${properties[1]}", "ScenarioTestKt", store)
    return ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
}

fun main(arguments: Array<String>) {
    val field = Field.open(arguments.single())
    val draft = field.draft()
    field.draftSet(draft, DraftField.Point(POINT))
    field.draftSet(draft, DraftField.Description("告示栏歪了"))
    val problem = NewCase(POINT, STANDARD, "南入口有大堆垃圾", photos = listOf(RUBBISH.toString()))
    println("$draft\n${field.record(problem).caseId}")
    Thread.sleep(60_000)
}
