"""Arrays in caches, as .npz files of NumPy: a zip, whose checksums show where a byte has changed."""

import sys
from pathlib import Path

import numpy as np

from hdrkit.core.files import written_whole


def write(path: Path, **arrays: object) -> None:
    """Write arrays, or what NumPy makes arrays of. Raises HdrkitError as `written_whole` does."""
    with written_whole(path) as temporary:
        np.savez(temporary, allow_pickle=False, **arrays)  # type: ignore[arg-type]


def read(path: Path) -> dict[str, np.ndarray] | None:
    """Return the arrays of `write` by name; None where there is no file, or, with a line, a damaged one."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return None
    except Exception as error:  # a changed byte may be anywhere, also where it says how large an array is
        print(f"{path} is damaged ({type(error).__name__}): made again", file=sys.stderr)
        return None
