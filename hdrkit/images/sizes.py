"""How large a picture may be, by what its header says: asked before it is unpacked, as a small file may claim much."""

from pathlib import Path

from hdrkit.core.errors import HdrkitError
from hdrkit.core.machine import memory_bytes

LARGEST = 2**30  # pixels, as for OpenCV; a panorama of more is made smaller before it is enhanced
SHARE = 4  # of the machine's memory, one part of so many may hold the decoded picture: work on it takes the others
# No photograph is compressed to a thousandth; a small one, of one colour, may be.
SMALL, FOLD = 2**28, 1000


def check(path: str | Path, size: tuple[int, int], pixel_bytes: int) -> None:
    """Raise HdrkitError where a picture of a size (width, height) is larger than memory, or than any file like this."""
    width, height = size
    pixels = width * height
    unpacked, limit = pixels * pixel_bytes, (memory_bytes() or float("inf")) / SHARE
    bloated = pixels > SMALL and unpacked > FOLD * Path(path).stat().st_size
    if pixels > LARGEST or unpacked > limit or bloated:
        raise too_large(path, f" ({width} x {height} pixels)")


def too_large(path: str | Path, how: str = "") -> HdrkitError:
    return HdrkitError(f"{path}: too large for the memory of this machine{how}, or damaged; make it smaller")
