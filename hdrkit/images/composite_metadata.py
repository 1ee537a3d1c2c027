"""What belongs to a picture that several were fused to: all that belongs to one of them, and that it is a composite."""

import struct
from dataclasses import replace

from hdrkit.images import tiff_directory
from hdrkit.images.metadata import ORIENTATION, SHORT, Metadata, upright_xmp
from hdrkit.images.tiff_directory import EXIF, LONG, Entry, pointer

WIDTH, HEIGHT, PIXEL_X, PIXEL_Y = 256, 257, 40962, 40963
COMPOSITE, SOURCES, GENERAL = 42080, 42081, 2  # CompositeImage and its kind (Exif 2.32, 4.6.5)


def composite(metadata: Metadata, size: tuple[int, int], given: int, used: int) -> Metadata:
    """Return the metadata of an upright picture of `size` (width, height) that is fused from frames.

    metadata: those of one frame, as `image_files.read_metadata` gives them. EXIF has tags that say that an exposure is
    not one of a single frame: from how many that were `given` so many were `used`.
    """
    try:
        first = tiff_directory.read(metadata.exif)
        exif, order = metadata.exif, tiff_directory.layout(metadata.exif).order
    except ValueError:  # there is none, or an illegible one
        first, order = {}, "<"
        exif = tiff_directory.block({}, order)
    width, height = (Entry(LONG, 1, struct.pack(order + "I", edge)) for edge in size)
    inside = {
        PIXEL_X: width,
        PIXEL_Y: height,
        COMPOSITE: Entry(SHORT, 1, struct.pack(order + "H", GENERAL)),
        SOURCES: Entry(SHORT, 2, struct.pack(order + "HH", given, used)),
    }
    changes = {ORIENTATION: Entry(SHORT, 1, struct.pack(order + "H", 1)), EXIF: pointer(inside)}
    changes |= {tag: edge for tag, edge in ((WIDTH, width), (HEIGHT, height)) if tag in first}
    return replace(metadata, exif=tiff_directory.amended(exif, changes), xmp=upright_xmp(metadata.xmp), chunks=())
