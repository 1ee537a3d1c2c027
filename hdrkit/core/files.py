"""Where the kit's data lies, and writing files so that none is ever half there."""

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from hdrkit.core import leftovers, regular_files
from hdrkit.core.errors import HdrkitError

PACKAGE = Path(__file__).resolve().parents[1]
DATA = PACKAGE.parent / "data"  # what goes in
RESULTS = PACKAGE.parent / "results"  # what kept runs left
EMBEDDED = PACKAGE.parent / "build" / "embedded"  # a survey folder of this name is captured where it is missing
# What a write fails with where the disk is full or may not be written; such an error names no file.
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC))
LONGEST_NAME = 255  # bytes of a file's name, on nearly every disk


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` when the block succeeds.

    A killed or failing run leaves the old file, or none; what a killed one left under a temporary name, the next one
    removes (see `leftovers`). The temporary name keeps the suffix, because image and model writers choose their format
    by it, and is short, because `path` may be as long as the disk allows.
    Raises HdrkitError where the disk is full, the folder cannot be written, or `path` is a pipe or a device. What else
    the block raises, for instance of a file that it reads, passes through.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.path.exists(path):  # a file in the place of /dev/null would harm whoever needs that
            regular_files.check(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    with leftovers.writing_in(path.parent):
        temporary = _temporary(path)
        try:
            yield temporary
            temporary.chmod(0o644)  # mkstemp's 0600 would lock out the other users of a shared folder
            os.replace(temporary, path)
        except OSError as error:
            ours = error.filename == str(temporary) if error.filename else error.errno in NO_ROOM
            if not ours:
                raise
            raise _unwritable(path, error) from error
        finally:
            temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=leftovers.OWN, suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _unwritable(path, error) from error
    return Path(name)


def _unwritable(path: Path, error: OSError) -> HdrkitError:
    mend = "free some space or name another folder, then run the same command again"
    return HdrkitError(f"{path}: cannot be written ({error.strerror or error}); {mend}")


def stays_below(name: str) -> bool:
    """Tell whether a name that stands in a file leads to no place but below the folder that it counts from.

    >>> [stays_below(name) for name in ("a/b.png", "../b.png", "/b.png", "a/..\\\\b.png", "C:b.png", "")]
    [True, False, False, False, False, False]
    """
    path = PureWindowsPath(name)  # which knows the separators of all systems
    return bool(path.parts) and not path.anchor and ".." not in path.parts


def write_json(path: str | Path, value: object) -> None:
    """Write a value as JSON that people can read, too. Raises HdrkitError as `written_whole` does."""
    with written_whole(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8", newline="\n")


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
