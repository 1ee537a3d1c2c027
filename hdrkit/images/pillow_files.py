"""JPEG, WebP, AVIF and HEIC files: pixels by Pillow, which carries EXIF, XMP and colour profile, too."""

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
from PIL import Image, UnidentifiedImageError

from hdrkit.core.process_wide import ProcessWide
from hdrkit.images import code_points, heif_files, item_properties, jpeg_segments, refusals, sizes
from hdrkit.images.jpeg_segments import EXIF_WORD
from hdrkit.images.metadata import (
    Metadata,
    shortened,
    with_new_thumbnail,
    without_lost_parts,
    without_previews,
)

warnings.filterwarnings("ignore", module="PIL")  # of broken EXIF data, which come back as they are
PIXEL_BYTES = 4  # Pillow's, whatever the number of channels
JPEG_QUALITY, AVIF_QUALITY = 95, 90
LONGEST_EDGE = 65500  # pixels of a JPEG that libjpeg writes
LONGEST_EXIF = jpeg_segments.HOLDS - len(EXIF_WORD)  # bytes of a JPEG's


@ProcessWide
@contextmanager
def _of_any_size() -> Iterator[None]:
    """Let Pillow open pictures of more than 179 megapixels: a panorama is no attack. `sizes` has a larger limit."""
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def read(path: Path, kind: str) -> tuple[np.ndarray, Metadata]:
    """Return the pixels of a file of a kind of `kinds`, (h, w) or (h, w, n), uint8 or uint16, and what belongs to it.

    Raises HdrkitError for an animation, inks and HDR, and what Pillow raises for a damaged file.
    """
    if kind in ("heif", "avif"):
        primaries, curve = item_properties.code_points(item_properties.of_primary(path))
        if curve in refusals.HDR_CURVES:
            raise refusals.hdr(path)
        pixels, metadata = _read_heif(path) if kind == "heif" else _read_with_pillow(path, kind)
        if metadata.profile or pixels.ndim == 2 or pixels.shape[2] == 2:
            return pixels, metadata
        return pixels, replace(metadata, profile=code_points.profile(primaries, curve))
    return _read_with_pillow(path, kind)


def read_metadata(path: Path, kind: str) -> Metadata:
    """Return what belongs to the pixels, of colour, of a file of a kind of `kinds`."""
    if kind == "heif":
        metadata = _of_info(heif_files.read_info(path))
    else:
        with _of_any_size, open(path, "rb") as stream, Image.open(stream) as picture:
            metadata = _metadata(picture)
    if metadata.profile or kind not in ("heif", "avif"):
        return metadata
    points = item_properties.code_points(item_properties.of_primary(path))
    return replace(metadata, profile=code_points.profile(*points))


def _read_with_pillow(path: Path, kind: str) -> tuple[np.ndarray, Metadata]:
    try:
        with _of_any_size, open(path, "rb") as stream, Image.open(stream) as picture:
            frames = getattr(picture, "n_frames", 1) if kind != "jpeg" else 1  # a JPEG may hold a preview
            if frames > 1:
                raise refusals.several(path, f"an animation of {frames} pictures")
            if picture.mode == "CMYK":
                raise refusals.inks(path)
            sizes.check(path, picture.size, PIXEL_BYTES)
            if kind == "avif" and (depth := _depth(path)) > 8:  # Pillow would round to 8
                return _stretched(imagecodecs.avif_decode(path.read_bytes()), depth), _metadata(picture)
            picture.load()  # also finds what is cut short
            return np.asarray(picture), _metadata(picture)
    except UnidentifiedImageError as error:
        if kind == "jpeg" and (what := jpeg_segments.unread_coding(path.read_bytes())):
            raise refusals.unread(path, what) from error
        raise


def _read_heif(path: Path) -> tuple[np.ndarray, Metadata]:
    found = heif_files.read(path)
    if found.pictures > 1:
        raise refusals.several(path, f"{found.pictures} pictures in one file")
    pixels = found.pixels
    if pixels.dtype == np.uint16:
        pixels = _stretched(pixels >> (16 - found.depth), found.depth)
    return pixels, _of_info(found.info)


def becomes_tiff(path: Path, kind: str) -> bool:
    """Tell whether a HEIC or AVIF file holds more than the JPEG or AVIF of its pixels can: over 8 bits, or alpha."""
    clear = b":alpha\0" in _head(path) or b"auxid:1\0" in _head(path)
    return _depth(path) > 8 or (kind == "heif" and clear)


def _depth(path: Path) -> int:
    return item_properties.depth(item_properties.of_primary(path))


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(65_536)


def _stretched(pixels: np.ndarray, depth: int) -> np.ndarray:
    return np.rint(pixels * (65535 / (2**depth - 1))).astype(np.uint16)


def _metadata(picture: Image.Image) -> Metadata:
    parts = getattr(picture, "applist", ())
    return replace(
        _of_info(picture.info),
        long_xmp=without_lost_parts(jpeg_segments.long_xmp(parts)),
        photoshop=without_previews(jpeg_segments.photoshop(parts)),
        density=jpeg_segments.density(parts),
    )


def _of_info(info: Mapping[Any, Any]) -> Metadata:
    return Metadata(
        exif=(info.get("exif") or b"").removeprefix(EXIF_WORD),
        xmp=without_lost_parts(info.get("xmp") or b""),
        profile=info.get("icc_profile") or b"",
        comment=info.get("comment") or b"",
    )


def write(path: Path, pixels: np.ndarray, metadata: Metadata) -> list[str]:
    """Write a JPEG, WebP (without loss) or AVIF, as the suffix says, with what belongs to it.

    Returns what had to be left out, in words.
    """
    colour = pixels if pixels.ndim == 2 else pixels[..., :3]
    if path.suffix.lower() not in (".webp", ".avif"):
        return _write_jpeg(path, colour, metadata)
    options: dict[str, Any] = {"icc_profile": metadata.profile or None}
    if metadata.exif:
        options["exif"] = EXIF_WORD + with_new_thumbnail(metadata.exif, colour)
    if metadata.xmp:
        options["xmp"] = metadata.xmp
    if path.suffix.lower() == ".webp":
        options |= {"format": "WEBP", "lossless": True, "exact": True}
    else:
        options |= {"format": "AVIF", "quality": AVIF_QUALITY}
    path.write_bytes(_encoded(pixels, options))
    return []


def fitting(pixels: np.ndarray) -> np.ndarray:
    """Return a picture, made smaller where a JPEG cannot be as long."""
    factor = min(1, LONGEST_EDGE / max(pixels.shape[:2]))
    if factor == 1:
        return pixels
    height, width = (max(1, int(edge * factor)) for edge in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)


def _write_jpeg(path: Path, pixels: np.ndarray, metadata: Metadata) -> list[str]:
    exif, lost = shortened(with_new_thumbnail(metadata.exif, pixels, LONGEST_EXIF), LONGEST_EXIF)
    xmp, further = jpeg_segments.xmp(metadata.xmp, metadata.long_xmp)
    options: dict[str, Any] = {
        "format": "JPEG",
        "quality": JPEG_QUALITY,
        "subsampling": 0,  # colours as fine as brightness, as they may be in what was read
        "comment": metadata.comment,
        "icc_profile": metadata.profile or None,
        "extra": jpeg_segments.of_photoshop(metadata.photoshop) + further,
    }
    options |= {"exif": EXIF_WORD + exif} if exif else {}
    options |= {"xmp": xmp} if xmp else {}
    path.write_bytes(jpeg_segments.with_density(_encoded(pixels, options), metadata.density))
    return [f"its EXIF data are longer than a JPEG holds; left out of it: {lost}"] if lost else []


def _encoded(pixels: np.ndarray, options: Mapping[str, Any]) -> bytes:
    stream = io.BytesIO()  # not by Pillow to the disk: it seeks, and tries again where the disk is full
    Image.fromarray(pixels).save(stream, **options)
    return stream.getvalue()
