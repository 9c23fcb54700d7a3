import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import sanben.Changes
import sanben.DraftField
import sanben.FieldFailure
import sanben.Role
import sanben.Round
import sanben.VisitResult
import sanben.device.Device
import sanben.device.changes
import sanben.device.code
import sanben.device.everything
import java.net.ServerSocket
import java.nio.file.Path
import kotlin.concurrent.thread
import kotlin.io.path.div
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** What the idiomatic layer adds to the binding: flows that miss nothing, and a cancel that arrives. */
class DeviceTest {
    @TempDir
    private lateinit var folder: Path

    private fun played(play: suspend (Desk, Device) -> Unit) =
        Desk(folder).use { desk ->
            desk.start()
            runBlocking {
                Device.open(folder / "phone").use { phone ->
                    phone.enrol(desk.url, desk.invite("U008"))
                    phone.sync()
                    withTimeout(60_000) { play(desk, phone) }
                }
            }
        }

    @Test
    fun `a collector begins with everything and is told of what follows`() =
        played { _, phone ->
            val seen = mutableListOf<Changes>()
            val registered = CompletableDeferred<Unit>()
            val collecting =
                CoroutineScope(Dispatchers.Default).launch {
                    phone
                        .changes()
                        .onEach { registered.complete(Unit) }
                        .take(2)
                        .toList(seen)
                }
            registered.await()
            val case = phone.record("路灯不亮", point = "P011").caseId
            collecting.join()
            assertTrue(seen[0].everything)
            assertFalse(seen[1].everything)
            assertEquals(true, seen[1].drafts || case in seen[1].cases)
        }

    @Test
    fun `a slow collector gets one joined batch and holds nobody up`() =
        played { _, phone ->
            val registered = CompletableDeferred<Unit>()
            val recorded = CompletableDeferred<Unit>()
            val later = CompletableDeferred<Changes>()
            val collecting =
                CoroutineScope(Dispatchers.Default).launch {
                    phone.changes().collect {
                        if (it.everything) {
                            registered.complete(Unit)
                            recorded.await()
                        } else {
                            later.complete(it)
                        }
                    }
                }
            registered.await()
            val cases = List(5) { phone.record("第 $it 件").caseId }
            recorded.complete(Unit)
            assertEquals(cases.toSet(), later.await().cases.toSet())
            collecting.cancelAndJoin()
        }

    @Test
    fun `a cancelled coroutine stops a sync that waits for a silent server`() =
        played { desk, phone ->
            phone.record("路灯不亮")
            desk.stop()
            // Something that takes the call at the server's address and then says nothing for a while.
            ServerSocket(desk.url.substringAfterLast(':').toInt()).use { silent ->
                val called = CompletableDeferred<Unit>()
                thread(isDaemon = true) {
                    silent.accept().use {
                        called.complete(Unit)
                        Thread.sleep(1_000)
                    }
                }
                val syncing = CoroutineScope(Dispatchers.Default).launch { phone.sync() }
                called.await()
                syncing.cancelAndJoin()
                assertTrue(syncing.isCancelled)
            }
            desk.start()
            assertEquals(1, phone.sync().accepted)
        }

    @Test
    fun `who one is, a visit on the round, and what became of the work`() =
        played { _, phone ->
            val me = phone.ownPerson()
            assertEquals(Triple("U008", Role.INSPECTOR, "第一督导组"), Triple(me.code, me.role, me.team))
            assertEquals("柳林社区", phone.units().single { it.code == "park-02" }.name)
            assertEquals("叶慧敏", phone.people().single { it.code == "U060" }.name)
            phone.visit(Round.MORNING, "P011", VisitResult.NotAccessible("施工围挡"))
            val visited = phone.today().morning.single { it.point == "P011" }
            assertEquals(VisitResult.NotAccessible("施工围挡"), visited.result)
            assertEquals(setOf<Class<*>>(sanben.OutboxState.Pending::class.java), states(phone))
            phone.sync()
            assertEquals(setOf<Class<*>>(sanben.OutboxState.Accepted::class.java), states(phone))
            val failure =
                assertFailsWith<FieldFailure.NotFound> { phone.visit(Round.MORNING, "P999", VisitResult.Clean) }
            assertEquals("not-found", failure.code)
            val draft = phone.draft()
            phone.save(draft, DraftField.Description("告示栏歪了"))
            assertEquals("告示栏歪了", phone.drafts().single().description)
            assertTrue(phone.changes().first().everything)
        }

    private suspend fun states(phone: Device) = phone.outbox().map { it.state.javaClass }.toSet<Class<*>>()
}
