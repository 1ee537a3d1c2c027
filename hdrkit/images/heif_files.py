"""HEIC files, each decoded by a process of its own: some damaged files end the process that decodes them."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

PARTS = ("exif", "xmp", "icc_profile")  # bytes, as pi-heif calls them

WITHOUT_PIXELS = "--without-pixels"


class Heif(NamedTuple):
    """pixels: (h, w) or (h, w, n), uint8 or uint16, of which the highest `depth` bits hold values, turned as meant.

    pictures: how many the file holds; this is the first. info: PARTS, empty where the file has none.
    """

    pixels: np.ndarray
    depth: int
    pictures: int
    info: dict[str, bytes]


def read(path: Path) -> Heif:
    """Read a HEIC file. Raises ValueError where it is damaged."""
    with _arrays(path) as found:
        return Heif(found["pixels"], int(found["depth"]), int(found["pictures"]), _info(found))


def read_info(path: Path) -> dict[str, bytes]:
    """Read the PARTS of a HEIC file without decoding its pixels. Raises ValueError where it is damaged."""
    with _arrays(path, WITHOUT_PIXELS) as found:
        return _info(found)


def _arrays(path: Path, *options: str) -> Any:
    command = [sys.executable, "-m", "hdrkit.images.heif_files", *options]
    done = subprocess.run(command, input=path.read_bytes(), capture_output=True)
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise ValueError(words[-1] if words else "its parts contradict each other")
    return np.load(io.BytesIO(done.stdout))


def _info(found: Any) -> dict[str, bytes]:
    return {part: found[part].tobytes() for part in PARTS}


def _decode(data: bytes, with_pixels: bool) -> bytes:
    """Return, as a file of arrays, what `read` needs of the bytes of a HEIC file."""
    import pi_heif  # in the decoding process alone

    found = pi_heif.open_heif(data, convert_hdr_to_8bit=False)
    info = found[0].info
    pi_heif.set_orientation(info)  # what turns a HEIC is not in EXIF (ISO 23008-12, 6.5.10); it is turned already
    parts: dict[str, Any] = {part: np.frombuffer(info.get(part) or b"", np.uint8) for part in PARTS}
    stream = io.BytesIO()
    pixels = np.asarray(found[0]) if with_pixels else np.empty(0)  # pi-heif decodes them when they are asked for
    np.savez(stream, pixels=pixels, depth=info["bit_depth"], pictures=len(found), **parts)
    return stream.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(_decode(sys.stdin.buffer.read(), WITHOUT_PIXELS not in sys.argv))
