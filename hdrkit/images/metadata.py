"""What belongs to a photograph beside its pixels, and how it changes when the pixels do.

EXIF stays the block of bytes that the camera wrote: places in its maker note count from the block's beginning, and a
block written anew would break them. Only its thumbnail is made anew, where it lies.
"""

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from hdrkit.images import srgb, tiff_directory

ORIENTATION, THUMBNAIL_PLACE, THUMBNAIL_LENGTH = 274, 513, 514  # tags
SHORT = 3  # a type
THUMBNAIL_EDGE = 160  # pixels (Exif 2.32, 4.5.8)
IPTC, PREVIEWS = 0x0404, (0x0409, 0x040C)  # Photoshop's image resources
# XMP that speaks of other parts of a file, which are not written: a gain map, a short film, more XMP.
LOST_PARTS = re.compile(
    rb'\s(?:xmpNote:HasExtendedXMP|hdrgm:\w+|GCamera:(?:MicroVideo|MotionPhoto)\w*)="[^"]*"'
    rb"|<Container:Directory>.*?</Container:Directory>",
    re.DOTALL,
)

TURNED = re.compile(rb'(tiff:Orientation(?:="|>))[2-8]')


@dataclass(frozen=True)
class Metadata:
    """exif: a TIFF block, without the word "Exif" before it; for TIFF and raw files, all that their directories say.

    xmp, iptc, profile (ICC), comment: bytes, empty where there is none. resolution: dots per inch, or None.
    chunks: the further parts of a PNG, each its type and its bytes.
    """

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""
    profile: bytes = b""
    comment: bytes = b""
    resolution: tuple[float, float] | None = None
    chunks: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def orientation(self) -> int:
        """How the pixels lie, 1 to 8 (EXIF 2.32, 4.6.5); 1 where nothing, or nothing legible, is said."""
        try:
            entry = tiff_directory.read(self.exif).get(ORIENTATION)
            order = tiff_directory.layout(self.exif).order
        except ValueError:
            return 1
        if entry is None or entry.kind != SHORT:
            return 1
        (value,) = struct.unpack_from(order + "H", entry.value)
        return value if 1 <= value <= 8 else 1


def with_new_thumbnail(exif: bytes, pixels: np.ndarray) -> bytes:
    """Return an EXIF block whose thumbnail, if it has one, shows these pixels, (h, w, 3) or (h, w) of any type.

    It lies where the old one lay. Where it does not fit, as when the old one was no JPEG, the block leads to none.
    """
    try:
        place = tiff_directory.next_place(exif)
        if not place:
            return exif
        directory = tiff_directory.read(exif, place)
    except ValueError:  # illegible; so is its thumbnail
        return exif
    order = tiff_directory.layout(exif).order
    try:
        where = directory[THUMBNAIL_PLACE].value + directory[THUMBNAIL_LENGTH].value
        at, length = struct.unpack(order + "II", where)
    except (KeyError, struct.error):
        return _without_second_directory(exif)
    for small in _thumbnails(pixels):
        if len(small) <= length and at + length <= len(exif):
            return exif[:at] + small.ljust(length, b"\0") + exif[at + length :]
    return _without_second_directory(exif)


def _thumbnails(pixels: np.ndarray) -> Iterator[bytes]:
    """Yield JPEG files of a picture's thumbnail, each smaller than the one before."""
    step = max(1, min(pixels.shape[:2]) // (2 * THUMBNAIL_EDGE))
    few = pixels[::step, ::step]
    picture = Image.fromarray(np.rint(few * (255 / srgb.top(few))).astype(np.uint8))
    picture.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    for quality in (85, 60, 30, 10):
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=quality)
        yield stream.getvalue()


def _without_second_directory(exif: bytes) -> bytes:
    at = tiff_directory.place_of_next(exif)
    room = struct.calcsize(tiff_directory.layout(exif).place)
    return exif[:at] + bytes(room) + exif[at + room :]


def without_lost_parts(xmp: bytes) -> bytes:
    """Return XMP that no longer speaks of parts of the file that are not written."""
    return LOST_PARTS.sub(b"", xmp)


def upright_xmp(xmp: bytes) -> bytes:
    """Return XMP, of the same length, that says of a picture that it lies upright."""
    return TURNED.sub(rb"\g<1>1", xmp)


def resources(block: bytes) -> dict[int, bytes]:
    """Return Photoshop's image resources by number; a damaged rest is left out.

    Adobe, Photoshop File Formats Specification, "Image Resource Blocks".
    """
    found, at = {}, 0
    while block[at : at + 4] == b"8BIM" and at + 12 <= len(block):
        (number,) = struct.unpack_from(">H", block, at + 4)
        at += 6 + (block[at + 6] // 2 + 1) * 2  # past the name
        length = int.from_bytes(block[at : at + 4], "big")
        found[number] = block[at + 4 : at + 4 + length]
        at += 4 + (length + 1) // 2 * 2
    return found


def resource_block(found: dict[int, bytes]) -> bytes:
    """Return the block of image resources, the inverse of `resources` but for their names."""
    return b"".join(
        struct.pack(">4sHHI", b"8BIM", number, 0, len(value)) + value + b"\0" * (len(value) % 2)
        for number, value in found.items()
    )
