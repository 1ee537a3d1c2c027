"""Is there room on the disk?"""

import shutil
from pathlib import Path

from hdrkit.core.errors import HdrkitError


def check_room(folder: Path, missing: int, what: str) -> None:
    """Raise HdrkitError where the disk of a folder has fewer bytes free than are `missing` of something."""
    free = shutil.disk_usage(folder).free
    if missing > free:
        sizes = f"{what}: {missing / 1e9:.3g} GB more are needed, {free / 1e9:.3g} GB are free"
        raise HdrkitError(f"{folder}: no room for {sizes}; free some space or name another folder with --out")
