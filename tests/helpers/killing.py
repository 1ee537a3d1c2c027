"""Work that is killed with SIGKILL at random moments, and begun again until it is done, in processes of its own.

A nursery does once what all tries need, as imports, and forks a process for each try: a kill falls into the work, not
into the imports, and costs little. Every second moment is a time, drawn from as long as the work takes undisturbed;
then the process dies alone, and those that it started are on their own. The others are changes of files, before one of
which all processes die. What workers, kernels and code in C write is hit by times only. Moments are drawn alike in
every run of the tests; at night there are more, others each time. The seed is printed, for HDRKIT_KILLS_SEED to take.
"""

import io
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
import traceback
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from hdrkit.core import python_process
from helpers.fuzzing import TIMES

KILLS = 5 * TIMES  # of each kind of work
SEED = int(os.environ.get("HDRKIT_KILLS_SEED", "1" if TIMES == 1 else time.time_ns() % 2**32))
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod")  # audit events; and `open`
SERVE = "{first}\nfrom helpers import killing\nkilling.serve()"


@dataclass
class Try:
    """A process that ended: with which status, after how many seconds and changes of files; `said`, all it printed."""

    status: int
    seconds: float
    changes: int
    said: str


class Nursery:
    """The process that forks others; `first`: code that it runs before, as what imports modules."""

    def __init__(self, first):
        self.process = subprocess.Popen(
            python_process.command("-c", SERVE.format(first=first)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # what is read ahead, `select` would not see
            env=python_process.environment() | {"NO_PROXY": "127.0.0.1"},
        )

    def run(self, work, folder, seconds=600.0, change=0):
        """Run code, which finds the folder under the name `folder`; kill it after so long, or before that change."""
        log = folder.with_suffix(".log")
        order = {"work": work, "folder": str(folder), "change": change, "log": str(log)}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        leader, began = int(self.process.stdout.readline()), time.monotonic()
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            os.kill(leader, signal.SIGKILL)
        *changes, status = self._lines()
        took = time.monotonic() - began
        return Try(status, took, sum(changes), log.read_text(encoding="utf-8"))

    def _lines(self):
        while True:
            kind, number = self.process.stdout.readline().split()
            yield int(number)
            if kind == b"status":
                return


@contextmanager
def nursery(first):
    started = Nursery(first)
    try:
        yield started
    finally:
        started.process.stdin.close()
        started.process.wait()


def serve():
    """Fork a process for each line of standard input, which says what it does, and say how it ended."""
    for line in sys.stdin:
        order, child = json.loads(line), os.fork()
        if child == 0:
            os.setsid()
            print(os.getpid(), flush=True)
            _work(**order)
        print("status", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _work(work, folder, change, log):
    answer, status = os.dup(1), 1
    for stream, path in enumerate((os.devnull, log, log)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), stream)
    counted = _count_changes(folder, change)
    try:
        exec(work, {"__name__": "work", "folder": folder})
        status = 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    os.write(answer, b"changes %d\n" % len(counted))
    os._exit(status)


def _count_changes(folder, fatal):
    """Count what changes files in a folder from now on; before change number `fatal`, the whole group dies."""
    counted = []

    def hook(event, arguments):
        changes = event in CHANGES or (event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        if changes and isinstance(arguments[0], str | os.PathLike) and os.path.abspath(arguments[0]).startswith(folder):
            counted.append(event)
            if len(counted) == fatal:
                os.killpg(0, signal.SIGKILL)

    sys.addaudithook(hook)
    return counted


def assert_kills_change_nothing(started, work, tmp_path, kept):
    """Kill work again and again, and hold `kept(folder)` each time it is done against that of undisturbed work.

    Each try goes on in the folder that the killed one before it left; once the work is done, in a new one.
    """
    rng, moments, folder = random.Random(SEED), [], tmp_path / "killed"
    whole = started.run(work, tmp_path / "whole")
    assert whole.status == 0, whole.said
    expected = kept(tmp_path / "whole")
    print(f"HDRKIT_KILLS_SEED={SEED}; undisturbed: {whole.seconds:.1f} s, {whole.changes} changes")
    killed = 0
    while killed < KILLS or folder.exists():
        moment = {}
        if killed < KILLS:
            by_time = {"seconds": rng.uniform(0, whole.seconds)}
            moment = by_time if len(moments) % 2 else {"change": rng.randint(1, whole.changes)}
        tried = started.run(work, folder, **moment)
        moments.append(moment)
        print(moment, tried.status)
        if tried.status == -signal.SIGKILL:
            killed += 1
            continue
        assert tried.status == 0, tried.said
        assert kept(folder) == expected
        shutil.rmtree(folder)
        folder.with_suffix(".log").unlink()


def files_in(folder, content=None):
    """Return what a folder's files hold, by name, but for locks; `content` reads a file, `timeless` by default."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): (content or timeless)(path) for path in paths}


def timeless(path):
    """Return what a file holds, without what tells when it was made, and how long that took."""
    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if name != "metadata.json"}
    if path.suffix == ".csv" and "seconds" in (table := pd.read_csv(io.BytesIO(path.read_bytes()), comment="#")):
        return table.drop(columns="seconds").to_csv()
    if path.suffix == ".json" and "seconds" in (about := json.loads(path.read_bytes())):
        return {name: value for name, value in about.items() if name != "seconds"}
    return path.read_bytes()
