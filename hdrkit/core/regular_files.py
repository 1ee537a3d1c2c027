"""Files that may be opened: to read a pipe or a device could last for ever."""

import errno
import os
import stat
from pathlib import Path


def check(path: str | Path) -> None:
    """Raise OSError where a path leads to a pipe or a device, or to nothing."""
    mode = os.stat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # of a folder, the system says so itself
        raise OSError(errno.EINVAL, "a pipe or a device, not a file", str(path))
