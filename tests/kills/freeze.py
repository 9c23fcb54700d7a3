"""Plays a morning over a log in PostgreSQL and leaves it behind as this version of the program keeps it.

    SANBEN_BIN=... python3 -B tests/kills/freeze.py /tmp/frozen

`/tmp/frozen` then holds a server's folder with its log as `log.sql`, and an inspector's device with work that waits.
server/tests/operation/versions/README.md says what becomes of it.
"""

import subprocess
import sys
from pathlib import Path

from database import Cluster
from stage import PHOTO, ROOT, Place, Stage


def play(place, stage):
    def field(store, *words):
        return place.said(place.try_field(*words, store=store))

    def enrol(store, person):
        device = field(store, "enroll", stage.url, place.desk("invite", person)["code"])["device"]
        field(store, "sync")
        return device

    def record(store, words, photo=None):
        return field(store, "record", "--point", "P011", *(["--photo", str(photo)] if photo else []), words)["case"]

    place.desk("import", str(ROOT / "data/park"))
    place.start()
    enrol("inspector", "U008")
    enrol("command", "U001")
    enrol("head", "U060")
    late = enrol("late", "U008")

    # Delivered with its photo, put right; handed on and taken back; a contact and a whole case, erased.
    first = record("inspector", "南入口有大片垃圾", PHOTO)
    field("inspector", "sync")
    field("head", "sync")
    field("head", "acknowledge", first)
    field("head", "rectify", first, "已清理")
    field("head", "sync")
    second = record("inspector", "宣传栏玻璃破损")
    field("inspector", "sync")
    field("command", "sync")
    field("command", "act", second, "dispatch", "--to", "park-03")
    contact = field("command", "contact", first, "--name", "周女士", "--phone", "13800000042")["contact"]
    gone = record("command", "误报", ROOT / "core/photo/src/fixtures/rgb.jpg")
    field("command", "sync")
    field("inspector", "sync")
    place.desk("take-back", second, "--unit", "park-03", "--reason", "派错了")
    place.desk("erase", contact, "--reason", "本人要求")
    place.desk("erase", gone, "--whole-case", "--reason", "本人要求")
    # A device that was taken out with work that waits: one piece was taken in, one is undecided.
    record("late", "消防通道堵塞")
    record("late", "路面破损")
    place.desk("revoke", late)
    place.try_field("sync", store="late")
    waiting = place.desk("review")["work"]
    place.desk("review", waiting[0]["change"], "--accept", "--reason", "情况属实")
    # Not sent any more before noon.
    field("inspector", "sync")
    record("inspector", "路灯不亮", ROOT / "core/photo/src/fixtures/exif.jpg")
    place.stop()


def main(folder):
    folder = Path(folder)
    folder.mkdir()
    cluster = Cluster()
    try:
        with Stage(cluster) as stage:
            place = Place(stage, folder, cluster.database("frozen"))
            try:
                play(place, stage)
            finally:
                place.kill()
            dumped = subprocess.run([*cluster.as_other, f"{cluster.bin}/pg_dump", "--no-owner", "--inserts", place.database],
                                    cwd=cluster.dir, check=True, capture_output=True).stdout.decode()
            # What only psql understands.
            lines = [line for line in dumped.splitlines() if not line.startswith("\\")]
            (place.server / "log.sql").write_text("\n".join(lines) + "\n")
    finally:
        cluster.stop()


main(sys.argv[1])
