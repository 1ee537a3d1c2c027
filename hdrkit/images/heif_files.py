"""HEIC files, decoded by another process: some damaged files end the process that decodes them."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from hdrkit.images import sizes
from hdrkit.images.decoder_process import in_decoder

PARTS = ("exif", "xmp", "icc_profile")  # bytes, as pi-heif calls them
PIXEL_BYTES = 8  # four channels of up to 16 bits


class Heif(NamedTuple):
    """pixels: (h, w) or (h, w, n), uint8 or uint16, of which the highest `depth` bits hold values, turned as meant.

    pictures: how many the file holds; this is the first. info: PARTS, empty where the file has none.
    """

    pixels: np.ndarray
    depth: int
    pictures: int
    info: dict[str, bytes]


def read(path: Path) -> Heif:
    """Read a HEIC file. Raises ValueError where it is damaged, HdrkitError as `in_decoder` does."""
    found = in_decoder(decoded, path)
    return Heif(found["pixels"], found["depth"], found["pictures"], _info(found))


def read_info(path: Path) -> dict[str, bytes]:
    """Read the PARTS of a HEIC file without decoding its pixels. Raises as `read` does."""
    return _info(in_decoder(parts, path))


def _info(found: dict[str, Any]) -> dict[str, bytes]:
    return {part: found[part] for part in PARTS}


def decoded(path: Path) -> dict[str, Any]:
    """Return in one dictionary what `Heif` has. Raises HdrkitError where the picture is too large for memory."""
    found = _opened(path)
    sizes.check(path, found[0].size, PIXEL_BYTES)
    return {
        "pixels": np.array(found[0]),  # a copy: those of pi-heif, decoded when asked for, end with `found`
        "depth": found[0].info["bit_depth"],
        "pictures": len(found),
        **_parts_of(found),
    }


def parts(path: Path) -> dict[str, Any]:
    """Return PARTS by name."""
    return _parts_of(_opened(path))


def _opened(path: Path) -> Any:
    import pi_heif  # in the decoding process alone

    return pi_heif.open_heif(path.read_bytes(), convert_hdr_to_8bit=False)


def _parts_of(found: Any) -> dict[str, bytes]:
    import pi_heif

    info = found[0].info
    pi_heif.set_orientation(info)  # what turns a HEIC is not in EXIF (ISO 23008-12, 6.5.10); it is turned already
    return {part: info.get(part) or b"" for part in PARTS}
