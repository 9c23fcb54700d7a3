import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable
import org.junit.jupiter.api.io.TempDir
import sanben.CaseQuery
import sanben.Changes
import sanben.DraftField
import sanben.Field
import sanben.FieldObserver
import sanben.NewCase
import java.nio.file.Path
import kotlin.io.path.div
import kotlin.test.assertEquals

/**
 * What it costs to cross into the core and back; `docs/benchmarks.md` says how to run it with the library of a phone.
 */
@EnabledIfEnvironmentVariable(named = "SANBEN_COST", matches = "1")
class CostTest {
    @TempDir
    private lateinit var folder: Path

    private fun median(
        times: Int,
        work: () -> Unit,
    ): Double {
        repeat(times) { work() }
        val took = LongArray(times) { System.nanoTime().let { begun -> work().let { System.nanoTime() - begun } } }
        return took.sorted()[times / 2] / 1_000.0
    }

    private fun told(
        what: String,
        micros: Double,
    ) = println("cost | Kotlin | $what | %.1f µs".format(micros))

    @Test
    fun `cost of calls`() =
        Desk(folder).use { desk ->
            desk.start()
            Field.open((folder / "phone").toString()).use { phone ->
                phone.enrol(desk.url, desk.invite("U008"))
                phone.sync()
                repeat(RECORDS) { phone.record(NewCase(point = "P011", description = "第${it}处垃圾")) }

                told("a call that does nothing", median(5_000) { phone.nextTry() })
                val page = CaseQuery(limit = PAGE)
                assertEquals(PAGE, phone.casesPage(page).rows.size)
                told("a page of 100 cases", median(300) { phone.casesPage(page) })
                assertEquals(RECORDS, phone.outbox(RECORDS).size)
                told("1,000 records", median(50) { phone.outbox(RECORDS) })

                val draft = phone.draft()
                var typed = 0
                // Other words each time, as when somebody types: the same again would not be written at all.
                val save = { phone.draftSet(draft, DraftField.Description("告示栏歪了${typed++}")) }
                told("a field of a draft, durable", median(300, save))

                // From the first to the last that hear of one change: what the disk takes is not in it.
                val times = LongArray(OBSERVERS)
                val heard =
                    List(OBSERVERS) { at ->
                        phone.observe(
                            object : FieldObserver {
                                override fun changed(changes: Changes) {
                                    times[at] = System.nanoTime()
                                }
                            },
                        )
                    }
                val spans = List(300) { save().let { (times.last() - times.first()) / (OBSERVERS - 1) } }
                told("a callback", spans.sorted()[spans.size / 2] / 1_000.0)
                heard.forEach { it.close() }
            }
        }

    private companion object {
        const val RECORDS = 1_000
        const val PAGE = 100
        const val OBSERVERS = 50
    }
}
