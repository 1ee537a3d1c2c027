"""One run in a folder at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, SoftFileLock, Timeout

from hdrkit.core.errors import HdrkitError

LOCK = ".lock"
MARK = ".lock-by-name"  # where the disk knows no locks: the file itself is the lock


@contextmanager
def only_run_in(folder: Path) -> Iterator[None]:
    """Hold a folder's lock; make the folder, where there is none. The system releases it however the process ends.

    On a disk without locks, as some of networks are, a file with the number of this process stands for it.
    Raises HdrkitError where another run holds it, or where the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock = FileLock(folder / LOCK).acquire(blocking=False)
        except (OSError, NotImplementedError) as error:
            if isinstance(error, Timeout | PermissionError):
                raise
            lock = SoftFileLock(folder / MARK).acquire(blocking=False)
    except Timeout as error:
        mend = "wait for it or choose another --out"
        if Path(error.lock_file).name == MARK:
            mend += f"; if none is running, remove {error.lock_file}"
        raise HdrkitError(f"{folder}: another run is using this folder; {mend}") from None
    except OSError as error:
        raise HdrkitError(f"{folder}: cannot be written ({error.strerror}); choose another --out") from error
    with lock:
        yield
