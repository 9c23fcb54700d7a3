package sanben.field

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.Denial
import sanben.FieldFailure
import sanben.FieldFlaw
import sanben.FieldShape
import java.nio.file.Path
import java.util.UUID
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

private const val CLERK = "U024"
private const val VOLUNTEER = "U170"
private const val OTHER_VOLUNTEER = "U183"
private const val DISCIPLINE = "U005"
private const val PUMP = "打气筒"

/** One set of screens for every feature: what the forms of three of them do, against a real server. */
class MattersTest {
    @TempDir
    private lateinit var folder: Path

    private suspend fun form(
        session: Session,
        route: Route.Form,
    ): MatterForm {
        val form = MatterForm(session, route).apply { begin() }
        form.state.until { it.ready }
        return form
    }

    /** Submits what opens a matter; the screen gives way to the matter. */
    private suspend fun MatterForm.opened(
        session: Session,
        route: Route.Form,
    ): UUID {
        session.navigator.tab(Route.Today)
        session.navigator.open(route)
        submit()
        val leads = session.navigator.stack.until { it.last() is Route.Matter }
        assertEquals(2, leads.size, "back leads past the form")
        return (leads.last() as Route.Matter).id
    }

    private fun MatterForm.field(name: String) = state.value.fields.single { it.name == name }

    private suspend fun MatterForm.chooses(
        name: String,
        title: String,
    ) {
        search(name, title)
        val offered = state.until { field(name).offered.any { it.title == title } }
        choose(
            name,
            offered.fields
                .single { it.name == name }
                .offered
                .first { it.title == title },
        )
    }

    /** Fills in the form of an act and submits it; the screen goes away. */
    private suspend fun act(
        session: Session,
        matter: UUID,
        act: String,
        fill: suspend MatterForm.() -> Unit = {},
    ) {
        val route = Route.ActOnMatter(matter, act)
        val form = form(session, route).apply { fill() }
        session.navigator.open(route)
        form.submit()
        session.navigator.stack.until { route !in it }
    }

    @Test
    fun `a volunteer signs in and out of a shift without a network, and a wrong field is shown at its field`() =
        play(folder) {
            val volunteer = work(VOLUNTEER)
            desk.stop()
            val list = Matters(volunteer, POINT)
            watch { list.run() }
            val offered = list.state.until { it.groups.isNotEmpty() }.groups
            assertContains(offered.getValue(MatterGroup.PEOPLE).map { it.name }, "shift")
            assertContains(offered.getValue(MatterGroup.RESIDENTS).map { it.name }, "loan")
            assertFalse(offered.values.flatten().any { it.name == "notice" }, "a volunteer names nobody")

            val planned = Route.OpenMatter("shift", point = POINT)
            val opening = form(volunteer, planned)
            assertEquals(
                "柳林小区南入口",
                opening
                    .field("point")
                    .chosen
                    .single()
                    .title,
            )
            opening.submit()
            assertEquals(
                mapOf("post" to FieldFlaw.MISSING, "from" to FieldFlaw.MISSING, "until" to FieldFlaw.MISSING),
                opening.state.value.fields
                    .filter { it.flaw != null }
                    .associate { it.name to it.flaw },
            )
            opening.write("post", "南入口岗亭")
            opening.write("from", "18点")
            opening.write("until", "6")
            opening.submit()
            assertEquals(FieldFlaw.SHAPE, opening.field("from").flaw)
            opening.write("from", "１８：００")
            opening.submit()
            opening.state.until { state -> state.fields.any { it.name == "until" && it.flaw == FieldFlaw.ORDER } }
            opening.write("from", "6:00")
            opening.write("until", "1800")
            assertEquals(null, opening.field("until").flaw)
            val shift = opening.opened(volunteer, planned)

            for ((act, time) in listOf("sign-in" to "06:10", "sign-out" to "1225")) {
                act(volunteer, shift, act) {
                    chooses("who", "何家兴")
                    write("time", time)
                }
            }
            val view = MatterView(volunteer, shift)
            watch { view.run() }
            val shown = view.state.until { it.thread.size == 3 }
            assertContains(shown.figures, "服务时长" to "6 小时 15 分钟")
            assertEquals(
                listOf("何家兴", "06:10"),
                shown.thread[1].facts.map { it.second },
            )
            assertTrue(shown.item is ItemState.Waiting)
            desk.start()
            volunteer.syncer.trigger(Trigger.ASKED)
            view.state.until { it.item == ItemState.Delivered }
            list.state.until { state -> state.rows.any { it.id == shift && it.item == ItemState.Delivered } }
            list.filter(
                list.state.value.filter
                    .copy(feature = "loan"),
            )
            list.state.until { it.filter.feature == "loan" && it.rows.isEmpty() }
            // The form of an act that is not the next one does not open.
            val published = MatterForm(volunteer, Route.ActOnMatter(shift, "publish")).apply { begin() }
            volunteer.notice.until { it == volunteer.texts.of(FieldFailure.Denied(Denial.STEP)) }
            assertTrue(
                published.state.value.fields
                    .isEmpty(),
            )
        }

    @Test
    fun `two tablets lend the last pump, and the shortage shows`() =
        play(folder) {
            val clerk = work(CLERK)
            val founding = Route.OpenMatter("kiosk", point = POINT)
            val opening = form(clerk, founding)
            opening.write("title", "柳林小区志愿服务岗亭")
            val kiosk = opening.opened(clerk, founding)
            act(clerk, kiosk, "stock") {
                write("item", PUMP)
                write("number", "1")
            }
            clerk.device.sync()
            val tablets = listOf(work(VOLUNTEER), work(OTHER_VOLUNTEER))
            desk.stop()
            for ((at, tablet) in tablets.withIndex()) {
                val parts = MatterView(tablet, kiosk)
                watch { parts.run() }
                assertContains(
                    parts.state
                        .until { it.matter != null }
                        .parts
                        .map { it.name },
                    "loan",
                )
                val lending = Route.OpenMatter("loan", about = kiosk)
                val loan = form(tablet, lending)
                // What the kiosk has is there to choose, written as the stock has it.
                loan.state.until { loan.field("item").offered.any { it.title == PUMP } }
                loan.write("item", PUMP)
                loan.write("number", "1")
                loan.write("to", "周女士 13800000042")
                loan.day("until", tablet.moments.today())
                loan.submit()
                loan.state.until { loan.field("to").flaw == FieldFlaw.NUMBERED }
                loan.write("to", "${at + 1}号楼业主")
                loan.opened(tablet, lending)
            }
            desk.start()
            for (tablet in tablets + clerk) tablet.device.sync()
            val view = MatterView(clerk, kiosk)
            watch { view.run() }
            val shown = view.state.until { it.belonging.size == 2 }
            assertContains(shown.figures, "在库 $PUMP" to "-1")
            assertEquals(listOf("库存不足:借出多于在库"), assertNotNull(shown.matter).remarks)
        }

    @Test
    fun `a notice is answered by whom it names before it is published`() =
        play(folder) {
            val discipline = work(DISCIPLINE)
            val head = work(HEAD)
            val naming = Route.OpenMatter("notice")
            val opening = form(discipline, naming)
            opening.write("what", "南入口垃圾整改不到位")
            opening.chooses("person", "叶慧敏")
            opening.chooses("unit", "柳林社区")
            opening.day("until", discipline.moments.today().plusDays(1))
            val notice = opening.opened(discipline, naming)
            val theirs = MatterView(discipline, notice)
            watch { theirs.run() }
            val named = theirs.state.until { it.matter != null }
            assertFalse(assertNotNull(named.matter).next.any { it.name.startsWith("publish") }, "the term runs")
            assertEquals("叶慧敏", named.todo.single().who)
            discipline.device.sync()

            head.device.sync()
            val today = Today(head)
            watch { today.run() }
            val task = today.state.until { state -> state.tasks.any { it is TodayTask.Attend } }.tasks
            assertEquals(Route.Matter(notice), task.single { it is TodayTask.Attend }.route())
            act(head, notice, "answer") {
                assertTrue(field("photos").shape is FieldShape.Photos)
                photo("photos")
                state.until { field("photos").photos.size == 1 }
                write("words", "17时已清运，附照片")
            }
            head.device.sync()
            discipline.device.sync()
            val answered = theirs.state.until { it.thread.size == 2 }
            assertEquals("17时已清运，附照片" to 1, answered.thread[1].run { facts.single().second to photos.size })
            assertEquals("publish", assertNotNull(answered.matter).next.first().name)
            act(discipline, notice, "publish")
            theirs.state.until { it.matter?.stepLabel == "已发布" }
        }

    @Test
    fun `a form keeps itself field by field and goes on where somebody was, after a kill too`() =
        play(folder) {
            val clerk = work(CLERK)
            desk.stop()
            val empty = form(clerk, Route.OpenMatter("task", point = POINT))
            empty.leave()
            assertEquals(emptyList(), clerk.begunForms(), "looking at an empty form leaves no draft")
            val planned = Route.OpenMatter("shift", point = POINT)
            val filling = form(clerk, planned)
            filling.write("post", "南入口岗亭")
            filling.write("from", "18点")
            filling.write("needed", "2")
            filling.settled()
            assertEquals(null, filling.state.value.unsaved)
            filling.leave()
            val today = Today(clerk)
            watch { today.run() }
            val tasks = today.state.until { state -> state.tasks.any { it is TodayTask.Fill } }.tasks
            val task = tasks.filterIsInstance<TodayTask.Fill>().single()
            assertEquals("南入口岗亭", task.about)

            // The app begins anew: everything is there as it was written, what cannot be read too.
            val again = Session(clerk.device, clerk.texts, Hands(), parent = scope).apply { start() }
            again.names.until { it.me != null }
            val route = task.route() as Route.OpenMatter
            val resumed = form(again, route)
            resumed.state.until { it.draft == route.draft && it.fields.isNotEmpty() }
            assertEquals(listOf("南入口岗亭", "18点", "2"), listOf("post", "from", "needed").map { resumed.field(it).typed })
            assertEquals(
                "柳林小区南入口",
                resumed
                    .field("point")
                    .chosen
                    .single()
                    .title,
            )
            resumed.write("from", "6")
            resumed.write("until", "18")
            val shift = resumed.opened(again, route)
            assertEquals(emptyList(), again.begunForms(), "the draft went with it")

            // An act: photos are in the draft, and whoever opens the form again goes on.
            val comment = Route.ActOnMatter(shift, "comment")
            val first = form(again, comment)
            first.write("words", "写到一半")
            first.settled()
            first.leave()
            val second = form(again, comment)
            second.state.until { it.draft != null }
            assertEquals("写到一半", second.field("words").typed)
            again.navigator.open(comment)
            second.discard()
            again.navigator.stack.until { comment !in it }
            assertEquals(emptyList(), again.begunForms())
        }
}
