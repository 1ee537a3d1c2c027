"""Write Bayer raw files as DNG, the open raw format that LibRaw and every raw converter read.

Tags: Adobe, Digital Negative (DNG) Specification 1.4; TIFF 6.0; Exif 2.3.
"""

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from hdrkit.core.files import written_whole

ASCII, BYTE, SHORT, LONG, RATIONAL, SIGNED_RATIONAL = 2, 1, 3, 4, 5, 10
FORMAT = {ASCII: "s", BYTE: "B", SHORT: "H", LONG: "I", RATIONAL: "I", SIGNED_RATIONAL: "i"}
TAGS = {  # number and type by the name that the standards give
    "NewSubfileType": (254, LONG),
    "ImageWidth": (256, LONG),
    "ImageLength": (257, LONG),
    "BitsPerSample": (258, SHORT),
    "Compression": (259, SHORT),
    "PhotometricInterpretation": (262, SHORT),
    "Make": (271, ASCII),
    "Model": (272, ASCII),
    "StripOffsets": (273, LONG),
    "Orientation": (274, SHORT),
    "SamplesPerPixel": (277, SHORT),
    "RowsPerStrip": (278, LONG),
    "StripByteCounts": (279, LONG),
    "PlanarConfiguration": (284, SHORT),
    "DateTime": (306, ASCII),
    "CFARepeatPatternDim": (33421, SHORT),
    "CFAPattern": (33422, BYTE),
    "ExposureTime": (33434, RATIONAL),
    "FNumber": (33437, RATIONAL),
    "ExifIFD": (34665, LONG),
    "PhotographicSensitivity": (34855, SHORT),
    "DateTimeOriginal": (36867, ASCII),
    "FocalLength": (37386, RATIONAL),
    "DNGVersion": (50706, BYTE),
    "DNGBackwardVersion": (50707, BYTE),
    "UniqueCameraModel": (50708, ASCII),
    "BlackLevelRepeatDim": (50713, SHORT),
    "BlackLevel": (50714, SHORT),
    "WhiteLevel": (50717, SHORT),
    "ColorMatrix1": (50721, SIGNED_RATIONAL),
    "AsShotNeutral": (50728, RATIONAL),
    "CalibrationIlluminant1": (50778, SHORT),
}
EXIF_AT = 8  # position of the Exif directory, right after the header
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


def _encode(kind: int, value: Any) -> tuple[int, bytes]:
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


def _directory(tags: dict[str, object], offset: int) -> bytes:
    """Return the TIFF directory (IFD) of tags, values by name, for position `offset`; its long values follow it."""
    entries, long_values = b"", b""
    values_at = offset + 2 + 12 * len(tags) + 4
    for name in sorted(tags, key=lambda name: TAGS[name]):  # TIFF asks for the order of their numbers
        number, kind = TAGS[name]
        count, data = _encode(kind, tags[name])
        if len(data) > 4:
            position = struct.pack("<I", values_at + len(long_values))
            long_values += data + b"\0" * (len(data) % 2)
        else:
            position = data.ljust(4, b"\0")
        entries += struct.pack("<HHI", number, kind, count) + position
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0) + long_values


def _exif_tags(shot: Shot) -> dict[str, object]:
    return {
        "ExposureTime": shot.time,
        "FNumber": shot.aperture,
        "PhotographicSensitivity": shot.iso,
        "DateTimeOriginal": shot.date,
        "FocalLength": shot.focal_length,
    }


def _picture_tags(height: int, width: int, colour: Colour, date: str, picture_at: int) -> dict[str, object]:
    """Return the tags of the picture, which starts at byte `picture_at` of the file."""
    return {
        "NewSubfileType": 0,  # the full picture, not a preview
        "ImageWidth": width,
        "ImageLength": height,
        "BitsPerSample": BITS,
        "Compression": 1,  # none
        "PhotometricInterpretation": 32803,  # colour filter array
        "Make": "hdrkit",
        "Model": "simulated camera",
        "StripOffsets": picture_at,
        "Orientation": 1,  # upright
        "SamplesPerPixel": 1,
        "RowsPerStrip": height,
        "StripByteCounts": height * width * BITS // 8,
        "PlanarConfiguration": 1,
        "DateTime": date,
        "CFARepeatPatternDim": (2, 2),
        "CFAPattern": RGGB,
        "ExifIFD": EXIF_AT,  # LibRaw reads the ISO from the Exif directory only
        "DNGVersion": (1, 4, 0, 0),
        "DNGBackwardVersion": (1, 1, 0, 0),
        "UniqueCameraModel": "hdrkit simulated camera",
        "BlackLevelRepeatDim": (1, 1),
        "BlackLevel": colour.black,
        "WhiteLevel": colour.white,
        "ColorMatrix1": colour.xyz_to_camera,
        "AsShotNeutral": colour.neutral,
        "CalibrationIlluminant1": D65,
    }


def write_dng(path: str | Path, mosaic: np.ndarray, colour: Colour, shot: Shot) -> None:
    """Write an RGGB mosaic (h x w, even sides, values below 4096) as an uncompressed 12-bit DNG.

    The file appears whole or not at all. Raises HdrkitError when it cannot be written.
    """
    height, width = mosaic.shape

    def directory(picture_at: int) -> bytes:
        return _directory(_picture_tags(height, width, colour, shot.date, picture_at), directory_at)

    exif = _directory(_exif_tags(shot), EXIF_AT)
    directory_at = EXIF_AT + len(exif)
    picture_at = directory_at + len(directory(picture_at=0))
    header = b"II*\0" + struct.pack("<I", directory_at)
    with written_whole(path) as temporary:
        temporary.write_bytes(header + exif + directory(picture_at) + pack_12_bits(mosaic))
