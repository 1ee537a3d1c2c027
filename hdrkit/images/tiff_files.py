"""TIFF files: pixels by tifffile, and all that their directories say of the picture and not of its storage."""

import logging
import math
import mmap
import struct
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

from hdrkit.core.errors import HdrkitError
from hdrkit.images import metadata as belongings
from hdrkit.images import refusals, sizes, srgb, tiff_directory
from hdrkit.images.decoder_process import in_decoder
from hdrkit.images.metadata import Metadata
from hdrkit.images.tiff_directory import Directory, Entry

logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # it logs broken tags, too, that nobody misses
# Tags that say how pixels are stored (TIFF 6.0; its supplements 1 and 2), and Photoshop's layers, which are not kept.
STORAGE = {254, 255, *range(256, 260), *range(262, 267), 273, *range(277, 282), 284, *range(288, 294), 317,
           *range(320, 326), 330, *range(338, 344), 347, *range(512, 522), *range(529, 533), 37724, 50784}  # fmt: skip
PROFILE, XMP, IPTC, PHOTOSHOP = 34675, 700, 33723, 34377
IPTC_RESOURCE = 0x0404  # of Photoshop's image resources
OF_JPEG = (6, 7)  # compressions that come with colours of their own, which their decoder turns into RGB
# None, LZW, Deflate by its two numbers, PackBits, JPEG: tried by all the world. Of the others, that of JPEG XR crashes.
USUAL = (1, 5, 8, 32946, 32773, *OF_JPEG)
REDUCED, MASK = 1, 4  # bits of a page's NewSubfileType: a preview, or a mask of another page
BYTE = 1
RESERVED = 65535  # a tag whose value is room for a maker note at its place
RESERVABLE = 2**20  # bytes of room that are no loss
ALPHA_KINDS = {0: "unspecified", 1: "assocalpha", 2: "unassalpha"}


def read(path: Path) -> tuple[np.ndarray, str | None, Metadata]:
    """Return the pixels of a TIFF, (h, w) or (h, w, n), the kind of its alpha channel or None, and what belongs to it.

    Values of few bits are stretched to 8 or 16, palettes become colours, negatives (white is zero) are turned.
    Raises HdrkitError for several pages, further channels, inks and other colours than RGB.
    """
    with open(path, "rb") as stream, tifffile.TiffFile(stream) as file:
        usual = _page(path, file).compression in USUAL
    found = decoded(path) if usual else in_decoder(decoded, path)
    return found["pixels"], found["alpha"], read_metadata(path)


def decoded(path: Path) -> dict[str, Any]:
    """Return `pixels` and `alpha` as `read` does."""
    with open(path, "rb") as stream, tifffile.TiffFile(stream) as file:
        page = _page(path, file)
        kind = page.photometric
        pixels = page.asarray()
        if page.samplesperpixel > 1 and page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
            pixels = np.moveaxis(pixels, 0, -1)
        pixels = _full_range(pixels, page.bitspersample)
        pixels = _as_light(path, pixels, kind, page.colormap)
        return {"pixels": pixels, "alpha": _alpha_kind(path, page, kind)}


def _page(path: Path, file: tifffile.TiffFile) -> tifffile.TiffPage:
    """Return the page that is meant: the first one, or the one that it is a preview of."""
    number = len(file.pages)  # unlike to iterate, it finds an end where directories lead in a circle
    pages = [page for page in map(file.pages.get, range(number)) if isinstance(page, tifffile.TiffPage)]
    full = [page for page in pages if not int(page.subfiletype) & (REDUCED | MASK)] or pages[:1]
    # The others are previews that do not say so.
    meant = [page for page in full if 4 * page.imagelength * page.imagewidth > full[0].imagelength * full[0].imagewidth]
    if len(meant) > 1 or full[0].imagedepth > 1:
        raise refusals.several(path, f"{max(len(meant), full[0].imagedepth)} pages")
    page = full[0]
    if page.compression not in tifffile.TIFF.DECOMPRESSORS:
        raise refusals.unread(path, f"a TIFF of compression {getattr(page.compression, 'name', page.compression)}")
    if page.photometric == tifffile.PHOTOMETRIC.YCBCR and page.compression not in OF_JPEG:
        raise refusals.unread(path, "a TIFF of YCbCr without JPEG")
    sizes.check(path, (page.imagewidth, page.imagelength), math.ceil(page.samplesperpixel * page.bitspersample / 8))
    return page


def _full_range(pixels: np.ndarray, bits: int | tuple[int, ...]) -> np.ndarray:
    """Return whole numbers stretched to all of 8 or 16 bits, and floating point as float32."""
    if pixels.dtype.kind == "f":
        return pixels.astype(np.float32, copy=False)
    if pixels.dtype.kind not in "ub":
        return pixels
    depth = bits if isinstance(bits, int) else max(bits)
    if depth in (8, 16):
        return pixels
    kind = np.uint8 if depth < 8 else np.uint16
    return np.rint(pixels * (np.iinfo(kind).max / (2.0**depth - 1))).astype(kind)


def _as_light(path: Path, pixels: np.ndarray, kind: int, colours: np.ndarray | None) -> np.ndarray:
    photometric = tifffile.PHOTOMETRIC
    if kind == photometric.SEPARATED:
        raise refusals.inks(path)
    if kind == photometric.MINISWHITE:
        return pixels.dtype.type(srgb.top(pixels)) - pixels
    if kind == photometric.PALETTE and colours is not None:
        steps = (colours.shape[1] - 1) / np.iinfo(pixels.dtype).max  # indices were stretched, too
        return (colours.T >> 8).astype(np.uint8)[np.rint(pixels * steps).astype(int)]
    if kind not in (photometric.RGB, photometric.MINISBLACK, photometric.YCBCR):
        raise HdrkitError(f"{path}: a TIFF of kind {getattr(kind, 'name', kind)}; convert it to RGB")
    return pixels


def _alpha_kind(path: Path, page: tifffile.TiffPage, kind: int) -> str | None:
    colours = 3 if kind in (tifffile.PHOTOMETRIC.RGB, tifffile.PHOTOMETRIC.YCBCR) else 1
    further = page.samplesperpixel - colours
    if further > 1:
        raise HdrkitError(f"{path}: {page.samplesperpixel} channels; save red, green and blue as a file of their own")
    return ALPHA_KINDS.get(int(page.extrasamples[0]) if page.extrasamples else 0) if further == 1 else None


def read_metadata(path: Path) -> Metadata:
    """Return what the directories of a TIFF say of the picture; nothing where they are illegible."""
    with open(path, "rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            directory = tiff_directory.read(data)
            order = tiff_directory.layout(data).order
        except ValueError:
            return Metadata()
    profile = directory.pop(PROFILE, None)
    kept = {tag: entry for tag, entry in directory.items() if tag not in STORAGE}
    if PHOTOSHOP in kept:
        block = belongings.without_previews(kept[PHOTOSHOP].value)
        kept[PHOTOSHOP] = Entry(BYTE, len(block), block)
    return Metadata(exif=tiff_directory.block(kept, order), profile=profile.value if profile else b"")


def in_parts(metadata: Metadata) -> Metadata:
    """Return what a TIFF or a raw file says of a picture in the parts that other kinds of file have for it."""
    kept = _directory(metadata)
    xmp, iptc, photoshop = (kept.pop(tag).value if tag in kept else b"" for tag in (XMP, IPTC, PHOTOSHOP))
    if not photoshop and iptc:
        photoshop = struct.pack(">4sHHI", b"8BIM", IPTC_RESOURCE, 0, len(iptc)) + iptc + bytes(len(iptc) % 2)
    order = _order(metadata)
    exif = tiff_directory.block(kept, order)
    return Metadata(exif, belongings.without_lost_parts(xmp), photoshop=photoshop, profile=metadata.profile)


def write(path: Path, pixels: np.ndarray, alpha: str | None, metadata: Metadata) -> list[str]:
    """Write pixels as `read` gives them; where there is a kind of alpha, their last channel is that.

    Returns what had to be left out, in words.
    """
    order = _order(metadata)
    kept = _directory(metadata)
    note = tiff_directory.maker_note(kept)
    room = note.at + len(note.value) if note is not None and note.at is not None and note.at < RESERVABLE else 0
    tifffile.imwrite(
        path,
        pixels,
        byteorder=order,
        photometric="minisblack" if pixels.ndim == 2 or pixels.shape[2] < 3 else "rgb",
        planarconfig=None if pixels.ndim == 2 else "contig",
        extrasamples=None if alpha is None else [alpha],
        compression="deflate",
        predictor=pixels.dtype != np.float32,
        iccprofile=metadata.profile or None,
        software=False,
        metadata=None,
        extratags=[(RESERVED, "B", room, bytes(room), True)] if room else (),
    )
    return _add(path, kept, bool(room)) if kept else []


def _legible(exif: bytes) -> bool:
    try:
        tiff_directory.read(exif)
    except ValueError:
        return False
    return True


def _order(metadata: Metadata) -> tiff_directory.Order:
    return tiff_directory.layout(metadata.exif).order if _legible(metadata.exif) else "<"


def _directory(metadata: Metadata) -> Directory:
    """Return the tags that belong to a picture, whatever kind of file it comes from."""
    kept = tiff_directory.read(metadata.exif) if _legible(metadata.exif) else {}
    kept = {tag: entry for tag, entry in kept.items() if tag not in STORAGE}
    if metadata.xmp:
        kept[XMP] = Entry(BYTE, len(metadata.xmp), metadata.xmp)
    return kept


def _add(path: Path, kept: Directory, room: bool) -> list[str]:
    """Put tags into a TIFF that has been written: its directory, with them, moves to the end.

    The maker note goes to where it was: into the room that was left for it, or behind all else.
    """
    lost: list[str] = []
    with open(path, "r+b") as stream:
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            form, directory, end = tiff_directory.layout(data), tiff_directory.read(data), len(data)
        directory.pop(RESERVED, None)
        note = tiff_directory.maker_note(kept)
        if note is not None and note.at is not None:
            if room or note.at >= end:
                stream.seek(note.at)
                stream.write(note.value)
                end = max(end, stream.tell())
            else:
                kept = tiff_directory.without_maker_note(kept)
                lost.append("the maker note, which has no room in its place, is left out")
        end += end % 2
        stream.seek(end)
        stream.write(tiff_directory.written(directory | kept, end, form))
        stream.seek(8 if form.big else 4)
        stream.write(struct.pack(form.place, end))
    return lost
