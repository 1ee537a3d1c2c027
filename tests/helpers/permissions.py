"""Folders that may only be read, and processes that this binds, as it does not bind root, which CI is."""

import ctypes
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

DROP_FROM_BOUNDS = 24  # PR_CAPBSET_DROP of Linux's prctl
TO_WRITE_AND_TO_READ = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: what exempts root


@contextmanager
def read_only(folder):
    """Let nobody write in a folder or below it; skip the test where that binds no process, as on Windows."""
    inside = [folder, *folder.rglob("*")]
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        if run("-c", "import pathlib, sys; pathlib.Path(sys.argv[1], 'x').touch()", folder).returncode == 0:
            pytest.skip("permissions do not bind here")
        yield folder
    finally:
        for path in inside:
            path.chmod(0o755 if path.is_dir() else 0o644)


def run(*words):
    """Run this Python as a process that permissions bind."""
    command = [sys.executable, *map(str, words)]
    options = {"preexec_fn": _give_up} if sys.platform == "linux" and os.geteuid() == 0 else {}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **options)


def _give_up():
    """Let what this process becomes be as bound as any other user's; it still may read where only root may."""
    for capability in TO_WRITE_AND_TO_READ:
        ctypes.CDLL(None).prctl(DROP_FROM_BOUNDS, capability, 0, 0, 0)
