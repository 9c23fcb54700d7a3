"""A PostgreSQL of our own, on a socket in a folder of its own."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from stage import Broken


class Cluster:
    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        initdb = shutil.which("initdb")
        self.bin = found[-1] if found else str(Path(initdb or "/missing/initdb").parent)
        # PostgreSQL refuses to run as root.
        self.as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
        # After a fall all of its files are synced before it starts: in memory that takes no time.
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.dir = tempfile.mkdtemp(prefix="sanben-pg.", dir=memory)
        if self.as_other:
            shutil.chown(self.dir, "postgres", "postgres")
        self.data = f"{self.dir}/data"
        self.run("initdb", "--pgdata", self.data, "--username", "sanben", "--auth", "trust", "--encoding", "UTF8",
                 "--locale", "C", "--no-sync")
        settings = f"listen_addresses = ''\nunix_socket_directories = '{self.dir}'\nshared_buffers = 16MB\n"
        subprocess.run([*self.as_other, "tee", "-a", f"{self.data}/postgresql.conf"], input=settings.encode(),
                       stdout=subprocess.DEVNULL, check=True)
        self.start()

    def run(self, program, *words):
        done = subprocess.run([*self.as_other, f"{self.bin}/{program}", *words], cwd=self.dir, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise Broken(f"{program}: {done.stderr.decode()[-400:]}")

    def start(self):
        """Until it answers: what is left of a killed one may stand in the way for a moment."""
        for _ in range(60):
            try:
                self.run("pg_ctl", "--pgdata", self.data, "--wait", "--log", f"{self.dir}/log", "start")
                return self.sql("SELECT 1")
            except Broken as broken:
                last = broken
                time.sleep(0.5)
        raise last

    def stop(self):
        try:
            self.run("pg_ctl", "--pgdata", self.data, "--wait", "--mode", "immediate", "stop")
        finally:
            shutil.rmtree(self.dir, ignore_errors=True)

    def kill(self):
        """With every process of it, as a power switch does: what the first one leaves behind holds the memory that the
        next one wants, and is waited for."""
        first = int(Path(f"{self.data}/postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in [first, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def url(self, name):
        return f"postgresql://sanben@/{name}?host={self.dir}"

    def sql(self, text):
        self.run("psql", "--host", self.dir, "--username", "sanben", "--dbname", "postgres", "--command", text)

    def database(self, name):
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def copy(self, of, name):
        self.sql(f"CREATE DATABASE {name} TEMPLATE {of}")
        return self.url(name)

    def drop(self, url):
        name = url.split("@/")[1].split("?")[0]
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
