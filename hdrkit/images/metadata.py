"""What belongs to a photograph beside its pixels, and how it changes when the pixels do.

EXIF stays the block of bytes that the camera wrote: places in its maker note count from the block's beginning, and a
block written anew would break them. Only its thumbnail is made anew, where it lies.
"""

import io
import math
import re
import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from hdrkit.images import srgb, tiff_directory
from hdrkit.images.tiff_directory import Directory, Entry

ORIENTATION, THUMBNAIL_PLACE, THUMBNAIL_LENGTH = 274, 513, 514  # tags
COMPRESSION, JPEG_COMPRESSION, JPEG_START = 259, 6, b"\xff\xd8"
THUMBNAIL_RESOLUTION = (282, 283, 296)
SHORT, LONG = 3, 4  # types
THUMBNAIL_EDGE = 160  # pixels (Exif 2.32, 4.5.8)
PREVIEWS = (0x0409, 0x040C)  # of Photoshop's image resources
RESOURCES = (b"8BIM", b"8B64", b"AgHg", b"DCSR", b"MeSa", b"PHUT")  # how each begins
# XMP that speaks of other parts of a file, which are not written: a gain map, a short film.
LOST = rb"(?:hdrgm|HDRGainMap):\w+|(?:G|Op|Mi)Camera:(?:MicroVideo|MotionPhoto)\w*|\w*Container:Directory"
LOST_ATTRIBUTE = re.compile(rb"""\s(?:%b)\s*=\s*(?:"[^"]*"|'[^']*')""" % LOST)
LOST_TAG = re.compile(rb"<(?P<closing>/?)(?P<name>%b)(?:\s[^<>]*)?/?>" % LOST)  # of an element
TURNED = re.compile(rb'(tiff:Orientation(?:="|>))[2-8]')


@dataclass(frozen=True)
class Metadata:
    """exif: a TIFF block, without the word "Exif" before it; for TIFF and raw files, all that their directories say.

    xmp, profile (ICC), comment: bytes, empty where there is none. Of a JPEG also long_xmp, what has no room in the
    first packet; photoshop, its image resources, IPTC among them; density, what JFIF says of resolution.
    chunks: the further parts of a PNG, each its type and its bytes.
    """

    exif: bytes = b""
    xmp: bytes = b""
    long_xmp: bytes = b""
    photoshop: bytes = b""
    profile: bytes = b""
    comment: bytes = b""
    density: bytes = b""
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


def with_new_thumbnail(exif: bytes, pixels: np.ndarray, longest: float = math.inf) -> bytes:
    """Return an EXIF block whose thumbnail, if it has one, shows these pixels, (h, w, 3) or (h, w) of any type.

    It lies where the old one lay, or, where it does not fit, at the block's end: all else stays in its place. Where
    the block would be longer than `longest` bytes, it leads to none.
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
        at = len(exif)
    if exif[at : at + 2] != JPEG_START:  # it was of another kind, or is not there
        at, length = len(exif), 0
    for small in _thumbnails(pixels):
        if len(small) <= length <= len(exif) - at:
            renewed = exif[:at] + small.ljust(length, b"\0") + exif[at + length :]
        else:
            behind = exif[at + length :]
            renewed = _with_thumbnail_behind(exif[:at] + (bytes(length) + behind if behind else b""), directory, small)
        if len(renewed) <= longest:
            return renewed
    return _leading_to(exif, 0)


def _with_thumbnail_behind(exif: bytes, old: Directory, small: bytes) -> bytes:
    """Return an EXIF block with a new second directory and its thumbnail at its end."""
    form = tiff_directory.layout(exif)
    exif += bytes(len(exif) % 2)
    long, short = form.order + "I", form.order + "H"
    directory = {tag: entry for tag, entry in old.items() if tag in THUMBNAIL_RESOLUTION}
    directory[COMPRESSION] = Entry(SHORT, 1, struct.pack(short, JPEG_COMPRESSION))
    directory[THUMBNAIL_LENGTH] = Entry(LONG, 1, struct.pack(long, len(small)))
    directory[THUMBNAIL_PLACE] = Entry(LONG, 1, bytes(4))
    place = len(exif) + len(tiff_directory.written(directory, len(exif), form))
    directory[THUMBNAIL_PLACE] = Entry(LONG, 1, struct.pack(long, place))
    return _leading_to(exif, len(exif)) + tiff_directory.written(directory, len(exif), form) + small


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


def _leading_to(exif: bytes, place: int) -> bytes:
    """Return an EXIF block whose second directory lies at a place; at 0, there is none."""
    at, form = tiff_directory.place_of_next(exif), tiff_directory.layout(exif).place
    return exif[:at] + struct.pack(form, place) + exif[at + struct.calcsize(form) :]


def shortened(exif: bytes, longest: int) -> tuple[bytes, str]:
    """Return an EXIF block of at most `longest` bytes, and in words what was left out of it for that."""
    if len(exif) <= longest:
        return exif, ""
    try:
        directory, order = tiff_directory.read(exif), tiff_directory.layout(exif).order
        without_thumbnail = tiff_directory.block(directory, order)
        if len(without_thumbnail) <= longest:
            return without_thumbnail, "the thumbnail"
        without_note = tiff_directory.block(tiff_directory.without_maker_note(directory), order)
        if len(without_note) <= longest:
            return without_note, "the maker note and the thumbnail"
    except ValueError:  # illegible
        pass
    return b"", "all of it"


def without_lost_parts(xmp: bytes) -> bytes:
    """Return XMP that no longer speaks of parts of the file that are not written."""
    return _without_lost_elements(LOST_ATTRIBUTE.sub(b"", xmp))


def _without_lost_elements(xmp: bytes) -> bytes:
    """Leave out elements, each to the first tag that closes it; one that none closes stays.

    In a time that grows with the length of the XMP, as one pattern for the whole of an element could not do it: it
    would search all the rest for the end of each of thousands that have none.
    """
    tags = list(LOST_TAG.finditer(xmp))
    ends: dict[bytes, list[int]] = defaultdict(list)  # of what closes each name, the first of them last
    for tag in reversed(tags):
        if tag["closing"]:
            ends[tag["name"]].append(tag.end())
    kept, at = [], 0
    for tag in tags:
        if tag["closing"]:
            ends[tag["name"]].pop()
            continue
        found = [tag.end()] if tag[0].endswith(b"/>") else ends[tag["name"]]
        if found and tag.start() >= at:
            kept.append(xmp[at : tag.start()])
            at = found[-1]
    return b"".join([*kept, xmp[at:]])


def upright_xmp(xmp: bytes) -> bytes:
    """Return XMP, of the same length, that says of a picture that it lies upright."""
    return TURNED.sub(rb"\g<1>1", xmp)


def without_previews(block: bytes) -> bytes:
    """Return Photoshop's image resources without pictures of the picture; a damaged rest is left out.

    Adobe, Photoshop File Formats Specification, "Image Resource Blocks".
    """
    kept, at = b"", 0
    while block[at : at + 4] in RESOURCES and at + 12 <= len(block):
        (number,) = struct.unpack_from(">H", block, at + 4)
        behind = at + 6 + (block[at + 6] // 2 + 1) * 2  # past the name
        length = int.from_bytes(block[behind : behind + 4], "big")
        end = behind + 4 + length
        if end > len(block):
            break
        end += length % 2
        if number not in PREVIEWS:
            kept += block[at:end].ljust(end - at, b"\0")
        at = end
    return kept
