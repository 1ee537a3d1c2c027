"""Two runs in one folder: the second refuses, also on a disk without locks; a killed one leaves no lock behind."""

import errno
import subprocess
import sys

import pytest

from hdrkit.core.errors import HdrkitError
from hdrkit.core.folder_lock import MARK, only_run_in

HOLD = """
import pathlib, sys, time
from hdrkit.core.folder_lock import only_run_in
with only_run_in(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(1000)
"""


def test_a_second_process_refuses_until_the_first_is_killed(tmp_path):
    first = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout.readline() == "held\n"
        refused = "another run is using this folder; wait for it or choose another --out$"
        with pytest.raises(HdrkitError, match=refused), only_run_in(tmp_path):
            pytest.fail("held twice")
    finally:
        first.kill()
        first.communicate()
    with only_run_in(tmp_path):
        pass


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_without_locks(tmp_path, monkeypatch, code):
    fcntl = pytest.importorskip("fcntl", reason="Windows locks in another way")

    def none(*_):
        raise OSError(code, "no locks here")

    monkeypatch.setattr(fcntl, "flock", none)
    for _ in range(2):  # it is released
        refused = pytest.raises(HdrkitError, match="another run is using this folder")
        with only_run_in(tmp_path), refused, only_run_in(tmp_path):
            pytest.fail("held twice")


def test_a_mark_that_a_crash_left_is_named(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl", reason="Windows locks in another way")

    def none(*_):
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr(fcntl, "flock", none)
    (tmp_path / MARK).write_text("of another machine", encoding="utf-8")
    with pytest.raises(HdrkitError, match=f"if none is running, remove .*{MARK}"), only_run_in(tmp_path):
        pytest.fail("held twice")
