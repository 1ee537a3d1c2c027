"""Two downloads never write into one folder."""

from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from hdrkit.core.errors import HdrkitError


def only_one_in(folder: Path) -> AbstractContextManager:
    """Return the folder's lock, held. The system releases it when the process ends, however it ends.

    Raises HdrkitError where another download holds it, or where the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return FileLock(folder / ".lock").acquire(blocking=False)
    except Timeout:
        raise HdrkitError(f"{folder}: another download uses this folder; wait for it or name another --out") from None
    except OSError as error:
        raise HdrkitError(f"{folder}: cannot be written ({error.strerror}); name another --out") from error
