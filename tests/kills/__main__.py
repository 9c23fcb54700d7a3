"""Kills real processes at every write, fills and breaks their disks, and looks at what is left.

    python3 tests/kills            the whole sweep: minutes
    python3 tests/kills --sample   a sample of it, in seconds
    python3 tests/kills --every 5  at every fifth write
    python3 tests/kills WORDS...   only the sweeps whose name holds all of these words

SANBEN_BIN names the binary. Needs strace, and a PostgreSQL for the sweeps whose name says so.

After each blow: the stores open again, a sync goes through, and nothing that was acknowledged is lost (recorded:
the command line said so; accepted: the device's outbox said so), nothing is there twice, and `audit` passes.
"""

import sys
import time

from database import Cluster
from stage import Stage, Broken
from sweeps import SWEEPS


def main(words):
    sample, every = "--sample" in words, 1
    if "--every" in words:
        every = int(words.pop(words.index("--every") + 1))
    words = [word for word in words if not word.startswith("--")]
    chosen = [sweep for sweep in SWEEPS if all(word in sweep.name for word in words)]
    if sample:
        chosen = [sweep for sweep in chosen if sweep.sampled]
    failed = 0
    cluster = Cluster() if any(sweep.postgres for sweep in chosen) else None
    try:
        with Stage(cluster) as stage:
            for sweep in chosen:
                start = time.time()
                try:
                    blows = sweep.run(stage, sample, every)
                    print(f"{sweep.name:48} {blows:4} blows survived, {time.time() - start:5.0f} s", flush=True)
                except Broken as broken:
                    failed += 1
                    print(f"{sweep.name:48} BROKEN: {broken}", flush=True)
    finally:
        if cluster:
            cluster.stop()
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
