"""What a killed writer left is removed by the next one in the folder; what others are writing on stays."""

import os
import signal
import subprocess
import sys

import pytest

from hdrkit.core import leftovers
from hdrkit.core.files import written_whole

fcntl = pytest.importorskip("fcntl", reason="Windows has no locks of folders")

WRITE = """
import sys
from hdrkit.core.files import written_whole
with written_whole(sys.argv[1]) as temporary:
    temporary.write_text("half", encoding="utf-8")
    print("half", flush=True)
    sys.stdin.readline()
"""


def begin_to_write(path):
    """Start a process that has written half of a file."""
    process = subprocess.Popen([sys.executable, "-c", WRITE, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"half\n"
    return process


def write(path):
    with written_whole(path) as temporary:
        temporary.write_text("whole", encoding="utf-8")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_is_removed(tmp_path):
    killed = begin_to_write(tmp_path / "a.txt")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert len(names(tmp_path)) == 1
    write(tmp_path / "b.txt")
    assert names(tmp_path) == ["b.txt"]


def test_what_another_process_writes_on_stays(tmp_path):
    other = begin_to_write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    other.communicate(b"\n")
    assert other.returncode == 0 and names(tmp_path) == ["a.txt", "b.txt"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "half"


def test_what_this_process_writes_on_stays(tmp_path):
    with written_whole(tmp_path / "a.txt") as temporary:
        write(tmp_path / "b.txt")
        temporary.write_text("whole", encoding="utf-8")
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_what_another_machine_left_stays_for_a_day(tmp_path):
    """It may be at work there: some disks do not tell one machine of another's locks."""
    left = tmp_path / f"{leftovers.HIDDEN}another.txt"
    left.touch()
    write(tmp_path / "a.txt")
    assert left.exists()
    os.utime(left, (left.stat().st_atime, left.stat().st_mtime - leftovers.DAY - 1))
    other = begin_to_write(tmp_path / "b.txt")
    other.communicate(b"\n")
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_a_disk_without_locks_keeps_what_is_left(tmp_path, monkeypatch):
    def none(*_):
        raise OSError("no locks here")

    monkeypatch.setattr(fcntl, "flock", none)
    left = tmp_path / f"{leftovers.OWN}left.txt"
    left.touch()
    write(tmp_path / "a.txt")
    assert names(tmp_path) == [left.name, "a.txt"]
