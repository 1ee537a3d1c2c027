"""How another process of this Python is started, which sees the packages that this one sees."""

import os
import sys


def command(*words: str) -> list[str]:
    """Return the command that runs Python with `words`.

    -P: no module in the folder that one works in hides another. -X utf8: what is said back is UTF-8.
    """
    return [sys.executable, "-P", "-X", "utf8", *words]


def environment() -> dict[str, str]:
    """Return the environment of such a process."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
