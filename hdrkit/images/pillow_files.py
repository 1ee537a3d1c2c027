"""JPEG, WebP, AVIF and HEIC files: pixels by Pillow, which carries EXIF, XMP and colour profile, too."""

import io
import struct
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
from PIL import Image

from hdrkit.core.errors import HdrkitError
from hdrkit.core.process_wide import ProcessWide
from hdrkit.images import heif_files, tiff_directory
from hdrkit.images.metadata import IPTC, Metadata, resource_block, resources, with_new_thumbnail, without_lost_parts
from hdrkit.images.tiff_directory import EXIF, MAKER_NOTE, pointer

warnings.filterwarnings("ignore", module="PIL")  # of broken EXIF data, which come back as they are
JPEG_QUALITY, AVIF_QUALITY = 95, 90
LONGEST_EDGE = 65500  # pixels of a JPEG that libjpeg writes
EXIF_WORD, XMP_WORD, PHOTOSHOP_WORD = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0"
HDR = (16, 18)  # curves: PQ and HLG
SEGMENT = 65_533  # bytes that a segment of a JPEG holds


@ProcessWide
@contextmanager
def _of_any_size() -> Iterator[None]:
    """Let Pillow open pictures of more than 179 megapixels: a panorama is no attack."""
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def read(path: Path, kind: str) -> tuple[np.ndarray, Metadata]:
    """Return the pixels of a file of a kind of `kinds`, (h, w) or (h, w, n), uint8 or uint16, and what belongs to it.

    Raises HdrkitError for an animation, inks and HDR, and what Pillow raises for a damaged file.
    """
    if kind in ("heif", "avif") and _transfer(path) in HDR:
        raise HdrkitError(f"{path}: its values are of a curve for HDR screens; save it as an ordinary picture (SDR)")
    if kind == "heif":
        return _read_heif(path)
    with _of_any_size, open(path, "rb") as stream, Image.open(stream) as picture:
        _refuse_more(path, getattr(picture, "n_frames", 1) if kind != "jpeg" else 1)  # a JPEG may hold a preview
        if picture.mode == "CMYK":
            raise HdrkitError(f"{path}: in inks for print (CMYK); convert it to RGB")
        if kind == "avif" and _deep(path):
            return _deep_avif(path), _metadata(picture)
        picture.load()  # also finds what is cut short
        return np.asarray(picture), _metadata(picture)


def _refuse_more(path: Path, frames: int) -> None:
    if frames > 1:
        raise HdrkitError(f"{path}: an animation of {frames} pictures; save the one that is meant by itself")


def _read_heif(path: Path) -> tuple[np.ndarray, Metadata]:
    found = heif_files.read(path)
    _refuse_more(path, found.pictures)
    pixels = found.pixels
    if pixels.dtype == np.uint16:
        pixels = _stretched(pixels >> (16 - found.depth), found.depth)
    return pixels, _of_info(found.info)


def read_metadata(path: Path, kind: str) -> Metadata:
    """Return what belongs to the pixels of a file of a kind of `kinds`."""
    if kind == "heif":
        return _of_info(heif_files.read_info(path))
    with _of_any_size, open(path, "rb") as stream, Image.open(stream) as picture:
        return _metadata(picture)


def becomes_tiff(path: Path, kind: str) -> bool:
    """Tell whether a HEIC or AVIF file holds more than the JPEG or AVIF of its pixels can: over 8 bits, or alpha."""
    clear = b":alpha\0" in _head(path) or b"auxid:1\0" in _head(path)
    return _deep(path) or (kind == "heif" and clear)


def _deep(path: Path) -> bool:
    """Tell whether the pixel information of a HEIC or AVIF file (ISO 23008-12, 6.5.6) says more than 8 bits."""
    _, *found = _head(path).split(b"pixi")
    return any(part[5:6] > b"\x08" for part in found)


def _transfer(path: Path) -> int | None:
    """Return the number of the curve that a HEIC or AVIF file says (ISO 23091-2, 8.2), None where it says none."""
    _, *found = _head(path).split(b"colrnclx")
    return int.from_bytes(found[0][2:4], "big") if found else None


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(65_536)


def _deep_avif(path: Path) -> np.ndarray:
    """Return the pixels of an AVIF of 10 or 12 bits, which Pillow would round to 8, in 16 bits."""
    pixels = imagecodecs.avif_decode(path.read_bytes())
    _, *found = _head(path).split(b"pixi")
    depth = max(part[5] for part in found)
    return _stretched(pixels, depth)


def _stretched(pixels: np.ndarray, depth: int) -> np.ndarray:
    return np.rint(pixels * (65535 / (2**depth - 1))).astype(np.uint16)


def _metadata(picture: Image.Image) -> Metadata:
    parts = getattr(picture, "applist", ())
    block = b"".join(body[len(PHOTOSHOP_WORD) :] for name, body in parts if body.startswith(PHOTOSHOP_WORD))
    return _of_info(picture.info, resources(block).get(IPTC, b""))


def _of_info(info: Mapping[Any, Any], iptc: bytes = b"") -> Metadata:
    return Metadata(
        exif=(info.get("exif") or b"").removeprefix(EXIF_WORD),
        xmp=without_lost_parts(info.get("xmp") or b""),
        iptc=iptc,
        profile=info.get("icc_profile") or b"",
        comment=info.get("comment") or b"",
        resolution=info.get("dpi"),
    )


def write(path: Path, pixels: np.ndarray, metadata: Metadata) -> None:
    """Write a JPEG, WebP (without loss) or AVIF, as the suffix says, with what belongs to it."""
    colour = pixels if pixels.ndim == 2 else pixels[..., :3]
    options: dict[str, Any] = {"icc_profile": metadata.profile or None}
    if metadata.exif:
        options["exif"] = EXIF_WORD + with_new_thumbnail(metadata.exif, colour)
    if metadata.xmp:
        options["xmp"] = metadata.xmp
    if path.suffix.lower() == ".webp":
        options |= {"format": "WEBP", "lossless": True, "exact": True}
    elif path.suffix.lower() == ".avif":
        options |= {"format": "AVIF", "quality": AVIF_QUALITY}
    else:
        options |= {"format": "JPEG", "quality": JPEG_QUALITY, "comment": metadata.comment, "extra": _iptc(metadata)}
        _shorten(options)
        if metadata.resolution:
            options["dpi"] = tuple(round(value) for value in metadata.resolution)
    stream = io.BytesIO()  # not by Pillow to the disk: it seeks, and tries again where the disk is full
    Image.fromarray(pixels).save(stream, **options)
    path.write_bytes(stream.getbuffer())


def fitting(pixels: np.ndarray) -> np.ndarray:
    """Return a picture, made smaller where a JPEG cannot be as long."""
    factor = min(1, LONGEST_EDGE / max(pixels.shape[:2]))
    if factor == 1:
        return pixels
    height, width = (max(1, int(edge * factor)) for edge in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)


def _shorten(options: dict[str, Any]) -> None:
    """Leave out of EXIF and XMP what a segment of a JPEG cannot hold: the maker note first, then all of it."""
    if len(options.get("exif", b"")) > SEGMENT:
        block = options["exif"][len(EXIF_WORD) :]
        directory = tiff_directory.read(block)
        if EXIF in directory:
            inside = directory[EXIF].inside or {}
            directory[EXIF] = pointer({tag: entry for tag, entry in inside.items() if tag != MAKER_NOTE})
        options["exif"] = EXIF_WORD + tiff_directory.block(directory, tiff_directory.layout(block).order)
    for part, room in (("exif", SEGMENT), ("xmp", SEGMENT - len(XMP_WORD))):
        if len(options.get(part, b"")) > room:
            del options[part]


def _iptc(metadata: Metadata) -> bytes:
    """Return the segment of a JPEG that holds IPTC; empty where there is none, or more than a segment holds."""
    body = PHOTOSHOP_WORD + resource_block({IPTC: metadata.iptc})
    if not metadata.iptc or len(body) > SEGMENT:
        return b""
    return struct.pack(">HH", 0xFFED, len(body) + 2) + body
