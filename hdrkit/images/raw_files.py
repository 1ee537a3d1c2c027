"""Raw files as photographs: developed by LibRaw, with the EXIF data that the camera wrote."""

import io
import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from hdrkit.core.errors import HdrkitError
from hdrkit.images import libraw, raw, srgb, tiff_directory
from hdrkit.images.decoder_process import in_decoder
from hdrkit.images.metadata import ORIENTATION, Metadata, upright_xmp
from hdrkit.images.tiff_directory import EXIF, GPS, Directory, Entry, Order, pointer

SHORT, RATIONAL = 3, 5
XMP = 700
COLOUR_SPACE, SRGB = 40961, 1
SENSOR_TAGS = {33421, 33422, 40962, 40963, *range(50706, 65536)}  # of the mosaic and its size, and those of DNG
# Of the exposure; some cameras have them in the first directory (ISO 12234-2, TIFF/EP), where few programs look.
SHOT_TAGS = {33434, 33437, 34850, 34855, *range(36864, 37397), *range(41486, 42038)}
CR3_PARTS = {EXIF: b"CMT2", GPS: b"CMT4"}


def read(path: Path) -> tuple[np.ndarray, Metadata]:
    """Return the upright picture and the camera's EXIF: uint16, sRGB-encoded, (h, w, 3).

    A monochrome sensor's is (h, w). Raises HdrkitError as `raw.decode` does.
    """
    linear = raw.develop(path)
    pixels = srgb.encode_integers(linear, np.uint16)
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels, read_metadata(path)


def read_metadata(path: Path) -> Metadata:
    """Return what the camera wrote into a raw file."""
    return Metadata(exif=_exif(path))


def _exif(path: Path) -> bytes:
    """Return what a raw file says of itself as an EXIF block of an upright sRGB picture."""
    data = path.read_bytes()
    order, directory = _directory(data)
    if not directory:
        order, directory = _of_preview(path)
    if not directory:
        order, directory = "<", _of_libraw(path)
    # Below 254, Panasonic has tags of its own.
    kept = {tag: e for tag, e in directory.items() if tag >= 254 and tag in ExifTags.TAGS and tag not in SENSOR_TAGS}
    if XMP in kept:  # of the same length, so that its count stays right
        kept[XMP] = replace(kept[XMP], value=upright_xmp(kept[XMP].value))
    inside = {tag: entry for tag, entry in kept.items() if tag in SHOT_TAGS}
    inside |= (kept[EXIF].inside if EXIF in kept else None) or {}
    inside = {tag: entry for tag, entry in inside.items() if tag not in SENSOR_TAGS}
    kept[EXIF] = pointer(inside | {COLOUR_SPACE: Entry(SHORT, 1, struct.pack(order + "H", SRGB))})
    kept[ORIENTATION] = Entry(SHORT, 1, struct.pack(order + "H", 1))
    return tiff_directory.block(kept, order)


def _directory(data: bytes) -> tuple[Order, Directory]:
    """Return byte order and first directory of a raw file that is a TIFF, or a CR3, which has it in parts."""
    try:
        if data[4:12] == b"ftypcrx ":
            block = _part(data, b"CMT1")
            found = tiff_directory.read(block)
            found |= {tag: pointer(tiff_directory.read(_part(data, name))) for tag, name in CR3_PARTS.items()}
            return tiff_directory.layout(block).order, found
        return tiff_directory.layout(data).order, tiff_directory.read(data)
    except ValueError:
        return "<", {}


def _part(data: bytes, name: bytes) -> bytes:
    at = data.find(name)
    if at < 4:
        raise ValueError(f"no {name.decode()}")
    return data[at + 4 : at - 4 + int.from_bytes(data[at - 4 : at], "big")]


def _of_preview(path: Path) -> tuple[Order, Directory]:
    """Return what the JPEG that cameras put into their raw files says."""
    try:
        with Image.open(io.BytesIO(in_decoder(libraw.preview, path)["jpeg"])) as picture:
            block = picture.info["exif"].removeprefix(b"Exif\0\0")
        return tiff_directory.layout(block).order, tiff_directory.read(block)
    except (ValueError, KeyError, OSError, HdrkitError):
        return "<", {}


def _of_libraw(path: Path) -> Directory:
    """Return the exposure, as far as LibRaw knows it."""
    shot = in_decoder(libraw.header, path)
    known = {33434: shot["time"], 33437: shot["aperture"], 37386: shot["focal_length"]}
    inside = {tag: Entry(RATIONAL, 1, _rational(value)) for tag, value in known.items() if value}
    if shot["iso"]:
        inside[34855] = Entry(SHORT, 1, struct.pack("<H", min(65535, round(shot["iso"]))))
    return {EXIF: pointer(inside)} if inside else {}


def _rational(value: float) -> bytes:
    fraction = Fraction(value).limit_denominator(1_000_000)
    return struct.pack("<II", fraction.numerator, fraction.denominator)
