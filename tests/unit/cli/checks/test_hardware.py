import errno
import os
from pathlib import Path

import pytest

from hdrkit.cli.checks import hardware
from hdrkit.cli.checks.check import BAD, OK, WARNING


@pytest.mark.parametrize(
    ("architecture", "flags", "told", "state", "words"),
    [
        ("x86_64", ["avx", "avx2"], True, OK, "AVX2, trains in float32"),
        ("AMD64", ["avx", "avx2", "avx512f", "avx512_bf16"], True, OK, "trains in bfloat16"),
        ("x86_64", ["avx"], True, WARNING, "without AVX2"),
        ("x86_64", [], True, BAD, "without AVX, which TensorFlow needs"),
        ("AMD64", [], False, OK, "trains in float32"),
        ("arm64", [], True, OK, "trains in float32"),
        ("aarch64", [], False, OK, "trains in float32"),
    ],
)
def test_a_processor_without_avx_is_found_where_that_matters(monkeypatch, architecture, flags, told, state, words):
    monkeypatch.setattr(hardware.platform, "machine", lambda: architecture)
    monkeypatch.setattr(hardware.machine, "cpu_flags", lambda: flags)
    monkeypatch.setattr(hardware.machine, "tells_flags", lambda: told)
    check = hardware.processor()
    assert check.state == state and words in check.found


@pytest.mark.parametrize(
    ("gigabytes", "state", "found"),
    [(2, WARNING, "2.0 GB"), (5.6, OK, "6 GB"), (16, OK, "16 GB"), (0, OK, "the system does not tell")],
)
def test_little_memory_is_a_warning(monkeypatch, gigabytes, state, found):
    monkeypatch.setattr(hardware.machine, "memory_bytes", lambda: int(gigabytes * 2**30))
    check = hardware.memory()
    assert (check.state, check.found) == (state, found)
    assert ("-p batch=8" in check.advice) == (state == WARNING)


def test_a_disk_without_room_is_named_with_what_a_run_needs(monkeypatch, tmp_path):
    monkeypatch.setattr(hardware.machine, "free_bytes", lambda folder: int(0.5 * 2**30))
    check = hardware.disk(tmp_path / "build")
    assert check.state == BAD and check.found.startswith("0.5 GB free") and "3 GB" in check.advice


def test_a_disk_with_room_is_left_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(hardware.machine, "free_bytes", lambda folder: 5 * 2**30)
    assert hardware.disk(tmp_path / "build").state == OK
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "build").touch()
    assert hardware.unwritable(tmp_path / "build")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path):
    tmp_path.chmod(0o500)
    assert hardware.unwritable(tmp_path / "build") == os.strerror(errno.EACCES)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder here that nobody may write")
def test_a_folder_that_nobody_may_write(monkeypatch):
    check = hardware.disk(Path("/proc/self"))
    assert check.state == BAD


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_and_a_read_only_disk_are_named(monkeypatch, tmp_path, code):
    def fail(**_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(hardware.tempfile, "TemporaryFile", fail)
    check = hardware.disk(tmp_path)
    assert check.state == BAD and os.strerror(code) in check.found
