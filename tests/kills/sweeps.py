"""Where the blows fall."""

import random
import shutil
import subprocess
import time
from dataclasses import dataclass
from typing import Callable

from stage import DISK, LARGE, SENDS, WRITES, Broken, fell, strike, watch

# No command of ours writes so often.
MOST = 400


@dataclass
class Sweep:
    name: str
    blow: Callable  # (stage, nth) -> whether it fell
    postgres: bool = False
    sampled: bool = False
    # In a sample, every so manieth.
    step: int = 9
    # Blows at random moments: how many.
    random: int = 0

    def run(self, stage, sample, every):
        if self.random:
            rounds = 2 if sample else max(2, self.random // every)
            for nth in range(rounds):
                self.struck(stage, nth)
            return rounds
        nth, blows = 1, 0
        while nth < MOST:
            if not self.struck(stage, nth):
                return blows
            blows += 1
            nth += self.step if sample else every
        raise Broken(f"after {MOST} writes it still goes on")

    def struck(self, stage, nth):
        place = stage.place(self.postgres)
        try:
            return self.blow(place, nth)
        except Broken as broken:
            raise Broken(f"at {nth}: {broken}") from None
        finally:
            place.done()


def record(how):
    """The device falls while it records."""

    def blow(place, nth):
        place.record("先前")
        survived = place.record("南入口有大片垃圾", blow=strike(WRITES, how, nth, place.told))
        place.settle()
        return not survived or fell(place.told)

    return blow


def deliver(how):
    """The device falls while it syncs."""

    def blow(place, nth):
        place.record("南入口有大片垃圾")
        place.start()
        done = place.try_field("sync", blow=strike(SENDS, how, nth, place.told))
        place.note_accepted()
        place.settle()
        return done.returncode != 0 or fell(place.told)

    return blow


def serve(how):
    """The server falls while it answers."""

    def blow(place, nth):
        place.record("南入口有大片垃圾")
        if not place.start():
            raise Broken("the server does not start")
        tracer = watch(place.process, SENDS if how == "kill" else DISK, how, nth, place.told)
        done = place.try_field("sync")
        struck = done.returncode != 0 or place.process.poll() is not None
        # Not politely: it would wait for threads of the dead.
        tracer.kill()
        tracer.wait()
        place.note_accepted()
        place.kill()
        place.settle()
        return struck or fell(place.told)

    return blow


def begin(how):
    """The server falls while it starts, with work in its log."""

    def blow(place, nth):
        place.record("南入口有大片垃圾")
        place.start()
        place.field("sync")
        place.note_accepted()
        place.kill()
        stands = place.start(blow=strike(WRITES, how, nth, place.told))
        place.kill()
        place.settle()
        return not stands

    return blow


def shelve(how):
    """The server's disk fails at a file of a photo: while it arrives, and while it is made smaller for somebody else."""

    def blow(place, nth):
        place.record("南入口有大片垃圾", photo=LARGE)
        if not place.start(env=place.stage.falter("/photos/", how, nth, place.told)):
            raise Broken("the server does not start")
        first = place.try_field("sync")
        place.look()
        place.photos_are_whole()
        struck = place.told.exists()
        if struck and how != "KILL":
            place.told_why(how)
            if place.process.poll() is not None:
                raise Broken("the server ended")
            if place.left_aside():
                raise Broken(f"left aside: {place.left_aside()}")
        if struck and how == "EIO":
            # The very same server goes on.
            place.field("sync")
            if not all(place.look()):
                raise Broken("somebody else did not get the photo")
        elif not struck and (first.returncode != 0 or not all(place.look())):
            raise Broken(f"nothing fell, and not everything went well: {first.stdout.decode()[-300:]}")
        place.note_accepted()
        place.kill()
        place.start()
        place.field("sync")
        if place.look() != [True]:
            raise Broken("somebody else did not get the photo")
        place.settle()
        place.photos_are_whole()
        return struck

    return blow


def keep_secrets(how):
    """A new server's disk fails at its keys: that of the log, then that of its TLS."""

    def blow(place, nth):
        shutil.rmtree(place.server)
        tls = ("--tls",)
        env = place.stage.falter("/server/server.key /server/tls", how, nth, place.told)
        stood = place.start(env=env, more=tls)
        struck = place.told.exists()
        if struck and how != "KILL" and not stood:
            place.told_why(how)
        place.kill()
        key = place.server / "server.key"
        had = key.read_bytes() if key.exists() else None
        if had is not None and len(had) != 32:
            raise Broken(f"half a key: {len(had)} bytes")
        if how != "KILL" and place.left_aside():
            raise Broken(f"a secret left aside: {place.left_aside()}")
        for _ in range(2):
            if not place.start(more=tls):
                raise Broken("the server does not start again: " + (place.dir / "serve.log").read_text()[-600:])
            place.kill()
            if had is not None and key.read_bytes() != had:
                raise Broken("another key than the one there was")
            had = key.read_bytes()
        return struck

    return blow


def at_random(place, nth):
    """Server and device are killed at any moment, one after the other."""
    dice = random.Random(nth)
    for round in range(4):
        place.record(f"第{round}次")
        place.start()
        command = place.command(["field", "--store", str(place.store), "sync"])
        device = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.random() * 0.25)
        if dice.random() < 0.5:
            place.kill()
            device.wait(timeout=60)
        else:
            device.kill()
            device.wait()
            place.kill()
        place.note_accepted()
    place.settle()
    return True


def postgres_itself(place, nth):
    """PostgreSQL is killed at any moment under a server at work."""
    dice = random.Random(1000 + nth)
    for round in range(3):
        place.record(f"第{round}次")
        place.start()
        command = place.command(["field", "--store", str(place.store), "sync"])
        device = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.random() * 0.25)
        place.stage.cluster.kill()
        device.wait(timeout=120)
        place.stage.cluster.start()
        place.note_accepted()
        place.kill()
    place.settle()
    return True


SWEEPS = [
    Sweep("device records, killed at every write", record("kill"), sampled=True, step=25),
    Sweep("device records, no space at every write", record("ENOSPC"), sampled=True, step=25),
    Sweep("device records, error at every write", record("EIO")),
    Sweep("device syncs, killed at every write", deliver("kill"), sampled=True, step=25),
    Sweep("device syncs, no space at every write", deliver("ENOSPC")),
    Sweep("device syncs, error at every write", deliver("EIO")),
    Sweep("server answers, killed at every write", serve("kill"), sampled=True, step=12),
    Sweep("server answers, no space at every write", serve("ENOSPC"), sampled=True, step=25),
    Sweep("server answers, error at every write", serve("EIO")),
    Sweep("server starts, killed at every write", begin("kill")),
    Sweep("server keeps photos, no space at every write", shelve("ENOSPC"), sampled=True, step=9),
    Sweep("server keeps photos, error at every write", shelve("EIO")),
    Sweep("server keeps photos, killed at every write", shelve("KILL")),
    Sweep("new server makes its keys, no space at every write", keep_secrets("ENOSPC")),
    Sweep("new server makes its keys, error at every write", keep_secrets("EIO"), sampled=True, step=7),
    Sweep("new server makes its keys, killed at every write", keep_secrets("KILL")),
    Sweep("both killed at random", at_random, random=20, sampled=True),
    Sweep("server on PostgreSQL answers, killed at every write", serve("kill"), postgres=True),
    Sweep("server on PostgreSQL, error at every write", serve("EIO"), postgres=True),
    Sweep("server on PostgreSQL keeps photos, no space at every write", shelve("ENOSPC"), postgres=True),
    Sweep("server on PostgreSQL keeps photos, error at every write", shelve("EIO"), postgres=True),
    Sweep("PostgreSQL itself killed at random", postgres_itself, postgres=True, random=10),
]
