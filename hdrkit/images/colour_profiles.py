"""What the numbers of a picture mean as light: by its ICC profile, or by what EXIF says where it has none."""

from dataclasses import dataclass
from functools import cache

import imagecodecs
import numpy as np

from hdrkit.images import tiff_directory
from hdrkit.images.metadata import Metadata
from hdrkit.images.tiff_directory import EXIF, INTEROPERABILITY

STEPS = 65536
KINDS = {b"RGB ": "rgb", b"GRAY": "gray"}  # of profiles, in LittleCMS's words
ALIKE = 1e-3  # curves and primaries that differ by less are taken for sRGB's
ADOBE_RGB = b"R03"  # what cameras write as interoperability index for it, with no profile (DCF 2.0, 5.3)
SRGB_POINTS = {"whitepoint": (0.3127, 0.3290, 1), "primaries": (0.64, 0.33, 1, 0.30, 0.60, 1, 0.15, 0.06, 1)}


@dataclass(frozen=True)
class Colours:
    """How a picture's own values differ from sRGB's.

    curve: (65536,) float32, sRGB-encoded, the light of each of as many evenly spaced values; None for sRGB's own curve.
    to_srgb: (3, 3) float32, from linear light of its primaries to that of sRGB's; None for sRGB's own.
    """

    curve: np.ndarray | None = None
    to_srgb: np.ndarray | None = None

    def to_srgb_curve(self, pixels: np.ndarray) -> np.ndarray:
        """Return pixels encoded with sRGB's curve, their primaries unchanged.

        Whole numbers become uint16, whose deepest shadows come in steps, as by `srgb.encode_integers`.
        """
        if self.curve is None:
            return pixels
        if pixels.dtype.kind == "u":
            return np.rint(self.curve[:: STEPS // np.iinfo(pixels.dtype).max] * 65535).astype(np.uint16)[pixels]
        return np.interp(pixels, np.linspace(0, 1, STEPS), self.curve).astype(np.float32)

    def from_srgb_curve(self, pixels: np.ndarray, kind: np.dtype) -> np.ndarray:
        """Return pixels of type `kind` encoded with the picture's own curve, the inverse of `to_srgb_curve`."""
        if self.curve is None:
            return pixels
        values = np.linspace(0, 1, STEPS)
        if kind.kind == "f":
            return np.interp(pixels, self.curve, values).astype(kind)
        return np.rint(np.interp(values, self.curve, values) * np.iinfo(kind).max).astype(kind)[pixels]


SRGB = Colours()


def profile(metadata: Metadata) -> bytes:
    """Return a picture's ICC profile, or the one that its EXIF data stand for; empty where nothing is said."""
    if metadata.profile:
        return metadata.profile
    try:
        directory = tiff_directory.read(metadata.exif)
        inside = (directory[EXIF].inside or {})[INTEROPERABILITY].inside or {}
    except (ValueError, KeyError):
        return b""
    return imagecodecs.cms_profile("adobergb") if 1 in inside and inside[1].value.startswith(ADOBE_RGB) else b""


def is_rgb(icc: bytes) -> bool:
    """Tell whether an ICC profile is of RGB; others do not go with pixels of three channels."""
    return KINDS.get(icc[16:20]) == "rgb"


@cache
def colours(icc: bytes) -> Colours:
    """Return what an ICC profile of RGB or grey means; an illegible one is taken for sRGB, as an empty one is."""
    kind = KINDS.get(icc[16:20])
    if kind is None:
        return SRGB
    values = np.linspace(0, 1, STEPS, dtype=np.float32)[None]
    try:
        if kind == "gray":
            return Colours(_curve(_converted(values, icc, kind, imagecodecs.cms_profile("srgb"))))
        curve = _curve(_converted(np.dstack([values] * 3), icc, kind, imagecodecs.cms_profile("srgb")))
        linear = imagecodecs.cms_profile("rgb", **SRGB_POINTS, gamma=1)
        matrix = _converted(np.eye(3, dtype=np.float32)[None], icc, kind, linear)[0].T
    except (imagecodecs.CmsError, ValueError):
        return SRGB
    if np.abs(matrix - np.eye(3)).max() < 10 * ALIKE:
        matrix = None
    return SRGB if curve is None and matrix is None else Colours(curve, matrix)


def _converted(values: np.ndarray, icc: bytes, kind: str, target: bytes) -> np.ndarray:
    return imagecodecs.cms_transform(
        values, icc, target, colorspace=kind, outcolorspace="rgb", outdtype=np.dtype(np.float32)
    )


def _curve(converted: np.ndarray) -> np.ndarray | None:
    """Return the curve of values from black to white, from 0 to 1 and never falling; None where it is sRGB's own."""
    curve = np.maximum.accumulate(np.clip(converted[0].mean(axis=-1), 0, 1))
    if not curve[-1] > curve[0]:  # or NaN
        raise ValueError("black and white are one")
    if np.abs(curve - np.linspace(0, 1, STEPS)).max() < ALIKE:
        return None
    return (curve / curve[-1]).astype(np.float32)
