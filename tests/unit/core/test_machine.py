import os
import platform
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from hdrkit.core import machine

MAC = "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz\nFPU SSE4.2 AVX1.0 RDRAND\nBMI1 AVX2 BMI2\n"


def test_memory_is_what_another_library_measures(monkeypatch):
    monkeypatch.setattr(machine, "CONTAINER_LIMITS", ())
    assert machine.memory_bytes() == pytest.approx(psutil.virtual_memory().total, rel=0.01)


@pytest.mark.parametrize(("limit", "expected"), [("1073741824\n", 2**30), ("max\n", None), (None, None)])
def test_a_container_has_what_it_may_use(monkeypatch, tmp_path, limit, expected):
    path = tmp_path / "memory.max"
    if limit:
        path.write_text(limit, encoding="ascii")
    monkeypatch.setattr(machine, "CONTAINER_LIMITS", (path,))
    monkeypatch.setattr(machine, "_installed_memory", lambda: 16 * 2**30)
    assert machine.memory_bytes() == (expected or 16 * 2**30)


def test_memory_is_unknown_where_the_system_does_not_tell(monkeypatch):
    def fail():
        raise OSError("no such thing")

    monkeypatch.setattr(machine, "_installed_memory", fail)
    assert machine.memory_bytes() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_flags_are_those_of_linux():
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    assert [flag for flag in machine.CPU_FLAGS if f" {flag} " in text] == machine.cpu_flags()
    assert machine.tells_flags() == ("flags" in text)


@pytest.mark.parametrize(
    ("printed", "model", "flags"),
    [
        (MAC, "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz", {"avx", "avx2"}),
        ("Apple M2\n", "Apple M2", set()),
        ("", platform.machine(), set()),
    ],
)
def test_flags_are_those_of_a_mac(monkeypatch, printed, model, flags):
    """Apple's own processors have a name, and no features that `sysctl` knows."""
    done = subprocess.CompletedProcess([], 1, stdout=printed)
    monkeypatch.setattr(machine.subprocess, "run", lambda *_, **__: done)
    name, found = machine._processor_of_a_mac()
    assert name == model and found & set(machine.CPU_FLAGS) == flags


def test_the_disk_of_a_folder_is_that_of_the_nearest_one_that_exists(tmp_path):
    assert machine.nearest(tmp_path / "a" / "b") == tmp_path.resolve()
    assert machine.free_bytes(tmp_path / "a") == pytest.approx(psutil.disk_usage(str(tmp_path)).free, rel=0.1)


def test_a_drive_that_does_not_exist_has_no_room(monkeypatch):
    """On Windows, the folders around Z:/build end with Z:/, which may not exist."""
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert machine.nearest(Path("build")) is None and machine.free_bytes(Path("build")) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forgets it")
def test_the_largest_child_is_remembered():
    subprocess.run([sys.executable, "-c", f"b'x' * {300 * 2**20}"], check=True, env=dict(os.environ))
    assert machine.peak_memory_mb() >= 300
