"""What killed runs left half-written: removed by the next process that writes in the same folder."""

import os
import platform
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

HIDDEN = ".hdrkit-"  # begins the name of each file that is being written; then comes whose it is
OWN = f"{HIDDEN}{zlib.crc32(platform.node().encode()):08x}-"
DAY = 24 * 3600  # s; nobody writes on one file that long

_looked_at: set[Path] = set()


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Hold a folder while a file is written there; when nobody else does, first remove what killed runs left.

    What other machines left stays for a day: some network disks do not tell one machine that another holds a folder.
    The hold is a shared lock on the folder itself, which makes no file and ends with the process. Where there is no
    such lock, on Windows and on some network disks, leftovers stay.
    """
    try:
        handle = os.open(folder, os.O_RDONLY) if fcntl else None
    except OSError:  # one may write there, but not look
        handle = None
    try:
        if handle is not None:
            if folder not in _looked_at and _locked(handle, fcntl.LOCK_EX | fcntl.LOCK_NB):
                _looked_at.add(folder)
                _tidy(folder)
            _locked(handle, fcntl.LOCK_SH)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _locked(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind)
    except OSError:
        return False
    return True


def _tidy(folder: Path) -> None:
    for path in folder.glob(f"{HIDDEN}*"):
        with suppress(OSError):
            if path.name.startswith(OWN) or time.time() - path.stat().st_mtime > DAY:
                path.unlink()
