"""The core as Python sees it, against a real server. ScenarioTest.kt takes the same steps in Kotlin.

    SANBEN_BIN=target/debug/sanben PYTHONPATH=bindings/python/target python3 bindings/python/scenario.py
"""

import datetime
import gc
import hashlib
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import weakref
from fractions import Fraction
from pathlib import Path

import sanben
from desk import DATA, Desk
from sanben import (
    ActKind,
    CancelToken,
    CaseAct,
    CaseQuery,
    CaseSource,
    CaseStatus,
    Correction,
    Denial,
    DraftField,
    ExportedWork,
    Field,
    FieldFailure,
    FieldValue,
    InvalidInput,
    NewCase,
    Period,
    RejectionReason,
    ReminderPlan,
    ScoreReason,
    Stopped,
    SyncBudget,
    Tongue,
    Vault,
)

RUBBISH = str(DATA / "park/photos/south-entrance-rubbish-before.jpg")
NOT_A_PHOTO = str(DATA / "broken/photo-is-text/not-a-photo.jpg")
VICTIM = "--be-killed"
INSPECTOR, HEAD = "U008", "U060"
POINT, COMMUNITY, STANDARD = "P011", "park-02", "S01"


class Changed(sanben.FieldObserver):
    def __init__(self, then=lambda changes: None):
        self.batches, self.then = [], then

    def changed(self, changes):
        self.batches.append(changes)
        self.then(changes)


class Progress(sanben.SyncProgress):
    def __init__(self, then=lambda: None):
        self.reports, self.then = [], then

    def advanced(self, report):
        self.reports.append(report)
        self.then()


class Door(sanben.DoorListener):
    def __init__(self):
        self.address, self.open, self.events = None, threading.Event(), []

    def opened(self, address):
        self.address = address
        self.open.set()

    def came(self, event):
        self.events.append(event)


class Scenario(unittest.TestCase):
    def test_scenario(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.desk = Desk(self.folder)
        self.addCleanup(self.desk.stop)
        self.desk.start()
        self.phone = Field.open(str(self.folder / "phone"))

        self.nothing_without_enrolment()
        self.a_code_enrols_once()
        self.first_sync_brings_the_ground()
        self.look_up_on_site()
        self.what_was_recorded_survives_a_kill()
        self.a_draft_becomes_a_case_offline()
        self.pages_join_without_gaps()
        self.sync_delivers_and_brings_receipts()
        self.a_second_device_sees_it_and_answers()
        self.the_answer_comes_back_as_one_change()
        self.a_sync_can_be_stopped()
        self.a_failing_observer_harms_nothing()
        self.refused_work_needs_attention()
        self.the_score_says_why()
        self.forms_keep_what_was_filled_in()
        self.a_device_reminds_by_itself()
        self.suspend_and_go_on()
        self.work_goes_by_another_device()

    def work_goes_by_another_device(self):
        door, closed = Door(), CancelToken()
        collecting = threading.Thread(target=self.second.collect, args=("127.0.0.1:0", door, closed))
        collecting.start()
        self.assertTrue(door.open.wait(timeout=10))
        with self.assertRaises(FieldFailure.Invalid):
            self.phone.hand_over(door.address)
        self.desk.stop()
        self.phone.record(NewCase(point=POINT, description="临时占道"))
        handed = self.phone.hand_over(door.address)
        self.assertEqual((handed.mailbags, handed.known), (1, 0))
        self.assertEqual(self.phone.counts().pending, handed.changes)
        with self.assertRaises(FieldFailure.Refused):
            self.phone.hand_over(door.address[:-9] + "0000-0000")
        closed.cancel()
        collecting.join(timeout=10)
        taken, refused = door.events
        self.assertGreater(taken.bytes, 100)
        self.assertEqual(refused.reason, "wrong-code")
        self.desk.start()
        self.assertEqual(self.second.sync().carried, 1)
        self.assertEqual((self.phone.sync().accepted, self.phone.counts().pending), (handed.changes, 0))

    def nothing_without_enrolment(self):
        with self.assertRaises(FieldFailure.NotEnrolled):
            self.phone.draft()
        with self.assertRaises(FieldFailure.NotEnrolled):
            self.phone.sync()
        with self.assertRaises(FieldFailure.CodeMalformed):
            self.phone.enrol(self.desk.url, "hello")

    def a_code_enrols_once(self):
        code = self.desk.invite(INSPECTOR)
        enrolment = self.phone.enrol(self.desk.url, code)
        self.assertEqual((enrolment.tenant, enrolment.person), ("park", INSPECTOR))
        self.assertEqual(self.phone.enrolment(), enrolment)
        with self.assertRaises(FieldFailure.AlreadyEnrolled):
            self.phone.enrol(self.desk.url, code)
        with self.assertRaises(FieldFailure.CodeUsed):
            Field.open(str(self.folder / "finder")).enrol(self.desk.url, code)

    def first_sync_brings_the_ground(self):
        with self.assertRaises(FieldFailure.NothingYet):
            self.phone.whereabouts(38.308162, 116.839776)
        progress = Progress()
        report = self.phone.sync(progress)
        self.assertEqual(progress.reports[-1], report)
        self.assertGreater(report.received, 0)
        self.assertEqual(len(self.phone.points()), 136)

    def look_up_on_site(self):
        (point,) = self.phone.points("柳林小区南入口")
        self.assertEqual((point.code, point.head), (POINT, "叶慧敏"))
        with self.assertRaises(FieldFailure.NotFound) as failed:
            self.phone.standards("P999")
        self.assertEqual((failed.exception.what, failed.exception.id), ("point", "P999"))
        self.assertIn(STANDARD, [standard.code for standard in self.phone.standards(POINT, "垃圾")])
        here = self.phone.whereabouts(point.latitude, point.longitude, nearest=3)
        self.assertEqual((here.community, len(here.nearest)), (COMMUNITY, 3))
        self.assertEqual((here.nearest[0].point, here.nearest[0].head), (POINT, HEAD))
        with self.assertRaises(FieldFailure.Invalid):
            self.phone.whereabouts(91.0, 0.0)
        self.assertIn(POINT, [visit.point for visit in self.phone.today().morning])

    def what_was_recorded_survives_a_kill(self):
        self.desk.stop()
        store = str(self.folder / "phone")
        # Letting it go closes the store.
        del self.phone
        victim = subprocess.Popen([sys.executable, __file__, VICTIM, store], stdout=subprocess.PIPE, text=True)
        draft, self.case = (sanben.Uuid(victim.stdout.readline().strip()) for _ in range(2))
        with self.assertRaises(FieldFailure.Busy):
            Field.open(store)
        victim.kill()
        victim.wait()
        victim.stdout.close()
        self.phone = Field.open(store)
        (kept,) = self.phone.drafts()
        self.assertEqual((kept.id, kept.point, kept.description), (draft, POINT, "告示栏歪了"))
        case = self.phone.case(self.case)
        self.assertEqual((case.point, case.delivery.pending), (POINT, 1))
        (photo,) = case.photos
        self.assertEqual(photo.hash, hashlib.sha256(Path(RUBBISH).read_bytes()).hexdigest())
        self.assertEqual(self.phone.thumbnail(photo.hash)[:2], b"\xff\xd8")

    def a_draft_becomes_a_case_offline(self):
        (draft,) = self.phone.drafts()
        with self.assertRaises(FieldFailure.Photo):
            self.phone.draft_photo(draft.id, NOT_A_PHOTO)
        self.phone.draft_set(draft.id, DraftField.SOURCE(CaseSource.OWN))
        self.assertEqual(self.phone.report(draft.id).case_id, draft.id)
        self.assertEqual(self.phone.drafts(), [])
        with self.assertRaises(FieldFailure.Network):
            self.phone.sync()
        counts = self.phone.counts()
        self.assertEqual((counts.cases, counts.photos, counts.photos_delivered), (2, 1, 0))

    def pages_join_without_gaps(self):
        first = self.phone.cases_page(CaseQuery(limit=1))
        second = self.phone.cases_page(CaseQuery(limit=1), first.next)
        self.assertEqual(len({row.id for page in (first, second) for row in page.rows}), 2)
        with self.assertRaises(FieldFailure.Invalid):
            self.phone.cases_page(CaseQuery(), "no token")
        found = self.phone.cases_page(CaseQuery(text="垃圾", point=POINT)).rows
        self.assertEqual([row.id for row in found], [self.case])

    def sync_delivers_and_brings_receipts(self):
        self.desk.start()
        waiting, progress = self.phone.counts().pending, Progress()
        report = self.phone.sync(progress)
        self.assertEqual((report.sent, report.accepted, report.photos_delivered), (waiting, waiting, 1))
        self.assertGreaterEqual(len(progress.reports), 2)
        counts = self.phone.counts()
        self.assertEqual((counts.pending, counts.photos, counts.photos_delivered), (0, 1, 1))
        delivery = self.phone.case(self.case).delivery
        self.assertEqual((delivery.accepted, delivery.photos_delivered), (1, 1))

    def a_second_device_sees_it_and_answers(self):
        self.second = Field.open(str(self.folder / "second"))
        self.second.enrol(self.desk.url, self.desk.invite(HEAD))
        self.second.sync()
        (photo,) = self.second.case(self.case).photos
        self.assertEqual(self.second.photo(photo.hash), Path(RUBBISH).read_bytes())
        with self.assertRaises(FieldFailure.Denied) as failed:
            self.second.act(self.case, CaseAct.REWORK("不行"))
        self.assertEqual(failed.exception.why, Denial.ROLE)
        seen = Changed()
        observation = self.second.observe(seen)
        self.second.act(self.case, CaseAct.ACKNOWLEDGE("收到，马上落实！"))
        self.assertEqual([batch.cases for batch in seen.batches], [[self.case]])
        observation.stop()
        poked = []
        waiting = threading.Thread(target=lambda: poked.append(self.phone.await_poke()))
        waiting.start()
        time.sleep(0.5)
        self.assertEqual(poked, [])
        self.assertEqual(self.second.sync().accepted, 1)
        waiting.join(timeout=10)
        self.assertEqual(poked, [True])
        self.assertEqual((len(seen.batches), observation.last_failure()), (1, None))

    def the_answer_comes_back_as_one_change(self):
        looked_up = []
        # Whoever is told may look it up at once: no lock is held.
        seen = Changed(then=lambda changes: looked_up.extend(map(self.phone.case, changes.cases)))
        observation = self.phone.observe(seen)
        self.phone.sync()
        self.assertEqual([batch.cases for batch in seen.batches if batch.cases], [[self.case]])
        self.assertEqual([case.status for case in looked_up], [CaseStatus.ACKNOWLEDGED])
        observation.stop()
        case = self.phone.case(self.case)
        self.assertEqual(case.status, CaseStatus.ACKNOWLEDGED)
        self.assertEqual([entry.kind for entry in case.thread], [ActKind.REPORT, ActKind.ACKNOWLEDGE])
        self.assertEqual((case.thread[1].person, case.thread[1].words), (HEAD, "收到，马上落实！"))
        ledgers = self.phone.ledgers(POINT)
        self.assertEqual(ledgers.head.person, HEAD)
        self.assertIn(self.case, [problem.case_id for problem in ledgers.open_problems])

    def a_sync_can_be_stopped(self):
        token = CancelToken()
        with self.assertRaises(FieldFailure.Cancelled):
            self.phone.sync(Progress(then=token.cancel), token)
        with self.assertRaises(FieldFailure.Cancelled):
            self.phone.sync(cancel=token)
        with self.assertRaises(FieldFailure.Listener):
            self.phone.sync(Progress(then=lambda: 1 // 0))
        with self.assertRaises(FieldFailure.Invalid):
            self.phone.sync(budget=SyncBudget(millis=-1))
        self.assertEqual(self.phone.sync(budget=SyncBudget(requests=0)).stopped, Stopped.REQUESTS)
        report = self.phone.sync(budget=SyncBudget(millis=60_000, bytes=10_000_000))
        self.assertEqual((report.stopped, report.rejected, report.more), (None, 0, False))

    def a_failing_observer_harms_nothing(self):
        observation = self.phone.observe(Changed(then=lambda changes: 1 // 0))
        draft = self.phone.draft()
        self.phone.draft_set(draft, DraftField.DESCRIPTION("写错了"))
        self.phone.draft_discard(draft)
        self.assertEqual(self.phone.drafts(), [])
        self.assertIsNotNone(observation.last_failure())

    def refused_work_needs_attention(self):
        self.phone.act(self.case, CaseAct.REWORK("没清干净"))
        self.desk.rewrite("people.csv", "刘景春,督导员,park,T1", "刘景春,网格员,park-02,")
        # Here nothing that is late is taken on anybody's word: a person looks at it.
        self.desk.rewrite("tenant.toml", "offline_days = 7", "offline_days = 0")
        self.desk.publish()
        report = self.phone.sync()
        self.assertEqual((report.in_review, report.rejected), (1, 0))
        self.assertEqual(self.phone.needs_attention(), [])
        self.desk.refuse_reviewed("已经不是督导员")
        self.assertEqual(self.phone.sync().rejected, 1)
        (refused,) = self.phone.needs_attention()
        self.assertEqual((refused.document, refused.kind), (self.case, ActKind.REWORK))
        self.assertEqual(refused.words, "没清干净")
        self.assertEqual(refused.why, RejectionReason.REVIEWED("已经不是督导员"))
        self.phone.resend(refused.id)
        self.assertEqual(self.phone.sync().rejected, 1)
        (refused,) = self.phone.needs_attention()
        self.assertEqual(refused.why, RejectionReason.NOT_ALLOWED(Denial.ROLE))
        with self.assertRaises(FieldFailure.Invalid) as refusal:
            self.phone.discard(refused.id, " ")
        self.assertEqual(refusal.exception.reason, InvalidInput.NO_REASON_TO_DISCARD)
        with self.assertRaises(FieldFailure.Denied):
            self.phone.correct(refused.id, Correction(words="还是没清干净"))
        work = str(self.folder / "refused")
        self.assertEqual(self.phone.export_refused(refused.id, work), ExportedWork(photos=0, photos_missing=0))
        handed_on = str(self.folder / "for-another")
        self.phone.hand_on(refused.id, handed_on, HEAD)
        with self.assertRaises(FieldFailure.FileNotWritten):
            self.phone.hand_on(refused.id, handed_on)
        self.assertEqual(self.phone.needs_attention()[0].handed_on_to, HEAD)
        with self.assertRaises(FieldFailure.Invalid) as refusal:
            self.phone.take_over(handed_on)
        self.assertEqual(refusal.exception.reason, InvalidInput.ONES_OWN_WORK)
        self.phone.discard(refused.id, "已经不是督导员")
        self.assertEqual((self.phone.needs_attention(), self.phone.counts().pending), ([], 0))
        self.assertEqual(self.phone.case(self.case).status, CaseStatus.ACKNOWLEDGED)

    def the_score_says_why(self):
        self.second.sync()
        month = Period.MONTH(self.phone.today().day)
        sheets = [device.score(COMMUNITY, month) for device in (self.phone, self.second)]
        for sheet in sheets:
            (found,) = [line for line in sheet.lines if line.reason.is_finding()]
            self.assertEqual(found.reason, ScoreReason.FINDING(CaseSource.SUBDISTRICT))
            self.assertEqual((found.points, found.case_id, found.point), ("-1", self.case, POINT))
            self.assertEqual(found.person, HEAD)
            self.assertEqual(sheet.base, "1000")
            self.assertEqual(Fraction(sheet.total), 1000 + sum(Fraction(line.points) for line in sheet.lines))
        self.assertEqual(sheets[0].lines, sheets[1].lines)
        with self.assertRaises(FieldFailure.NotFound):
            self.phone.score("park-99", month)

    def forms_keep_what_was_filled_in(self):
        draft = self.second.draft_matter("task")
        self.second.matter_draft_set(draft, "what", FieldValue.TEXT("补齐桶盖"))
        self.second.matter_draft_set(draft, "@point", FieldValue.POINT(POINT))
        with self.assertRaises(FieldFailure.Unfit):
            self.second.matter_draft_set(draft, "colour", FieldValue.TEXT("绿"))
        (kept,) = self.second.matter_drafts(Tongue.CHINESE)
        self.assertEqual((kept.id, kept.feature_label, kept.matter), (draft, "任务", None))
        self.assertEqual(kept.fields["what"], FieldValue.TEXT("补齐桶盖"))
        with self.assertRaises(FieldFailure.Unfit):
            self.second.submit_matter_draft(draft)
        self.second.matter_draft_discard(draft)
        self.assertEqual(self.second.matter_drafts(Tongue.ENGLISH), [])
        month = Period.MONTH(self.phone.today().day)
        self.assertEqual(self.phone.uncovered(month), [], "no standard of this street asks for something in each node")
        with self.assertRaises(FieldFailure.Denied):
            self.second.fill_work_brief("工作简报")

    def a_device_reminds_by_itself(self):
        plan = self.second.reminder_plan()
        self.assertEqual((plan.before, plan.quiet_from, plan.quiet_until), ([1440, 120], "21:00", "07:00"))
        self.second.set_reminder_plan(ReminderPlan(before=[1], quiet_from="00:00", quiet_until="00:00"))
        self.assertIn(self.case, [reminder.document for reminder in self.second.reminders()])
        self.second.set_reminder_plan(ReminderPlan(before=[], quiet_from="22:00", quiet_until="06:30"))
        self.assertEqual(self.second.reminders(), [])
        with self.assertRaises(FieldFailure.Invalid):
            self.second.set_reminder_plan(ReminderPlan(before=[30], quiet_from="late", quiet_until="06:30"))
        self.second.set_reminder_plan(None)
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        self.second.remind_of(self.case, soon)
        self.assertEqual([own.document for own in self.second.own_reminders()], [self.case])
        self.second.remind_of(self.case, None)
        self.assertEqual(self.second.own_reminders(), [])

    def suspend_and_go_on(self):
        before = self.phone.counts()
        self.phone.suspend()
        self.assertEqual(self.phone.counts(), before)
        self.phone.suspend()
        self.assertEqual(self.phone.record(NewCase(description="路灯不亮")).duplicates, [])
        self.assertEqual((self.phone.sync().accepted, self.phone.counts().pending), (1, 0))


class InFile(sanben.Keystore):
    """A keystore that does not protect, and can be lost."""

    def __init__(self, file):
        self.file = sanben.UnprotectedKeystore(file)

    def wrap(self, plain):
        return self.file.wrap(plain)

    def open(self, wrapped):
        return self.file.open(wrapped)


class Locked(unittest.TestCase):
    def test_a_store_opens_with_its_pin_alone(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        store, key = folder.name + "/phone", Path(folder.name) / "key"
        vault = Vault(store, InFile(str(key)))
        self.assertTrue(sanben.encrypts() and vault.state().is_new())
        with self.assertRaises(FieldFailure.Invalid):
            vault.create("123456")
        self.assertTrue(vault.create("480613").is_encrypted())
        gc.collect()
        self.assertTrue(vault.state().is_locked())
        with self.assertRaises(FieldFailure.Locked):
            Field.open(store)
        with self.assertRaises(FieldFailure.WrongPin) as wrong:
            vault.unlock("480614")
        self.assertEqual(wrong.exception.wait_millis, 0)
        vault.unlock("480613").change_pin("480613", "730255")
        gc.collect()
        self.assertIsNone(vault.challenge(), "no server has given codes")
        with self.assertRaises(FieldFailure.Invalid):
            vault.recover("ABCDE-FGHJK", "990712")
        vault.unlock("730255").suspend()
        gc.collect()
        before, kept = (Path(store) / "sanben.db").read_bytes(), key.read_bytes()
        key.unlink()
        with self.assertRaises(FieldFailure.KeyLost):
            vault.unlock("730255")
        self.assertEqual((Path(store) / "sanben.db").read_bytes(), before)
        key.write_bytes(kept)
        vault.unlock("730255").counts()

    def test_a_keystore_that_breaks_is_asked_again_later(self):
        class Broken(sanben.Keystore):
            def wrap(self, plain):
                raise RuntimeError("no hardware")

            def open(self, wrapped):
                raise RuntimeError("no hardware")

        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(FieldFailure.KeyUnavailable):
                Vault(folder + "/phone", Broken()).create("480613")


def resident():
    """What this process takes of the machine's memory, bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


@unittest.skipUnless(Path("/proc/self/status").exists(), "only Linux says how much memory a process takes")
class Leaks(unittest.TestCase):
    """Ten thousand of each; a tenth of them first, so that what is kept once is not taken for what grows."""

    TIMES, FIRST, SLACK = 10_000, 1_000, 8 << 20

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def flat(self, work):
        for _ in range(self.FIRST):
            work()
        gc.collect()
        before = resident()
        for _ in range(self.TIMES - self.FIRST):
            work()
        gc.collect()
        grown = resident() - before
        print(f"{self.id().split('.')[-1]}: {grown / 1024:+.0f} KiB")
        self.assertLess(grown, self.SLACK)

    def test_stores_that_were_opened(self):
        store = self.folder + "/phone"

        def open_and_close():
            self.assertEqual(Field.open(store).counts().cases, 0)

        self.flat(open_and_close)

    def test_observers(self):
        field = Field.open(self.folder + "/phone")
        alive = []

        def observe():
            observer = Changed()
            alive.append(weakref.ref(observer))
            field.observe(observer).stop()

        self.flat(observe)
        self.assertEqual([one for one in alive if one()], [], "the core let go of every one")


def be_killed(store):
    """Records, says what, and waits for the end."""
    field = Field.open(store)
    draft = field.draft()
    field.draft_set(draft, DraftField.POINT(POINT))
    field.draft_set(draft, DraftField.DESCRIPTION("告示栏歪了"))
    problem = NewCase(point=POINT, standard=STANDARD, description="南入口有大堆垃圾", photos=[RUBBISH])
    print(draft, field.record(problem).case_id, sep="\n", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    # By a word that is no test's name: unittest takes those, as in `scenario.py Scenario`.
    if sys.argv[1:2] == [VICTIM]:
        be_killed(sys.argv[2])
    else:
        unittest.main()
