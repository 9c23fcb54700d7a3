package sanben.device

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import sanben.Attention
import sanben.CaseAct
import sanben.CaseDetail
import sanben.CasePage
import sanben.CaseQuery
import sanben.CaseSource
import sanben.Completion
import sanben.Contact
import sanben.Correction
import sanben.Counts
import sanben.Draft
import sanben.DraftField
import sanben.Enrolment
import sanben.ExportedWork
import sanben.Field
import sanben.FieldObserver
import sanben.Fix
import sanben.HandedOver
import sanben.Ledgers
import sanben.Mailbag
import sanben.NewCase
import sanben.NewContact
import sanben.Observation
import sanben.OutboxEntry
import sanben.Period
import sanben.PersonView
import sanben.PointView
import sanben.Reported
import sanben.Round
import sanben.ScoreSheet
import sanben.Standard
import sanben.SyncBudget
import sanben.SyncReport
import sanben.TodayView
import sanben.UnitView
import sanben.VisitResult
import sanben.Whereabouts
import java.nio.file.Path
import java.time.Instant
import java.util.UUID

/**
 * One store in one folder, for one person of one tenant, as Kotlin likes it: every call suspends and runs on
 * [dispatcher], so that it may come from a main thread; changes are a flow; files are paths.
 *
 * A call that fails throws a [sanben.FieldFailure]: a sealed class with the data that belongs to it and a
 * stable [code]. Texts for people are the shell's.
 *
 * A coroutine that is cancelled leaves at once from [sync], which stops at the next answer of the server. Any
 * other call that has begun comes to its end first: what it records is recorded whole.
 */
class Device internal constructor(
    private val core: Field,
    private val dispatcher: CoroutineDispatcher,
    val folder: Path,
) : AutoCloseable {
    @Volatile private var closed = false

    /** A screen may still be looking when somebody else takes over the tablet: whoever asks then, ends. */
    internal suspend fun <T> call(work: Field.() -> T): T = withContext(dispatcher) { now(work) }

    internal fun <T> now(work: Field.() -> T): T =
        try {
            core.work()
        } catch (gone: IllegalStateException) {
            throw if (closed) CancellationException("the device was closed", gone) else gone
        }

    internal suspend fun observe(observer: FieldObserver): Observation = call { observe(observer) }

    // Whose it is.

    /** Needs a network. */
    suspend fun enrol(
        url: String,
        code: String,
    ): Enrolment = call { enrol(url, code) }

    suspend fun enrolment(): Enrolment = call { enrolment() }

    suspend fun ownPerson(): PersonView = call { ownPerson() }

    // Looking up on site.

    suspend fun people(): List<PersonView> = call { people() }

    suspend fun units(): List<UnitView> = call { units() }

    suspend fun points(text: String? = null): List<PointView> = call { points(text) }

    suspend fun standards(
        point: String? = null,
        text: String? = null,
    ): List<Standard> = call { standards(point, text) }

    suspend fun whereabouts(
        latitude: Double,
        longitude: Double,
        nearest: Int = 5,
    ): Whereabouts = call { whereabouts(latitude, longitude, nearest) }

    suspend fun ledgers(
        point: String,
        at: Instant? = null,
    ): Ledgers = call { ledgers(point, at) }

    suspend fun score(
        community: String,
        period: Period,
        asOf: Instant? = null,
    ): ScoreSheet = call { score(community, period, asOf) }

    // Recording.

    suspend fun draft(): UUID = call { draft() }

    /** Saves one field of a draft; it is durable when this returns. */
    suspend fun save(
        draft: UUID,
        field: DraftField,
    ) = call { draftSet(draft, field) }

    /** Takes a photo file into a draft and returns its hash. The file is no longer needed afterwards. */
    suspend fun addPhoto(
        draft: UUID,
        file: Path,
    ): String = call { draftPhoto(draft, file.toString()) }

    suspend fun drafts(): List<Draft> = call { drafts() }

    suspend fun discardDraft(draft: UUID) = call { draftDiscard(draft) }

    suspend fun report(draft: UUID): Reported = call { report(draft) }

    suspend fun record(
        description: String = "",
        point: String? = null,
        standard: String? = null,
        fix: Fix? = null,
        source: CaseSource? = null,
        photos: List<Path> = emptyList(),
    ): Reported = call { record(NewCase(point, standard, description, fix, source, photos.map(Path::toString))) }

    suspend fun mayComplete(case: UUID): Boolean = call { mayComplete(case) }

    suspend fun complete(
        case: UUID,
        point: String? = null,
        standard: String? = null,
        description: String? = null,
        fix: Fix? = null,
        photos: List<Path> = emptyList(),
    ) = call { complete(case, Completion(point, standard, description, fix, photos.map(Path::toString))) }

    // Cases and rounds.

    suspend fun cases(
        query: CaseQuery,
        after: String? = null,
    ): CasePage = call { casesPage(query, after) }

    suspend fun case(id: UUID): CaseDetail = call { case(id) }

    suspend fun may(
        case: UUID,
        act: CaseAct,
    ): Boolean = call { may(case, act) }

    /** Does something to a case, with photo files where the act can have some; returns the event. */
    suspend fun act(
        case: UUID,
        act: CaseAct,
        photos: List<Path> = emptyList(),
    ): UUID = call { act(case, act, photos.map(Path::toString)) }

    suspend fun mayAddContact(case: UUID): Boolean = call { mayAddContact(case) }

    /** Adds whom a case is about, apart from the case. */
    suspend fun addContact(
        case: UUID,
        contact: NewContact,
    ): UUID = call { addContact(case, contact) }

    suspend fun contacts(case: UUID): List<Contact> = call { contacts(case) }

    suspend fun today(): TodayView = call { today() }

    suspend fun visit(
        round: Round,
        point: String,
        result: VisitResult,
        fix: Fix? = null,
    ) = call { visit(round, point, result, fix) }

    // What became of the work.

    suspend fun counts(): Counts = call { counts() }

    suspend fun outbox(limit: Int = 200): List<OutboxEntry> = call { outbox(limit) }

    suspend fun needsAttention(): List<Attention> = call { needsAttention() }

    suspend fun resend(attention: Long) = call { resend(attention) }

    /** Refused work, corrected by its author and sent again. */
    suspend fun correct(
        attention: Long,
        correction: Correction,
    ) = call { correct(attention, correction) }

    /** Writes refused work into a new file for somebody who may do it; [to] is their code, `null` for anybody. */
    suspend fun handOn(
        attention: Long,
        file: Path,
        to: String? = null,
    ) = call { handOn(attention, file.toString(), to) }

    /** Records under this person's own name what another handed on in a file; returns the case. */
    suspend fun takeOver(file: Path): UUID = call { takeOver(file.toString()) }

    /** Writes refused work and its photos into a new folder, to be read and taken over. */
    suspend fun exportRefused(
        attention: Long,
        folder: Path,
    ): ExportedWork = call { exportRefused(attention, folder.toString()) }

    suspend fun discard(
        attention: Long,
        reason: String,
    ) = call { discard(attention, reason) }

    /** When the server would like to hear of this device again; `null` for at any time. */
    suspend fun nextTry(): Instant? = call { nextTry() }

    /** Syncs until there is nothing more to send or fetch; cancelling the coroutine stops it. */
    suspend fun sync(
        budget: SyncBudget? = null,
        progress: (SyncReport) -> Unit = {},
    ): SyncReport = syncing(budget, progress)

    /** Waits until the server says that there is something to sync; `false` when it said nothing for a minute. */
    suspend fun poked(): Boolean = listening()

    // Carried by hand.

    /** Writes all that waits, sealed, into a new file that only the server can open; anybody may carry it. */
    suspend fun exportMailbag(file: Path): Mailbag = call { exportMailbag(file.toString()) }

    /** Takes somebody's mailbag along; the next sync hands it in. `false` when it was here before. */
    suspend fun takeMailbag(file: Path): Boolean = call { takeMailbag(file.toString()) }

    /** Hands all that waits, sealed, to the device that collects at this address, as that one shows it. */
    suspend fun handOver(address: String): HandedOver = call { handOver(address) }

    // Pictures.

    suspend fun thumbnail(photo: String): ByteArray? = call { thumbnail(photo) }

    /** The small picture of a photo that a case or patrol shows, from the server where this store does not have it. */
    suspend fun fetchThumbnail(
        document: UUID,
        photo: String,
    ): ByteArray = call { fetchThumbnail(document, photo) }

    /** The whole photo, from the server where this store does not have it. */
    suspend fun photo(photo: String): ByteArray = call { photo(photo) }

    // Its PIN.

    suspend fun isEncrypted(): Boolean = call { isEncrypted() }

    /** Gives an encrypted store another PIN; a wrong old one counts as a try. */
    suspend fun changePin(
        old: String,
        new: String,
    ) = call { changePin(old, new) }

    // Life of the app.

    /** Writes everything out and lets go of the database until the next call. */
    suspend fun suspendStore() = call { suspend() }

    override fun close() {
        closed = true
        core.close()
    }

    companion object {
        /** Opens the store in a folder, making a new one where there is none. */
        suspend fun open(
            folder: Path,
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
        ): Device = withContext(dispatcher) { Device(Field.open(folder.toString()), dispatcher, folder) }
    }
}
