"""The office's side of the scenario: a real server with made-up reference data, by the `sanben` binary."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"


class Desk:
    def __init__(self, folder):
        self.folder = folder
        self.office = folder / "office"
        shutil.copytree(DATA / "park", self.office)
        # Rules and duties hold from a day that lies in the past on any machine.
        for name in ("rules.toml", "assignments.csv"):
            self.rewrite(name, "2026-01-01", "2020-01-01")
        self.listen, self.serving = "127.0.0.1:0", None
        self.publish()

    def rewrite(self, name, old, new):
        text = (self.office / name).read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {name}"
        (self.office / name).write_text(text.replace(old, new), encoding="utf-8")

    def publish(self):
        return self._sanben("import", str(self.office))

    def invite(self, person):
        return self._sanben("invite", person)["code"]

    def refuse_reviewed(self, reason):
        (work,) = self._sanben("review")["work"]
        self._sanben("review", work["change"], "--refuse", "--reason", reason)

    def start(self):
        command = self._command("serve", "--listen", self.listen)
        # Its log would be noise unless something fails.
        log = open(self.folder / "server.log", "ab")
        self.serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        announced = ""
        while not announced.endswith("}\n"):
            line = self.serving.stdout.readline()
            assert line, f"the server said only {announced!r}, see {self.folder / 'server.log'}"
            announced += line
        self.url = json.loads(announced)["url"]
        # After a stop it comes back where its devices look for it.
        self.listen = self.url.removeprefix("http://")

    def stop(self):
        if self.serving:
            self.serving.send_signal(signal.SIGTERM)
            self.serving.wait(timeout=30)
            self.serving.stdout.close()
            self.serving = None

    def _command(self, verb, *arguments):
        return [os.environ["SANBEN_BIN"], verb, "--json", "--dir", str(self.folder / "server"), *arguments]

    def _sanben(self, verb, *arguments):
        done = subprocess.run(self._command(verb, *arguments), capture_output=True, text=True)
        assert done.returncode == 0, f"sanben {verb}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)
