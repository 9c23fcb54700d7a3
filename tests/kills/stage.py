"""A server and a device in folders of their own, made once and copied for every blow."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PHOTO = ROOT / "core/photo/src/fixtures/grey.jpg"
# One that travels in pieces.
LARGE = ROOT / "data/park/photos/market-bicycles-disorder.jpg"
# What changes a disk, and nothing but a disk. Plain `write` is not among it: a server wakes its own threads by one,
# which no disk ever fails, and whose error leaves it deaf. Those to its plain files fail by `faulty.c`.
DISK = "pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,link,linkat"
# What changes a disk or tells somebody something.
WRITES = "write,writev," + DISK
SENDS = WRITES + ",sendto,sendmsg"
# A sync gives up by itself before this, s: the client's own limit for one request is 120.
PATIENCE = 150


class Broken(Exception):
    """What must hold does not."""


def free_port():
    """Not one that the system gives to whoever connects: a try to connect where nobody listens yet could get that very
    port, reach itself, and keep the server from it."""
    given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(10_000, given), 100):
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
    raise Broken("no port is free")


class Stage:
    def __init__(self, cluster):
        self.binary = os.environ.get("SANBEN_BIN") or str(ROOT / "target/release/sanben")
        self.cluster = cluster
        memory = Path("/dev/shm")
        self.dir = Path(tempfile.mkdtemp(prefix="sanben-kills.", dir=memory if memory.is_dir() else None))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.number = 0
        self.templates = {}
        self.faulty = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def falter(self, at, how, nth, told):
        """The environment of a process whose files with one of these in their path are on a faulty disk (faulty.c)."""
        if self.faulty is None:
            library = self.dir / "faulty.so"
            source = str(Path(__file__).parent / "faulty.c")
            subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(library), source, "-ldl"], check=True)
            self.faulty = library
        return {**os.environ, "LD_PRELOAD": str(self.faulty), "FAULTY_AT": at, "FAULTY_NTH": str(nth),
                "FAULTY_HOW": how, "FAULTY_TOLD": str(told)}

    def template(self, postgres):
        """An enrolled, synced device and its server."""
        if postgres not in self.templates:
            folder = self.dir / ("postgres" if postgres else "sqlite")
            folder.mkdir()
            place = Place(self, folder, self.cluster.database("template") if postgres else None)
            place.desk("import", str(ROOT / "data/park"))
            place.start()
            code = place.desk("invite", "U008")["code"]
            place.field("enroll", self.url, code)
            place.field("sync")
            # Somebody who sees the photos without what the camera wrote into them.
            reader = place.desk("invite", "U170")["code"]
            place.said(place.try_field("enroll", self.url, reader, store="reader"))
            place.stop()
            place.base = place.entries()
            self.templates[postgres] = place
        return self.templates[postgres]

    def place(self, postgres=False):
        """A copy of it for one blow."""
        template = self.template(postgres)
        self.number += 1
        folder = self.dir / f"blow-{self.number}"
        shutil.copytree(template.dir, folder)
        database = self.cluster.copy("template", f"blow{self.number}") if postgres else None
        place = Place(self, folder, database)
        place.base = template.base
        return place


class Place:
    """One server, one device."""

    def __init__(self, stage, folder, database):
        self.stage, self.dir, self.database = stage, folder, database
        self.server, self.store = folder / "server", folder / "device"
        self.told = folder / "struck"
        self.process = None
        self.recorded = set()
        self.accepted = set()
        self.base = 0

    def home(self):
        return ["--dir", str(self.server)] + (["--database-url", self.database] if self.database else [])

    def command(self, words):
        return [self.stage.binary, *words, "--json"]

    def desk(self, *words):
        return self.said(self.try_desk(*words))

    def try_desk(self, *words, env=None):
        return subprocess.run(self.command([*words, *self.home()]), capture_output=True, timeout=60, env=env)

    def field(self, *words):
        return self.said(self.try_field(*words))

    def try_field(self, *words, blow=(), store="device"):
        """Whatever becomes of it; `blow` is put in front."""
        command = self.command(["field", "--store", str(self.dir / store), *words])
        # Its children too: what strace leaves behind would hold the pipes open.
        device = subprocess.Popen([*blow, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, err = device.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(device.pid, signal.SIGKILL)
            device.communicate()
            raise Broken(f"{' '.join(words[:1])} did not end in {PATIENCE} s; the server: {self.standing()}") from None
        return subprocess.CompletedProcess(device.args, device.returncode, out, err)

    def standing(self):
        """How the server's threads are, for whoever has to find out why nothing moves."""
        if self.process is None:
            return "not running"
        found = []
        for status in Path("/proc").glob(f"{self.process.pid}/task/*/status"):
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            found.append(f"{fields['Name']} {fields['State']} traced by {fields['TracerPid']}")
        tail = (self.dir / "serve.log").read_text()[-600:]
        return f"{', '.join(found) or 'gone'}; its last words: {tail}"

    @staticmethod
    def said(done):
        if done.returncode != 0:
            raise Broken(f"{' '.join(map(str, done.args))}: {(done.stdout + done.stderr).decode()[-600:]}")
        return json.loads(done.stdout)

    def start(self, blow=(), env=None, more=()):
        """The server, until it listens; whether it does."""
        command = [*blow, self.stage.binary, "serve", *self.home(), "--listen", f"127.0.0.1:{self.stage.port}", *more]
        log = open(self.dir / "serve.log", "ab")
        self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=env)
        for _ in range(3000):
            if self.process.poll() is not None:
                return False
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.stage.port)) == 0:
                    return True
            time.sleep(0.01)
        raise Broken("the server neither listens nor ends")

    def kill(self):
        """With everything that belongs to it, as a power switch does."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            # The server behind strace dies a moment later than strace, and has the port until then.
            until = time.monotonic() + 30
            while living(self.process.pid) and time.monotonic() < until:
                time.sleep(0.005)
            self.process = None

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=60)
            self.process = None

    def entries(self):
        return self.desk("audit")["entries"]

    def record(self, words, blow=(), photo=PHOTO):
        """Records something; what is said to be recorded has to stay."""
        done = self.try_field("record", "--point", "P011", "--photo", str(photo), words, blow=blow)
        if done.returncode == 0:
            self.recorded.add(json.loads(done.stdout)["case"])
        return done.returncode == 0

    def outbox(self):
        return self.field("outbox")

    def note_accepted(self):
        """What the device shows as accepted has to stay so."""
        for change in self.outbox()["changes"]:
            if change["state"]["kind"] == "accepted":
                self.accepted.add((change["id"], change["state"]["receipt"]))

    def settle(self):
        """Nothing is in the way any more: everything arrives, once, and the log holds."""
        if self.process is None and not self.start():
            raise Broken("the server does not start again: " + (self.dir / "serve.log").read_text()[-600:])
        self.field("sync")
        box = self.outbox()
        cases = [change["document"] for change in box["changes"]]
        if box["pending"] or box["needs_attention"] or box["photos"] != box["photos_delivered"]:
            raise Broken(f"something did not arrive: {json.dumps(box)[:600]}")
        if not self.recorded <= set(cases):
            raise Broken(f"recorded and gone: {self.recorded - set(cases)}")
        kept = {(change["id"], change["state"].get("receipt")) for change in box["changes"]}
        if not self.accepted <= kept:
            raise Broken(f"accepted and gone: {self.accepted - kept}")
        listed = [row["id"] for row in self.field("cases")["rows"]]
        if len(set(listed)) != len(listed) or not self.recorded <= set(listed):
            raise Broken(f"the list has {listed}, recorded was {self.recorded}")
        self.stop()
        entries = self.entries()
        if entries != self.base + len(cases):
            raise Broken(f"{entries - self.base} entries for {len(cases)} changes")

    def told_why(self, errno):
        """The server says what was the matter; a file that cannot be removed only takes room."""
        if self.told.read_text() == "unlink":
            return
        words = {"ENOSPC": ["No space left on device", "磁盘已满"], "EIO": ["Input/output error"]}[errno]
        log = (self.dir / "serve.log").read_text()
        if not any(word in log for word in words):
            raise Broken(f"the server does not say {words[0]!r}: {self.standing()}")

    def photos_are_whole(self):
        """What has a photo's name is that photo, what has a picture's name is a picture."""
        photos = self.server / "photos"
        for file in (file for file in photos.rglob("*") if file.is_file() and "arriving" not in file.parts):
            if file == photos / "lock":
                continue
            content, name = file.read_bytes(), file.name
            if file.parent == photos and hashlib.sha256(content).hexdigest() != name:
                raise Broken(f"half a photo under its name: {len(content)} bytes")
            if "." not in name and content and not (content.startswith(b"\xff\xd8") and b"\xff\xd9" in content[-64:]):
                raise Broken(f"half a picture under its name in {file.parent.name}: {len(content)} bytes")

    def left_aside(self):
        """What was begun and is not there under its name, unless it could not be removed."""
        if self.told.exists() and self.told.read_text() == "unlink":
            return []
        begun = (file for file in self.server.rglob("*") if file.is_file())
        return [file.name for file in begun if re.search(r"\.[0-9a-f]{16}$|\.new\.[0-9]+$", file.name)]

    def look(self):
        """Somebody else fetches the photos of every case, small and large; what they got."""
        self.try_field("sync", store="reader")
        kept = []
        for row in self.said(self.try_field("cases", store="reader"))["rows"]:
            shown = self.said(self.try_field("show", row["id"], store="reader"))
            for photo in shown["photos"]:
                file = self.dir / f"fetched-{len(kept)}"
                done = self.try_field("photo", photo["hash"], "--out", str(file), store="reader")
                kept.append(done.returncode == 0 and file.read_bytes().startswith(b"\xff\xd8"))
        return kept

    def done(self):
        self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)
        if self.database:
            self.stage.cluster.drop(self.database)


def living(group):
    """Whether a process of this group still does anything."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, member = stat.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(member) == group and state not in "ZX":
            return True
    return False


def strike(calls, how, nth, told):
    """The n-th of these system calls of any thread: the process dies before it, or it fails, which the file `told` says."""
    act = "signal=KILL" if how == "kill" else f"error={how}"
    return ["strace", "-f", "-qq", "-o", str(told), "-e", f"trace={calls}", "-e", f"inject={calls}:{act}:when={nth}"]


def fell(told):
    """Whether an error was put into a call, tolerated or not."""
    return told.exists() and "(INJECTED)" in told.read_text(errors="replace")


def watch(process, calls, how, nth, told):
    """The same for a process that runs already, once all of its threads are watched, or the blow has fallen on one that
    was, such as one that kept a line to its database awake."""
    with tempfile.TemporaryFile("w+") as words:
        command = [*strike(calls, how, nth, told), "-p", str(process.pid)]
        tracer = subprocess.Popen(command, stderr=words)
        until = time.monotonic() + 30
        while time.monotonic() < until and tracer.poll() is None:
            if watches(tracer.pid, process.pid):
                return tracer
            time.sleep(0.005)
        if process.poll() is not None:
            return tracer
        tracer.kill()
        tracer.wait()
        words.seek(0)
        raise Broken(f"strace cannot watch the server, is tracing another process allowed here? It says: {words.read()}")


def watches(tracer, process):
    """Whether every thread of a process is watched. One may end while its file is read."""
    try:
        statuses = [path.read_text() for path in Path("/proc").glob(f"{process}/task/*/status")]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return bool(statuses) and all(
        re.search(rf"^TracerPid:\t{tracer}$", text, re.MULTILINE) for text in statuses
    )
