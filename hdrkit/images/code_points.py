"""Colours that a file says by numbers, instead of by an ICC profile: of PNG, HEIC and AVIF.

ISO 23091-2 (ITU-T H.273), 8.1 and 8.2; PNG specification, third edition, 4.3, 11.3.2.
"""

import struct
from collections.abc import Mapping
from functools import cache

import imagecodecs
import numpy as np

from hdrkit.images import srgb

D65, DCI_WHITE, WHITE_C = (0.3127, 0.3290), (0.314, 0.351), (0.310, 0.316)
RGB = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
PRIMARIES = {  # number: white, and x and y of red, green and blue
    1: (D65, RGB),
    4: (WHITE_C, (0.67, 0.33, 0.21, 0.71, 0.14, 0.08)),
    5: (D65, (0.64, 0.33, 0.29, 0.60, 0.15, 0.06)),
    6: (D65, (0.630, 0.340, 0.310, 0.595, 0.155, 0.070)),
    9: (D65, (0.708, 0.292, 0.170, 0.797, 0.131, 0.046)),
    11: (DCI_WHITE, (0.680, 0.320, 0.265, 0.690, 0.150, 0.060)),
    12: (D65, (0.680, 0.320, 0.265, 0.690, 0.150, 0.060)),
}
GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}  # number of the curve: its exponent; others are taken for sRGB's, as viewers do
SRGB_GAMMA = 0.45455  # what a PNG says beside, or instead of, sRGB
DATE = slice(24, 36)  # of a profile (ISO 15076-1, 7.2)
ALIKE = 0.002  # of chromaticities and exponents


def profile(primaries: int, curve: int) -> bytes:
    """Return the ICC profile that the numbers of primaries and curve stand for; empty for sRGB and unknown ones."""
    return _profile(*PRIMARIES.get(primaries, PRIMARIES[1]), GAMMAS.get(curve))


def of_png(chunks: Mapping[bytes, bytes], grey: bool) -> bytes:
    """Return the ICC profile that a PNG's chunks cICP, or else gAMA and cHRM, stand for; empty for sRGB.

    chunks: by name. An ICC profile and sRGB, which come before gAMA and cHRM, are no matter of this function.
    """
    white, points, gamma = D65, RGB, None
    if len(found := chunks.get(b"cICP", b"")) == 4:
        white, points = PRIMARIES.get(found[0], PRIMARIES[1])
        gamma = GAMMAS.get(found[1])
    elif b"sRGB" not in chunks:
        if len(found := chunks.get(b"cHRM", b"")) == 32:
            numbers = tuple(value / 100_000 for value in struct.unpack(">8I", found))
            white, points = numbers[:2], numbers[2:]
        if len(found := chunks.get(b"gAMA", b"")) == 4 and (value := int.from_bytes(found, "big") / 100_000):
            gamma = None if abs(value - SRGB_GAMMA) < ALIKE else 1 / value
    if grey:
        return _dated(imagecodecs.cms_profile("gray", gamma=gamma)) if gamma else b""
    return _profile(tuple(white), tuple(points), gamma)


@cache
def _profile(white: tuple[float, ...], points: tuple[float, ...], gamma: float | None) -> bytes:
    """Return an ICC profile; gamma None stands for sRGB's curve. Empty for sRGB, and where points are no triangle."""
    if gamma is None and np.abs(np.subtract((*white, *points), (*D65, *RGB))).max() < ALIKE:
        return b""
    curve = {"gamma": gamma} if gamma else {"transferfunction": srgb.decode(np.linspace(0, 1, 4096))}
    triples = [value for at in range(0, 6, 2) for value in (*points[at : at + 2], 1)]
    try:
        return _dated(imagecodecs.cms_profile("rgb", whitepoint=(*white, 1), primaries=triples, **curve))
    except imagecodecs.CmsError:
        return b""


def _dated(profile: bytes) -> bytes:
    """Return a profile made at one date for all time, so that the same call writes the same file."""
    return profile[: DATE.start] + struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + profile[DATE.stop :]
