"""Photographs as files: pixels of any depth, and what belongs to them: alpha, EXIF, XMP, colour profile, orientation.

Pixels stay as they lie in the file; a camera held upright says so in the orientation tag, which is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import tifffile
from PIL import Image, UnidentifiedImageError

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import written_whole
from hdrkit.core.process_wide import ProcessWide
from hdrkit.images import raw, srgb

SUFFIXES = raw.RAW_SUFFIXES | raw.PICTURE_SUFFIXES | {".webp"}
TIFF, JPEG = (".tif", ".tiff"), (".jpg", ".jpeg")
JPEG_QUALITY = 95
# Tags of a TIFF that say what it shows, where it comes from and how it lies; the others say how it is stored.
# Description, maker, camera, orientation, software, date, artist, XMP, copyright.
KEPT_TAGS = (270, 271, 272, 274, 305, 306, 315, 700, 33432)
PROFILE_TAG, ORIENTATION_TAG = 34675, 274
# To be seen upright, pixels of each orientation are turned left by this number of right angles, then mirrored or not.
TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True), 8: (1, False)}


@dataclass(frozen=True)
class ImageFile:
    """A photograph.

    pixels: (h, w, 3), or (h, w) for a grey one; RGB as encoded in the file, uint8, uint16, or float32 in [0, 1].
    alpha: (h, w), of the same type, or None. metadata: the file's chunks by OpenCV's kind (EXIF, XMP, ICC profile);
    for TIFF, tags by number.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    metadata: dict[int, Any] = field(default_factory=dict)


def read(path: str | Path) -> ImageFile:
    """Read a JPEG, PNG, WebP, TIFF or raw file; a raw file becomes 16 bits, sRGB-encoded, upright.

    Raises HdrkitError for a file that is missing, empty, damaged, animated, or in inks (CMYK) instead of light.
    """
    path = Path(path)
    if not path.is_file():
        raise HdrkitError(f"{path}: no such file")
    if path.suffix.lower() not in SUFFIXES:
        raise HdrkitError(f"{path}: not a kind of file that is read here; convert it to JPEG, PNG, TIFF or WebP")
    if path.stat().st_size == 0:
        raise HdrkitError(f"{path}: the file is empty; copy it again from its source")
    if raw.is_raw(path):
        return ImageFile(srgb.encode_integers(raw.decode_linear(path), np.uint16))
    return _read_tiff(path) if path.suffix.lower() in TIFF else _read_other(path)


def _read_other(path: Path) -> ImageFile:
    try:
        with _of_any_size, Image.open(path) as header:  # reads no pixels
            mode, frames = header.mode, getattr(header, "n_frames", 1)
    except (OSError, UnidentifiedImageError) as error:
        raise _unreadable(path, error) from error
    if frames > 1 and path.suffix.lower() not in JPEG:  # a camera's JPEG may hold a preview, too
        raise HdrkitError(f"{path}: an animation of {frames} pictures; save the one that is meant as a file of its own")
    _refuse_inks(path, mode == "CMYK")
    pixels, kinds, chunks = cv2.imreadWithMetadata(str(path), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise _unreadable(path, "its pixels are damaged")
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB)
    return _picture(path, pixels, {int(k): c for k, c in zip(np.ravel(kinds), chunks or (), strict=True)})


@ProcessWide
@contextmanager
def _of_any_size() -> Iterator[None]:
    """Let Pillow open pictures of more than 179 megapixels: a panorama is no attack."""
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _read_tiff(path: Path) -> ImageFile:
    try:
        with tifffile.TiffFile(path) as file:
            page = file.pages.first  # further pages are previews
            metadata = {code: page.tags[code].value for code in (*KEPT_TAGS, PROFILE_TAG) if code in page.tags}
            kind, pixels = page.photometric, page.asarray()
            if page.samplesperpixel > 1 and page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
                pixels = np.moveaxis(pixels, 0, -1)
    except Exception as error:  # each codec has errors of its own
        raise _unreadable(path, error) from error
    _refuse_inks(path, kind == tifffile.PHOTOMETRIC.SEPARATED)
    if kind not in (tifffile.PHOTOMETRIC.RGB, tifffile.PHOTOMETRIC.MINISBLACK, tifffile.PHOTOMETRIC.YCBCR):
        raise HdrkitError(f"{path}: a TIFF of kind {getattr(kind, 'name', kind)}; convert it to RGB")
    return _picture(path, pixels, metadata)


def _picture(path: Path, pixels: np.ndarray, metadata: dict) -> ImageFile:
    if pixels.dtype not in (np.uint8, np.uint16, np.float32):
        raise HdrkitError(f"{path}: {pixels.dtype} pixels; convert it to 8 or 16 bits")
    if pixels.ndim == 2:
        return ImageFile(pixels, None, metadata)
    colours = 1 if pixels.shape[2] < 3 else 3
    alpha = pixels[..., colours] if pixels.shape[2] > colours else None
    return ImageFile(np.ascontiguousarray(pixels[..., 0 if colours == 1 else slice(3)]), alpha, metadata)


def upright(picture: ImageFile) -> np.ndarray:
    """Return a picture's pixels as they are meant to be seen, turned as the orientation tag says (EXIF 2.32, 4.6.5)."""
    tags = picture.metadata
    orientation = tags.get(ORIENTATION_TAG)
    if orientation is None and cv2.IMAGE_METADATA_EXIF in tags:
        exif = Image.Exif()
        exif.load(bytes(tags[cv2.IMAGE_METADATA_EXIF]))
        orientation = exif.get(ORIENTATION_TAG)
    turns, mirrored = TURNS.get(orientation or 1, (0, False))
    turned = np.rot90(picture.pixels, turns)
    return np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)


def write(path: str | Path, picture: ImageFile) -> None:
    """Write a picture with all that belongs to it, as the kind of file that the suffix names, whole or not at all."""
    with written_whole(path) as temporary:
        if temporary.suffix.lower() in TIFF:
            _write_tiff(temporary, picture)
        else:
            _write_other(temporary, picture)


def _write_other(path: Path, picture: ImageFile) -> None:
    pixels = picture.pixels
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    if picture.alpha is not None:
        colour = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
        pixels = np.dstack([colour, picture.alpha])
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if path.suffix.lower() in JPEG else []
    kinds, chunks = list(picture.metadata), list(picture.metadata.values())
    # Not by OpenCV to the disk: it says nothing where the disk is full.
    path.write_bytes(cv2.imencodeWithMetadata(path.suffix, pixels, kinds, chunks, options)[1].data)


def _write_tiff(path: Path, picture: ImageFile) -> None:
    grey, alpha = picture.pixels.ndim == 2, picture.alpha
    tags = [(code, *_typed(value), True) for code, value in picture.metadata.items() if code in KEPT_TAGS]
    tifffile.imwrite(
        path,
        picture.pixels if alpha is None else np.dstack([picture.pixels, alpha]),
        photometric="minisblack" if grey else "rgb",
        extrasamples=None if alpha is None else ["unassalpha"],
        compression="deflate",
        predictor=picture.pixels.dtype != np.float32,
        iccprofile=picture.metadata.get(PROFILE_TAG),
        extratags=tags,
        software=False,
        metadata=None,
    )


def _typed(value: str | bytes | int) -> tuple[str, int, object]:
    """Return the TIFF type, count and value of a kept tag: text, bytes (XMP) or a short number (orientation)."""
    if isinstance(value, str):
        return "s", 0, value
    if isinstance(value, bytes):
        return "B", len(value), value
    return "H", 1, int(value)


def _refuse_inks(path: Path, inks: bool) -> None:
    if inks:
        raise HdrkitError(f"{path}: in inks for print (CMYK); convert it to RGB")


def _unreadable(path: Path, why: object) -> HdrkitError:
    return HdrkitError(f"{path}: cannot be read ({' '.join(str(why).split())}); copy it again from its source")
