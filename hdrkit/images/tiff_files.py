"""TIFF files: pixels by tifffile, and all that their directories say of the picture and not of its storage."""

import logging
import mmap
import struct
from pathlib import Path

import numpy as np
import tifffile

from hdrkit.core.errors import HdrkitError
from hdrkit.images import metadata as belongings
from hdrkit.images import tiff_directory
from hdrkit.images.metadata import Metadata
from hdrkit.images.tiff_directory import EXIF, MAKER_NOTE, Directory, Entry, pointer

logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # it logs broken tags, too, that nobody misses
# Tags that say how pixels are stored (TIFF 6.0; its supplements 1 and 2), and Photoshop's layers, which are not kept.
STORAGE = {254, 255, *range(256, 260), *range(262, 267), 273, *range(277, 282), 284, *range(288, 294), 317,
           *range(320, 326), 330, *range(338, 344), 347, *range(512, 522), *range(529, 533), 37724, 50784}  # fmt: skip
PROFILE, XMP, IPTC, PHOTOSHOP = 34675, 700, 33723, 34377
REDUCED, MASK = 1, 4  # bits of a page's NewSubfileType: a preview, or a mask of another page
UNDEFINED, BYTE = 7, 1
ALPHA_KINDS = {0: "unspecified", 1: "assocalpha", 2: "unassalpha"}


def read(path: Path) -> tuple[np.ndarray, str | None, Metadata]:
    """Return the pixels of a TIFF, (h, w) or (h, w, n), the kind of its alpha channel or None, and what belongs to it.

    Values of few bits are stretched to 8 or 16, palettes become colours, negatives (white is zero) are turned.
    Raises HdrkitError for several pages, further channels, inks and other colours than RGB.
    """
    with open(path, "rb") as stream, tifffile.TiffFile(stream) as file:
        page = file.pages.first
        _refuse_pages(path, file)
        kind = page.photometric
        pixels = page.asarray()
        if page.samplesperpixel > 1 and page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
            pixels = np.moveaxis(pixels, 0, -1)
        pixels = _full_range(pixels, page.bitspersample)
        pixels = _as_light(path, pixels, kind, page.colormap)
        alpha = _alpha_kind(path, page, kind)
    return pixels, alpha, read_metadata(path)


def _refuse_pages(path: Path, file: tifffile.TiffFile) -> None:
    pages = [page for page in file.pages if isinstance(page, tifffile.TiffPage)]
    sizes = [p.imagelength * p.imagewidth for p in pages if not int(p.subfiletype) & (REDUCED | MASK)]
    meant = [size for size in sizes if 4 * size > sizes[0]]  # the others are previews that do not say so
    if len(meant) > 1:
        raise HdrkitError(f"{path}: {len(meant)} pages; save the one that is meant as a file of its own")


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
        raise HdrkitError(f"{path}: in inks for print (CMYK); convert it to RGB")
    if kind == photometric.MINISWHITE:
        return np.iinfo(pixels.dtype).max - pixels
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
        found = belongings.resources(kept[PHOTOSHOP].value)
        block = belongings.resource_block({n: v for n, v in found.items() if n not in belongings.PREVIEWS})
        kept[PHOTOSHOP] = Entry(BYTE, len(block), block)
    return Metadata(exif=tiff_directory.block(kept, order), profile=profile.value if profile else b"")


def in_parts(metadata: Metadata) -> Metadata:
    """Return what a TIFF or a raw file says of a picture in the parts that other kinds of file have for it."""
    kept = _directory(metadata)
    xmp, iptc, photoshop = (kept.pop(tag).value if tag in kept else b"" for tag in (XMP, IPTC, PHOTOSHOP))
    iptc = iptc or belongings.resources(photoshop).get(belongings.IPTC, b"")
    order = tiff_directory.layout(metadata.exif).order if _legible(metadata.exif) else "<"
    return Metadata(tiff_directory.block(kept, order), belongings.without_lost_parts(xmp), iptc, metadata.profile)


def write(path: Path, pixels: np.ndarray, alpha: str | None, metadata: Metadata) -> None:
    """Write pixels as `read` gives them; where there is a kind of alpha, their last channel is that."""
    order = tiff_directory.layout(metadata.exif).order if _legible(metadata.exif) else "<"
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
    )
    if kept := _directory(metadata):
        _add(path, kept)


def _legible(exif: bytes) -> bool:
    try:
        tiff_directory.read(exif)
    except ValueError:
        return False
    return True


def _directory(metadata: Metadata) -> Directory:
    """Return the tags that belong to a picture, whatever kind of file it comes from."""
    kept = tiff_directory.read(metadata.exif) if _legible(metadata.exif) else {}
    kept = {tag: entry for tag, entry in kept.items() if tag not in STORAGE}
    for tag, value, kind in ((XMP, metadata.xmp, BYTE), (IPTC, metadata.iptc, UNDEFINED)):
        if value:
            kept[tag] = Entry(kind, len(value), value)
    if EXIF in kept and (inside := kept[EXIF].inside):
        # Its places count from where it lay; elsewhere they lead astray.
        kept[EXIF] = pointer({tag: entry for tag, entry in inside.items() if tag != MAKER_NOTE})
    return kept


def _add(path: Path, kept: Directory) -> None:
    """Put tags into a TIFF that has been written: its directory, with them, moves to the end."""
    with open(path, "r+b") as stream:
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            form, directory, end = tiff_directory.layout(data), tiff_directory.read(data), len(data)
        end += end % 2
        stream.seek(end)
        stream.write(tiff_directory.written(directory | kept, end, form))
        stream.seek(8 if form.big else 4)
        stream.write(struct.pack(form.place, end))
