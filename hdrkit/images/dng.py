"""Write Bayer raw files as DNG, the open raw format that LibRaw and every raw converter read.

Tags: Adobe, Digital Negative (DNG) Specification 1.4; TIFF 6.0; Exif 2.3.
"""

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from hdrkit.core.files import written_whole

ASCII, BYTE, SHORT, LONG, RATIONAL, SIGNED_RATIONAL = 2, 1, 3, 4, 5, 10
FORMAT = {ASCII: "s", BYTE: "B", SHORT: "H", LONG: "I", RATIONAL: "I", SIGNED_RATIONAL: "i"}
RGGB = (0, 1, 1, 2)
D65 = 21
BITS = 12


@dataclass(frozen=True)
class Shot:
    """What the camera notes about one exposure."""

    time: Fraction  # s
    iso: int
    aperture: float  # f-number
    focal_length: float  # mm
    date: str  # "YYYY:MM:DD HH:MM:SS"


@dataclass(frozen=True)
class Colour:
    """What a raw converter needs to turn the mosaic into colours."""

    black: int  # the value of no light
    white: int  # the value of saturation
    xyz_to_camera: np.ndarray  # 3 x 3, for daylight (D65)
    neutral: np.ndarray  # 3, the camera's answer to white, its largest entry 1


def pack_12_bits(mosaic: np.ndarray) -> bytes:
    """Pack values below 4096 two in three bytes, high bits first, as TIFF stores 12-bit samples."""
    first, second = mosaic[:, 0::2].astype(np.uint16), mosaic[:, 1::2].astype(np.uint16)
    packed = np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], axis=-1)
    return packed.astype(np.uint8).tobytes()


def _encode(kind: int, value) -> tuple[int, bytes]:
    """Return a tag's count and little-endian bytes."""
    if kind == ASCII:
        text = value.encode("ascii") + b"\0"
        return len(text), text
    values = np.atleast_1d(value).ravel().tolist()
    if kind in (RATIONAL, SIGNED_RATIONAL):
        fractions = [Fraction(v).limit_denominator(1_000_000) for v in values]
        numbers = [n for f in fractions for n in (f.numerator, f.denominator)]
    else:
        numbers = values
    return len(values), struct.pack(f"<{len(numbers)}{FORMAT[kind]}", *numbers)


def _directory(tags: dict, offset: int) -> bytes:
    """Return the TIFF directory (IFD) of `tags` for position `offset`, followed by its long values."""
    entries, long_values = b"", b""
    values_at = offset + 2 + 12 * len(tags) + 4
    for tag, (kind, value) in sorted(tags.items()):
        count, data = _encode(kind, value)
        if len(data) > 4:
            position = struct.pack("<I", values_at + len(long_values))
            long_values += data + b"\0" * (len(data) % 2)
        else:
            position = data.ljust(4, b"\0")
        entries += struct.pack("<HHI", tag, kind, count) + position
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0) + long_values


def write_dng(path: str | Path, mosaic: np.ndarray, colour: Colour, shot: Shot) -> None:
    """Write an RGGB mosaic (h x w, even sides, values below 4096) as an uncompressed 12-bit DNG.

    The file appears whole or not at all. Raises HdrkitError when it cannot be written.
    """
    height, width = mosaic.shape
    exif = _directory(
        {
            33434: (RATIONAL, shot.time),
            33437: (RATIONAL, shot.aperture),
            34855: (SHORT, shot.iso),
            36867: (ASCII, shot.date),
            37386: (RATIONAL, shot.focal_length),
        },
        offset=8,
    )
    directory_at = 8 + len(exif)
    tags = {
        254: (LONG, 0),  # the full picture, not a preview
        256: (LONG, width),
        257: (LONG, height),
        258: (SHORT, BITS),
        259: (SHORT, 1),  # uncompressed
        262: (SHORT, 32803),  # colour filter array
        271: (ASCII, "hdrkit"),
        272: (ASCII, "simulated camera"),
        273: (LONG, 0),  # where the picture starts, known below
        274: (SHORT, 1),  # upright
        277: (SHORT, 1),
        278: (LONG, height),
        279: (LONG, height * width * BITS // 8),
        284: (SHORT, 1),
        306: (ASCII, shot.date),
        33421: (SHORT, (2, 2)),
        33422: (BYTE, RGGB),
        34665: (LONG, 8),  # the Exif directory, without which LibRaw reads no ISO
        50706: (BYTE, (1, 4, 0, 0)),
        50707: (BYTE, (1, 1, 0, 0)),
        50708: (ASCII, "hdrkit simulated camera"),
        50713: (SHORT, (1, 1)),
        50714: (SHORT, colour.black),
        50717: (SHORT, colour.white),
        50721: (SIGNED_RATIONAL, colour.xyz_to_camera),
        50728: (RATIONAL, colour.neutral),
        50778: (SHORT, D65),
    }
    tags[273] = (LONG, directory_at + len(_directory(tags, directory_at)))
    header = b"II*\0" + struct.pack("<I", directory_at)
    with written_whole(path) as temporary:
        temporary.write_bytes(header + exif + _directory(tags, directory_at) + pack_12_bits(mosaic))
