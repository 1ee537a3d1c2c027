"""Where the kit's data lies, and writing files so that none is ever half there."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hdrkit.errors import HdrkitError

PACKAGE = Path(__file__).resolve().parent
DATA = PACKAGE.parent / "data"


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` when the block succeeds.

    A killed or failing run leaves the old file, or none. The temporary name keeps the suffix,
    because image and model writers choose their format by it.
    Raises HdrkitError where the disk is full or the folder cannot be written.
    """
    path, temporary = Path(path), None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o644)  # mkstemp's 0600 would lock out the other users of a shared folder
        os.replace(temporary, path)
    except OSError as error:
        why = error.strerror or " ".join(str(error).split())
        mend = "free some space or name another folder, then run the same command again"
        raise HdrkitError(f"{path}: cannot be written ({why}); {mend}") from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def write_json(path: str | Path, value: object) -> None:
    """Write a value as JSON that people can read, too. Raises HdrkitError as `written_whole` does."""
    with written_whole(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
