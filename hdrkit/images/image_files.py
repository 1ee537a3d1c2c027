"""Photographs as files: pixels of any depth, and what belongs to them: alpha, EXIF, XMP, colour profile, orientation.

Pixels stay as they lie in the file; a camera held upright says so in the orientation tag, which is kept.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hdrkit.core.errors import HdrkitError
from hdrkit.core.files import written_whole
from hdrkit.images import kinds, pillow_files, png_files, raw_files, refusals, sizes, srgb, tiff_files
from hdrkit.images.metadata import Metadata

READ_HERE = "JPEG, PNG, WebP, TIFF, HEIC, AVIF and raw files"
# To be seen upright, pixels of each orientation are turned left by this number of right angles, then mirrored or not.
TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True), 8: (1, False)}


@dataclass(frozen=True)
class ImageFile:
    """A photograph.

    pixels: (h, w, 3), or (h, w) for a grey one; RGB as encoded in the file, uint8, uint16, or float32 in [0, 1].
    alpha: (h, w), of the same type, or None. alpha_kind: what alpha means, in tifffile's words: "unassalpha" (how
    opaque), "assocalpha" (the same, and the file's pixels are multiplied by it; those here are not) or "unspecified".
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    metadata: Metadata = field(default_factory=Metadata)
    alpha_kind: str = "unassalpha"


def is_picture(path: Path) -> bool:
    """Tell whether a file is read here, or its name at least says so."""
    return path.suffix.lower() in kinds.NAMES or kinds.kind(path) is not None


def suffix_for(path: Path) -> str:
    """Return the suffix of the file that a picture is written to: its own, where that fits what the file holds.

    A raw file becomes a TIFF. A HEIC file becomes a JPEG, or, of more than 8 bits or with alpha, a TIFF.
    """
    try:
        kind = kinds.kind(path)
        if kind == "raw" or (kind in ("heif", "avif") and pillow_files.becomes_tiff(path, kind)):
            kind = "tiff"
        elif kind == "heif":
            kind = "jpeg"
    except OSError:  # who reads it says why
        kind = None
    if kind is None or path.suffix.lower() in kinds.SUFFIXES[kind]:
        return path.suffix
    return kinds.SUFFIXES[kind][0]


def read(path: str | Path) -> ImageFile:
    """Read a photograph, whose bytes say what it is; a raw file becomes 16 bits, sRGB-encoded, upright.

    Raises HdrkitError for a file that is missing, empty, damaged, too large for this machine's memory, animated, of
    several pages, in inks (CMYK) instead of light, or of another kind.
    """
    path = Path(path)
    kind = _kind(path)
    try:
        if kind == "raw":
            pixels, metadata = raw_files.read(path)
            return ImageFile(pixels, None, metadata)
        if kind == "tiff":
            pixels, alpha_kind, metadata = tiff_files.read(path)
        else:
            pixels, metadata = png_files.read(path) if kind == "png" else pillow_files.read(path, kind)
            alpha_kind = "unassalpha" if pixels.ndim == 3 and pixels.shape[2] in (2, 4) else None
    except HdrkitError:
        raise
    except MemoryError as error:
        raise sizes.too_large(path) from error
    except Exception as error:  # each decoder has errors of its own
        raise _unreadable(path, error) from error
    return _picture(path, pixels, alpha_kind, metadata)


def read_metadata(path: str | Path) -> Metadata:
    """Read what belongs to a photograph, in the parts that a JPEG has for it, and leave its pixels alone.

    Raises HdrkitError as `read` does, but for what only pixels show.
    """
    path = Path(path)
    kind = _kind(path)
    try:
        if kind in ("raw", "tiff"):
            return tiff_files.in_parts((raw_files if kind == "raw" else tiff_files).read_metadata(path))
        return png_files.read_metadata(path) if kind == "png" else pillow_files.read_metadata(path, kind)
    except HdrkitError:
        raise
    except Exception as error:  # each decoder has errors of its own
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> HdrkitError:
    why = " ".join(str(error).split()) or type(error).__name__
    return HdrkitError(f"{path}: cannot be read ({why}); copy it again from its source")


def _kind(path: Path) -> str:
    """Return what a file is; raises HdrkitError, saying what to do, where it is nothing that is read here."""
    try:
        found = kinds.kind(path)
        if found is not None:
            return found
        if path.stat().st_size == 0:
            raise HdrkitError(f"{path}: the file is empty; copy it again from its source")
        if name := kinds.other(path):
            raise refusals.unread(path, name)
    except FileNotFoundError:
        raise HdrkitError(f"{path}: no such file") from None
    except OSError as error:
        if os.path.isdir(path):
            raise HdrkitError(f"{path}: a folder that may not be read; change its permissions") from error
        raise HdrkitError(f"{path}: cannot be opened ({error.strerror}); name a file that you may read") from error
    if path.suffix.lower() in kinds.NAMES:
        raise HdrkitError(f"{path}: cannot be read (its bytes are of no known kind); copy it again from its source")
    raise HdrkitError(f"{path}: not one of the {READ_HERE} that are read here; convert it to JPEG, PNG or TIFF")


def _picture(path: Path, pixels: np.ndarray, alpha_kind: str | None, metadata: Metadata) -> ImageFile:
    if pixels.dtype not in (np.uint8, np.uint16, np.float32):
        raise HdrkitError(f"{path}: {pixels.dtype} pixels; convert it to whole numbers of 8 or 16 bits, without sign")
    if pixels.dtype == np.float32 and not (pixels.size and pixels.min() >= 0 and pixels.max() <= 1):  # nor is NaN
        mend = "save it with values from 0 to 1, or in whole numbers of 16 bits"
        raise HdrkitError(f"{path}: floating point with values below 0 or above 1, or NaN; {mend}")
    if pixels.ndim not in (2, 3) or not pixels.size:
        raise HdrkitError(f"{path}: its pixels are of the shape {pixels.shape}; copy it again from its source")
    if pixels.ndim == 2:
        return ImageFile(pixels, None, metadata)
    colours = 1 if pixels.shape[2] < 3 else 3
    colour = np.ascontiguousarray(pixels[..., 0 if colours == 1 else slice(3)])
    if alpha_kind is None:
        return ImageFile(colour, None, metadata)
    alpha = pixels[..., colours]
    if alpha_kind == "assocalpha":
        colour = _scaled(colour, srgb.top(alpha) / np.maximum(alpha, 1 / 65535))
    return ImageFile(colour, alpha, metadata, alpha_kind)


def upright(picture: ImageFile) -> np.ndarray:
    """Return a picture's pixels as they are meant to be seen, turned as the orientation tag says (EXIF 2.32, 4.6.5)."""
    turns, mirrored = TURNS.get(picture.metadata.orientation, (0, False))
    turned = np.rot90(picture.pixels, turns)
    return np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)


def write(path: str | Path, picture: ImageFile) -> list[str]:
    """Write a picture with all that belongs to it, as the kind of file that the suffix names, whole or not at all.

    Returns what of it had to be left out, in words, a line each.
    """
    pixels, alpha_kind = picture.pixels, None
    if picture.alpha is not None:
        alpha_kind = picture.alpha_kind
        if alpha_kind == "assocalpha":
            pixels = _scaled(pixels, picture.alpha / srgb.top(picture.alpha))
        pixels = np.dstack([pixels, picture.alpha])
    pixels = np.ascontiguousarray(pixels)
    with written_whole(path) as temporary:
        kind = kinds.NAMES.get(temporary.suffix.lower())
        if kind == "tiff":
            return tiff_files.write(temporary, pixels, alpha_kind, picture.metadata)
        if kind == "png":
            png_files.write(temporary, pixels, picture.metadata)
            return []
        return pillow_files.write(temporary, pixels, picture.metadata)


def _scaled(pixels: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Return pixels, (h, w, 3) or (h, w), multiplied by (h, w), of the same type and within its range."""
    values = np.clip(pixels * (factor[..., None] if pixels.ndim == 3 else factor), 0, srgb.top(pixels))
    return values.astype(pixels.dtype) if pixels.dtype.kind == "f" else np.rint(values).astype(pixels.dtype)
